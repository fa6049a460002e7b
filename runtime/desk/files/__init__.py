"""Files between agents and users: judged by their content, brought into the forms LINE takes, kept, and linked."""

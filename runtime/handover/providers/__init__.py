"""Systems that human agents work in, behind one port: the desk, Chatwoot, and anything that speaks our webhook."""

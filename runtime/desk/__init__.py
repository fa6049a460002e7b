"""Where people work: who is there, what they are offered, and what they see and do."""

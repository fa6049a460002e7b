"""Chatwoot as the place where human agents work: one conversation of an API inbox for each case."""

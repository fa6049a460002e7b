"""Transcript tests: conversations in YAML, run through the whole house without a socket or a second of waiting."""

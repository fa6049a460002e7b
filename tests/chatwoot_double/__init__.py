"""A Chatwoot server in this process, faithful wherever our provider depends on it."""

"""LINE's platform on this machine: its API, its webhooks, its users and its faults, all in memory."""

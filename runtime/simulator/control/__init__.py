"""The control API: everything a person, or a page, can do with the simulated platform."""

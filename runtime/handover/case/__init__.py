"""Control, case and offer: the three machines of a chat that people have or want, as plain functions of one event."""

"""Flows: from YAML files to one turn of a conversation. No waiting, no input or output, no clock, no chance."""

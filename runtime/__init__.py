"""Noren: a self-hosted bot-runtime endpoint for LINE."""

__version__ = "0.1.0"

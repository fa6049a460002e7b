"""Handing chats over to people: who may speak, what became of a request, and who is asked."""

"""The Messaging API and the token API, one function per operation."""

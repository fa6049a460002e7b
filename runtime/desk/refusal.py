"""The answer to whoever may not."""

from __future__ import annotations

from runtime.errors import NorenError


class Refused(NorenError):
    """This is not for you. `status` is that of the answer."""

    def __init__(self, message: str, status: int = 403) -> None:
        super().__init__(message)
        self.status = status

"""Bad weather at the double: what goes wrong with calls to it and with its webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Fault:
    """Answers calls whose path holds `path` with `status`, `times` times. `after`: only when the work was done."""

    status: int
    path: str = ""
    method: str = ""
    times: int = 1
    after: bool = False
    body: bytes = b'{"error":"trouble"}'

    def fits(self, method: str, path: str, *, done: bool) -> bool:
        fits = self.times > 0 and self.path in path and self.method in ("", method) and self.after == done
        self.times -= fits
        return fits


@dataclass(slots=True)
class Weather:
    """Knobs. `slow` ms pass on the clock of the double before it answers."""

    calls: list[Fault] = field(default_factory=list)
    drop: int = 0
    """Webhooks that never leave."""
    double: bool = False
    """Each webhook twice, as other deliveries."""
    reverse: bool = False
    """What waits is delivered last first."""
    truncate: bool = False
    wrong_secret: bool = False
    skew: int = 0
    """How far Chatwoot's clock is ahead, in ms."""
    expired_media: bool = False
    strip_underscores: bool = False
    """A proxy drops headers with underscores."""
    down: bool = False
    """Nothing answers but 502."""
    hang: bool = False
    """Calls are answered only when the caller went away."""
    mute: str = ""
    """Calls with this in their path are done, and never answered."""

    def refuse(self, method: str, path: str, *, done: bool) -> Fault | None:
        if self.down and not done:
            return Fault(502, body=b"<html>Bad Gateway</html>")
        return next((fault for fault in self.calls if fault.fits(method, path, done=done)), None)

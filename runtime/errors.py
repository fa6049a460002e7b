"""Every error of Noren. Each docstring is the default message and says what to do.

    NorenError
    ├── BadInput                what a person wrote cannot be used (exit code 2)
    │   ├── SettingsError       noren.yaml or the environment
    │   └── FlowError           flow files; carries all findings
    ├── Unverified              a webhook whose signature does not fit (401)
    ├── BadBody                 a request that is no webhook body (400)
    ├── StoreError              the store did not take it (503: LINE delivers again)
    │   ├── StoreTaken          another process holds this SQLite file
    │   └── Fenced              this worker lost its hold on the session; another has it
    ├── TransformError          a transformer function failed
    ├── CallError               an effect of a flow failed
    ├── TurnTooLong             a turn was ended because it took too long
    └── ChannelError            LINE cannot be reached, or did not answer in time
        └── Refused             LINE answered with an error status

No message carries a secret or what somebody wrote in a chat.
"""

from __future__ import annotations

from collections.abc import Sequence

from runtime.model import NOTHING, Data, Finding, Place


class NorenError(Exception):
    """Something went wrong."""

    def __init__(self, message: str = "", *, at: Place | None = None) -> None:
        text = message or (type(self).__doc__ or "").strip()
        super().__init__(f"{at}: {text}" if at else text)
        self.message = text
        self.at = at


class BadInput(NorenError):
    """This input cannot be used."""


class SettingsError(BadInput):
    """The settings cannot be used. See docs/reference/settings.md."""


class FlowError(BadInput):
    """The flow files cannot be used. Run `noren check` for every finding."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        first = findings[0]
        more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
        super().__init__(first.message + more, at=first.at)
        self.findings = tuple(findings)


class Unverified(NorenError):
    """The signature does not fit the body. Check the channel secret of this endpoint."""


class BadBody(NorenError):
    """This is no LINE webhook body."""


class StoreError(NorenError):
    """The store did not take it."""


class StoreTaken(StoreError):
    """Another Noren process works on this SQLite file. Stop it first, or use PostgreSQL for several processes."""


class Fenced(StoreError):
    """This worker lost its hold on the session; the turn was not written."""


class TransformError(NorenError):
    """A transformer function failed."""


class CallError(NorenError):
    """An effect of the flow failed."""


class StepFailed(NorenError):
    """A step failed, and nothing in its flow says what to do then."""

    def __init__(self, message: str = "", *, at: Place | None = None, trace: Sequence[Data] = ()) -> None:
        super().__init__(message, at=at)
        self.trace = tuple(trace)
        """What the turn did until then; never logged."""


class TurnTooLong(NorenError):
    """The turn took too long; see `worker.turn` in noren.yaml."""


class EndpointGone(NorenError):
    """This endpoint is not in noren.yaml; what comes for it waits for a day."""


class ChannelError(NorenError):
    """LINE could not be reached."""

    def __init__(self, message: str = "", *, sent: bool = False) -> None:
        super().__init__(message)
        self.sent = sent  # whether the request may have reached LINE before the connection failed


class Refused(ChannelError):
    """LINE refused the request."""

    def __init__(
        self, status: int, message: str = "", *, request_id: str = "", retry_after: float = 0, answer: Data = NOTHING
    ) -> None:
        super().__init__(message or f"LINE answered {status}", sent=True)
        self.status = status
        self.request_id = request_id
        self.retry_after = retry_after  # seconds; 0 when LINE did not say
        self.answer = answer  # LINE's decoded body


def describe(error: Exception) -> str:
    """An error in one line for the inbox: ours in its own words, others by kind and place."""
    if isinstance(error, NorenError):
        return str(error)
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" in {trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else ""
    return f"{type(error).__name__}{where}"

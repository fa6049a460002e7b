"""Transformer functions: Python beside the flows, loaded by file path and run in a chain.

A file path, not an import name: a folder called `transformers` at the top of a project loses to an installed
package of that name. Each hook and each `call` step has one shape:

    async def handle_input(event, session, endpoint, kit): ...    # or a plain `def`, run in a thread

`handle_input` gives the event (or a mapping of changes), or None to drop it. `handle_output` gives an output,
LINE message objects, a list of either, or None to say nothing.
A `call` step's function takes `(args, session, endpoint, kit)`.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from runtime.errors import BadInput, TransformError
from runtime.log import Logger
from runtime.model import Call, Event, Message, Output, Place, Result, Session
from runtime.ports import Clock
from runtime.settings import EndpointSettings, TransformerSettings
from runtime.text import clean

log = Logger("transform")

HOOKS = {
    "input": "handle_input",
    "output": "handle_output",
    "finished": "handle_finished",
    "inject": "handle_inject",
    "notify": "handle_notify",
    "error": "handle_error",
}
CALLED = ("args", "session", "endpoint", "kit")
GIVEN = {
    "handle_output": ("output", "messages", "session", "endpoint", "kit"),
    "handle_finished": ("outputs", "session", "endpoint", "kit"),
    "handle_error": ("error", "event", "session", "endpoint", "kit"),
    **dict.fromkeys(("handle_input", "handle_inject", "handle_notify"), ("event", "session", "endpoint", "kit")),
}
"""What a function of a chain is called with, by its usual name; one of a `call` step is called with `CALLED`."""
MAX_ID, MAX_TEXT = 256, 10_000
EVENT_FIELDS = frozenset({"text", "data", "kind"})
OUTPUT_FIELDS = frozenset(f.name for f in fields(Output)) - {"at"}


@dataclass(slots=True)
class Kit:
    """What a function may use: `http`, `storage` (a dict kept with the session), `log`, `now`, `text`."""

    storage: dict[str, Any]
    now: int
    http: Any = None
    log: Logger = field(default_factory=lambda: Logger("transformer"))

    @staticmethod
    def text(value: str) -> str:
        """The text in NFKC form, trimmed, white space folded, invisible characters dropped."""
        return clean(value)

    @staticmethod
    def change(value: Any, **changes: Any) -> Any:
        """A copy of an event or output with other values."""
        return replace(value, **changes)


@dataclass(frozen=True, slots=True)
class Function:
    """One loaded function and where it stands."""

    spec: str
    run: Callable[..., Any]

    def misfit(self, given: Sequence[str]) -> str:
        """How the function should begin when it cannot be called with as many arguments as these; or nothing."""
        try:
            inspect.signature(self.run).bind(*given)
        except TypeError:
            kind = "def" if self.blocking else "async def"
            return f"{kind} {self.spec.partition(':')[2]}({', '.join(given)}):"
        except ValueError:  # something written in C tells nothing of itself
            return ""
        return ""

    @property
    def blocking(self) -> bool:
        return not inspect.iscoroutinefunction(self.run)


class Library:
    """The Python files of a bot, each loaded once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._modules: dict[Path, ModuleType] = {}

    def function(self, spec: str, default: str = "") -> Function:
        """The function of `file.py:name` (or `file.py`, then `default`); `BadInput` says what is missing."""
        file, _, name = spec.partition(":")
        name = name or default
        module = self._module(file)
        found = getattr(module, name, None)
        if not callable(found):
            raise BadInput(f"{file} has no function {name}; functions there: {', '.join(_functions(module)) or 'none'}")
        return Function(f"{file}:{name}", found)

    def fresh(self) -> Library:
        """The same files as they are now. Raises `BadInput` when one that was in use cannot be loaded any more."""
        made = Library(self._root)
        made._modules |= {path: _load(path, self._root) for path in self._modules if path.is_file()}
        return made

    def _module(self, file: str) -> ModuleType:
        path = self._find(file)
        if path not in self._modules:
            self._modules[path] = _load(path, self._root)
        return self._modules[path]

    def _find(self, file: str) -> Path:
        for folder in (self._root, self._root / "transformers"):
            path = (folder / file).resolve()
            if path.is_file() and path.is_relative_to(self._root.resolve()):
                return path
        raise BadInput(f"there is no file {file} in {self._root.name}/ or {self._root.name}/transformers/")


Chains = Mapping[str, tuple[Function, ...]]


@dataclass(frozen=True, slots=True)
class Loaded:
    """The functions of one endpoint, read from the files as they were at one moment."""

    library: Library
    chains: Chains


class Transformers:
    """`ports.Transformer` for one endpoint."""

    QUOTES: ClassVar[bool] = False
    """Whether logs quote what an exception says. It may hold words of a guest: only where designers try things."""

    def __init__(self, library: Library, endpoint: EndpointSettings, clock: Clock, http: Any = None) -> None:
        self._library, self._endpoint, self._clock, self._http = library, endpoint, clock, http
        self._settings: TransformerSettings = endpoint.transformers
        self._chains = self._load(library)
        self._calls: dict[str, Function] = {}

    def read(self) -> Loaded:
        """The functions of the files as they are now, for `take`. Raises `BadInput`; those in use stay."""
        library = self._library.fresh()
        return Loaded(library, self._load(library))

    def take(self, loaded: Loaded) -> None:
        """Go on with these functions."""
        self._library, self._chains, self._calls = loaded.library, loaded.chains, {}

    def _load(self, library: Library) -> Chains:
        return {
            hook: tuple(library.function(spec, name) for spec in getattr(self._settings, hook))
            for hook, name in HOOKS.items()
        }

    def hook_of(self, function: Function) -> str:
        """Where in a turn a function runs; `call` when no chain has it."""
        return next((hook for hook, chain in self._chains.items() if function in chain), "call")

    @property
    def quick(self) -> bool:
        """Whether no function runs before or after a turn."""
        return not any(self._chains[hook] for hook in ("input", "inject", "notify", "output", "finished"))

    async def inputs(self, event: Event, session: Session) -> tuple[Event | None, Session]:
        hook = event.kind if event.kind in ("inject", "notify") else "input"
        chain = self._chains[hook]
        if not chain:
            return event, session
        kit, current = self._kit(session), event
        for function in chain:
            given = await self._run(function, (current, session, self._endpoint, kit), current)
            if given is None:
                return None, self._stored(session, kit)
            current = _event(given, current, function)
        return current, self._stored(session, kit)

    async def outputs(
        self, outputs: Sequence[Output], render: Callable[[Output], list[Message]], session: Session
    ) -> tuple[list[Output], Session]:
        chain, finished = self._chains["output"], self._chains["finished"]
        if not chain and not finished:
            return list(outputs), session
        kit, said = self._kit(session), list(outputs)
        for function in chain:
            said = [new for old in said for new in await self._output(function, old, render, session, kit)]
        for function in finished:
            given = await self._run(function, (said, session, self._endpoint, kit), said)
            said = _outputs(given, None, function)
        return said, self._stored(session, kit)

    async def call(self, call: Call, session: Session) -> Result:
        """A `call` step. A failure becomes the step's `error` branch, not an exception."""
        try:
            spec = str(call.args["function"])
            function = self._calls.get(spec) or self._calls.setdefault(spec, self._library.function(spec))
            kit = self._kit(session)
            value = await self.perform(
                function, (dict(call.args.get("args") or {}), session, self._endpoint, kit), call.timeout
            )
        except (BadInput, TransformError) as error:
            log.warning("call failed", function=call.args.get("function"), error=error.message, **self._said(error))
            return Result(error=error.message)
        return Result(value=value)

    async def failed(self, error: Exception, event: Event, session: Session) -> None:
        """Tell the `error` functions; what they raise is logged and goes no further."""
        kit = self._kit(session)
        for function in self._chains["error"]:
            try:
                await self.perform(function, (error, event, session, self._endpoint, kit), self._settings.timeout)
            except TransformError as trouble:
                log.warning("error function failed", error=trouble.message, **self._said(trouble))

    async def _output(
        self, function: Function, output: Output, render: Callable[[Output], list[Message]], session: Session, kit: Kit
    ) -> list[Output]:
        given = await self._run(function, (output, render(output), session, self._endpoint, kit), output)
        return _outputs(given, output, function)

    async def _run(self, function: Function, args: tuple[Any, ...], unchanged: Any) -> Any:
        try:
            return await self.perform(function, args, self._settings.timeout)
        except TransformError as error:
            if self._settings.on_error == "abort":
                raise
            said = self._said(error)
            log.warning("transformer failed, going on without it", function=function.spec, error=error.message, **said)
            return unchanged

    def _said(self, error: Exception) -> dict[str, str]:
        return {"said": str(error.__cause__)} if self.QUOTES and error.__cause__ is not None else {}

    async def perform(self, function: Function, args: tuple[Any, ...], timeout: int) -> Any:
        """Run one function, within `timeout` ms. Raises `TransformError`."""
        try:
            async with asyncio.timeout(timeout / 1000):
                return await (asyncio.to_thread(function.run, *args) if function.blocking else function.run(*args))
        except TimeoutError:
            raise TransformError(f"{function.spec} took longer than {timeout / 1000:g} s") from None
        except Exception as error:
            given = GIVEN.get(HOOKS.get(self.hook_of(function), ""), CALLED)
            if isinstance(error, TypeError) and (way := function.misfit(given)):
                raise TransformError(f"{function.spec} cannot be called (TypeError): it begins {way}") from error
            raise TransformError(f"{function.spec} {_spot(error, function)}: {type(error).__name__}") from error

    def _kit(self, session: Session) -> Kit:
        return Kit(storage=dict(session.storage), now=self._clock.now(), http=self._http)

    @staticmethod
    def _stored(session: Session, kit: Kit) -> Session:
        return session if kit.storage == session.storage else replace(session, storage=kit.storage)


def _load(path: Path, root: Path) -> ModuleType:
    name = "noren_bot_" + "_".join(path.relative_to(root.resolve()).with_suffix("").parts)
    module = ModuleType(name)
    module.__file__ = str(path)
    before = sys.modules.get(name)
    sys.modules[name] = module  # dataclasses and pickling look their module up by name
    try:
        # Compiled here and not by the import system: its cache would give back an edit of the same second and size.
        exec(compile(path.read_bytes(), str(path), "exec"), module.__dict__)
    except Exception as error:
        said = error.msg if isinstance(error, SyntaxError) else error
        message = f"{path.name} cannot be loaded: {type(error).__name__}: {said}"
        if before is not None:
            sys.modules[name] = before  # it goes on being used
        raise BadInput(message, at=_wrong_line(error, path, root)) from error
    return module


def _wrong_line(error: Exception, path: Path, root: Path) -> Place:
    """Where a file cannot be loaded: the innermost line of the bot's own files."""
    inner, line, column = str(path), 1, 1
    for frame in traceback.extract_tb(error.__traceback__):
        if Path(frame.filename).is_relative_to(root.resolve()):
            inner, line = frame.filename, frame.lineno or 1
    if isinstance(error, SyntaxError) and error.filename and Path(error.filename).is_relative_to(root.resolve()):
        inner, line, column = error.filename, error.lineno or 1, error.offset or 1
    return Place(Path(inner).relative_to(root.resolve()).as_posix(), line, column)


def _functions(module: ModuleType) -> list[str]:
    return sorted(name for name, value in vars(module).items() if inspect.isfunction(value) and name[0] != "_")


def _spot(error: BaseException, function: Function | None = None) -> str:
    """The innermost line; of a function, the innermost in the files beside it rather than in what they call."""
    frames = list(traceback.extract_tb(error.__traceback__))
    code = getattr(function.run, "__code__", None) if function is not None else None
    beside = str(Path(code.co_filename).parent) if code is not None else ""
    frames = [one for one in frames if beside and one.filename.startswith(beside)] or frames
    return f"(line {frames[-1].lineno} of {Path(frames[-1].filename).name})" if frames else ""


def _event(given: Any, before: Event, function: Function) -> Event:
    changed = replace(before, **_known(given, EVENT_FIELDS, function)) if isinstance(given, Mapping) else given
    if not isinstance(changed, Event):
        raise TransformError(
            f"{function.spec} gave {type(given).__name__}; it must give an event, a mapping of changes or None"
        )
    if len(changed.id) > MAX_ID or len(changed.text) > MAX_TEXT or not isinstance(changed.data, Mapping):
        raise TransformError(
            f"{function.spec} gave an event with an id over {MAX_ID}, a text over {MAX_TEXT} or data that is no mapping"
        )
    return changed


def _outputs(given: Any, before: Output | None, function: Function) -> list[Output]:
    if given is None:
        return []
    items = given if isinstance(given, (list, tuple)) else [given]
    return [_output_of(item, before, function) for item in items]


def _output_of(item: Any, before: Output | None, function: Function) -> Output:
    if isinstance(item, Mapping) and "type" in item:
        quick = before.quick if before else ()
        return Output(kind="line", data={"message": dict(item)}, alt=before.alt if before else "", quick=quick)
    if isinstance(item, Mapping):
        item = replace(before or Output(kind="text"), **_known(item, OUTPUT_FIELDS, function))
    if not isinstance(item, Output):
        raise TransformError(f"{function.spec} gave {type(item).__name__}; it must give outputs, LINE messages or None")
    if len(item.text) > MAX_TEXT or not isinstance(item.data, Mapping):
        raise TransformError(f"{function.spec} gave an output with a text over {MAX_TEXT} or data that is no mapping")
    return item


def _known(given: Mapping[str, Any], names: frozenset[str], function: Function) -> dict[str, Any]:
    unknown = set(given) - names
    if unknown:
        strange, usual = ", ".join(sorted(map(str, unknown))), ", ".join(sorted(names))
        raise TransformError(f"{function.spec} gave unknown fields {strange}; known: {usual}")
    return dict(given)

"""The plan of the house, as tests: who may import whom, no cycles, nothing too long, nothing left lying about."""

from __future__ import annotations

import ast
import functools
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES, FUNCTION_LINES, MEDIAN_LINES = 400, 40, 8

CORE = {"model", "errors", "settings", "log", "text"}
SMALL = CORE | {"ports"}
SIDE_ROOMS = {
    *("line", "store", "handover", "contacts", "nlu", "translate", "privacy", "insight"),
    *("flow", "transform", "clock", "fetch", "watch", "pages"),
}
PIPELINE = SMALL | {"flow", "transform", "handover", "watch"}
RIM = SMALL | (SIDE_ROOMS - {"flow"}) | {"web", "worker"}
TOP = ("project", "verdict", "running", "app", "menus", "transcript", "workbench", "cli", "__main__")
"""Rooms that may import everything below, and of each other those that stand before them."""

MAY_IMPORT: dict[str, set[str]] = {
    "__init__": set(),
    "model": set(),
    "errors": CORE,
    "settings": CORE,
    "log": CORE,
    "text": CORE,
    "ports": SMALL,
    **dict.fromkeys(SIDE_ROOMS, SMALL),
    "pipeline": PIPELINE,
    "web": SMALL | SIDE_ROOMS | {"pipeline", "worker"},
    "worker": SMALL | SIDE_ROOMS | {"pipeline"},
    "desk": RIM,
    "simulator": RIM,
}
"""Room → rooms it may import, beside itself; those of `TOP` stand above them all."""

FLOW_HAS_NO = {"asyncio", "time", "socket", "threading", "subprocess", "anyio", "aiohttp", "httptools", "random"}
READS, READERS = "reads a file", {"loader"}  # flow files are read once, before any turn


PATCHES = {"monkeypatch.setattr", "monkeypatch.setitem", "monkeypatch.delattr", "mocker.patch"}
"""Environment and working directory may be set for a test; our own code is never swapped out under it."""


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module of `runtime`, where, and whether it happens while the file is loaded."""

    target: str
    line: int
    at_load: bool


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """Dotted name: `runtime.line.sender`; a package is its own name."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def room(self) -> str:
        parts = self.path.relative_to(ROOT / "runtime").with_suffix("").parts
        return parts[0]

    def at(self, line: int) -> str:
        return f"{self.path.relative_to(ROOT)}:{line}"


def sources(*folders: str) -> tuple[Source, ...]:
    return tuple(source for folder in folders for source in parsed(folder))


@functools.cache
def parsed(folder: str) -> tuple[Source, ...]:
    files = [path for path in sorted((ROOT / folder).rglob("*.py")) if "__pycache__" not in path.parts]
    texts = [(path, path.read_text(encoding="utf-8")) for path in files]
    return tuple(Source(path, text, ast.parse(text, str(path))) for path, text in texts)


@functools.cache
def tracked() -> tuple[Path, ...]:
    """Files under version control and new ones that are not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    out = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return tuple(p for p in (ROOT / line for line in out.splitlines()) if p.is_file())


@functools.cache
def modules() -> frozenset[str]:
    return frozenset(source.name for source in sources("runtime"))


@functools.cache
def imports(source: Source) -> tuple[Import, ...]:
    """Everything of `runtime` that a file imports; type-checking blocks count, lazy ones are marked."""
    return tuple(_imports(source))


def _imports(source: Source) -> Iterator[Import]:
    known = modules()
    for node, at_load in walk(source.tree, True):
        if isinstance(node, ast.Import):
            yield from (Import(a.name, node.lineno, at_load) for a in node.names if a.name.split(".")[0] == "runtime")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "runtime":
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield Import(full if full in known else str(node.module), node.lineno, at_load)


def walk(node: ast.AST, at_load: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        lazy = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or type_checking(child)
        yield child, at_load
        yield from walk(child, at_load and not lazy)


def type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def functions(source: Source) -> Iterator[tuple[str, int, int]]:
    """Name, first line and length of each function, decorators left out."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, node.lineno, (node.end_lineno or node.lineno) - node.lineno + 1


def found(lines: list[str], rule: str) -> None:
    assert not lines, f"{rule}\n  " + "\n  ".join(lines)


def grep(paths: list[Path], pattern: str, but: Callable[[str], bool] = lambda line: False) -> list[str]:
    """`file:line: text` of each line of text files that holds the pattern."""
    hits = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(lines, 1):
            if re.search(pattern, line) and not but(line):
                hits.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}")
    return hits


def test_every_room_is_on_the_plan() -> None:
    rooms = {s.room for s in sources("runtime")}
    found(sorted(rooms - set(MAY_IMPORT) - set(TOP)), "rooms that MAY_IMPORT does not know; say who they may import:")


def may_import(room: str) -> set[str]:
    allowed = set(MAY_IMPORT) | set(TOP[: TOP.index(room)]) if room in TOP else MAY_IMPORT.get(room, set())
    return allowed | {room, "__init__"}


def test_rooms_import_only_what_they_may() -> None:
    bad = []
    for source in sources("runtime"):
        if source.room in TOP:
            above = TOP[TOP.index(source.room) + 1 :]
            bad += [
                f"{source.at(i.line)}: {source.room} imports {i.target}"
                for i in imports(source)
                if room_of(i.target) in above
            ]
            continue
        allowed = MAY_IMPORT.get(source.room, set()) | {source.room, "__init__"}
        bad += [
            f"{source.at(i.line)}: {source.room} imports {i.target}"
            for i in imports(source)
            if room_of(i.target) not in allowed
        ]
    found(bad, "imports against the plan (docs/explanation/how-it-works.md, Rooms):")


def test_pipeline_knows_no_implementation() -> None:
    bad = []
    for source in sources("runtime"):
        if source.room == "pipeline":
            targets = [i for i in imports(source) if room_of(i.target) == "handover"]
            bad += [
                f"{source.at(i.line)}: {i.target}" for i in targets if not i.target.startswith("runtime.handover.case")
            ]
    found(bad, "the pipeline may know a handover's case, never its providers:")


def test_level_0_needs_only_the_standard_library() -> None:
    bad = []
    for source in sources("runtime"):
        if source.room not in CORE:
            continue
        for node in ast.walk(source.tree):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            roots = {n.split(".")[0] for n in names}
            bad += [f"{source.at(node.lineno)}: {r}" for r in roots - sys.stdlib_module_names - {"runtime"}]
    found(bad, "model, errors, settings and log use the standard library only:")


def test_no_import_cycles() -> None:
    graph = {s.name: {i.target for i in imports(s) if i.at_load} - {s.name} for s in sources("runtime")}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> list[str]:
        if name in trail:
            return [" → ".join((*trail[trail.index(name) :], name))]
        if name in done or name not in graph:
            return []
        cycles = [c for target in sorted(graph[name]) for c in visit(target, (*trail, name))]
        done.add(name)
        return cycles

    found([c for name in sorted(graph) for c in visit(name, ())], "modules that import each other while loading:")


def test_no_relative_imports() -> None:
    bad = [
        source.at(node.lineno)
        for source in sources("runtime", "tests", "transformers", "benchmarks")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    found(bad, "relative imports:")


def test_files_fit_one_sitting() -> None:
    lengths = [(s, len(s.text.splitlines())) for s in sources("runtime", "tests", "transformers", "benchmarks")]
    found([f"{s.at(n)}: {n} lines" for s, n in lengths if n > FILE_LINES], f"files longer than {FILE_LINES} lines:")


def test_functions_fit_a_glance() -> None:
    bad = [
        f"{source.at(line)}: {name} has {length} lines"
        for source in sources("runtime", "transformers")
        for name, line, length in functions(source)
        if length > FUNCTION_LINES
    ]
    found(bad, f"functions longer than {FUNCTION_LINES} lines:")


def test_most_functions_are_small() -> None:
    lengths = [length for source in sources("runtime") for _, _, length in functions(source)]
    median = statistics.median(lengths)
    assert median <= MEDIAN_LINES, f"the median function of runtime/ has {median} lines, more than {MEDIAN_LINES}"


def test_no_drawer_for_everything() -> None:
    drawers = {"utils", "util", "helpers", "misc", "common"}
    found(
        [s.at(1) for s in sources("runtime", "tests") if s.path.stem in drawers],
        "a module needs a name that says what it does:",
    )


def test_flow_does_nothing_by_itself() -> None:
    """The engine is a generator: no coroutine, no input or output, no clock, no chance."""
    bad = []
    for source in sources("runtime"):
        if source.room != "flow":
            continue
        for node in ast.walk(source.tree):
            if isinstance(node, ast.AsyncFunctionDef | ast.Await | ast.AsyncFor | ast.AsyncWith):
                bad.append(f"{source.at(node.lineno)}: async code")
            elif (reason := impure(node)) and not (reason == READS and source.path.stem in READERS):
                bad.append(f"{source.at(node.lineno)}: {reason}")
    found(bad, "runtime/flow/ never awaits and never touches a socket, a file or a clock:")


def impure(node: ast.AST) -> str:
    if isinstance(node, ast.Import):
        names = {a.name.split(".")[0] for a in node.names}
    elif isinstance(node, ast.ImportFrom):
        names = {(node.module or "").split(".")[0]}
    else:
        return impure_call(node)
    return f"imports {', '.join(sorted(names & FLOW_HAS_NO))}" if names & FLOW_HAS_NO else ""


def impure_call(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    name = ast.unparse(node.func)
    if name == "open" or name.endswith((".read_text", ".read_bytes", ".open")):
        return READS
    clocks = ("datetime.now", "datetime.utcnow", "date.today", "datetime.today")
    return "reads a clock" if name.endswith(clocks) else ""


def test_tests_use_no_mocks() -> None:
    bad = []
    for source in sources("tests"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [getattr(node, "module", None) or "", *(a.name for a in node.names)]
                bad += [source.at(node.lineno) for n in names if n == "mock" or n.startswith("unittest.mock")]
            elif isinstance(node, ast.Attribute) and ast.unparse(node) in PATCHES:
                bad.append(f"{source.at(node.lineno)}: {ast.unparse(node)}")
    found(bad, "mocks; write a small real double of the port instead:")


def test_tests_do_not_sleep() -> None:
    bad = []
    for source in sources("tests"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("time.sleep", "asyncio.sleep", "anyio.sleep"):
                zero = bool(node.args) and isinstance(node.args[0], ast.Constant) and node.args[0].value == 0
                if not zero:
                    bad.append(f"{source.at(node.lineno)}: {ast.unparse(node)}")
    found(bad, "sleeping tests; turn a manual clock or wait for an event instead:")


def test_nothing_is_left_for_later() -> None:
    marks = "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3 + r"\b", "NotImplemented" + "Error"))
    code = [s.path for s in sources("runtime", "tests", "transformers", "benchmarks")]
    found(grep(code, rf"\b({marks})"), "unfinished work; do it or leave it out:")


def test_coverage_is_not_argued_away() -> None:
    found(grep([s.path for s in sources("runtime")], "pragma: no" + " cover"), "lines hidden from coverage:")


def test_types_are_ignored_with_a_reason() -> None:
    """`# type: ignore[code]  # why` is the only form."""
    bad = grep(
        [s.path for s in sources("runtime")],
        r"# type: ignore",
        lambda line: bool(re.search(r"ignore\[[\w-]+\]  # \w", line)),
    )
    found(bad, "write `# type: ignore[code]  # reason`:")


def test_no_path_of_a_person_or_a_machine() -> None:
    """What stands in the project works in every checkout."""
    folders = "|".join(("home/[a-z]", "Users/[A-Za-z]", "work/(main|shared)", "root/", "tmp/bash_jobs"))
    found(grep(list(tracked()), rf"(?<![\w.:/])/({folders})"), "absolute paths of one machine:")


def test_no_secret_is_tracked() -> None:
    names = [
        str(p.relative_to(ROOT)) for p in tracked() if p.name == ".env" or p.suffix in (".pem", ".key", ".db", ".jwk")
    ]
    found(names, "files that belong to one machine:")
    keys = "-----BEGIN [A-Z ]*PRIVATE " + "KEY-----"
    found(grep([p for p in tracked() if p.suffix != ".py"], keys), "private keys:")

"""What may stand in an expression, found out when the flow is loaded, told with its place in the file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

from runtime.flow import filters
from runtime.flow.sandbox import CALL, ENVIRONMENT, METHODS
from runtime.model import Finding, Place

MAX_SOURCE = 20_000
MAX_EXPRESSION = 2_000
MAX_BRACKETS = 25
MAX_TREE = 60

_RESERVED = frozenset(("self", "super", "caller", "varargs", "kwargs", "loop"))
WORDS = _RESERVED | {
    *("and", "or", "not", "in", "is", "if", "else", "true", "false", "none", "True", "False", "None"),
}
"""Names that mean something to the language itself."""

_ALLOWED = (
    *(nodes.Output, nodes.TemplateData, nodes.Assign, nodes.Name, nodes.Const, nodes.Getattr, nodes.Getitem),
    *(nodes.Slice, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.Call, nodes.Filter),
    *(nodes.Test, nodes.Compare, nodes.Operand, nodes.BinExpr, nodes.UnaryExpr, nodes.CondExpr, nodes.Concat),
)
_HINTS: tuple[tuple[str, str, str], ...] = (
    (r"got '='|unexpected '='", "a single = compares nothing", "write == to compare"),
    (r"unexpected char '&'", "& is not a word of expressions", "write `and`"),
    (r"unexpected char '\|'", "|| is not a word of expressions", "write `or`"),
    (r"unexpected char '!'", "! is not a word of expressions", "write `not`"),
    (r"unexpected char '\?'", "? is not a word of expressions", "write `a if condition else b`"),
    (r"unexpected char '[“”‘’「」]'", "these are not the quotes of expressions", "write ' or \" around a text"),
    (r"unexpected char '[＝＞＜＋－＊（）｛｝，．]'", "a full-width sign stands here", "write it half-width"),
    (r"unexpected char", "this character has no meaning here", "quote it if it is text"),
    (r"unexpected '}'", "a { or }} is not in its pair", "write {{ … }} with two braces on both sides"),
    (r"end of template", "this {{ is never closed", "close it with }}"),
    (r"end of print statement|chunk after", "two things stand side by side", "put an operator between, or quote text"),
    (r"Expected an expression", "an expression is missing here", "write a name or a value"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A template's or (when `bare`) an expression's text and where it begins in its file."""

    text: str
    at: Place
    bare: bool

    def place(self, offset: int) -> Place:
        """Where a character of the text stands in the file, as far as the file keeps its lines."""
        line = self.text.count("\n", 0, offset)
        column = offset - (self.text.rfind("\n", 0, offset) + 1)
        return Place(self.at.file, self.at.line + line, self.at.column + column) if self.at.line else self.at


class Trouble(Exception):
    """The first thing that makes an expression unusable."""

    def __init__(self, source: Source, offset: int, code: str, message: str, fix: str = "", why: str = "") -> None:
        super().__init__(message)
        self.finding = Finding(code=code, severity="error", at=source.place(offset), message=message, fix=fix, why=why)


class Known:
    """Names in scope; a root with dotted names (`input.text`) has only those attributes."""

    __slots__ = ("attributes", "roots")

    def __init__(self, names: Iterable[str]) -> None:
        self.roots: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        for name in names:
            root, _, rest = name.partition(".")
            self.roots.add(root)
            if rest:
                self.attributes.setdefault(root, set()).add(rest.partition(".")[0])


def nearest(word: str, known: Collection[str]) -> str:
    """`did you mean x?` for the closest of the known words; empty when none is close."""
    folded = {each.lower(): each for each in sorted(known, reverse=True)}
    close = difflib.get_close_matches(word.lower(), list(folded), n=1)
    return f"did you mean `{folded[close[0]]}`?" if close else ""


def refuse_statements(source: Source) -> None:
    """Raise `Trouble` when `{%` or `{#` stands in the text."""
    found = re.search(r"\{[%#]", source.text)
    if found:
        raise Trouble(
            source,
            found.start(),
            "expr-statement",
            f"{found[0]} … has no meaning here: texts hold {{{{ }}}} only",
            "use `if`, `when` or `each` of the step; to show the sign itself write {{ '" + found[0] + "' }}",
        )


def parse(source: Source) -> nodes.Template:
    """The syntax tree: a template of outputs, or one assignment to `result`."""
    limit = MAX_EXPRESSION if source.bare else MAX_SOURCE
    if len(source.text) > limit:
        raise Trouble(source, 0, "expr-long", f"this is longer than {limit:,} characters", "split it up")
    if "\x00" in source.text:
        raise Trouble(source, source.text.index("\x00"), "expr-syntax", "an invisible character stands here")
    _brackets(source)
    if not source.bare:
        for text in _outside(source.text):
            refuse_statements(Source(text[1], source.place(text[0]), bare=False))
        return ENVIRONMENT.parse(source.text)
    parser = Parser(ENVIRONMENT, source.text, state="variable")
    made = parser.parse_expression()
    if not parser.stream.eos:
        raise TemplateSyntaxError("chunk after expression", parser.stream.current.lineno)
    made.set_environment(ENVIRONMENT)
    return nodes.Template([nodes.Assign(nodes.Name("result", "store"), made, lineno=1)], lineno=1)


def _outside(text: str) -> Iterator[tuple[int, str]]:
    """The parts of a template between its `{{ }}`, with their offsets."""
    at = 0
    for found in re.finditer(r"\{\{.*?\}\}", text, re.DOTALL):
        yield at, text[at : found.start()]
        at = found.end()
    yield at, text[at:]


def _brackets(source: Source) -> None:
    """Refuse brackets so deep that Python's own parser would."""
    for begin, end in _inside(source):
        depth = 0
        for found in re.finditer(r"[(\[{]|[)\]}]", source.text[begin:end]):
            depth = depth + 1 if found[0] in "([{" else max(depth - 1, 0)
            if depth > MAX_BRACKETS:
                at = begin + found.start()
                raise Trouble(source, at, "expr-deep", "too many brackets inside each other", "split it up")


def names(source: Source, tree: nodes.Template) -> set[str]:
    """Every name the tree uses, with the attributes asked of it. Raises `Trouble` for what may not be there."""
    found: set[str] = set()
    todo: list[tuple[nodes.Node, int]] = [(each, 0) for each in tree.body]
    while todo:
        node, depth = todo.pop()
        if depth > MAX_TREE:
            raise deep(source)
        if not isinstance(node, _ALLOWED):
            raise Trouble(source, 0, "expr-statement", "this is more than an expression", "use the steps for it")
        below: Iterable[nodes.Node] = ()
        if isinstance(node, nodes.Call):
            below = _check_call(source, node)
        elif isinstance(node, (nodes.Filter, nodes.Test)):
            _check_filter(source, node)
        elif isinstance(node, nodes.Name) and node.ctx == "load":
            found.add(node.name)
        elif isinstance(node, (nodes.Getattr, nodes.Getitem)):
            path, node, steps = _path(source, node)
            depth += steps
            found |= {path} - {""}
        todo += [(each, depth + 1) for each in below or node.iter_child_nodes()]
    for name in sorted({each.partition(".")[0] for each in found}):
        if name not in _RESERVED and not name.startswith("__"):
            continue
        raise Trouble(source, spot(source, name), "expr-name", f"`{name}` is not available in expressions")
    return found


def _path(source: Source, node: nodes.Node) -> tuple[str, nodes.Node, int]:
    """The dotted name of `a.b["c"]`, the node to look below, and how many steps were taken."""
    attributes: list[str] = []
    first, steps = node, 0
    while isinstance(node, (nodes.Getattr, nodes.Getitem)):
        steps += 1
        name = node.attr if isinstance(node, nodes.Getattr) else _constant(node.arg)
        if name.startswith("__"):
            raise Trouble(source, spot(source, name), "expr-name", f"`{name}` is not available in expressions")
        if not name:
            return "", first, 0
        attributes.append(name)
        node = node.node
    if isinstance(node, nodes.Name):
        return ".".join([node.name, *reversed(attributes)]), nodes.Const(""), steps
    return "", first, 0


def _constant(node: nodes.Node) -> str:
    constant = node.value if isinstance(node, nodes.Const) else None
    return constant if isinstance(constant, str) and constant.isidentifier() else ""


def _check_call(source: Source, node: nodes.Call) -> list[nodes.Node]:
    """Only our functions and the listed methods of values; gives what else there is to look at.

    The names of functions are marked, so that a variable may have the name of a function.
    """
    called = node.node
    if node.dyn_args is not None or node.dyn_kwargs is not None:
        raise Trouble(source, 0, "expr-call", "* and ** have no meaning in a call here", "name each argument")
    given: list[nodes.Node] = [*node.args, *node.kwargs]
    if isinstance(called, nodes.Getattr) and called.attr in METHODS:
        return [called.node, *given]
    if isinstance(called, nodes.Name) and called.name in filters.FUNCTIONS:
        called.name = CALL + called.name
        return given or [nodes.Const(None)]
    name = called.name if isinstance(called, nodes.Name) else getattr(called, "attr", "")
    known: Collection[str] = filters.FUNCTIONS if isinstance(called, nodes.Name) else METHODS
    if isinstance(called, nodes.Name) and name in filters.FILTERS:
        raise Trouble(source, spot(source, name), "expr-call", f"`{name}` is a filter", f"write `value | {name}`")
    raise Trouble(source, spot(source, name), "expr-call", f"`{name}(…)` cannot be called", nearest(name, known))


def _check_filter(source: Source, node: nodes.Filter | nodes.Test) -> None:
    known = filters.FILTERS if isinstance(node, nodes.Filter) else filters.TESTS
    if node.name not in known:
        kind = "filter" if isinstance(node, nodes.Filter) else "test"
        fix = nearest(node.name, known) or "see docs/reference/expressions.md for those there are"
        raise Trouble(source, spot(source, node.name, kind), f"expr-{kind}", f"there is no {kind} `{node.name}`", fix)


def spot(source: Source, path: str, kind: str = "name") -> int:
    """Where a dotted name (or a filter's or test's name) stands in the text; the beginning when in doubt."""
    before = {"filter": r"\|\s*", "test": r"\bis\s+(?:not\s+)?"}.get(kind, r"(?<![\w.|])(?<!\|\s)")
    inner = r"\s*(?:\.|\[\s*['\"])\s*".join(re.escape(part) for part in path.split("."))
    pattern = re.compile(rf"{before}({inner})\b(?!\s*=(?!=))")
    for begin, end in _inside(source):
        code = re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", _blank if "." not in path else _same, source.text[begin:end])
        if found := pattern.search(code):
            return begin + found.start(1)
    return 0


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _same(found: re.Match[str]) -> str:
    return found[0]


def _inside(source: Source) -> list[tuple[int, int]]:
    """Where the expressions of a text begin and end."""
    if source.bare:
        return [(0, len(source.text))]
    return [found.span(1) for found in re.finditer(r"\{\{(.*?)(?:\}\}|$)", source.text, re.DOTALL)]


def unknown_names(source: Source, used: Collection[str], known: Known) -> list[Finding]:
    """A finding for each name (or attribute of a closed root) that is not in scope."""
    found: list[Finding] = []
    for path in sorted(used):
        root, _, rest = path.partition(".")
        name = rest.partition(".")[0]
        if root not in known.roots:
            message, fix, at = f"`{root}` is not known here", nearest(root, known.roots), spot(source, root)
        elif name and name not in known.attributes.get(root, (name,)):
            message, fix = f"`{root}` has no `{name}`", nearest(name, known.attributes[root])
            at = spot(source, f"{root}.{name}")
        else:
            continue
        found.append(
            Finding(code="expr-name", severity="error", at=source.place(at), message=message, fix=fix or _DECLARE)
        )
    return found


_DECLARE = "declare it under `vars`, or quote it if it is text"


def deep(source: Source) -> Trouble:
    return Trouble(source, 0, "expr-deep", "this is nested too deeply", "split it up with `set` steps")


def syntax(source: Source, error: TemplateSyntaxError) -> Trouble:
    """What Jinja2's parser found, in plain words."""
    said = error.message or ""
    char = re.search(r"unexpected char (.+) at (\d+)", said)
    offset = int(char[2]) if char else _line_spot(source, error.lineno)
    message, fix = next(((m, f) for pattern, m, f in _HINTS if re.search(pattern, said)), ("this is no expression", ""))
    single = _SINGLE.search(re.sub(r"'[^'\n]*'|\"[^\"\n]*\"", _blank, source.text)) if source.bare else None
    if single and not char:
        offset, message, fix = single.start(), *_HINTS[0][1:]
    elif source.bare and "end of template" in said:
        message, fix = "the expression ends too early", "close its brackets, and give both sides of every operator"
    return Trouble(source, min(offset, len(source.text)), "expr-syntax", message, fix, f"the parser says: {said}")


_SINGLE = re.compile(r"(?<![=!<>(,])=(?!=)")
"""An = that stands where == belongs."""


def _line_spot(source: Source, line: int) -> int:
    """Where the (last) expression of a line begins."""
    start = 0
    for _ in range(line - 1):
        start = source.text.find("\n", start) + 1
    end = source.text.find("\n", start)
    braces = source.text.rfind("{{", start, end if end >= 0 else len(source.text))
    return max(braces, start) if not source.bare else start

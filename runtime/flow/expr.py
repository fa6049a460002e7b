"""Expressions (`seats >= 6`) and templates (`Hi {{ profile.name }}!`): checked when loaded, cheap when used.

A text without `{{` is only a text. One whose `{{ }}` hold plain names is filled in directly. Everything else is
Jinja2 in its immutable sandbox, parsed and checked at load and turned into code at its first use. Evaluating
never raises anything but `ExprError`, whose message holds nothing a user wrote.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from jinja2 import TemplateSyntaxError, UndefinedError, nodes
from jinja2.runtime import Context, Undefined

from runtime.errors import NorenError
from runtime.flow import expr_check
from runtime.flow.expr_check import Known, Source, Trouble
from runtime.flow.filters import MAX_TEXT, TooMuch, plain_text
from runtime.flow.sandbox import CALL, ENVIRONMENT, FUNCTIONS, NOTHING, attribute
from runtime.model import Finding, Place

Scope = Mapping[str, Any]
Code = Callable[[Context], Any]
Run = Callable[[Scope], Any]

_NAME = r"[A-Za-z_][A-Za-z0-9_]*"
_PATH = re.compile(rf"{_NAME}(?:\.{_NAME})*", re.ASCII)
_SIMPLE = re.compile(rf"\{{\{{\s*({_NAME}(?:\.{_NAME})*)\s*\}}\}}", re.ASCII)
_OPERAND = rf"({_NAME}(?:\.{_NAME})*|\d{{1,15}}(?:\.\d{{1,15}})?|'[^'\\\n]*'|\"[^\"\\\n]*\")"
_COMPARISON = re.compile(rf"{_OPERAND}\s*(==|!=|>=|<=|>|<)\s*{_OPERAND}", re.ASCII)
_NEGATION = re.compile(rf"not\s+({_NAME}(?:\.{_NAME})*)", re.ASCII)
_WRAPPED = re.compile(r"\s*\{\{-?(.*?)-?\}\}\s*", re.DOTALL)
MAX_VALUE = 100_000
"""Longest text an expression may give; a template's is capped at `MAX_TEXT`."""

_ALWAYS = ("language", "timezone")


class ExprError(NorenError):
    """An expression could not be worked out."""


class Template:
    """A text with `{{ }}` in it. Raises `Trouble` when it cannot be one; `compile_template` gives findings instead."""

    __slots__ = ("_code", "_parts", "at", "names", "static", "text")

    def __init__(self, text: str, at: Place) -> None:
        self.text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
        self.at = at
        self.names: frozenset[str] = frozenset()
        self.static = True
        self._parts: tuple[str | tuple[str, ...], ...] = ()
        self._code: Code | None = None
        if "{" in text:
            self._read()

    def _read(self) -> None:
        source = Source(self.text, self.at, bare=False)
        if "{{" not in self.text:
            expr_check.refuse_statements(source)
            return
        self.static = False
        parts = _SIMPLE.split(self.text)
        paths = [tuple(path.split(".")) for path in parts[1::2]]
        if all(_plain(path) for path in paths) and not any("{" in text for text in parts[::2]):
            self._parts = tuple(x for x in _woven(parts[::2], paths) if x)
            self.names = frozenset(parts[1::2])
        else:
            self.names = _analysis(source)[0]

    @property
    def parts(self) -> tuple[str | tuple[str, ...], ...]:
        """Texts and dotted names, one after the other; empty where there is more in a `{{ }}` than a name."""
        return self._parts

    def render(self, scope: Scope) -> str:
        """The text with its `{{ }}` filled in, at most 10,000 characters."""
        if self.static:
            return self.text
        try:
            text = self._fill(scope) if self._parts else self._execute(scope)
        except Exception as error:
            raise _explain(error, self.at, self.names) from None
        return text if len(text) <= MAX_TEXT else text[:MAX_TEXT]

    def _fill(self, scope: Scope) -> str:
        return "".join(
            [part if isinstance(part, str) else plain_text(_walk(scope, part)) for part in self._parts],
        )

    def _execute(self, scope: Scope) -> str:
        if self._code is None:
            self._code = _program(self.text, False)
        return "".join(self._code(_context(scope, self.names)))

    def __repr__(self) -> str:
        return f"Template({self.text!r})"


class Expression:
    """A bare expression, as in `when: seats >= 6`. Raises `Trouble` when it cannot be one; see `compile_expression`."""

    __slots__ = ("_run", "_value", "at", "names", "source", "static")

    def __init__(self, source: str, at: Place) -> None:
        wrapped = _WRAPPED.fullmatch(source)
        self.source = wrapped[1] if wrapped and "}}" not in wrapped[1] else source
        self.at = at
        self._value: Any = None
        self.static = False
        self._run, self.names = _short(self.source.strip())
        if self._run is None:
            self.names, constant = _analysis(Source(self.source, at, bare=True))
            if constant is not None:
                self.static, self._value = True, constant[0]

    @classmethod
    def constant(cls, value: Any, at: Place) -> Expression:
        """An expression that is a value of the file itself (`set: {seats: 2}`)."""
        made = cls.__new__(cls)
        made.source, made.at, made.names, made.static = plain_text(value), at, frozenset(), True
        made._value, made._run = value, None
        return made

    def value(self, scope: Scope) -> Any:
        """The value as Python data; what is not set is None."""
        if self.static:
            return self._value
        try:
            value = self._evaluate(scope)
        except Exception as error:
            raise _explain(error, self.at, self.names) from None
        if isinstance(value, str) and len(value) > MAX_VALUE:
            raise _explain(TooMuch(), self.at, self.names)
        return None if isinstance(value, Undefined) else value

    def _evaluate(self, scope: Scope) -> Any:
        if self._run is None:
            code = _program(self.source, True)
            self._run = functools.partial(_result, code, self.names)
        return self._run(scope)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


def compile_template(
    text: str, at: Place, known: Known | Collection[str] | None = None
) -> tuple[Template | None, list[Finding]]:
    """A template, or None, and what is wrong with it.

    `known` holds the names in scope; a dotted one (`input.text`) says which attributes its root has. None skips
    that check (see `check_names`).
    """
    try:
        template = Template(text, at)
    except Trouble as trouble:
        return None, [trouble.finding]
    return template, check_names(template, known)


def compile_expression(
    source: str, at: Place, known: Known | Collection[str] | None = None
) -> tuple[Expression | None, list[Finding]]:
    """An expression, or None, and what is wrong with it. `known` as for `compile_template`."""
    try:
        expression = Expression(source, at)
    except Trouble as trouble:
        return None, [trouble.finding]
    return expression, check_names(expression, known)


def check_names(made: Template | Expression, known: Known | Collection[str] | None) -> list[Finding]:
    """A finding for every name that is not in scope, with the nearest one that is."""
    if known is None or not made.names:
        return []
    known = known if isinstance(known, Known) else Known(known)
    if made.names <= known.roots:
        return []
    bare = isinstance(made, Expression)
    source = Source(made.source if isinstance(made, Expression) else made.text, made.at, bare=bare)
    return expr_check.unknown_names(source, made.names, known)


def _plain(path: tuple[str, ...]) -> bool:
    return path[0] not in expr_check.WORDS and not any(name.startswith("__") for name in path)


def _woven(texts: list[str], paths: list[tuple[str, ...]]) -> list[str | tuple[str, ...]]:
    woven: list[str | tuple[str, ...]] = [texts[0]]
    for path, text in zip(paths, texts[1:], strict=True):
        woven += [path, text]
    return woven


def _walk(scope: Scope, path: tuple[str, ...]) -> Any:
    try:
        value = scope[path[0]]
    except KeyError:
        return NOTHING
    for name in path[1:]:
        value = attribute(value, name)
    return value


def _tree(source: Source) -> tuple[nodes.Template, set[str]]:
    """The checked syntax tree and the names it uses. Raises `Trouble`."""
    try:
        tree = expr_check.parse(source)
    except TemplateSyntaxError as error:
        raise expr_check.syntax(source, error) from None
    except (RecursionError, MemoryError, OverflowError, ValueError):
        raise expr_check.deep(source) from None
    return tree, expr_check.names(source, tree)


def _analysis(source: Source) -> tuple[frozenset[str], tuple[Any] | None]:
    """The names an expression or template uses, and its value if it is a constant. Raises `Trouble`."""
    try:
        return _analysed(source.text, source.bare)
    except Trouble:
        _tree(source)  # the same again, with its place
        raise


@functools.lru_cache(20_000)
def _analysed(text: str, bare: bool) -> tuple[frozenset[str], tuple[Any] | None]:
    """Remembered, so that loading flows again after an edit costs little."""
    tree, names = _tree(Source(text, Place(""), bare))
    made = tree.body[0] if tree.body else None
    constant = made.node if isinstance(made, nodes.Assign) else None
    return frozenset(names), (constant.value,) if isinstance(constant, nodes.Const) else None


@functools.lru_cache(20_000)
def _program(text: str, bare: bool) -> Code:
    """The code of an expression or template, made at its first use and shared by all that read the same."""
    code = ENVIRONMENT.compile(_tree(Source(text, Place(""), bare))[0], "flow", "<flow>")
    return ENVIRONMENT.template_class.from_code(ENVIRONMENT, code, {}).root_render_func


def _result(code: Code, names: frozenset[str], scope: Scope) -> Any:
    context = _context(scope, names)
    for _ in code(context):
        pass
    return context.vars["result"]


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}


def _short(source: str) -> tuple[Run | None, frozenset[str]]:
    """The commonest expressions without Jinja: a name, its negation, a comparison of names and constants."""
    nothing: frozenset[str] = frozenset()
    if _PATH.fullmatch(source):
        path = tuple(source.split("."))
        return (functools.partial(_of, path), frozenset((source,))) if _plain(path) else (None, nothing)
    if negation := _NEGATION.fullmatch(source):
        path = tuple(negation[1].split("."))
        return (functools.partial(_not, path), frozenset((negation[1],))) if _plain(path) else (None, nothing)
    if comparison := _COMPARISON.fullmatch(source):
        left, right = _operand(comparison[1]), _operand(comparison[3])
        if left is not None and right is not None:
            names = frozenset(".".join(each) for each in (left, right) if isinstance(each, tuple))
            return functools.partial(_compared, _OPERATORS[comparison[2]], left, right), names
    return None, nothing


def _operand(text: str) -> tuple[str, ...] | str | int | float | None:
    """A path, or a constant of the source; None for what has a meaning of its own."""
    if text[0] in "'\"":
        return text[1:-1]
    if text[0].isdigit():
        return float(text) if "." in text else int(text)
    path = tuple(text.split("."))
    return path if _plain(path) else None


def _of(path: tuple[str, ...], scope: Scope) -> Any:
    return _walk(scope, path)


def _not(path: tuple[str, ...], scope: Scope) -> bool:
    return not _walk(scope, path)


def _compared(compare: Callable[[Any, Any], Any], left: Any, right: Any, scope: Scope) -> Any:
    left = _walk(scope, left) if isinstance(left, tuple) else left
    right = _walk(scope, right) if isinstance(right, tuple) else right
    return compare(left, right)


def _context(scope: Scope, names: frozenset[str]) -> Context:
    given = dict(FUNCTIONS)
    for name in _roots(names):
        try:  # noqa: SIM105  # `suppress` would cost more than all the rest
            given[name] = scope[name]
        except KeyError:
            pass
    return Context(ENVIRONMENT, given, None, {})


@functools.lru_cache(maxsize=16_384)
def _roots(names: frozenset[str]) -> tuple[str, ...]:
    """What a scope is asked for: the first parts of the names, and what filters need."""
    return (*{name.partition(".")[0] for name in names}, *_ALWAYS)


def _explain(error: Exception, at: Place, names: frozenset[str]) -> ExprError:
    """What went wrong, without a word of what anybody wrote."""
    if isinstance(error, TooMuch):
        return ExprError("a value grows beyond what a message can hold", at=at)
    if isinstance(error, UndefinedError):
        used = ", ".join(sorted(name for name in names if not name.startswith(CALL)))
        return ExprError(f"something it computes with is not set (it uses {used})", at=at)
    for kind, message in _REASONS:
        if isinstance(error, kind):
            return ExprError(message, at=at)
    return ExprError("it cannot be worked out with these values", at=at)


_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (ZeroDivisionError, "it divides by zero"),
    (TypeError, "its values do not go together (a text where a number is needed, or nothing at all?)"),
    (OverflowError, "a number or date in it is too large"),
    (ValueError, "a value in it has the wrong form"),
    (RecursionError, "it is nested too deeply"),
)

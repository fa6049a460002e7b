"""What is wrong with a YAML file, in the words of somebody who writes flows."""

from __future__ import annotations

import re
from typing import Any

from runtime.model import Finding, Place

SAYINGS: dict[str, tuple[str, str]] = {
    "yaml-empty": ("this file is empty", "write something in it, or delete it"),
    "yaml-large": ("this file is larger than {limit} characters", "split it into several files"),
    "yaml-deep": (
        "this is nested more than {limit} levels deep",
        "move inner parts into sections or flows of their own",
    ),
    "yaml-many": (
        "this file holds more than {limit} values, aliases counted as often as used",
        "use fewer aliases (*)",
    ),
    "yaml-character": ("the invisible character {name} cannot stand in this file", "delete it"),
    "yaml-documents": ("a second document begins here (---)", "keep one document per file: remove the line ---"),
    "yaml-merge": ("merge keys (<<) are not read", "write the entries out, or use an alias for the whole value"),
    "yaml-no-key": ("a name is missing before the colon", "write it as `name: value`"),
    "yaml-odd-key": ("a list or map stands where a name belongs", 'quote it if it is text: "[…]" or "{{…}}"'),
    "yaml-braces": (
        "a text that begins with {{{{ needs quotes, or it is read as a map",
        'write "{{{{ … }}}}" with quotes around the whole text',
    ),
    "yaml-twice": ("`{key}` is here a second time; the first is on line {first}", "keep one of them"),
    "yaml-tag": ("a text that begins with ! needs quotes; tags are not read", "put the whole text in quotes"),
    "yaml-null": ("`{text}` is read as that text, not as nothing", "leave the value out, or quote it if it is text"),
    "yaml-alias": (
        "`*{name}` repeats something named with &{name}, but nothing above has that name",
        'put quotes around a text that begins with *: "*{name}"',
    ),
    "yaml-loop": ("`*{name}` stands inside the very thing it repeats", "write the inner part out"),
    "yaml-quotes": ("users will see these quotes: they belong to the text", 'write " if they only go around it'),
    "yaml-comment": ("everything from # to the end of this line is a comment", "quote the text if # belongs to it"),
}

BREAKS = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
"""Where YAML begins a new line."""

ODD_INDENT = re.compile(r"^ *[\u00a0\u2000-\u200a\u3000]\s*\S")
BARE_VERB = re.compile(r"^\s*- ([a-z_]+)(?:\s+([^\s:#][^:#]*?))?\s*$")
BARE_NAME = re.compile(r"^\s*([A-Za-z_][\w-]*)\s+([^\s:#][^:#]*?)\s*$")

GLUED_DASH = re.compile(r"^\s*-([a-z_]+):(?: |$)")

_Rule = tuple[str, str, str, str, str]
# problem of the parser · what the rest of the line (or "line:", the whole line) looks like · message · fix · place
_RULES: tuple[_Rule, ...] = (
    (
        "",
        r"line:^\s*(?:- )*[^\s\"'#][^\"'#]*?(?:: |- )\{\{",
        "a text that begins with {{ needs quotes",
        'write "{{ … }}" with quotes around the whole text',
        "problem",
    ),
    (
        "",
        r"line:^\s*(?:- )?[\w-]+：",
        "a full-width colon (：) does not separate a name from its value",
        "write `name: value` with a half-width colon and a space",
        "problem",
    ),
    (
        "tab character",
        "",
        "a tab stands where spaces belong",
        "indent with spaces only (two per level)",
        "problem",
    ),
    (
        "cannot start any token",
        r"^\t",
        "this line is indented with a tab",
        "indent with spaces only (two per level)",
        "problem",
    ),
    (
        "cannot start any token",
        "",
        "a text cannot begin with this character unless it is quoted",
        "put the whole text in quotes{quoted}",
        "problem",
    ),
    (
        "unexpected end of stream",
        "",
        "this quote is never closed",
        "close the quote at the end of the text",
        "context",
    ),
    (
        "unexpected document indicator",
        "",
        "this quote is never closed",
        "close the quote at the end of the text",
        "context",
    ),
    (
        "unknown escape",
        "",
        "a backslash inside double quotes begins a special character, and there is none of this name",
        "write \\\\ for a backslash, or use single quotes",
        "problem",
    ),
    (
        "mapping values",
        r"line:^\s*(?:- )?(?:set|push|in|out|args|vars|postback|data|query|headers|json|form):\s+[\w.]+:\s+\S",
        "a mapping on one line stands in braces",
        "{braced}",
        "problem",
    ),
    (
        "mapping values",
        r"line:^[^:]*: \S.*:(?: |$)",
        "a second colon with a space on this line makes it ambiguous",
        "put the text in quotes{quoted}",
        "problem",
    ),
    (
        "mapping values",
        "",
        "this name does not line up with the names it belongs to",
        "give names of one map the same indentation, below the first one",
        "line",
    ),
    (
        "block sequence entries",
        "",
        "a list cannot begin on the line of its name",
        "begin the list on the next line, or write it as [a, b]",
        "problem",
    ),
    (
        "expected ',' or ']'",
        "same:",
        "a comma is missing before this, or the list is not closed with ]",
        "put commas between the entries of a list, and ] behind the last",
        "problem",
    ),
    (
        "expected ',' or '}'",
        "same:",
        "a comma is missing before this, or the map is not closed with }",
        "put commas between the entries of a map, and } behind the last",
        "problem",
    ),
    (
        "expected ',' or ']'",
        "",
        "the list that begins here with [ is never closed",
        "close it with ], and put commas between its entries",
        "context",
    ),
    (
        "expected ',' or '}'",
        "",
        "the map that begins here with { is never closed",
        "close it with }, and put commas between its entries",
        "context",
    ),
    (
        "expected node content",
        r"^:",
        "a name is missing before the colon",
        "write it as `name: value`",
        "problem",
    ),
    (
        "expected node content",
        r"^[\]}]",
        "this closing bracket has no opening one",
        "remove it, or quote the text if it belongs to it",
        "problem",
    ),
    (
        "expected comment or line break",
        "",
        "the text of a | or > block begins on the next line",
        "move the text to the next line, indented further",
        "problem",
    ),
    (
        "expected alphabetic",
        "",
        "a text that begins with * or & needs quotes",
        "put the whole text in quotes{quoted}",
        "context",
    ),
    (
        "could not find expected ':'",
        "",
        "this line is neither a name with a value nor a list entry",
        "write `name: value` (a colon and a space), or indent it to continue the text above",
        "problem",
    ),
    (
        "did not find expected key",
        r"line::\s+'[^']*\w'\w",
        "the apostrophe before this ends the quoted text",
        "use double quotes around it{quoted}",
        "problem",
    ),
    (
        "did not find expected key",
        r"line:(?:: |- )\s*['\"]",
        "the quoted text ends before this",
        "quote the whole text, not a part of it{quoted}",
        "problem",
    ),
    (
        "did not find expected key",
        r"^:",
        "a name is missing before the colon",
        "write it as `name: value`",
        "problem",
    ),
    (
        "did not find expected key",
        r"^-\s",
        "a list entry stands among names",
        "indent the list below the name it belongs to",
        "problem",
    ),
    (
        "did not find expected key",
        "",
        "this line does not line up with the lines it belongs to",
        "use the same number of spaces as the lines of the same level above",
        "problem",
    ),
    (
        "expected '-' indicator",
        r"line:- \s*'[^']*\w'\w",
        "the apostrophe before this ends the quoted text",
        "use double quotes around it{quoted}",
        "problem",
    ),
    (
        "expected '-' indicator",
        "",
        "a name stands among list entries",
        "begin the line with `- `, or indent it to belong to the entry above",
        "problem",
    ),
    ("undefined alias", "", "nothing above has this name", "put quotes around a text that begins with *", "problem"),
    ("directive", "", "a line cannot begin with %", "put the text in quotes", "problem"),
    ("", "", "this cannot be read as YAML", "compare it with the lines around it; quote texts with odd characters", ""),
)


def explain(error: Any, text: str, file: str) -> Finding:
    """A finding for an error of the YAML parser."""
    problem = f"{getattr(error, 'problem', '') or ''}"
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    context = getattr(error, "context_mark", None)
    if "could not find expected ':'" in problem and context:
        mark = context  # the line that is no entry, not the one after it
    lines = BREAKS.split(text)
    above = _above(lines, mark.line, problem) if mark else None
    if above:
        number, message, way = above
        odd = ODD_INDENT.match(lines[number])
        at = Place(file, number + 1, 1 if odd else len(lines[number]) - len(lines[number].lstrip(" -")) + 1)
        return Finding(code="yaml-syntax", severity="error", at=at, message=message, why=_why(error), fix=way)
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    rest = line[mark.column :] if mark else ""
    same = bool(mark and context and mark.line == context.line)
    rule = next(each for each in _RULES if each[0] in problem and _looks(each[1], line, rest, same))
    if rule[4] == "context" and context:
        mark = context
    at = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
    if rule[4] == "line":
        at = Place(file, at.line, len(line) - len(line.lstrip()) + 1)
    fix = rule[3].replace("{quoted}", _quoted(line)).replace("{braced}", _braced(line))
    return Finding(code="yaml-syntax", severity="error", at=at, message=rule[2], why=_why(error), fix=fix)


def _above(lines: list[str], last: int, problem: str) -> tuple[int, str, str] | None:
    """What the parser stumbled over later than it was written: line, message, fix."""
    for number in range(last, max(last - 3, -1), -1):
        if number < len(lines) and ODD_INDENT.match(lines[number]):
            return (
                number,
                "this line is indented with wide or hard spaces",
                "indent with ordinary spaces (two per level)",
            )
    for number in (last, last - 1) if "did not find" in problem else ():
        if 0 <= number < len(lines) and (glued := GLUED_DASH.match(lines[number])):
            return number, "behind `-` a space is missing", f"write - {glued[1]}: …"
    if "mapping values" in problem and last and (bare := BARE_VERB.match(lines[last - 1])):
        return last - 1, f"a colon is missing behind `{bare[1]}`", f"write - {bare[1]}: {bare[2] or '…'}".rstrip()
    if "mapping values" in problem and last and (name := _bare_name(lines[last - 1], lines[last], lines[: last - 1])):
        return last - 1, f"a colon is missing behind `{name[1]}`", f"write {name[1]}: {name[2]}"
    return None


def _bare_name(line: str, below: str, above: list[str]) -> re.Match[str] | None:
    """A name and its value without a colon between them, on a line among lines of the same kind."""
    found = BARE_NAME.match(line)
    before = next((one for one in reversed(above) if one.strip()), "")
    indent = len(line) - len(line.lstrip())
    first = before.rstrip().endswith(":") and len(before) - len(before.lstrip()) < indent
    beside = re.match(rf" {{{indent}}}[\w-]+:(?: |$)", before) is not None
    same = len(below) - len(below.lstrip()) == indent
    return found if found and same and (first or beside) else None


def _looks(pattern: str, line: str, rest: str, same: bool) -> bool:
    """Whether a rule fits; `same`: the trouble is on the line where the list or map around it begins."""
    if pattern == "same:":
        return same and bool(rest.strip())
    whole = pattern.startswith("line:")
    return not pattern or re.search(pattern.removeprefix("line:"), line if whole else rest) is not None


def _quoted(line: str) -> str:
    """`: write say: "…"` for a line that is a name and a text; empty for any other."""
    found = re.fullmatch(r"\s*(?:- )*([\w-]+):\s+(\S.*?)\s*", line)
    if not found or found[2][0] in "[{|>" or len(found[2]) > 120:
        return ""
    text = found[2]
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" and text.count(text[0]) % 2:
        text = text[1:-1]
    text = "'" + text.replace("'", "''") + "'" if '"' in text or "\\" in text else f'"{text}"'
    return f": write {found[1]}: {text}"


def _braced(line: str) -> str:
    """How to write a mapping that follows its name on the same line."""
    name, _, rest = line.strip().removeprefix("- ").partition(": ")
    return f"write {name}: {{{rest}}}"


def _why(error: Any) -> str:
    parts = [getattr(error, "context", None), getattr(error, "problem", None)]
    return "the YAML parser says: " + ", ".join(str(part) for part in parts if part) if any(parts) else ""

"""`docs/reference/rules.md`: every rule, findable by LINE's own words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from runtime.line.rules.table import Rule, rules, says, style_of
from runtime.line.rules.words import FAMILY_TITLES, TIERS, demand, places

MADE = "<!-- Written by `noren reference`; edit runtime/line/rules.json, then run that. -->\n"
HEAD = """# Message rules

What LINE accepts, rule by rule. Noren checks every message against this table before it is sent, so that
nothing leaves that LINE would refuse. If LINE (or Noren) has given you an error text, search this page for it:
the line with your text names the rule, and the rule says what to change. `noren rules check FILE` does that for
a message, `noren rules show ID` for a rule.

A *warning* is something LINE is not known to refuse, or that it shows in another way than you may expect; it never
stops a message. *Repair* is what Noren does by itself where the endpoint has `on_violation: repair`.

How sure LINE's text is: `obs` seen in an answer to this very property, `sib` seen for a neighbour of the same kind,
`doc` an example in the documentation, `sim` from a copy of the Flex Message Simulator, `guess` by the pattern.

LINE answers in four steps, and stops at the first with an error:

1. values of a wrong type: one sentence, no details;
2. all messages together: `The request body has N error(s)`, paths like `messages[0].quickReply.items[3].action`;
3. one message in depth: `A message (messages[0]) in the request body is invalid`, paths like `template/title` or, in
   Flex messages, `/body/contents/0/text`;
4. the account and the destination: one sentence, such as `Invalid reply token`.

How long a text is depends on the property: *UTF-16 code units* count an emoji such as 🍜 as two, *code points* count it
as one, and an emoji of several parts (👩‍👩‍👧) as all its parts.
"""


def page() -> str:
    """The whole page, as Markdown."""
    parts = [MADE + HEAD, _index()]
    for family, group in groupby(_sorted(), key=_family):
        parts.append(f"## {FAMILY_TITLES[family]}\n")
        parts += [_section(rule) for rule in group]
    return "\n".join(parts)


def _family(rule: Rule) -> str:
    return next(name for name in FAMILY_TITLES if any(on.startswith(name) for on in rule.on))


def _sorted() -> list[Rule]:
    order = list(FAMILY_TITLES)
    return sorted(rules().values(), key=lambda rule: order.index(_family(rule)))


def texts(rule: Rule) -> dict[str, str]:
    """LINE's texts for a rule, with numbers filled in, each with its confidence."""
    styles = [rule.style] if rule.style else sorted({style_of(on) for on in rule.on})
    if rule.kind == "type" and not rule.style:
        styles = ["types" if style != "flex" else style for style in styles]
    found = {}
    for style in styles:
        text, sure = says(rule, "request" if style == "types" and "any" not in rule.answer else style)
        found[filled(rule, text)] = sure
    return found


def filled(rule: Rule, text: str) -> str:
    """The text with the rule's own numbers and words in it; what depends on the message stays as `…`."""
    low, high = rule.limit if rule.kind in ("length", "size", "range") else (0, rule.limit)
    values = ", ".join(map(str, rule.limit)) if isinstance(rule.limit, list) else ""
    words = {"min": low or 0, "max": high, "values": values}
    for name, value in words.items():
        text = text.replace("{" + name + "}", str(value))
    for name in ("property", "line", "column", "actual"):
        text = text.replace("{" + name + "}", "…")
    return text


def _index() -> str:
    found: dict[str, list[str]] = {}
    for rule in rules().values():
        for text in texts(rule):
            found.setdefault(text, []).append(rule.id)
    rows = [f"| {_code(text)} | {_links(ids)} |" for text, ids in sorted(found.items(), key=lambda kv: kv[0].lower())]
    return "\n".join(["## By LINE's text\n", "| LINE says | rules |", "|---|---|", *rows, ""])


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return f"{fence}{space}{text}{space}{fence}".replace("|", "\\|")


def _links(ids: list[str]) -> str:
    shown = [f"[{name}](#{anchor(name)})" for name in ids[:12]]
    return ", ".join(shown) + (f" and {len(ids) - 12} more" if len(ids) > 12 else "")


def anchor(name: str) -> str:
    """The anchor that Markdown renderers give the heading of a rule."""
    return "".join(c for c in name.lower() if c.isalnum() or c in "-_")


def _section(rule: Rule) -> str:
    lines = [f"### {rule.id}\n", f"{demand(rule)}\n"]
    lines += [f"- {fact}" for fact in _facts(rule)]
    return "\n".join([*lines, ""])


def _facts(rule: Rule) -> Iterator[str]:
    yield f"where: {places(rule)}"
    for text, sure in texts(rule).items():
        yield f"LINE says: {_code(text)} ({sure})"
    if rule.severity == "warning":
        yield "severity: warning"
    if rule.fix:
        yield f"what to do: {rule.fix}"
    if rule.repair:
        yield f"repair: {rule.repair.replace('_', ' ')}"
    if rule.since:
        yield f"since: {rule.since}"
    yield f"source: {TIERS.get(rule.tier, rule.tier)}, <{rule.url}>"

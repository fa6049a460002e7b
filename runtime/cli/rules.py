"""`noren rules`: what LINE accepts, and whether it would accept this."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from runtime.cli import ask_line
from runtime.cli.ask_line import Opinion
from runtime.cli.project import root_option
from runtime.cli.stores import store_options, work
from runtime.cli.tables import as_json, format_option, limit_option, when
from runtime.errors import BadInput
from runtime.line.api import words
from runtime.line.rules.judge import TOS, VIAS, Judgement, To, Via, judge, judge_object, judge_request
from runtime.line.rules.page import texts
from runtime.line.rules.table import Rule
from runtime.line.rules.table import rules as every_rule
from runtime.line.rules.words import demand, places
from runtime.model import Violation

FIELDS = ("rule", "path", "property", "message", "severity", "actual", "limit", "url")
COLOURS = {"error": "red", "warning": "yellow"}


@click.group()
def rules() -> None:
    """Message rules: what LINE accepts, in its own words.

    \b
    Example:
      noren rules check flows/cards/menu.json
      noren rules list "must not be longer than"
    """


@rules.command("list")
@click.argument("words", nargs=-1)
@format_option
def list_(words: tuple[str, ...], form: str) -> None:
    """List the rules whose id, meaning or LINE text has all WORDS in it.

    \b
    Example:
      noren rules list invalid uri scheme
    """
    found = [rule for rule in every_rule().values() if _about(rule, " ".join(words))]
    if form == "json":
        click.echo(_json([_row(rule) for rule in found]))
    else:
        for rule in found:
            click.echo(f"{rule.id:44} {demand(rule)}" + (" (warning)" if rule.severity == "warning" else ""))
    if not found:
        raise BadInput(f"no rule says {' '.join(words)!r}; try fewer words")


def _about(rule: Rule, words: str) -> bool:
    text = " ".join([rule.id, demand(rule), rule.fix, *texts(rule)]).lower()
    return all(word in text for word in words.lower().split())


@rules.command()
@click.argument("id")
@format_option
def show(id: str, form: str) -> None:
    """Show one rule whole.

    \b
    Example:
      noren rules show text.text.max_length
    """
    rule = every_rule().get(id)
    if rule is None:
        near = [name for name in every_rule() if id.lower() in name.lower()]
        near = near or difflib.get_close_matches(id.lower(), list(every_rule()), n=3)
        way = f"perhaps {', '.join(near[:5])}" if near else "`noren rules list` shows all"
        raise BadInput(f"there is no rule {id!r}; {way}")
    row = _row(rule)
    if form == "json":
        click.echo(_json(row))
        return
    for name, value in row.items():
        if value not in ("", None, [], {}):
            click.echo(f"{name:9} {value if isinstance(value, str) else _json(value)}")


def _row(rule: Rule) -> dict[str, Any]:
    says = [{"text": text, "sure": sure} for text, sure in texts(rule).items()]
    about = {"id": rule.id, "asks": demand(rule), "where": places(rule).replace("`", ""), "kind": rule.kind}
    limits = {"limit": rule.limit, "unit": rule.unit, "severity": rule.severity, "says": says, "fix": rule.fix}
    return {**about, **limits, "repair": rule.repair, "tier": rule.tier, "since": rule.since, "url": rule.url}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


@rules.command()
@click.argument("files", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--via", type=click.Choice(VIAS), default="reply", show_default=True, help="The endpoint it goes through."
)
@click.option("--to", type=click.Choice(TOS), default="user", show_default=True, help="The kind of chat it goes to.")
@click.option("--jsonl", is_flag=True, help="Each line is a case {id, via, to, messages}; answers come in order.")
@click.option(
    "--ask-line", "asked", metavar="ENDPOINT", help="Ask LINE too, with this endpoint's token; nothing is sent."
)
@root_option
@format_option
def check(files: tuple[Path, ...], via: Via, to: To, jsonl: bool, asked: str, root: Path, form: str) -> None:
    """Check a message, a list of messages, a whole request, a Flex container or a rich menu.

    Reads FILES, or standard input. Exit code 0 when LINE would take all of it, 1 when not (or, when it is asked,
    says something else than we do), 2 when it is no JSON.

    \b
    Example:
      noren rules check --via push --to group flows/cards/menu.json
      noren rules check flows/cards/menu.json --ask-line shop
    """
    if jsonl:
        sys.exit(_lines(files, via, to))
    config = ask_line.endpoint(root, asked) if asked else None
    worst = 0
    for name, raw in _inputs(files):
        value = _decoded(raw, name)
        verdict = _judged(value, via, to)
        opinion = ask_line.ask(config, *_askable(value), via) if config else None
        _print(name, verdict, opinion, form)
        worst = max(worst, 0 if verdict.valid and (opinion is None or opinion.status == 200) else 1)
    sys.exit(worst)


@rules.command()
@store_options
@click.option("--forget", metavar="ID", help="Remove this one: its rule is in the table now.")
@limit_option(50)
@format_option
def gaps(root: Path, dev: bool, forget: str, limit: int, form: str) -> None:
    """List what LINE refused although the rules allowed it, the latest first.

    Each kind is one row, with LINE's answer, the shape of the messages without what they said, how often it was met
    and when. A gap is a rule that is missing here: please report it.

    \b
    Example:
      noren rules gaps
      noren rules gaps --format json
    """
    if forget:
        work(root, dev, lambda store: store.forget_gap(forget))
        return
    rows = work(root, dev, lambda store: store.list_gaps(limit))
    if form == "json":
        click.echo(as_json(rows))
        return
    for row in rows:
        click.secho(f"{row['id']}: {row['status']} {words(row['answer'])}", bold=True)
        click.echo(f"    {row['times']} times, first {when(row['first'])}, last {when(row['last'])}, {row['endpoint']}")
        click.echo(f"    {_json(row['shape'])}")
    if not rows:
        click.echo("no gaps: LINE refused nothing that the rules allow")


def _inputs(files: tuple[Path, ...]) -> Iterator[tuple[str, bytes]]:
    if not files:
        yield "standard input", sys.stdin.buffer.read()
    for path in files:
        if str(path) == "-":
            yield "standard input", sys.stdin.buffer.read()
            continue
        try:
            yield str(path), path.read_bytes()
        except OSError as error:
            raise BadInput(f"{path} cannot be read: {error.strerror}") from None


def _decoded(raw: bytes, name: str) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise BadInput(f"{name} is no JSON: {error}") from None


def _askable(value: Any) -> tuple[Any, str]:
    """What LINE can be asked about the value, and its kind."""
    if isinstance(value, list):
        return value, "messages"
    if "messages" in value:
        return value["messages"], "messages"
    if "chatBarText" in value:
        return value, "richmenu"
    if "chatId" in value:
        raise BadInput("LINE can be asked about messages and rich menus only")
    if value.get("type") in ("bubble", "carousel"):
        return [{"type": "flex", "altText": "-", "contents": value}], "messages"
    return [value], "messages"


def _judged(value: Any, via: Via, to: To) -> Judgement:
    """The value taken for what it looks like."""
    if isinstance(value, list):
        return judge(value, via=via, to=to)
    if not isinstance(value, dict):
        raise BadInput("give a message object, a list of messages, or a request body")
    if "messages" in value:
        whole = "replyToken" in value or "to" in value
        return judge_request(value, via=via, to=to) if whole else judge(value["messages"], via=via, to=to)
    for kind, key in (("richmenu", "chatBarText"), ("loading", "chatId")):
        if key in value:
            return judge_object(value, kind)
    if value.get("type") in ("bubble", "carousel"):
        return judge([{"type": "flex", "altText": "-", "contents": value}], via=via, to=to)
    return judge([value], via=via, to=to)


def _dumped(violation: Violation) -> dict[str, Any]:
    return {name: getattr(violation, name) for name in FIELDS}


def _result(verdict: Judgement) -> dict[str, Any]:
    found = [_dumped(violation) for violation in verdict.violations]
    return {"valid": verdict.valid, "response": verdict.response, "violations": found}


def _print(name: str, verdict: Judgement, opinion: Opinion | None, form: str) -> None:
    apart = ask_line.differences(verdict, opinion) if opinion else []
    if form == "json":
        line = {"line": {"status": opinion.status, "answer": opinion.answer, "differences": apart}} if opinion else {}
        click.echo(_json({"file": name, **_result(verdict), **line}))
        return
    for v in verdict.violations:
        click.secho(f"{name}: {v.severity}: {v.property or v.path}: {v.message}", fg=COLOURS[v.severity])
        fix = every_rule()[v.rule].fix
        click.echo(f"    {v.rule}: {demand(every_rule()[v.rule])}" + (f" {fix}" if fix else ""))
    errors = sum(v.severity == "error" for v in verdict.violations)
    click.echo(f"{name}: " + (f"LINE would refuse it, {errors} error(s)" if errors else "fine"))
    if opinion:
        says = words(opinion.answer) if opinion.status == 400 else "it is fine"
        click.echo(f"{name}: LINE was asked and says: {says}")
        for difference in apart or ["no difference to what we say"]:
            click.secho(f"    {difference}", fg="yellow" if apart else None)


def _lines(files: tuple[Path, ...], via: Via, to: To) -> int:
    """Judge cases line by line; a line that is no case is answered where it stands, and makes the exit code 2."""
    worst = 0
    encode, out = msgspec.json.Encoder().encode, sys.stdout.buffer
    for name, raw in _inputs(files):
        for number, line in enumerate(raw.splitlines(), 1):
            if line.strip():
                answer = _case(_decoded(line, f"{name}:{number}"), f"{name}:{number}", via, to)
                worst = max(worst, 0 if answer["valid"] else 1)
                out.write(encode(answer) + b"\n")
    out.flush()
    return worst


def _case(case: Any, name: str, via: Via, to: To) -> Mapping[str, Any]:
    if not isinstance(case, dict) or "messages" not in case:
        raise BadInput(f"{name} is no case: give {{id, via, to, messages}}")
    way, chat = case.get("via") or via, case.get("to") or to
    if way not in VIAS or chat not in TOS:
        raise BadInput(f"{name}: `via` is one of {', '.join(VIAS)}, `to` one of {', '.join(TOS)}")
    return {"id": case.get("id"), **_result(judge(case["messages"], via=way, to=chat))}

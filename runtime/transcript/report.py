"""How tests went, for people and for machines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from runtime.transcript.coverage import FlowCoverage, percent, plain
from runtime.transcript.play import Failure, Outcome


def told(failure: Failure) -> Iterator[str]:
    """A failure in lines: place and sentence, then the rest, indented."""
    yield f"{failure.at}: {failure.message}"
    yield from (f"    {line}" for line in failure.lines)


def as_json(outcomes: Sequence[Outcome], coverage: Mapping[str, Sequence[FlowCoverage]] | None) -> dict[str, Any]:
    made: dict[str, Any] = {
        "passed": sum(one.passed and not one.script.skip for one in outcomes),
        "failed": sum(not one.passed for one in outcomes),
        "skipped": sum(bool(one.script.skip) and one.passed for one in outcomes),
        "tests": [_case(one) for one in outcomes],
    }
    if coverage is not None:
        made["coverage"] = {endpoint: plain(flows) for endpoint, flows in coverage.items()}
    return made


def _case(outcome: Outcome) -> dict[str, Any]:
    return {
        "test": outcome.script.name,
        "file": outcome.script.file,
        "language": outcome.language,
        "outcome": state(outcome),
        "exchanges": outcome.exchanges,
        "ms": round(outcome.ms, 1),
        "failures": [
            {
                "file": one.at.file,
                "line": one.at.line,
                "column": one.at.column,
                "message": one.message,
                "lines": list(one.lines),
            }
            for one in outcome.failures
        ],
    }


def state(outcome: Outcome) -> str:
    if not outcome.passed:
        return "failed"
    return "skipped" if outcome.script.skip else "passed"


def as_junit(outcomes: Sequence[Outcome]) -> str:
    """The XML that build servers read."""
    failed, skipped = (sum(state(one) == word for one in outcomes) for word in ("failed", "skipped"))
    seconds = sum(one.ms for one in outcomes) / 1000
    head = f'tests="{len(outcomes)}" failures="{failed}" errors="0" skipped="{skipped}" time="{seconds:.3f}"'
    body = "\n".join(_junit(one) for one in outcomes)
    suite = f'<testsuite name="noren" {head}>\n{body}\n</testsuite>'
    return f'<?xml version="1.0" encoding="utf-8"?>\n<testsuites>{suite}</testsuites>\n'


def _junit(outcome: Outcome) -> str:
    names = f"classname={quoteattr(outcome.script.file)} name={quoteattr(outcome.name)}"
    inner = "".join(_junit_failure(one) for one in outcome.failures)
    if outcome.script.skip and outcome.passed:
        inner = f"<skipped message={quoteattr(outcome.script.skip)}/>"
    return f'<testcase {names} time="{outcome.ms / 1000:.3f}">{inner}</testcase>'


def _junit_failure(failure: Failure) -> str:
    text = escape("\n".join(told(failure)))
    return f"<failure message={quoteattr(failure.message)}>{text}</failure>"


def covered(flows: Iterable[FlowCoverage]) -> Iterator[str]:
    """Step coverage as a table: flow, share, what was not done."""
    every = list(flows)
    wide = max((len(one.name) for one in every), default=0)
    for one in every:
        whole = len(one.done) + len(one.left)
        yield f"  {one.name:<{wide}}  {one.percent:5.1f} %  {len(one.done)}/{whole}"
        yield from (f"      {step.at}  {step.VERB}  {step.name}" for step in one.left)
    yield f"  {'all steps':<{wide}}  {percent(every):5.1f} %"

"""`noren graph`: flows as pictures."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from runtime.cli.project import Project, open_project, root_option
from runtime.errors import BadInput
from runtime.flow.graph.make import graph_of
from runtime.flow.graph.svg import Coverage, svg
from runtime.flow.graph.text import dot, mermaid
from runtime.flow.loader import load
from runtime.flow.reading import nearest
from runtime.flow.tree import Flows

DRAW = {"svg": svg, "mermaid": mermaid, "dot": dot}
ENDINGS = {"svg": "svg", "mermaid": "mmd", "dot": "dot"}


@click.command()
@root_option
@click.argument("names", metavar="[FLOW]...", nargs=-1)
@click.option("--format", "form", type=click.Choice(list(DRAW)), help="svg, unless --out ends in .mmd or .dot.")
@click.option("--out", type=click.Path(path_type=Path), help="A file for one flow; a folder for several.")
@click.option("--endpoint", default="", help="Whose flows, when noren.yaml has several endpoints.")
@click.option("--language", default="", help="Language of the texts; the first of the endpoint otherwise.")
@click.option(
    "--coverage",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `noren test --coverage json` printed: colours the steps.",
)
def graph(
    root: Path, names: tuple[str, ...], form: str | None, out: Path | None, endpoint: str, language: str,
    coverage: Path | None,
) -> None:  # fmt: skip
    """Draw flows: triggers, what is said, questions, branches, ways out.

    One flow goes to standard output, or to the file --out. Several go into the folder --out, one file each. Where
    nothing else is said the form is SVG, on a terminal Mermaid, which people can read.
    The pictures are SVG in light and dark, or text for Mermaid and Graphviz.

    \b
    Example:
      noren graph booking --out booking.svg
      noren graph --out pictures --language ja
      noren graph booking --format mermaid
      noren test --coverage json > coverage.json
      noren graph booking --coverage coverage.json --out booking.svg
    """
    flows = _flows(open_project(root, lenient=True), endpoint)
    chosen = _chosen(flows, names)
    form = form or (_by_ending(out) if out or not sys.stdout.isatty() else "mermaid")
    tried = read_coverage(coverage) if coverage else None
    made = {name: DRAW[form](graph_of(flows, name, language=language), coverage=tried) for name in chosen}
    if out is None:
        sys.stdout.write("".join(made.values()))
        return
    for path in _written(made, out, ENDINGS[form], single=len(names) == 1 or bool(out.suffix)):
        click.echo(path)


def _flows(project: Project, name: str) -> Flows:
    endpoints = project.settings.endpoints
    if not endpoints or (name and name not in endpoints):
        known = ", ".join(endpoints) or "none"
        raise BadInput(f"noren.yaml has no endpoint {name}; there is {known}")
    config = endpoints[name] if name else next(iter(endpoints.values()))
    return load(project.files(config.flows), languages=config.languages)


def _chosen(flows: Flows, names: Sequence[str]) -> Sequence[str]:
    for name in names:
        if name not in flows.flows:
            known = nearest(name, flows.flows) or f"; there are {', '.join(flows.flows)}"
            raise BadInput(f"there is no flow {name}{known}")
    return names or list(flows.flows)


def _by_ending(out: Path | None) -> str:
    ending = out.suffix.removeprefix(".") if out else ""
    return next((form for form, known in ENDINGS.items() if known == ending), "svg")


def _written(made: Mapping[str, str], out: Path, ending: str, *, single: bool) -> Iterator[Path]:
    """The pictures in files. Raises `BadInput` when they cannot be written."""
    if single and len(made) > 1:
        raise BadInput(f"{out} is one file and there are {len(made)} flows; give a folder, or name one flow")
    try:
        if not single:
            out.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            path = out if single else out / f"{name}.{ending}"
            path.write_text(text, encoding="utf-8")
            yield path
    except OSError as error:
        raise BadInput(f"{error.filename or out} cannot be written: {error.strerror}") from None


def read_coverage(path: Path) -> Coverage:
    """What `noren test --coverage json` prints; or `flow.path`s as a list, or with counts, also under `steps`."""
    try:
        data: Any = msgspec.json.decode(path.read_bytes())
    except (msgspec.DecodeError, OSError) as error:
        raise BadInput(f"{path} is no coverage file: {error}") from None
    steps = data.get("steps", data) if isinstance(data, dict) else data
    if isinstance(steps, dict):
        return Coverage(frozenset(_of_tests(steps) or (name for name, count in steps.items() if count)))
    if isinstance(steps, list) and all(isinstance(one, str) for one in steps):
        return Coverage(frozenset(steps))
    raise BadInput(f"{path} is no coverage file; `noren test --coverage json` prints one")


def _of_tests(data: dict[str, Any]) -> list[str]:
    """Steps in the report by endpoint and flow; none in a mapping of another kind."""
    flows = [one["flows"] for one in data.values() if isinstance(one, dict) and isinstance(one.get("flows"), dict)]
    return [f"{flow}.{step}" for one in flows for flow, told in one.items() for step in told["done"]]

"""How long it takes to check many flow files: `python -m benchmarks.check [FILES]`.

Seconds of processor time of one core, the collector off as in `noren check`: from texts to findings, the first time and
again after one edited file. Beside it the same files read by PyYAML's C parser alone, as a measure of the machine. The
last line is a whole bot in a folder, from the disk to findings, as `noren check --watch` and `noren dev` look at it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from runtime.cli import judge
from runtime.cli.check import findings_of
from runtime.flow import kept
from runtime.flow.check import check
from runtime.flow.loader import examine
from runtime.project import uncollected
from runtime.settings import EndpointSettings

LANGUAGES = ("en", "ja")
SETTINGS = (
    "endpoints:\n  shop:\n    channel_secret: ${SECRET:-}\n    access_token: ${TOKEN:-}\n    languages: [en, ja]\n"
)
HEAD = """flow: flow{n}
vars: {{day: date, seats: {{type: int, min: 1, max: 8}}, name: text}}
start:
  - keyword: [book{n}, 予約{n}]
  - postback: {{go: flow{n}}}
anytime:
  - keyword: [cancel]
    do: [{{say: $bye}}, end]
steps:
"""
PART = """  - say: "Hello {{{{ profile.name }}}}, this is {n}/{i}"
  - ask: {name}
    id: q{i}
    say: Question {i}?
    quick: ["1", "2", {{label: More, text: "6"}}]
    else: [Please try again, Once more]
    give_up: {{goto: out}}
  - when: seats >= {i}
    do:
      - say: "Many, {{{{ seats }}}}"
      - set: {{name: "name ~ 'x'"}}
    else:
      - say: Few
  - switch: seats
    cases: {{"1": [{{say: One}}]}}
    default: [{{say: $more}}]
"""
TAIL = "  - goto: out\nsections:\n  out:\n    - say: $bye\n    - end\n"
TEXTS = "key,en,ja\nbye,Bye,さようなら\nmore,More {{ seats }},もっと\n"


def files(count: int) -> dict[str, str]:
    """So many flows of about fifty steps, hints and triggers' answers counted."""
    made = {"flows/texts/all.csv": TEXTS}
    for n in range(count):
        parts = "".join(PART.format(n=n, i=i, name=("day", "seats", "name")[i % 3]) for i in range(4))
        made[f"flows/f{n}.yaml"] = HEAD.format(n=n) + parts + TAIL
    return made


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.process_time()
    given = work()
    return time.process_time() - started, given


def stages(texts: Mapping[str, str]) -> dict[str, float]:
    """Seconds of each stage."""
    config = EndpointSettings(name="shop", languages=LANGUAGES)
    read, found = timed(lambda: examine(texts, LANGUAGES))
    checked, findings = timed(lambda: check(texts, LANGUAGES, found=found))
    judged, more = timed(lambda: list(judge.findings(found, config)))
    assert not [one for one in (*findings, *more) if one.severity == "error"]
    return {"read and compile": read, "check": checked, "message rules": judged}


def from_disk(texts: Mapping[str, str]) -> tuple[float, float]:
    """Seconds of the first look at a folder and of one after a saved edit."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        for path, text in {"noren.yaml": SETTINGS, **texts}.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        kept.forget()
        first, _ = timed(lambda: findings_of(root))
        edited = root / "flows/f0.yaml"
        edited.write_text(edited.read_text(encoding="utf-8").replace("Hello", "Good day"), encoding="utf-8")
        again, _ = timed(lambda: findings_of(root))
    return first, again


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    texts = files(count)
    edited = {**texts, "flows/f0.yaml": texts["flows/f0.yaml"].replace("Hello", "Good day")}
    with uncollected():
        bare, _ = timed(lambda: [list(yaml.parse(text, yaml.CSafeLoader)) for text in texts.values()])
        first, again = stages(texts), stages(edited)
    print(f"{count} files")
    print(f"{'':18} {'first':>8} {'again':>8}   × PyYAML's parser ({bare:.2f} s)")
    for name in first:
        print(f"{name:18} {first[name]:8.2f} {again[name]:8.2f}   {first[name] / bare:.1f}")
    whole, rest = sum(first.values()), sum(again.values())
    print(f"{'all':18} {whole:8.2f} {rest:8.2f}   {whole / bare:.1f}")
    whole, rest = from_disk(texts)
    print(f"{'from the disk':18} {whole:8.2f} {rest:8.2f}   {whole / bare:.1f}")


if __name__ == "__main__":
    main()

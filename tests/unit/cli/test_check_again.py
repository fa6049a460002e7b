"""What `noren check` remembers of files it has judged: after any edits it says what a new process would say."""

from __future__ import annotations

import os
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from runtime.cli import judge
from runtime.flow import kept
from runtime.flow.check import check, functions, requests
from runtime.flow.loader import examine
from runtime.model import Finding
from runtime.project import FLOW_FILES, read_files
from runtime.settings import EndpointSettings
from tests.unit.cli.test_broken import AROUND, FILES, FOLDER, MEDIA, keys

ROOT = FOLDER.parents[2]
MANY = int(os.environ.get("NOREN_EXAMPLES", "12"))
LANGUAGES = (("en",), ("en", "ja"), ("ja", "th", "zh-TW", "id", "en"))
NAMES = ("main", "menu", "shop", "quiz")
TEXTS = ("hello", "bye", "long")

Bot = dict[str, str]


def samples() -> dict[str, str]:
    """Place → text: the sample bot, and the broken files each at its own place in a bot."""
    made = dict(AROUND) | read_files(ROOT, ROOT / "flows")
    for path in FILES:
        if path.name.startswith("noren-"):
            continue
        text = path.read_text(encoding="utf-8")
        folder = {".yaml": "flows", ".csv": "flows/texts", ".json": "flows/cards"}[path.suffix]
        made[f"{folder}/{path.name}"] = text
        says = "".join(f"  - say: ${key}\n" for key in keys(text)) if path.suffix == ".csv" else ""
        shows = f"  - flex: cards/{path.name}\n    alt: A card\n" if path.suffix == ".json" else ""
        if says or shows:
            reader = f"flow: r{len(made)}\nstart: [{{keyword: read{len(made)}}}]\nsteps:\n{says}{shows}"
            made[f"flows/reader-{path.stem}.yaml"] = reader
    return made


SAMPLES = samples()
assert all(place.endswith(FLOW_FILES) for place in SAMPLES)
PLACES = (*sorted(SAMPLES), *(f"flows/{name}.yaml" for name in NAMES), "flows/texts/all.csv", "flows/texts/menu.csv")


def a_flow(name: str, by: Random, bare: float = 0.5) -> str:
    """A flow that jumps to others, to steps of theirs, to steps that may not be there."""
    if by.random() < bare:
        return a_bare_flow(name, by)
    lines = [f"flow: {name}", "vars: {n: int, who: {type: text, keep: forever}, x: any}"]
    if by.random() < 0.8:
        goto = f", goto: {a_target(by)}" if by.random() < 0.3 else ""
        lines.append(f"start: [{{keyword: {by.choice(('go', 'stop', name))}{goto}}}, {{event: {an_event(by)}{goto}}}]")
    if by.random() < 0.3:
        lines.append("anytime: [{keyword: cancel, do: [{say: $bye}, end]}]")
    if by.random() < 0.3:
        lines.append("texts: {hello: {en: Hello of mine, ja: どうも}}")
    lines += ["steps:", *(a_step(by, n) for n in range(by.randint(1, 6)))]
    lines += ["sections:", "  out:", *("  " + a_step(by, n).replace("\n", "\n  ") for n in range(7, 9))]
    return "\n".join(lines) + "\n"


def an_event(by: Random) -> str:
    return by.choice(("follow", "unfollow", "timer", "message"))


def a_target(by: Random) -> str:
    inner = by.choice(("", ".s1", ".s2", ".s3", ".out", ".nowhere"))
    far = f"{by.choice(NAMES)}{inner}"
    return by.choice((far, far, far, "s1", "s2", "out", "nowhere"))


def a_bare_flow(name: str, by: Random) -> str:
    """A flow that is hardly anything but jumps: what is reached in it the others decide."""
    kinds = ("goto: {}", "goto: {}", "goto: {}, if: profile.name", "goto: {}, if: profile.name", "say: Hi", "delay: 5m")
    steps = [by.choice(kinds).format(f"{by.choice(NAMES)}.s{by.randrange(5)}") for _ in range(5)]
    lines = [f"  - {{id: s{n}, {step}}}" for n, step in enumerate(steps)]
    start = f"start: [{{keyword: {name}}}]\n" if by.random() < 0.5 else ""
    return f"flow: {name}\n{start}steps:\n" + "\n".join(lines) + "\n"


def a_step(by: Random, number: int) -> str:
    jump, flow, given = a_target(by), by.choice((*NAMES, "nobody")), by.choice(("1", "who", "soon"))
    steps = (
        f"  - say: {by.choice(('Hi', '$hello', '$bye', '$long', '$none', '{{ who }} {{ y }}', 'x' * 6000))}",
        f"  - say: Pick\n    quick: [{{label: {by.choice(('A', 'b' * 30))}, text: a}}]",
        *(f"  - goto: {jump}" for _ in range(4)),
        f"  - when: {by.choice(('n > 1', 'true', 'who'))}\n    do: [{{say: Yes}}, {{goto: {jump}}}]",
        f"  - run: {flow}\n    in: {{n: {given}}}\n    out: {{x: who}}",
        "  - ask: n\n    type: int\n    say: $hello\n    silent: [{after: 5m, say: Well}]",
        "  - delay: 5m",
        "  - wait: 5m",
        "  - set: {n: soon, x: n}",
        "  - image: media/curtain.png",
        f"  - call: {by.choice('ab')}.py:f",
        "  - http: {get: https://x.example/a}",
        "  - flex: cards/receipt.json\n    alt: A card",
        "  - end",
    )
    step = by.choice(steps)
    return step if by.random() < 0.5 else step.replace("  - ", f"  - id: s{number}\n    ", 1) if ":" in step else step


def a_table(by: Random) -> str:
    cells = ("Hello", "{{ n }}", "{{ nope }}", "b" * 5001, "", "{{ who }}")
    rows = [f"{key},{by.choice(cells)},{by.choice(cells)}" for key in TEXTS if by.random() < 0.8]
    return "\n".join(["key,en,ja", *rows]) + "\n"


def a_file(place: str, by: Random) -> str:
    if place.endswith(("all.csv", "menu.csv")):
        return a_table(by)
    name = place.removeprefix("flows/").removesuffix(".yaml")
    return a_flow(name, by) if name in NAMES else SAMPLES[place]


def edited(text: str, by: Random) -> str:
    """A line more, a line less, two lines in another order, a word twice."""
    lines = text.split("\n")
    at = by.randrange(len(lines))
    return "\n".join(
        by.choice(
            (
                [*lines[:at], *lines[at + 1 :]],
                [*lines[:at], lines[at], *lines[at:]],
                [*lines[:at], *lines[at + 1 : at + 2], lines[at], *lines[at + 2 :]],
                [*lines[:at], lines[at].replace("e", "ee", 1), *lines[at + 1 :]],
                ["# a line more", *lines],
            )
        )
    )


def changed(bot: Bot, by: Random) -> Bot:
    """The bot after one more edit; the order of its files never matters."""
    what = by.choice(("put", "put", "edit", "edit", "edit", "remove", "again"))
    if what == "put" or not bot:
        place = by.choice(PLACES if by.random() < 0.5 else PLACES[-len(NAMES) - 2 :])
        return dict(sorted({**bot, place: a_file(place, by)}.items()))
    place = by.choice(sorted(bot))
    if what == "edit":
        return {**bot, place: edited(bot[place], by)}
    if what == "remove":
        return {name: text for name, text in bot.items() if name != place}
    return {name: str(text.encode(), "utf-8") for name, text in bot.items()}


def told(bot: Bot, languages: tuple[str, ...]) -> tuple[list[Finding], list[Finding], list[object]]:
    """All that is said of a bot by those who remember something."""
    found = examine(bot, languages)
    findings = check(bot, languages, used=("hello",), media=MEDIA, found=found)
    return (
        findings,
        judge.findings(found, EndpointSettings(name="bot", languages=languages)),
        [
            functions(found),
            requests(found),
            found.flows.version if found.flows is not None else "",
        ],
    )


def same_as_new(states: Sequence[tuple[Bot, tuple[str, ...]]]) -> None:
    kept.forget()
    warm = [told(*state) for state in states]
    for state, before in zip(states, warm, strict=True):
        kept.forget()
        assert told(*state) == before


@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32), st.integers(2, 8))
def test_after_any_edits_the_findings_are_those_of_a_new_process(seed: int, edits: int) -> None:
    by = Random(seed)
    bot: Bot = {f"flows/{name}.yaml": a_flow(name, by) for name in NAMES} | {"flows/texts/all.csv": a_table(by)}
    languages = by.choice(LANGUAGES)
    states = [(bot, languages)]
    for _ in range(edits):
        bot = changed(bot, by)
        languages = by.choice(LANGUAGES) if by.random() < 0.1 else languages
        states.append((bot, languages))
    same_as_new(states)


@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_what_is_reached_follows_the_jumps_of_other_flows(seed: int) -> None:
    by = Random(seed)
    bot: Bot = {f"flows/{name}.yaml": a_flow(name, by, bare=1) for name in NAMES}
    states = [(bot, ("en",))]
    for _ in range(10):
        bot = {**bot, f"flows/{(name := by.choice(NAMES))}.yaml": a_flow(name, by, bare=1)}
        states.append((bot, ("en",)))
    same_as_new(states)


@settings(max_examples=MANY, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_what_is_said_follows_the_texts_of_other_files(seed: int) -> None:
    by = Random(seed)
    steps = "".join(f"  - say: {by.choice(('$hello', '$bye', '$long', 'Hi {{ x }}'))}\n" for _ in range(4))
    declared = "vars: {n: int, who: text, x: any}"
    flows = {f"flows/{n}.yaml": f"flow: {n}\n{declared}\nstart: [{{keyword: {n}}}]\nsteps:\n{steps}" for n in NAMES}
    states = []
    for _ in range(8):
        cells = (*(f"{word}{by.choice(('', '', 'x' * 5001))}" for word in ("Hello", "{{ n }}")), "{{ who }}")
        rows = [f"{key},{by.choice(cells)},{by.choice(cells)}" for key in TEXTS]
        states.append(({**flows, "flows/texts/all.csv": "\n".join(["key,en,ja", *rows])}, by.choice(LANGUAGES[:2])))
    same_as_new(states)


@settings(max_examples=max(MANY // 10, 3), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_so_are_those_of_the_sample_bot(seed: int) -> None:
    by = Random(seed)
    bot: Bot = read_files(ROOT, ROOT / "flows")
    states = [(bot, LANGUAGES[2])]
    for _ in range(4):
        bot = changed(bot, by)
        states.append((bot, LANGUAGES[2]))
    same_as_new(states)


@pytest.mark.parametrize("name", [path.name for path in FILES if not path.name.startswith("noren-")])
def test_a_file_that_is_broken_and_mended_leaves_nothing_behind(name: str) -> None:
    place = next(place for place in SAMPLES if place.endswith(f"/{name}"))
    whole = dict(AROUND)
    broken = dict(sorted({**whole, place: SAMPLES[place]}.items()))
    same_as_new([(whole, ("en",)), (broken, ("en",)), (whole, ("en",)), (broken, ("en", "ja"))])

"""Messages in a turn, pushes that are billed, quick replies that nobody sees."""

from __future__ import annotations

from runtime.flow.check import check

START = "flow: a\nstart: [{keyword: go}]\n"
TALK = {"many-messages", "billed-push", "nobody-hears", "hidden-quick"}


def told(text: str, **files: str) -> list[tuple[str, int]]:
    found = check({"flows/a.yaml": text, **files})
    return [(one.code, one.at.line) for one in found if one.code in TALK]


def says(number: int) -> str:
    return "".join(f"  - say: number {n}\n" for n in range(number))


def test_five_messages_are_a_reply_and_six_are_not() -> None:
    assert told(f"{START}steps:\n{says(5)}") == []
    assert told(f"{START}steps:\n{says(6)}") == [("many-messages", 9)]
    assert told(f"{START}steps:\n{says(3)}  - ask: x\n    say: x?\n{says(5)}") == []
    assert told(f"{START}steps:\n{says(3)}  - ask: x\n    say: x?\n{says(6)}") == [("many-messages", 14)]


def test_the_longest_way_counts_also_through_other_flows_and_circles() -> None:
    branch = "  - when: input.text == 'x'\n    do: [{say: a}, {say: b}, {say: c}]\n    else: [{say: d}]\n"
    assert told(f"{START}steps:\n{branch}{says(2)}") == []
    assert told(f"{START}steps:\n{branch}{says(3)}") == [("many-messages", 9)]
    other = {"flows/b.yaml": f"flow: b\nsteps:\n{says(4)}"}
    [(code, line)] = told(f"{START}steps:\n{says(2)}  - goto: b\n", **other)
    assert (code, line) == ("many-messages", 6)
    ring = "steps:\n  - {id: x, say: a}\n  - set: {n: n + 1}\n  - {goto: x, if: n < 3}\n"
    assert told(f"{START}vars: {{n: {{type: int, default: 0}}}}\n{ring}") == []


def test_what_follows_a_pause_or_silence_is_a_push() -> None:
    assert told(f"{START}steps: [{{say: a}}, {{delay: 5m}}, {{log: x}},\n  {{say: b}}, {{say: c}}]") == [
        ("billed-push", 4)
    ]
    silent = "steps:\n  - ask: x\n    say: x?\n    silent: {after: 5m, say: Hello?}\n"
    assert told(START + silent) == [("billed-push", 6)]
    then = "steps:\n  - ask: x\n    say: x?\n    silent:\n      after: 5m\n      then:\n        - say: Bye\n"
    assert told(START + then) == [("billed-push", 9)]


def test_events_without_a_reply_token() -> None:
    assert told("flow: a\nstart: [{event: inject}]\nsteps:\n  - say: a") == [("billed-push", 4)]
    assert told("flow: a\nstart: [{event: follow}]\nsteps:\n  - say: a") == []
    assert told("flow: a\nstart:\n  - event: leave\n    do:\n      - say: Bye\nsteps: []") == [("nobody-hears", 5)]
    assert told("flow: a\nstart: [{event: unfollow}]\nsteps: [{log: gone}]") == []


def test_quick_replies_are_hidden_by_others_or_by_what_comes_later() -> None:
    first = "  - say: a\n    quick: [x]\n"
    assert told(f"{START}steps:\n{first}  - say: b\n") == []
    assert told(f"{START}steps:\n{first}  - say: b\n    quick: [y]\n") == [("hidden-quick", 5)]
    assert told(f"{START}steps:\n{first}  - ask: n\n    say: n?\n    options: [p, q]\n") == [("hidden-quick", 5)]
    assert ("hidden-quick", 5) in told(f"{START}steps:\n{first}  - delay: 1m\n  - say: b\n")
    assert told(f"{START}steps:\n{first}  - wait\n  - say: b\n    quick: [y]\n") == []

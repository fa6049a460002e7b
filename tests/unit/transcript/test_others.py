"""Tests of bots that hand chats over to other systems: what those answer, and what their agents do."""

from __future__ import annotations

from pathlib import Path

from tests.unit.transcript.test_agents import HEAD, failing

SETTINGS = """
endpoints: {shop: {languages: [en], timezone: Asia/Tokyo, loading: 0}}
handover:
  default: cw
  providers:
    cw: {type: chatwoot, url: "${CHATWOOT_URL}", account: 3, inbox: 7, token: "${CHATWOOT_TOKEN}", secret: "${SECRET}"}
    ours: {type: webhook, url: "${URL}", secret: "${SECRET}"}
"""
FLOW = """
flow: help
vars: {there: any}
start:
  - keyword: help
  - keyword: staff
    do:
      - availability:
        save: {there: available}
      - say: "Somebody there: {{ there }}."
steps:
  - handover:
    failed: [{say: "Failed: {{ handover.result.reason or handover.error.reason }}."}, end]
  - say: "Back: {{ handover.result.reason }}."
  - end
"""


def wrong(root: Path, *lines: str, given: str = "") -> list[str]:
    people = given if "agents" in given else f"{given}, agents: {{aya: {{}}, ben: {{}}}}"
    head = HEAD.replace("{name: Mai}}", f"{{name: Mai}}{people}}}")
    return failing(root, *lines, head=head, flow=FLOW, settings=SETTINGS)


def test_a_chat_is_in_the_hands_of_a_certain_provider(tmp_path: Path) -> None:
    lines = (
        "user: help",
        "bot: /Connecting/",
        "expect: {owner: 'provider:cw', case: queued, passed_on: [cw open]}",
        "user: Where is my tea?",
        "bot: You are next in line.",
        "agent: It left today.",
        "bot: {text: It left today., sender: Aya}",
        "user: Thank you",
        "agent: {text: You are welcome., as: ben}",
        "bot: {text: You are welcome., sender: Ben, via: reply}",
        "expect: {owner: provider, case: active, agent: 'cw:aya'}",
        "agent: {note: Asks for tea}",
        "agent: {snooze: 2h}",
        "expect: {case: snoozed}",
        "agent: {wake: true}",
        "agent: {resolve: {labels: [tea]}}",
        "user: thanks",
        "bot: 'Back: resolved.'",
        "expect: {owner: bot, passed_on: [cw open, cw message, /update/, cw message, /update/]}",
    )
    assert wrong(tmp_path, *lines) == []


def test_another_owner_than_expected_is_told(tmp_path: Path) -> None:
    told = wrong(tmp_path, "user: help", "expect: {owner: 'provider:ours'}")
    assert "the chat is in the hands of provider:cw, not of provider:ours" in " ".join(told)


def test_a_provider_may_refuse(tmp_path: Path) -> None:
    for answer, reason in (("refuses", "provider_error"), ("unsupported", "unsupported")):
        lines = ("user: help", "bot: [/Connecting/, /nobody is free/]", "expect: {owner: bot}", "user: hm")
        failed = f"bot: 'Failed: {reason}.'"
        assert wrong(tmp_path, *lines, failed, given=f", providers: {{cw: {answer}}}") == []


def test_a_provider_that_says_nothing_is_waited_for(tmp_path: Path) -> None:
    lines = ("user: help", "expect: {case: requested}", "clock: +39s", "expect: {case: requested}", "clock: +2s")
    assert wrong(tmp_path, *lines, "expect: {owner: bot, case: none}", given=", providers: {cw: silent}") == []
    late = ("user: help", "provider: accepts", "expect: {case: queued}", "agent: Hello")
    assert wrong(tmp_path, *late, "bot: Hello", given=", providers: {cw: silent}") == []


def test_a_provider_gives_the_chat_back_and_speaks_for_itself(tmp_path: Path) -> None:
    lines = (
        "user: help",
        "provider: {says: Our robot greets you.}",
        "bot: Our robot greets you.",
        "expect: {case: queued}",
        "provider: returns",
        "user: hello",
        "bot: 'Back: returned_to_bot.'",
    )
    assert wrong(tmp_path, *lines) == []


def test_what_agents_elsewhere_cannot_do_is_told(tmp_path: Path) -> None:
    told = " ".join(wrong(tmp_path, "user: help", "agent: {park: true}"))
    assert "the case is worked on in cw, where nobody can do that" in told
    told = " ".join(wrong(tmp_path, "user: hello", "provider: accepts"))
    assert "no other system has the chat" in told


def test_agents_elsewhere_are_given_cases(tmp_path: Path) -> None:
    lines = ("user: help", "agent: {claim: true}", "expect: {case: assigned, agent: 'cw:aya'}")
    assert wrong(tmp_path, *lines) == []
    lines = ("user: help", "agents: {ben: {}}", "agent: {assign: ben}", "expect: {agent: 'cw:ben'}")
    assert wrong(tmp_path, *lines) == []


def test_the_user_cancels_and_the_provider_is_told(tmp_path: Path) -> None:
    lines = ("user: help", "user: {tap: Cancel request}", "expect: {owner: bot, passed_on: [cw open, cw cancel]}")
    assert wrong(tmp_path, *lines) == []


def test_somebody_is_there_as_the_test_says(tmp_path: Path) -> None:
    assert wrong(tmp_path, "user: staff", "bot: 'Somebody there: true.'") == []
    assert wrong(tmp_path, "user: staff", "bot: 'Somebody there: false.'", given=", providers: {cw: refuses}") == []


def test_a_provider_that_there_is_not_is_told_with_the_near_one(tmp_path: Path) -> None:
    told = " ".join(wrong(tmp_path, "user: help", given=", providers: {cv: refuses}"))
    assert "there is no provider `cv` in noren.yaml; known: cw, ours" in told

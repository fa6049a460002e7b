"""Tests that play both sides: the user and the agents."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.errors import FlowError
from runtime.transcript.report import told
from runtime.transcript.script import read_script
from tests.unit.transcript.bots import played
from tests.world import write

SETTINGS = """
endpoints: {shop: {languages: [en], timezone: Asia/Tokyo, loading: 0}}
handover:
  queues: {general: {}, orders: {}}
  workstreams:
    support:
      queues: [{queue: orders, when: topic == "order"}, general]
      context: [topic]
      hours: {timezone: Asia/Tokyo, week: {mon-fri: "09:00-18:00"}, holidays: holidays/jp.yaml}
      timers: {wrap_up: 0}
"""
HELP = """
flow: help
vars: {topic: text, there: any}
start:
  - keyword: help
  - keyword: order
    do: [{set: {topic: "'order'"}}, {goto: ask}]
  - keyword: staff
    do:
      - availability: general
        save: {there: available}
      - say: "Somebody there: {{ there }}."
steps:
  - id: ask
    handover:
    cancelled: [{say: Cancelled.}]
  - say: "Back: {{ handover.status }}."
  - end
sections:
  again:
    - say: Again.
"""
HEAD = "test: it\ngiven: {profile: {name: Mai}}\nchat:\n"


def failing(root: Path, *lines: str, head: str = HEAD, flow: str = HELP, settings: str = SETTINGS) -> list[str]:
    """What is told about a test of these lines; nothing when it passes."""
    write(root, {"noren.yaml": settings, "flows/help.yaml": flow, "holidays/jp.yaml": "2026-12-03: closed Tea Day\n"})
    text = head + "".join(f"  - {line}\n" for line in lines)
    return [line for one in played(root, text) for failure in one.failures for line in told(failure)]


WAITING = ("user: help", "bot: [/Connecting/, You are next in line.]")


def test_an_agent_is_asked_accepts_answers_and_resolves(tmp_path: Path) -> None:
    lines = (
        *WAITING,
        "expect: {owner: human, case: offered, queue: general, agent: aya, billed: 0}",
        "agent: {accept: true}",
        "expect: {case: assigned}",
        "agent: How can I help?",
        "bot: {text: How can I help?, sender: Aya, via: push}",
        "expect: {case: active, billed: 1}",
        "user: Where is my parcel?",
        "agent: {note: Third time he asks}",
        "expect: {agent_sees: [Third time he asks], sent_by: none}",
        "agent: {resolve: {labels: [parcel]}}",
        "expect: {owner: bot, case: none, agent: none}",
        "user: thanks",
        'bot: "Back: completed."',
    )
    assert failing(tmp_path, *lines) == []


def test_rules_presence_and_a_second_agent(tmp_path: Path) -> None:
    lines = (
        "agents: {ben: {queues: [general]}}",
        "user: order",
        "bot: [/Connecting/, You are next in line.]",
        "expect: {case: queued, queue: orders, agent: none}",
        "agents: {cho: {queues: [orders], capacity: 1}}",
        "expect: {case: offered, agent: cho}",
        "agent: {reject: true, as: cho}",
        "expect: {case: queued}",
        "agent: {claim: true, as: ben}",
        "agent: {transfer: {agent: cho, note: Knows parcels}, as: ben}",
        "expect: {case: offered, agent: cho, agent_sees: [Knows parcels]}",
    )
    assert failing(tmp_path, *lines) == []


def test_an_agent_who_is_gone_gives_the_case_back_after_the_grace_time(tmp_path: Path) -> None:
    lines = (
        *WAITING,
        "agent: Hello",
        "bot: Hello",
        "agents: {aya: gone, ben: }",
        "expect: {agent: aya}",
        "clock: +2m",
        "expect: {case: offered, agent: ben}",
    )
    assert failing(tmp_path, "agents: {aya: }", *lines) == []


def test_a_reply_takes_the_chat_of_the_bot_over(tmp_path: Path) -> None:
    lines = ("user: order me", "agent: I am here.", "bot: I am here.", "expect: {owner: human, agent: aya}")
    assert failing(tmp_path, *lines) == []


def test_resolving_at_an_entrance_of_the_flow(tmp_path: Path) -> None:
    lines = (*WAITING, "agent: Hi", "bot: Hi", "agent: {resolve: {inject: again}}", "user: well", "bot: Again.")
    assert failing(tmp_path, *lines) == []


def test_a_case_is_put_aside_until_later(tmp_path: Path) -> None:
    lines = (*WAITING, "agent: Hi", "bot: Hi", "agent: {snooze: 2h}", "expect: {case: snoozed}", "clock: +2h")
    assert failing(tmp_path, *lines, "expect: {case: active}") == []


@pytest.mark.parametrize(("clock", "said"), [("2026-12-05T12:00", "/closed now/"), ("2026-12-03T12:00", "/Tea Day/")])
def test_hours_and_a_file_of_holidays(tmp_path: Path, clock: str, said: str) -> None:
    head = f'test: it\ngiven: {{profile: {{name: Mai}}, clock: "{clock}"}}\nchat:\n'
    lines = ("user: help", f'bot: [{said}, /noted/, "Back: completed."]', "expect: {owner: bot}")
    assert failing(tmp_path, *lines, head=head) == []


def test_availability_follows_who_is_there(tmp_path: Path) -> None:
    lines = ("agents: {aya: away}", "user: staff", 'bot: "Somebody there: false."', "agents: {aya: online}")
    assert failing(tmp_path, *lines, "user: staff", 'bot: "Somebody there: true."') == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("agent: {accept: true}", "accept: nothing is offered to anybody"),
        ("agent: {resolve: true}", "resolve: there is no case"),
        ("agent: {note: Hi, as: zoe}", "note: there is no agent zoe; there are aya"),
        ("agent: {transfer: nowhere}", "transfer: there is no case"),
    ],
)
def test_what_a_case_does_not_allow_fails_the_test(tmp_path: Path, line: str, said: str) -> None:
    assert any(said in one for one in failing(tmp_path, "user: what", line))


def test_what_is_not_so_is_told(tmp_path: Path) -> None:
    wrong = failing(
        tmp_path, "agents: {aya: }", *WAITING, "expect: {owner: bot, case: queued, agent: ben, agent_sees: [Hi]}"
    )
    text = "\n".join(wrong)
    assert "owner: the chat is in the hands of human, not of bot" in text
    assert "case: offered, not queued" in text
    assert "agent: aya, not ben" in text
    assert "notes for agents: none" in text


def test_a_word_that_no_agent_has_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(FlowError) as caught:
        read_script(HEAD + "  - user: help\n  - agent: {acept: true}\n", "tests/it.yaml")
    [finding] = [one for one in caught.value.findings if one.code == "unknown-key"]
    assert (finding.at.line, finding.at.column) == (5, 13)
    assert "accept" in finding.message + finding.fix


def test_the_answer_to_what_the_user_just_wrote_is_free(tmp_path: Path) -> None:
    lines = (*WAITING, "agent: {accept: true}", "user: hello?", "agent: Hi", "bot: {text: Hi, via: reply}")
    assert failing(tmp_path, *lines, "expect: {billed: 0}") == []


HEARING = """
flow: help
start:
  - keyword: help
anytime:
  - handover: active
    do: [{say: "{{ handover.agent }} speaks", to: agent}]
  - handover: [inactive]
    do: [{say: "silent {{ handover.inactivityCount }}", to: agent}]
  - handover: completed
    do: [{say: "It was {{ handover.status }}."}]
steps:
  - handover: general
    inactive: {after: 5m}
    eager: true
  - say: Back.
  - end
"""


def test_triggers_hear_what_people_let_the_flow_know(tmp_path: Path) -> None:
    lines = (
        *WAITING,
        "agent: Hi",
        "bot: Hi",
        "expect: {agent_sees: [aya speaks]}",
        "clock: +5m",
        "expect: {agent_sees: [silent 1]}",
        "agent: {resolve: true}",
        "bot: It was completed.",
        "user: thanks",
        "bot: Back.",
    )
    assert failing(tmp_path, *lines, flow=HEARING) == []


@pytest.mark.parametrize("words", [("user: hm", "agent: fine", "bot: fine"), ()])
def test_no_conversation_expires_while_people_have_it(tmp_path: Path, words: tuple[str, ...]) -> None:
    lines = (*WAITING, "agent: Hi", "bot: Hi", "clock: +2h", *words, "agent: {resolve: true}", "clock: +10m")
    assert failing(tmp_path, *lines, "user: thanks", 'bot: "Back: completed."') == []


def test_agents_of_other_systems_are_played_and_nothing_is_called(tmp_path: Path) -> None:
    there = "{type: chatwoot, url: 'https://chat.example', account: 1, inbox: 7, token: x, webhook_secret: y}"
    settings = SETTINGS.replace("handover:\n", f"handover:\n  default: cw\n  providers: {{cw: {there}}}\n")
    write(tmp_path, {"noren.yaml": settings, "flows/help.yaml": HELP, "holidays/jp.yaml": "{}\n"})
    lines = (
        "user: help",
        "bot: /Connecting/",
        "agent: I am here.",
        "bot: I am here.",
        "agent: {resolve: true}",
        "user: thanks",
        "bot: 'Back: completed.'",
    )
    text = HEAD.replace("given: {", "given: {clock: 2026-11-20T10:00:00+09:00, ") + "".join(
        f"  - {one}\n" for one in lines
    )
    assert [told(failure) for one in played(tmp_path, text) for failure in one.failures] == []


def test_agents_with_fewer_skills_are_asked_when_their_time_has_come(tmp_path: Path) -> None:
    settings = SETTINGS.replace("general: {}", "general: {skills: [tea, cakes]}")
    settings = settings.replace("timers:", "distribution: {relax_after: 90s, accept_within: 30s}\n      timers:")
    head = "test: it\ngiven: {profile: {name: Mai}, agents: {aya: {skills: [tea]}}}\nchat:\n"
    for after, case in (("+89s", "queued"), ("+90s", "offered"), ("+100s", "offered"), ("+125s", "queued")):
        lines = ("user: help", f"clock: {after}", f"expect: {{case: {case}}}")
        assert failing(tmp_path, *lines, head=head, settings=settings) == [], after


def test_who_declined_is_asked_again_half_a_minute_later(tmp_path: Path) -> None:
    lines = (*WAITING, "agent: {reject: true}", "expect: {case: queued}", "clock: +29s", "expect: {case: queued}")
    assert failing(tmp_path, *lines, "clock: +1s", "expect: {case: offered}") == []


def test_who_is_gone_loses_their_case_after_the_grace(tmp_path: Path) -> None:
    lines = ("agent: {accept: true}", "agents: {aya: gone}", "clock: +59s", "expect: {case: assigned}", "clock: +2s")
    head = HEAD.replace("{name: Mai}}", "{name: Mai}, agents: {aya: {}}}")
    assert failing(tmp_path, *WAITING, *lines, "expect: {case: queued, agent: none}", head=head) == []

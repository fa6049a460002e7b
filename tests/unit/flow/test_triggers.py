"""What brings a user into a flow, and which flow wins."""

from __future__ import annotations

import time

import pytest

from runtime.flow.loader import load
from runtime.flow.triggers import TriggerIndex
from tests.unit.flow.talk import Talk


def one(trigger: str, **more: object) -> Talk:
    return Talk(f"flow: a\nvars: {{n: {{type: int, default: 3}}}}\nstart: [{trigger}]\nsteps: [{{say: yes}}]", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["予約", "よやく", "  Book! ", "ＢＯＯＫ", "book a table", "I want to reserve"])
def test_keywords(text: str) -> None:
    assert one('{keyword: [予約, ヨヤク, book*, "*reserve*"]}').user(text) == ["yes"]


def test_keywords_by_language_and_alone() -> None:
    assert one("{keyword: {ja: [予約], en: book}}").user("book") == ["yes"]
    assert one("{keyword: 12}").user("12") == ["yes"]
    assert one("{keyword: book}").user("my book") == []


def test_patterns() -> None:
    assert one("{regex: '^order #?[0-9]+$'}").user("Order #12") == ["yes"]
    assert one("{regex: [/abc/, xyz]}").user("wxyz") == ["yes"]
    assert one("{regex: xyz}").user("xy") == []


def test_postbacks() -> None:
    assert one("{postback: {go: book}}").posts("go=book&n=2") == ["yes"]
    assert one("{postback: {go: book, n: 2}}").posts("go=book&n=2") == ["yes"]
    assert one("{postback: {go: book, n: 2}}").posts("go=book&n=3") == []
    assert one("{postback: 'go=book'}").posts("go=book") == ["yes"]
    assert one("{postback: 'go=book'}").posts("go=book&n=2") == []


def test_a_postback_of_any_value() -> None:
    assert one("{postback: {buy: '*'}}").posts("buy=tea") == ["yes"]
    assert one("{postback: {buy: '*', n: 2}}").posts("buy=tea&n=2") == ["yes"]
    assert one("{postback: {buy: '*', n: 2}}").posts("buy=tea&n=3") == []
    assert one("{postback: {buy: '*'}}").posts("go=tea") == []
    flows = {
        "flows/a.yaml": "flow: a\nstart: [{postback: {buy: '*'}}]\nsteps: [{say: whatever}]",
        "flows/b.yaml": "flow: b\nstart: [{postback: {buy: tea}}]\nsteps: [{say: tea}]",
    }
    assert Talk(flows).posts("buy=tea") == ["tea"], "what is written out fits better"
    assert Talk(flows).posts("buy=cake") == ["whatever"]


@pytest.mark.parametrize("kind", ["follow", "join", "member_joined", "beacon", "account_link", "membership", "edited"])
def test_events(kind: str) -> None:
    assert one(f"{{event: [{kind}, leave]}}").happens(kind) == ["yes"]
    assert one("{event: unfollow}").happens(kind) == []


@pytest.mark.parametrize("kind", ["image", "video", "audio", "file", "location", "sticker"])
def test_kinds_of_messages(kind: str) -> None:
    assert one(f"{{message: {kind}}}").sends(kind) == ["yes"]
    assert one("{message: text}").sends(kind) == []


def test_stickers_by_their_words() -> None:
    bot = one("{message: sticker, keyword: [Thank You, love*]}")
    assert bot.sends("sticker", keywords=["smile", "thank you"]) == ["yes"]
    assert bot.sends("sticker", keywords=["lovely"]) == ["yes"]
    assert bot.sends("sticker", keywords=["angry"]) == []
    assert bot.user("thank you") == []


def test_mentions_and_languages_and_conditions() -> None:
    assert one("{mention: true}").user("@Shop hi", mention={"self": True, "rest": " hi"}) == ["yes"]
    assert one("{mention: true}").user("hi") == []
    assert one("{keyword: hi}").user("@Shop hi", mention={"self": True, "rest": " hi"}) == ["yes"]
    assert one("{keyword: hi, language: ja}", languages=("en", "ja"), language="ja").user("hi") == ["yes"]
    assert one("{keyword: hi, language: ja}", languages=("en", "ja")).user("hi") == []
    assert one("{keyword: hi, when: n == 3 and input.text == 'hi'}").user("hi") == ["yes"]
    assert one("{when: n == 4}").user("hi") == []
    assert one("{when: 1 / (n - 3)}").user("hi") == [], "what cannot be worked out does not fire"


def test_the_first_of_a_flow_wins() -> None:
    text = "flow: a\nstart: [{regex: book, goto: one}, {keyword: book, goto: two}]\nsteps: []\n"
    bot = Talk(text + "sections: {one: [{say: one}], two: [{say: two}]}")
    assert bot.user("book") == ["one"]


def test_of_several_flows_the_one_that_fits_best_wins() -> None:
    flows = {
        "a": "{keyword: '*book*'}", "b": "{keyword: book*}", "c": "{keyword: book now}", "d": "{regex: book}",
        "e": "{message: text}", "f": "{keyword: book*, language: en}",
    }  # fmt: skip
    bot = Talk(
        {
            f"flows/{name}.yaml": f"flow: {name}\nstart: [{start}]\nsteps: [{{say: {name}}}]"
            for name, start in flows.items()
        }
    )
    assert bot.user("book now") == ["c"]
    assert bot.user("book then") == ["f"]
    assert bot.user("my book") == ["a"]
    assert bot.user("mybook") == ["a"]
    assert bot.user("else") == ["e"]


def test_a_trigger_may_do_something_itself() -> None:
    bot = one("{keyword: thanks, do: [{say: Welcome!}]}, {keyword: go}")
    assert bot.user("thanks") == ["Welcome!"]
    assert bot.at == ""


def test_finding_a_trigger_costs_the_same_among_many_flows() -> None:
    def index(count: int) -> TriggerIndex:
        return load(
            {
                f"flows/f{i}.yaml": f"flow: f{i}\nstart: [{{keyword: [word{i}, 予約{i}]}}, {{postback: {{go: x{i}}}}}]"
                for i in range(count)
            }
        ).start

    from runtime.model import Chat, Event

    event = Event(id="e", session="s", endpoint="e", kind="message", at=1, due=1, chat=Chat("user", "u"), text="word1",
                  data={"type": "text"})  # fmt: skip
    few, many = index(2), index(500)

    def cost(made: TriggerIndex) -> float:
        best = 1.0
        for _ in range(20):
            begin = time.perf_counter()
            for _ in range(200):
                made._found(event)
            best = min(best, time.perf_counter() - begin)
        return best

    assert cost(many) < 3 * cost(few)

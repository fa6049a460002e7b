"""Questions: what they accept, what they say when they cannot, and how they are left."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.flow.talk import Talk


def ask(keys: str, vars: str = "{}", **more: Any) -> Talk:
    lines = "\n".join(f"    {line}" for line in keys.strip().splitlines())
    text = f"flow: a\nvars: {vars}\nstart: [{{keyword: go}}]\nsteps:\n  - ask: x\n{lines}\n  - say: 'got {{{{ x }}}}'\n"
    bot = Talk(text, **more)
    bot.user("go")
    return bot


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("text", " hello ", "hello"),
        ("yes_no", "はい", True),
        ("yes_no", "ไม่", False),
        ("number", "๓.๕", 3.5),
        ("int", "二", 2),
        ("date", "明日", "2026-12-01"),
        ("date", "2026-12-05", "2026-12-05"),
        ("time", "午後7時半", "19:30"),
        ("time", "7pm", "19:00"),
        ("datetime", "2026-12-05 19:00", "2026-12-05T19:00"),
        ("datetime", "tomorrow 7pm", "2026-12-01T19:00"),
        ("email", "Mai@Example.com", "mai@example.com"),
        ("phone", "０９０-1234-5678", "09012345678"),
        ("phone", "+66 81 234 5678", "+66812345678"),
        ("url", "shop.example/x", "https://shop.example/x"),
        ("any", "what ever", "what ever"),
    ],
)
def test_answers_by_type(kind: str, text: str, value: Any) -> None:
    bot = ask(f"say: x?\ntype: {kind}")
    bot.user(text)
    assert bot.vars == {"x": value}


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("yes_no", "perhaps later"), ("number", "many"), ("int", "2.5"), ("date", "some day"), ("time", "7"),
        ("time", "25:00"), ("datetime", "tomorrow"), ("email", "mai at example"),
        ("phone", "call me"), ("url", "no url"),
        ("image", "a picture"), ("location", "here"), ("data", "text"),
    ],
)  # fmt: skip
def test_wrong_answers_by_type(kind: str, text: str) -> None:
    bot = ask(f"say: x?\ntype: {kind}\nelse: [again]")
    assert bot.user(text) == ["again"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("image", {"id": "m1", "content": {"token": "t"}}),
        ("location", {"latitude": 1.5, "longitude": 2.5, "title": "A"}),
        ("sticker", {"package": "1", "sticker": "2", "keywords": ["hi"]}),
        ("file", {"id": "m1", "name": "a.pdf", "size": 3}),
    ],
)
def test_messages_that_are_no_text(kind: str, data: dict[str, Any]) -> None:
    for asked in (kind, "any"):
        bot = ask(f"say: x?\ntype: {asked}")
        bot.sends(kind, **data, quote_token="q")
        assert bot.vars["x"] == data


def test_a_pattern() -> None:
    bot = ask("say: x?\ntype: regex\npattern: /[A-Z]{2}-\\d+/\nelse: [Like AB-1.]")
    assert bot.user("AB1") == ["Like AB-1."]
    assert bot.user("ab-12") == ["got ab-12"]


def test_bounds_of_the_variable_and_of_the_question() -> None:
    bot = ask("say: x?\nelse: [1 to 8.]\nmax: 6", vars="{x: {type: int, min: 1, max: 8}}")
    assert bot.user("9") == ["1 to 8."]
    assert bot.user("7") == ["1 to 8."]
    assert bot.user("6") == ["got 6"]


def test_a_check_of_its_own() -> None:
    bot = ask("say: x?\ntype: int\nwhen: answer % 2 == 0 and x > 2\nelse: [Even.]")
    assert [bot.user("3"), bot.user("2"), bot.user("4")] == [["Even."], ["Even."], ["got 4"]]


def test_the_last_hint_is_repeated_without_a_way_out() -> None:
    bot = ask("say: x?\ntype: int\nelse: [one, two]")
    assert [bot.user("a")[0] for _ in range(4)] == ["one", "two", "two", "two"]


def test_without_hints_the_question_is_said_again() -> None:
    bot = ask("say: x?\ntype: int\ngive_up: [{say: Never mind.}]")
    assert bot.user("a") == ["Never mind.", "got "]
    bot = ask("say: x?\ntype: int")
    assert bot.user("a") == ["x?"]


def test_a_hint_may_be_steps() -> None:
    bot = ask("say: x?\ntype: int\nelse:\n  - [{sticker: 1/2}, {say: digits}]\n  - goto: x")
    assert bot.user("a") == ["<sticker>", "digits"]
    assert bot.user("b") == ["x?"]


def test_choices() -> None:
    bot = ask(
        "say: x?\noptions: [{label: Red wine, value: red, also: [rouge]}, {label: White wine, value: white}, beer]\n"
        "else: [One of these.]"
    )
    assert bot.quick() == ["Red wine", "White wine", "beer"]
    assert bot.user("juice") == ["One of these."]
    assert bot.quick() == ["Red wine", "White wine", "beer"]
    for text in ("red", "RED WINE", "rouge", "1"):
        bot = ask("say: x?\noptions: [{label: Red wine, value: red, also: [rouge]}, {label: White, value: white}]")
        assert bot.user(text) == ["got red"]
    bot = ask("say: x?\noptions: [{label: Red, value: red}, {label: White, value: white}]")
    assert bot.tap("White") == ["got white"]


def test_choices_of_a_list_and_of_the_variable() -> None:
    bot = ask("say: x?\noptions: {each: one in xs, value: '{{ one }}'}", vars="{xs: {type: list, default: [a, b]}}")
    assert bot.quick() == ["a", "b"]
    assert bot.tap("b") == ["got b"]
    bot = ask("say: x?\nelse: [no]", vars="{x: {type: choice, of: [regular, vip]}}")
    assert bot.user("gold") == ["no"]
    assert bot.user("VIP") == ["got vip"]


def test_cards_with_values_make_a_choice() -> None:
    bot = ask(
        "cards: {each: s in xs, card: {text: '{{ s }}'}, buttons: [{label: 'Take {{ s }}', value: '{{ s }}'}]}\n"
        "else: [no]",
        vars="{xs: {type: list, default: [a, b]}}",
    )
    assert bot.user("something") == ["no"]
    bot.user("go")
    assert bot.user("Take a") == ["got a"]


def test_yes_and_no_as_buttons() -> None:
    bot = ask("say: Sure?\ntype: yes_no\nconfirm: {yes: Of course, no: Never}")
    assert [output.kind for output in bot.outputs] == ["confirm"]
    assert bot.outputs[0].text == "Sure?"
    assert bot.tap("Never") == ["got false"]
    bot = ask("say: Sure?\ntype: yes_no\nconfirm: {yes: Of course, no: Never}")
    assert bot.user("yes") == ["got true"]


WHEN = "say: When?\ntype: date\npicker: {min: '{{ today }}', max: '{{ today + days(60) }}'}\nelse: [In 60 days.]"


def test_the_picker() -> None:
    bot = ask(WHEN)
    [button] = bot.outputs[0].quick
    assert button == {
        "label": "Choose a date", "pick": "date", "min": "2026-11-30", "max": "2027-01-29", "ask": "a.x",
    }  # fmt: skip
    assert bot.picks("2026-12-05") == ["got 2026-12-05"]
    bot = ask(WHEN)
    assert bot.user("2027-06-01") == ["In 60 days."]


TWO = """
flow: a
start: [{keyword: go}]
steps:
  - ask: x
    say: First?
    options: [{label: A, value: a}, {label: B, value: b}]
  - ask: y
    say: Second?
    options: [{label: A, value: a}, {label: B, value: b}]
    else: [no]
  - say: "{{ x }}{{ y }}"
"""


def test_a_double_tap_does_not_answer_the_next_question() -> None:
    bot = Talk(TWO)
    bot.user("go")
    first = "answer=a&ask=a.x"
    assert bot.posts(first) == ["Second?"]
    assert bot.posts(first) == [], "the same tap twice is one tap too many"
    assert bot.posts("answer=b&ask=a.y") == ["ab"]
    assert bot.vars == {"x": "a", "y": "b"}
    assert bot.posts("answer=b&ask=a.y") == []


def test_a_tap_on_an_old_button_asks_again_and_is_not_counted() -> None:
    bot = Talk(TWO)
    bot.user("go")
    bot.posts("answer=a&ask=a.x")
    bot.wait("1m")
    assert bot.posts("answer=b&ask=a.x") == ["Second?"]
    assert bot.session.cursor is not None
    assert bot.session.cursor.data["tries"] == 0
    assert bot.vars == {"x": "a"}


def test_a_tap_on_something_else_is_no_wrong_answer() -> None:
    bot = ask("say: x?\ntype: int\nelse: [no]\nstale: ignore")
    assert bot.posts("go=somewhere") == []
    assert bot.user("3") == ["got 3"]


def test_taps_as_data() -> None:
    bot = ask("say: x?\ntype: data")
    bot.posts("go=1&n=2")
    assert bot.vars["x"] == {"go": "1", "n": "2"}


def test_silence() -> None:
    bot = ask("say: x?\ntype: int\nelse: [no]\nsilent: {after: 10m, say: Still there?}")
    assert bot.wait("9m") == []
    bot.user("a")
    assert bot.wait("9m") == [], "a word breaks the silence"
    assert bot.wait("1m") == ["Still there?"]
    assert bot.wait("1h") == []
    assert len(bot.timers) == 0
    bot = ask("say: x?\nsilent: {after: 10m, say: Bye., then: end}")
    assert bot.wait("10m") == ["Bye."]
    assert bot.at == ""
    bot = ask("say: x?\nsilent: {after: 10m, then: [{say: Well.}]}")
    assert bot.wait("10m") == ["Well.", "got "]
    bot = ask("say: x?\nsilent: {after: 10m, say: Bye., then: end}")
    bot.user("hello")
    assert bot.timers == {}
    assert bot.wait("10m") == []


def test_optional() -> None:
    bot = ask("say: x?\ntype: int\noptional: true")
    assert bot.user("rather not") == ["got "]
    bot = ask("say: x?\ntype: int\noptional: true\nelse: [a number]")
    assert bot.user("hm") == ["a number"]
    assert bot.user("hm") == ["got "]
    for word in ("skip", "スキップ", "スキップします", "ข้าม", "ขอข้ามค่ะ", "跳過", "跳過吧", "lewati", "lewati saja"):
        bot = ask("say: x?\ntype: int\noptional: true\nelse: [a number]")
        assert bot.user(word) == ["got "]
    bot = ask("say: x?\nquick: [{label: Skip, value: ''}]\noptional: true")
    assert bot.tap("Skip") == ["got "]


def test_forget_keeps_the_answer_for_the_turn_only() -> None:
    bot = ask("say: x?\nforget: true")
    assert bot.user("secret") == ["got secret"]
    assert "secret" not in str(bot.session)
    assert bot.turn is not None
    assert "secret" not in str(bot.turn.trace)
    assert any(row.get("private") for row in bot.turn.trace)


def test_save_takes_parts_of_an_answer() -> None:
    bot = ask("say: x?\ntype: location\nsave: {lat: answer.latitude}", vars="{lat: number}")
    bot.sends("location", latitude=1.5, longitude=2)
    assert bot.vars["lat"] == 1.5


def test_what_the_question_itself_says_may_be_several_things() -> None:
    bot = ask("say: Look!\nimage: media/a.png\nquick: [Yes]")
    assert [output.kind for output in bot.outputs] == ["text", "image"]
    assert bot.outputs[0].quick == ()
    assert bot.quick() == ["Yes"]

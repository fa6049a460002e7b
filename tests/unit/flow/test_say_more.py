"""Says in full: variants, conditions on parts, emoji, mentions, quotes, coupons, everything from data."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.errors import FlowError
from runtime.model import Chat, Output
from tests.unit.flow.talk import Talk

GROUP = Chat("group", "C1")
HEART = "5ac1bfd5040ab15980c9b435"


def says(step: str, vars: str = "{}", **settings: Any) -> Talk:
    lines = "\n".join(f"    {line}" for line in step.strip().splitlines()).lstrip()
    bot = Talk(f"flow: a\nvars: {vars}\nstart: [{{keyword: go*}}]\nsteps:\n  - {lines}\n", **settings)
    bot.user("go")
    return bot


def said(step: str, vars: str = "{}", **settings: Any) -> Output:
    return says(step, vars, **settings).outputs[0]


def test_emoji_by_function_and_by_sign() -> None:
    output = said(f"say: \"😀 Hi {{{{ emoji('{HEART}', '001') }}}}!\"")
    assert output.text == "😀 Hi $!"
    assert output.data["emojis"] == [{"index": 6, "productId": HEART, "emojiId": "001"}], "counted in UTF-16"
    output = said(f"say: A (heart) and (heart)\nemoji: {{(heart): {HEART}/002}}")
    assert output.text == "A $ and $"
    assert [one["index"] for one in output.data["emojis"]] == [2, 8]
    with pytest.raises(FlowError, match="emoji"):
        says("say: a\nemoji: {x: heart}")


def test_mentions() -> None:
    output = said("say: \"Hello {{ mention() }}, and {{ mention('all') }}\"", chat=GROUP)
    assert output.text == "Hello {m0}, and {m1}"
    assert output.data["mentions"] == {"m0": {"user": "U1", "name": "Mai"}, "m1": {"all": True, "name": "@All"}}
    bot = Talk(
        "flow: a\nstart: [{event: member_joined}]\n"
        "steps: [{say: 'Welcome {{ mention(event.data.members[0]) }}'}]\n", chat=GROUP
    )  # fmt: skip
    bot.happens("member_joined", data={"members": ["U7"]})
    assert bot.outputs[0].data["mentions"] == {"m0": {"user": "U7", "name": ""}}


def test_nobody_else_can_mention() -> None:
    bot = says("say: 'You said {{ input.text }}'", chat=GROUP)
    assert bot.user("go \ufdd0mall\ufdd1!") == ["You said go !"]
    assert bot.outputs[0].data == {}
    bot = says("set: {x: \"mention('all')\"}", vars="{x: any}", chat=GROUP)
    bot = Talk(
        "flow: a\nstart: [{keyword: go}]\nsteps: [{set: {session.x: mention('all')}}, {say: '{{ session.x }}!'}]"
    )
    assert bot.user("go") == ["!"]


def test_marks_do_not_reach_where_they_mean_nothing() -> None:
    both = "{{ emoji('a/1') }}{{ mention() }}"
    output = said(f'buttons: {{text: "A {both}", buttons: ["B {both}"]}}\nalt: "C {both}"')
    assert (output.text, output.data["buttons"][0]["label"], output.alt) == ("A ", "B ", "C ")
    output = said(f'flex: {{type: bubble, body: {{type: text, text: "A {both}"}}}}\nalt: a')
    assert output.data["contents"]["body"]["text"] == "A "


def test_quotes_and_senders() -> None:
    bot = Talk(
        "flow: a\nstart: [{keyword: go}]\nsteps: [{say: Yes., quote: true, sender: {name: Noren, icon: a.png}}]\n"
    )
    bot.user("go", quote_token="q1")
    assert bot.outputs[0].data == {"quote": "q1"}
    assert bot.outputs[0].sender == {"name": "Noren", "icon": "a.png"}


def test_variants_may_depend_on_something() -> None:
    step = "say: {next: [A, {if: n > 1, text: B}, {if: n > 5, text: C}]}"
    bot = says(step, vars="{n: {type: int, default: 2}}")
    assert [bot.user("go")[0] for _ in range(3)] == ["B", "A", "B"]
    assert said("say: {any: [{if: n > 1, text: A}]}", vars="{n: {type: int, default: 0}}").text == ""


ITEMS = "{xs: {type: list, default: [{n: A, free: true}, {n: B, free: false}, {n: C, free: true}]}}"


def test_quick_replies_from_data_and_under_conditions() -> None:
    quick = (
        "[{each: x in xs, if: x.free, label: 'Take {{ x.n }}', text: '{{ x.n }}'},"
        " {label: More, text: more, if: xs | length > 5}, Bye]"
    )
    output = said(f"say: Which?\nquick: {quick}", vars=ITEMS)
    assert [(one["label"], one["text"]) for one in output.quick] == [("Take A", "A"), ("Take C", "C"), ("Bye", "Bye")]
    assert set(output.quick[0]) == {"label", "text"}


def test_quick_replies_of_every_kind() -> None:
    kinds = [
        "{label: a, text: b}", "{label: a, value: b}",
        "{label: a, postback: {x: y}, say: c, keyboard: openKeyboard, fill: d}",
        "{label: a, link: https://x.example, desktop: https://y.example}", "{label: a, copy: b}",
        "{label: a, camera: true}",
        "{label: a, camera_roll: true}", "{label: a, location: true}",
        "{label: a, pick: datetime, min: 2026-12-01T00:00}",
        "{label: a, postback: x, icon: a.png}",
    ]  # fmt: skip
    output = said(f"say: Which?\nquick: [{', '.join(kinds)}]")
    assert len(output.quick) == len(kinds)
    assert all("if" not in one for one in output.quick)


def test_conditions_on_cards_items_and_buttons() -> None:
    hurry = "{label: Hurry, value: x, if: s.n == 'A'}"
    card = f"{{if: s.free, text: '{{{{ s.n }}}}', buttons: [{{label: Book, value: '{{{{ s.n }}}}'}}, {hurry}]}}"
    output = said(f"cards: {{each: s in xs, card: {card}}}\nalt: a", vars=ITEMS)
    assert [(one["text"], len(one["buttons"])) for one in output.data["cards"]] == [("A", 2), ("C", 1)]
    output = said("list: [{title: A}, {title: B, if: 1 > 2}]\nalt: a")
    assert [one["title"] for one in output.data["items"]] == ["A"]
    output = said("image_cards: [{image: a.png, button: {label: b, text: c}, if: 'true'}]\nalt: a")
    assert len(output.data["cards"]) == 1
    bot = says("cards: [{text: A, if: 1 > 2}]\nalt: Nothing today.")
    assert [(one.kind, one.text) for one in bot.outputs] == [("text", "Nothing today.")]


def test_conditions_on_options() -> None:
    bot = says("ask: x\nsay: x?\noptions: [A, {value: B, if: 1 > 2}, {value: C, label: Sea, if: 1 < 2}]\nelse: [no]")
    assert bot.quick() == ["A", "Sea"]
    assert bot.user("B") == ["no"]


def test_conditions_in_flex() -> None:
    contents = "[{if: n > 1, item: {type: text, text: Many}}, {type: text, text: A}]"
    step = f"flex: {{type: bubble, body: {{type: box, contents: {contents}}}}}"
    for n, texts in ((1, ["A"]), (2, ["Many", "A"])):
        output = said(f"{step}\nalt: a", vars=f"{{n: {{type: int, default: {n}}}}}")
        assert [one["text"] for one in output.data["contents"]["body"]["contents"]] == texts


def test_coupons_and_videos() -> None:
    assert said("coupon: 01JYNW8JMQVFBNWF1APF8Z3FS7").data == {"coupon": "01JYNW8JMQVFBNWF1APF8Z3FS7"}
    assert said("coupon: {coupon: '{{ c }}', tag: t}", vars="{c: {type: text, default: c1}}").data == {
        "coupon": "c1", "tag": "t",
    }  # fmt: skip
    bot = Talk(
        "flow: a\nstart:\n  - keyword: go\n  - {event: video_complete, data: {tracking: tour}, do: [{say: Seen!}]}\n"
        "steps: [{video: {url: v.mp4, preview: v.jpg, tracking: tour}}]\n"
    )
    assert bot.user("go") == ["<video>"]
    assert bot.happens("video_complete", data={"tracking": "other"}) == []
    assert bot.happens("video_complete", data={"tracking": "tour"}) == ["Seen!"]


def test_an_imagemap_with_a_video_and_what_follows_it() -> None:
    area = "{x: 0, y: 0, width: 1040, height: 585}"
    link = "{url: https://x.example, label: More}"
    output = said(
        "imagemap:\n  base: maps/shop\n  size: {width: 1040, height: 585}\n"
        "  areas: [{x: 0, y: 0, width: 520, height: 520, link: https://x.example, label: a}]\n"
        f"  video: {{url: v.mp4, preview: v.jpg, area: {area}, link: {link}}}\nalt: Map"
    )
    assert output.data["video"]["link"] == {"url": "https://x.example", "label": "More"}
    assert output.alt == "Map"


def test_blind_mode() -> None:
    bot = Talk(
        "flow: a\nstart: [{keyword: go}]\nsteps:\n  - say: Open.\n  - record: off\n  - ask: x\n    say: Secret?\n"
        "  - record: on\n  - say: Thanks.\n"
    )
    bot.user("go")
    assert [output.private for output in bot.outputs] == [False, True]
    assert bot.turn is not None
    assert not bot.turn.private, "what was said before is not hidden"
    bot.user("hush")
    assert bot.turn.private
    assert [output.private for output in bot.outputs] == [False]

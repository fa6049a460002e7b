"""What the bot can say, as outputs."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.model import Output
from tests.unit.flow.talk import Talk

HEAD = "flow: a\nvars: {name: text, xs: {type: list, default: []}}\nstart: [{keyword: go}]\nsteps:\n"


def bot_of(steps: str, **more: Any) -> Talk:
    return Talk({"flows/a.yaml": HEAD + steps, **more.pop("files", {})}, **more)


def said(steps: str, **more: Any) -> Output:
    bot = bot_of(steps, **more)
    bot.user("go", quote_token="q1")
    return bot.outputs[0]


def test_a_template() -> None:
    assert said('  - say: "Hi {{ profile.name }}!"').text == "Hi Mai!"


def test_a_number_is_said_as_written() -> None:
    assert said("  - say: 12").text == "12"


TEXTS = {"flows/texts/shared.csv": "key,ja,en\nhello,{{ profile.name }}さん,Hello {{ profile.name }}\n"}


@pytest.mark.parametrize(("language", "text"), [("ja", "Maiさん"), ("en", "Hello Mai"), ("", "Maiさん")])
def test_a_text_by_its_key(language: str, text: str) -> None:
    assert said("  - say: $hello", languages=("ja", "en"), language=language, files=TEXTS).text == text


@pytest.mark.parametrize(("language", "text"), [("ja", "やあ"), ("en", "Hey"), ("en-GB", "Hey"), ("th", "やあ")])
def test_a_text_per_language_on_the_spot(language: str, text: str) -> None:
    assert said("  - say: {ja: やあ, en: Hey}", languages=("ja", "en"), language=language).text == text


def test_variants_in_turn() -> None:
    bot = bot_of("  - say: {next: [one, two, three]}")
    assert [bot.user("go")[0] for _ in range(4)] == ["one", "two", "three", "one"]


def test_variants_by_chance() -> None:
    bot = bot_of("  - say: {any: [a, b, c]}")
    assert {bot.user("go")[0] for _ in range(40)} == {"a", "b", "c"}


def test_variants_per_language() -> None:
    bot = bot_of("  - say: {en: {next: [one, two]}, ja: いち}", languages=("en", "ja"))
    assert [bot.user("go")[0] for _ in range(3)] == ["one", "two", "one"]


def test_all_that_goes_with_a_text() -> None:
    output = said("""
  - say: Hi
    quick:
      - One
      - {label: Shop, link: "https://shop.example/{{ profile.name }}"}
      - {label: Cam, camera: true, icon: "https://shop.example/i.png"}
      - {label: Go, postback: {go: x, who: "{{ profile.name }}"}, say: Going}
      - {label: Six, value: 6}
      - {label: When, pick: date, min: "{{ today }}"}
    sender: {name: "{{ profile.name }}'s aunt", icon: "https://shop.example/a.png"}
    quote: true
    private: true
""")
    assert output.quick == (
        {"label": "One", "text": "One"},
        {"label": "Shop", "link": "https://shop.example/Mai"},
        {"label": "Cam", "camera": True, "icon": "https://shop.example/i.png"},
        {"label": "Go", "postback": {"go": "x", "who": "Mai"}, "say": "Going"},
        {"label": "Six", "value": "6"},
        {"label": "When", "pick": "date", "min": "2026-11-30"},
    )
    assert output.sender == {"name": "Mai's aunt", "icon": "https://shop.example/a.png"}
    assert output.data == {"quote": "q1"}
    assert output.private
    assert output.at is not None
    assert str(output.at) == "flows/a.yaml:6:5"


@pytest.mark.parametrize(
    ("step", "kind", "data"),
    [
        ("sticker: 446/1988", "sticker", {"package": "446", "sticker": "1988"}),
        ("sticker: {package: 446, sticker: 1988}", "sticker", {"package": "446", "sticker": "1988"}),
        ("image: media/a.png", "image", {"url": "media/a.png"}),
        ("image: {url: media/a.png, preview: media/b.png}", "image", {"url": "media/a.png", "preview": "media/b.png"}),
        ("video: {url: v.mp4, preview: p.png}", "video", {"url": "v.mp4", "preview": "p.png"}),
        ("audio: {url: a.m4a, duration: 2.5s}", "audio", {"url": "a.m4a", "duration": 2500}),
        ("line: {type: text, text: 'Hi {{ profile.name }}'}", "line", {"message": {"type": "text", "text": "Hi Mai"}}),
        ("flex: {type: bubble, body: {n: 1}}", "flex", {"contents": {"type": "bubble", "body": {"n": 1}}}),
        (
            "location: {title: Shop, address: Tokyo, latitude: 35.5, longitude: '{{ 100 + 39 }}'}",
            "location",
            {"title": "Shop", "address": "Tokyo", "latitude": 35.5, "longitude": 139},
        ),
    ],
)
def test_one_of_each_kind(step: str, kind: str, data: dict[str, Any]) -> None:
    output = said(f"  - {step}")
    assert (output.kind, output.data) == (kind, data)


def test_buttons_and_confirm() -> None:
    output = said("""
  - buttons:
      text: Hi {{ profile.name }}
      title: T
      image: media/a.png
      default: {link: "https://shop.example"}
      buttons: [{label: A, text: a}, {label: B, postback: "x=1"}]
    alt: A or B
""")
    assert (output.kind, output.text, output.alt) == ("buttons", "Hi Mai", "A or B")
    assert output.data == {
        "title": "T",
        "image": "media/a.png",
        "default": {"link": "https://shop.example", "label": ""},
        "buttons": [{"label": "A", "text": "a"}, {"label": "B", "postback": "x=1"}],
    }
    output = said("  - {confirm: [Yes, No], text: Sure?}")
    assert (output.kind, output.text, len(output.data["buttons"])) == ("confirm", "Sure?", 2)


CARDS = """
  - set: {xs: [{n: Tea, p: 3}, {n: Cake, p: 5}]}
  - cards:
      each: x in xs
      card: {title: "{{ x.n }}", text: "{{ x.p }} yen for {{ profile.name }}", image: "media/{{ x.n }}.png"}
      buttons: [{label: Take, value: "{{ x.n }}"}]
    ratio: square
    alt: Tea and cake
"""


def test_cards_of_a_list() -> None:
    output = said(CARDS)
    assert output.kind == "cards"
    assert output.data["ratio"] == "square"
    assert output.data["cards"][1] == {
        "title": "Cake",
        "text": "5 yen for Mai",
        "image": "media/Cake.png",
        "buttons": [{"label": "Take", "value": "Cake"}],
    }


def test_no_cards_at_all_is_the_alternative_text() -> None:
    output = said(CARDS.replace("[{n: Tea, p: 3}, {n: Cake, p: 5}]", "[]"))
    assert (output.kind, output.text) == ("text", "Tea and cake")
    assert bot_of("  - cards: {each: x in xs, card: {text: a}}").user("go") == []


def test_cards_written_out_image_cards_and_lists() -> None:
    assert said("  - cards: [{text: A, buttons: [One]}, {text: B}]").data == {
        "cards": [{"text": "A", "buttons": [{"label": "One", "text": "One"}]}, {"text": "B"}]
    }
    assert said("  - image_cards: [{image: a.png, button: {label: A, text: a}}]").data == {
        "cards": [{"image": "a.png", "button": {"label": "A", "text": "a"}}]
    }
    item = {"title": "A", "text": "b", "button": {"label": "c", "text": "d"}}
    output = said("  - {list: [{title: A, text: b, button: {label: c, text: d}}], title: Menu}")
    assert output.data == {"title": "Menu", "items": [item]}


def test_imagemap() -> None:
    output = said("""
  - imagemap:
      base: media/map
      size: {width: 1040, height: 520}
      areas: [{x: 0, y: 0, width: 520, height: 520, link: "https://shop.example", label: Shop}]
      video: {url: v.mp4, preview: p.png, area: {x: 0, y: 0, width: 1, height: 2}, link: {url: u, label: More}}
""")
    assert output.data == {
        "base": "media/map",
        "size": {"width": 1040, "height": 520},
        "areas": [{"x": 0, "y": 0, "width": 520, "height": 520, "link": "https://shop.example", "label": "Shop"}],
        "video": {
            "url": "v.mp4",
            "preview": "p.png",
            "area": {"x": 0, "y": 0, "width": 1, "height": 2},
            "link": {"url": "u", "label": "More"},
        },
    }


def test_a_flex_message_from_a_file() -> None:
    files = {
        "flows/cards/bill.json": '{"type": "bubble", "body": {"contents": [{"text": "$total", "flex": "{{ 1 + 1 }}"},'
        ' {"each": "x in xs", "item": {"text": "{{ x }}"}}, {"text": "{{ 1 + 1 }}"}]}}',
        "flows/texts/a.csv": "key,en\ntotal,Total for {{ profile.name }}\n",
    }
    output = said("  - set: {xs: [1, b]}\n  - flex: cards/bill.json\n    alt: Bill", files=files)
    assert output.data["contents"]["body"]["contents"] == [
        {"text": "Total for Mai", "flex": 2},
        {"text": "1"},
        {"text": "b"},
        {"text": "2"},
    ]

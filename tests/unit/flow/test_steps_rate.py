"""Ratings: what can be tapped and written, what is kept, what reports see."""

from __future__ import annotations

import pytest

from runtime.errors import FlowError, NorenError
from runtime.flow.loader import load
from tests.unit.flow.talk import Talk

ASKED = """
flow: shop
start: [{keyword: rate}]
steps:
  - rate: service
    say: How was it?
    %s
    else: [Please choose.]
    give_up: [end]
  - say: "{{ service }} it is."
"""


def rating(more: str = "", language: str = "en") -> Talk:
    talk = Talk(ASKED % (more or "stale: again"), languages=(language,))
    talk.user("rate")
    return talk


def noted(talk: Talk) -> list[object]:
    assert talk.turn is not None
    return [(row["rates"], row["rating"], row["scale"]) for row in talk.turn.trace if "rating" in row]


def test_stars_are_offered_and_a_tap_is_kept_and_noted() -> None:
    talk = rating()
    assert talk.quick() == ["★", "★★", "★★★", "★★★★", "★★★★★"]
    assert talk.tap("★★★★") == ["4 it is."]
    assert talk.vars == {"service": 4}
    assert noted(talk) == [("service", 4, "5")]


@pytest.mark.parametrize(
    ("language", "text", "score"),
    [
        ("en", "4", 4),
        ("en", "four", 4),
        ("en", "4/5", 4),
        ("en", "3 out of 5", 3),
        ("en", "5 stars!", 5),
        ("en", "⭐️⭐️⭐️", 3),
        ("en", "★★★★☆", 4),
        ("ja", "四つ星", 4),
        ("ja", "星５つ", 5),
        ("ja", "3点", 3),
        ("th", "๔ ดาว", 4),
        ("zh-TW", "五顆星", 5),
        ("zh-TW", "4分", 4),
        ("id", "bintang 4", 4),
        ("th", "4 เต็ม 5", 4),
    ],
)
def test_people_write_their_stars(language: str, text: str, score: int) -> None:
    assert rating(language=language).user(text) == [f"{score} it is."]


@pytest.mark.parametrize("text", ["0", "6", "fine", "-1", "4.5"])
def test_what_is_no_score_is_asked_again(text: str) -> None:
    talk = rating()
    assert talk.user(text) == ["Please choose."]
    assert talk.quick() == ["★", "★★", "★★★", "★★★★", "★★★★★"]
    assert talk.user(text) == []
    assert talk.at == ""


def test_the_likelihood_to_recommend_goes_from_0_to_10() -> None:
    talk = rating("scale: nps")
    assert talk.quick() == [str(n) for n in range(11)]
    assert talk.tap("0") == ["0 it is."]
    assert rating("scale: nps").user("10") == ["10 it is."]
    assert rating("scale: 10").user("0") == ["Please choose."]
    assert rating("scale: 10\n    style: stars").quick()[-1] == "★" * 10


@pytest.mark.parametrize(
    ("text", "score"),
    [("👍", 1), ("👎🏽", -1), ("yes", 1), ("いいえ", -1), ("good!", 1), ("แย่", -1)]
    + [(text, 1) for text in ("よかったです", "満足です", "很滿意", "ดีมากค่ะ", "sangat puas")]
    + [(text, -1) for text in ("最悪", "不滿意", "ไม่พอใจ", "tidak puas", "kecewa")],
)
def test_thumbs(text: str, score: int) -> None:
    talk = rating("scale: thumbs", "ja" if text == "いいえ" else "en")
    assert talk.quick() == ["👍", "👎"]
    assert talk.user(text) == [f"{score} it is."]


def test_the_wordings_own_buttons_take_the_place_of_the_quick_replies() -> None:
    more = "buttons: [{label: Poor, value: 1}, {label: Great, value: 5}]"
    talk = rating(more)
    assert [one["label"] for one in talk.buttons()] == ["Poor", "Great"]
    assert talk.tap("Great") == ["5 it is."]


def test_a_rating_is_a_question_in_everything_else() -> None:
    talk = rating("skip: true\n    optional: {label: Later}\n    edited: true")
    assert talk.quick()[-1] == "Later"
    assert talk.tap("Later") == [" it is."]
    assert talk.user("rate")[0] == "How was it?"
    talk.user("2", id="m9")
    talk.user("rate")
    assert talk.vars == {"service": 2}


def test_an_edited_rating_is_noted_again() -> None:
    talk = Talk(ASKED % "edited: [{say: Noted.}]" + "  - stop\n")
    talk.user("rate")
    talk.user("2", id="m9")
    assert talk.happens("edited", text="3", data={"type": "text", "id": "m9"}) == ["Noted."]
    assert noted(talk) == [("service", 3, "5")]
    assert talk.vars == {"service": 3}


GIVEN = """
flow: shop
vars: {stars: any, why: text}
start:
  - {event: inject, goto: note}
steps: [end]
sections:
  note:
    - set: {stars: event.data.stars, why: "'cold tea'"}
    - rate: visit
      score: stars
      comment: "{{ why }}"
"""


def test_a_rating_that_was_given_elsewhere_is_noted_with_its_comment() -> None:
    talk = Talk(GIVEN)
    talk.happens("inject", data={"stars": 4})
    assert talk.turn is not None
    [row] = [row for row in talk.turn.trace if "rating" in row]
    assert (row["rating"], row["comment"], talk.at) == (4, "cold tea", "")
    talk.happens("inject", data={})
    assert noted(talk) == []
    with pytest.raises(NorenError, match="cannot be 7"):
        talk.happens("inject", data={"stars": 7})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ("scale: 7", "none of the words"),
        ("style: thumbs", "thumbs go with"),
        ("scale: nps\n    style: stars", "stars go with"),
        ("score: 4", "asks nothing"),
        ("type: int", "`type` is not known here"),
    ],
)
def test_what_cannot_be_is_told(more: str, message: str) -> None:
    with pytest.raises(FlowError, match=message):
        load({"flows/a.yaml": ASKED % more})


def test_a_rating_needs_words() -> None:
    with pytest.raises(FlowError, match="this question says nothing"):
        load({"flows/a.yaml": "flow: a\nstart: [{keyword: a}]\nsteps:\n  - rate: service\n    scale: 5"})

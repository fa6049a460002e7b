"""noren.yaml, parsed: what is taken, and what people are told when it is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.errors import SettingsError
from runtime.settings import TokenSettings, build, duration


def test_defaults_make_a_whole_settings_tree() -> None:
    settings = build({"endpoints": {"shop": {}}}, {})
    shop = settings.endpoints["shop"]
    assert (shop.name, shop.enabled, shop.session.expire, shop.languages) == ("shop", True, 1_800_000, ("en",))
    assert settings.store == "sqlite:///noren.db"


def test_access_token_is_short_for_a_long_lived_token() -> None:
    settings = build({"endpoints": {"a": {"access_token": "${T}"}, "b": {}}}, {"T": "secret"})
    assert settings.endpoints["a"].token.long_lived == "secret"
    assert settings.endpoints["b"].token == TokenSettings()


def test_the_environment_is_filled_in_with_defaults() -> None:
    settings = build({"store": "${DB:-sqlite:///other.db}", "port": "${PORT}"}, {"PORT": "9000"})
    assert (settings.store, settings.port) == ("sqlite:///other.db", 9000)


@pytest.mark.parametrize(
    ("text", "ms"), [("30m", 1_800_000), ("250ms", 250), ("1.5h", 5_400_000), (0, 0), ("0", 0), ("2d", 172_800_000)]
)
def test_durations(text: Any, ms: int) -> None:
    assert duration(text, "here") == ms


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"endpoint": {}}, "endpoint: unknown setting; did you mean endpoints?"),
        ({"endpoints": {"shop": {"lte": "push"}}}, "endpoints.shop.lte: unknown setting; did you mean late?"),
        ({"endpoints": {"shop": {"late": "buton"}}}, "expected one of push, button; did you mean button?"),
        (
            {"endpoints": {"shop": {"session": {"expire": "soon"}}}},
            "endpoints.shop.session.expire: 'soon' is no duration",
        ),
        ({"port": "many"}, "port: expected a whole number, found a text"),
        ({"port": True}, "port: expected a whole number, found true or false"),
        ({"endpoints": ["shop"]}, "endpoints: expected a mapping, found a list"),
        ({"endpoints": {"shop": None}}, "endpoints.shop: expected a mapping, found nothing"),
        (
            {"endpoints": {"access_token": "abc"}},
            "endpoints.access_token: expected a mapping, found a text; settings of an endpoint are indented",
        ),
        (
            {"endpoints": {"shop": {"channel_secret": "${NOPE}"}}},
            "endpoints.shop.channel_secret: the environment variable NOPE is not set",
        ),
        ({"endpoints": {"shop": {"name": "x"}}}, "endpoints.shop.name: unknown setting"),
    ],
)  # fmt: skip
def test_what_people_are_told(data: Any, words: str) -> None:
    with pytest.raises(SettingsError, match=words.replace("?", r"\?").replace(".", r"\.")):
        build(data, {})


def test_an_automated_message_may_be_its_texts_alone() -> None:
    short = build({"handover": {"messages": {"accepted": {"ja": "はい", "en": "Yes"}}}}, {})
    whole = build({"handover": {"messages": {"accepted": {"text": {"ja": "はい", "en": "Yes"}}}}}, {})
    assert short == whole
    with pytest.raises(SettingsError, match=r"accepted\.delivry: unknown setting; did you mean delivery"):
        build({"handover": {"messages": {"accepted": {"text": {}, "delivry": "push"}}}}, {})

"""HTTP, Python functions, waiting dots: what is asked for, and what becomes of the answer."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.errors import CallError, NorenError
from runtime.model import Call
from tests.unit.flow.talk import Talk

HEAD = "flow: a\nvars: {x: any, y: any, n: {type: int, default: 2}}\nstart: [{keyword: go}]\nsteps:\n"


def bot_of(step: str, **mock: Any) -> Talk:
    return Talk(HEAD + step, mock=mock.pop("mock", mock))


URL = "https://api.example.com/slots"


def test_a_request_as_it_is_asked_for() -> None:
    bot = bot_of(
        f"""
  - http:
      post: "{URL}"
      query: {{n: "{{{{ n }}}}", word: "w{{{{ n }}}}"}}
      headers: {{X-Name: "{{{{ profile.name }}}}"}}
      json: {{n: "{{{{ n }}}}", list: [1, "{{{{ n }}}}"], text: "n={{{{ n }}}}"}}
      connection: shop
    timeout: 4s
    loading: true
    save: {{x: body.slots, y: status}}
""",
        mock={f"POST {URL}": {"slots": [1, 2]}},
    )
    bot.user("go")
    loading, call = bot.calls
    assert (loading.action, loading.args) == ("loading", {"seconds": 20})
    assert call.args == {
        "method": "POST",
        "url": URL,
        "query": {"n": 2, "word": "w2"},
        "headers": {"X-Name": "Mai"},
        "json": {"n": 2, "list": [1, 2], "text": "n=2"},
        "connection": "shop",
    }
    assert (call.action, call.timeout, str(call.at)) == ("http", 4000, "flows/main.yaml:6:5")
    assert bot.vars == {"x": [1, 2], "y": 200}


def test_keys_are_the_same_at_every_repeat_and_never_the_same_twice() -> None:
    bot = bot_of("  - call: f.py:f\n  - call: f.py:f\n", mock={"f.py:f": 1})
    bot.user("go")
    first = [call.key for call in bot.calls]
    assert len(set(first)) == 2
    assert all(key.startswith("event1:a.steps[") for key in first)


def test_the_whole_body() -> None:
    bot = bot_of(f"  - {{http: {{get: '{URL}'}}, save: x}}", mock={f"GET {URL}": {"a": 1}})
    bot.user("go")
    assert bot.vars == {"x": {"a": 1}}


def failing(call: Call) -> Any:
    return CallError("no answer within 4 s")


def test_no_answer_goes_to_the_error_branch() -> None:
    bot = bot_of(
        f"  - {{http: {{get: '{URL}'}}, error: '{{{{ error.message }}}}'}}\n  - say: on", mock={f"GET {URL}": failing}
    )
    assert bot.user("go") == ["`http` failed: no answer within 4 s", "on"]


def test_a_status_of_400_or_more_is_an_error() -> None:
    class Refusing(Talk):
        def _result(self, call: Call) -> Any:
            result = Talk._result(self, call)
            return type(result)(value={"status": 404, "headers": {"Set-Cookie": "secret"}, "body": {"why": "gone"}})

    told = "{{ error.status }} {{ error.body.why }} {{ error.message }}"
    step = f"  - http: {{get: '{URL}'}}\n    error: '{told}'"
    bot = Refusing(HEAD + step, mock={f"GET {URL}": 1})
    assert bot.user("go") == ["404 gone the service answered 404"]
    assert bot.turn is not None
    assert "secret" not in str(bot.turn.trace)


def test_without_an_error_branch_the_turn_fails() -> None:
    bot = bot_of(f"  - {{http: {{get: '{URL}'}}}}", mock={f"GET {URL}": failing})
    with pytest.raises(NorenError, match="no answer"):
        bot.user("go")


def test_a_result_of_the_wrong_form_goes_to_the_error_branch() -> None:
    bot = bot_of(
        f"  - {{http: {{get: '{URL}'}}, save: {{n: body.count + 1}}, error: odd}}", mock={f"GET {URL}": "text"}
    )
    assert bot.user("go") == ["odd"]


def test_a_function() -> None:
    bot = bot_of(
        "  - call: shop.py:tables\n    args: {n: '{{ n }}', who: '{{ profile.name }}'}\n    save: {x: result.free}\n",
        mock={"shop.py:tables": lambda call: {"free": [call.args["args"]["n"], call.args["args"]["who"]]}},
    )
    bot.user("go")
    assert bot.vars == {"x": [2, "Mai"]}
    assert bot.calls[0].args["function"] == "shop.py:tables"


def test_results_are_in_the_trace_for_replay() -> None:
    bot = bot_of("  - {call: f.py:f, save: x}", mock={"f.py:f": {"a": 1}})
    bot.user("go")
    assert bot.turn is not None
    rows = [row for row in bot.turn.trace if "call" in row]
    assert [(row["step"], row["call"], row["value"], row["error"]) for row in rows] == [
        ("a.steps[0]", bot.calls[0].key, {"a": 1}, "")
    ]


def test_loading() -> None:
    bot = bot_of("  - loading\n  - loading: 5\n  - say: Hi")
    assert bot.user("go") == ["Hi"]
    assert [call.args["seconds"] for call in bot.calls] == [20, 5]

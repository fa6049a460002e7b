"""What was read before is not read again, and never stands for something else."""

from __future__ import annotations

from runtime.flow.loader import Found, examine

FILES = {
    "flows/a.yaml": "flow: a\nvars: {x: text}\nstart: [{keyword: a}]\nsteps: [{say: $hi}]\n",
    "flows/b.yaml": "flow: b\nstart: [{keyword: b}]\nsteps: [{flex: cards/c.json, alt: c}]\n",
    "flows/texts/t.csv": "key,en\nhi,Hi {{ x }}\n",
    "flows/cards/c.json": '{"type": "bubble"}',
}


def read(**changes: str) -> Found:
    return examine({**FILES, **{f"flows/{name}.yaml": text for name, text in changes.items()}}, ("en",))


def test_only_an_edited_file_is_compiled_anew() -> None:
    before, after = read(), read(a=FILES["flows/a.yaml"].replace("$hi", "Hello"))
    assert after.compiled["b"] is before.compiled["b"]
    assert after.compiled["a"] is not before.compiled["a"]
    assert after.compiled["a"].steps != before.compiled["a"].steps
    assert read().compiled["a"].steps == before.compiled["a"].steps


def test_another_card_or_language_is_another_flow() -> None:
    before = read()
    other = examine({**FILES, "flows/cards/c.json": '{"type": "carousel", "contents": []}'}, ("en",))
    assert other.compiled["b"] is not before.compiled["b"]
    assert examine(FILES, ("en", "ja")).compiled["a"] is not before.compiled["a"]


def test_what_a_text_used_is_forgotten_with_the_text() -> None:
    assert "x" in read().readings["a"].used
    other = examine({**FILES, "flows/texts/t.csv": "key,en\nhi,Hi\n"}, ("en",))
    assert "x" not in other.readings["a"].used


def test_findings_come_again_each_time() -> None:
    bad = FILES["flows/a.yaml"].replace("say: $hi", "sayy: Hi")
    assert [one.code for one in read(a=bad).findings] == [one.code for one in read(a=bad).findings] != []

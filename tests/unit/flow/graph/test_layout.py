"""Layout: nothing lies on anything else, and the same input gives the same picture."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.flow.graph.layout import Box, Layout, Line, layout
from runtime.flow.graph.lettering import cut, width, wrap


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Box], list[Line]]:
    count = draw(st.integers(1, 14))
    boxes = [Box(str(n), draw(st.sampled_from((60.0, 140.0, 264.0))), draw(st.integers(20, 160))) for n in range(count)]
    pairs = draw(st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=22, unique=True))
    lines = [Line(str(a), str(b), draw(st.sampled_from((1.0, 4.0, 30.0))), "") for a, b in pairs if a != b]
    return boxes, lines


def overlap(one: Box, other: Box) -> bool:
    apart_x = one.x + one.width <= other.x + 0.01 or other.x + other.width <= one.x + 0.01
    apart_y = one.y + one.height <= other.y + 0.01 or other.y + other.height <= one.y + 0.01
    return not (apart_x or apart_y)


@settings(max_examples=120, deadline=None)
@given(graphs())
def test_no_box_lies_on_another_and_all_lie_inside(case: tuple[list[Box], list[Line]]) -> None:
    made = layout(*case)
    assert not [(a.id, b.id) for a, b in combinations(made.boxes.values(), 2) if overlap(a, b)]
    assert all(box.x >= -0.01 and box.x + box.width <= made.width + 0.01 for box in made.boxes.values())
    assert all(box.y >= -0.01 and box.y + box.height <= made.height + 0.01 for box in made.boxes.values())


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_every_line_is_drawn_from_its_source_to_its_target(case: tuple[list[Box], list[Line]]) -> None:
    made = layout(*case)
    assert {(one.line.source, one.line.target) for one in made.routes} == {(one.source, one.target) for one in case[1]}
    for route in made.routes:
        source, target = made.boxes[route.line.source], made.boxes[route.line.target]
        assert abs(route.points[0][1] - source.y - source.height) < 0.01
        assert source.x - 0.01 <= route.points[0][0] <= source.x + source.width + 0.01
        assert abs(route.points[-1][1] - target.y) < 0.01


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_the_same_input_gives_the_same_picture(case: tuple[list[Box], list[Line]]) -> None:
    assert layout(*case) == layout(*case)


def test_a_line_back_goes_round_the_boxes_between() -> None:
    boxes = [Box(name, 100, 40) for name in "abc"]
    made = layout(boxes, [Line("a", "b"), Line("b", "c"), Line("c", "a")])
    back = next(route for route in made.routes if route.back)
    assert all(not _inside(x, y, made) for x, y in back.points[1:-1])


def _inside(x: float, y: float, made: Layout) -> bool:
    return any(
        box.x < x < box.x + box.width and box.y < y < box.y + box.height for box in made.boxes.values()
    )  # fmt: skip


def test_nothing_gives_an_empty_picture() -> None:
    assert layout([], []) == Layout()


def test_lines_break_between_words_and_between_letters_of_scripts_without_spaces() -> None:
    assert wrap("one two three", 10, 50) == ["one two", "three"]
    assert all(width(line, 10) <= 40 for line in wrap("ご予約ありがとうございます", 10, 40, most=9))
    assert wrap("a b c d e f g h", 10, 12, most=2)[-1].endswith("…")


def test_a_text_that_is_cut_fits() -> None:
    assert width(cut("a rather long sentence", 10, 60), 10) <= 60
    assert cut("short", 10, 60) == "short"

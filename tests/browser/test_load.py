"""A chat of 2,000 messages, and 200 people who write at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Start
from tests.browser.dev import Dev

MANY = 2_000
PEOPLE = 200
NODES = 6_000
"""Elements in the whole page, however long the chat is."""
LONGEST = 200.0
"""Milliseconds that the page may be busy at a stretch."""

WATCH = """() => {
    window.long = [];
    new PerformanceObserver(list => window.long.push(...list.getEntries().map(entry => entry.duration)))
        .observe({ entryTypes: ["longtask"] });
}"""
SCROLL = """async steps => {
    const log = document.querySelector("[role=log]");
    const frames = [];
    let before = await new Promise(requestAnimationFrame);
    for (let step = 0; step < steps; step++) {
        log.scrollTop -= log.clientHeight * 0.8;
        const now = await new Promise(requestAnimationFrame);
        frames.push(now - before);
        before = now;
    }
    return frames;
}"""


def nodes(page: Page) -> int:
    return int(page.evaluate("document.querySelectorAll('*').length"))


def long_tasks(page: Page) -> list[float]:
    return [float(one) for one in page.evaluate("window.long")]


def said(shop: Dev, user: str, count: int) -> None:
    """The bot says so many messages of all sorts, five to a push."""
    bubble = {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "x"}]},
    }
    for first in range(0, count, 5):
        messages: list[dict[str, Any]] = [
            {"type": "text", "text": f"number {first + at} " + "and so on " * (at * 7)} for at in range(3)
        ]
        messages.append({"type": "sticker", "packageId": "446", "stickerId": str(1988 + first % 20)})
        messages.append({"type": "flex", "altText": "a card", "contents": bubble})
        shop.line("POST", "/v2/bot/message/push", {"to": user, "messages": messages})


def test_a_chat_of_two_thousand_messages(own: Start, open_page: Open) -> None:
    shop = own("talk")
    user = shop.somebody()
    said(shop, user, MANY)
    window = open_page(shop, chat=user, calm=False)
    page = window.page
    expect(window.log.get_by_text(f"number {MANY - 5 + 2}")).to_be_visible()
    page.evaluate(WATCH)
    resting = nodes(page)
    frames = sorted(page.evaluate(SCROLL, 150))
    scrolled = nodes(page)
    worst, median, late = frames[-1], frames[len(frames) // 2], sum(frame > 50 for frame in frames)
    busy = max(long_tasks(page), default=0.0)
    print(f"{MANY} messages: {resting} elements at rest, {scrolled} after scrolling")
    print(f"150 screens: frames of {median:.0f} ms (median), {worst:.0f} ms (worst), {late} over 50 ms")
    print(f"longest task {busy:.0f} ms")
    assert max(resting, scrolled) < NODES
    assert window.log.get_by_role("article").count() < 120
    assert median < 50
    assert busy < LONGEST
    page.evaluate("document.querySelector('[role=log]').scrollTop = 0")
    expect(window.log.get_by_text("number 0 ")).to_be_visible()
    window.picture("two-thousand")
    page.get_by_role("button", name="Newest messages").click()
    expect(window.log.get_by_text(f"number {MANY - 5 + 2}")).to_be_visible()
    window.talk("hello", "heard: hello")


def test_two_hundred_write_at_once(own: Start, open_page: Open) -> None:
    shop = own("talk")
    users = [shop.control("POST", "/users", name=f"Crowd {n}")["id"] for n in range(PEOPLE)]
    me = shop.somebody()
    window = open_page(shop, chat=me, calm=False)
    window.talk("hello", "heard: hello")
    page = window.page
    page.evaluate(WATCH)

    def write(user: str) -> None:
        for text in ("book", "2"):
            shop.control("POST", f"/bots/shop/chats/{user}/messages", type="text", text=text)

    waits: list[float] = []
    with ThreadPoolExecutor(8) as pool:
        crowd = [pool.submit(write, user) for user in users]
        for number in range(5):
            window.field.fill(f"me {number}")
            began = page.evaluate("performance.now()")
            window.field.press("Enter")
            window.hears(f"heard: me {number}")
            waits.append(page.evaluate("performance.now()") - began)
        for one in crowd:
            one.result()
    busy = long_tasks(page)
    seen = ", ".join(f"{wait:.0f}" for wait in waits)
    print(f"{PEOPLE} people wrote {2 * PEOPLE} messages; answers in view after {seen} ms")
    print(f"{len(busy)} tasks over 50 ms, the longest {max(busy, default=0):.0f} ms; {nodes(page)} elements")
    assert max(waits) < 5_000
    assert max(busy, default=0.0) < LONGEST
    for _ in range(100):
        chats = shop.control("GET", "/bots/shop/chats")["chats"]
        waiting = {one["chat"] for one in chats if one["last"]["message"].get("text") != "2 seats. See you!"}
        if not waiting & set(users):
            break
        page.wait_for_timeout(100)
    assert not waiting & set(users)

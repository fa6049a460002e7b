"""Script in every place that a person, a bot or a file can fill: it is text and nothing else."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, Start
from tests.browser.dev import Dev

SCRIPT = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>'
SHORT = "<b onclick=hurt=1>x"
"""For places that hold 20 characters."""
LINK = "javascript:window.hurt=1"

TEXT: list[dict[str, Any]] = [{"type": "text", "text": SCRIPT, "sender": {"name": SHORT}}]
TEMPLATE: dict[str, Any] = {
    "type": "buttons",
    "title": SHORT,
    "text": SHORT,
    "actions": [
        {"type": "postback", "label": SHORT, "data": SCRIPT, "displayText": SCRIPT},
        {"type": "message", "label": SHORT, "text": SCRIPT},
        {"type": "clipboard", "label": SHORT, "clipboardText": SCRIPT},
    ],
}
BODY: list[dict[str, Any]] = [
    {"type": "text", "text": SCRIPT, "color": "#ff0000", "wrap": True},
    {"type": "text", "text": "x", "contents": [{"type": "span", "text": SCRIPT}]},
    {"type": "button", "action": {"type": "message", "label": SHORT, "text": SCRIPT}},
]
FLEX: dict[str, Any] = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": BODY}}
RAW: list[dict[str, Any]] = [
    {
        "type": "imagemap",
        "baseUrl": LINK,
        "altText": SCRIPT,
        "baseSize": {"width": 1040, "height": 1040},
        "actions": [],
    },
    {"type": "image", "originalContentUrl": LINK, "previewImageUrl": LINK},
    {"type": "video", "originalContentUrl": LINK, "previewImageUrl": LINK},
    {"type": "location", "title": SCRIPT, "address": SCRIPT, "latitude": 1, "longitude": 1},
    {"type": SCRIPT},
]
"""Messages that LINE would never have let through; a person's side is not judged."""


def safe(page: Page) -> None:
    assert page.evaluate("window.hurt === undefined")
    assert page.locator("[onclick], [onerror], script:not([src]), a[href^='javascript:']").count() == 0


def said_by_the_bot(shop: Dev, user: str) -> None:
    quick = {"items": [{"type": "action", "action": {"type": "message", "label": SHORT, "text": SCRIPT}}]}
    messages = [
        *TEXT,
        {"type": "template", "altText": SCRIPT, "template": TEMPLATE},
        {"type": "flex", "altText": SCRIPT, "contents": FLEX, "quickReply": quick},
    ]
    shop.line("POST", "/v2/bot/message/push", {"to": user, "messages": messages})


def test_what_people_and_bots_say(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    user = shop.somebody(picture='https://example.com/x"onerror=1', status_message=SCRIPT)
    window = open_page(shop, chat=user)
    window.say(SCRIPT)
    window.hears(f"heard: {SCRIPT}")
    for message in RAW:
        shop.control("POST", f"/bots/shop/chats/{user}/messages", type="raw", message=message)
    data = {"type": "file", "name": SCRIPT, "data": "aGk="}
    shop.control("POST", f"/bots/shop/chats/{user}/messages", **data)
    window.hears("a file")
    said_by_the_bot(shop, user)
    expect(window.page.get_by_role("group", name="Quick replies").get_by_role("button")).to_have_text(SHORT)
    window.page.get_by_role("button", name="Show notification texts").click()
    safe(window.page)
    window.last.get_by_role("button", name=SHORT).click()
    window.hears(f"heard: {SCRIPT}")
    window.picture("inert")
    safe(window.page)


def test_names_of_people_and_groups(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    user = shop.user(SHORT)
    group = shop.control("POST", "/groups", name=SCRIPT, members=[user], bot="shop")["id"]
    window = open_page(shop, chat=group)
    window.hears("Hello all.")
    expect(window.page.get_by_role("heading", level=1)).to_contain_text(SCRIPT)
    window.talk("hello", "heard: hello")
    window.page.get_by_role("button", name="Settings of").first.click()
    expect(window.sheet).to_contain_text(SHORT)
    safe(window.page)
    window.page.keyboard.press("Escape")
    shop.control("DELETE", f"/groups/{group}/bot")
    shop.control("DELETE", f"/users/{user}")


def test_the_inspector(kept: Start, open_page: Open) -> None:
    shop = kept("kinds")
    user = shop.somebody()
    window = open_page(shop, chat=user)
    window.say(SCRIPT)
    window.hears(f"heard: {SCRIPT}")
    shop.control("POST", "/bots/shop/events", kind="postback", chat=user, data=SCRIPT)
    window.hears("postback")
    said_by_the_bot(shop, user)
    for tab in ("Turns", "Session", "Agent", "Log", "Findings", "Faults", "Tests", "Flow"):
        panel = window.open_tab(tab)
        for closed in panel.get_by_role("button", expanded=False).all()[:3]:
            closed.click()
        safe(window.page)


def test_edited_files(own: Start, open_page: Open) -> None:
    """Titles, texts and findings of flow files, which may come from anywhere."""
    shop = own("talk")
    title = "<img src=x onerror='window.hurt=1'>"
    shop.write(
        "flows/more.yaml", f'flow: more\ntitle: "{title}"\nstart: [{{keyword: more}}]\nsteps:\n  - say: "{title}"\n'
    )
    window = open_page(shop, chat=shop.somebody())
    window.talk("more", title)
    flow = window.open_tab("Flow")
    expect(flow.locator("svg").first).to_be_visible()
    shop.write("flows/more.yaml", f'flow: more\nsteps:\n  - "{title}": 1\n')
    expect(window.page.get_by_role("alert", name="The last edit cannot be used")).to_be_visible()
    safe(window.page)


def test_the_policy_lets_no_script_of_others_run(kept: Start, open_page: Open) -> None:
    window = open_page(kept("kinds"))
    blocked = window.page.evaluate("""() => new Promise(done => {
        document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
        const script = document.createElement("script");
        script.textContent = "window.hurt = 1";
        document.body.append(script);
    })""")
    assert blocked.startswith("script-src")
    assert window.page.evaluate("window.hurt === undefined")
    window.troubles.clear()  # that it was blocked is noted by the browser

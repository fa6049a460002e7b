"""Script in every place that customers, colleagues or bots can fill: at the desk it is text and nothing else."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Room
from tests.browser.drawn import png
from tests.browser.test_inert import FLEX, LINK, RAW, SCRIPT, SHORT, safe


def test_what_customers_and_bots_send(room: Room, sit: Sit) -> None:
    aya, dev = sit(room.agent(SCRIPT)), room.house.dev
    mai = room.asks(SCRIPT, picture='https://example.com/x"onerror=1', status_message=SCRIPT)
    expect(aya.offer(SCRIPT)).to_be_visible()
    safe(aya.page)
    aya.accept(SCRIPT)
    mai.says(SCRIPT)
    for message in RAW:
        mai.sends(type="raw", message=message)
    mai.sends(type="file", name=SCRIPT, data="aGk=")
    mai.sends(type="file", name="page.html", content_type="text/html", data="PHNjcmlwdD4xPC9zY3JpcHQ+")
    dev.control("POST", "/bots/shop/events", kind="postback", chat=mai.id, data=SCRIPT)
    caller, case = next(iter(room.agents.values())), room.case(SCRIPT)["id"]
    flex = {"kind": "flex", "alt": SCRIPT, "data": {"contents": FLEX}}
    text = {"kind": "text", "text": SCRIPT, "quick": [{"label": SHORT, "text": SCRIPT}]}
    caller.ask("POST", f"/cases/{case}/reply", id="1", messages=[flex, text])
    mai.taps(SHORT)
    expect(aya.log.get_by_text(SCRIPT, exact=True)).not_to_have_count(0)
    expect(aya.log).to_contain_text(SCRIPT)
    expect(aya.log).to_contain_text("page.html")
    aya.picture("inert")
    safe(aya.page)
    assert aya.page.locator(f"a[href^='{LINK}']").count() == 0


def test_what_colleagues_write(room: Room, sit: Sit) -> None:
    caller = room.agent("Aya", "supervisor")
    title = SCRIPT[:80]
    caller.ask("POST", "/canned", code="x<b>", title=title, texts={"en": SCRIPT}, scope="mine")
    caller.ask("POST", "/macros", title=title, scope="mine", acts=[{"do": "note", "text": SCRIPT}])
    caller.ask("POST", "/views", title=title, filter={"view": "all"}, scope="mine")
    room.asks("Mai Sato")
    case = room.case("Mai Sato")["id"]
    caller.ask("POST", f"/cases/{case}/acts", do="claim", id="1")
    caller.ask("POST", f"/cases/{case}/acts", do="note", id="2", text=SCRIPT)
    values = {"labels": [SHORT], "subject": SCRIPT}
    caller.ask("POST", f"/cases/{case}/acts", do="change", id="3", **values)
    aya = sit(caller)
    aya.page.get_by_role("listitem").get_by_role("button").first.click()
    expect(aya.log.get_by_role("note")).to_contain_text(SCRIPT)
    expect(aya.page.get_by_role("heading", level=1).last).to_have_text(SCRIPT)
    expect(aya.panel).to_contain_text(SHORT)
    aya.page.get_by_role("textbox", name="Message to").fill("/x")
    expect(aya.page.get_by_role("listbox").get_by_role("option")).to_contain_text("x<b>")
    safe(aya.page)
    upload = {"name": "<img src=x onerror=hurt=1>.png", "mimeType": "image/png", "buffer": png(8, 8, (1, 2, 3))}
    aya.page.get_by_label("Attach files").set_input_files(upload)
    expect(aya.page.get_by_role("list", name="Files")).to_contain_text("onerror")
    aya.page.get_by_role("button", name="More").last.click()
    expect(aya.page.get_by_role("menuitem", name=title)).to_be_visible()
    safe(aya.page)
    for page in ("Monitor", "Reports", "Administration", "Settings"):
        aya.go(page)
        expect(aya.page.get_by_role("main")).to_be_visible()
        safe(aya.page)


def test_the_policy_lets_no_script_of_others_run(room: Room, sit: Sit) -> None:
    aya = sit(room.agent("Aya"))
    blocked = aya.page.evaluate("""() => new Promise(done => {
        document.addEventListener("securitypolicyviolation", event => done(event.effectiveDirective));
        const script = document.createElement("script");
        script.textContent = "window.hurt = 1";
        document.body.append(script);
    })""")
    assert blocked.startswith("script-src")
    assert aya.page.evaluate("window.hurt === undefined")
    aya.troubles.clear()  # that it was blocked is noted by the browser

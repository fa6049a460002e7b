"""What is heard and seen of an offer while one looks elsewhere: sound, title, notifications, push."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Playwright, expect

from tests.browser.conftest import PROGRAMS, launched, program
from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Room, until
from tests.browser.desk.seat import Seat
from tests.browser.desk.test_talk import begun


@pytest.fixture(scope="module")
def browser(playing: Playwright) -> Iterator[Browser]:
    """The whole Chromium: the light one notifies nobody."""
    yield from launched(playing, program(PROGRAMS))


TONES = """() => {
    const context = new AudioContext(), plain = AudioContext.prototype.createOscillator;
    window.tones = 0;
    AudioContext.prototype.createOscillator = function () { window.tones++; return plain.call(this); };
    return context.close();
}"""
NOTES = """() => {
    const Plain = window.Notification;
    window.notes = [];
    window.Notification = new Proxy(Plain, { construct(_, [title, options]) {
        const note = new Plain(title, options);
        window.notes.push(note);
        return note;
    } });
}"""
KEPT = """() => navigator.serviceWorker.ready.then(worker => worker.getNotifications())
    .then(notes => notes.map(note => [note.title, note.body, note.tag]))"""
REFUSED = re.compile("does not support the Push API in incognito")
"""Windows of tests are incognito, where Chromium subscribes to no push service."""


def willing(aya: Seat) -> CDPSession:
    """Somebody who allows notifications, and a window that can be out of view."""
    aya.context.grant_permissions(["notifications"])
    session = aya.context.new_cdp_session(aya.page)
    session.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    aya.go("Settings")
    aya.page.get_by_role("checkbox", name="Notifications").check()
    expect(aya.page.get_by_text("push service cannot be reached")).to_be_visible()
    aya.troubles[:] = [one for one in aya.troubles if not REFUSED.search(one)]
    return session


def test_what_rang_before_the_first_touch_is_heard_then(room: Room, sit: Sit) -> None:
    aya = sit(room.agent("Aya"))
    aya.page.evaluate(TONES)
    blocked = aya.page.get_by_role("button", name="The browser is silent until you click")
    if not blocked.count():
        return  # where sound was allowed from the start there is nothing to wait for
    room.asks("Mai Sato")
    expect(aya.offer("Mai Sato")).to_be_visible()
    assert aya.page.evaluate("window.tones") == 0
    blocked.click()
    assert aya.page.evaluate("window.tones") > 0
    expect(aya.page.get_by_role("button", name="Sounds are on")).to_be_visible()


def test_title_and_icon_tell_of_what_was_not_seen_yet(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    icon = aya.page.locator("link[rel=icon]")
    mai.says("seen at once")
    expect(aya.log).to_contain_text("seen at once")
    expect(aya.page).to_have_title("Noren")
    room.asks("Ken Sato")
    aya.accept("Ken Sato")
    mai.says("said while another chat is in view")
    expect(aya.page).to_have_title("(1) Noren")
    expect(icon).to_have_attribute("href", re.compile("^data:image/svg"))
    expect(aya.row("Mai Sato").locator(".count")).to_have_text(re.compile("[12]"))
    aya.open("Mai Sato")
    expect(aya.page).to_have_title("Noren")
    expect(icon).to_have_attribute("href", re.compile("icon.svg$"))
    aya.page.reload()
    expect(aya.row("Mai Sato")).to_be_visible()
    expect(aya.row("Mai Sato").locator(".count")).to_have_count(0)


def test_who_looks_elsewhere_is_notified_and_led_to_the_chat(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    willing(aya)
    aya.page.evaluate(NOTES)
    with aya.context.new_page() as other:
        other.bring_to_front()
        assert not aya.page.evaluate("document.hasFocus()")
        mai.says("are you there?")
        until(lambda: aya.page.evaluate("window.notes.length"))
        found = aya.page.evaluate("window.notes.map(note => [note.title, note.body])")
        assert found == [["Mai Sato", "are you there?"]]
    aya.page.evaluate("window.notes[0].dispatchEvent(new Event('click'))")
    expect(aya.log).to_contain_text("are you there?")
    expect(aya.field).to_be_visible()


def test_a_push_is_shown_by_the_worker_although_no_desk_listens(room: Room, sit: Sit) -> None:
    aya, _ = begun(room, sit)
    session, found = willing(aya), list[dict[str, Any]]()
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    aya.page.evaluate("navigator.serviceWorker.ready.then(() => 0)")
    [worker] = found
    said = {"title": "→ Ken Sato", "body": "general", "case": "some.case"}
    origin = aya.page.evaluate("location.origin")
    push = {"origin": origin, "registrationId": worker["registrationId"], "data": json.dumps(said)}

    def shown(push: dict[str, Any]) -> list[list[str]]:
        """What stands there after a push; Chromium drops one for a worker that takes too long to wake."""
        session.send("ServiceWorker.deliverPushMessage", push)
        return list(aya.page.evaluate(KEPT))

    until(lambda: shown(push))
    assert aya.page.evaluate(KEPT) == [["→ Ken Sato", "general", "some.case"]]
    until(lambda: any(title == "Noren" for title, *_ in shown({**push, "data": "no JSON"})))

"""Getting in: the first admin, signing in and out, who I am and whether I am there."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import PASSWORD, Room, fresh
from tests.browser.dev import folder

SERVED = """
endpoints:
  shop: {languages: [en], channel_secret: 0123456789abcdef0123456789abcdef, token: {long_lived: none}}
handover:
  queues: {general: {title: General}}
  workstreams: {support: {queues: [general]}}
"""


def test_the_first_who_comes_makes_the_desk_theirs(tmp_path: Path, sit: Sit) -> None:
    root = folder("desk", tmp_path / "bot")
    (root / "noren.yaml").write_text(SERVED, encoding="utf-8")
    with fresh(root) as (url, code):
        hana = sit(None, of=url)
        page = hana.page
        expect(page.get_by_role("heading", name="Welcome")).to_be_visible()
        fields = {"Code": "wrong", "Name": "Hana", "E-mail": "hana@example.com", "Password": PASSWORD}
        for name, value in fields.items():
            page.get_by_role("textbox", name=re.compile(f"^{name}")).first.fill(value)
        page.get_by_label("Password again").fill("something else entirely")
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_role("alert")).to_have_text("The two passwords differ.")
        page.get_by_label("Password again").fill(PASSWORD)
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_role("alert")).to_contain_text("code")
        hana.picture("setup")
        page.get_by_role("textbox", name=re.compile("^Code")).fill(code)
        page.get_by_role("button", name="Make the account").click()
        expect(page.get_by_role("navigation", name="Views")).to_contain_text("Hana")
        expect(page.get_by_role("combobox", name="My status")).to_have_value("offline")
        other = sit(None, of=url)
        expect(other.page.get_by_role("button", name="Sign in")).to_be_visible()
        expect(other.page.get_by_role("textbox", name=re.compile("^Code"))).to_have_count(0)


def test_signing_in_and_out(room: Room, sit: Sit) -> None:
    caller = room.agent("Aya")
    email = caller.ask("GET", "/me")["agent"]["email"]
    aya = sit(None)
    page = aya.page
    page.get_by_role("textbox", name="E-mail").fill(email)
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text("e-mail address or password is wrong")
    aya.picture("door")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Password").press("Enter")
    expect(page.get_by_role("navigation", name="Views")).to_contain_text("Aya")
    assert {one["name"] for one in aya.context.cookies() if one["httpOnly"]} == {"noren_desk", "noren_desk_known"}
    aya.present("Online")
    page.reload()
    expect(page.get_by_role("combobox", name="My status")).to_have_value("online")
    aya.go("Settings")
    page.get_by_role("button", name="Sign out", exact=True).click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert aya.status_of("/cases") == 401
    assert caller.ask("GET", "/me")["status"] == "offline"


def test_signing_out_everywhere_reaches_every_browser(room: Room, sit: Sit) -> None:
    caller = room.agent("Aya")
    here, there = sit(None), sit(caller)
    here.page.get_by_role("textbox", name="E-mail").fill(caller.ask("GET", "/me")["agent"]["email"])
    here.page.get_by_label("Password").fill(PASSWORD)
    here.page.get_by_label("Password").press("Enter")
    here.go("Settings")
    there.shut_out = True
    here.page.get_by_role("button", name="Sign out everywhere").click()
    for one in (here, there):
        expect(one.page.get_by_role("button", name="Sign in")).to_be_visible()
        assert one.status_of("/cases") == 401


def test_whoever_is_shut_out_elsewhere_sees_nothing_more(room: Room, sit: Sit) -> None:
    caller = room.agent("Aya")
    aya = sit(caller)
    aya.shut_out = True
    room.house.admin.ask("PATCH", f"/agents/{caller.id}", state="inactive")
    expect(aya.page.get_by_role("button", name="Sign in")).to_be_visible()
    assert aya.status_of("/cases") == 401


def test_whose_queues_change_hears_of_the_new_ones_and_no_more_of_the_old(room: Room, sit: Sit) -> None:
    caller, other = room.agent("Aya"), room.house.room()
    aya = sit(caller)
    room.house.admin.ask("PATCH", f"/agents/{caller.id}", queues=[other.queue])
    views = aya.page.get_by_role("navigation", name="Views")
    expect(views.get_by_role("button", name=f"Queue {other.queue[1:]}")).to_be_visible()
    expect(views.get_by_role("button", name=f"Queue {room.queue[1:]}")).to_have_count(0)
    room.asks("Old Guest")
    other.asks("New Guest")
    expect(aya.offer("New Guest")).to_be_visible()
    aya.go("Waiting")
    expect(aya.row("New Guest")).to_be_visible()
    expect(aya.row("Old Guest")).to_have_count(0)


def test_an_admin_adds_a_colleague_who_can_work_at_once(room: Room, sit: Sit) -> None:
    boss = sit(room.agent("Boss", "admin"))
    boss.go("Administration")
    page = boss.page
    page.get_by_role("tab", name="Agents").click()
    page.get_by_role("button", name="Add an agent").click()
    page.get_by_role("textbox", name="E-mail").fill(f"{room.queue}@example.com")
    page.get_by_role("textbox", name="Name").fill("Nao")
    page.get_by_label("First password (hand it over)").fill(PASSWORD)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Nao")).to_be_visible()
    boss.picture("team")
    nao = sit(None)
    nao.page.get_by_role("textbox", name="E-mail").fill(f"{room.queue}@example.com")
    nao.page.get_by_label("Password").fill(PASSWORD)
    nao.page.get_by_role("button", name="Sign in").click()
    expect(nao.page.get_by_role("navigation", name="Views")).to_contain_text(f"Queue {room.queue[1:]}")
    expect(nao.page.get_by_role("button", name="Administration")).to_have_count(0)

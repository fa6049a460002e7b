"""Films on their way to customers: the browser draws what stands for them, and says what phones may not play."""

from __future__ import annotations

import base64
import io
import re
import urllib.request

from PIL import Image
from playwright.sync_api import expect

from tests.browser.desk.conftest import Sit
from tests.browser.desk.house import Room
from tests.browser.desk.seat import Seat
from tests.browser.desk.test_talk import begun
from tests.browser.drawn import png
from tests.unit.desk.files.samples import box, mp4

RECORD = """async type => {
  const canvas = document.createElement("canvas");
  canvas.width = 320; canvas.height = 240;
  const brush = canvas.getContext("2d");
  const paint = () => { brush.fillStyle = "rgb(0, 128, 128)"; brush.fillRect(0, 0, 320, 240); };
  paint();
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: type });
  const parts = [];
  recorder.ondataavailable = event => parts.push(event.data);
  const over = new Promise(resolve => { recorder.onstop = resolve; });
  recorder.start();
  const end = performance.now() + 900;
  await new Promise(function again(resolve) {
    paint();
    performance.now() < end ? requestAnimationFrame(() => again(resolve)) : resolve();
  });
  recorder.stop();
  await over;
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(bytes.reduce((all, one) => all + String.fromCharCode(one), ""));
}"""
"""A second of teal, as this browser records it."""


def attach(seat: Seat, name: str, type: str, data: bytes) -> None:
    seat.page.get_by_label("Attach files").set_input_files({"name": name, "mimeType": type, "buffer": data})


def test_a_film_is_sent_with_a_picture_out_of_it(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    film = base64.b64decode(aya.page.evaluate(RECORD, 'video/mp4; codecs="avc1.42E01E"'))
    attach(aya, "tour.mp4", "video/mp4", film)
    waiting = aya.page.get_by_role("list", name="Files")
    expect(waiting.locator("img")).to_have_count(1)
    expect(waiting.get_by_role("status")).to_have_count(0)
    aya.say("Have a look.")
    message = mai.hears("originalContentUrl")["message"]
    assert message["type"] == "video"
    token = re.search(r"d-([0-9a-f]{32})/preview", message["previewImageUrl"])
    assert token is not None
    with urllib.request.urlopen(f"{room.house.url}/media/d-{token[1]}/preview", timeout=10) as answer:
        picture = Image.open(io.BytesIO(answer.read())).convert("RGB")
    assert picture.size == (320, 240)
    middle = picture.getpixel((160, 120))
    assert all(abs(one - two) < 20 for one, two in zip(middle, (0, 128, 128), strict=True)), middle  # type: ignore[arg-type]  # three colours


def test_what_phones_may_not_play_is_told_before_it_is_sent(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    attach(aya, "new.mp4", "video/mp4", mp4(inside=((b"vide", b"hvc1"),)))
    expect(aya.page.get_by_role("list", name="Files").get_by_role("status")).to_contain_text("H.265")
    aya.say("It may work.")
    assert mai.hears("originalContentUrl")["message"]["type"] == "video", "with the server's own picture"


def test_heic_is_made_jpeg_where_the_browser_can_and_else_the_way_out_is_told(room: Room, sit: Sit) -> None:
    aya, mai = begun(room, sit)
    # Browsers go by the content: under this name comes what this one can read, as HEIC is for Safari.
    attach(aya, "beach.heic", "image/heic", png(90, 60, (40, 90, 60), (240, 240, 200)))
    expect(aya.page.get_by_role("list", name="Files")).to_contain_text("beach.jpg")
    aya.say("From the beach.")
    assert mai.hears("originalContentUrl")["message"]["type"] == "image"
    attach(aya, "real.heic", "image/heic", box(b"ftyp", b"heic" + bytes(200)))
    expect(aya.page.get_by_role("list", name="Files")).to_contain_text("Most Compatible")

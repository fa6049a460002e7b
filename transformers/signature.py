"""Runs on every output after the flow: signs it with the shop's name and crest.

LINE shows the name above the message instead of the account's own (at most 20 characters, in the language
of the chat) and the picture beside it. An output that already names a sender keeps it.
https://developers.line.biz/en/docs/messaging-api/icon-nickname-switch/
"""

from __future__ import annotations

from typing import Any

NAMES = {
    "ja": "茶屋 のれん",
    "th": "ร้านน้ำชาโนเร็น",
    "zh-TW": "暖簾茶屋",
    "id": "Kedai Teh Noren",
    "en": "Noren Teahouse",
}


async def handle_output(output: Any, messages: Any, session: Any, endpoint: Any, kit: Any) -> Any:
    if output.sender:
        return output
    name = NAMES.get(session.language, NAMES["en"])
    return kit.change(output, sender={"name": name, "icon": "media/icon.png"})

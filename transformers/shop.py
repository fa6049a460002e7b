"""What the flows ask the shop: `call: shop.py:free_tables` and friends.

A real shop would ask its booking system and its till here. This one decides by arithmetic on the date, so the
same question always has the same answer and the conversation can be tested.
"""

from __future__ import annotations

import zlib
from datetime import date
from typing import Any

SEATS_PER_HOUR = 12
WEDNESDAY, SATURDAY = 2, 5
HOLIDAYS = {(12, 31), (1, 1), (1, 2), (1, 3)}

PRODUCTS: dict[str, dict[str, Any]] = {
    "matcha": {
        "yen": 900,
        "name": {"ja": "お抹茶", "th": "มัทฉะ", "zh-TW": "抹茶", "id": "Matcha", "en": "Matcha"},
        "text": {
            "ja": "石臼挽きの抹茶を、一碗ずつ点てます。",
            "th": "มัทฉะบดด้วยโม่หิน ชงสดทีละถ้วย",
            "zh-TW": "石臼研磨，一碗一碗現點。",
            "id": "Digiling dengan batu, dikocok segar per mangkuk.",
            "en": "Stone-ground, whisked bowl by bowl.",
        },
    },
    "hojicha": {
        "yen": 600,
        "name": {"ja": "ほうじ茶", "th": "โฮจิฉะ", "zh-TW": "焙茶", "id": "Hojicha", "en": "Hojicha"},
        "text": {
            "ja": "香ばしく、夜にもやさしいお茶です。",
            "th": "หอมกลิ่นคั่ว คาเฟอีนน้อย ดื่มได้ทั้งวัน",
            "zh-TW": "香氣溫潤，晚上喝也沒有負擔。",
            "id": "Harum sangrai, ringan untuk malam hari.",
            "en": "Roasted and gentle, good in the evening.",
        },
    },
    "dango": {
        "yen": 450,
        "name": {"ja": "三色団子", "th": "ดังโงะสามสี", "zh-TW": "三色糰子", "id": "Dango", "en": "Dango"},
        "text": {
            "ja": "毎朝つくる、もちもちのお団子です。",
            "th": "แป้งนุ่มหนึบ ทำสดใหม่ทุกเช้า",
            "zh-TW": "每天早上手作，口感軟糯。",
            "id": "Kenyal dan lembut, dibuat setiap pagi.",
            "en": "Soft and chewy, made every morning.",
        },
    },
    "dorayaki": {
        "yen": 380,
        "name": {"ja": "どら焼き", "th": "โดรายากิ", "zh-TW": "銅鑼燒", "id": "Dorayaki", "en": "Dorayaki"},
        "text": {
            "ja": "ふんわりした生地に、粒あんをたっぷり。",
            "th": "แป้งนุ่มฟู ไส้ถั่วแดงแน่น ๆ",
            "zh-TW": "鬆軟餅皮，夾滿紅豆粒餡。",
            "id": "Panekuk lembut berisi kacang merah manis.",
            "en": "Fluffy pancakes filled with sweet red beans.",
        },
    },
}


async def free_tables(args: dict[str, Any], session: Any, endpoint: Any, kit: Any) -> list[str]:
    """The full hours of a day at which that many people can sit together.

    `{"day": "2026-12-05", "seats": 2}` → `["11:00", "14:00", …]`; an empty list when the shop is closed or full.
    """
    day, seats = date.fromisoformat(args["day"]), int(args["seats"])
    return [f"{hour}:00" for hour in opening(day) if seats <= SEATS_PER_HOUR - taken(day, hour)]


async def products(args: dict[str, Any], session: Any, endpoint: Any, kit: Any) -> list[dict[str, Any]]:
    """What is on the counter, in the guest's language: `{"language": "en"}` → `[{id, name, text, yen, image}, …]`."""
    return [
        {
            "id": product,
            "name": entry["name"].get(args["language"], entry["name"]["en"]),
            "text": entry["text"].get(args["language"], entry["text"]["en"]),
            "yen": entry["yen"],
            "image": f"media/{product}.png",
        }
        for product, entry in PRODUCTS.items()
    ]


def opening(day: date) -> range:
    """Hours at which guests may come: none on Wednesdays and over the New Year, longer at weekends."""
    if day.weekday() == WEDNESDAY or (day.month, day.day) in HOLIDAYS:
        return range(0)
    return range(10, 19) if day.weekday() >= SATURDAY else range(11, 18)


def taken(day: date, hour: int) -> int:
    """Seats that others have booked for an hour: between 2 and 12, more at weekends."""
    return 2 + zlib.crc32(f"{day} {hour}".encode()) % 9 + (2 if day.weekday() >= SATURDAY else 0)

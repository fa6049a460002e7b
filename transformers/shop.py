"""What the flows ask the shop: `call: shop.py:free_tables` and friends.

A real shop would ask its booking system here. This one decides by arithmetic on the date, so the same
question always has the same answer and the conversation can be tested.
"""

from __future__ import annotations

import zlib
from datetime import date, timedelta
from typing import Any

SEATS_PER_HOUR = 12
WEDNESDAY, SATURDAY = 2, 5

PRODUCTS = {"matcha": 900, "hojicha": 600, "dango": 450, "dorayaki": 380}


async def free_tables(args: dict[str, Any], session: Any, endpoint: Any, kit: Any) -> list[str]:
    """The full hours of a day at which that many people can sit together.

    `{"day": "2026-12-05", "seats": 2}` → `["10:00", "13:00", …]`; an empty list when the shop is closed or full.
    """
    day, seats = date.fromisoformat(str(args["day"])[:10]), int(args["seats"])
    return [f"{hour}:00" for hour in opening(day) if seats <= SEATS_PER_HOUR - taken(day, hour)]


async def price(args: dict[str, Any], session: Any, endpoint: Any, kit: Any) -> int:
    """What an order costs in yen: `{"product": "matcha", "count": 2}` → `1800`."""
    return PRODUCTS[str(args["product"])] * int(args["count"])


async def reminder_in_hours(args: dict[str, Any], session: Any, endpoint: Any, kit: Any) -> int:
    """Hours from now to the evening before a day; 0 when that has passed."""
    eve = date.fromisoformat(str(args["day"])[:10]) - timedelta(days=1)
    return max(0, (eve - date.fromisoformat(str(args["today"])[:10])).days * 24)


def opening(day: date) -> range:
    """Hours at which guests may come: none on Wednesdays and over the New Year, longer at weekends."""
    if day.weekday() == WEDNESDAY or (day.month, day.day) in {(12, 31), (1, 1), (1, 2), (1, 3)}:
        return range(0)
    return range(10, 19) if day.weekday() >= SATURDAY else range(11, 18)


def taken(day: date, hour: int) -> int:
    """Seats that others have booked for an hour: between 2 and 12, more at weekends."""
    crowd = zlib.crc32(f"{day} {hour}".encode()) % 9
    return 2 + crowd + (2 if day.weekday() >= SATURDAY else 0)

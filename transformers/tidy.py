"""Runs on every event before the flow: makes even what guests type.

`４名` becomes `4名`, `  book   a table ` becomes `book a table`; emoji, Thai vowels and line feeds of other
scripts stay readable. Stickers, pictures and taps have no text and pass untouched.
"""

from __future__ import annotations

from typing import Any


async def handle_input(event: Any, session: Any, endpoint: Any, kit: Any) -> Any:
    return kit.change(event, text=kit.text(event.text)) if event.text else event

"""What a conversation in Chatwoot leaves for the flow that goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.handover_desks import chatwoot
from tests.contract.test_chatwoot import talking

pytestmark = pytest.mark.anyio


async def test_labels_that_people_gave_come_to_the_flow(tmp_path: Path) -> None:
    async with chatwoot(tmp_path) as house:
        await talking(house)
        house.desk.server.conversation().labels = ["refund", "vip"]
        await house.desk.resolves()
        row = await house.w.store.show_case((await house.w.store.cases_of(house.key))[0]["id"])
        assert row is not None
        assert row["body"]["result"]["labels"] == ["refund", "vip"]

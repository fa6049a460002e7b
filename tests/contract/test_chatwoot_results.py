"""What a conversation in Chatwoot leaves for the flow that goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.contract.handover_desks import chatwoot
from tests.contract.hooked_desk import webhook
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


@pytest.mark.parametrize("make", [chatwoot, webhook])
async def test_a_message_taken_back_after_the_end_is_gone_there_too(tmp_path: Path, make: Any) -> None:
    async with make(tmp_path) as house:
        await talking(house)
        said = await house.w.say("my card number is 1234")
        await house.desk.settle()
        await house.desk.resolves()
        await house.w.say("thanks")
        house.w.line.simulator.acts.unsend(said.id)
        await house.desk.settle()
        await house.w.turn(1_000)
        await house.desk.settle()
        if house.desk.name == "chatwoot":
            assert "1234" not in str(house.desk.server.said())
        else:
            gone = [one["value"]["message"] for one in house.desk.got.values() if one.get("name") == "message.unsend"]
            assert gone == [said.id]
        assert (await house.w.session()).control.owner == "bot"


async def test_an_answer_to_a_survey_that_is_told_twice_has_one_name(tmp_path: Path) -> None:
    """Whoever keeps each `id` once counts it once."""
    async with webhook(tmp_path) as house:
        provider = house.w.runtime.others.office.providers["there"]
        for _ in range(2):
            await provider.update({"rating": 4, "comment": "", "event": "e1.0"}, {"ref": "c1"})
            house.w.clock.turn(5_000)
        assert [name for name in house.desk.got if "survey" in name] == ["c1.survey.e1.0."]
        assert house.desk.got["c1.survey.e1.0."]["value"] == {"rating": 4, "comment": ""}

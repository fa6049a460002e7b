"""No room for the database: LINE is told to come again, and once there is room nothing is lost or said twice."""

from __future__ import annotations

import asyncio
import resource
from pathlib import Path

import aiohttp
import pytest

from runtime.simulator.ids import steady
from runtime.simulator.values import User
from tests.faults.test_workers import crowd, pause

pytestmark = [pytest.mark.anyio, pytest.mark.faults]

STRANGER = steady("U", "workers:stranger")
ROOM = 600_000
"""Bytes a file of the server may have: enough to start, not for long."""


async def test_a_disk_that_is_full_for_a_while(tmp_path: Path) -> None:
    events = 30
    async with crowd(tmp_path, "sqlite:///noren.db", (), users=10) as c:
        [server] = c.servers
        c.line.simulator.platform.people.add_user(User(id=STRANGER, name="Stranger"))
        assert server.running is not None
        pid = server.running.pid
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (ROOM, resource.RLIM_INFINITY))
        talking = asyncio.create_task(c.talk(events, [server]))
        async with aiohttp.ClientSession() as http:
            refused = 0
            while refused < 3 and not talking.done():
                refused += not await c.post(http, server, c.happens(STRANGER, "?" * 4_000))
                await pause(0.02)
        await pause(0.5)
        assert not talking.done(), "it never filled up"
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        await talking
        await c.all_answered(events)
        assert c.wrong(events) == {}
        assert server.running.poll() is None
        assert "Traceback" not in server.log

"""The simulator as an ASGI app: LINE's API under LINE's paths, the page and the control API under /simulator."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final, cast

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from runtime.line.rules import respond
from runtime.model import Data
from runtime.ports import Clock
from runtime.simulator.api.call import Check
from runtime.simulator.api.dispatch import LineApi
from runtime.simulator.api.rates import Rates
from runtime.simulator.assets import page
from runtime.simulator.control.asked import refusal
from runtime.simulator.control.routes import routes
from runtime.simulator.guard import refused
from runtime.simulator.hooks import Post
from runtime.simulator.state import Simulator, assemble
from runtime.simulator.values import Bot

OWN: Final = "/simulator"
More = Callable[[Simulator], Sequence[BaseRoute]]


def rules(request: Data, via: str, to: str) -> Data | None:
    """LINE's 400 for messages that break a rule, from the one table of rules."""
    answer: Mapping[str, Any] | None = respond(request, cast(Any, via), cast(Any, to))
    return answer


class SimulatorApp(Starlette):
    """Starlette for the page and the control API; LINE's paths go straight to LINE's API, which needs `send`."""

    def __init__(
        self, simulator: Simulator, line: LineApi, more: Sequence[BaseRoute] = (), hosts: Collection[str] = ()
    ) -> None:
        super().__init__(routes=[*more, *routes(simulator), *page()], lifespan=_lifespan)
        self.simulator = simulator
        self._line = line
        self._hosts = frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
        elif scope["path"] != "/" and not scope["path"].startswith(OWN):
            await self._line(scope, receive, send)
        elif why := refused(scope["method"], Headers(scope=scope), self._hosts):
            await refusal(why)(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    await cast(SimulatorApp, app).simulator.close()


def create(
    *,
    bots: Sequence[Bot] = (),
    clock: Clock | None = None,
    post: Post | None = None,
    check: Check = rules,
    rate_limits: bool = False,
    seed: int | None = None,
    reply_life: int = 60_000,
    reply_limit: int = 1_200_000,
    more: More = lambda simulator: (),
    hosts: Collection[str] = (),
) -> SimulatorApp:
    """LINE's platform for these bots; `app.simulator` drives it in-process.

    `clock` is the base of its time, `post` sends its webhooks (over HTTP by default), `check` judges messages.
    `rate_limits` switches LINE's limits of rate on. A reply token lives `reply_life` ms from each delivery of its
    event, at most `reply_limit` ms in all. With a `seed`, ids are the same in every run. `more` gives further routes
    below /simulator, `hosts` further names this machine answers to. Raises `BadInput` for a bot that cannot be,
    such as one whose webhook belongs to the real LINE.
    """
    simulator = assemble(bots, clock=clock, post=post, seed=seed, reply_life=reply_life, reply_limit=reply_limit)
    line = LineApi(
        simulator.platform,
        clock=simulator.clock,
        faults=simulator.faults,
        journal=simulator.journal,
        check=check,
        test=simulator.hooks.test,
        rates=Rates() if rate_limits else None,
    )
    return SimulatorApp(simulator, line, more(simulator), hosts)

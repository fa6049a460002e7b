"""`noren simulator`: LINE's platform on this machine, for a bot that runs elsewhere."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import click

from runtime.cli.project import open_project, root_option
from runtime.errors import BadInput
from runtime.project import FILE
from runtime.settings import EndpointSettings
from runtime.simulator.app import create
from runtime.simulator.serve import serving
from runtime.simulator.values import Bot

LINE = "https://api.line.me"
SHORTEST_REAL = 100
"""LINE's own long-lived access tokens have more characters than this."""


allow_host = click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="Another name this machine has in the browser's address, such as that of a proxy; repeatable.",
)


@click.command()
@root_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="0 takes a free one.")
@click.option("--webhook", "webhooks", multiple=True, metavar="NAME=URL", help="A bot and its webhook; repeatable.")
@allow_host
@click.option("--rate-limits", is_flag=True, help="Keep LINE's limits of rate.")
@click.option("--seed", type=int, help="The same ids in every run.")
@click.option("--real", is_flag=True, help="Take credentials although they look like those of a real account.")
def simulator(
    root: Path,
    host: str,
    port: int,
    webhooks: tuple[str, ...],
    hosts: tuple[str, ...],
    rate_limits: bool,
    seed: int | None,
    real: bool,
) -> None:
    """Run LINE's platform alone: its API, its webhooks, people to write as, and a page to do it on.

    Its bots are the endpoints of noren.yaml, with their credentials where they have some, and those that
    --webhook names, with credentials that are always the same. Nothing is kept when it ends.

    \b
    Example:
      noren simulator
      noren simulator --port 9001 --webhook echo=http://127.0.0.1:3000/callback
    """
    bots = named(configured(root, real), webhooks)
    if not bots:
        raise BadInput("there is no bot: go to a bot's folder, or say --webhook NAME=URL")
    app = create(bots=bots, rate_limits=rate_limits, seed=seed, hosts=(*hosts, host))

    async def run() -> None:
        stop = asyncio.Event()
        for name in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(name, stop.set)
        async with serving(app, host=host, port=port) as url:
            greet(url, bots)
            await stop.wait()

    try:
        asyncio.run(run())
    except OSError as error:
        raise BadInput(f"{host}:{port} cannot be listened on ({error.strerror}); choose another --port") from None


def configured(root: Path, real: bool) -> dict[str, Bot]:
    """A bot per endpoint of noren.yaml, if there is one."""
    if not (root / FILE).is_file():
        return {}
    settings = open_project(root, lenient=True).settings
    base = f"http://{settings.host}:{settings.port}"
    return {name: credited(one, f"{base}/line/{name}", real) for name, one in settings.endpoints.items()}


def credited(endpoint: EndpointSettings, webhook: str, real: bool) -> Bot:
    """The endpoint's bot. Raises `BadInput` for credentials the simulator had better not show around."""
    token = endpoint.access_token or endpoint.token.long_lived
    if endpoint.api == LINE and len(token) > SHORTEST_REAL and not real:
        raise BadInput(
            f"endpoints.{endpoint.name}: this looks like the access token of a real LINE account, and whoever reaches "
            "the simulator can read it; unset it, or say --real if that is fine"
        )
    return Bot(
        name=endpoint.name,
        webhook_url=webhook,
        redelivery=True,
        channel_id=endpoint.token.channel_id,
        channel_secret=endpoint.channel_secret,
        access_token=token,
    ).complete()


def named(known: Mapping[str, Bot], webhooks: Sequence[str]) -> list[Bot]:
    """All bots, with the webhooks that were named."""
    bots = dict(known)
    for pair in webhooks:
        name, sign, url = pair.partition("=")
        if not (name and sign and url):
            raise BadInput(f"--webhook {pair}: write NAME=URL, such as echo=http://127.0.0.1:3000/callback")
        own = bots.get(name) or Bot(name=name, redelivery=True)
        bots[name] = replace(own, webhook_url=url).complete()
    return list(bots.values())


def greet(url: str, bots: Sequence[Bot]) -> None:
    """Where it is and how to point a bot at it; secrets only of bots that have made-up ones."""
    click.echo()
    click.secho("  noren simulator", bold=True)
    click.echo(f"  page           {click.style(f'{url}/simulator/', bold=True)}   chat with the bot in a browser")
    click.echo(f"  LINE's API     {url}   (api.line.me and api-data.line.me in one)")
    click.echo(f"  control API    {url}/simulator/api/")
    for bot in bots:
        click.echo(f"\n  {click.style(bot.name, bold=True)}")
        click.echo(f"    webhook         {bot.webhook_url}")
        click.echo(f"    channel id      {bot.channel_id}")
        click.echo(f"    channel secret  {made(bot.channel_secret, Bot(name=bot.name).complete().channel_secret)}")
        click.echo(f"    access token    {made(bot.access_token, Bot(name=bot.name).complete().access_token)}")
    click.echo(f"\n  in noren.yaml     endpoints: {{NAME: {{api: {url}, api_data: {url}}}}}")
    click.echo(f"  with the SDK      Configuration(host={url!r}, access_token=…)")
    click.echo(f"  talk              noren chat --line {url}\n")


def made(value: str, made_up: str) -> str:
    """A credential if it is made up; else where it came from."""
    return value if value == made_up else f"as in {FILE}"

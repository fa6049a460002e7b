"""`noren serve`: the runtime for real."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from runtime.cli.project import open_project, root_option
from runtime.errors import BadInput
from runtime.log import Logger, configure
from runtime.settings import Settings
from runtime.simulator.serve import listen

if TYPE_CHECKING:
    import uvicorn

ROLES = ("all", "web", "worker")
log = Logger("serve")


@click.command()
@root_option
@click.option("--host", help="Address to listen on; noren.yaml's `host` otherwise.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on; noren.yaml's `port` otherwise.")
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes; more than one needs PostgreSQL.",
)
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default="all",
    show_default=True,
    help="web only takes events in, worker only works them.",
)
def serve(root: Path, host: str | None, port: int | None, workers: int, role: str) -> None:
    """Serve the bot: webhooks in, answers out.

    Behind a TLS proxy that passes the body on unchanged. SIGTERM finishes the turns that are running.

    \b
    Example:
      noren serve --host 0.0.0.0
      noren serve --workers 4
    """
    project = open_project(root)
    settings = project.settings
    if workers > 1 and not settings.store.startswith("postgres"):
        raise BadInput("several processes need a PostgreSQL store; set `store: postgresql://…` in noren.yaml")
    if role != "worker":
        for name, endpoint in settings.endpoints.items():
            if not endpoint.channel_secret.strip():
                raise BadInput(f"endpoints.{name}: channel_secret is empty, and every webhook would be refused; set it")
    configure(settings.log, settings.log_level)
    os.environ["NOREN_ROOT"], os.environ["NOREN_ROLE"] = str(project.root), role
    try:
        run(settings, host, port, workers)
    except SystemExit as end:
        sys.exit(2 if end.code in NOT_STARTED else end.code)  # the log says why, in a line without a traceback


def run(settings: Settings, host: str | None, port: int | None, workers: int) -> None:
    """Serve until a signal comes. Raises `SystemExit`."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    config = uvicorn.Config(
        "runtime.app:factory",
        factory=True,
        host=host or settings.host,
        port=port if port is not None else settings.port,
        workers=workers,
        **SERVER,
        timeout_graceful_shutdown=ANSWERING,
    )
    if workers > 1:
        with bound(config.host, config.port) as sock:
            tell(sock, settings)
            parent = Multiprocess(config, [sock])
            count_findings()
            parent.run()
        sys.exit(max(NOT_STARTED & {process.exitcode for process in parent.processes}, default=0))
    server = counting(config, settings)
    with bound(config.host, config.port) as sock, contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[sock])
    sys.exit(0 if server.started else max(NOT_STARTED))


def tell(sock: socket.socket, settings: Settings) -> None:
    """Where it listens, and where LINE's webhooks go."""
    host, port = sock.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    webhooks = " ".join(f"/line/{name}" for name in settings.endpoints) or "none"
    log.info("listening", address=f"http://{shown}:{port}", webhooks=webhooks)


def counting(config: uvicorn.Config, settings: Settings) -> uvicorn.Server:
    """A server that says where it is and looks for findings once it answers."""
    import uvicorn

    class Counting(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                for sock in (sockets or [])[:1]:
                    tell(sock, settings)
                count_findings()

    return Counting(config)


def count_findings() -> None:
    """Log how many findings of `noren check` the bot has; nothing waits for that."""
    from runtime.cli.told import record

    threading.Thread(target=record, args=(Path(os.environ["NOREN_ROOT"]),), name="noren-check", daemon=True).start()


def bound(host: str, port: int) -> socket.socket:
    """A listening socket, before anything else is begun. Raises `BadInput` when the address cannot be had."""
    try:
        return listen(host, port)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        way = "choose another with --port, or stop who has it" if taken else "choose another with --host and --port"
        raise BadInput(f"{host} port {port} cannot be had ({error.strerror}); {way}") from None


ANSWERING = 5
"""Seconds that requests under way get at a stop. Turns get their own time after that, see `worker.grace`."""
NOT_STARTED = {1, 3}
"""uvicorn's exit codes for a start that failed: a port that is taken, a store that is."""
SERVER: dict[str, Any] = {
    "loop": "auto",
    "http": "auto",
    "lifespan": "on",
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "proxy_headers": False,  # the desk alone asks where a request came from, and reads `proxies` of noren.yaml
    "date_header": True,
    "backlog": 2048,
}

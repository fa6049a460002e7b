"""yaml-language-server, as editors run it: installed from npm once, spoken to over standard input and output."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

from tests.required import missing

VERSION = "1.18.0"
HOME = Path(tempfile.gettempdir()) / f"noren-yaml-language-server-{VERSION}"
SERVER = HOME / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
PATIENCE = 60.0
"""Seconds in which an answer must come."""


def installed() -> Path:
    """The server's program; skips the test with the reason when it cannot be had (NOREN_REQUIRE=editor: fails)."""
    if not shutil.which("node") or not shutil.which("npm"):
        missing("editor", "Node.js and npm are not here")
    if not SERVER.is_file():
        HOME.mkdir(exist_ok=True)
        command = [
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(HOME),
            f"yaml-language-server@{VERSION}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        if done.returncode or not SERVER.is_file():
            missing("editor", f"npm could not install yaml-language-server: {done.stderr.strip()[-200:]}")
    return SERVER


class Editor:
    """An editor with one folder open: says what it opens, asks what it would show."""

    def __init__(self, process: subprocess.Popen[bytes], root: Path) -> None:
        self._process, self._root = process, root
        self._count = 0
        self._answers: dict[int, Queue[Any]] = {}
        self._told: dict[str, Queue[Any]] = {}
        self._settings: dict[str, Any] = {}
        self._open: set[str] = set()
        threading.Thread(target=self._listen, daemon=True).start()

    def start(self, schemas: dict[str, str]) -> None:
        """`schemas`: schema file below the folder → the files it is for."""
        can = {"workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}}}
        self.request("initialize", processId=None, rootUri=self._root.as_uri(), capabilities=can)
        known = {(self._root / name).as_uri(): glob for name, glob in schemas.items()}
        store = {"enable": False, "url": ""}
        yaml = {"schemas": known, "validate": True, "hover": True, "completion": True, "schemaStore": store}
        self._settings["yaml"] = yaml
        self.notify("initialized")
        self.notify("workspace/didChangeConfiguration", settings=self._settings)

    def open(self, name: str, text: str) -> list[dict[str, Any]]:
        """Open a file, or write another text into one that is open; what is underlined in it."""
        uri = (self._root / name).as_uri()
        known = uri in self._open
        self._open.add(uri)
        told = self._told.setdefault(uri, Queue())
        self._count += 1
        document = {"uri": uri, "version": self._count}
        if known:
            self.notify("textDocument/didChange", textDocument=document, contentChanges=[{"text": text}])
        else:
            self.notify("textDocument/didOpen", textDocument={**document, "languageId": "yaml", "text": text})
        found: list[dict[str, Any]] = told.get(timeout=PATIENCE)
        return found

    def complete(self, name: str, text: str) -> list[str]:
        """What is offered at the `|` in the text."""
        at = self._at(name, text)
        self.open(name, text.replace("|", "", 1))
        found = self.request("textDocument/completion", **at)
        items = found["items"] if isinstance(found, dict) else found
        return [str(item["label"]) for item in items]

    def hover(self, name: str, text: str) -> str:
        """What is shown where the pointer rests at the `|` in the text."""
        at = self._at(name, text)
        self.open(name, text.replace("|", "", 1))
        found = self.request("textDocument/hover", **at)
        return str(found["contents"]["value"]) if found else ""

    def _at(self, name: str, text: str) -> dict[str, Any]:
        before = text.partition("|")[0]
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return {"textDocument": {"uri": (self._root / name).as_uri()}, "position": position}

    def request(self, method: str, **params: Any) -> Any:
        self._count += 1
        answer = self._answers[self._count] = Queue()
        self._send({"id": self._count, "method": method, "params": params})
        return answer.get(timeout=PATIENCE)

    def notify(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _listen(self) -> None:
        out = self._process.stdout
        assert out is not None
        while line := out.readline():
            length = int(line.split(b":")[1])
            while out.readline().strip():
                pass
            self._take(json.loads(out.read(length)))

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self._answers[message["id"]].put(message.get("result"))
        elif message["method"] == "textDocument/publishDiagnostics":
            params = message["params"]
            self._told.setdefault(params["uri"], Queue()).put(params["diagnostics"])
        elif "id" in message:  # the server asks: for settings, and whether it may register something
            asked = message.get("params", {}).get("items")
            result = None if asked is None else [self._settings.get(one.get("section")) for one in asked]
            self._send({"id": message["id"], "result": result})


@contextmanager
def editor(root: Path, schemas: dict[str, str]) -> Iterator[Editor]:
    """The language server for a folder, until the block is left."""
    server = installed()
    command = ["node", str(server), "--stdio"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        try:
            made = Editor(process, root)
            made.start(schemas)
            yield made
        finally:
            process.kill()

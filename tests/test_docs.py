"""Docs are under test: what exists is described, what is described exists, every link leads somewhere."""

from __future__ import annotations

import importlib
import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from runtime import errors, settings
from runtime.cli import reference

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
FENCE = re.compile(r"^```(\w+)?[ \t]*([^\n]*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
EVENTS = """
    message edited unsend follow unfollow join leave member_joined member_left postback video_complete beacon
    account_link membership module activated deactivated bot_suspended bot_resumed delivery unknown
    timer inject notify handover
"""
OUTPUTS = "text sticker image video audio location imagemap buttons confirm cards image_cards list flex coupon line"


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def missing(words: list[str], name: str) -> list[str]:
    text = page(name)
    return [word for word in words if f"`{word}`" not in text]


def there(module: str) -> bool:
    try:
        spec = importlib.util.find_spec(module)
        return spec is not None and spec.origin is not None
    except ModuleNotFoundError:
        return False


def blocks(info: str) -> list[tuple[str, str]]:
    """Place and text of each ```yaml block whose first line carries that word."""
    found = []
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            if match[1] == "yaml" and info in match[2].split():
                line = text[: match.start()].count("\n") + 1
                found.append((f"{path.relative_to(ROOT)}:{line}", match[3]))
    return found


@pytest.mark.parametrize("name", [name for name in reference.PAGES if name != "commands.md"])
def test_made_pages_are_up_to_date(name: str) -> None:
    assert page(name) == reference.PAGES[name](), f"docs/reference/{name} is old: run `noren reference`"


@pytest.mark.skipif(not there("runtime.cli.main"), reason="the command line is not there")
def test_every_command_is_described_and_helps() -> None:
    assert page("commands.md") == reference.commands_page(), "docs/reference/commands.md is old: run `noren reference`"
    cli = importlib.import_module("runtime.cli.main").cli
    silent = [path for path, command in reference.commands(cli, "noren") if not (command.help or "").strip()]
    assert not silent, f"commands without help: {silent}"


def test_every_setting_is_described_and_helps() -> None:
    for kind, path in reference.groups(settings.Settings, ""):
        for one in kind.__dataclass_fields__.values():  # type: ignore[attr-defined]
            assert one.metadata.get("help"), f"the setting {path}{one.name} has no help"


def test_every_error_is_described() -> None:
    names = [kind.__name__ for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    assert not missing(names, "errors.md")


def test_every_event_kind_is_described() -> None:
    assert not missing(EVENTS.split(), "events.md")


def test_every_output_kind_is_described() -> None:
    assert not missing(OUTPUTS.split(), "outputs.md")


@pytest.mark.skipif(not there("runtime.flow.steps"), reason="the flow engine is not there")
def test_every_step_is_described() -> None:
    verbs = list(importlib.import_module("runtime.flow.steps").STEPS)
    assert not missing(verbs, "steps.md"), "verbs without a word in docs/reference/steps.md"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path) -> None:
    text = re.sub(r"^```.*?^```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    broken = [
        link for link in LINK.findall(text) if not link.startswith(("http", "mailto:")) and not reaches(path, link)
    ]
    assert not broken, f"{path.relative_to(ROOT)}: links to nothing: {broken}"


def reaches(path: Path, link: str) -> bool:
    file, _, anchor = link.partition("#")
    target = (path.parent / file).resolve() if file else path
    if not target.exists():
        return False
    return not anchor or target.suffix != ".md" or anchor in anchors(target)


def anchors(path: Path) -> set[str]:
    """Anchors of the headings, made as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).strip().replace(" ", "-") for head in heads}


@pytest.mark.skipif(not there("runtime.flow.loader"), reason="the flow loader is not there")
@pytest.mark.parametrize(("place", "text"), blocks("flow"), ids=lambda value: value if ":" in value[:80] else "")
def test_flows_in_the_docs_load(place: str, text: str) -> None:
    loader = importlib.import_module("runtime.flow.loader")
    assert loader.load({"page.yaml": text}, languages=("en", "ja")).flows, place


@pytest.mark.parametrize(("place", "text"), blocks("noren.yaml"))
def test_settings_in_the_docs_can_be_used(place: str, text: str) -> None:
    names = re.findall(r"\$\{(\w+)", text)
    assert settings.build(yaml.safe_load(text), dict.fromkeys(names, "x")), place


def test_the_sample_bots_settings_can_be_used() -> None:
    text = (ROOT / "noren.yaml").read_text(encoding="utf-8")
    assert "shop" in settings.build(yaml.safe_load(text), {}).endpoints


def test_changelog_has_a_place_for_the_next_change() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[?Unreleased\]?$", text, re.MULTILINE)


def test_readme_is_one_screen() -> None:
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 60, f"README.md has {len(lines)} lines"


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    links = {
        (index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(index.read_text(encoding="utf-8"))
    }
    lost = [str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md") if p != index and p not in links]
    assert not lost, f"pages that docs/README.md does not name: {lost}"

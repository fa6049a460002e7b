"""Docs are under test: what exists is described, what is described exists, every link leads somewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from runtime import errors, settings
from runtime.cli import reference
from runtime.cli.main import COMMANDS, cli
from runtime.flow.loader import load
from runtime.flow.steps import STEPS

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


def short(value: object) -> str:
    """A name for a parameter: places as they are, texts and lists not at all."""
    return value if isinstance(value, str) and "\n" not in value else "-"


def there(module: str) -> bool:
    try:
        spec = importlib.util.find_spec(module)
        return spec is not None and spec.origin is not None
    except ModuleNotFoundError:
        return False


def blocks(kind: str) -> list[tuple[str, str, list[str]]]:
    """Place, text and further words of each block that begins with ```yaml and that word."""
    found = []
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        for match in FENCE.finditer(text):
            words = match[2].split()
            if match[1] == "yaml" and words[:1] == [kind]:
                line = text[: match.start()].count("\n") + 1
                found.append((f"{path.relative_to(ROOT)}:{line}", match[3], words[1:]))
    return found


@pytest.mark.parametrize("name", [name for name in reference.PAGES if name != "commands.md"])
def test_made_pages_are_up_to_date(name: str) -> None:
    assert page(name) == reference.PAGES[name](), f"docs/reference/{name} is old: run `noren reference`"


@pytest.mark.skipif(not all(there(path.partition(":")[0]) for path in COMMANDS.values()), reason="a command is missing")
def test_every_command_is_described_and_helps() -> None:
    assert page("commands.md") == reference.commands_page(), "docs/reference/commands.md is old: run `noren reference`"
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


def test_every_step_is_described() -> None:
    assert not missing(list(STEPS), "steps.md"), "verbs without a word in docs/reference/steps.md"


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


@pytest.mark.parametrize(("place", "text", "more"), blocks("flow"), ids=short)
def test_flows_in_the_docs_load(place: str, text: str, more: list[str]) -> None:
    assert load({"page.yaml": text}, languages=("en", "ja")).flows, place


@pytest.mark.parametrize(("place", "text", "more"), blocks("steps"), ids=short)
def test_steps_in_the_docs_load(place: str, text: str, more: list[str]) -> None:
    """Words after `steps` name the variables (`day:date`) and sections (`#by_phone`) that stand around them."""
    variables = "".join(f"  {word.replace(':', ': ')}\n" for word in more if ":" in word)
    sections = "".join(f"  {word[1:]}: [end]\n" for word in more if word.startswith("#"))
    around = (
        "flow: page\n" + (f"vars:\n{variables}" if variables else "") + (f"sections:\n{sections}" if sections else "")
    )
    assert load({"page.yaml": f"{around}steps:\n{text}"}, languages=("en", "ja")).flows, place


@pytest.mark.parametrize(("place", "text", "more"), blocks("noren.yaml"), ids=short)
def test_settings_in_the_docs_can_be_used(place: str, text: str, more: list[str]) -> None:
    names = re.findall(r"\$\{(\w+)", text)
    assert settings.build(yaml.safe_load(text), dict.fromkeys(names, "x")), place


def test_every_yaml_block_is_tried() -> None:
    """A block says what it is: ```yaml flow, steps, noren.yaml, test, or part for what cannot stand alone."""
    kinds = {"flow", "steps", "noren.yaml", "test", "part"}
    bare = [
        f"{path.relative_to(ROOT)}: {match[3][:40]!r}"
        for path in PAGES
        for match in FENCE.finditer(path.read_text(encoding="utf-8"))
        if match[1] in ("yaml", "yml") and (match[2].split() or [""])[0] not in kinds
    ]
    assert not bare, f"say what these blocks are: {bare}"


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


TESTED = re.compile(r"`((?:tests|docs)/[^`:]+|(…|test_\w+\.py)::(test_\w+))`")


def test_troubles_name_tests_that_are_there() -> None:
    """`…::name` is of the file that was named before."""
    text = (ROOT / "docs" / "explanation" / "known-troubles.md").read_text(encoding="utf-8")
    tests: dict[str, str] = {}
    for path in (ROOT / "tests").rglob("test_*.py"):
        tests[path.name] = tests.get(path.name, "") + path.read_text(encoding="utf-8")
    lost, file = [], ""
    for named, of, test in TESTED.findall(text):
        file = of if of not in ("", "…") else file
        if not (f"def {test}(" in tests.get(file, "") if test else (ROOT / named).exists()):
            lost.append(named)
    assert not lost, f"named, but not there: {lost}"
    assert len(TESTED.findall(text)) > 30

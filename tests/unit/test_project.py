"""A bot's folder: what is read, and what is said about what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.errors import BadInput, SettingsError
from runtime.project import open_project, read_files, settings_of
from tests.world import write


def error(text: str, **env: str) -> str:
    with pytest.raises(SettingsError) as raised:
        settings_of(text, env)
    return str(raised.value)


PLACES = [
    ("port: eighty", "noren.yaml:1:1: port: expected a whole number, found a text"),
    ("store: x\nprot: 1", "noren.yaml:2:1: prot: unknown setting; did you mean port?"),
    (
        "endpoints:\n  shop:\n    languages: [en]\n    late: never",
        "noren.yaml:4:5: endpoints.shop.late: expected one of push, button",
    ),
    (
        "endpoints:\n  shop:\n    reply_within: soon",
        "noren.yaml:3:5: endpoints.shop.reply_within: 'soon' is no duration",
    ),
    (
        "endpoints:\n  shop:\n    session:\n      expire: 30 minutes",
        "noren.yaml:4:7: endpoints.shop.session.expire: '30 minutes' is no duration",
    ),
    (
        "endpoints:\n  shop:\n    channel_secret: ${SECRET}",
        "noren.yaml:3:5: endpoints.shop.channel_secret: the environment variable SECRET is not set",
    ),
    ("endpoints: [shop]", "noren.yaml:1:1: endpoints: expected a mapping, found a list"),
    ("- a\n- b", "noren.yaml:1:1: noren.yaml: expected a mapping, found a list"),
    (
        "endpoints:\n  shop:\n    languages: [en, {a: b}]",
        "noren.yaml:3:21: endpoints.shop.languages[1]: expected a text",
    ),
    ("http: {max_kb: true}", "noren.yaml:1:8: http.max_kb: expected a whole number, found true or false"),
    ("endpoints: {shop: {flows: 'a', flows: 'b'}}", "noren.yaml:1:32: "),
    ("port: [1", "noren.yaml:"),
    ("port:\t1\n\tstore: x", "noren.yaml:"),
    ("a: &x [*x]", "noren.yaml:"),
]


@pytest.mark.parametrize(("text", "said"), PLACES)
def test_a_mistake_is_told_with_its_place_and_the_way_out(text: str, said: str) -> None:
    assert error(text).startswith(said)


def test_an_error_holds_no_secret() -> None:
    assert "hunter2" not in error("endpoints:\n  shop: {channel_secret: ['${SECRET}']}", SECRET="hunter2")
    assert "hunter2" not in error("endpoints:\n  shop: {token: '${SECRET}'}", SECRET="hunter2")


@pytest.mark.parametrize("text", ["", "# nothing\n"])
def test_an_empty_file_is_told(text: str) -> None:
    assert error(text) == "noren.yaml:1:1: this file is empty"


def test_what_is_left_out_has_its_default() -> None:
    assert settings_of("endpoints: {}", {}).port == 8000


def test_the_environment_wins_over_dotenv_and_defaults_fill_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = "store: ${STORE}\nhost: ${HOST:-0.0.0.0}\nport: ${PORT}\npublic_url: ${QUOTED}\n"
    dotenv = "# a comment\nSTORE=from-file\nexport PORT = 81\n\nQUOTED='https://bot.example'\nno sign here\n"
    write(tmp_path, {"noren.yaml": config, ".env": dotenv})
    monkeypatch.setenv("STORE", "from-environment")
    settings = open_project(tmp_path).settings
    assert (settings.store, settings.host, settings.port) == ("from-environment", "0.0.0.0", 81)
    assert settings.public_url == "https://bot.example"


def test_overrides_win_over_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"noren.yaml": "store: ${STORE}\n"})
    monkeypatch.setenv("STORE", "from-environment")
    assert open_project(tmp_path, overrides={"STORE": "given"}).settings.store == "given"


def test_lenient_takes_unset_variables_as_empty(tmp_path: Path) -> None:
    write(tmp_path, {"noren.yaml": "endpoints: {shop: {channel_secret: '${NOWHERE_SET}', access_token: '${X:-y}'}}\n"})
    shop = open_project(tmp_path, lenient=True).settings.endpoints["shop"]
    assert (shop.channel_secret, shop.access_token) == ("", "y")
    with pytest.raises(SettingsError, match="NOWHERE_SET is not set"):
        open_project(tmp_path)


def test_a_folder_that_is_no_bot(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"there is no noren\.yaml in .*; go to a bot's folder, or make one"):
        open_project(tmp_path)


@pytest.mark.parametrize("name", ["noren.yaml", ".env", "flows/a.yaml"])
def test_a_file_that_is_no_text_is_named(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"noren.yaml": "port: 1\n", "flows/a.yaml": "flow: a\n"})
    (tmp_path / name).write_bytes("port: 日本".encode("shift_jis"))
    with pytest.raises(BadInput, match=rf"{name} is not UTF-8 text \(byte 6\); save it as UTF-8"):
        open_project(tmp_path).files("flows")


def test_a_byte_order_mark_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {".env": "\ufeffPORT_OF_DOTENV=81\n", "flows/a.yaml": "\ufeffflow: a\n"})
    write(tmp_path, {"noren.yaml": "\ufeffport: ${PORT_OF_DOTENV}\n"})
    project = open_project(tmp_path)
    assert project.settings.port == 81
    assert project.files("flows") == {"flows/a.yaml": "flow: a\n"}


def test_flow_files_are_found_in_folders_and_hidden_ones_are_not(tmp_path: Path) -> None:
    names = ["flows/a.yaml", "flows/deep/b.yml", "flows/texts/c.csv", "flows/cards/d.json"]
    others = ["flows/.a.yaml.swp.yaml", "flows/notes.md", "flows/media/e.png", "other/f.yaml"]
    write(tmp_path, {name: name for name in names + others})
    assert read_files(tmp_path, tmp_path / "flows") == {name: name for name in sorted(names)}


def test_no_folder_of_flows(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no folder flows/ in"):
        read_files(tmp_path, tmp_path / "flows")


def test_a_file_too_large_for_a_flow(tmp_path: Path) -> None:
    write(tmp_path, {"flows/a.yaml": "#" * (4 * 1024 * 1024 + 1)})
    with pytest.raises(BadInput, match=r"flows/a\.yaml is larger than 4 MB; that is no file a person writes"):
        read_files(tmp_path, tmp_path / "flows")

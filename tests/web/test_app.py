"""Starting the app: settings, the address it listens on, the first filling of the library."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import cast

import httpx
import pytest

import app
from index.library import Library
from qa.reader import Reader
from tests.web.conftest import ROOT
from tests.web.conftest import _printed_address as printed_address
from web.accounts.__main__ import main as add_account
from web.accounts.accounts import Accounts


def test_defaults_are_this_machine_alone() -> None:
    settings = app.read_settings([], {})
    assert settings == app.Settings(Path("library"), None, None, "127.0.0.1", 7860, None)


def test_flags_win_over_the_environment() -> None:
    environment = {
        "POLICY_LIBRARY": "/a",
        "VERBATIM_MODEL": "m",
        "VERBATIM_READER": "r",
        "VERBATIM_HOST": "::1",
        "VERBATIM_PORT": "81",
    }
    assert app.read_settings([], environment) == app.Settings(Path("/a"), "m", "r", "::1", 81)
    flags = ["--library", "/b", "--model", "n", "--reader", "s", "--host", "127.0.0.2", "--port", "82"]
    assert app.read_settings(flags, environment) == app.Settings(Path("/b"), "n", "s", "127.0.0.2", 82)


def test_accounts_are_named_by_a_flag_or_the_environment() -> None:
    assert app.read_settings([], {"VERBATIM_AUTH": "/a"}).auth == Path("/a")
    assert app.read_settings(["--auth", "/b"], {"VERBATIM_AUTH": "/a"}).auth == Path("/b")
    assert app.read_settings([], {"VERBATIM_AUTH": ""}).auth is None


def test_help_names_every_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        app.read_settings(["--help"], {})
    told = capsys.readouterr().out
    for name in ("LIBRARY", "MODEL", "READER", "HOST", "PORT", "AUTH"):
        assert f"--{name.lower()} " in told
        assert f"{'POLICY' if name == 'LIBRARY' else 'VERBATIM'}_{name}" in told


@pytest.mark.parametrize(
    ("text", "error"), [(None, "AccountsMissing"), ("", "AccountsMissing"), ("x", "AccountsDamaged")]
)
def test_accounts_that_are_none_are_named_before_anything_is_opened(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, error: str
) -> None:
    path, library = tmp_path / "accounts.jsonl", tmp_path / "library"
    if text is not None:
        path.write_text(text, encoding="utf-8")
    command = ["--auth", str(path), "--library", str(library), "--port", "0"]
    assert run_here(*command) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"{error}: {path}")
    assert "python -m web.accounts add" in told
    assert not library.exists()


def test_with_accounts_the_running_app_asks_who_is_there(
    library_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "accounts.jsonl"
    monkeypatch.setattr("sys.stdin", io.StringIO("the heron stands still\n"))
    assert add_account(["add", "anna", "--role", "editor", "--auth", str(path)]) == 0
    command = [sys.executable, "app.py", "--library", str(library_folder), "--port", "0"]
    environment = {**os.environ, "VERBATIM_AUTH": str(path)}
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        url = printed_address(process, seconds=60)
        with httpx.Client(base_url=url, headers={"Origin": url}) as client:
            assert client.get("/").status_code == 401
            form = {"name": "anna", "password": "a wrong password"}
            assert client.post("/login", data=form).status_code == 403
            form["password"] = "the heron stands still"
            assert client.post("/login", data=form).status_code == 303
            assert client.get("/").status_code == 200
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize(
    ("host", "accounts", "is_warned"),
    [
        ("127.0.0.1", False, False),
        ("127.0.0.2", False, False),
        ("localhost", False, False),
        ("0.0.0.0", False, True),
        ("", False, True),  # every address too
        ("0.0.0.0", True, False),
    ],
)
def test_who_lets_everybody_in_is_warned(host: str, accounts: bool, is_warned: bool, tmp_path: Path) -> None:
    settings = app.Settings(host=host, auth=tmp_path / "accounts.jsonl" if accounts else None)
    with app.listen(host, 0) as listening:
        warning = app.network_warning(settings, listening)
    assert bool(warning) is is_warned
    assert "\n" not in warning
    if is_warned:
        assert "--auth" in warning and "remove" in warning


@pytest.mark.parametrize(("host", "is_warned"), [("127.0.0.1", False), ("0.0.0.0", True)])
def test_the_warning_stands_on_stderr_before_the_library_is_opened(
    host: str, is_warned: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "library").write_text("a file", encoding="utf-8")
    assert run_here("--host", host, "--port", "0", "--library", str(tmp_path / "library")) == 1
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("Warning: on 0.0.0.0 ") is is_warned
    assert len(told) == 1 + is_warned


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "The reader's name is empty"), ("/no/such/folder", "/no/such/folder is no folder")],
)
def test_a_reader_that_is_none_is_named_before_the_library_is_filled(
    name: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = tmp_path / "library"
    assert run_here("--reader", name, "--port", "0", "--library", str(library)) == 1
    told = capsys.readouterr()
    assert told.err.startswith("ModelMissing: ") and words in told.err
    assert "Filling" not in told.out


def test_the_reader_of_the_settings_is_made_once_and_serves_the_app(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str | None] = []
    given: list[Reader | None] = []
    one = cast(Reader, object())

    def make(name: str | None, library: Library) -> Reader:
        made.append(name)
        return one

    def create(library: Library, hosts: frozenset[str], accounts: Accounts | None, reader: Reader) -> None:
        given.append(reader)
        raise KeyboardInterrupt  # before anything is served

    monkeypatch.setattr("qa.readers.make_reader", make)
    monkeypatch.setattr("web.server.create_app", create)
    monkeypatch.setattr("app.fill", lambda library: None)
    assert run_here("--reader", "folder", "--port", "0", "--library", str(library.folder)) == 0
    assert (made, given) == (["folder"], [one])


def run_here(*arguments: str) -> int:
    """The exit code of the app, run in this process, whose signals it gives back."""
    handler = signal.getsignal(signal.SIGTERM)
    try:
        return app.main(arguments)
    finally:
        signal.signal(signal.SIGTERM, handler)


@pytest.mark.parametrize("port", ["-1", "65536", "x"])
def test_impossible_ports_are_refused(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments, environment in ((["--port", port], {}), ([], {"VERBATIM_PORT": port})):
        with pytest.raises(SystemExit):
            app.read_settings(arguments, environment)
        assert "--port" in capsys.readouterr().err


def test_taken_port_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert app.main(["--port", str(port)]) == 1
    message = capsys.readouterr().err
    assert message.startswith(
        f"AddressUnavailable: cannot listen on 127.0.0.1:{port}: Address already in use."
    )


def test_folder_that_cannot_be_a_library_is_named(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file", encoding="utf-8")
    command = [sys.executable, "app.py", "--port", "0", "--library", str(tmp_path / "library")]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    assert "Traceback" not in run.stderr
    assert str(tmp_path / "library") in run.stderr


def test_a_new_library_is_filled_and_an_emptied_one_stays_empty(library: Library, tmp_path: Path) -> None:
    starters = tmp_path / "starters"
    starters.mkdir()
    (starters / "one.md").write_text("# One\n\nThe first of them.\n", encoding="utf-8")
    (starters / "two.md").write_text("# Two\n\nThe second of them.\n", encoding="utf-8")
    app.fill(library, starters)
    assert [card.title for card in library.documents()] == ["One", "Two"]
    library.remove(library.documents()[0].id)
    app.fill(library, starters)
    assert [card.title for card in library.documents()] == ["Two"]
    library.remove(library.documents()[0].id)
    app.fill(library, starters)
    assert library.documents() == []
    with Library(library.folder, library.encoder) as again:  # as the next start finds it
        app.fill(again, starters)
        assert again.documents() == []


def test_a_library_that_refused_every_file_so_far_is_filled(library: Library, tmp_path: Path) -> None:
    library.note_failure("/desk/broken.pdf", "EmptyFile", "the file is empty")
    (tmp_path / "one.md").write_text("# One\n\nThe first of them.\n", encoding="utf-8")
    app.fill(library, tmp_path / "no such folder")
    assert library.documents() == []
    starters = tmp_path / "starters"
    starters.mkdir()
    (tmp_path / "one.md").rename(starters / "one.md")
    app.fill(library, starters)
    assert [card.title for card in library.documents()] == ["One"]

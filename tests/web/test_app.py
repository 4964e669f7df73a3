"""Starting the app: settings, the address it listens on, the first filling of the library."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

import app
from index.library import Library
from tests.web.conftest import ROOT


def test_defaults_are_this_machine_alone() -> None:
    settings = app.read_settings([], {})
    assert settings == app.Settings(Path("library"), None, "127.0.0.1", 7860)


def test_flags_win_over_the_environment() -> None:
    environment = {
        "POLICY_LIBRARY": "/a",
        "VERBATIM_MODEL": "m",
        "VERBATIM_HOST": "::1",
        "VERBATIM_PORT": "81",
    }
    assert app.read_settings([], environment) == app.Settings(Path("/a"), "m", "::1", 81)
    flags = ["--library", "/b", "--model", "n", "--host", "127.0.0.2", "--port", "82"]
    assert app.read_settings(flags, environment) == app.Settings(Path("/b"), "n", "127.0.0.2", 82)


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


def test_empty_library_is_filled_once(library: Library, tmp_path: Path) -> None:
    starters = tmp_path / "starters"
    starters.mkdir()
    (starters / "one.md").write_text("# One\n\nThe first of them.\n", encoding="utf-8")
    (starters / "two.md").write_text("# Two\n\nThe second of them.\n", encoding="utf-8")
    app.fill(library, starters)
    assert [card.title for card in library.documents()] == ["One", "Two"]
    library.remove(library.documents()[0].id)
    app.fill(library, starters)
    assert [card.title for card in library.documents()] == ["Two"]

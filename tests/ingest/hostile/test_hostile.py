"""A folder of a hundred hostile files and a few good ones, in one `add`: each costs itself alone."""

from __future__ import annotations

import io
import json
import os
import resource
import socket
import socketserver
import stat
import threading
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from index.encoder import OpenVinoEncoder
from index.library import Library
from ingest import read
from ingest.__main__ import main
from ingest.document import Document
from ingest.errors import Refused
from ingest.sandbox import Limits, Sandbox
from qa.ask import ask
from tests.index.synthetic import WordEncoder
from tests.ingest.hostile import zips
from tests.ingest.hostile.makers import FILES, SECRET, Hostile, Trap
from tests.ingest.made_pdf import one_page_pdf

# The clock's limit is wide: on a machine that is shared, good files wait too. The processor's is what counts.
SMALL = Limits(seconds=60, cpu_seconds=3, memory=1600 << 20, pages=2_000, output=8 << 20)

# Good files, each with a question that it alone answers, and what the answer must hold.
GOOD = {
    "good.pdf": (
        one_page_pdf("The Karakum railway agreement was signed in Ashgabat on 4 June 2019."),
        "Where was the Karakum railway agreement signed?",
        "Ashgabat",
    ),
    "good.docx": (
        zips.docx(zips.paragraph("The Silk Road scholarship is paid by the Samarkand Foundation.")),
        "Who pays the Silk Road scholarship?",
        "Samarkand Foundation",
    ),
    "good.html": (
        b"<html><body><h1>Dams</h1><p>The Rogun dam in Tajikistan is 335 metres high.</p></body></html>",
        "How high is the Rogun dam?",
        "335 metres",
    ),
    "good.md": (
        "# Форум\n\nСекретариат форума был учреждён в Сеуле в 2017 году.\n".encode(),
        "Где был учреждён секретариат форума?",
        "в Сеуле",
    ),
    "folder.pdf/good.txt": (
        "첫 번째 협력 회의는 2007년 11월 부산에서 열렸다.\n".encode("cp949"),
        "첫 번째 협력 회의는 어디에서 열렸는가?",
        "부산",
    ),
}
# What only a folder can hold: the errors it may be refused with; None where nothing may be said of it.
PLACES: dict[str, tuple[str, ...] | None] = {
    "pipe.txt": ("SourceMissing",),
    "socket.txt": ("SourceMissing",),
    "link-to-itself.txt": ("SourceMissing",),
    "link-to-pipe.txt": ("SourceMissing",),
    "link-outside.txt": ("LinkOutside",),
    "links-to-outside": ("LinkOutside",),
    "link-to-nowhere.txt": ("SourceMissing",),
    "loop": None,
    "unreadable.txt": ("SourceMissing",) if os.geteuid() else None,
    "line\nbreak \x1b[31mred \u202egpj.txt": None,
}


@dataclass
class Canary:
    """A server that counts who connects."""

    url: str
    heard: int = 0


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            canary.heard += 1

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    canary = Canary(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield canary
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def trap(canary: Canary, tmp_path_factory: pytest.TempPathFactory) -> Trap:
    secret = tmp_path_factory.mktemp("outside") / "secret.txt"
    secret.write_text(SECRET)
    return Trap(canary.url, secret)


@dataclass
class Added:
    """What one `add` of the whole folder made."""

    folder: Path
    library: Library
    outcomes: dict[str, dict[str, Any]]  # by path in the folder
    code: int
    seconds: float  # of the processor, those of the readers' processes included

    def document(self, name: str) -> Document:
        return self.library.document(self.outcomes[name]["document_id"])


@pytest.fixture(scope="module")
def added(trap: Trap, encoder: OpenVinoEncoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Added]:
    root = tmp_path_factory.mktemp("hostile")
    folder = root / "papers"
    _fill(folder, trap)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.library.load_encoder", lambda name: encoder)
        patch.setattr("index.intake.Sandbox", partial(Sandbox, SMALL))
        began = _processor_seconds()
        code, out = _run("add", folder, "--json", library=root / "library")
        seconds = _processor_seconds() - began
    outcomes = {str(Path(one["source"]).relative_to(folder)): one for one in json.loads(out)["files"]}
    with Library(root / "library", encoder) as library:
        yield Added(folder, library, outcomes, code, seconds)


def _fill(folder: Path, trap: Trap) -> None:
    (folder / "folder.pdf").mkdir(parents=True)
    for hostile in FILES:
        (folder / hostile.name).write_bytes(hostile.make(trap))
    for name, (data, _, _) in GOOD.items():
        (folder / name).write_bytes(data)
    os.mkfifo(folder / "pipe.txt")
    os.mknod(folder / "socket.txt", stat.S_IFSOCK | 0o600)
    (folder / "link-to-itself.txt").symlink_to("link-to-itself.txt")
    (folder / "link-to-pipe.txt").symlink_to("pipe.txt")
    (folder / "link-outside.txt").symlink_to(trap.secret)
    (folder / "links-to-outside").symlink_to(trap.secret.parent)
    (folder / "link-to-nowhere.txt").symlink_to("nowhere.txt")
    (folder / "loop").symlink_to(".")
    (folder / "unreadable.txt").write_text("Not for everyone.")
    (folder / "unreadable.txt").chmod(0)
    (folder / "line\nbreak \x1b[31mred \u202egpj.txt").write_text("A file with a name that misleads.")


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _run(command: str, *arguments: object, library: Path) -> tuple[int, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([command, *map(str, arguments), "--library", str(library)])
    assert "Traceback" not in err.getvalue()
    return code, out.getvalue()


@pytest.mark.parametrize("hostile", FILES, ids=lambda hostile: hostile.name)
def test_each_file_meets_its_end(added: Added, hostile: Hostile) -> None:
    outcome = added.outcomes[hostile.name]
    assert (outcome["error"] or outcome["status"]) in hostile.expected, outcome
    assert bool(outcome["reason"]) == (outcome["status"] == "refused")
    assert str(added.folder) not in outcome["reason"]
    if outcome["status"] != "refused":
        _check_inert(added.document(hostile.name), hostile)


def _check_inert(document: Document, hostile: Hostile) -> None:
    assert hostile.says in document.text
    everything = repr(document)
    for silent in hostile.silent:
        assert silent not in everything
    if hostile.note:
        assert hostile.note in {note.kind for note in document.notes}
    document.text.encode("utf-8")  # no lone surrogates
    assert "\0" not in document.text
    assert "".join(document.text[page.start : page.end] for page in document.pages) == document.text


@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_file_of_the_folder(added: Added, name: str) -> None:
    expected = PLACES[name]
    outcome = added.outcomes.get(name)
    if expected is None:
        assert outcome is None or outcome["status"] == "added"
    else:
        assert outcome is not None and outcome["error"] in expected
    assert SECRET not in json.dumps(added.outcomes)


def test_the_good_files_answer_questions(added: Added) -> None:
    for name, (_, question, answer) in GOOD.items():
        assert added.outcomes[name]["status"] == "added"
        found = ask(question, added.library)
        assert found.answered, name
        assert Path(found.citations[0].source) == added.folder / name
        assert answer in found.citations[0].quote


def test_one_add_says_what_happened_and_the_library_is_well(added: Added, encoder: OpenVinoEncoder) -> None:
    assert added.code == 1
    assert {one["status"] for one in added.outcomes.values()} == {"added", "refused"}
    assert added.library.verify().ok
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.library.load_encoder", lambda name: encoder)
        code, out = _run("check", "--json", library=added.library.folder)
        plain = _run("check", library=added.library.folder)[1] + _run("list", library=added.library.folder)[1]
        report = json.loads(out)
    assert (code, report["ok"]) == (0, True), report["problems"]
    refused = {one["source"] for one in added.outcomes.values() if one["status"] == "refused"}
    assert {failure.source for failure in added.library.failures()} == refused
    for steering in ("\x1b", "\u202e"):  # a name must not colour the terminal, or turn its lines around
        assert steering not in plain


def test_it_was_done_in_time(added: Added) -> None:
    assert len(added.outcomes) > 100
    assert added.seconds < 150  # about a minute on two free processors; more where others use them too


def test_nobody_was_called(added: Added, canary: Canary) -> None:
    assert canary.heard == 0


def test_the_canary_hears(canary: Canary) -> None:
    before = canary.heard
    with socket.create_connection(("127.0.0.1", int(canary.url.rpartition(":")[2]))):
        deadline = time.monotonic() + 5
        while canary.heard == before and time.monotonic() < deadline:
            time.sleep(0.01)
    assert canary.heard == before + 1
    canary.heard = before


@pytest.mark.parametrize("hostile", [one for one in FILES if one.traps], ids=lambda hostile: hostile.name)
def test_no_reader_calls_out_even_where_it_could(hostile: Hostile, trap: Trap, canary: Canary) -> None:
    """The sandbox has no network where the kernel allows that; the readers must not need it to behave."""
    try:
        document = read(hostile.make(trap), f"/papers/{hostile.name}")
    except Refused as refusal:
        assert type(refusal).__name__ in hostile.expected
        assert SECRET not in str(refusal)
    else:
        _check_inert(document, hostile)
    assert canary.heard == 0


@pytest.mark.parametrize(
    "text",
    [
        "x" * 300_000,
        "가" * 100_000,
        "a. " * 60_000,
        "x " * 100_000,
        "\n\n".join("ab" for _ in range(15_000)),
        "(" * 200_000,
        "http://" * 50_000,
        "1." * 200_000,
        "[1]" * 100_000,
    ],
    ids=["word", "hangul", "stops", "letters", "blocks", "brackets", "addresses", "numbers", "mentions"],
)
def test_what_is_done_to_a_text_outside_of_the_sandbox_takes_little_time(text: str, tmp_path: Path) -> None:
    """Splitting and indexing happen in the program itself: no text may hold them up."""
    began = time.process_time()
    data = text.encode()
    with Library(tmp_path / "library", WordEncoder()) as library:
        library.add(read(data, "/papers/a.txt"), data)
        library.search("x 가 a", 5)
    assert time.process_time() - began < 20

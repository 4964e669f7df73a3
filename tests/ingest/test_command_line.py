"""python -m ingest and python -m qa: exit codes, records, and a clear word for everything that is bad."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import socket
import subprocess
import sys
import termios
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from index.encoder import OpenVinoEncoder
from index.library import Library
from ingest.__main__ import main
from ingest.document import content_id
from ingest.reading import read
from qa.__main__ import main as qa_main

ROOT = Path(__file__).parents[2]
FORUM = "# The forum\n\nThe cooperation forum began in 2007. The 15th forum was held in Busan.\n"
KOREAN = (
    "한국과 중앙아시아 국가들은 1992년에 수교하였다. 협력 포럼은 2007년에 시작되었다. "
    "사무국은 2017년에 설립되었다.\n"
)
RUSSIAN = "Форум сотрудничества проводится ежегодно с 2007 года. Секретариат учреждён в 2017 году в Сеуле.\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    encoder: OpenVinoEncoder,
    warm_readers: None,
    tmp_path: Path,
) -> Run:
    """Runs a command in this process on the library of this test: exit code, output, error output."""
    monkeypatch.setattr("index.library.load_encoder", lambda name: encoder)

    def run(command: str, *arguments: object, of: Callable[[list[str]], int] = main) -> tuple[int, str, str]:
        code = of([command, *map(str, arguments), "--library", str(tmp_path / "library")])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return code, captured.out, captured.err

    return run


def _process(module: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    process = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "Traceback" not in process.stderr
    return process


def _pdf(*lines: str, password: str = "") -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(password, canPrint=1) if password else None)
    for number, line in enumerate(lines):
        canvas.drawString(72, 700 - 20 * number, line)
    if not lines:
        canvas.rect(72, 500, 200, 200, fill=1)  # a picture of nothing, and no character
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


WHOLE_PDF = _pdf("The railway to Osh was opened in 2019.", "It crosses two passes.", "It is long.")
# Name → bytes, the error's type, and words that its reason must hold.
BAD: dict[str, tuple[bytes, str, str]] = {
    "empty.txt": (b"", "EmptyFile", "empty"),
    "blank.md": (b" \n\t\n ", "EmptyFile", "empty"),
    "page.pdf": (b"<!DOCTYPE html><html><body>No PDF</body></html>", "FormatMismatch", "HTML"),
    "cut.pdf": (WHOLE_PDF[: len(WHOLE_PDF) // 2], "DamagedFile", "cut short"),
    "locked.pdf": (_pdf("Secret.", password="sesame"), "PasswordNeeded", "password"),
    "scan.pdf": (_pdf(), "NoTextLayer", ""),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(100), "FormatMismatch", "PNG"),
    "random.txt": (bytes(range(256)) * 20, "UndecodableText", ""),
    "program.exe": (b"MZ\0\0", "UnknownFormat", ".exe"),
    "table.xlsx": (b"PK\x03\x04" + bytes(60), "DamagedFile", ""),
    "fake.docx": (b"PK\x03\x04" + bytes(60), "", ""),
}
GOOD: dict[str, bytes] = {
    "forum.md": FORUM.encode(),
    "whole.pdf": WHOLE_PDF,
    "한국 보고서.txt": KOREAN.encode(),
    "cp949.txt": ("두 번째. " + KOREAN).encode("cp949"),
    "cp1251.txt": RUSSIAN.encode("cp1251"),
    "utf16.txt": ("Second. " + RUSSIAN).encode("utf-16"),
}


@pytest.fixture
def mixed(tmp_path: Path) -> Path:
    folder = tmp_path / "mixed"
    folder.mkdir()
    for name, data in GOOD.items():
        (folder / name).write_bytes(data)
    for name, (data, _, _) in BAD.items():
        (folder / name).write_bytes(data)
    return folder


def _json(output: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads(output)
    return record


# Bad input


def test_bad_files_among_good_ones_are_each_refused_with_a_reason(run: Run, mixed: Path) -> None:
    code, out, _ = run("add", mixed, "--json")
    record = _json(out)
    files = {Path(each["source"]).name: each for each in record["files"]}
    assert code == 1
    assert (record["added"], record["refused"]) == (len(GOOD), len(BAD))
    assert {name for name, each in files.items() if each["status"] == "added"} == set(GOOD)
    for name, (_, error, words) in BAD.items():
        each = files[name]
        assert each["status"] == "refused"
        assert error in ("", each["error"]), each
        assert words in each["reason"], each
        assert len(each["reason"]) > 15 and not each["reason"].startswith("[Errno"), each
    # The good ones are whole: every charset came out right.
    for word, name in (("2019", "whole.pdf"), ("Секретариат", "cp1251.txt"), ("учреждён", "utf16.txt")):
        _, out, _ = run("search", word, "--json", "-k", 3, of=qa_main)
        hits = {Path(hit["source"]).name: hit["text"] for hit in _json(out)["hits"]}
        assert word in hits[name]
    _, out, _ = run("search", "사무국", "--json", of=qa_main)
    hits = {Path(hit["source"]).name: hit["text"] for hit in _json(out)["hits"]}
    assert "사무국은 2017년에" in hits["cp949.txt"] and "사무국은 2017년에" in hits["한국 보고서.txt"]
    assert run("check")[0] == 0


def test_as_text_each_file_has_a_line_and_the_sum_stands_last(run: Run, mixed: Path) -> None:
    code, out, err = run("add", mixed)
    lines = out.splitlines()
    assert (code, len(lines)) == (1, len(GOOD) + len(BAD) + 1)
    assert f"added      {mixed / '한국 보고서.txt'}" in lines
    (refused,) = [line for line in lines if "locked.pdf" in line]
    assert refused.startswith(f"refused    {mixed / 'locked.pdf'}  PasswordNeeded: ")
    assert lines[-1] == f"{len(GOOD)} added, {len(BAD)} refused"
    assert err == ""


def test_only_good_files_exit_0_and_again_unchanged(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "forum.md"
    path.write_text(FORUM)
    assert run("add", path)[:2] == (0, f"added      {path}\n1 added\n")
    assert run("add", path)[:2] == (0, f"unchanged  {path}\n1 unchanged\n")
    path.write_text(FORUM.replace("2007", "2008"))
    assert run("add", path)[:2] == (0, f"replaced   {path}\n1 replaced\n")


def test_a_path_that_is_not_there(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("add", tmp_path / "none.pdf")
    assert code == 1
    assert "none.pdf  SourceMissing: there is no such file" in out


def test_an_empty_folder_holds_no_files(run: Run, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    assert run("add", tmp_path / "nothing")[:2] == (0, "no files found\n")


# The records


def test_the_record_of_add(run: Run, tmp_path: Path) -> None:
    (tmp_path / "forum.md").write_text(FORUM)
    code, out, err = run("add", tmp_path / "forum.md", tmp_path / "none.md", "--json")
    assert (code, err) == (1, "")
    assert _json(out) == {
        "library": str(tmp_path / "library"),
        "files": [
            {
                "source": str(tmp_path / "forum.md"),
                "status": "added",
                "document_id": content_id(FORUM.encode()),
                "title": "The forum",
                "error": "",
                "reason": "",
                "notes": [],
            },
            {
                "source": str(tmp_path / "none.md"),
                "status": "refused",
                "document_id": "",
                "title": "",
                "error": "SourceMissing",
                "reason": "there is no such file. Check the path.",
                "notes": [],
            },
        ],
        "added": 1,
        "unchanged": 0,
        "replaced": 0,
        "refused": 1,
        "vanished": 0,
        "removed": 0,
    }


def test_list_check_and_remove_by_id_and_by_path(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.md").write_text(f"# Title {name}\n\nText of {name}.\n")
    run("add", *(tmp_path / f"{name}.md" for name in "abc"))
    _, out, _ = run("list", "--json")
    cards = _json(out)["documents"]
    assert [card["title"] for card in cards] == ["Title a", "Title b", "Title c"]
    assert list(cards[0]) == [
        *("id", "source", "format", "title", "authors", "publisher", "published"),
        *("language", "type", "doi", "url", "pages", "passages", "characters"),
    ]
    _, out, _ = run("list")
    assert out.splitlines()[-1] == "3 documents"
    assert f"{cards[0]['id']}" in out and cards[0]["source"] in out
    _, out, _ = run("check", "--json")
    expected = {
        "library": str(tmp_path / "library"),
        "ok": True,
        "documents": 3,
        "passages": 3,
        "problems": [],
        "languages": {"en": 3},
        "findings": [],
    }
    assert _json(out) == expected

    monkeypatch.chdir(tmp_path)
    code, out, _ = run("remove", cards[0]["id"], "b.md", "nothing.md", "--json")
    assert code == 1
    assert [(each["status"], each["document"]) for each in _json(out)["documents"]] == [
        ("removed", cards[0]["id"]),
        ("removed", "b.md"),
        ("unknown", "nothing.md"),
    ]
    assert _json(out)["documents"][1]["source"] == str(tmp_path / "b.md")
    code, out, _ = run("remove", "nothing.md")
    assert code == 1
    assert out.startswith("unknown    nothing.md  ")
    assert "holds no document" in out
    assert run("remove", tmp_path / "c.md")[:2] == (0, f"removed    {tmp_path / 'c.md'}\n")
    assert run("list")[1] == "0 documents\n"
    assert run("check")[:2] == (0, "0 documents, 0 passages\nall is well\n")


def test_check_tells_a_problem_and_exits_1(run: Run, tmp_path: Path) -> None:
    (tmp_path / "forum.md").write_text(FORUM)
    run("add", tmp_path / "forum.md")
    (tmp_path / "library" / "files" / f"{content_id(FORUM.encode())}.md").unlink()
    code, out, _ = run("check")
    assert code == 1
    assert (
        out.splitlines()[-1]
        == f"problem: {tmp_path / 'forum.md'}: its original is gone from files/; add it again"
    )
    assert run("add", tmp_path / "forum.md")[0] == 0
    assert run("check")[0] == 0


@pytest.mark.parametrize("command", [["list"], ["check"], ["remove", "x"]])
@pytest.mark.parametrize("as_json", [False, True])
def test_without_a_library_reading_commands_say_how_to_make_one(
    run: Run, command: list[str], as_json: bool
) -> None:
    code, out, err = run(*command, *(["--json"] if as_json else []))
    assert code == 1
    assert err.startswith("LibraryMissing: ") and "python -m ingest add PATH" in err
    if as_json:
        assert _json(out)["error"]["type"] == "LibraryMissing"
    else:
        assert out == ""


@pytest.mark.parametrize("damage", ["garbage", "a file in its place"])
def test_a_library_that_is_none_is_told(run: Run, tmp_path: Path, damage: str) -> None:
    if damage == "garbage":
        (tmp_path / "library").mkdir()
        (tmp_path / "library" / "catalog.sqlite").write_bytes(b"garbage " * 1000)
    else:
        (tmp_path / "library").write_text("not a folder")
    (tmp_path / "forum.md").write_text(FORUM)
    code, _, err = run("add", tmp_path / "forum.md")
    assert code == 1
    assert err.split(":")[0] == ("LibraryDamaged" if damage == "garbage" else "LibraryUnwritable")


def test_a_second_writer_is_refused_and_the_first_goes_on(
    run: Run, tmp_path: Path, encoder: OpenVinoEncoder
) -> None:
    (tmp_path / "forum.md").write_text(FORUM)
    (tmp_path / "other.md").write_text("# Other\n\nAnother text.\n")
    run("add", tmp_path / "other.md")
    with Library(tmp_path / "library", encoder) as first, first.writing():
        code, out, err = run("add", tmp_path / "forum.md")
        assert (code, out) == (1, "")
        assert err.startswith("LibraryLocked: ") and f"process {os.getpid()}" in err
        assert run("remove", tmp_path / "other.md")[0] == 1
        assert run("list")[0] == 0  # reading goes on
    assert run("list")[1].splitlines()[-1] == "1 documents"
    assert run("add", tmp_path / "forum.md")[0] == 0


def test_a_folder_again_with_and_without_prune(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.md").write_text(f"# Title {name}\n\nText of {name}.\n")
    run("add", folder)
    (folder / "b.md").unlink()
    (folder / "c.md").write_text("# Title c\n\nAnother text.\n")
    code, out, _ = run("add", folder)
    assert (code, out.splitlines()) == (
        0,
        [
            f"unchanged  {folder / 'a.md'}",
            f"replaced   {folder / 'c.md'}",
            f"vanished   {folder / 'b.md'}  still in the library; --prune takes it out",
            "1 unchanged, 1 replaced, 1 vanished",
        ],
    )
    code, out, _ = run("add", folder, "--prune", "--json")
    record = _json(out)
    assert (code, record["removed"], record["vanished"], record["unchanged"]) == (0, 1, 0, 2)
    assert run("list")[1].splitlines()[-1] == "2 documents"
    for name in "ac":
        (folder / f"{name}.md").unlink()
    code, out, _ = run("add", folder, "--prune")
    assert code == 1  # not a folder that was cleared, it seems, but one that is not there
    assert out.startswith(f"vanished   {folder / 'a.md'}  FolderEmpty: {folder} holds nothing at all")
    assert out.splitlines()[-1] == "2 vanished"
    assert run("remove", folder / "a.md", folder / "c.md")[0] == 0


def test_what_a_reader_wants_known_is_printed_under_its_file(run: Run, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for line in ("The railway to Osh.", "", "", "It was opened in 2019.", ""):
        canvas.drawString(72, 700, line) if line else canvas.rect(72, 500, 200, 200, fill=1)
        canvas.showPage()
    canvas.save()
    (tmp_path / "partly.pdf").write_bytes(buffer.getvalue())
    notes = read(buffer.getvalue(), "partly.pdf").notes
    assert any(2 in note.pages for note in notes)
    code, out, _ = run("add", tmp_path / "partly.pdf")
    first, *warnings, last = out.splitlines()
    assert (code, first, last) == (0, f"added      {tmp_path / 'partly.pdf'}", "1 added")  # no failure
    assert all(line.startswith("           warning: ") for line in warnings)
    for note in notes:
        assert [line for line in warnings if note.message in line]
    assert run("remove", tmp_path / "partly.pdf")[0] == 0
    _, out, _ = run("add", tmp_path / "partly.pdf", "--json")
    told = _json(out)["files"][0]["notes"]
    assert len(told) == len(warnings)
    for note in notes:
        assert {"kind": note.kind, "message": note.message, "pages": list(note.pages)} in told


def test_the_progress_on_a_terminal_tells_file_pages_rate_and_time_left(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}.md").write_text(f"# Title {number}\n\nText of {number}.\n")
    seen, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 160))
    with subprocess.Popen(
        [sys.executable, "-m", "ingest", "add", tmp_path, "--library", tmp_path / "library"],
        cwd=ROOT,
        env=os.environ | {"TQDM_MININTERVAL": "0"},
        stdout=subprocess.DEVNULL,
        stderr=terminal,
    ) as process:
        os.close(terminal)
        shown = b""
        with suppress(OSError):  # how a terminal says that nobody writes to it any more
            while part := os.read(seen, 4096):
                shown += part
    os.close(seen)
    assert process.returncode == 0
    line = r"[1-5]/6 files \|.{20}\| \d+ pages, \d+\.\d pages/s, \d+:\d\d left, [1-5]\.md"
    assert re.search(line, shown.decode())


def test_a_failed_file_can_be_taken_off_the_list(run: Run, tmp_path: Path, encoder: OpenVinoEncoder) -> None:
    (tmp_path / "empty.md").write_bytes(b"")
    run("add", tmp_path / "empty.md")
    with Library(tmp_path / "library", encoder) as library:
        assert [failure.error for failure in library.failures()] == ["EmptyFile"]
    assert run("remove", tmp_path / "empty.md")[0] == 0
    with Library(tmp_path / "library", encoder) as library:
        assert library.failures() == []
    assert run("remove", tmp_path / "empty.md")[0] == 1


def test_a_web_address_of_this_machine_needs_to_be_allowed(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    code, out, _ = run("add", f"http://127.0.0.1:{port}/law.html")
    assert (code, "ForbiddenAddress" in out) == (1, True)
    code, out, _ = run("add", f"http://127.0.0.1:{port}/law.html", "--allow-private")
    assert (code, "ConnectionFailed" in out) == (1, True)


# Questions


@pytest.mark.parametrize(
    ("question", "error"),
    [("", "EmptyQuestion"), (" \n\t", "EmptyQuestion"), ("why " * 25_000, "QuestionTooLong")],
)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_bad_question_is_refused(run: Run, tmp_path: Path, command: str, question: str, error: str) -> None:
    (tmp_path / "forum.md").write_text(FORUM)
    run("add", tmp_path / "forum.md")
    code, out, err = run(command, question, "--json", of=qa_main)
    assert code == 1
    assert _json(out)["error"]["type"] == error
    assert 10 < len(err) < 300


# As processes: what only a process shows


def test_as_a_process_in_a_terminal_without_unicode(tmp_path: Path) -> None:
    folder = tmp_path / "자료"
    folder.mkdir()
    (folder / "포럼.md").write_text(FORUM)
    (folder / "empty.md").write_bytes(b"")
    library = tmp_path / "도서관"
    ascii_only = {"PYTHONIOENCODING": "ascii", "POLICY_LIBRARY": str(library)}
    added = _process("ingest", "add", folder, **ascii_only)
    assert (added.returncode, added.stdout.splitlines()[-1]) == (1, "1 added, 1 refused")
    listed = _process("ingest", "list", **ascii_only)
    assert (listed.returncode, listed.stdout.splitlines()[-1]) == (0, "1 documents")
    as_json = _process("ingest", "list", "--json", **ascii_only)
    assert json.loads(as_json.stdout)["documents"][0]["source"] == str(folder / "포럼.md")
    asked = _process("qa", "ask", "When did the forum begin?", "--json", **ascii_only)
    assert asked.returncode == 0
    assert "2007" in json.loads(asked.stdout)["evidence"][0]["quote"]
    refused = _process("qa", "ask", "y" * 100_000, **ascii_only)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "100,000 characters" in refused.stderr


def test_a_reader_that_leaves_early_is_no_error(run: Run, tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.md").write_text(f"# Title {number}\n\nText.\n")
    run("add", *(tmp_path / f"{number}.md" for number in range(3)))
    command = f"{sys.executable} -m ingest list --library {tmp_path / 'library'} | true"
    process = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert process.stderr == ""


# Edit and check


def test_edit_by_path_and_by_id(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "forum.md"
    path.write_text(FORUM)
    run("add", path)
    code, out, _ = run("edit", path, "--title", "Форум", "--author", "A. Kim", "--author", "B. Lee", "--json")
    card = _json(out)["document"]
    assert (code, card["title"], card["authors"]) == (0, "Форум", ["A. Kim", "B. Lee"])
    code, out, _ = run("edit", card["id"], "--published", "2012-10", "--type", "report", "--language", "en")
    assert (code, out) == (
        0,
        f"edited  {path}\n  published: 2012-10\n  language: en\n  type: report\n",
    )
    _, out, _ = run("search", "форум", "--json", of=qa_main)
    assert _json(out)["hits"][0]["title"] == "Форум"
    assert _json(run("add", path, "--json")[1])["unchanged"] == 1
    path.write_text(FORUM + "\nThe 16th was held in Turkmenistan.\n")
    (changed,) = _json(run("add", path, "--json")[1])["files"]
    assert (changed["status"], changed["title"]) == ("replaced", "Форум")
    assert run("edit", path, "--title", "")[1] == f"edited  {path}\n  title: The forum\n"
    assert run("check")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "error", "told"),
    [
        ([], "BadEdit", "nothing to change"),
        (["--published", "last week"], "BadEdit", "2012-10-17"),
        (["--language", "english"], "BadEdit", "two letters"),
        (["--type", "book"], "BadEdit", "statistics"),
        (["--doi", "doi"], "BadEdit", "10.1234/abc"),
        (["--url", "example"], "BadEdit", "https://"),
    ],
)
def test_a_bad_edit_is_refused(run: Run, tmp_path: Path, arguments: list[str], error: str, told: str) -> None:
    (tmp_path / "forum.md").write_text(FORUM)
    run("add", tmp_path / "forum.md")
    code, out, err = run("edit", tmp_path / "forum.md", *arguments, "--json")
    assert (code, _json(out)["error"]["type"]) == (1, error)
    assert told in err


def test_an_edit_of_what_is_not_there(run: Run, tmp_path: Path) -> None:
    (tmp_path / "forum.md").write_text(FORUM)
    run("add", tmp_path / "forum.md")
    code, _, err = run("edit", "none.md", "--title", "x")
    assert code == 1 and err.startswith("UnknownDocument: ")


def test_an_edit_of_a_file_whose_name_is_not_utf8(run: Run, tmp_path: Path) -> None:
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xb0.md")
    Path(name).write_text(FORUM)
    assert run("add", tmp_path / Path(name).name)[0] == 0
    code, out, _ = run("edit", name, "--title", "Mine")
    assert (code, out) == (0, f"edited  {tmp_path}/\\xb0.md\n  title: Mine\n")
    code, _, err = run("edit", os.fsdecode(b"/none/\xb0.md"), "--title", "Mine")
    assert code == 1 and err.startswith("UnknownDocument: ")


def test_an_error_of_qa_steers_no_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert qa_main(["search", "forum", "--library", str(tmp_path / "\x1b[31mnone")]) == 1
    err = capsys.readouterr().err
    assert err.startswith("LibraryMissing: ") and "\\x1b[31mnone" in err and "\x1b" not in err


def test_check_tells_failed_files_copies_and_near_duplicates_and_exits_0(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    text = " ".join(f"In year {1900 + n} the council of state {n * 7} met {n * 3} times." for n in range(60))
    (folder / "one.md").write_text(f"# Minutes of the councils\n\n{text}\n")
    (folder / "same.md").write_text(f"# Minutes of the councils\n\n{text}\n")
    (folder / "two.md").write_text(f"# Sessions\n\n{text} All were public.\n")
    (folder / "bad.pdf").write_bytes(b"%PDF-1.7")
    files = {Path(each["source"]).name: each for each in _json(run("add", folder, "--json")[1])["files"]}
    assert [note["kind"] for note in files["two.md"]["notes"]] == ["near_duplicate"]
    assert files["one.md"]["notes"] == []
    code, out, _ = run("check", "--json")
    record = _json(out)
    assert (code, record["ok"], record["problems"], record["languages"]) == (0, True, [], {"en": 2})
    found = {each["kind"]: each for each in record["findings"]}
    assert set(found) == {"failed", "duplicate", "near_duplicate"}
    assert found["failed"]["source"].endswith("bad.pdf") and found["failed"]["severity"] == "warning"
    assert list(found["duplicate"]) == ["kind", "severity", "message", "source", "document_id", "pages"]
    code, out, _ = run("check")
    assert code == 0 and "documents that are nearly the same (1)" in out
    assert out.splitlines()[-1] == "the library is whole; 2 to look at"

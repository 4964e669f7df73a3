"""Paths in, one outcome per file out; a file that is refused stops no other."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from index.errors import LibraryLocked
from index.intake import Progress, add_bytes, add_paths
from index.library import Library
from ingest.document import Document, Note, content_id
from ingest.frames import Limits
from ingest.sandbox import Sandbox
from tests.index.synthetic import InThisProcess, WordEncoder

pytestmark = pytest.mark.usefixtures("warm_readers")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", WordEncoder()) as library:
        yield library


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / ".git").mkdir()
    for name, text in {
        "b.md": "# Bee\n\nThe second.",
        "a.txt": "The first.",
        "deep/er/c.html": "<html><body><h1>Sea</h1><p>The third of them is longer.</p></body></html>",
        ".hidden.txt": "hidden",
        ".git/config.txt": "hidden too",
    }.items():
        (folder / name).write_text(text)
    return folder


def _statuses(library: Library, *paths: Path) -> list[tuple[str, str]]:
    return [(outcome.status, Path(outcome.source).name) for outcome in add_paths(library, paths)]


def test_a_folder_is_walked_in_order_without_its_hidden_files(library: Library, papers: Path) -> None:
    assert _statuses(library, papers) == [("added", "a.txt"), ("added", "b.md"), ("added", "c.html")]
    assert _statuses(library, papers) == [
        ("unchanged", "a.txt"),
        ("unchanged", "b.md"),
        ("unchanged", "c.html"),
    ]
    assert _statuses(library, papers / ".hidden.txt") == [("added", ".hidden.txt")]  # asked for by name


def test_files_with_which_office_locks_others_are_passed_over(library: Library, papers: Path) -> None:
    (papers / "~$b.docx").write_bytes(b"\x07a name and nothing else")
    assert "~$b.docx" not in [name for _, name in _statuses(library, papers)]


def test_addresses_that_are_not_of_the_web_are_no_paths(library: Library) -> None:
    for address in ("ftp://example.org/a.pdf", "file:///etc/passwd"):
        (outcome,) = add_paths(library, [address])
        assert (outcome.status, outcome.error) == ("refused", "UnusableAddress")


def test_an_outcome_tells_what_was_added(library: Library, papers: Path) -> None:
    (outcome,) = add_paths(library, [papers / "b.md"])
    data = (papers / "b.md").read_bytes()
    assert (outcome.source, outcome.document_id) == (str(papers / "b.md"), content_id(data))
    assert (outcome.title, outcome.error, outcome.reason) == ("Bee", "", "")
    assert library.original(outcome.document_id).read_bytes() == data


def test_a_refused_file_stops_no_other_and_says_why(library: Library, papers: Path) -> None:
    (papers / "aa-empty.txt").write_bytes(b"")
    (papers / "ab.pdf").write_text("<html><body>No PDF at all</body></html>")
    (papers / "ac.exe").write_bytes(b"MZ\0\0")
    outcomes = list(add_paths(library, [papers, papers / "missing.txt"]))
    assert [(o.status, o.error) for o in outcomes] == [
        ("added", ""),
        ("refused", "EmptyFile"),
        ("refused", "FormatMismatch"),
        ("refused", "UnknownFormat"),
        ("added", ""),
        ("added", ""),
        ("refused", "SourceMissing"),
    ]
    for outcome in outcomes:
        assert bool(outcome.reason) == (outcome.status == "refused")
        assert str(papers) not in outcome.reason  # the source says it already
    assert len(library.documents()) == 3
    assert library.verify().ok


def test_a_file_that_went_bad_leaves_what_was_read_before(library: Library, papers: Path) -> None:
    _statuses(library, papers)
    (papers / "b.md").write_bytes(b"")
    assert ("refused", "b.md") in _statuses(library, papers)
    assert str(papers / "b.md") in [card.source for card in library.documents()]
    (papers / "b.md").write_text("# Bee\n\nThe second, corrected.")
    assert ("replaced", "b.md") in _statuses(library, papers)


def test_the_library_s_own_folder_is_passed_over(library: Library, papers: Path) -> None:
    _statuses(library, papers)
    assert {name for _, name in _statuses(library, papers.parent)} == {"a.txt", "b.md", "c.html"}
    assert _statuses(library, library.folder) == []
    # But its originals can be added to another, or again, when they are asked for.
    assert [status for status, _ in _statuses(library, library.folder / "files")] == ["unchanged"] * 3


def test_a_name_that_is_not_utf8(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "old"
    folder.mkdir()
    name = os.fsencode(folder) + b"/" + "한국".encode("cp949") + b".txt"
    Path(os.fsdecode(name)).write_text("A paper from an old archive.")
    (outcome,) = add_paths(library, [folder])
    assert (outcome.status, outcome.source) == ("added", f"{folder}/\\xc7ѱ\\xb9.txt")
    assert [hit.document.source for hit in library.search("archive")] == [outcome.source]
    assert next(add_paths(library, [folder])).status == "unchanged"


def test_names_in_any_script(library: Library, tmp_path: Path) -> None:
    names = ["한국 보고서.md", "Ўзбекистон.txt", 'it\'s "50%" & <b>.txt', "new\nline.txt", "-k.txt"]
    for name in names:
        (tmp_path / name).write_text(f"This one is called {name}.")
    outcomes = list(add_paths(library, [tmp_path / name for name in names]))
    assert [o.status for o in outcomes] == ["added"] * 5
    assert {card.source for card in library.documents()} == {str(tmp_path / name) for name in names}


def test_relative_paths_and_home_are_made_absolute(
    library: Library, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(papers)
    monkeypatch.setenv("HOME", str(papers))
    assert [o.source for o in add_paths(library, [Path("a.txt"), Path("~/b.md")])] == [
        str(papers / "a.txt"),
        str(papers / "b.md"),
    ]


def test_what_is_no_regular_file_is_refused(library: Library, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")  # reading it would wait for ever
    (tmp_path / "dangling.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    paths = [tmp_path / "pipe.txt", tmp_path / "dangling.txt", tmp_path / "loop.txt", Path("/dev/zero")]
    assert [o.error for o in add_paths(library, paths)] == ["SourceMissing"] * 4


def test_progress_counts_files(library: Library, papers: Path) -> None:
    told: list[Progress] = []
    list(add_paths(library, [papers], told.append))
    assert [(each.files_done, each.files, each.name, each.pages) for each in told] == [
        (0, 3, "a.txt", 0),
        (1, 3, "b.md", 1),
        (2, 3, "c.html", 2),
        (3, 3, "", 3),
    ]
    assert told[0].seconds_left is None and told[0].text == "a.txt"
    left = [each.seconds_left for each in told[1:]]
    assert left[0] and left[1] and left[2] == 0.0
    assert [each.pages_per_second > 0 for each in told] == [False, True, True, True]


def test_outcomes_come_one_by_one_each_safe_on_disk(library: Library, papers: Path) -> None:
    outcomes = add_paths(library, [papers])
    assert isinstance(outcomes, Generator)
    first = next(outcomes)
    with Library(library.folder, WordEncoder()) as other:
        assert [card.id for card in other.documents()] == [first.document_id]
        other._write_lock.timeout = 0.1
        with pytest.raises(LibraryLocked):
            add_bytes(other, b"text", "/x.txt")
        outcomes.close()  # whoever stops listening frees the lock
        assert add_bytes(other, b"text", "/x.txt").status == "added"
    assert library.verify().ok


def test_an_upload_is_named_and_its_document_is_told_again(library: Library) -> None:
    first = add_bytes(library, b"# Title\n\nText.", "upload.md")
    again = add_bytes(library, b"# Title\n\nText.", "upload.md")
    assert (first.status, again.status) == ("added", "unchanged")
    assert first.document_id == again.document_id
    assert add_bytes(library, b"\0\1\2", "bad.md").error == "UndecodableText"


# A folder again


def test_a_folder_again_tells_what_is_new_changed_and_vanished(library: Library, papers: Path) -> None:
    _statuses(library, papers)
    (papers / "a.txt").unlink()
    (papers / "b.md").write_text("# Bee\n\nThe second, corrected.")
    (papers / "new.txt").write_text("The fourth.")
    expected = [("replaced", "b.md"), ("unchanged", "c.html"), ("added", "new.txt"), ("vanished", "a.txt")]
    assert _statuses(library, papers) == expected
    assert len(library.documents()) == 4  # told, and kept

    outcomes = list(add_paths(library, [papers], prune=True))
    (gone,) = [outcome for outcome in outcomes if outcome.status == "removed"]
    assert (gone.source, gone.error) == (str(papers / "a.txt"), "")
    assert {outcome.status for outcome in outcomes} == {"unchanged", "removed"}
    assert [hit.document.source for hit in library.search("first", k=9) if hit.lexical > 0] == []
    assert len(library.documents()) == 3
    assert not library.original(library.documents()[0].id).with_name(f"{gone.document_id}.txt").exists()
    assert library.verify().ok
    assert {status for status, _ in _statuses(library, papers)} == {"unchanged"}


def test_only_what_lay_in_the_given_folder_vanishes(library: Library, papers: Path, tmp_path: Path) -> None:
    beside = tmp_path / "papers-too"  # its name begins as the folder's does
    beside.mkdir()
    (beside / "z.txt").write_text("Beside the others.")
    add_bytes(library, b"An upload.", "a.md")
    _statuses(library, papers, beside, papers / ".hidden.txt")
    (beside / "z.txt").unlink()
    (papers / "deep" / "er" / "c.html").rename(papers / "deep" / "er" / ".c.html")
    outcomes = list(add_paths(library, [papers], prune=True))
    assert [Path(o.source).name for o in outcomes if o.status == "removed"] == ["c.html"]
    # A hidden file that was asked for by name is there, though no folder lists it.
    left = {Path(source).name for source in library.sources()}
    assert left == {"a.txt", "b.md", ".hidden.txt", "z.txt", "a.md"}


def test_a_document_that_another_file_still_holds_stays(
    library: Library, papers: Path, tmp_path: Path
) -> None:
    (tmp_path / "copy.txt").write_bytes((papers / "a.txt").read_bytes())
    _statuses(library, papers, tmp_path / "copy.txt")
    (papers / "a.txt").unlink()
    (removed,) = [o for o in add_paths(library, [papers], prune=True) if o.status == "removed"]
    assert library.document(removed.document_id).source == str(tmp_path / "copy.txt")
    assert library.original(removed.document_id).is_file()
    assert str(papers / "a.txt") not in library.sources()
    assert library.verify().ok


@pytest.mark.parametrize("emptied", [".", "deep/er"])
def test_an_empty_folder_empties_no_library(library: Library, papers: Path, emptied: str) -> None:
    """As the place of a disk is that was not mounted this time."""
    _statuses(library, papers)
    before = len(library.documents())
    place = papers / emptied
    for path in sorted(place.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    outcomes = [o for o in add_paths(library, [papers], prune=True) if o.status != "unchanged"]
    assert outcomes
    for outcome in outcomes:
        assert (outcome.status, outcome.error) == ("vanished", "FolderEmpty")
        assert f"{place} holds nothing" in outcome.reason and "python -m ingest remove" in outcome.reason
    assert len(library.documents()) == before
    # A folder that is gone itself, from one that is not empty, was taken away by someone.
    if place != papers:
        place.rmdir()
        (papers / "deep" / "note.txt").write_text("Moved.")
        assert ("removed", "c.html") in [
            (o.status, Path(o.source).name) for o in add_paths(library, [papers], prune=True)
        ]


def test_a_folder_that_is_missing_empties_no_library(library: Library, papers: Path) -> None:
    _statuses(library, papers)
    papers.rename(papers.with_name("elsewhere"))
    (outcome,) = add_paths(library, [papers], prune=True)
    assert (outcome.status, outcome.error) == ("refused", "SourceMissing")
    assert len(library.documents()) == 3
    assert library.failures() == []  # a path that is not there is no file that failed


def test_a_folder_that_cannot_be_looked_into_empties_no_library(
    library: Library, papers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _statuses(library, papers)
    locked = papers / "deep" / "er"
    scandir, lstat = os.scandir, Path.lstat

    def deny(path: Path) -> None:
        if Path(path) == locked or locked in Path(path).parents:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "scandir", lambda path: deny(path) or scandir(path))
    monkeypatch.setattr(Path, "lstat", lambda path: deny(path.parent) or lstat(path))
    outcomes = list(add_paths(library, [papers], prune=True))
    assert [(o.status, o.error) for o in outcomes] == [
        ("unchanged", ""),
        ("unchanged", ""),
        ("refused", "SourceMissing"),
    ]
    assert "Permission denied" in outcomes[-1].reason
    assert len(library.documents()) == 3


# What lies in folders besides files


def test_a_link_in_a_folder_leads_no_further_than_the_folder(
    library: Library, papers: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "id_rsa.txt"
    secret.write_text("A private key.")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "o.txt").write_text("Outside.")
    (papers / "l1-secret.txt").symlink_to(secret)
    (papers / "l2-inside.txt").symlink_to("a.txt")
    (papers / "l3-round").symlink_to(papers)
    (papers / "l4-outside").symlink_to(tmp_path / "outside")
    (papers / "l5-dangling.txt").symlink_to(tmp_path / "nowhere")
    (papers / "l6-self.txt").symlink_to(papers / "l6-self.txt")
    outcomes = {Path(o.source).name: (o.status, o.error) for o in add_paths(library, [papers])}
    assert outcomes == {
        "a.txt": ("added", ""),
        "b.md": ("added", ""),
        "c.html": ("added", ""),
        "l1-secret.txt": ("refused", "LinkOutside"),
        "l2-inside.txt": ("unchanged", ""),
        "l4-outside": ("refused", "LinkOutside"),
        "l5-dangling.txt": ("refused", "SourceMissing"),
        "l6-self.txt": ("refused", "SourceMissing"),
    }
    assert [hit for hit in library.search("private key") if hit.lexical > 0] == []
    # By its own name a link is followed: whoever names it means it.
    assert _statuses(library, papers / "l1-secret.txt") == [("added", "l1-secret.txt")]


def test_pipes_and_sockets_in_a_folder_are_not_opened(library: Library, papers: Path, tmp_path: Path) -> None:
    os.mkfifo(papers / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(papers / "s.txt"))
        outcomes = {Path(o.source).name: o for o in add_paths(library, [papers])}
    for name in ("pipe.txt", "s.txt"):
        assert (outcomes[name].error, outcomes[name].reason) == ("SourceMissing", "this is no regular file.")
    assert sum(o.status == "added" for o in outcomes.values()) == 3


# What was refused


def test_a_refusal_is_remembered_until_the_file_is_added_or_gone(library: Library, papers: Path) -> None:
    (papers / "b.md").write_bytes(b"")
    (papers / "d.pdf").write_text("<html><body>No PDF at all</body></html>")
    list(add_paths(library, [papers]))
    assert [(f.source, f.error) for f in library.failures()] == [
        (str(papers / "b.md"), "EmptyFile"),
        (str(papers / "d.pdf"), "FormatMismatch"),
    ]
    assert "HTML" in library.failures()[1].reason
    (papers / "b.md").write_text("# Bee")
    (papers / "d.pdf").unlink()
    list(add_paths(library, [papers]))
    assert library.failures() == []

    whole = (papers / "a.txt").read_bytes()
    for cure in ("restored", "removed"):
        (papers / "a.txt").write_bytes(b"")
        list(add_paths(library, [papers]))
        assert [f.error for f in library.failures()] == ["EmptyFile"]
        if cure == "restored":
            (papers / "a.txt").write_bytes(whole)
            assert ("unchanged", "a.txt") in _statuses(library, papers)
        else:
            library.remove(str(papers / "a.txt"))
        assert library.failures() == []


# Readers


class _Slow(InThisProcess):
    """Reads like the real one, and notes how many files it holds at a time."""

    workers = 3

    def __init__(self) -> None:
        self.now = self.most = self.read_in_all = 0

    def read(self, data: bytes, source: str, name: str = "", languages: Sequence[str] = ()) -> Document:
        self.now += 1
        self.most = max(self.most, self.now)
        self.read_in_all += 1
        time.sleep(0.05 if "0" in source else 0.01)  # they finish in another order
        document = super().read(data, source, name, languages)
        self.now -= 1
        if "note" in source:
            return replace(document, notes=(Note("no_text", "Page 2 has no text.", (2,)),))
        return document


def test_files_are_read_side_by_side_and_told_in_order(library: Library, tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}.txt").write_text(f"Number {number}.")
    reader = _Slow()
    outcomes = add_paths(library, [tmp_path], reader=reader)
    first = next(outcomes)
    time.sleep(0.5)
    assert reader.read_in_all <= 7  # it does not run ahead of what is stored
    names = [Path(o.source).name for o in (first, *outcomes)]
    assert names == [f"{number:02}.txt" for number in range(30)]
    assert 1 < reader.most <= 3


def test_an_outcome_holds_the_notes_of_the_reader(library: Library, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("Something.")
    (outcome,) = add_paths(library, [tmp_path], reader=_Slow())
    assert outcome.notes == (Note("no_text", "Page 2 has no text.", (2,)),)
    (outcome,) = add_paths(library, [tmp_path], reader=_Slow())
    assert (outcome.status, outcome.notes) == ("unchanged", ())


def test_what_is_unchanged_is_not_read_again(library: Library, papers: Path) -> None:
    _statuses(library, papers)
    reader = _Slow()
    list(add_paths(library, [papers], reader=reader))
    assert reader.read_in_all == 0


def test_a_file_that_kills_its_reader_stops_no_other(library: Library, papers: Path) -> None:
    limits = Limits(seconds=3, cpu_seconds=3)
    with Sandbox(limits, workers=2, jobs="tests.index.trapped_jobs") as sandbox:
        (papers / "b-crash.txt").write_text("crash")
        (papers / "b-loop.txt").write_text("loop")
        outcomes = {Path(o.source).name: o for o in add_paths(library, [papers], reader=sandbox)}
    assert list(outcomes) == ["a.txt", "b-crash.txt", "b-loop.txt", "b.md", "c.html"]
    assert outcomes["b-crash.txt"].error == "ReaderCrashed"
    assert outcomes["b-loop.txt"].error == "TookTooLong"
    assert len(library.documents()) == 3
    assert [failure.error for failure in library.failures()] == ["ReaderCrashed", "TookTooLong"]
    assert library.verify().problems == ()


# Web addresses


class _Pages(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if not self.path.startswith("/law"):
            self.send_error(404)
            return
        body = b"# The law\n\nIt is short.\n"
        self.send_response(200)
        self.send_header("Content-Type", "text/markdown")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_web_address_is_fetched_and_read(library: Library, papers: Path, site: str) -> None:
    urls = [f"{site}/law?id=7", f"{site}/nothing", str(papers / "a.txt")]
    outcomes = list(add_paths(library, urls, allow_private=True))
    assert [(o.status, o.error) for o in outcomes] == [("added", ""), ("refused", "HttpError"), ("added", "")]
    document = library.document(outcomes[0].document_id)
    assert (document.source, document.title, document.format) == (urls[0], "The law", "markdown")
    assert [failure.source for failure in library.failures()] == [urls[1]]
    assert next(add_paths(library, urls[:1], allow_private=True)).status == "unchanged"
    assert next(add_paths(library, urls[:1])).error == "ForbiddenAddress"
    assert len(library.documents()) == 2


def _beside(library: Library, text: str, source: str = "report.md") -> tuple[str, str]:
    outcome = add_bytes(library, text.encode(), source, reader=InThisProcess(), keep_namesake=True)
    return outcome.status, outcome.source


def test_a_namesake_stays_where_it_is_to_be_kept(library: Library) -> None:
    assert _beside(library, "The first.") == ("added", "report.md")
    assert _beside(library, "The second.") == ("added", "report (2).md")
    assert _beside(library, "The third.") == ("added", "report (3).md")
    assert _beside(library, "Other.", "other.md") == ("added", "other.md")
    # The same again is here already, whatever it is called; and takes no other name.
    for text, source in (
        ("The first.", "report.md"),
        ("The second.", "report (2).md"),
        ("Other.", "other.md"),
    ):
        assert _beside(library, text) == ("unchanged", source)
    assert library.sources() == ["other.md", "report (2).md", "report (3).md", "report.md"]
    assert library.document(content_id(b"The second.")).source == "report (2).md"


def test_a_namesake_is_replaced_where_nothing_else_is_said(library: Library) -> None:
    assert _beside(library, "The first.") == ("added", "report.md")
    outcome = add_bytes(library, b"The second.", "report.md", reader=InThisProcess())
    assert (outcome.status, outcome.source) == ("replaced", "report.md")
    assert library.sources() == ["report.md"]


def test_a_name_that_is_taken_while_a_file_is_read_is_not_taken_from_it(library: Library) -> None:
    def taken() -> None:
        add_bytes(library, b"Quicker.", "report.md", reader=InThisProcess())

    outcome = add_bytes(
        library, b"Slower.", "report.md", reader=InThisProcess(), on_read=taken, keep_namesake=True
    )
    assert (outcome.status, outcome.source) == ("added", "report (2).md")
    assert library.sources() == ["report (2).md", "report.md"]


def test_a_file_that_is_refused_beside_a_namesake_leaves_it_as_it_is(library: Library) -> None:
    assert _beside(library, "The first.") == ("added", "report.md")
    assert _beside(library, "")[0] == "refused"
    assert library.sources() == ["report.md"]

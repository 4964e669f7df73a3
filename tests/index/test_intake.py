"""Paths in, one outcome per file out; a file that is refused stops no other."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from index.errors import LibraryLocked
from index.intake import add_bytes, add_paths
from index.library import Library
from ingest.document import content_id
from tests.index.synthetic import WordEncoder


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
    told: list[tuple[int, int, str]] = []
    list(add_paths(library, [papers], lambda *each: told.append(each)))
    assert told == [(0, 3, "a.txt"), (1, 3, "b.md"), (2, 3, "c.html"), (3, 3, "")]


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

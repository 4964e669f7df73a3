"""The embedded library keeps the contract; its folder survives damage, crashes and other processes."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.errors import LibraryDamaged, LibraryLocked, LibraryMissing, LibraryUnwritable, ModelMismatch
from index.intake import add_paths
from index.library import Library
from tests.index.contract import COAL, FORUM, ROADS, LibraryContract, fill, found
from tests.index.synthetic import WordEncoder, bytes_of, document

ROOT = Path(__file__).parents[2]
SECRET = document("The xylophonist paid quizzically.", "/papers/secret.md", title="Zugzwang")


class TestEmbeddedLibrary(LibraryContract):
    @pytest.fixture
    def library(self, tmp_path: Path) -> Iterator[Library]:
        with Library(tmp_path / "library", WordEncoder()) as library:
            yield library


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed library of three documents, its mirrors saved."""
    with Library(tmp_path / "library", WordEncoder()) as library:
        fill(library, [FORUM, COAL, ROADS])
    return tmp_path / "library"


def assert_whole(folder: Path) -> None:
    with Library(folder, WordEncoder()) as library:
        assert library.verify().problems == ()
        assert found(library.search("forum", k=1)) == [FORUM.source]
        assert found(library.search("coal", k=1)) == [COAL.source]
        assert len(library.search("osh", k=10)) == 3


@contextmanager
def another_process(folder: Path, body: str) -> Iterator[subprocess.Popen[str]]:
    """A process that runs `body` with `library` open on `folder`, and ends when its input closes."""
    script = (
        "import sys; from pathlib import Path; from index.library import Library\n"
        "from tests.index.synthetic import *; from tests.index.contract import *\n"
        f"library = Library(Path({str(folder)!r}), WordEncoder())\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script + body],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout
    try:
        yield process
        process.stdin.close()
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


# Mirrors: missing, damaged, foreign


def _delete(folder: Path) -> None:
    shutil.rmtree(folder)


def _delete_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _truncate(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _flip_a_bit(folder: Path) -> None:
    name = "vectors.faiss" if folder.name == "dense" else "meta.json"
    data = bytearray((folder / name).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / name).write_bytes(data)


def _flip_a_bit_of_the_terms(folder: Path) -> None:
    path = next(folder.glob("*.term" if folder.name == "lexical" else "*.faiss"))
    path.write_bytes(path.read_bytes()[:-1] + b"\0")


def _empty_every_file(folder: Path) -> None:
    for path in folder.iterdir():
        path.write_bytes(b"")


def _another_format(folder: Path) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": "tantivy-terms-0"}))


def _garbage_manifest(folder: Path) -> None:
    (folder / "manifest.json").write_text('{"documents": 3}')


@pytest.mark.parametrize("name", ["dense", "lexical"])
@pytest.mark.parametrize(
    "damage",
    [
        _delete,
        _delete_manifest,
        _truncate,
        _flip_a_bit,
        _flip_a_bit_of_the_terms,
        _empty_every_file,
        _another_format,
        _garbage_manifest,
    ],
)
def test_a_damaged_mirror_is_built_anew(folder: Path, name: str, damage: Callable[[Path], None]) -> None:
    damage(folder / name)
    assert_whole(folder)
    with Library(folder, WordEncoder()) as library:  # and is saved with the next change
        fill(library, [SECRET])
    with Library(folder, WordEncoder()) as library:
        assert library._dense.revision == library._catalog.revision
        assert library.verify().ok


def test_a_mirror_of_another_library_is_not_trusted(folder: Path, tmp_path: Path) -> None:
    others = [document(f"Other words {n}.", f"/other/{n}.txt") for n in range(5)]
    with Library(tmp_path / "other", WordEncoder()) as library:
        for each in others:
            library.add(each, bytes_of(each))
    for name in ("dense", "lexical"):
        shutil.rmtree(folder / name)
        shutil.copytree(tmp_path / "other" / name, folder / name)
    assert_whole(folder)


def test_an_old_copy_of_the_catalog_put_back_takes_the_mirrors_along(folder: Path) -> None:
    shutil.copy(folder / "catalog.sqlite", folder.parent / "copy")
    with Library(folder, WordEncoder()) as library:
        fill(library, [SECRET])
    shutil.copy(folder.parent / "copy", folder / "catalog.sqlite")
    newer = document("A viaduct near Bishkek.", "/newer.txt")  # gets the keys that SECRET had
    with Library(folder, WordEncoder()) as library:
        fill(library, [newer])
        assert found(library.search("viaduct", k=1)) == ["/newer.txt"]
        (hit,) = [hit for hit in library.search("viaduct") if hit.document.id == newer.id]
        text = f"newer\n{newer.text}"
        vectors = library.encoder.encode_passages([text]).astype(np.float16).astype(np.float32)
        assert hit.dense == pytest.approx(
            float(vectors[0] @ library.encoder.encode_queries(["viaduct"])[0]), abs=1e-4
        )
        library.remove(newer.id)
    assert_whole(folder)


def test_mirrors_that_a_crash_left_behind_catch_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Library(folder, WordEncoder()) as library:
        monkeypatch.setattr(library, "_save_mirrors", lambda: None)
        fill(library, [SECRET])
        library.remove(ROADS.id)
    with Library(folder, WordEncoder()) as library:
        assert library._dense.revision < library._catalog.revision
        assert found(library.search("xylophonist", k=1)) == [SECRET.source]
        assert ROADS.source not in found(library.search("osh", k=10))
        assert library.verify().ok


def test_a_crash_between_the_two_mirrors_is_mended(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with Library(folder, WordEncoder()) as library:
        monkeypatch.setattr(library._dense, "save", no_room)
        with pytest.raises(OSError, match="No space"):
            fill(library, [SECRET])
        monkeypatch.undo()
        fill(library, [])  # the lock is free again
    with Library(folder, WordEncoder()) as library:
        assert library.verify().ok
        assert len(library.documents()) == 4


def test_what_a_crash_left_half_written_is_cleared(folder: Path) -> None:
    for path in (
        "dense/vectors.faiss.1.tmp",
        "lexical/manifest.json.1.tmp",
        "files/abc.1.tmp",
        "files/stray",
    ):
        (folder / path).write_bytes(b"half")
    with Library(folder, WordEncoder()) as library:
        fill(library, [SECRET])
    assert sorted(path.name for path in (folder / "files").iterdir()) == sorted(
        f"{each.id}.txt" for each in (FORUM, COAL, ROADS, SECRET)
    )
    assert not list(folder.rglob("*.tmp"))


def test_originals_of_an_old_copy_s_successors_stay(folder: Path) -> None:
    """They may be all that is left of what was added after the copy was made, at the next openings too."""
    shutil.copy(folder / "catalog.sqlite", folder.parent / "copy")
    with Library(folder, WordEncoder()) as library:
        fill(library, [SECRET])
    shutil.copy(folder.parent / "copy", folder / "catalog.sqlite")
    for number in range(2):
        with Library(folder, WordEncoder()) as library:
            fill(library, [document("A viaduct.", f"/newer{number}.txt")])
    kept = folder / "files" / f"{SECRET.id}.txt"
    assert kept.read_bytes() == bytes_of(SECRET)
    (folder / "files" / "abc.1.tmp").write_bytes(b"half")
    with Library(folder, WordEncoder()) as library:
        library.add(SECRET, kept.read_bytes())
        library.remove(SECRET.id)
    assert not kept.exists()
    assert not list(folder.rglob("*.tmp"))


def test_what_is_no_file_of_ours_in_files_is_left_alone(folder: Path) -> None:
    (folder / "files" / "mine").mkdir()
    (folder / "files" / f"{SECRET.id}.d").mkdir()
    (folder / "files" / "link").symlink_to(folder.parent)
    with Library(folder, WordEncoder()) as library:
        fill(library, [SECRET])
        library.remove(SECRET.id)
    assert (folder / "files" / "mine").is_dir()
    assert (folder / "files" / f"{SECRET.id}.d").is_dir()
    assert (folder / "files" / "link").is_symlink()
    assert_whole(folder)


# What was removed is gone


def test_removed_text_is_gone_from_every_file(folder: Path) -> None:
    with Library(folder, WordEncoder()) as library:
        fill(library, [SECRET])
        keys = [key for key, _ in library._catalog.passages_of(SECRET.id)]
        assert "xylophonist" in _all_bytes(folder)
        library.remove(SECRET.id)
        assert not set(keys) & set(library._dense.keys().tolist())
    assert "xylophonist" not in _all_bytes(folder)
    assert "Zugzwang" not in _all_bytes(folder)
    assert SECRET.source not in _all_bytes(folder)


def test_replaced_text_is_gone_too(folder: Path) -> None:
    with Library(folder, WordEncoder()) as library:
        fill(library, [SECRET])
        newer = document("Nothing to see.", SECRET.source)
        assert library.add(newer, bytes_of(newer)) == "replaced"
    assert "xylophonist" not in _all_bytes(folder)


def _all_bytes(folder: Path) -> str:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file()).decode("latin-1")


# Several processes


def test_a_reader_sees_what_another_process_wrote(folder: Path) -> None:
    with Library(folder, WordEncoder()) as reader:
        assert found(reader.search("forum", k=1)) == [FORUM.source]
        assert reader.document(ROADS.id) == ROADS
        body = (
            f"each = document({SECRET.text!r}, {SECRET.source!r})\n"
            f"fill(library, [each]); library.remove({ROADS.id!r})\n"
        )
        with another_process(folder, body):
            pass
        assert found(reader.search("xylophonist", k=1)) == [SECRET.source]
        assert ROADS.source not in found(reader.search("road osh passes", k=10))
        assert {card.source for card in reader.documents()} == {FORUM.source, COAL.source, SECRET.source}
        with pytest.raises(Exception, match="holds no document"):
            reader.document(ROADS.id)
        assert reader.verify().ok


def test_readers_search_while_another_process_writes(folder: Path) -> None:
    body = (
        "print('ready', flush=True)\n"
        "for each in made_up(15):\n"
        "    library.add(each, bytes_of(each))\n"
        "for each in made_up(15)[:8]:\n"
        "    library.remove(each.id)\n"
        "print('done', flush=True)\n"
    )
    lines: list[str] = []
    with Library(folder, WordEncoder()) as reader, another_process(folder, body) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        waiting = threading.Thread(target=lambda: lines.append(writer.stdout.readline()))  # type: ignore[union-attr]
        waiting.start()
        searches = 0
        while waiting.is_alive() or not searches:
            hits = reader.search("cooperation forum railline", k=30)
            assert FORUM.source in found(hits)
            assert reader.verify().problems == ()
            searches += 1
        assert lines == ["done\n"]
        assert len(reader.documents()) == 10
        assert reader.verify().ok


def test_a_text_that_another_process_reads_anew_is_not_cited_from_memory(folder: Path) -> None:
    """The same bytes may give another text: a program that recognises scans was installed in between."""
    recognised = replace(
        FORUM,
        text=f"More. {FORUM.text}",
        pages=(replace(FORUM.pages[0], end=FORUM.pages[0].end + 6),),
        sections=(replace(FORUM.sections[0], end=len(FORUM.text) + 6),),
    )
    with Library(folder, WordEncoder()) as reader, Library(folder, WordEncoder()) as writer:
        assert reader.document(FORUM.id) == FORUM
        writer.remove(FORUM.id)
        writer.add(recognised, bytes_of(FORUM))
        assert reader.document(FORUM.id) == recognised
        writer.add(replace(FORUM, source="/a.md"), bytes_of(FORUM))
        assert reader.document(FORUM.id).source == FORUM.source
        writer.release(FORUM.source)
        assert reader.document(FORUM.id) == replace(recognised, source="/a.md")


def test_a_second_writer_is_refused_by_name(folder: Path) -> None:
    body = (
        "with library.writing():\n"
        "    print('locked', flush=True); sys.stdin.read()\n"
        "    library.add(COAL, bytes_of(COAL)); fill(library, made_up(1))\n"
    )
    with another_process(folder, body) as writer, Library(folder, WordEncoder()) as library:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "locked\n"
        library._write_lock.timeout = 0.1
        for write in (
            lambda: library.add(SECRET, bytes_of(SECRET)),
            lambda: library.remove(FORUM.id),
            lambda: list(add_paths(library, [ROOT / "Makefile"])),
        ):
            with pytest.raises(LibraryLocked, match=rf"process {writer.pid} \(-c\) on .+ since 20\d\d-"):
                write()
        assert found(library.search("forum", k=1)) == [FORUM.source]  # reading goes on
    with Library(folder, WordEncoder()) as library:  # its lock is free, nothing of ours went in
        assert {card.source for card in library.documents()} == {
            each.source for each in (FORUM, COAL, ROADS)
        } | {"/made/0.txt"}
        assert library.add(SECRET, bytes_of(SECRET)) == "added"


def test_a_dead_writer_s_lock_is_free(folder: Path) -> None:
    with another_process(
        folder, "library._write_lock.acquire(); print('locked', flush=True); sys.stdin.read()"
    ) as w:
        assert w.stdout is not None
        w.stdout.readline()
        w.kill()
        w.wait()
        with Library(folder, WordEncoder()) as library:
            assert library.add(SECRET, bytes_of(SECRET)) == "added"
        w.returncode = 0  # killed on purpose


def test_two_libraries_of_one_process_do_not_write_at_once(folder: Path) -> None:
    with Library(folder, WordEncoder()) as one, Library(folder, WordEncoder()) as two, one.writing():
        two._write_lock.timeout = 0.1
        with pytest.raises(LibraryLocked):
            two.remove(FORUM.id)
        assert one.remove(FORUM.id).id == FORUM.id


# The catalog: damaged, foreign, of another encoder


@pytest.mark.parametrize(
    "content",
    [b"garbage " * 1000, b"\0" * 9000, b"SQLite format 3\0" + b"\xff" * 5000],
    ids=["text", "zeros", "header"],
)
def test_a_catalog_that_is_no_database_is_refused(folder: Path, content: bytes) -> None:
    (folder / "catalog.sqlite").write_bytes(content)
    # Not into the same folder: a rebuilding that is cut short would take the originals left for strays.
    with pytest.raises(LibraryDamaged, match=r"catalog\.sqlite.+python -m ingest add .+files --library NEW"):
        Library(folder, WordEncoder())
    assert (folder / "catalog.sqlite").read_bytes() == content
    assert len(list((folder / "files").iterdir())) == 3


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_a_truncated_catalog_is_told(folder: Path, share: float) -> None:
    with Library(folder, WordEncoder()) as library:
        fill(library, [document(f"word{n} " * 300, f"/{n}") for n in range(30)])
    path = folder / "catalog.sqlite"
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(LibraryDamaged), Library(folder, WordEncoder()) as library:
        assert not library.verify().ok or library.search("word3")
        raise LibraryDamaged  # verify told it


def test_a_bit_flipped_inside_the_catalog_raises_nothing_untyped(folder: Path) -> None:
    with Library(folder, WordEncoder()) as library:
        fill(library, [document(f"word{n} " * 300, f"/{n}") for n in range(10)])
    path = folder / "catalog.sqlite"
    whole = path.read_bytes()
    for page in range(1, len(whole) // 4096, 3):
        path.write_bytes(whole[: page * 4096] + b"\xa5" * 16 + whole[page * 4096 + 16 :])
        try:
            with Library(folder, WordEncoder()) as library:
                health = library.verify()
                assert not health.ok
        except LibraryDamaged:
            pass


def test_a_damaged_catalog_is_rebuilt_from_the_originals_as_the_message_says(tmp_path: Path) -> None:
    (tmp_path / "papers").mkdir()
    for name, text in (("a.md", "# Forum\n\nThe forum began in 2007."), ("b.txt", "Coal is black.")):
        (tmp_path / "papers" / name).write_text(text)
    folder = tmp_path / "library"
    with Library(folder, WordEncoder()) as library:
        assert [o.status for o in add_paths(library, [tmp_path / "papers"])] == ["added", "added"]
    (folder / "catalog.sqlite").write_bytes(b"garbage " * 1000)
    with pytest.raises(LibraryDamaged):
        Library(folder, WordEncoder())
    (folder / "catalog.sqlite").rename(tmp_path / "away")
    with Library(folder, WordEncoder()) as library:
        # In another order than at first, so that the mirrors beside it would be wrong if they were trusted.
        files = sorted((folder / "files").iterdir(), key=lambda path: -path.stat().st_size)[::-1]
        assert [o.status for o in add_paths(library, files)] == ["added", "added"]
        assert library.verify().problems == ()
        assert "2007" in library.search("forum", k=1)[0].text
        assert "Coal" in library.search("coal", k=1)[0].text
        assert library.search("coal", k=1)[0].dense > 0.5


def test_a_catalog_of_a_later_format_is_refused(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.sqlite") as database:
        database.execute("UPDATE properties SET value = '99' WHERE name = 'format'")
    with pytest.raises(LibraryDamaged, match="format 99; this version reads format 2"):
        Library(folder, WordEncoder())


def test_another_program_s_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "catalog.sqlite") as database:
        database.execute("CREATE TABLE recipes (name TEXT)")
    database.close()
    before = (tmp_path / "catalog.sqlite").read_bytes()
    with pytest.raises(LibraryDamaged, match="not one of this program's"):
        Library(tmp_path, WordEncoder())
    assert (tmp_path / "catalog.sqlite").read_bytes() == before


def test_another_encoder_is_refused_with_the_way_out(folder: Path) -> None:
    with pytest.raises(ModelMismatch, match=r"made with the encoder words, not with others\..+--library NEW"):
        Library(folder, WordEncoder("others"))
    assert_whole(folder)


def test_a_crash_while_the_encoder_is_noted_shuts_nobody_out(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.sqlite") as database:
        database.execute("DELETE FROM properties WHERE name = 'model_checksum'")
    assert_whole(folder)


def test_opening_to_read_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match="python -m ingest add PATH"):
        Library.open(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_a_library_where_a_file_lies_is_refused(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(LibraryUnwritable, match="taken"):
        Library(tmp_path / "taken", WordEncoder())
    with pytest.raises(LibraryUnwritable):
        Library(tmp_path / "taken" / "below", WordEncoder())
    assert (tmp_path / "taken").read_text() == "a file"


def test_opening_waits_for_no_writer(folder: Path) -> None:
    database = sqlite3.connect(folder / "catalog.sqlite", isolation_level=None)
    database.execute("BEGIN IMMEDIATE")
    assert_whole(folder)
    database.execute("ROLLBACK")
    database.close()


# What verify finds


def test_verify_names_an_original_that_is_gone_or_damaged(folder: Path) -> None:
    (folder / "files" / f"{FORUM.id}.txt").unlink()
    (folder / "files" / f"{COAL.id}.txt").write_bytes(b"other")
    with Library(folder, WordEncoder()) as library:
        gone, damaged = sorted(library.verify().problems, key=lambda problem: FORUM.source not in problem)
        assert gone == f"{FORUM.source}: its original is gone from files/; add it again"
        assert damaged == f"{COAL.source}: its original in files/ is damaged; remove it, then add it again"
        assert not library.has(FORUM.source, FORUM.id)
        assert library.add(FORUM, bytes_of(FORUM)) == "unchanged"
        library.remove(COAL.id)
        assert library.add(COAL, bytes_of(COAL)) == "added"
        assert library.verify().ok


def test_verify_finds_an_orphan_passage(folder: Path) -> None:
    with sqlite3.connect(folder / "catalog.sqlite") as database:
        database.execute("UPDATE passages SET document = 77 WHERE key = 1")
    with Library(folder, WordEncoder()) as library:
        assert "row 1 of passages belongs to no document" in library.verify().problems

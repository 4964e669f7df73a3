"""Sealing: a mirror is trusted only when every byte is as it was sealed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.mirror import Manifest, read_manifest, seal, unseal_if_ahead, write_durably


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a").write_bytes(b"alpha")
    (tmp_path / "b.bin").write_bytes(b"beta")
    seal(tmp_path, Manifest("format-1", 7, (1, 2)))
    return tmp_path


def test_what_was_sealed_is_read(folder: Path) -> None:
    manifest = read_manifest(folder, "format-1")
    assert manifest is not None
    assert (manifest.format, manifest.revision, manifest.documents) == ("format-1", 7, (1, 2))
    assert manifest.files["a"] == "8ed3f6ad685b959ead7022518e1af76cd816f8e8ec7ccdda1ed4018e8f2223f8"
    assert sorted(manifest.files) == ["a", "b.bin"]


def test_what_came_later_does_not_break_the_seal(folder: Path) -> None:
    (folder / "c").write_bytes(b"gamma")
    assert read_manifest(folder, "format-1") is not None


@pytest.mark.parametrize("content", [b"", b"alph", b"alphb", b"alpha "])
def test_a_changed_file_breaks_it(folder: Path, content: bytes) -> None:
    (folder / "a").write_bytes(content)
    assert read_manifest(folder, "format-1") is None


def test_a_missing_file_another_format_or_a_missing_folder_is_no_mirror(folder: Path) -> None:
    assert read_manifest(folder, "format-2") is None
    assert read_manifest(folder / "none", "format-1") is None
    (folder / "a").unlink()
    assert read_manifest(folder, "format-1") is None


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "null", "3", '"text"', "{}", '{"documents": 1}', '{"documents": [], "x": 1}', "\udcff"],
)
def test_a_manifest_that_is_none_is_no_manifest(folder: Path, content: str) -> None:
    (folder / "manifest.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    assert read_manifest(folder, "format-1") is None
    unseal_if_ahead(folder, lambda: 0)  # and is left to be replaced


@pytest.mark.parametrize(("revision", "kept"), [(6, False), (7, True), (8, True)])
def test_a_mirror_ahead_of_its_catalog_is_given_up(folder: Path, revision: int, kept: bool) -> None:
    unseal_if_ahead(folder, lambda: revision)
    assert (read_manifest(folder, "format-1") is not None) == kept


def test_sealing_clears_what_a_crash_left(folder: Path) -> None:
    (folder / "b.bin.123.tmp").write_bytes(b"half")
    seal(folder, Manifest("format-1", 8, ()))
    assert sorted(path.name for path in folder.iterdir()) == ["a", "b.bin", "manifest.json"]
    assert json.loads((folder / "manifest.json").read_text())["revision"] == 8


def test_write_durably_replaces_whole_files_and_leaves_no_scratch(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_durably(path, b"old")
    write_durably(path, memoryview(b"new"))
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_durably(path, b"old")
    with pytest.raises(TypeError):
        write_durably(path, "text")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"

"""File to searchable: this program against the plain way, on the same files in the same run.

python -m bench.ingest [FOLDER]

The plain way is pypdf's text of each page (trafilatura's of each HTML file), cut every 800 characters or
so at white space, and SentenceTransformer.encode at its defaults into a flat FAISS index: what a first
script would do. Ours is `python -m ingest add`: layout, passages, terms, both mirrors, all flushed to disk.
Both encode with the same weights on the same cores.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import faiss
import trafilatura
from pypdf import PdfReader
from sentence_transformers import SentenceTransformer

from bench.record import DATA, save
from index.encoder import load_encoder
from index.intake import add_paths
from index.library import Library
from index.models import SOURCE_FOLDER, find_model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DATA / "policy")
    folder = parser.parse_args().folder
    plain, ours = _plain(folder), _ours(folder)
    characters = {"plain": plain["characters"], "ours": ours["characters"]}
    save(
        "ingest",
        f"{len(list(folder.iterdir()))} files of {folder.name}, once each, plain first; models loaded before the clock",
        {
            "plain": plain,
            "ours": ours,
            # Passages differ a little in length; characters made searchable per second do not depend on that.
            "times faster, passages per second": round(
                ours["passages per second"] / plain["passages per second"], 2
            ),
            "times faster, characters per second": round(
                characters["ours"] / ours["seconds"] / (characters["plain"] / plain["seconds"]), 2
            ),
        },
        ("openvino", "torch", "sentence-transformers", "faiss-cpu", "tantivy", "pypdf", "pypdfium2"),
    )


def _plain(folder: Path) -> dict[str, float]:
    encoder = SentenceTransformer(str(find_model().folder / SOURCE_FOLDER), device="cpu")
    index = faiss.IndexFlatIP(384)
    began = time.perf_counter()
    passages = [
        f"passage: {passage}"
        for path in sorted(folder.iterdir())
        for text in _plain_texts(path)
        for passage in _cut(text)
    ]
    read = time.perf_counter() - began
    index.add(encoder.encode(passages))
    return _result(len(passages), sum(map(len, passages)), read, time.perf_counter() - began)


def _plain_texts(path: Path) -> list[str]:
    if path.suffix == ".pdf":
        return [page.extract_text() for page in PdfReader(path).pages]
    return [trafilatura.extract(path.read_text(encoding="utf-8", errors="replace")) or ""]


def _cut(text: str, size: int = 800) -> list[str]:
    """Pieces of about `size` characters, near 200 tokens of English, cut at white space."""
    pieces, words, length = [], list[str](), 0
    for word in text.split():
        words.append(word)
        length += len(word) + 1
        if length >= size:
            pieces.append(" ".join(words))
            words, length = [], 0
    return pieces + [" ".join(words)] * bool(words)


def _ours(folder: Path) -> dict[str, float]:
    encoder = load_encoder()
    encoder.encode_passages(["warm up"], ["en"])
    with tempfile.TemporaryDirectory() as scratch, Library(Path(scratch), encoder) as library:
        began = time.perf_counter()
        refused = [outcome for outcome in add_paths(library, [folder]) if outcome.status != "added"]
        seconds = time.perf_counter() - began
        if refused:
            raise SystemExit(f"not added: {refused}")
        cards = library.documents()
        characters = sum(card.characters for card in cards)
        return _result(sum(card.passages for card in cards), characters, 0.0, seconds)


def _result(passages: int, characters: int, read: float, seconds: float) -> dict[str, float]:
    return {
        "passages": passages,
        "characters": characters,
        "seconds": round(seconds, 1),
        **({"of that, reading": round(read, 1)} if read else {}),
        "passages per second": round(passages / seconds, 2),
    }


if __name__ == "__main__":
    main()

"""The dense mirror: the catalog's vectors in a FAISS index, searched exactly, by inner product.

The only file that imports faiss. Flat, not approximate: at 100,000 passages a search reads 150 MB
once (bench/results/query.json), filters cost nothing, and what is removed is gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.catalog import Catalog
from index.encoder import thread_count
from index.language_offsets import Vectors
from index.mirror import Manifest, read_manifest, seal, write_durably

_FILE = "vectors.faiss"


class DenseMirror:
    """Passage key → vector, following the catalog."""

    def __init__(self, folder: Path, dimensions: int, model_checksum: str) -> None:
        faiss.omp_set_num_threads(thread_count())
        self._folder = folder
        self._format = f"faiss-flat-1 {model_checksum}"
        self._dimensions = dimensions
        self._index = self._empty()
        self.revision = -1  # of the catalog, as this mirror shows it
        if manifest := read_manifest(folder, self._format):
            self._index = faiss.read_index(str(folder / _FILE))  # type: ignore[assignment]
            self.revision = manifest.revision

    def _empty(self) -> faiss.IndexIDMap2:
        return faiss.IndexIDMap2(faiss.IndexFlatIP(self._dimensions))

    def catch_up(self, catalog: Catalog) -> None:
        """Add and remove vectors until the mirror shows the catalog."""
        if self.revision == catalog.revision:
            return
        with catalog.snapshot():
            held = self.keys()
            wanted = np.array(catalog.passage_keys(), np.int64)
            if len(gone := np.setdiff1d(held, wanted)):
                self._index.remove_ids(gone)  # type: ignore[arg-type]  # the stubs know the C++ form alone
            missing = np.setdiff1d(wanted, held)
            for begin in range(0, len(missing), 10_000):  # bounds the memory of one step
                part = missing[begin : begin + 10_000]
                self._index.add_with_ids(catalog.vectors(part.tolist()), part)
            self.revision = catalog.revision

    def save(self) -> None:
        """Write the mirror to disk, unless what is there shows the same revision."""
        found = read_manifest(self._folder, self._format)
        if found and found.revision == self.revision:
            return
        self._folder.mkdir(exist_ok=True)
        write_durably(self._folder / _FILE, faiss.serialize_index(self._index).data)
        seal(self._folder, Manifest(self._format, self.revision, documents=()))

    def keys(self) -> NDArray[np.int64]:
        """The passage keys that the mirror holds."""
        keys: NDArray[np.int64] = faiss.vector_to_array(self._index.id_map)
        return keys

    def search(
        self, vector: Vectors, k: int, ranges: Sequence[tuple[int, int]] | None = None
    ) -> dict[int, float]:
        """Passage key → cosine of the `k` nearest, nearest first; `ranges` restricts to these keys, inclusive."""
        if not len(self.keys()) or ranges == []:
            return {}
        parameters = None
        if ranges is not None:
            allowed = _bitmap(ranges)
            selector = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(allowed))
            parameters = faiss.SearchParameters(sel=selector)  # type: ignore[call-arg]
        scores, keys = self._index.search(
            vector.reshape(1, -1), min(k, self._index.ntotal), params=parameters
        )
        return {int(key): float(score) for key, score in zip(keys[0], scores[0], strict=True) if key >= 0}

    def scores(self, vector: Vectors, passage_keys: Sequence[int]) -> dict[int, float]:
        """Passage key → cosine, for passages that the mirror holds."""
        if not passage_keys:
            return {}
        found = self._index.reconstruct_batch(np.array(passage_keys, np.int64))
        return dict(zip(passage_keys, (found @ vector.reshape(-1)).tolist(), strict=True))


def _bitmap(ranges: Sequence[tuple[int, int]]) -> NDArray[np.uint8]:
    """Bit `key` set for each key within a range: FAISS's bitmap selector wants eight keys a byte."""
    edges = np.zeros(max(last for _, last in ranges) + 2, np.int32)
    firsts, lasts = np.array(ranges).T
    edges[firsts] += 1
    np.subtract.at(edges, lasts + 1, 1)
    return np.packbits(np.cumsum(edges) > 0, bitorder="little")

"""The library: one folder a user owns. Documents in, hits out; what was acknowledged stays.

    library/catalog.sqlite   the truth: documents, passages, vectors
    library/files/           the originals, by content hash
    library/dense/           mirror for nearest vectors (FAISS)
    library/lexical/         mirror for terms (tantivy)

Nothing above this file may know which engine answers: the interface of `Library` is the seam.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

from filelock import FileLock, Timeout

from index import fusion
from index.analysis import term_spans, terms
from index.catalog import Catalog
from index.dense import DenseMirror
from index.encoder import Encoder, load_encoder
from index.errors import LibraryLocked, LibraryMissing, LibraryUnwritable, ModelMismatch, UnknownDocument
from index.hit import DocumentCard, Filters, Hit, QueryWord, coverage
from index.lexical import LexicalMirror
from index.mirror import unseal_if_ahead, write_durably
from index.owner import describe_self, read_owner
from index.query import SearchWord, search_words
from ingest.context import contextual_text
from ingest.document import Document, Passage, Span, content_id
from ingest.language import detect
from ingest.passages import split

Change = Literal["added", "unchanged", "replaced"]


@dataclass(frozen=True, slots=True)
class Settings:
    """How a library cuts and searches."""

    passage_tokens: int = 200  # encoder tokens of a passage, about ten lines of a page
    candidates: int = 100  # passages that each mirror puts forward before they are fused
    dense_weight: float = 0.55  # share of the dense score; .4 to .7 make little difference
    documents_in_memory: int = 64  # read documents kept for citing


@dataclass(frozen=True, slots=True)
class Health:
    """What `verify` found. `problems` is empty when all is well."""

    documents: int
    passages: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        return not self.problems


class Library:
    """See the module's docstring. Safe to use from several threads; many processes may read, one writes."""

    def __init__(self, folder: Path, encoder: Encoder, settings: Settings = Settings()) -> None:
        """Open the library in `folder`, and create it when there is none.

        Raises ModelMismatch when its vectors are of another encoder, LibraryDamaged when the
        catalog cannot be read.
        """
        self.folder = folder
        self.encoder = encoder
        self.settings = settings
        self._files = folder / "files"
        try:
            self._files.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryUnwritable(
                f"{self._files} cannot be made: {error.strerror}. Give the path of a folder."
            ) from error
        self._write_lock = FileLock(folder / "write.lock", timeout=2, thread_local=False)
        self._writing = threading.RLock()
        self._searching = threading.RLock()
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._catalog = Catalog(folder / "catalog.sqlite")
        self._check_model()
        for mirror in ("dense", "lexical"):
            unseal_if_ahead(folder / mirror, lambda: self._catalog.revision)
        self._dense = DenseMirror(folder / "dense", encoder.model.dimensions, encoder.model.checksum)
        self._lexical = LexicalMirror(folder / "lexical")

    @classmethod
    def open(cls, folder: Path, model: str | None = None, *, create: bool = False) -> Library:
        """The library in `folder`, with the encoder called `model` (default: the built-in one).

        Raises LibraryMissing when there is none and `create` is not set.
        """
        if not create and not (folder / "catalog.sqlite").is_file():
            raise LibraryMissing(
                f"{folder} holds no library. Put documents in first: python -m ingest add PATH --library {folder}"
            )
        return cls(folder, load_encoder(model))

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._catalog.close()

    # Writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the library's write lock; nests. Several changes inside one block save the mirrors once.

        Raises LibraryLocked, naming the owner, when another process writes.
        """
        with self._writing:
            outermost = not self._write_lock.is_locked
            try:
                self._write_lock.acquire()
            except Timeout:
                raise LibraryLocked(
                    f"{self.folder} is being written by {read_owner(self.folder)}. Try again when it has finished."
                ) from None
            try:
                if outermost:
                    describe_self(self.folder)
                    self._delete_stray_files()
                yield
                if outermost:
                    self._save_mirrors()
            finally:
                self._write_lock.release()

    def add(self, document: Document, original: bytes) -> Change:
        """Make `document` findable; `original` is the file it was read from, `document.id` its content id.

        Same bytes as a document already here: unchanged, and the source is noted with it. Same source,
        other bytes: the old document goes in the same transaction, unless another source still holds it.
        When this returns, a crash loses nothing.
        """
        if document.id != content_id(original):
            raise ValueError(f"{document.source}: the original's content id is not the document's id")
        with self.writing():
            previous = self._catalog.card_by_source(document.source)
            if self._catalog.card_by_id(document.id):
                if not (self._files / document.id).is_file():
                    write_durably(self._files / document.id, original)
                if previous is None or previous.id != document.id:
                    self._catalog.link(document.source, document.id)
                if previous is None or previous.id == document.id:
                    return "unchanged"
                self._forget(previous.id)
                return "replaced"
            passages = split(document, self.encoder.count_tokens, self.settings.passage_tokens)
            texts = [contextual_text(document, passage.start, passage.end) for passage in passages]
            vectors = self.encoder.encode_passages(texts, [document.language] * len(texts))
            write_durably(self._files / document.id, original)
            self._catalog.add(document, passages, vectors)
            if previous:
                self._forget(previous.id)
            return "replaced" if previous else "added"

    def has(self, source: str, document_id: str) -> bool:
        """Whether exactly these bytes from this source are here, so that reading them can be spared."""
        card = self._catalog.card_by_source(source)
        return card is not None and card.id == document_id and (self._files / document_id).is_file()

    def remove(self, id_or_source: str) -> DocumentCard:
        """Take a document out, with its passages, vectors and original. Raises UnknownDocument."""
        with self.writing():
            card = self._card(id_or_source)
            self._delete(card.id)
            return card

    def _delete(self, document_id: str) -> None:
        self._catalog.delete(document_id)
        self._forget(document_id)

    def _forget(self, document_id: str) -> None:
        """Drop what is kept of a document outside the catalog, unless another source still holds it."""
        if self._catalog.card_by_id(document_id):
            return
        with self._searching:
            self._documents.pop(document_id, None)
        (self._files / document_id).unlink(missing_ok=True)

    def _delete_stray_files(self) -> None:
        """Originals whose document was never acknowledged, or whose removal a crash cut short."""
        if not self._catalog.revision:
            return  # a new catalog, perhaps in place of a damaged one: its files may be all that is left
        known = {card.id for card in self._catalog.cards()}
        for path in self._files.iterdir():
            if path.name not in known:
                path.unlink()

    def _save_mirrors(self) -> None:
        with self._searching:
            self._catch_up()
            self._dense.save()

    # Reading

    def search(self, query: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """The `k` passages nearest to `query`, best first; fewer when the library holds fewer that match."""
        with self._searching:
            self._catch_up()
            document_keys = self._catalog.document_keys(filters) if filters else None
            ranges = None if document_keys is None else self._catalog.passage_ranges(document_keys)
            searched = search_words(query, self._catalog.languages())
            words = self._with_rarity(searched)
            vector = self.encoder.encode_queries([query], [detect(query)])[0]
            limit = max(k, self.settings.candidates)
            dense = self._dense.search(vector, limit, ranges)
            lexical = self._lexical.search(searched, limit, document_keys)
            # A passage found by its terms alone gets its true cosine, not a zero.
            dense |= self._dense.scores(vector, [key for key in lexical if key not in dense])
            fused = fusion.fuse(dense, lexical, self.settings.dense_weight)
            best = sorted(fused, key=lambda key: (-fused[key], key))[:k]
            # Read through the catalog, the only truth: what another process removed just now is not there.
            found = self._catalog.passages(best)
        hits = []
        for key in best:
            if key not in found:
                continue
            passage, text, card = found[key]
            highlights, coverage = _matches(passage, text, card.language, words)
            hits.append(
                Hit(passage, text, card, fused[key], dense[key], lexical.get(key, 0.0), coverage, highlights)
            )
        return hits

    def query_words(self, query: str) -> tuple[QueryWord, ...]:
        """The words of a query as this library indexed them, each with its rarity here."""
        with self._searching:
            self._catch_up()
            return self._with_rarity(search_words(query, self._catalog.languages()))

    def _with_rarity(self, words: Sequence[SearchWord]) -> tuple[QueryWord, ...]:
        alternatives = [(*word.terms, *word.translations) for word in words]
        return tuple(
            QueryWord(terms, self._lexical.rarity(terms), word.only_in)
            for word, terms in zip(words, alternatives, strict=True)
        )

    def missing_words(self, query: str) -> list[str]:
        """Words of the query, as typed, of which no passage of the library holds a form or a translation."""
        missing = {
            term
            for word in self.query_words(query)
            if not word.only_in and not self._lexical.holds(word.terms)
            for term in word.terms
        }
        return list(
            dict.fromkeys(
                typed[0]
                for typed in re.finditer(r"[\w’ʻʼ'-]+", query)
                if not missing.isdisjoint(terms(typed[0], detect(query)))
            )
        )

    def _catch_up(self) -> None:
        self._dense.catch_up(self._catalog)
        self._lexical.catch_up(self._catalog)
        while self._dense.revision != self._lexical.revision:  # another process wrote in between
            self._dense.catch_up(self._catalog)
            self._lexical.catch_up(self._catalog)

    def document(self, document_id: str) -> Document:
        """The whole document. Raises UnknownDocument."""
        document_id = self._card(document_id).id
        with self._searching:
            # An id is a content hash, so that a document in memory cannot be out of date.
            document = self._documents.pop(document_id, None) or self._catalog.document(document_id)
            if document is None:
                raise UnknownDocument(f"{self.folder} holds no document {document_id}")
            self._documents[document_id] = document
            while len(self._documents) > self.settings.documents_in_memory:
                self._documents.popitem(last=False)
            return document

    def documents(self, filters: Filters = Filters()) -> list[DocumentCard]:
        """The documents that pass the filters, by title."""
        return self._catalog.cards(filters)

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """A document's passages in reading order. Raises UnknownDocument."""
        card = self._card(document_id)
        return tuple(passage for _, passage in self._catalog.passages_of(card.id))

    def original(self, document_id: str) -> Path:
        """The stored copy of the file that the document was read from. Raises UnknownDocument."""
        return self._files / self._card(document_id).id

    def verify(self) -> Health:
        """Compare the mirrors, the originals and the model with the catalog."""
        problems = self._catalog.problems()
        with self._searching:
            self._catch_up()
            with self._catalog.snapshot():
                cards, passage_keys = self._catalog.cards(), self._catalog.passage_keys()
                moved_on = self._dense.revision != self._catalog.revision  # another process is writing
            if moved_on:
                return self.verify()
            if set(self._dense.keys().tolist()) != set(passage_keys):
                problems.append(
                    "dense/ does not hold the catalog's passages; delete the folder to rebuild it"
                )
            if self._lexical.count() != len(passage_keys):
                problems.append(
                    "lexical/ does not hold the catalog's passages; delete the folder to rebuild it"
                )
        for card in cards:
            path = self._files / card.id
            if not path.is_file():
                problems.append(f"{card.source}: its original is gone from files/; add it again")
            elif content_id(path.read_bytes()) != card.id:
                problems.append(
                    f"{card.source}: its original in files/ is damaged; remove it, then add it again"
                )
            if not card.passages:
                problems.append(f"{card.source}: no passages")
        problems += [f"model file {name} is damaged" for name in self.encoder.model.damaged_files()]
        return Health(len(cards), len(passage_keys), tuple(problems))

    def _card(self, id_or_source: str) -> DocumentCard:
        card = self._catalog.card_by_id(id_or_source) or self._catalog.card_by_source(id_or_source)
        if card is None:
            raise UnknownDocument(f"{self.folder} holds no document with the id or source {id_or_source}")
        return card

    def _check_model(self) -> None:
        """Remember the encoder of a new library; refuse another than the one remembered."""
        model = self.encoder.model
        remembered = self._catalog.get("model"), self._catalog.get("model_checksum")
        if remembered[1] is None:  # or a crash came between the two lines below
            self._catalog.set("model", model.name)
            self._catalog.set("model_checksum", model.checksum)
        elif remembered[1] != model.checksum:
            raise ModelMismatch(
                f"{self.folder} was made with the encoder {remembered[0]}, not with {model.name}. Open it with "
                f"--model {remembered[0]}, or index its files anew: "
                f"python -m ingest add {self._files} --library NEW --model {model.name}"
            )


def _matches(
    passage: Passage, text: str, language: str, words: Sequence[QueryWord]
) -> tuple[tuple[Span, ...], float]:
    """Where the passage holds words of the query, and the share of the query that these make up."""
    wanted = {term for word in words for term in word.terms}
    found = [(term, start, end) for term, start, end in term_spans(text, language) if term in wanted]
    spans = sorted({(start, end) for _, start, end in found})
    highlights = tuple(Span(passage.start + start, passage.start + end) for start, end in spans)
    return highlights, coverage(words, {term for term, _, _ in found}, language)

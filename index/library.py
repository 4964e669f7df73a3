"""The library: one folder a user owns. Documents in, hits out; what was acknowledged stays.

    library/catalog.sqlite   the truth: documents, passages, vectors
    library/files/           the originals, by content hash, with the suffix of their format
    library/dense/           mirror for nearest vectors (FAISS)
    library/lexical/         mirror for terms (tantivy)

Nothing above this file may know which engine answers: the interface of `Library` is the seam.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

from filelock import FileLock, Timeout

from index.catalog import Catalog
from index.cited import mention_hits
from index.dense import DenseMirror
from index.edits import Edits, checked, edited
from index.encoder import Encoder, load_encoder
from index.errors import LibraryLocked, LibraryMissing, ModelMismatch, UnknownDocument
from index.health import Health, assess, observe
from index.hit import DocumentCard, Failure, Filters, Hit, QueryWord, ReferenceHit
from index.language_offsets import Vectors
from index.lexical import LexicalMirror
from index.mirror import is_ahead, unseal_if_ahead
from index.near_duplicates import NearDuplicate
from index.originals import Originals
from index.owner import describe_self, read_owner
from index.query import search_words, telling
from index.search import Searcher, SearchSettings
from index.spelling import Spelled
from ingest.context import Contexts
from ingest.document import Document, Note, Passage, content_id
from ingest.passages import split
from ingest.told import LocalPath, Told

Change = Literal["added", "unchanged", "replaced"]
_KEEP_STRAYS = "keep_strays"  # a property of the catalog: set where its originals may know more than it does


@dataclass(frozen=True, slots=True)
class Settings:
    """How a library cuts and searches."""

    passage_tokens: int = 200  # encoder tokens of a passage, about ten lines of a page
    search: SearchSettings = SearchSettings()
    documents_in_memory: int = 64  # read documents kept for citing


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
        self._originals = Originals(folder / "files")
        self._write_lock = FileLock(folder / "write.lock", timeout=2, thread_local=False)
        self._writing = threading.RLock()
        # By id, with the version that the catalog has of each.
        self._documents: OrderedDict[str, tuple[tuple[int, str], Document]] = OrderedDict()
        self._catalog = Catalog(folder / "catalog.sqlite")
        self._check_model()
        self._give_up_mirrors_ahead()
        self._dense = DenseMirror(folder / "dense", encoder.model.dimensions, encoder.model.checksum)
        self._lexical = LexicalMirror(folder / "lexical")
        self._searcher = Searcher(self._catalog, self._dense, self._lexical, encoder, settings.search)

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
                    Told(
                        "{folder} is being written by {owner}. Try again when it has finished.",
                        folder=LocalPath(self.folder),
                        owner=read_owner(self.folder),
                    )
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
        other bytes: the old document goes in the same transaction, unless another source still holds it, and
        its edits pass to the new one, for the fields that are not edited there. When this returns, a crash
        loses nothing.
        """
        if document.id != content_id(original):
            raise ValueError(f"{document.source}: the original's content id is not the document's id")
        with self.writing():
            previous = self._catalog.card_by_source(document.source)
            # What the user said of the document before stays true of its new version.
            edits = self._catalog.edits(previous.id) if previous else {}
            if card := self._catalog.card_by_id(document.id):
                if not self._originals.path(card).is_file():
                    self._originals.keep(card, original)
                if previous and previous.id == document.id:
                    return "unchanged"
                self._link(document.source, document.id, edits)
                if previous is None:
                    return "unchanged"
                self._forget(previous.id)
                return "replaced"
            passages, vectors = self._encoded(edited(document, edits))
            self._originals.keep(document, original)
            self._catalog.add(document, passages, vectors, edits)
            if previous:
                self._forget(previous.id)
            return "replaced" if previous else "added"

    def _link(self, source: str, document_id: str, edits: Edits) -> None:
        """Note a source with a document that is here; `edits` come along, under those that it has."""
        before = self._catalog.edits(document_id)
        after = {**edits, **before}
        if after == before:
            self._catalog.link(source, document_id)
        else:
            self._store_edits(document_id, after, source)

    def _store_edits(self, document_id: str, after: Edits, source: str = "") -> None:
        """Let these edits of a document stand, and with them `source` as one more that holds it."""
        document = self._catalog.as_read(document_id)
        assert document is not None  # its card is there, and nobody else writes
        was, shown = edited(document, self._catalog.edits(document_id)), edited(document, after)
        if (was.title, was.language) == (shown.title, shown.language):
            self._catalog.set_edits(document, after, source)
        else:  # passages are found by their title too, and cut and stemmed by their language
            self._catalog.rewrite(document, *self._encoded(shown), after, source)

    def _encoded(self, document: Document) -> tuple[tuple[Passage, ...], Vectors]:
        """The passages of a document and their vectors, float32 of shape (passages, dimensions)."""
        passages = split(document, self.encoder.count_tokens, self.settings.passage_tokens)
        contexts = Contexts(document)
        texts = [contexts.text(passage.start, passage.end) for passage in passages]
        return passages, self.encoder.encode_passages(texts, [document.language] * len(texts))

    def edit(self, id_or_source: str, **changes: str | Sequence[str]) -> DocumentCard:
        """Change what a document is said to be: title, authors, publisher, published, language, type, doi, url.

        An edit stands above what the file says, also when the file changes; an empty value takes it back.
        Raises UnknownDocument, and BadEdit for a value that the field cannot take.
        """
        new = checked(changes)
        with self.writing():
            id = self.card(id_or_source).id
            edits = {**self._catalog.edits(id), **new}
            self._store_edits(id, {field: value for field, value in edits.items() if value})
            return self.card(id)

    def languages_beside(self, source: str) -> tuple[str, ...]:
        """The languages of the documents from the same folder, the commonest first: what a scan is likely in."""
        folder = source.rpartition("/")[0]
        return self._catalog.languages_under(f"{folder}/") if folder and "://" not in source else ()

    def has(self, source: str, document_id: str) -> bool:
        """Whether exactly these bytes from this source are here, so that reading them can be spared."""
        card = self._catalog.card_by_source(source)
        return card is not None and card.id == document_id and self._originals.path(card).is_file()

    def remove(self, id_or_source: str) -> DocumentCard:
        """Take a document out, with its passages, vectors and original. Raises UnknownDocument."""
        with self.writing():
            card = self.card(id_or_source)
            self._delete(card.id)
            return card

    def release(self, source: str) -> None:
        """Take one source out, and its document unless another source still holds it. Raises UnknownDocument."""
        with self.writing():
            card = self._catalog.card_by_source(source)
            if card is None:
                raise UnknownDocument(
                    Told(
                        "{folder} holds no document with the source {source}",
                        folder=LocalPath(self.folder),
                        source=source,
                    )
                )
            self._catalog.release(source)
            self._forget(card.id)

    def note_failure(self, source: str, error: str, reason: str) -> None:
        """Remember that the file at `source` was refused, until it is added, removed or gone."""
        with self.writing():
            self._catalog.note_failure(Failure(source, error, reason))

    def clear_failure(self, source: str) -> bool:
        """Forget it; whether there was one."""
        if not self._catalog.failures(source):
            return False
        with self.writing():
            return self._catalog.clear_failure(source)

    def _delete(self, document_id: str) -> None:
        self._catalog.delete(document_id)
        self._forget(document_id)

    def _forget(self, document_id: str) -> None:
        """Drop what is kept of a document outside the catalog, unless another source still holds it."""
        with self._searcher.lock:
            self._documents.pop(document_id, None)  # its source may be another now
        if self._catalog.card_by_id(document_id):
            return
        self._originals.forget(document_id)

    def _delete_stray_files(self) -> None:
        """Originals whose document was never acknowledged, or whose removal a crash cut short.

        Not so where the catalog is new, perhaps in place of a damaged one, or was once an old copy put back:
        the files of documents that it does not know may be all that is left of them. They stay for good,
        to be added again: python -m ingest add LIBRARY/files.
        """
        self._originals.forget_half_written()
        if self._catalog.revision and not self._catalog.get(_KEEP_STRAYS):
            self._originals.forget_all_but(self._catalog.cards())

    def _give_up_mirrors_ahead(self) -> None:
        """Mirrors that followed another catalog than the one here, and remember that there was another."""
        folders = [self.folder / name for name in ("dense", "lexical")]
        if any(is_ahead(folder, lambda: self._catalog.revision) for folder in folders):
            self._catalog.set(_KEEP_STRAYS, "yes")  # before the mirrors, the only sign of it, go
        for folder in folders:
            unseal_if_ahead(folder, lambda: self._catalog.revision)

    def _save_mirrors(self) -> None:
        with self._searcher.lock:
            self._searcher.catch_up()
            self._dense.save()

    # Reading

    def search(self, query: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """The `k` passages nearest to `query`, best first; fewer when the library holds fewer that match."""
        return self._searcher.search(query, k, filters)

    def references(self, query: str, k: int = 10, filters: Filters = Filters()) -> list[ReferenceHit]:
        """The `k` bibliography entries that hold most words of `query`, best first, with what cites them.

        Entries that hold no word of it are left out, so that there may be none.
        """
        with self._searcher.lock, self._catalog.snapshot():  # entries, documents and passages of one revision
            words = telling(search_words(query, self._catalog.languages()), query)
            hits = []
            for document_id, entry in self._catalog.entries(words, k, filters):
                document, card = self.document(document_id), self.card(document_id)
                passages = [passage for _, passage in self._catalog.passages_of(document_id)]
                reference = document.references[entry.position]
                text = document.text[reference.start : reference.end]
                mentions = mention_hits(document, passages, entry.position)
                hits.append(ReferenceHit(card, reference, text, entry.score, mentions))
            return hits

    def query_words(self, query: str) -> tuple[QueryWord, ...]:
        """The words of a query as this library indexed them, each with its rarity here."""
        return self._searcher.query_words(query)

    def missing_words(self, query: str) -> list[str]:
        """Words of the query, as typed, of which no passage of the library holds a form or a translation."""
        return self._searcher.missing_words(query)

    def spelled(self, query: str) -> Spelled:
        """The query as it is searched, and which words of it were taken for misspelt."""
        return self._searcher.spelled(query)

    def document(self, document_id: str) -> Document:
        """The whole document. Raises UnknownDocument."""
        document_id = self.card(document_id).id
        with self._searcher.lock:
            # The same bytes may have been read differently since, by another process; edits are read anew.
            version = self._catalog.version(document_id)
            kept, document = self._documents.pop(document_id, (None, None))
            if kept != version or document is None:
                document = self._catalog.as_read(document_id)
            if version is None or document is None:
                raise UnknownDocument(
                    Told(
                        "{folder} holds no document {document}",
                        folder=LocalPath(self.folder),
                        document=document_id,
                    )
                )
            self._documents[document_id] = version, document
            while len(self._documents) > self.settings.documents_in_memory:
                self._documents.popitem(last=False)
            return edited(document, self._catalog.edits(document_id))

    @property
    def is_new(self) -> bool:
        """Whether no document was ever added; one that was emptied is not new."""
        return self._catalog.revision == 0

    def documents(self, filters: Filters = Filters()) -> list[DocumentCard]:
        """The documents that pass the filters, by title."""
        return self._catalog.cards(filters)

    def sources(self) -> list[str]:
        """Every source of every document; equal files are one document with several sources."""
        return self._catalog.sources()

    def failures(self) -> list[Failure]:
        """The files that were refused since they were last added, by source."""
        return self._catalog.failures()

    def card(self, id_or_source: str) -> DocumentCard:
        """What a list shows of one document. Raises UnknownDocument."""
        card = self._catalog.card_by_id(id_or_source) or self._catalog.card_by_source(id_or_source)
        if card is None:
            raise UnknownDocument(
                Told(
                    "{folder} holds no document with the id or source {name}",
                    folder=LocalPath(self.folder),
                    name=id_or_source,
                )
            )
        return card

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """A document's passages in reading order. Raises UnknownDocument."""
        card = self.card(document_id)
        return tuple(passage for _, passage in self._catalog.passages_of(card.id))

    def original(self, document_id: str) -> Path:
        """The stored copy of the file that the document was read from. Raises UnknownDocument."""
        return self._originals.path(self.card(document_id))

    def notes(self, document_id: str) -> tuple[Note, ...]:
        """What is known of how well a document could be read. Raises UnknownDocument."""
        return self._catalog.notes(self.card(document_id).id)

    def all_notes(self) -> dict[str, tuple[Note, ...]]:
        """The notes of every document that has some, by its id."""
        notes: dict[str, list[Note]] = {}
        for id, note in self._catalog.all_notes():
            notes.setdefault(id, []).append(note)
        return {id: tuple(several) for id, several in notes.items()}

    def near_duplicates(self, document_id: str) -> list[NearDuplicate]:
        """The documents that share much of the text of this one, nearest first. Raises UnknownDocument."""
        return self._catalog.near_duplicates(self.card(document_id).id)

    def verify(self) -> Health:
        """Compare the mirrors, the originals and the model with the catalog, and judge its documents."""
        with self._searcher.lock:
            self._searcher.catch_up()
            with self._catalog.snapshot():
                observed = observe(self._catalog)
                moved_on = self._dense.revision != self._catalog.revision  # another process is writing
            if moved_on:
                return self.verify()
            dense_keys, lexical_count = set(self._dense.keys().tolist()), self._lexical.count()
        damaged = self.encoder.model.damaged_files()
        return assess(observed, dense_keys, lexical_count, self._originals.path, damaged)

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
                f"python -m ingest add {self._originals.folder} --library NEW --model {model.name}"
            )

"""The lexical mirror: a tantivy index of the terms that `analysis` finds, ranked by BM25.

The terms are made here, from the catalog's text; tantivy only splits at white space. Several
processes may read and catch up the same folder: a lock lets one of them write at a time.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy
from filelock import FileLock

from index.analysis import terms
from index.catalog import Catalog
from index.mirror import Manifest, read_manifest, seal
from index.query import SearchWord
from ingest.context import Contexts

_FORMAT = "tantivy-terms-1"
_TOKENIZER = "terms"
_HEAP_BYTES = 64 * 1024 * 1024


class LexicalMirror:
    """Passage key → terms, following the catalog."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = FileLock(folder.with_name(folder.name + ".lock"), thread_local=False)
        self._schema = _schema()
        self._index: tantivy.Index | None = None
        self.revision = -1  # of the catalog, as this mirror shows it

    def catch_up(self, catalog: Catalog) -> None:
        """Add and remove documents until the mirror shows the catalog."""
        if self.revision == catalog.revision:
            return
        with self._lock:
            manifest = read_manifest(self._folder, _FORMAT)
            if manifest is None:
                manifest = self._start_anew()
            index = tantivy.Index(self._schema, path=str(self._folder))
            index.register_tokenizer(_TOKENIZER, _analyzer())
            with catalog.snapshot():
                revision, wanted = catalog.revision, catalog.document_keys()
            if manifest.revision != revision:
                self._write(index, catalog, set(manifest.documents), set(wanted))
                seal(self._folder, Manifest(_FORMAT, revision, tuple(wanted)))
                index.reload()
            self._index, self.revision = index, revision

    def _start_anew(self) -> Manifest:
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir()
        return Manifest(_FORMAT, -1, ())

    def _write(self, index: tantivy.Index, catalog: Catalog, held: set[int], wanted: set[int]) -> None:
        writer = index.writer(_HEAP_BYTES, num_threads=1)
        # A crash between tantivy's commit and our manifest leaves documents the manifest does not
        # know of; deleting before adding makes the step safe to repeat.
        for document_key in held ^ wanted:
            writer.delete_documents_by_term("document", document_key)
        for document_key in sorted(wanted - held):
            document_id = catalog.document_id(document_key)
            document = catalog.document(document_id) if document_id else None
            if document is None:
                continue  # removed a moment ago; the revision has moved on and we come back
            contexts = Contexts(document)
            for passage_key, passage in catalog.passages_of(document.id):
                text = contexts.text(passage.start, passage.end)
                entry = tantivy.Document()
                entry.add_integer("passage", passage_key)
                entry.add_integer("document", document_key)
                entry.add_text("terms", " ".join(terms(text, document.language)))
                writer.add_document(entry)
        writer.commit()
        writer.wait_merging_threads()

    def search(
        self, words: Sequence[SearchWord], k: int, document_keys: Sequence[int] | None = None
    ) -> dict[int, float]:
        """Passage key → BM25 of the `k` best, best first; `document_keys` restricts to these documents.

        Of a word's alternative terms the best one counts.
        """
        if self._index is None or not words or document_keys == []:
            return {}
        clauses = [(tantivy.Occur.Should, self._any_of(word)) for word in words]
        lookup = tantivy.Query.boolean_query(clauses)
        if document_keys is not None:
            allowed = tantivy.Query.term_set_query(self._schema, "document", list(document_keys))
            lookup = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Must, lookup),
                    (tantivy.Occur.Must, tantivy.Query.const_score_query(allowed, 0.0)),
                ]
            )
        searcher = self._index.searcher()
        found = searcher.search(lookup, limit=k, count=False).hits
        return {searcher.doc(address)["passage"][0]: score for score, address in found}

    def _any_of(self, word: SearchWord) -> tantivy.Query:
        queries = [self._term(term) for term in word.terms]
        queries += [tantivy.Query.boost_query(self._term(term), word.weight) for term in word.translations]
        return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(queries)

    def _term(self, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, "terms", term, "freq")

    def holds(self, word: Iterable[str]) -> bool:
        """Whether any passage holds a word, given by its alternative terms."""
        if self._index is None:
            return False
        searcher = self._index.searcher()
        # Searched for: tantivy's document frequency counts what was removed until segments are merged.
        return any(searcher.search(self._term(term), limit=1).hits for term in word)

    def rarity(self, word: Iterable[str]) -> float:
        """Inverse document frequency of a word, as BM25 has it, over passages; of its most frequent term."""
        if self._index is None:
            return 0.0
        searcher = self._index.searcher()
        frequency = min(
            max((searcher.doc_freq("terms", term) for term in word), default=0), searcher.num_docs
        )
        return math.log(1 + (searcher.num_docs - frequency + 0.5) / (frequency + 0.5))

    def count(self) -> int:
        """Passages within."""
        return int(self._index.searcher().num_docs) if self._index else 0


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage", stored=True)
    builder.add_integer_field("document", indexed=True)
    builder.add_text_field("terms", tokenizer_name=_TOKENIZER, index_option="freq")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()

"""The lexical mirror: a tantivy index of the terms that `analysis` finds, ranked by BM25.

The terms are made here, from the catalog's text; tantivy only splits at white space. Several
processes may read and catch up the same folder: a lock lets one of them write at a time. Beside the
terms it holds the words as they are spelt, the names by their sound, and the acronyms with what they
stand for.
"""

from __future__ import annotations

import math
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import tantivy
from filelock import FileLock

from index.acronyms import acronym_entries
from index.analysis import Slot, spelt_words, terms
from index.catalog import Catalog
from index.mirror import Manifest, read_manifest, seal
from index.names import names
from index.search_word import SearchWord
from ingest.context import Contexts

_FORMAT = "tantivy-terms-2"
_TOKENIZER = "terms"
NAME_WEIGHT = 0.8  # of a name in another spelling, beside the one that was asked for
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
                entry.add_text("words", " ".join(spelt_words(text)))
                entry.add_text("names", " ".join({name.entry for name in names(text, document.language)}))
                entry.add_text("acronyms", " ".join(acronym_entries(text, document.language)))
                writer.add_document(entry)
        writer.commit()
        writer.wait_merging_threads()

    def search(
        self,
        words: Sequence[SearchWord],
        k: int,
        document_keys: Sequence[int] | None = None,
        needed: Sequence[Slot] = (),
    ) -> dict[int, float]:
        """Passage key → BM25 of the `k` best, best first; `document_keys` restricts to these documents.

        Of a word's alternative terms the best one counts. Of each of the `needed` a passage must hold one.
        """
        if self._index is None or not (words or needed) or document_keys == []:
            return {}
        clauses = [(tantivy.Occur.Should, self._any_of(word)) for word in words]
        lookup = tantivy.Query.boolean_query(clauses)
        if needed:
            lookup = tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Should, lookup),
                    *(
                        (tantivy.Occur.Must, tantivy.Query.const_score_query(self._one_of(slot), 0.0))
                        for slot in needed
                    ),
                ]
            )
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
        queries += [
            tantivy.Query.boost_query(self._term(term), NAME_WEIGHT * word.name_weight) for term in word.names
        ]
        queries += [
            tantivy.Query.boost_query(self._all_of(phrase), word.weight / len(phrase))
            for phrase in word.phrases
        ]
        return queries[0] if len(queries) == 1 else tantivy.Query.disjunction_max_query(queries)

    def _one_of(self, slot: Slot) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, self._term(term)) for term in slot])

    def _all_of(self, phrase: Sequence[str]) -> tantivy.Query:
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, self._term(term)) for term in phrase])

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

    def vocabulary(self) -> list[tuple[str, int]]:
        """Every word as it is spelt, in small letters, with how many passages hold it."""
        return self._index.searcher().terms_with_prefix("words", "") if self._index else []

    def starting(self, field: Literal["words", "names", "acronyms"], start: str) -> list[str]:
        """What a field holds that begins with `start`, the most frequent first."""
        if self._index is None:
            return []
        return [entry for entry, _ in self._index.searcher().terms_with_prefix(field, start)]

    def count(self) -> int:
        """Passages within."""
        return int(self._index.searcher().num_docs) if self._index else 0


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("passage", stored=True)
    builder.add_integer_field("document", indexed=True)
    builder.add_text_field("terms", tokenizer_name=_TOKENIZER, index_option="freq")
    for field in ("words", "names", "acronyms"):
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option="basic")
    return builder.build()


def _analyzer() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()

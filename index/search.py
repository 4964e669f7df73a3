"""Searching a library: vectors and terms put passages forward, fused they become Hits.

In: a query. Out: the nearest passages, best first, and what the library knows of the query's words.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from index import fusion
from index.analysis import phrase_terms, term_spans, terms
from index.catalog import Catalog
from index.dense import DenseMirror
from index.encoder import Encoder
from index.hit import Filters, Hit, QueryWord, coverage
from index.idle_words import content_words
from index.language_offsets import unit
from index.lexical import LexicalMirror
from index.query import SearchWord, search_words, telling
from index.query_language import query_language
from index.quotes import folded, holds_folded, quoted
from index.speller import Speller
from index.spelling import Spelled
from ingest.document import Passage, Span


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How passages are found."""

    candidates: int = 100  # passages that each mirror puts forward before they are fused
    exact_candidates: int = 1000  # passages whose text is read for what stands in quotation marks
    dense_weight: float = 0.55  # share of the dense score; .4 to .7 make little difference


class Searcher:
    """Searches one library through its mirrors, which it keeps up with the catalog. Safe to use from threads."""

    def __init__(
        self,
        catalog: Catalog,
        dense: DenseMirror,
        lexical: LexicalMirror,
        encoder: Encoder,
        settings: SearchSettings,
    ) -> None:
        self._catalog, self._dense, self._lexical = catalog, dense, lexical
        self._encoder, self._settings = encoder, settings
        self._speller = Speller(lexical, encoder)
        self.lock = threading.RLock()  # held while the mirrors are read or brought up to date

    def search(self, query: str, k: int = 10, filters: Filters = Filters()) -> list[Hit]:
        """The `k` passages nearest to `query`, best first; fewer when the library holds fewer that match.

        A misspelt word is searched for as `spelled` corrects it. What the query has in quotation marks
        each passage holds, word for word.
        """
        with self.lock:
            self.catch_up()
            typed, query = query, self.spelled(query).searched
            # Half as typed, half as corrected: a word that is only rare must not be lost to its correction.
            forms = list(dict.fromkeys((typed, query)))
            vector = unit(
                self._encoder.encode_queries(forms, list(map(query_language, forms))).mean(
                    axis=0, keepdims=True
                )
            )[0]
            phrases = quoted(query)
            document_keys = self._catalog.document_keys(filters) if filters else None
            ranges = None if document_keys is None else self._catalog.passage_ranges(document_keys)
            searched = self._search_words(query)
            words = self._with_rarity(searched)
            told = telling(searched, query)
            limit = max(k, self._settings.candidates)
            if phrases:
                lexical = self._holding(phrases, told, document_keys)
                dense = self._dense.scores(vector, list(lexical))
            else:
                dense = self._dense.search(vector, limit, ranges)
                lexical = self._lexical.search(told, limit, document_keys)
                # A passage found by its terms alone gets its true cosine, not a zero.
                dense |= self._dense.scores(vector, [key for key in lexical if key not in dense])
            fused = fusion.fuse(
                dense,
                lexical,
                _whole(told, dict(zip(searched, words, strict=True))),
                self._settings.dense_weight,
            )
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

    def _holding(
        self, phrases: Sequence[str], words: Sequence[SearchWord], document_keys: Sequence[int] | None
    ) -> dict[int, float]:
        """Passage key → BM25 of passages that hold every phrase word for word."""
        languages = self._catalog.languages()
        needed = [slot for phrase in phrases for slot in phrase_terms(phrase, languages)]
        able = self._lexical.search(words, self._settings.exact_candidates, document_keys, needed)
        texts = {key: folded(text) for key, (_, text, _) in self._catalog.passages(list(able)).items()}
        return {
            key: score
            for key, score in able.items()
            if key in texts and all(holds_folded(texts[key], phrase) for phrase in phrases)
        }

    def _search_words(self, query: str) -> list[SearchWord]:
        return search_words(query, self._catalog.languages(), self._lexical)

    def query_words(self, query: str) -> tuple[QueryWord, ...]:
        """The words of a query as this library indexed them, misspelt ones corrected, each with its rarity here."""
        with self.lock:
            self.catch_up()
            return self._with_rarity(self._search_words(self.spelled(query).searched))

    def _with_rarity(self, words: Sequence[SearchWord]) -> tuple[QueryWord, ...]:
        alternatives = [(*word.terms, *word.translations, *word.names) for word in words]
        return tuple(
            QueryWord(terms, self._rarity(terms, word.phrases), word.only_in, word.phrases)
            for word, terms in zip(words, alternatives, strict=True)
        )

    def _rarity(self, terms: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> float:
        """Of a word under the commonest of its forms; a phrase is at least as rare as its rarest term."""
        of_phrases = [max(self._lexical.rarity((term,)) for term in phrase) for phrase in phrases]
        return min([self._lexical.rarity(terms), *of_phrases])

    def missing_words(self, query: str) -> list[str]:
        """What no passage of the library holds: content words in no form or translation, and quotations.

        A misspelt word that was corrected is not missing.
        """
        with self.lock:
            self.catch_up()
            searched = self.spelled(query).searched
            words = self._search_words(searched)
            quotations = [
                f"“{phrase}”" for phrase in quoted(searched) if not self._holding([phrase], words, None)
            ]
        missing = {
            term
            for word in words
            if not word.only_in
            and not word.phrases
            and not self._lexical.holds((*word.terms, *word.translations, *word.names))
            for term in word.terms
        }
        language = query_language(searched)
        named = (
            word for word in content_words(query, language) if not missing.isdisjoint(terms(word, language))
        )
        return list(dict.fromkeys((*quotations, *named)))

    def spelled(self, query: str) -> Spelled:
        """The query with the words that no passage holds replaced by the nearest that one does.

        Quotations, numbers, names that the library spells otherwise and words that are right, only not
        held, stay as they are.
        """
        with self.lock:
            self.catch_up()
            return self._speller.spelled(query, self._catalog.languages())

    def catch_up(self) -> None:
        """Bring the mirrors to the catalog's revision."""
        self._dense.catch_up(self._catalog)
        self._lexical.catch_up(self._catalog)
        while self._dense.revision != self._lexical.revision:  # another process wrote in between
            self._dense.catch_up(self._catalog)
            self._lexical.catch_up(self._catalog)


def _whole(words: Sequence[SearchWord], weighed: Mapping[SearchWord, QueryWord]) -> float:
    """BM25 of a passage of mean length that holds each of the words once: the sum of their rarities.

    What only one language can hold is left out: of a Korean word its first pair counts for all of them.
    """
    return sum(word.weight * weighed[word].rarity for word in words if not word.only_in)


def _matches(
    passage: Passage, text: str, language: str, words: Sequence[QueryWord]
) -> tuple[tuple[Span, ...], float]:
    """Where the passage holds words of the query, and the share of the query that these make up."""
    placed = list(term_spans(text, language))
    held = {term for term, _, _ in placed}
    wanted = {term for word in words for term in word.terms}
    wanted.update(term for word in words for phrase in word.phrases if held >= set(phrase) for term in phrase)
    spans = sorted({(start, end) for term, start, end in placed if term in wanted})
    highlights = tuple(Span(passage.start + start, passage.start + end) for start, end in spans)
    return highlights, coverage(words, held, language)

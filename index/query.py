"""A query in, the words it is searched by out: terms per word, its translations and spellings, where it counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.acronyms import is_acronym
from index.analysis import is_pair, plain_word, query_terms
from index.glossary import translations
from index.letters import FUNCTION_WORDS
from index.query_language import query_language
from index.search_word import Known, SearchWord
from index.variants import with_acronyms, with_adjectives, with_forms, with_names

__all__ = ["SearchWord", "search_words", "telling"]


def search_words(query: str, languages: Collection[str], known: Known | None = None) -> list[SearchWord]:
    """The words of a query, for a library that holds `languages` and, if given, what is `known` of it."""
    asked_in = query_language(query)
    little = FUNCTION_WORDS.get(asked_in, frozenset())
    slots = query_terms(query, asked_in, languages, known.holds if known else None)
    translated = translations(slots, asked_in, languages)
    words, pairs = [], 0
    for slot, (single, phrases) in zip(slots, translated, strict=True):
        marked = slot[0].startswith("^")
        if not little.isdisjoint(slot):
            only_in = asked_in
        elif is_pair(slot):
            only_in = "ko"
        else:
            only_in = ""
        words.append(SearchWord(slot, single, 1 + pairs * marked, only_in, phrases=phrases))
        pairs = 0 if marked else pairs + 1
    if known:
        if asked_in == "ru":
            words = with_adjectives(words, known)
        words = with_forms(words, asked_in, known)
        words = with_names(with_acronyms(words, query, asked_in, known), query, asked_in, known, little)
    return words


def telling(words: Sequence[SearchWord], query: str) -> Sequence[SearchWord]:
    """The words of a query without prepositions and their like, unless it holds nothing else; "IT" is none."""
    shouted = (
        {plain_word(typed) for typed in query.split() if is_acronym(typed)}
        if query != query.upper()
        else set()
    )
    little = FUNCTION_WORDS.get(query_language(query), frozenset()) - shouted
    return [word for word in words if little.isdisjoint(word.terms)] or words

"""A query in, the words it is searched by out: terms per word, its translations and spellings, where it counts."""

from __future__ import annotations

from collections.abc import Collection

from index.analysis import is_pair, query_terms
from index.glossary import translations
from index.search_word import Known, SearchWord
from index.variants import with_acronyms, with_names
from ingest.language import detect

__all__ = ["SearchWord", "search_words", "telling_words"]

# Prepositions, articles, auxiliaries, as `analysis` folds them. They say nothing of what is asked, and in
# a library where their language is rare BM25 would take them for rare words.
FUNCTION_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a an the of in on at by for to from with and or as is are was were be been being has have had "
        "its it their this that these those there between into about",
        "ru": "в во на у к ко с со о об от до из за по при для и или а но же не был была было были есть это "
        "этот эта эти между его ее их под над так",
        "uz": "va bilan uchun ham edi bolgan boyicha bu shu u ular ortasida ortasidagi dan ga da",
        "kk": "және мен бен пен үшін бойынша болды еді бұл ол осы арасында арасындағы туралы",
        "ky": "жана менен үчүн боюнча болгон эле бул ал ушул ортосунда ортосундагы жөнүндө",
        "tg": "ва дар ба аз бо барои ки буд аст шуд ин он байни оид",
        "tk": "we bilen ucin boyunca boldy bu ol sol arasynda arasyndaky barada",
    }.items()
}


def search_words(query: str, languages: Collection[str], known: Known | None = None) -> list[SearchWord]:
    """The words of a query, for a library that holds `languages` and, if given, what is `known` of it."""
    asked_in = detect(query)
    little = FUNCTION_WORDS.get(asked_in, frozenset())
    slots = query_terms(query, languages, known.holds if known else None)
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
        words = with_names(with_acronyms(words, query, asked_in, known), query, asked_in, known, little)
    return words


def telling_words(query: str, languages: Collection[str]) -> list[SearchWord]:
    """The words of a query without prepositions and their like, unless it holds nothing else."""
    little = FUNCTION_WORDS.get(detect(query), frozenset())
    words = search_words(query, languages)
    return [word for word in words if little.isdisjoint(word.terms)] or words

"""A question in, the language it is asked in out.

Of a sentence `ingest.language.detect` is sure; of a few words it is not: it takes "trade with Uzbekistan" for Uzbek.
There the vocabulary of the desk decides: the language of the region that knows more of the words, and more than a
third of them. Only of Latin letters: in Cyrillic and Hangul the detector is surer than a few stems are.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from index.analysis import SHORT_QUERY, plain_word, terms
from index.glossary import words_of
from index.letters import FUNCTION_WORDS, QUESTION_WORDS
from ingest.language import detect

_LATIN = str.maketrans("", "", "’ʻʼ‘ñöüäçşžňýğıİŞÇÖÜÄŽŇÝĞ")  # of Uzbek and Turkmen, besides ASCII
_WORD = re.compile(r"[^\W\d_]+(?:['’ʻʼ`‘-][^\W\d_]+)*")


@lru_cache(maxsize=1024)
def query_language(query: str) -> str:
    """An ISO 639-1 code, "" for a query without letters."""
    detected = detect(query)
    words = _WORD.findall(query)
    if not words or len(words) > SHORT_QUERY or not all(map(str.isascii, query.translate(_LATIN))):
        return detected
    known = {language: sum(_knows(language, word) for word in words) for language in QUESTION_WORDS}
    best = max(known, key=lambda language: (known[language], language == detected))
    return best if known[best] > max(known.get(detected, 0), len(words) / 3) else detected


def _knows(language: str, word: str) -> bool:
    """Whether a word is of the glossary, or without a capital asks or does a little word's work, in a language."""
    plain = plain_word(word) if word.islower() else ""
    if plain in QUESTION_WORDS[language] or plain in FUNCTION_WORDS.get(language, frozenset()):
        return True
    return not _vocabulary(language).isdisjoint(terms(word, language))


@cache
def _vocabulary(language: str) -> frozenset[str]:
    return frozenset(term for word in words_of(language) for term in terms(word, language))

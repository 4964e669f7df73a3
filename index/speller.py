"""A query in, the query as this library can be searched out: misspelt words replaced by what it holds."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import cache

import simplemma
from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES

from index.analysis import HANGUL_WORD, SNOWBALL, asks, plain_word, stem_term, terms, whole_term, word_spans
from index.encoder import Encoder
from index.glossary import translations, words_of
from index.korean import bare_forms, is_verb
from index.letters import CYRILLIC, FUNCTION_WORDS
from index.lexical import LexicalMirror
from index.query import search_words
from index.query_language import query_language
from index.quotes import quoted_spans
from index.spelling import Spelled, Vocabulary, correct, other_layout, slips

_REMEMBERED = 64  # queries
# Tokens of the encoder from which a word is taken to be misspelt by two letters, or by its first: "поставщик",
# of fewer, is a word of its own and no "поставок".
_PARTS = 3
NAME_TWO_SLIPS = 10  # letters of a word with a capital from which two slips are forgiven: Slovakia, Slovenia


class Speller:
    """Corrects by the words of the lexical mirror, and by those of the glossary that have a translation there."""

    def __init__(self, lexical: LexicalMirror, encoder: Encoder) -> None:
        self._lexical, self._encoder = lexical, encoder
        self._vocabulary: Vocabulary | None = None  # made when first it is needed
        self._memory: dict[
            str, Spelled
        ] = {}  # one question is asked for its hits, its words, what is missing
        self._revision = -1  # of both

    def spelled(self, query: str, languages: Collection[str]) -> Spelled:
        """The query with the words that no passage holds replaced by the nearest that one does."""
        self._catch_up()
        if query not in self._memory:
            if len(self._memory) >= _REMEMBERED:
                self._memory.clear()
            self._memory[query] = self._correct(query, languages)
        return self._memory[query]

    def _correct(self, query: str, languages: Collection[str]) -> Spelled:
        if not self._lexical.count():
            return Spelled(query, query)
        asked_in = query_language(query)
        quotations = quoted_spans(query)
        doubtful = [
            (start, end)
            for start, end in word_spans(query)
            if not any(a <= start < b for a, b in quotations)
            and self._is_unknown(query[start:end], asked_in, languages)
        ]
        if doubtful:
            named = self._named(query, languages)
            doubtful = [(a, b) for a, b in doubtful if plain_word(query[a:b]) not in named]
        return correct(query, doubtful, self._nearest(asked_in, languages))

    def _is_unknown(self, word: str, asked_in: str, languages: Collection[str]) -> bool:
        """Whether no passage holds a word, and neither glossary nor encoder nor dictionary knows it."""
        if not slips(word) or asks(word, asked_in):
            return False
        if HANGUL_WORD.match(word):
            bare = bare_forms(word)[0]
            slot: tuple[str, ...] = ("^" + bare[:2],)
            if not slips(bare) or is_verb(word) or self._lexical.starting("words", bare):
                return False
        else:
            slot = tuple(dict.fromkeys((*terms(word, asked_in), plain_word(word))))
            if self._lexical.holds(slot) or not FUNCTION_WORDS.get(asked_in, frozenset()).isdisjoint(slot):
                return False
        (meanings,) = translations([slot], asked_in, languages)
        if any(meanings) and not HANGUL_WORD.match(word):
            return False
        # What the encoder has as one token is frequent in some language: it was meant as it stands.
        forms = {word, word.casefold(), word.capitalize()}
        if asked_in in SNOWBALL:  # "chairs" is two tokens, "chair" is one
            forms |= {stem_term(word, asked_in), word.removesuffix("s")}
        if 1 in self._encoder.count_tokens(sorted(forms)):
            return False
        # A few words may be taken for another language of their alphabet: "uzbekistan exports".
        likely = {asked_in, "ru" if CYRILLIC.search(word) else "en"}
        return not any(_in_dictionary(word, language) for language in likely)

    def _named(self, query: str, languages: Collection[str]) -> set[str]:
        """Words of the query that are names which the library has in another alphabet."""
        return {
            term
            for word in search_words(query, languages, self._lexical)
            for term in word.terms
            if any(bool(CYRILLIC.search(term)) != bool(CYRILLIC.search(name)) for name in word.names)
        }

    def _nearest(self, asked_in: str, languages: Collection[str]) -> Callable[[str], str]:
        if self._vocabulary is None:
            self._vocabulary = Vocabulary(self._lexical.vocabulary())
        vocabulary, glossary = self._vocabulary, _glossary_words(asked_in)

        def nearest(typed: str) -> str:
            other = other_layout(typed)
            if other != typed.casefold() and other in self._lexical.starting("words", other):
                return other
            word = bare_forms(typed)[0] if HANGUL_WORD.match(typed) else typed.casefold()
            allowed = self._allowed(typed, word, asked_in)
            held = [(near, each) for near, each in vocabulary.near(word) if self._is_held(each)]
            meant = [
                (near, each)
                for near, each in glossary.near(word)
                if self._has_meaning(each, asked_in, languages)
            ]
            # The first letter is seldom wrong: "preserve" is no "reserve".
            close = [found for found in held + meant if found[1][:1] == word[:1] or not self._is_whole(word)]
            best = min(close, key=lambda found: found[0], default=(allowed + 1, ""))
            return best[1] + typed[len(word) :] if 0 < best[0] <= allowed else ""

        return nearest

    def _allowed(self, typed: str, word: str, asked_in: str) -> int:
        """How many slips are forgiven: not two in a short name, nor where words differ by their endings alone."""
        if slips(word) < 2:
            return slips(word)
        name = typed[0].isupper() and len(word) < NAME_TWO_SLIPS
        rich = asked_in not in (*SNOWBALL, "ko")  # "ortmoqda" is no "bormoqda"
        return 1 if name or rich or self._is_whole(word) else 2

    def _is_whole(self, word: str) -> bool:
        return self._encoder.count_tokens([word])[0] < _PARTS

    def _is_held(self, word: str) -> bool:
        """Whether a word of the vocabulary is still held; documents that were removed leave theirs for a while."""
        if HANGUL_WORD.match(word):
            return all(self._lexical.holds([term]) for term in terms(word, "ko"))
        return self._lexical.holds({whole_term(word, language) for language in ("", "uz", "tk")})

    def _has_meaning(self, word: str, asked_in: str, languages: Collection[str]) -> bool:
        ((single, phrases),) = translations([tuple(terms(word, asked_in))], asked_in, languages)
        return self._lexical.holds(single) or any(
            all(self._lexical.holds([term]) for term in phrase) for phrase in phrases
        )

    def _catch_up(self) -> None:
        if self._revision != self._lexical.revision:
            self._vocabulary = None
            self._memory.clear()
            self._revision = self._lexical.revision


def _in_dictionary(word: str, language: str) -> bool:
    """Of the library's languages simplemma knows English and Russian; a dictionary takes 25 MB, loaded at need."""
    return language in SUPPORTED_LANGUAGES and simplemma.is_known(word, language, low_memory=True)


@cache
def _glossary_words(language: str) -> Vocabulary:
    return Vocabulary([(word.casefold(), 0) for word in words_of(language)])

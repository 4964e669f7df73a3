"""What every Library must do, whatever engine answers: a suite to inherit.

A subclass gives a fixture `library`, new and empty, whose encoder is `WordEncoder`. Nothing here knows
of files, mirrors or processes; that is the business of the implementation's own tests.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from math import log
from random import Random

import numpy as np
import pytest

from index import fusion
from index.analysis import terms
from index.errors import UnknownDocument
from index.hit import Filters, Hit
from index.library import Library
from index.query import search_words, telling
from ingest.context import contextual_text
from ingest.document import Document
from tests.index.synthetic import bytes_of, document

FORUM = document("The cooperation forum began in 2007.", "/papers/forum.md", title="Forum")
COAL = document("Kazakhstan holds 33.6 billion tons of coal.", "/papers/coal.md", title="Energy")
ROADS = document("The road to Osh crosses two passes.", "/papers/roads.md", title="Roads")

# Six documents for the filters: language, type, date.
DATED = [
    document("signal alpha", "/d/1", language="en", type="report", published="2012"),
    document("signal beta", "/d/2", language="en", type="law", published="2012-10-17"),
    document("сигнал signal", "/d/3", language="ru", type="report", published="2013-05"),
    document("signal delta", "/d/4", language="en", type="article", published="2014-01-01"),
    document("signal epsilon", "/d/5", language="uz", type="report", published=""),
    document("signal zeta", "/d/6", language="en", type="", published="2011-12-31"),
]


def fill(library: Library, documents: list[Document]) -> None:
    with library.writing():
        for each in documents:
            library.add(each, bytes_of(each))


def found(hits: list[Hit]) -> list[str]:
    return [hit.document.source for hit in hits]


def made_up(count: int, seed: int = 7) -> list[Document]:
    """Documents of 3 to 14 words each, from a small vocabulary, so that many share words."""
    random = Random(seed)
    vocabulary = [f"{a}{b}" for a in ("trade", "rail", "gas", "wheat") for b in ("er", "line", "ful", "mark")]
    documents = []
    for number in range(count):
        words = [*random.choices(vocabulary, k=random.randint(3, 14)), f"unique{number}"]
        documents.append(document(" ".join(words), f"/made/{number}.txt", title=f"Number {number}"))
    return documents


class LibraryContract:
    """Inherit, and give a fixture `library`."""

    # Adding and removing

    def test_add_makes_findable(self, library: Library) -> None:
        assert library.add(FORUM, bytes_of(FORUM)) == "added"
        (hit,) = library.search("forum")
        assert hit.document.id == FORUM.id == hit.passage.document_id
        assert hit.text == FORUM.text == FORUM.text[hit.passage.start : hit.passage.end]
        assert [FORUM.text[span.start : span.end] for span in hit.highlights] == ["forum"]
        assert library.document(FORUM.id) == FORUM
        assert library.original(FORUM.id).read_bytes() == bytes_of(FORUM)
        assert library.verify().ok

    def test_adding_again_changes_nothing(self, library: Library) -> None:
        fill(library, [FORUM, COAL])
        before = library.documents()
        assert library.add(FORUM, bytes_of(FORUM)) == "unchanged"
        assert library.documents() == before
        assert found(library.search("forum", k=1)) == [FORUM.source]

    def test_the_same_source_with_other_bytes_replaces(self, library: Library) -> None:
        fill(library, [FORUM, COAL])
        newer = document("The council began in 2009.", FORUM.source, title="Council")
        assert library.add(newer, bytes_of(newer)) == "replaced"
        assert {card.id for card in library.documents()} == {newer.id, COAL.id}
        assert all(hit.lexical == 0 for hit in library.search("forum"))
        assert found(library.search("council", k=1)) == [FORUM.source]
        for gone in (library.document, library.passages, library.original):
            with pytest.raises(UnknownDocument):
                gone(FORUM.id)
        assert library.verify().ok

    def test_the_same_bytes_from_another_source_are_one_document(self, library: Library) -> None:
        fill(library, [FORUM])
        twin = replace(FORUM, source="/elsewhere/forum.md")
        assert library.add(twin, bytes_of(FORUM)) == "unchanged"
        assert [card.source for card in library.documents()] == [FORUM.source]

    def test_a_source_that_takes_the_bytes_of_another_leaves_its_old_document(self, library: Library) -> None:
        fill(library, [FORUM, COAL])
        twin = replace(FORUM, source=COAL.source)
        assert library.add(twin, bytes_of(FORUM)) == "replaced"
        assert [card.id for card in library.documents()] == [FORUM.id]
        assert library.verify().ok

    def test_a_source_that_changes_leaves_the_document_to_the_other_source_that_holds_it(
        self, library: Library
    ) -> None:
        fill(library, [FORUM])
        twin = replace(FORUM, source="/elsewhere/forum.md")
        library.add(twin, bytes_of(FORUM))
        newer = document("The council began in 2009.", FORUM.source, title="Council")

        assert library.add(newer, bytes_of(newer)) == "replaced"
        assert {card.id: card.source for card in library.documents()} == {
            FORUM.id: twin.source,
            newer.id: FORUM.source,
        }
        assert library.original(FORUM.id).read_bytes() == bytes_of(FORUM)
        assert library.remove(twin.source).id == FORUM.id
        assert [card.id for card in library.documents()] == [newer.id]
        assert library.verify().ok

    def test_an_original_that_is_not_the_document_s_is_refused(self, library: Library) -> None:
        with pytest.raises(ValueError, match=r"forum\.md"):
            library.add(FORUM, b"something else")
        assert library.documents() == []

    def test_a_released_source_takes_its_document_only_when_no_other_holds_it(self, library: Library) -> None:
        fill(library, [FORUM, COAL])
        twin = replace(FORUM, source="/elsewhere/forum.md")
        library.add(twin, bytes_of(FORUM))
        assert sorted(library.sources()) == sorted([FORUM.source, COAL.source, twin.source])
        assert library.document(FORUM.id).source == FORUM.source
        library.release(FORUM.source)
        assert library.document(FORUM.id).source == library.card(FORUM.id).source == twin.source
        assert found(library.search("forum", k=1)) == [twin.source]
        original = library.original(FORUM.id)
        library.release(twin.source)
        assert library.sources() == [COAL.source]
        assert not original.exists()
        assert all(hit.lexical == 0 for hit in library.search("forum"))
        with pytest.raises(UnknownDocument):
            library.release(twin.source)
        assert library.verify().ok

    def test_a_failure_is_remembered_until_its_source_is_added_or_removed(self, library: Library) -> None:
        fill(library, [FORUM])
        for source in (FORUM.source, COAL.source, "/other.pdf"):
            library.note_failure(source, "EmptyFile", "the file is empty.")
        library.note_failure(COAL.source, "DamagedFile", "it is cut short.")
        assert [(each.source, each.error) for each in library.failures()] == sorted(
            [(FORUM.source, "EmptyFile"), (COAL.source, "DamagedFile"), ("/other.pdf", "EmptyFile")]
        )
        fill(library, [COAL])
        library.remove(FORUM.id)
        assert [each.source for each in library.failures()] == ["/other.pdf"]
        assert library.clear_failure("/other.pdf") and not library.clear_failure("/other.pdf")
        assert library.failures() == []

    @pytest.mark.parametrize("name", [FORUM.id, FORUM.source])
    def test_remove_by_id_and_by_source(self, library: Library, name: str) -> None:
        fill(library, [FORUM, COAL])
        original = library.original(FORUM.id)
        assert library.remove(name).id == FORUM.id
        assert [card.id for card in library.documents()] == [COAL.id]
        assert found(library.search("cooperation forum", k=10)) == [COAL.source]
        assert library.missing_words("forum") == ["forum"]
        assert not original.exists()
        assert library.verify().ok

    def test_a_removed_document_can_come_back(self, library: Library) -> None:
        fill(library, [FORUM, COAL])
        library.remove(FORUM.id)
        assert library.add(FORUM, bytes_of(FORUM)) == "added"
        assert found(library.search("forum", k=1)) == [FORUM.source]

    @pytest.mark.parametrize("name", ["", "nothing", "/papers", "0" * 32, "'; DROP TABLE documents; --"])
    def test_an_unknown_document_is_named(self, library: Library, name: str) -> None:
        fill(library, [FORUM])
        for action in (library.remove, library.document, library.passages, library.original):
            with pytest.raises(UnknownDocument, match="holds no document"):
                action(name)
        assert library.verify().documents == 1

    # Reading

    def test_an_empty_library(self, library: Library) -> None:
        assert library.search("forum") == []
        assert library.search("forum", filters=Filters(languages=("en",))) == []
        assert library.documents() == []
        assert library.missing_words("forum") == ["forum"]
        health = library.verify()
        assert (health.documents, health.passages, health.problems) == (0, 0, ())

    def test_emptied_is_as_good_as_empty(self, library: Library) -> None:
        fill(library, [FORUM])
        library.remove(FORUM.id)
        assert library.search("forum") == []
        assert library.verify().passages == 0

    def test_no_word_in_common_still_gives_the_nearest(self, library: Library) -> None:
        fill(library, [FORUM, COAL])
        hits = library.search("волейбол")
        assert len(hits) == 2
        assert all((hit.lexical, hit.coverage, hit.highlights) == (0.0, 0.0, ()) for hit in hits)
        assert hits[0].dense >= hits[1].dense

    @pytest.mark.parametrize(
        "query", ["", "   ", "?!", "\n", "🙂", "AND OR NOT (", "terms:forum*", '"', "w " * 3000]
    )
    def test_any_text_is_a_query(self, library: Library, query: str) -> None:
        fill(library, [FORUM, COAL])
        assert len(library.search(query)) == 2

    def test_k_limits_and_may_exceed_what_is_there(self, library: Library) -> None:
        fill(library, [FORUM, COAL, ROADS])
        assert len(library.search("the forum", k=2)) == 2
        assert len(library.search("the forum", k=1000)) == 3
        assert found(library.search("the forum", k=2)) == found(library.search("the forum", k=3))[:2]

    def test_documents_come_by_title_with_their_card(self, library: Library) -> None:
        fill(library, [ROADS, FORUM, COAL])
        cards = library.documents()
        assert [card.title for card in cards] == ["Energy", "Forum", "Roads"]
        card = cards[0]
        assert (card.id, card.source, card.format, card.language) == (COAL.id, COAL.source, "text", "en")
        assert (card.pages, card.passages, card.characters) == (1, 1, len(COAL.text))

    def test_passages_are_slices_in_order_and_hold_all_words(self, library: Library) -> None:
        text = " ".join(
            f"Sentence {number} says that wheat costs {number * 7} dollars." for number in range(120)
        )
        long = document(text, "/long.txt")
        fill(library, [FORUM, long])
        passages = library.passages(long.id)
        assert len(passages) > 3
        assert all(one.end <= two.start for one, two in pairwise(passages))
        assert " ".join(text[passage.start : passage.end] for passage in passages) == text
        assert library.verify().passages == len(passages) + 1
        best = library.search("wheat costs 497 dollars", k=1)[0]
        assert "497" in best.text == text[best.passage.start : best.passage.end]

    def test_offsets_count_characters_beyond_the_basic_plane(self, library: Library) -> None:
        clef = document("🙂🙂 𝄞 Ўзбекистон 한국 forum 2007.", "/clef.txt")
        fill(library, [clef])
        (hit,) = library.search("forum")
        assert hit.text == clef.text[hit.passage.start : hit.passage.end] == clef.text
        assert [clef.text[span.start : span.end] for span in hit.highlights] == ["forum"]

    # Filters

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (Filters(), "123456"),
            (Filters(documents=(DATED[1].id, DATED[3].id)), "24"),
            (Filters(documents=("0" * 32,)), ""),
            (Filters(excluded=(DATED[0].id,)), "23456"),
            (Filters(documents=(DATED[0].id, DATED[1].id), excluded=(DATED[0].id,)), "2"),
            (Filters(languages=("ru", "uz")), "35"),
            (Filters(languages=("ko",)), ""),
            (Filters(types=("report",)), "135"),
            (Filters(languages=("en",), types=("report", "law")), "12"),
            (Filters(published_from="2012"), "1234"),
            (Filters(published_from="2012-10-17"), "1234"),  # 2012 may be later than October
            (Filters(published_from="2012-10-18"), "134"),
            (Filters(published_from="2013"), "34"),
            (Filters(published_to="2012"), "126"),
            (Filters(published_to="2012-10-16"), "16"),
            (Filters(published_to="2012-10"), "126"),
            (Filters(published_to="2011"), "6"),
            (Filters(published_from="2012", published_to="2012"), "12"),
            (Filters(published_from="2013-05-31", published_to="2013-05-31"), "3"),
            (Filters(published_from="2013-06", published_to="2013"), ""),
        ],
    )
    def test_filters(self, library: Library, filters: Filters, expected: str) -> None:
        fill(library, DATED)
        wanted = sorted(f"/d/{number}" for number in expected)
        assert sorted(card.source for card in library.documents(filters)) == wanted
        assert sorted(found(library.search("signal", filters=filters))) == wanted

    def test_a_filter_reaches_what_ranks_far_below_the_cut(self, library: Library) -> None:
        crowd = [document(f"gas pipeline {'gas pipeline ' * 4} {n}", f"/crowd/{n}") for n in range(130)]
        words = " ".join(f"word{n}" for n in range(120))
        last = document(f"{words} gas", "/last.txt", language="ru")
        fill(library, [*crowd, last])
        assert last.source not in found(library.search("gas pipeline", k=100))
        for filters in (
            Filters(documents=(last.id,)),
            Filters(languages=("ru",)),
            Filters(excluded=tuple(each.id for each in crowd)),
        ):
            hits = library.search("gas pipeline", k=3, filters=filters)
            assert found(hits) == [last.source]
            assert hits[0].lexical > 0

    # Ranking

    @pytest.fixture
    def many(self, library: Library) -> Library:
        fill(library, made_up(60))
        return library

    @pytest.mark.parametrize(
        "query",
        ["railline wheatful", "gasmark unique17", "unique3 unique44 trader", "nothing known", "gasline " * 9],
    )
    @pytest.mark.parametrize("filtered", [False, True])
    def test_search_equals_brute_force(self, many: Library, query: str, filtered: bool) -> None:
        cards = many.documents()
        filters = Filters(documents=tuple(card.id for card in cards[::3])) if filtered else Filters()
        expected = _brute_force(many, query, filters)
        hits = many.search(query, k=len(expected), filters=filters)
        assert len(hits) == len(expected) == (20 if filtered else 60)
        for hit in hits:
            score, dense, lexical = expected[hit.document.id]
            assert hit.dense == pytest.approx(dense, abs=1e-5)
            assert hit.lexical == pytest.approx(lexical, rel=1e-4)
            assert hit.score == pytest.approx(score, abs=1e-4)
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        assert hits[0].score == pytest.approx(max(score for score, _, _ in expected.values()), abs=1e-4)

    def test_numbers_meet_however_they_are_written(self, library: Library) -> None:
        table = document("Uzbekistan\t2 183 539\nKyrgyzstan\t372 854", "/table.txt")
        fill(library, [FORUM, COAL, ROADS, table])
        for query in ("2183539", "2,183,539", "2 183 539", "2\u00a0183\u00a0539"):
            hit = library.search(query, k=1)[0]
            assert (hit.document.source, hit.lexical > 0) == ("/table.txt", True)
            assert [hit.text[span.start : span.end] for span in hit.highlights] == ["2 183 539"]

    def test_uzbek_in_latin_and_in_cyrillic_meet(self, library: Library) -> None:
        latin = document("Oʻzbekiston Respublikasi Prezidenti", "/latin.txt", language="uz")
        cyrillic = document("Ўзбекистон Республикаси Президенти", "/cyrillic.txt", language="uz")
        fill(library, [FORUM, COAL, latin, cyrillic])
        for query in ("Oʻzbekiston", "O'zbekiston", "Ўзбекистон"):
            both = library.search(query, k=2)
            assert {hit.document.source for hit in both} == {"/latin.txt", "/cyrillic.txt"}
            assert all(hit.lexical > 0 and hit.coverage == 1 for hit in both)

    def test_what_is_called_by_one_word_or_by_two_is_the_same(self, library: Library) -> None:
        two = document("Many ethnic Koreans farm there", "/two.txt")
        one = document("A large diaspora farms there", "/one.txt")
        neither = document("Ethnic cooking of Korea", "/neither.txt")
        fill(library, [COAL, ROADS, two, one, neither])
        for query, full in (("диаспора", 2), ("ethnic Koreans", 3), ("diaspora", 2)):
            coverage = {hit.document.source: hit.coverage for hit in library.search(query, k=5)}
            assert coverage["/one.txt"] == coverage["/two.txt"] == 1, query
            assert sum(value == 1 for value in coverage.values()) == full, query
        (hit,) = (hit for hit in library.search("диаспора", k=5) if hit.document.source == "/two.txt")
        assert [span.of(hit.text) for span in hit.highlights] == ["ethnic", "Koreans"]

    def test_rarity_and_coverage_know_what_was_removed(self, many: Library) -> None:
        cards = many.documents()
        for card in cards[:-2]:
            many.remove(card.id)
        left = [many.document(card.id) for card in many.documents()]
        word = left[0].text.split()[-1]  # its unique word
        assert many.missing_words(f"{word} unique999") == ["unique999"]
        (only,) = many.query_words(word)
        assert only.rarity == pytest.approx(log(1 + (2 - 1 + 0.5) / (1 + 0.5)))
        hit = many.search(word, k=1)[0]
        assert (hit.document.id, hit.coverage) == (left[0].id, 1.0)

    # Threads

    def test_threads_search_while_one_adds_and_removes(self, library: Library) -> None:
        fill(library, [FORUM, *made_up(10, seed=1)])
        errors: list[BaseException] = []
        done = threading.Event()

        def searching() -> None:
            try:
                while not done.is_set():
                    hits = library.search("cooperation forum", k=30)
                    assert hits[0].document.id == FORUM.id
                    assert all(hit.text == _text(library, hit) for hit in hits)
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=searching) for _ in range(4)]
        for thread in threads:
            thread.start()
        try:
            for each in made_up(12, seed=2):
                library.add(each, bytes_of(each))
                assert each.source in found(library.search(each.text.split()[-1], k=40))
            for each in made_up(6, seed=2):
                library.remove(each.id)
        finally:
            done.set()
            for thread in threads:
                thread.join(timeout=30)
        assert errors == []
        assert library.verify().ok
        assert len(library.documents()) == 7  # ten were replaced, two added, six removed

    def test_two_threads_that_add_take_turns(self, library: Library) -> None:
        halves = [made_up(8, seed=3)[:4], made_up(8, seed=3)[4:]]
        threads = [threading.Thread(target=fill, args=(library, half)) for half in halves]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert {card.id for card in library.documents()} == {each.id for half in halves for each in half}
        assert library.verify().ok


def _text(library: Library, hit: Hit) -> str:
    try:
        return library.document(hit.document.id).text[hit.passage.start : hit.passage.end]
    except UnknownDocument:  # removed since
        return hit.text


def _brute_force(library: Library, query: str, filters: Filters) -> dict[str, tuple[float, float, float]]:
    """Document id → fused score, cosine, BM25, over all passages; each document here is one passage.

    BM25 with k1 = 1.2 and b = 0.75, its statistics over the whole library; of the alternative terms of
    one word the best counts (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009).
    """
    documents = [library.document(card.id) for card in library.documents()]
    texts = [contextual_text(each, 0, len(each.text)) for each in documents]
    bags = [Counter(terms(text, each.language)) for text, each in zip(texts, documents, strict=True)]
    lengths = np.array([bag.total() for bag in bags])
    assert lengths.max() <= 40  # beyond it tantivy rounds the length
    vectors = library.encoder.encode_passages(texts).astype(np.float16).astype(np.float32)
    cosines = vectors @ library.encoder.encode_queries([query])[0]
    words = telling(search_words(query, frozenset(each.language for each in documents)), query)
    allowed = {card.id for card in library.documents(filters)}

    def idf(*alternatives: str) -> float:
        frequency = max(sum(term in bag for bag in bags) for term in alternatives)
        return log(1 + (len(bags) - frequency + 0.5) / (frequency + 0.5))

    dense: dict[str, float] = {}
    lexical: dict[str, float] = {}
    for number, each in enumerate(documents):
        if each.id not in allowed:
            continue
        dense[each.id] = float(cosines[number])
        norm = 1.2 * (1 - 0.75 + 0.75 * lengths[number] / lengths.mean())
        score = 0.0
        for word in words:
            options = [0.0]
            for term in (*word.terms, *word.translations):
                count = bags[number][term]
                weight = word.weight if term in word.translations else 1
                options.append(weight * idf(term) * count * 2.2 / (count + norm))
            score += max(options)
        if score:
            lexical[each.id] = score
    whole = sum(word.weight * idf(*word.terms, *word.translations) for word in words if not word.only_in)
    fused = fusion.fuse(dense, lexical, whole, library.settings.search.dense_weight)
    return {key: (fused[key], dense[key], lexical.get(key, 0.0)) for key in dense}

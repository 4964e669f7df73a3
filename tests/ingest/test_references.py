"""Bibliographies found whole, in several styles and languages, and every marker linked to its entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import references
from ingest.document import Document
from ingest.formats.draft import Draft
from ingest.reading import load, read
from tests.growth import growth

MADE = Path(__file__).parent / "bibliographies"
GOLD: dict[str, Any] = {
    name: gold
    for file in ("gold.json", "gold_held_out.json")
    for name, gold in json.loads((MADE / file).read_text("utf-8")).items()
}
# An entry that begins with its title looks just like one that begins with a ministry's name.
KNOWN_MISSES = {("apa.md", 8)}
WORKS = (
    "Fumagalli, M. (2012). The new initiative. Journal of Asian History, 9(2), 69–97.",
    "Kim, S., & Lee, M. (2013a). Pipelines. Asian Survey Notes, 53(4), 701–725.",
    "Kim, S., & Lee, M. (2013b). Trade. Asian Survey Notes, 54(1), 1–9.",
)


def _document(body: list[str], works: tuple[str, ...] = (), heading: str = "References") -> Document:
    draft = Draft()
    draft.heading("A paper", 1)
    for paragraph in body:
        draft.paragraph(paragraph)
    if works:
        draft.heading(heading, 2)
    for work in works:
        draft.paragraph(work)
    return _finished(draft)


def _finished(draft: Draft, format: str = "markdown") -> Document:
    content = draft.finish()
    document = Document(
        *("id", "/paper", format, "A paper", (), "", "en", ""),
        content.text,
        content.pages,
        content.sections,
        content.tables,
    )
    found, mentions = references.find(document)
    return Document(
        *("id", "/paper", format, "A paper", (), "", "en", ""),
        content.text,
        content.pages,
        content.sections,
        content.tables,
        references=found,
        mentions=mentions,
    )


def _marked(document: Document) -> list[tuple[str, int]]:
    return [(document.text[one.start : one.end], one.reference) for one in document.mentions]


def _check(document: Document, gold: dict[str, Any], misses: set[int]) -> None:
    """All entries with their fields, all mentions at their places, and nothing else."""
    assert len(document.references) == len(gold["entries"])
    for number, (found, expected) in enumerate(zip(document.references, gold["entries"], strict=True)):
        if number not in misses:
            for name, value in expected.items():
                stated = getattr(found, name)
                assert (list(stated) if name == "authors" else stated) == value, (number, name)
    flat = document.text.replace("\n", " ")
    expected_mentions = []
    for before, marker, numbers in gold["mentions"]:
        assert flat.count(before + marker) == 1
        start = flat.index(before + marker) + len(before)
        expected_mentions += [(start, start + len(marker), number) for number in numbers]
    found_mentions = [(one.start, one.end, one.reference) for one in document.mentions]
    assert found_mentions == sorted(expected_mentions)


@pytest.mark.parametrize("name", GOLD)
def test_the_made_bibliographies_are_found_whole(name: str) -> None:
    document = read(load(MADE / name), str(MADE / name))
    _check(document, GOLD[name], {number for file, number in KNOWN_MISSES if file == name})


@pytest.mark.parametrize("name", json.loads((MADE / "gold_seeds.json").read_text("utf-8")))
def test_the_seeds(seeds: Path, name: str) -> None:
    gold = json.loads((MADE / "gold_seeds.json").read_text("utf-8"))[name]
    document = read(load(seeds / name), str(seeds / name))
    _check(document, gold, set())
    for reference in document.references:
        raw = document.text[reference.start : reference.end]
        assert raw.startswith(f"[{reference.label}] ")
        assert not raw.endswith(("\n", " "))


def test_law_texts_and_reports_hold_no_entries(policy: Path) -> None:
    for name in ("gdpr_art_13.html", "NIS2_Regulation.pdf", "us-agency-2019-annual-performance-report.pdf"):
        document = read(load(policy / name), str(policy / name))
        assert (document.references, document.mentions) == ((), ())


# --- entries ---------------------------------------------------------------------------------------


def test_an_entry_cut_by_a_page_is_one_and_the_list_ends_with_it() -> None:
    draft = Draft()
    draft.begin_page("1")
    draft.paragraph("Seen before [2].")
    draft.heading("References", 1)
    draft.paragraph("[1] A. Kim, “First,” Journal, vol. 1, 2001.")
    draft.paragraph("[2] B. Lee, “A title that goes on over the end of the")
    draft.begin_page("2")
    draft.paragraph("page,” Journal, vol. 2, 2002.")
    draft.paragraph("[3] C. Park, “Third,” Journal, vol. 3, 2003.")
    draft.paragraph("The author thanks the staff of the archive for their help with this paper.")
    document = _finished(draft, "pdf")
    assert [one.title for one in document.references] == [
        "First",
        "A title that goes on over the end of the page",
        "Third",
    ]
    assert document.text[: document.references[-1].end].endswith("2003.")
    assert _marked(document) == [("[2]", 1)]


def test_the_lines_of_one_block_are_joined_and_entries_in_one_line_parted() -> None:
    lines = "1. Kim A. First title // Journal. – 2001.\n2. Lee B. A title in\ntwo lines // Journal. – 2002."
    document = _document(["Text [1]."], (lines,))
    assert [one.title for one in document.references] == ["First title", "A title in two lines"]
    glued = "[1] A. Kim, “First,” Journal, 2001. [2] B. Lee, “Second,” Journal, 2002."
    document = _document(["Text [2]."], (glued,))
    assert [document.text[one.start : one.end] for one in document.references] == [
        "[1] A. Kim, “First,” Journal, 2001.",
        "[2] B. Lee, “Second,” Journal, 2002.",
    ]


def test_a_list_marker_stands_outside_the_raw_text() -> None:
    document = _document(["Text."], ("\n".join(f"- {work}" for work in WORKS),))
    assert tuple(document.text[one.start : one.end] for one in document.references) == WORKS


@pytest.mark.parametrize(
    "heading",
    [
        *("References", "5. REFERENCES", "Works Cited", "Bibliography:", "Список литературы", "Литература"),
        *("Список использованных источников и литературы", "VI. References", "참고문헌", "참고 문헌"),
        *("Foydalanilgan adabiyotlar ro‘yxati", "Фойдаланилган адабиётлар рўйхати", "Адабиётлар"),
        *("Пайдаланылған әдебиеттер тізімі", "Колдонулган адабияттар", "Рӯйхати адабиёт", "Edebiýatlar"),
    ],
)
def test_headings_of_bibliographies(heading: str) -> None:
    document = _document(["Text (Fumagalli 2012)."], WORKS, heading)
    assert len(document.references) == 3
    assert references.in_bibliography(document, len(document.text) - 1)
    assert not references.in_bibliography(document, 12)


@pytest.mark.parametrize(
    "heading", ["Energy sources", "Terms of reference", "Cross-references to other acts"]
)
def test_headings_of_other_things(heading: str) -> None:
    document = _document(["Text (Fumagalli 2012)."], WORKS, heading)
    assert document.mentions == ()


def test_prose_under_such_a_heading_is_no_list() -> None:
    prose = (
        "References in this Act to the ministry are references to its successor, unless it says otherwise.",
        "Nothing in this section limits what the council may do.",
    )
    assert _document(["Text [1]."], prose).references == ()
    assert _document(["Text [1]."], tuple(f"{n}. {line}" for n, line in enumerate(prose, 1))).references == ()


@pytest.mark.parametrize(
    ("heading", "prose"),
    [
        ("Kaynaklar", ("Ülkenin su kaynakları sınırlıdır. 2020 yılında 112 milyar metreküp su hesaplandı.",)),
        (
            "Источники",
            (
                "В 2020 году основным источником энергии был уголь, доля которого составила 45 %.",
                "Нефть, по данным министерства, дала в 2021 году ещё 30 %.",
            ),
        ),
        ("참고자료", ("이 자료는 2022년 외교부 보도자료이다.",)),
        ("Kaynaklar", ("1. 2019 yılında kömür üretimi arttı.", "2. 2020 yılında gaz üretimi azaldı.")),
    ],
)
def test_prose_about_sources_can_be_an_answer(heading: str, prose: tuple[str, ...]) -> None:
    document = _document(["Text [1]."], prose, heading)
    assert document.references == ()
    assert not any(references.in_bibliography(document, at) for at in range(len(document.text)))


def test_a_single_entry_tells_who_wrote_it_or_where_it_is_found() -> None:
    for work in (WORKS[0], "“Pipelines of the steppe,” 2012.", "https://a.example/report (2012)"):
        document = _document(["Text."], (work,))
        assert len(document.references) == 1
        assert references.in_bibliography(document, len(document.text) - 1)


def test_a_footnote_under_such_a_heading_makes_no_bibliography_of_it() -> None:
    draft = Draft()
    draft.heading("Kaynaklar", 1)
    draft.paragraph("Coal gave half of the energy.¹ " + "Most of it came from the mines of the north. " * 9)
    draft.paragraph(f"¹ {NOTE}")
    document = _finished(draft, "docx")
    assert [one.title for one in document.references] == ["Plans and Piers"]
    assert not references.in_bibliography(document, document.text.index("half of the energy"))
    assert references.in_bibliography(document, document.references[0].start)


# --- mentions --------------------------------------------------------------------------------------

NUMBERED = tuple(f"[{n}] A. Kim, “Title {n},” Journal, vol. {n}, 200{n}." for n in range(1, 8))


@pytest.mark.parametrize(
    ("marker", "numbers"),
    [
        ("[4]", [4]),
        ("[4, 7]", [4, 7]),
        ("[4;7]", [4, 7]),
        ("[4–6]", [4, 5, 6]),
        ("[1, 3-5]", [1, 3, 4, 5]),
        ("[4: 12]", [4]),
        ("[4, p. 12]", [4]),
        ("[4, pp. 12–15]", [4]),
        ("[4, с. 12; 7, с. 3]", [4, 7]),
        ("[4, 12-б.]", [4]),
        ("[see 4]", [4]),
        ("[3]–[5]", [3, 4, 5]),
        ("[8]", []),
        ("[0, 1]", []),
        ("[4, 2012]", []),
        ("[sic]", []),
        ("(4)", []),
        ("[a4]", []),
    ],
)
def test_numbers_in_brackets(marker: str, numbers: list[int]) -> None:
    document = _document([f"As was shown {marker}, nothing changed."], NUMBERED)
    assert _marked(document) == [(marker, number - 1) for number in numbers]


@pytest.mark.parametrize(
    ("sentence", "marked"),
    [
        ("So it was (Fumagalli 2012).", [("(Fumagalli 2012)", 0)]),
        (
            "So (Fumagalli, 2012; Kim & Lee 2013a, p. 5).",
            [
                ("(Fumagalli, 2012; Kim & Lee 2013a, p. 5)", 0),
                ("(Fumagalli, 2012; Kim & Lee 2013a, p. 5)", 1),
            ],
        ),
        ("As Fumagalli (2012) says.", [("Fumagalli (2012)", 0)]),
        ("As Kim and Lee (2013b, p. 7) say.", [("Kim and Lee (2013b, p. 7)", 2)]),
        ("It is so [see Fumagalli 2012: 70].", [("[see Fumagalli 2012: 70]", 0)]),
        ("So (Kim & Lee 2013a, 2013b).", [("(Kim & Lee 2013a, 2013b)", 1), ("(Kim & Lee 2013a, 2013b)", 2)]),
        ("Two works fit (Kim & Lee 2013).", []),
        ("Another Kim (Kim & Park 2013a) wrote.", []),
        ("Another year (Fumagalli 2011).", []),
        ("President Fumagalli (2012–2015) ruled.", []),
        ("The forum (Seoul, 2012) was held.", []),
        ("Fumagalli was born. The forum (2012) was held.", []),
    ],
)
def test_author_and_year(sentence: str, marked: list[tuple[str, int]]) -> None:
    assert _marked(_document([sentence], WORKS)) == marked


def test_markers_inside_the_bibliography_are_none() -> None:
    works = (*NUMBERED[:2], "[3] A. Kim, “Reply to [1],” Journal, 2003 (Kim 2001).")
    assert _document(["Nothing is cited here."], works).mentions == ()


def test_a_number_without_a_bibliography_points_to_nothing() -> None:
    assert _document(["The Framework Act [1] applies. So does Kim (2013)."]).mentions == ()


# --- footnotes -------------------------------------------------------------------------------------


def _footnoted(*body: str, format: str = "pdf") -> Document:
    draft = Draft()
    draft.begin_page("1")
    for paragraph in body:
        draft.paragraph(paragraph)
    return _finished(draft, format)


NOTE = "Ann Beck, “Plans and Piers,” Caspian Studies 6, no. 1 (2014): 22."


@pytest.mark.parametrize(
    ("sentence", "note", "marker"),
    [
        ("It was so.[1] Then it was not.", f"[1] {NOTE}", "[1]"),
        ("It was so.[^a] Then it was not.", f"[^a]: {NOTE}", "[^a]"),
        ("It was so.1 Then it was not.", f"1 {NOTE}", "1"),
        ("It was so.¹ Then it was not.", f"1. {NOTE}", "¹"),
        ("As in Article 49⁴⁷, it was so.", f"47 {NOTE}", "⁴⁷"),
        ("A starting point ²⁰. It was so.", f"20 {NOTE}", "²⁰"),
    ],
)
def test_a_footnote_that_cites_a_work(sentence: str, note: str, marker: str) -> None:
    document = _footnoted(sentence, note)
    (reference,) = document.references
    assert (reference.authors, reference.year, reference.title) == (("Ann Beck",), "2014", "Plans and Piers")
    assert _marked(document) == [(marker, 0)]
    assert references.in_bibliography(document, reference.start + 5)


@pytest.mark.parametrize(
    ("sentence", "note"),
    [
        ("It was so.1 Then it was not.", "1 Article 9 GDPR provides a list of possible exemptions."),
        ("It was so.1 Then it was not.", "1 OJ L 119, 4.5.2016, p. 1."),
        ("Nothing points to it.", f"1 {NOTE}"),
        ("It was so.1 And so.1 Which of them?", f"1 {NOTE}"),
        ("It rose by 1 point and by 2.1 points.", f"1 {NOTE}"),
    ],
)
def test_a_footnote_that_cites_no_work_or_has_no_sure_mark(sentence: str, note: str) -> None:
    document = _footnoted(sentence, note)
    assert (document.references, document.mentions) == ((), ())


@pytest.mark.parametrize(
    ("sentence", "mark"),
    [
        *(("It was so.² Then not.", "²"), ("The EU² agreed, on 10² km².", "²"), ("In 2012² it was.", "²")),
        *(("열렸다.²⁾ 그러나", "²⁾"), ("It was so.[ii] [I]t was.", "[ii]"), ("Так*, а не 2*3.", "*")),
    ],
)
def test_a_placed_note_and_the_mark_before_it(sentence: str, mark: str) -> None:
    document = _footnoted(f"1. Some. {sentence}", f"{mark} {NOTE}", f"2. More of {mark}it.", format="docx")
    assert [one.title for one in document.references] == ["Plans and Piers"]
    assert _marked(document) == [(mark, 0)]


@pytest.mark.parametrize(
    "sentence", ["It has 10² units.", "It has 5 km².", "Так 7 м².", "Let x² be.", "sin² of"]
)
def test_a_power_is_no_mark(sentence: str) -> None:
    for format in ("docx", "pdf"):
        assert _footnoted(sentence, f"² {NOTE}", format=format).mentions == ()


@pytest.mark.parametrize("sentence", ["It has 10²⁵ units.", "It has 2²⁵ units.", "Let x²⁵ be."])
def test_a_long_power_is_no_mark(sentence: str) -> None:
    assert _footnoted(sentence, f"25 {NOTE}").mentions == ()


def test_numbers_that_begin_anew_point_to_the_note_that_follows() -> None:
    other = "Carl Orne, Harbours of Hope (Oslo: Fjord Press, 2016), 3."
    document = _footnoted(
        "First.¹", f"¹ {NOTE}", "1. Then.¹ See note.", f"¹ {other}", "See¹ again.", format="odt"
    )
    assert _marked(document) == [("¹", 0), ("¹", 1)]
    twice = _footnoted("First.¹ Or here.¹", f"¹ {NOTE}", format="odt")
    assert (len(twice.references), twice.mentions) == (1, ())


def test_the_mark_of_a_note_is_no_number_of_the_bibliography() -> None:
    draft = Draft()
    for paragraph in ("As was shown [2], it was so.¹ Then not.", "¹ Article 9 lists the exemptions."):
        draft.paragraph(paragraph)
    draft.heading("References", 1)
    for work in NUMBERED:
        draft.paragraph(work)
    assert _marked(_finished(draft, "docx")) == [("[2]", 1)]


def test_words_that_begin_like_ibid_are_none() -> None:
    for words in (
        "ID cards were issued to all who asked.",
        "Id est a phrase of lawyers.",
        "Idem for others.",
    ):
        document = _footnoted("First.[1] Second.[2] Third.", f"[1] {NOTE}", f"[2] {words}")
        assert _marked(document) == [("[1]", 0)], words
    for words in ("Id. at 5.", "Ibid., 7.", "ibid", "Там же. С. 5."):
        document = _footnoted("First.[1] Second.[2] Third.", f"[1] {NOTE}", f"[2] {words}")
        assert [mark for mark in _marked(document) if mark[0] == "[2]"] == [("[2]", 0)], words


def test_ibid_and_short_titles_mention_the_work_again() -> None:
    document = _footnoted(
        "First.[1] Second.[2] Third.[3] Fourth.[4]",
        f"[1] {NOTE}",
        "[2] Ibid., 30.",
        "[3] Carl Orne, Harbours of Hope (Oslo: Fjord Press, 2016), 3.",
        "[4] Beck, “Plans and Piers,” 25.",
    )
    assert [one.label for one in document.references] == ["1", "3"]
    assert _marked(document) == [("[1]", 0), ("[2]", 0), ("[3]", 1), ("[4]", 0)]


# --- whatever the text -----------------------------------------------------------------------------

_PIECES = st.sampled_from(
    [
        *(
            "[1]",
            "[4, 7]",
            "(Kim 2013)",
            "Kim (2013)",
            "1 ",
            "[^1]",
            "References",
            "\n",
            "2013",
            ". ",
            "“",
            "”",
            '"',
        ),
        *(
            "А. Б. Иванов",
            " // ",
            "– М.: Наука, 2015",
            "http://a.b/c",
            "10.1234/x",
            "김성환",
            "「",
            "」",
            "—",
            "x",
        ),
        *(WORKS[0], NUMBERED[0], NUMBERED[1], "(", ")", "[", "]", "&", "et al."),
    ]
)


@given(
    st.lists(st.lists(_PIECES, min_size=1, max_size=8).map("".join), max_size=5),
    st.lists(_PIECES, max_size=6),
)
def test_entries_and_mentions_are_places_of_the_text(body: list[str], works: list[str]) -> None:
    document = _document(body, tuple(works))
    assert all(0 <= one.start < one.end <= len(document.text) for one in document.references)
    assert all(first.end <= second.start for first, second in pairwise(document.references))
    assert [(one.start, one.end) for one in document.mentions] == sorted(
        (one.start, one.end) for one in document.mentions
    )
    for mention in document.mentions:
        assert 0 <= mention.reference < len(document.references)
        assert not any(one.start <= mention.start < one.end for one in document.references)
        assert document.text[mention.start : mention.end].strip()


@pytest.mark.parametrize("level", [1, 2, 3])
def test_many_headings_take_time_by_their_number(level: int) -> None:
    def work(size: int) -> Callable[[], object]:
        draft = Draft()
        for number in range(size):
            draft.heading(f"Heading {number}", level)
            draft.paragraph("Text.")
        document = _finished(draft)
        return lambda: references.find(document)

    assert growth(work, 500) < 24


def test_what_stands_below_a_heading_under_the_bibliography_is_of_it() -> None:
    draft = Draft()
    draft.heading("References", 1)
    draft.heading("Books", 2)
    draft.paragraph(WORKS[0])
    draft.heading("Annex", 1)
    draft.heading("Papers", 2)
    draft.paragraph(WORKS[1])
    document = _finished(draft)
    assert [reference.title for reference in document.references] == ["The new initiative"]

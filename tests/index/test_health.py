"""What a check finds: problems of the library fail it; warnings say what to look at in its documents."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from index.catalog import Catalog
from index.health import Finding, Health, assess, lines, observe
from index.library import Library
from index.text_quality import notes_of
from ingest.document import Document, Note, Page, PageMap, Passage, RecognisedWord
from tests.index.contract import COAL, FORUM, fill
from tests.index.synthetic import WordEncoder, bytes_of, document
from tests.index.test_near_duplicates import changed, paper, words

RUSSIAN = "Форум сотрудничества проводится ежегодно с 2007 года в столицах государств региона. "
ENGLISH = "The forum for cooperation is held every year in one of the capitals of the region. "


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library", WordEncoder()) as library:
        yield library


def kinds(document: Document) -> list[str]:
    return [note.kind for note in notes_of(document)]


def paged(*pages: str) -> Document:
    """A document of these pages."""
    one = document("".join(pages), "/scan.pdf")
    starts = [sum(map(len, pages[:at])) for at in range(len(pages) + 1)]
    tiles = (Page(at + 1, str(at + 1), starts[at], starts[at + 1]) for at in range(len(pages)))
    return replace(one, pages=tuple(tiles))


# What a text shows


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH * 10,
        RUSSIAN * 10,
        "한국과 중앙아시아 국가들은 1992년에 수교하였다. " * 10,
        "Oʻzbekiston — Janubiy Koreyaning yirik hamkorlaridan biri: toʻgʻri, «ha»! " * 10,
        "Ýurduň çäginde şäherler köpdür, ýollar giňdir. " * 10,
        "Où êtes-vous né à Orléans ? Él está aquí, ¿Ágil? Größe ÄÖÜ, naïve café déjà-vu. " * 10,
        "1 234,5 ± 0,3 °C; 5 § 12 — © 2012 ® ½ ¾ × ÷. " * 10,
        "РСФСР и СССР, ГОСТ Р 52.1, РЖД. " * 10,
    ],
)
def test_good_text_of_any_language_raises_no_note_of_encoding(text: str) -> None:
    assert not {"mojibake", "replacement_characters", "broken_font"} & set(kinds(document(text, language="")))


@pytest.mark.parametrize(
    ("charset", "read_as", "text"),
    [
        ("utf-8", "cp1252", "Где проводится форум сотрудничества? Объём торговли вырос. "),
        ("utf-8", "latin-1", "Ҳамкорлик форуми ўтказилди; савдо ҳажми ошди. "),
        ("utf-8", "cp1251", "Переговоры прошли в Сеуле и завершились подписанием. "),
        ("cp1251", "latin-1", "Переговоры прошли в столице и завершились подписанием. "),
        ("euc-kr", "latin-1", "한국과 중앙아시아 국가들은 수교하였다. "),
        ("utf-8", "cp1252", "It’s the “best” — they’re sure: “yes”. "),
    ],
)
def test_text_in_the_wrong_encoding_is_told(charset: str, read_as: str, text: str) -> None:
    wrong = (text * 5).encode(charset).decode(read_as, "ignore")
    wrong = "".join(char for char in wrong if not "\x80" <= char < "\xa0")  # as reading cleans it
    assert "mojibake" in kinds(document(wrong))
    assert "mojibake" not in kinds(document(text * 5))


def test_broken_characters_are_told_with_their_pages() -> None:
    notes = {note.kind: note for note in notes_of(paged(ENGLISH, "� and � and � here", ENGLISH))}
    assert notes["replacement_characters"].pages == (2,)
    assert notes["replacement_characters"].message.startswith("3 characters")
    assert "replacement_characters" not in kinds(paged(ENGLISH, "one � is an accident"))


def test_characters_of_one_font_alone_are_told_and_bullets_are_not() -> None:
    assert "broken_font" in kinds(document("\ue001\ue002\ue003 \ue004\ue005 " * 20))
    assert "broken_font" not in kinds(document(f"\uf0b7 {ENGLISH}" * 20))


def test_pages_without_text_and_documents_without_much(monkeypatch: pytest.MonkeyPatch) -> None:
    (blank,) = [
        note for note in notes_of(paged(ENGLISH * 3, "", ENGLISH, "", "")) if note.kind == "blank_pages"
    ]
    assert blank.pages == (2, 4, 5)
    assert "little_text" in kinds(paged("One.", "", "", "Four."))
    assert "little_text" not in kinds(document("One."))  # a short note is none
    monkeypatch.setattr("index.text_quality._HUGE", 1000)
    assert "huge" in kinds(document(ENGLISH * 20))


def test_pages_recognised_with_little_confidence() -> None:
    sure = [RecognisedWord(0, 3, 1, 0, 0, 1, 1, confidence) for confidence in (0.9, 0.95)]
    unsure = [RecognisedWord(4, 7, 2, 0, 0, 1, 1, confidence) for confidence in (0.4, 0.6)]
    (note,) = (
        note
        for note in notes_of(replace(paged(ENGLISH, ENGLISH), page_map=PageMap(words=(*sure, *unsure))))
        if note.kind == "low_confidence"
    )
    assert note.pages == (2,) and "50%" in note.message


def test_several_languages_and_none() -> None:
    assert "languages_mixed" in kinds(document(ENGLISH * 40 + RUSSIAN * 40, language="en"))
    assert "languages_mixed" not in kinds(document(ENGLISH * 80, language="en"))
    assert "language_unknown" in kinds(document("12 34 56", language=""))


def test_the_reader_s_notes_come_first_and_their_kind_is_not_told_twice() -> None:
    told = Note("replacement_characters", "as the reader says", (1,))
    assert notes_of(replace(document("� � � �" * 9), notes=(told,)))[0] == told
    assert kinds(replace(document("� � � �" * 9), notes=(told,))).count("replacement_characters") == 1


# In a library


def finding(health: Health, kind: str) -> Finding:
    (found,) = (each for each in health.findings if each.kind == kind)
    return found


def test_a_healthy_library(library: Library) -> None:
    fill(library, [FORUM, COAL])
    health = library.verify()
    assert asdict(health) == {
        "documents": 2,
        "passages": 2,
        "problems": (),
        "languages": {"en": 2},
        "findings": (),
    }
    assert list(lines(health)) == ["2 documents, 2 passages (en 2)", "all is well"]


def test_problems_fail_the_check_and_are_findings_too(library: Library) -> None:
    fill(library, [FORUM, COAL])
    library.original(FORUM.id).unlink()
    library.original(COAL.id).write_bytes(b"other")
    health = library.verify()
    assert not health.ok
    assert finding(health, "original_missing").document_id == FORUM.id
    assert finding(health, "original_damaged").severity == "problem"
    assert set(health.problems) == {
        f"{FORUM.source}: its original is gone from files/; add it again",
        f"{COAL.source}: its original in files/ is damaged; remove it, then add it again",
    }
    assert [line for line in lines(health) if line.startswith("problem: ")] == [
        f"problem: {problem}" for problem in health.problems
    ]


def test_warnings_do_not_fail_it(library: Library) -> None:
    scan = replace(paged(ENGLISH, "", ENGLISH), notes=(Note("no_text", "pages without text: a scan.", (2,)),))
    fill(library, [FORUM, scan])
    library.add(replace(FORUM, source="/copy.md"), bytes_of(FORUM))
    library.note_failure("/bad.pdf", "PasswordNeeded", "it opens with a password only.")
    health = library.verify()
    assert health.ok
    assert finding(health, "no_text") == Finding(
        "no_text", "warning", "pages without text: a scan.", scan.source, scan.id, (2,)
    )
    assert finding(health, "failed").message == "PasswordNeeded: it opens with a password only."
    duplicate = finding(health, "duplicate")
    assert (duplicate.severity, duplicate.document_id) == ("info", FORUM.id)
    assert {duplicate.source, *duplicate.message.removesuffix(".").split()} >= {FORUM.source, "/copy.md"}
    shown = list(lines(health))
    assert "warning: files that could not be added (1)" in shown
    assert f"  {scan.source}: pages without text: a scan. (page 2)" in shown
    assert shown[-1].startswith("the library is whole; ")


def test_near_duplicates_and_versions_are_told_once(library: Library) -> None:
    text = words(600, 1)
    fill(
        library,
        [
            paper(text, "/1", "Annual Trade Report 2022"),
            paper(changed(text, 0.02), "/2", "Anything"),
            paper(changed(text, 0.3), "/3", "Annual Trade Report 2023"),
        ],
    )
    health = library.verify()
    assert health.ok
    near, version = finding(health, "near_duplicate"), finding(health, "version")
    assert (near.source, near.severity) == ("/1", "warning") and "/2" in near.message
    assert (version.source, version.severity) == ("/1", "info") and "/3" in version.message


def test_a_document_without_passages_is_told(library: Library) -> None:
    fill(library, [document(" ", "/blank.txt", language="")])
    health = library.verify()
    assert health.ok and finding(health, "no_passages").source == "/blank.txt"


def test_a_language_that_the_user_gave_settles_it(library: Library) -> None:
    fill(library, [figures := document("12 34 56", "/figures.txt", language="")])
    assert finding(library.verify(), "language_unknown").severity == "info"
    assert next(iter(lines(library.verify()))).endswith("(unknown 1)")
    library.edit(figures.id, language="ko")
    assert not [each for each in library.verify().findings if each.kind == "language_unknown"]


def test_notes_stay_through_an_edit_and_go_with_the_document(library: Library) -> None:
    scan = replace(document(ENGLISH), notes=(Note("no_text", "half of it is a scan.", (3, 4)),))
    fill(library, [scan])
    library.edit(scan.id, title="Anew", language="ru")
    assert [note for note in library.notes(scan.id) if note.kind == "no_text"] == list(scan.notes)
    library.remove(scan.id)
    assert library.verify().findings == ()


def test_a_long_list_is_cut_for_people_only() -> None:
    findings = tuple(
        Finding("mojibake", "warning", "3 places.", f"/{n}", pages=tuple(range(1, 99, 2))) for n in range(50)
    )
    shown = list(lines(Health(50, 50, (), {"en": 50}, findings)))
    assert "  … and 30 more; --json gives them all" in shown
    assert len(shown) == 1 + 1 + 20 + 1 + 1 and all(len(line) < 200 for line in shown)


def test_thousands_of_documents_are_assessed_in_seconds(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.sqlite")
    catalog._database._database.execute("PRAGMA synchronous = OFF")  # the test's time, not its subject
    original = tmp_path / "original"
    original.write_bytes(b"")
    for number in range(2000):
        one = paper(words(120, number), f"/{number}")
        catalog.add(one, [Passage(one.id, 0, 10)], np.zeros((1, 32), np.float32))
    began = time.perf_counter()
    observed = observe(catalog)
    health = assess(observed, set(observed.passage_keys), 2000, lambda card: original, [])
    assert time.perf_counter() - began < 5
    assert health.documents == 2000 and len(health.problems) == 2000  # the originals, each damaged
    catalog.close()

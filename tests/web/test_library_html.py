"""The pieces of the Library view without a browser: rows, charts, form, findings, and files on their way in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest

from index.errors import LibraryLocked
from index.health import Finding, Health
from index.hit import DocumentCard
from index.intake import Outcome, add_address
from index.library import Library
from ingest import errors
from ingest.document import Note
from ingest.errors import EmptyFile, Refused
from ingest.page_progress import page_read
from ingest.sandbox import Reader
from ingest.told import Told
from tests.index.synthetic import WordEncoder
from web.interface import Interface
from web.library import uploads
from web.library.charts_html import MOST_COLUMNS, charts_html, most_and_rest, spans_of
from web.library.documents_html import documents_html
from web.library.editing import Form, filled_in
from web.library.editing_html import form_html
from web.library.health_html import SHOWN as MOST_FOUND
from web.library.health_html import health_html
from web.library.refusals import refusal_words
from web.library.shelf import AT_ONCE, Row, View, arranged, stamp
from web.library.uploads import MOST_ADDRESSES, TooManyAddresses, Upload, add_all, addresses_in
from web.library.uploads_html import uploads_html

SAY = Interface()
NO_LIBRARY = cast(Library, None)
NASTY = '<img src=x onerror="alert(1)">&"'


def card(title: str, **parts: object) -> DocumentCard:
    fields: dict[str, object] = {
        "id": f"{abs(hash(title)):032x}"[:32],
        "source": f"/desk/{title}.pdf",
        "format": "pdf",
        "title": title,
        "authors": (),
        "publisher": "",
        "published": "",
        "language": "en",
        "type": "",
        "doi": "",
        "url": "",
        "pages": 3,
        "passages": 5,
        "characters": 900,
    }
    return DocumentCard(**{**fields, **parts})  # type: ignore[arg-type]


def row(title: str, *notes: Note, **parts: object) -> Row:
    return Row(card(title, **parts), notes)


def titles(rows: list[Row]) -> list[str]:
    return [row.card.title for row in rows]


# Rows


def test_how_a_document_was_read() -> None:
    assert row("a").reading == "fine"
    assert row("a", Note("attachments", "Files are attached.")).reading == "noted"
    assert row("a", Note("no_text", "Pictures without text.", (2,))).reading == "partial"
    assert row("a", passages=0).reading == "partial"


def test_rows_are_sorted_and_what_is_unknown_comes_last_either_way() -> None:
    rows = [row("b", published="2012"), row("C", published="2010-05"), row("a")]
    assert titles(arranged(SAY, rows, View())) == ["a", "b", "C"]
    assert titles(arranged(SAY, rows, View(by="published"))) == ["C", "b", "a"]
    assert titles(arranged(SAY, rows, View(by="published", descending=True))) == ["b", "C", "a"]
    rows = [row("few", passages=2), row("many", passages=10), row("page", format="html", pages=1)]
    assert titles(arranged(SAY, rows, View(by="passages", descending=True))) == ["many", "page", "few"]
    assert titles(arranged(SAY, rows, View(by="pages")))[-1] == "page"
    rows = [row("fine"), row("bad", passages=0), row("noted", Note("huge", "long"))]
    assert titles(arranged(SAY, rows, View(by="reading"))) == ["bad", "noted", "fine"]


def test_rows_are_found_by_every_word_whatever_its_case() -> None:
    rows = [
        row("Trade of Kazakhstan", authors=("Ann Lee",), published="2012-10", type="law"),
        row("무역", language="ko", publisher="Straße Verlag"),
    ]
    for words in ("trade LEE", "2012 law", "english kazakh", " "):
        assert "Trade of Kazakhstan" in titles(arranged(SAY, rows, View(words=words)))
    assert titles(arranged(SAY, rows, View(words="korean strasse"))) == ["무역"]
    assert titles(arranged(SAY, rows, View(words="무역"))) == ["무역"]  # composed otherwise
    assert arranged(SAY, rows, View(words="trade korean")) == []


def test_a_view_takes_nothing_that_is_no_column_and_no_text() -> None:
    view = View().sorted_by("published")
    assert (view.by, view.descending) == ("published", False)
    assert view.sorted_by("published").descending
    assert view.sorted_by("title") == View()
    for nonsense in ("passwords", None, 7, ["title"]):
        assert view.sorted_by(nonsense) == view
    assert view.narrowed_to({"a": 1}).words == ""
    assert view.with_more().narrowed_to("x").most == AT_ONCE


def test_a_thousand_documents_are_shown_some_at_a_time() -> None:
    rows = [row(f"Document {number:04}") for number in range(1000)]
    html = documents_html(SAY, rows)
    assert html.count("<tr") == AT_ONCE + 1
    assert "950 documents are not shown." in html
    html = documents_html(SAY, rows, View(words="0999"))
    assert html.count("<tr") == 2
    assert "1 of 1,000 documents" in html
    assert "Show" not in html
    assert "Nothing found" in documents_html(SAY, rows, View(words=NASTY))
    assert "<img" not in documents_html(SAY, rows, View(words=NASTY))


def test_a_row_is_escaped_and_its_buttons_are_for_editors() -> None:
    nasty = row(NASTY, Note("no_text", NASTY, (1, 2, 3, 7)), authors=(NASTY,), type=NASTY, published=NASTY)
    html = documents_html(SAY, [nasty])
    assert "<img" not in html
    assert "(pages 1-3, 7)" in html
    assert "Could not be fully read" in html
    assert re.findall(r'class="(edit|remove)"', html) == ["edit", "remove"]
    assert 'class="edit"' not in documents_html(SAY, [nasty], editable=False)
    assert 'class="remove"' not in documents_html(SAY, [nasty], editable=False)
    assert 'aria-sort="descending"' in documents_html(SAY, [nasty], View(descending=True))
    assert "Drop files" not in documents_html(SAY, [], editable=False)


def test_a_stamp_tells_a_change_from_none() -> None:
    assert stamp([row("a")]) == stamp([row("a", Note("huge", "long"))])
    assert stamp([row("a")]) != stamp([row("a", published="2012")])
    assert stamp([row("a")]) != stamp([])


# Charts


def test_years_stand_in_columns_without_a_hole() -> None:
    spans = spans_of(["2010", "2012-05-01", "2012", "", "undated"])
    assert [(span.name, span.documents) for span in spans] == [("2010", 1), ("2011", 0), ("2012", 2)]
    assert spans_of(["", "May"]) == []


@pytest.mark.parametrize("dates", [["1850", "2024"], ["0001", "9999"], ["1999"], ["1976", "2000"]])
def test_many_years_share_columns_and_none_is_lost(dates: list[str]) -> None:
    spans = spans_of(dates)
    assert len(spans) <= MOST_COLUMNS + 1
    assert sum(span.documents for span in spans) == len(dates)
    assert all(after.first == before.last + 1 for before, after in pairwise(spans))


def test_charts_tell_their_numbers_in_words() -> None:
    cards = [card("a", published="2010"), card("b", language="ko"), card("c", language="", type="law")]
    html = charts_html(SAY, cards)
    assert "2010: 1 document" in html
    assert "2 documents have no date." in html
    for name, count in (("English", 1), ("Korean", 1), ("Law", 1), ("Unknown", 2)):
        assert re.search(rf'{name}</span><span class="track".*?class="count">{count}<', html), name
    assert charts_html(SAY, []) == ""
    assert "<img" not in charts_html(SAY, [card("a", type=NASTY, language=NASTY)])


def test_the_rest_is_counted_in_one() -> None:
    counted = Counter({letter: 26 - at for at, letter in enumerate("abcdefghij")})
    ranked, others, together = most_and_rest(counted, 4)
    assert ranked == [("a", 26), ("b", 25), ("c", 24)]
    assert (others, together) == (7, sum(counted.values()) - 75)
    assert most_and_rest(Counter("ab")) == ([("a", 1), ("b", 1)], 0, 0)


# The form

OPENED = Form(
    "1" * 32,
    shown := {
        "title": "Trade",
        "authors": "Ann Lee\nBo Kim",
        "publisher": "",
        "published": "2012",
        "language": "en",
        "type": "",
        "doi": "",
        "url": "",
    },
    shown,
    frozenset({"title"}),
)


def test_only_what_was_typed_anew_is_a_change() -> None:
    assert filled_in(OPENED, dict(shown)).changes == {}
    assert filled_in(OPENED, {"title": " Trade ", "authors": "Ann Lee\r\nBo Kim\r\n"}).changes == {}
    form = filled_in(OPENED, {"title": "", "authors": "Bo Kim\n\n", "type": "law"})
    assert form.errors == {}
    assert form.changes == {"title": "", "authors": ["Bo Kim"], "type": "law"}


def test_wrong_fields_are_told_at_their_place_and_nothing_is_lost() -> None:
    form = filled_in(
        OPENED, {"title": NASTY, "published": "yesterday", "url": "javascript:1", "type": "poem"}
    )
    assert set(form.errors) == {"published", "url", "type"}
    html = form_html(SAY, form, NASTY)
    assert "<img" not in html
    assert html.count("aria-invalid=true") == 3
    assert "This is no date. Write it as 2012, 2012-10 or 2012-10-17." in html
    assert 'value="yesterday"' in html
    assert "Given by an editor" in html
    assert filled_in(form, {"published": "2013", "url": "", "type": ""}).errors == {}


@pytest.mark.parametrize("given", [None, "title", 7, ["title"], {"title": 7, "id": "x", "__class__": "y"}])
def test_what_is_no_form_changes_nothing(given: object) -> None:
    assert filled_in(OPENED, given).changes == {}
    assert form_html(SAY, Form()) == ""


def test_a_value_that_is_too_long_is_refused() -> None:
    form = filled_in(OPENED, {"title": "x" * 1001})
    assert "at most 1,000 characters" in form_html(SAY, form)


# Findings


def test_findings_are_grouped_from_the_worst_and_lead_to_their_document() -> None:
    found = (
        Finding("attachments", "info", "Files are attached.", "a.pdf", "1" * 32),
        Finding("no_text", "warning", "pictures without text.", "a.pdf", "1" * 32, (2, 3)),
        Finding("failed", "warning", "PasswordNeeded: it is encrypted.", f"/desk/{NASTY}"),
        Finding("original_missing", "problem", "its original is gone", "a.pdf", "1" * 32),
    )
    html = health_html(SAY, Health(1, 5, ("a.pdf: gone",), {"en": 1}, found), {"1" * 32: NASTY})
    places = [html.index(text) for text in ("Problems", "Missing originals", "Warnings", "Good to know")]
    assert places == sorted(places)
    assert "<img" not in html
    assert html.count(f'href="/source/{"1" * 32}"') == 3
    assert "Pictures without text. (pages 2-3)" in html
    assert "Needs a password: it is encrypted." in html
    assert html.count('class="forget"') == 1


def test_a_healthy_library_and_a_long_list() -> None:
    assert "All is well" in health_html(SAY, Health(2, 5, (), {"en": 2}, ()), {})
    many = tuple(Finding("huge", "info", "long", f"{at}.pdf", f"{at:032}") for at in range(MOST_FOUND + 5))
    html = health_html(SAY, Health(2, 5, (), {}, many), {})
    assert html.count("<a ") == MOST_FOUND
    assert "and 5 more" in html


# Refusals


def test_every_refusal_has_words() -> None:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refused)]
    assert len(kinds) > 20
    for kind in kinds:
        if kind is not Refused:
            assert refusal_words(SAY, kind.__name__, "the reason.") != "the reason.", kind
    assert refusal_words(SAY, "Unheard", "the reason.") == "the reason."


def test_a_refusal_is_told_in_the_reader_s_language() -> None:
    locked = Told("the PDF opens with a password only. Save a copy without it.")
    upload = Upload(
        "a.pdf", "refused", outcome=Outcome("a.pdf", "refused", error="PasswordNeeded", reason=locked)
    )
    korean = "거부됨: 비밀번호가 필요함: PDF가 비밀번호로만 열립니다. 비밀번호 없는 사본을 저장하십시오."
    russian = "Отклонено: нужен пароль: PDF открывается только с паролем. Сохраните копию без пароля."
    assert korean in uploads_html(Interface("ko"), [upload])
    assert russian in uploads_html(Interface("ru"), [upload])
    failed = Finding(
        "failed",
        "warning",
        Told("{error}: {reason}", error="PasswordNeeded", reason=locked),
        "/desk/a.pdf",
    )
    assert korean.removeprefix("거부됨: ") in health_html(
        Interface("ko"), Health(0, 0, (), {}, (failed,)), {}
    )


def test_a_note_is_told_in_the_reader_s_language_and_one_of_an_earlier_version_as_it_is() -> None:
    notes = (
        Note(
            "little_text",
            Told("its {pages} pages hold {n} characters in all. Is it a scan?", pages="3", n=1204),
        ),
        Note("hidden", "hidden sheets: {A}."),
    )
    html = documents_html(Interface("ru"), [row("A", *notes)], View())
    assert "Страниц: 3, а символов всего 1\xa0204. Это скан?" in html
    assert "Hidden sheets: {A}." in html


def test_what_a_name_inside_resolves_to_is_not_told() -> None:
    words = refusal_words(SAY, "ForbiddenAddress", "intranet leads to 10.0.0.7. Add it with --allow-private")
    assert "10.0.0.7" not in words
    assert "--allow-private" not in words


# Files on their way in


def last(seen: list[tuple[Upload, ...]]) -> list[tuple[str, str]]:
    return [(upload.name, upload.state) for upload in seen[-1]]


def test_each_file_is_told_of_and_each_copy_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / name for name in ("a.pdf", "empty.md", "locked.md", "b.md")]
    for path in paths:
        path.write_bytes(b"" if path.name == "empty.md" else b"text")

    def add(
        library: Library, data: bytes, source: str, *, on_read: Callable[[], None], keep_namesake: bool
    ) -> Outcome:
        if source == "locked.md":
            raise LibraryLocked("somebody writes.")
        if not data:
            return Outcome(source, "refused", error=EmptyFile.__name__, reason=Told("the file is empty."))
        page_read(2, 3)
        page_read(9, 3)  # no page of it
        on_read()
        return Outcome(source, "added", "1" * 32, "A")

    monkeypatch.setattr(uploads, "add_bytes", add)
    seen = list(add_all(NO_LIBRARY, paths))
    assert last(seen) == [
        ("a.pdf", "added"),
        ("empty.md", "refused"),
        ("locked.md", "refused"),
        ("b.md", "added"),
    ]
    assert [upload.outcome.error for upload in seen[-1] if upload.outcome and upload.outcome.error] == [
        EmptyFile.__name__,
        LibraryLocked.__name__,
    ]
    assert list(tmp_path.iterdir()) == []
    html = uploads_html(SAY, seen[-1])
    assert "4 of 4 done" in html
    assert "Empty: the file is empty." in html
    assert "<progress" not in html


def test_whatever_upload_is_refused_is_told_by_a_check_until_it_is_added(tmp_path: Path) -> None:
    def upload(text: str) -> None:
        path = tmp_path / "report.md"
        path.write_text(text, encoding="utf-8")
        list(add_all(library, [path]))

    with Library(tmp_path / "library", WordEncoder()) as library:
        for text in ("", "  \n"):
            upload(text)
            (found,) = [each for each in library.verify().findings if each.kind == "failed"]
            assert (found.source, str(found.message)) == ("report.md", "EmptyFile: the file is empty.")
            html = health_html(SAY, library.verify(), {})
            assert "report.md" in html and "Empty: the file is empty." in html
            library.clear_failure("report.md")
        upload("")
        upload("# A report\n\nThere are two wells in Tashmere.\n")
        assert library.failures() == []


@pytest.mark.parametrize("replaces", [False, True])
def test_a_namesake_is_replaced_only_where_that_is_asked_for(
    replaces: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[bool] = []

    def add(library: Library, data: bytes, source: str, *, keep_namesake: bool, **_: object) -> Outcome:
        kept.append(keep_namesake)
        return Outcome(source, "added", "1" * 32, "A")

    monkeypatch.setattr(uploads, "add_bytes", add)
    (tmp_path / "a.md").write_bytes(b"text")
    list(add_all(NO_LIBRARY, [tmp_path / "a.md"], replace_namesakes=replaces))
    assert kept == [not replaces]


def test_a_document_that_is_kept_beside_its_namesake_is_told_by_its_own_name() -> None:
    beside = Upload("a.md", "added", outcome=Outcome("a (2).md", "added", "1" * 32, "A"))
    html = uploads_html(SAY, [beside])
    assert "Added as “a (2).md”: another document is called the same, and it stays." in html
    assert "<img" not in uploads_html(
        SAY, [replace(beside, outcome=Outcome(f"{NASTY} (2)", "added", "1" * 32, "A"))]
    )
    fetched = Outcome("https://example.org/moved", "added", "1" * 32, "A")
    assert "Added: it can be asked about now." in uploads_html(
        SAY, [Upload("example.org", "added", outcome=fetched)]
    )


def test_a_bug_is_raised_and_leaves_no_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / "a.md", tmp_path / "b.md"]
    for path in paths:
        path.write_bytes(b"text")
    monkeypatch.setattr(uploads, "add_bytes", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        list(add_all(NO_LIBRARY, paths))
    assert list(tmp_path.iterdir()) == []


def test_nobody_needs_to_look_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"text")
    added: list[str] = []

    def add(
        library: Library, data: bytes, source: str, *, on_read: Callable[[], None], keep_namesake: bool
    ) -> Outcome:
        added.append(source)
        return Outcome(source, "added", "1" * 32, "A")

    monkeypatch.setattr(uploads, "add_bytes", add)
    going = add_all(NO_LIBRARY, [path])
    next(going)
    going.close()  # the browser has left
    for thread in [each for each in uploads.threading.enumerate() if each.name == "uploads"]:
        thread.join(20)
    assert added == ["a.md"]
    assert not path.exists()


@pytest.mark.parametrize(
    ("upload", "words", "bar"),
    [
        (Upload("a"), "Waiting", 'value="0" max="1"'),
        (Upload("a", "reading"), "Reading<", '<progress aria-label="a"></progress>'),
        (Upload("a", "reading", 12, 40), "Reading page 12 of 40", 'value="12" max="40"'),
        (Upload("a", "indexing", 40, 40), "indexed", '<progress aria-label="a"></progress>'),
    ],
)
def test_a_file_on_its_way_has_a_bar_and_words(upload: Upload, words: str, bar: str) -> None:
    html = uploads_html(SAY, [upload])
    assert words in html
    assert bar in html
    assert "<img" not in uploads_html(SAY, [replace(upload, name=NASTY)])


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("http://127.0.0.1:7860/source", "ForbiddenAddress"),
        ("localhost/x", "ForbiddenAddress"),
        ("http://10.1.2.3/", "ForbiddenAddress"),
        ("http://169.254.169.254/latest/meta-data", "ForbiddenAddress"),
        ("http://[::1]/", "ForbiddenAddress"),
        ("/etc/passwd", "UnusableAddress"),
        ("file:///etc/passwd", "UnusableAddress"),
        ("ftp://example.org/x", "UnusableAddress"),
        ("https://user:secret@example.org/", "UnusableAddress"),
        ("nonsense:\\", "UnusableAddress"),
        ("http://host:99999/", "UnusablePort"),
        ("host:99999", "UnusablePort"),
    ],
)
def test_an_address_leads_to_the_public_web_or_nowhere(address: str, error: str) -> None:
    (upload,) = list(add_all(NO_LIBRARY, addresses=[address]))[-1]
    assert upload.state == "refused"
    assert upload.outcome is not None
    assert upload.outcome.error == error


def test_a_path_is_no_address(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("# Secret\n\nNobody asked for this.\n")
    outcome = add_address(NO_LIBRARY, str(secret), reader=cast(Reader, None))
    assert (outcome.status, outcome.error) == ("refused", "UnusableAddress")


def test_addresses_are_parted_and_too_many_refused() -> None:
    assert addresses_in(" https://a.org/x\nb.org  https://a.org/x ") == ["https://a.org/x", "b.org"]
    assert addresses_in(" ") == []
    with pytest.raises(TooManyAddresses, match=str(MOST_ADDRESSES)):
        addresses_in(" ".join(f"a{number}.org" for number in range(MOST_ADDRESSES + 1)))

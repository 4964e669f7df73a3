"""The words of the page in Korean and Russian: all of them, none besides, with their values in them.

Those are the page's own (`say`), and what the packages below it tell their users (`Told`).
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from index.errors import UnknownDocument
from index.library import Library
from ingest import errors
from ingest.errors import Refused, UnknownFormat
from ingest.sandbox import Sandbox
from ingest.told import LocalPath, Told, both, sentences, unpack
from qa.answer import NoAnswer
from qa.errors import EmptyQuestion
from tests.index.synthetic import WordEncoder
from web.ask.answer_html import answer_html
from web.cards import error_html, extent_of
from web.interface import ENGLISH, FOLDER, NAMES, Interface, without_language
from web.words import sentence

TRANSLATED = [language for language in NAMES if language != ENGLISH]
ROOT = FOLDER.parents[1]
PACKAGES = ("ingest", "index", "qa", "web")
# All but that of an address inside, of which the page tells nothing more.
REFUSALS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Refused)
}
REFUSALS.discard("ForbiddenAddress")


@dataclass(frozen=True, slots=True)
class Said:
    """A call of `say`, `say.count`, `Told` or `Told.counted` in the code."""

    place: str
    forms: tuple[str, ...]  # the message, or that for one and that for many
    values: frozenset[str]


def calls(code: str, name: str = "") -> Iterator[Said]:
    """What Babel cannot do: its tokens of Python 3.11 do not open f-strings. Raises ValueError where a message
    is anything but a literal."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        counted = isinstance(node.func, ast.Attribute) and node.func.attr in ("count", "counted")
        said = node.func.value if counted and isinstance(node.func, ast.Attribute) else node.func
        if is_interface(said) or (isinstance(said, ast.Name) and said.id == "Told"):
            forms = tuple(ast.literal_eval(each) for each in node.args[: 2 if counted else 1])
            values = {each.arg for each in node.keywords if each.arg} | ({"n"} if counted else set())
            yield Said(f"{name}:{node.lineno}", forms, frozenset(values))


def is_interface(node: ast.expr) -> bool:
    """`say`, `self.say`, or `Interface(…)` itself."""
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id == "Interface"
    return (isinstance(node, ast.Name) and node.id == "say") or (
        isinstance(node, ast.Attribute) and node.attr == "say"
    )


@cache
def said() -> tuple[Said, ...]:
    return tuple(
        each
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        for each in calls(path.read_text(encoding="utf-8"), str(path.relative_to(ROOT)))
    )


def plain_refusals(code: str) -> Iterator[int]:
    """The lines of a code that make a Refused with a message in English alone."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
            plain = isinstance(message := node.args[-1], ast.Constant) and isinstance(message.value, str)
            if plain or isinstance(message, ast.JoinedStr):
                yield node.lineno


@cache
def catalog(language: str) -> Catalog:
    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def translations(language: str) -> dict[tuple[str, ...], tuple[str, ...]]:
    return {as_tuple(each.id): as_tuple(each.string) for each in catalog(language) if each.id and each.string}


def as_tuple(forms: str | Iterable[str]) -> tuple[str, ...]:
    return (forms,) if isinstance(forms, str) else tuple(forms)


def values_in(*forms: str) -> set[str]:
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name is not None}


def test_messages_are_found_wherever_they_are_said() -> None:
    code = """
say("a")
f"<p>{escape(say('b {x}', x=1))}</p>"
self.say.count("{n} c", "{n} cs", 3, y=2)
Interface("ko")("d")
text.count("e", 0, 5)
raise EmptyFile(source, Told("f {z}", z=Told.counted("{n} g", "{n} gs", 2)))
"""
    assert {each.forms: set(each.values) for each in calls(code)} == {
        ("a",): set(),
        ("b {x}",): {"x"},
        ("{n} c", "{n} cs"): {"n", "y"},
        ("d",): set(),
        ("f {z}",): {"z"},
        ("{n} g", "{n} gs"): {"n"},
    }
    with pytest.raises(ValueError, match="malformed"):
        list(calls("say(title)"))
    with pytest.raises(ValueError, match="malformed"):
        list(calls('Told(f"{size} bytes")'))


def test_every_message_is_given_the_values_that_it_names() -> None:
    assert len(said()) > 500
    for each in said():
        for form in each.forms:  # one twice would make what is unpacked longer than what was packed
            names = [name for _, name, _, _ in Formatter().parse(form) if name is not None]
            assert len(names) == len(set(names)), each.place
        if each.values:  # without any nothing is replaced: library.js puts the size of a file in
            assert values_in(*each.forms) <= each.values, each.place
            assert each.values - values_in(*each.forms) <= {"n"}, each.place


def test_every_refusal_that_the_page_shows_can_be_translated() -> None:
    made = 'EmptyFile(source, "x")\nEmptyFile(source, f"{x}")\nEmptyFile(source, Told("x"))\nlist("x")'
    assert list(plain_refusals(made)) == [1, 2]
    shown = [
        path for package in ("ingest", "index", "web") for path in sorted((ROOT / package).rglob("*.py"))
    ]
    plain = {str(path): list(plain_refusals(path.read_text(encoding="utf-8"))) for path in shown}
    assert {path: lines for path, lines in plain.items() if lines} == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_message_is_translated_and_nothing_else(language: str) -> None:
    wanted = {each.forms: each.place for each in said()}
    told = translations(language)
    assert {forms: place for forms, place in wanted.items() if forms not in told} == {}
    assert told.keys() - wanted.keys() == set()
    assert catalog(language).obsolete == {}
    assert not catalog(language).fuzzy
    for forms, strings in told.items():
        assert len(strings) == (catalog(language).num_plurals if len(forms) == 2 else 1), forms
        assert all(string.strip() for string in strings), forms


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_hold_the_values_of_the_message(language: str) -> None:
    for forms, strings in translations(language).items():
        for string in strings:  # each of them, for a Russian "one" is 21 as well
            assert values_in(string) == values_in(*forms), string


@pytest.mark.parametrize(
    ("number", "russian", "korean"),
    [
        (1, "1 документ", "문서 1개"),
        (2, "2 документа", "문서 2개"),
        (5, "5 документов", "문서 5개"),
        (11, "11 документов", "문서 11개"),
        (21, "21 документ", "문서 21개"),
        (1204, "1\xa0204 документа", "문서 1,204개"),
    ],
)
def test_nouns_go_with_their_number(number: int, russian: str, korean: str) -> None:
    forms = ("{n} document", "{n} documents")
    assert Interface("ru").count(*forms, number) == russian
    assert Interface("ko").count(*forms, number) == korean


@pytest.mark.parametrize("number", [1, 2, 5, 21])
def test_a_sentence_keeps_its_number_in_every_form(number: int) -> None:
    one, many = next(each.forms for each in said() if each.forms[0].startswith("Only the source ticked"))
    assert str(number) in Interface("ru").count(one, many, number)
    assert (str(number) in Interface().count(one, many, number)) == (number > 1)


def test_values_are_put_in_as_they_are() -> None:
    assert Interface("ko")("Remove “{title}”?", title="{x} & ко") == "“{x} & ко”을(를) 삭제하시겠습니까?"
    assert Interface("ru")("page {label}", label="iv") == "с.\xa0iv"
    assert Interface()("page {label}", label="iv") == "page iv"


# What is told below the page

REASON = Told(
    "No passage of the library holds {words}; the nearest passages speak of {instead}, not of {asked}.",
    words=["{tin}", "gold"],
    instead=both([Told("number {number}", number="3"), Told("number {number}", number="16")]),
    asked=Told("number {number}", number="15"),
)


def test_what_is_told_is_said_in_the_reader_s_language_with_what_stands_in_it() -> None:
    assert Interface().told(REASON) == str(REASON)
    assert Interface("ko").told(REASON) == (
        "라이브러리의 어느 발췌에도 {tin}, gold이(가) 없습니다. 가장 가까운 발췌에 있는 것은 3번째 및 16번째이며 "
        "15번째이(가) 아닙니다."
    )
    assert Interface("ru").told(REASON) == (
        "Ни в одном фрагменте библиотеки нет слов: {tin}, gold; в ближайших фрагментах стоит номер 3 и номер 16, "
        "а не номер 15."
    )


@pytest.mark.parametrize(
    ("number", "russian", "korean"),
    [
        (1, "из 1 документа", "문서 1개"),
        (3, "из 3 документов", "문서 3개"),
        (1204, "из 1\xa0204 документов", "문서 1,204개"),
    ],
)
def test_what_is_told_goes_with_its_number(number: int, russian: str, korean: str) -> None:
    one, many = next(
        each.forms for each in said() if each.forms[0].startswith("The nearest passages, from {n}")
    )
    told = Told.counted(one, many, number)
    assert russian in Interface("ru").told(told)
    assert korean in Interface("ko").told(told)


@pytest.mark.parametrize("language", NAMES)
def test_where_the_library_lies_is_told_at_the_console_alone(tmp_path: Path, language: str) -> None:
    folder = tmp_path / "shelf"
    say = Interface(language)
    with Library(folder, WordEncoder()) as library:
        for fail in (library.card, library.document, library.release):
            with pytest.raises(UnknownDocument) as unknown:
                fail("nowhere.pdf")
            assert str(unknown.value).startswith(f"{folder} holds no document ")
            told = say.told(unknown.value.told)
            assert "shelf" in told and "nowhere.pdf" in told
            assert str(tmp_path) not in told + error_html(say, unknown.value)
        locked = say.told(
            Told(
                "{folder} has been busy for {seconds} seconds. Try again.",
                folder=LocalPath(folder),
                seconds="5",
            )
        )
        assert "shelf" in locked and str(tmp_path) not in locked


@pytest.mark.parametrize("language", NAMES)
def test_what_cannot_be_said_otherwise_is_shown_as_it_is(language: str) -> None:
    say = Interface(language)
    assert (
        say.told("Library {title} & so on") == "Library {title} & so on"
    )  # a word of the page, and not Told
    assert say.told("") == ""
    forged = unpack(json.dumps({"told": "Unheard of {x}.", "many": "", "values": {"x": "{y}", "z": 1}}))
    assert say.told(forged) == "Unheard of {y}."
    one = "Only the source ticked on the left was searched."  # its translations name the number
    forged = unpack(json.dumps({"told": one, "many": "", "values": {"x": 1}}))
    assert say.told(forged)


def test_the_reason_of_no_answer_is_shown_in_the_reader_s_language(tmp_path: Path) -> None:
    with Library(tmp_path / "library", WordEncoder()) as library:
        nothing = NoAnswer(
            "Why?", Told("The nearest passages do not speak of {names}.", names="<Osh>"), 0.1, ()
        )
        shown = {
            language: answer_html(Interface(language), nothing, library, extent_of(())) for language in NAMES
        }
    assert "The nearest passages do not speak of &lt;Osh&gt;." in shown["en"]
    assert "가장 가까운 발췌에는 &lt;Osh&gt;에 관한 내용이 없습니다." in shown["ko"]
    assert "В ближайших фрагментах не упоминается &lt;Osh&gt;." in shown["ru"]


def test_an_error_of_a_reader_s_process_is_shown_in_the_reader_s_language() -> None:
    with Sandbox(workers=1) as sandbox, pytest.raises(UnknownFormat) as refused:
        sandbox.read(b"x", "/desk/{a}.xyz")
    for language, words in (
        ("en", "/desk/{a}.xyz: there is no reader for “.xyz” files. Readable are .pdf, .html, "),
        ("ko", "/desk/{a}.xyz: “.xyz” 파일은 읽을 수 없습니다. 읽을 수 있는 형식: .pdf, .html, "),
        ("ru", "/desk/{a}.xyz: файлы «.xyz» не читаются. Читаются: .pdf, .html, "),
    ):
        assert words in error_html(Interface(language), refused.value)
    assert str(refused.value).startswith(
        "/desk/{a}.xyz: there is no reader for “.xyz” files. Readable are .pdf, "
    )


def test_a_sentence_by_itself_begins_with_a_capital_and_ends_with_a_stop() -> None:
    assert sentence(Interface(), "the library is busy") == "The library is busy."
    assert sentence(Interface(), "is it whole?") == "Is it whole?"
    assert sentence(Interface(), "“look at it.”") == "“look at it.”"
    assert sentence(Interface(), "") == ""
    assert "<p>Вопрос пуст; задайте его предложением или несколькими ключевыми словами.</p>" in error_html(
        Interface("ru"), EmptyQuestion()
    )


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("name", ["bad.jsonl", "https://example.org/x", "iPhone.pdf"])
def test_a_name_at_the_beginning_of_a_sentence_keeps_its_letters(language: str, name: str) -> None:
    say = Interface(language)
    refused = UnknownFormat(name, Told("this is no regular file."))
    assert f"<p>{name}: " in error_html(say, refused)
    shown = sentence(say, sentences(refused.told, Told("the file is empty.")))
    assert shown.startswith(f"{name}: ")


def test_a_sentence_inside_a_sentence_begins_with_a_capital() -> None:
    told = sentences(Told("the file is empty."), Told("this is no regular file."))
    assert sentence(Interface(), told).startswith("The file is empty.")
    assert sentence(Interface("ru"), told).startswith("В файле ничего нет.")


def test_languages_are_called_as_their_readers_call_them() -> None:
    assert [Interface(each).name for each in NAMES] == ["English", "한국어", "Русский"]
    assert [Interface(each).home for each in NAMES] == ["/", "/ko/", "/ru/"]
    assert [Interface(each).language_of("ko") for each in NAMES] == ["Korean", "한국어", "Корейский"]
    assert Interface("ru").language_of("xx-none") == "XX-NONE"


@pytest.mark.parametrize("language", ["", "de", "KO", "ko/../ru"])
def test_another_language_is_refused(language: str) -> None:
    with pytest.raises(KeyError):
        Interface(language)


@pytest.mark.parametrize(
    ("path", "english"),
    [
        ("/ko/config", "/config"),
        ("/ru/", "/"),
        ("/ko", "/"),
        ("/", "/"),
        ("/config", "/config"),
        ("/en/config", "/en/config"),
        ("/korea/ko/", "/korea/ko/"),
        ("/ko/ru/x", "/ru/x"),
    ],
)
def test_a_path_without_its_language(path: str, english: str) -> None:
    assert without_language(path) == english


def test_catalogs_have_no_names_of_people_nor_dates() -> None:
    for language in TRANSLATED:
        header = (FOLDER / f"{language}.po").read_text(encoding="utf-8").partition("\n\n")[0]
        assert "ADDRESS" not in header
        assert "YEAR" not in header
        assert f'"Language: {language}\\n"' in header

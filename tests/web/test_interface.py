"""The words of the page in Korean and Russian: all of them, none besides, with their values in them."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from web.interface import ENGLISH, FOLDER, NAMES, Interface, without_language

TRANSLATED = [language for language in NAMES if language != ENGLISH]


@dataclass(frozen=True, slots=True)
class Said:
    """A call of `say` or `say.count` in the code."""

    place: str
    forms: tuple[str, ...]  # the message, or that for one and that for many
    values: frozenset[str]


def calls(code: str, name: str = "") -> Iterator[Said]:
    """What Babel cannot do: its tokens of Python 3.11 do not open f-strings. Raises ValueError where a message
    is anything but a literal."""
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        counted = isinstance(node.func, ast.Attribute) and node.func.attr == "count"
        said = node.func.value if counted and isinstance(node.func, ast.Attribute) else node.func
        if is_interface(said):
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
    web = FOLDER.parent
    return tuple(
        each
        for path in sorted(web.rglob("*.py"))
        for each in calls(path.read_text(encoding="utf-8"), str(path.relative_to(web)))
    )


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
"""
    assert {each.forms: set(each.values) for each in calls(code)} == {
        ("a",): set(),
        ("b {x}",): {"x"},
        ("{n} c", "{n} cs"): {"n", "y"},
        ("d",): set(),
    }
    with pytest.raises(ValueError, match="malformed"):
        list(calls("say(title)"))


def test_every_message_is_given_the_values_that_it_names() -> None:
    assert len(said()) > 300
    for each in said():
        if each.values:  # without any nothing is replaced: library.js puts the size of a file in
            assert values_in(*each.forms) <= each.values, each.place
            assert each.values - values_in(*each.forms) <= {"n"}, each.place


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

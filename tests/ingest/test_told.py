"""English text that knows what it was made of, and brings that through storage and other processes."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Mapping

import pytest

from ingest.errors import EmptyFile, HttpError, VerbatimError
from ingest.told import LocalPath, Told, Value, both, either, first_of, pack, sentences, unpack

NESTED = Told(
    "{what} has {size} bytes in {parts}.",
    what=Told("the file “{name}”", name="{size} \ud800"),
    size=1204,
    parts=("a", Told.counted("{n} page", "{n} pages", 3)),
)


def parts_of(value: Value) -> object:
    """All that a Told is made of, as plain values."""
    if isinstance(value, Told):
        return (str(value), value.sentence, value.many, {n: parts_of(v) for n, v in value.values.items()})
    return value if isinstance(value, str | int) else [parts_of(each) for each in value]


def test_it_is_the_english_text() -> None:
    assert NESTED == "the file “{size} \ud800” has 1,204 bytes in a, 3 pages."
    assert type(str(NESTED)) is str
    assert json.dumps([Told("{a}, {b}", a="x", b=2)]) == '["x, 2"]'
    assert Told("no value") == "no value"


@pytest.mark.parametrize(
    ("number", "text"), [(0, "0 pages"), (1, "1 page"), (2, "2 pages"), (1204, "1,204 pages")]
)
def test_the_form_goes_with_the_number(number: int, text: str) -> None:
    assert Told.counted("{n} page", "{n} pages", number) == text


def test_a_path_is_told_in_full_and_knows_its_last_part() -> None:
    told = Told("{folder} is full", folder=LocalPath("/srv/desk/library"))
    assert told == "/srv/desk/library is full"
    for copied in (copy.deepcopy(told), pickle.loads(pickle.dumps(told))):
        folder = copied.values["folder"]
        assert isinstance(folder, LocalPath) and folder.name == "library"
    assert unpack(pack(told)) == told


def test_a_name_without_a_value_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        Told("{size} bytes")


def test_several_are_listed() -> None:
    names = [Told("a"), "b", "c"]
    assert [both(names[:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
    assert [either(names[:n]) for n in (1, 2, 3)] == ["a", "a or b", "a, b or c"]


def test_sentences_follow_each_other_and_the_first_is_found_again() -> None:
    three = sentences(Told("It is {what}.", what="broken"), "", "Mend it.", "Go on.")
    assert three == "It is broken. Mend it. Go on."
    assert parts_of(first_of(three)) == parts_of(Told("It is {what}.", what="broken"))
    assert first_of("It is broken. Mend it.") == "It is broken. Mend it."


@pytest.mark.parametrize(
    "kept", [copy.deepcopy, lambda told: pickle.loads(pickle.dumps(told)), lambda told: unpack(pack(told))]
)
def test_it_comes_back_with_all_that_it_is_made_of(kept: Callable[[Told], str]) -> None:
    assert isinstance(kept(NESTED), Told)
    assert parts_of(kept(NESTED)) == parts_of(NESTED)


def test_plain_text_is_packed_as_it_is() -> None:
    """So did the version before store every message: what it wrote is read as it was."""
    for text in ("", "Nothing stands on them.", "{braces}", '{"told"', "[1]"):
        assert pack(text) == text
        assert type(unpack(text)) is str
        assert unpack(text) == text


def packed(sentence: object = "{a}", many: object = "", values: object = None) -> str:
    return json.dumps({"told": sentence, "many": many, "values": {"a": "x"} if values is None else values})


def deep(levels: int) -> Mapping[str, object]:
    inner: object = "x"
    for _ in range(levels):
        inner = {"told": "{a}", "many": "", "values": {"a": inner}}
    return {"a": inner}


@pytest.mark.parametrize(
    "text",
    [
        packed()[:-1],
        packed(sentence=""),
        packed(sentence=7),
        packed(sentence="{b}"),
        packed(sentence="{a}{a}"),
        packed(many="{n} {n}", values={"a": "x", "n": 1}),
        packed(many="{n}", values={"a": "x", "n": "1"}),
        packed(many="{n}"),
        packed(values=["a"]),
        packed(values={"a": 1.5}),
        packed(values={"a": None}),
        packed(values={"a": True}),
        packed(values={"a": 10**30}),
        packed(values={"a": {"told": "{b}", "many": "", "values": {}}}),
        packed(values=deep(20)),
        '{"told":' + "[" * 100_000,
        '{"told":' * 100_000,
    ],
)
def test_what_nobody_packed_stays_text(text: str) -> None:
    assert unpack(text) == text
    assert not isinstance(unpack(text), Told)


def test_no_format_of_a_forged_sentence_is_followed() -> None:
    forged = unpack(packed("{a} {a.__class__} {a:>999999999} {0}"))
    assert forged == packed("{a} {a.__class__} {a:>999999999} {0}")
    forged = unpack(packed("{a} {a.__class__} {a:>999999999}"))
    assert isinstance(forged, Told)
    assert forged == "x {a.__class__} {a:>999999999}"


def test_an_error_tells_what_it_was_raised_with() -> None:
    error = EmptyFile("/a.md", Told("the file is empty."))
    assert str(error) == "/a.md: the file is empty." == error.told
    assert isinstance(error.told, Told)
    assert isinstance(error.reason, Told)
    assert (
        HttpError("https://a.kz", 404, "Go.").told == "https://a.kz: the server answered with status 404: Go."
    )
    assert VerbatimError("plain").told == "plain"
    assert VerbatimError().told == ""

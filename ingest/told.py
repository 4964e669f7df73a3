"""Sentences for the user that other languages can say as well: English text that knows what it was made of.

In: a sentence with `{names}` in it, and their values. Out: a `Told`, which is that text in English wherever text is
asked for, and from which the page's `Interface.told` makes the same sentence in its reader's language.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

# Several are told one after the other, with commas; a number is grouped as the language does it.
Value = str | int | Sequence["Value"]

_NAME = re.compile(r"\{(\w+)\}")
_PACKED = '{"told":'
_LARGEST = 10**15  # number that is unpacked; one of thousands of digits cannot be grouped
_DEEPEST = 10  # Told in Told that are unpacked; each holds its own text, and here at most five do


class LocalPath(str):
    """A path on this machine: told in full at its console, and by its last part to whoever asks over the web."""

    __slots__ = ()

    @property
    def name(self) -> str:
        return PurePath(self).name


class Told(str):
    """English text, the sentence that it is made from, and its values; these may be Told themselves.

    `Told("the file has {size} bytes", size=1204)` == "the file has 1,204 bytes". Raises KeyError for a name
    without a value. `many` is "", or the form of the sentence for other numbers than one; the number is `n`.
    """

    __slots__ = ("many", "sentence", "values")
    sentence: str
    many: str
    values: Mapping[str, Value]

    def __new__(cls, sentence: str, /, **values: Value) -> Told:
        return _made(sentence, "", values)

    @staticmethod
    def counted(one: str, many: str, number: int, /, **values: Value) -> Told:
        """The form that goes with the number, which stands in it as `{n}`."""
        return _made(one, many, {"n": number, **values})

    def __reduce__(self) -> tuple[Callable[..., Told], tuple[object, ...]]:
        return _made, (self.sentence, self.many, self.values)

    @property
    def number(self) -> int:
        """What decides between the forms; 1 where there is one form alone."""
        number = self.values["n"] if self.many else 1
        return number if isinstance(number, int) else 1

    def filled(self, sentence: str, words: Callable[[Value], str]) -> str:
        """A translation of the sentence with the values in it, in what `words` makes of each.

        A name without a value stays: a process that forges a sentence cannot have an error raised here.
        """
        return _NAME.sub(
            lambda found: words(self.values[found[1]]) if found[1] in self.values else found[0], sentence
        )

    def with_texts(self, change: Callable[[str], str]) -> Told:
        """The same with every text in it changed, the sentence too."""
        values = {name: _changed(value, change) for name, value in self.values.items()}
        return _made(change(self.sentence), change(self.many), values)


def sentences(*several: str) -> str:
    """One after the other; "" is none."""
    first, *others = filter(None, several)
    for then in others:
        first = Told("{first} {then}", first=first, then=then)
    return first


def first_of(told: str) -> str:
    """The first of what `sentences` put together."""
    while isinstance(told, Told) and told.values.keys() == {"first", "then"}:
        first = told.values["first"]
        told = first if isinstance(first, str) else ""
    return told


def both(several: Sequence[Value]) -> Value:
    """ "a, b and c" """
    *others, last = several
    return Told("{others} and {last}", others=tuple(others), last=last) if others else last


def either(several: Sequence[Value]) -> Value:
    """ "a, b or c" """
    *others, last = several
    return Told("{others} or {last}", others=tuple(others), last=last) if others else last


def pack(text: str) -> str:
    """As text that can be stored or sent, from which `unpack` makes it again; what is not Told stays as it is."""
    return json.dumps(_record(text)) if isinstance(text, Told) else text


def unpack(text: str) -> str:
    """What was packed; any other text, such as an earlier version stored, as it is.

    It may come from a process that a file has taken over: no name in it is without a value or there twice, and
    none stands deep in another, so that what comes out is about as long as what was packed.
    """
    if not text.startswith(_PACKED):
        return text
    try:
        told = _value(json.loads(text))
    except (ValueError, RecursionError):
        return text
    return told if isinstance(told, Told) else text


def _made(sentence: str, many: str, values: Mapping[str, Value]) -> Told:
    chosen = many if many and values["n"] != 1 else sentence
    told = str.__new__(Told, _NAME.sub(lambda found: _english(values[found[1]]), chosen))
    told.sentence, told.many, told.values = sentence, many, values
    return told


def _english(value: Value) -> str:
    if isinstance(value, str):
        return str(value)
    return f"{value:,}" if isinstance(value, int) else ", ".join(map(_english, value))


def _changed(value: Value, change: Callable[[str], str]) -> Value:
    if isinstance(value, Told):
        return value.with_texts(change)
    if isinstance(value, str):
        return change(value)
    return value if isinstance(value, int) else tuple(_changed(each, change) for each in value)


def _record(value: Value) -> object:
    if isinstance(value, Told):
        values = {name: _record(each) for name, each in value.values.items()}
        return {"told": value.sentence, "many": value.many, "values": values}
    return value if isinstance(value, str | int) else [*map(_record, value)]


def _value(record: object, deepest: int = _DEEPEST) -> Value:
    """Raises ValueError for what `_record` does not make."""
    if not deepest:
        raise ValueError("too deep")
    match record:
        case bool():
            raise ValueError("neither text nor a number")
        case str():
            return record
        case int() if abs(record) <= _LARGEST:
            return record
        case [*several]:
            return tuple(_value(each, deepest - 1) for each in several)
        case {"told": str(sentence), "many": str(many), "values": dict(values)} if sentence:
            found = {name: _value(value, deepest - 1) for name, value in values.items()}
            if (not many or isinstance(found.get("n"), int)) and all(
                len(set(names)) == len(names) and found.keys() >= set(names)
                for names in map(_NAME.findall, (sentence, many))
            ):
                return _made(sentence, many, found)
    raise ValueError("this was not packed")

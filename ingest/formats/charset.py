"""Bytes become text: the charset a byte order mark or the file states, else the one that fits.

In: bytes, and a charset if the file names one. Out: the text, or UndecodableText. The charsets in
which Korean and Russian were written before UTF-8 are tried first, because charset-normalizer needs
more than a short note to recognise them.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

from charset_normalizer import from_bytes

from ..errors import UndecodableText
from ..told import Told, sentences

# Longest first: the mark of UTF-32 begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LATIN = ("cp1252", "cp1254", "cp1250")  # preferred in this order where charset-normalizer sees no difference
_MAINFRAME = ["cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140"]  # they explain any bytes
_CONTROLS = [bytes([code]) for code in range(0x20) if code not in b"\t\n\v\f\r\x1a\x1b"]
MOST_CHAOS = 0.1  # of charset-normalizer's measure of disorder, from 0 to 1
SAMPLE = 64 * 1024  # bytes that are enough to tell a charset
HINT = Told("Save it as UTF-8.")


def decode(data: bytes, source: str, stated: str = "") -> str:
    """The text of `data`; raises UndecodableText where no charset explains the bytes."""
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return _strict(data, charset, source)
    if b"\0" in data[:SAMPLE]:
        raise UndecodableText(
            source, Told("this is not text: it holds zero bytes, as programs and pictures do.")
        )
    if sum(map(data[:SAMPLE].count, _CONTROLS)) > 0.02 * len(data[:SAMPLE]):
        raise UndecodableText(source, Told("this is not text: it is full of control characters."))
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if stated and (text := _as_stated(data, stated)) is not None:
        return text
    return data.decode(_guess(data, source))


def _strict(data: bytes, charset: str, source: str) -> str:
    try:
        return data.decode(charset)
    except UnicodeDecodeError as error:
        raise UndecodableText(
            source, sentences(Told("it begins as {charset} does, and is not.", charset=charset), HINT)
        ) from error


def _as_stated(data: bytes, charset: str) -> str | None:
    try:
        return data.decode(charset)
    except (LookupError, UnicodeError):  # no such charset, or not in it
        return None


def _guess(data: bytes, source: str) -> str:
    for charset, looks_right in _REGIONAL:
        text = _as_stated(data, charset)
        if text is not None and looks_right(text[:SAMPLE]):
            return charset
    matches = list(from_bytes(data[:SAMPLE], cp_exclusion=_MAINFRAME))
    best = matches[0] if matches else None
    if best is None or best.chaos > MOST_CHAOS:
        raise UndecodableText(source, sentences(Told("no charset explains its bytes."), HINT))
    equal = [m.encoding for m in matches if m.chaos == best.chaos and m.coherence == best.coherence]
    mostly_ascii = sum(byte < 0x80 for byte in data[:SAMPLE]) > 0.7 * len(data[:SAMPLE])
    preferred = [charset for charset in _LATIN if mostly_ascii and charset in equal]
    charset = str((preferred or equal)[0])
    if _as_stated(data, charset) is None:  # the sample fits and the rest does not
        raise UndecodableText(
            source, sentences(Told("it begins like {charset} and does not go on so.", charset=charset), HINT)
        )
    return charset


def _is_korean(text: str) -> bool:
    foreign = [char for char in text if not char.isascii()]
    hangul = sum("\uac00" <= char <= "\ud7a3" for char in foreign)
    others = sum(char.isalpha() for char in foreign) - hangul
    return hangul > 0.7 * len(foreign) and others <= 0.02 * len(foreign)


def _is_cyrillic(text: str) -> bool:
    # Read in another Cyrillic charset, a text is still Cyrillic, but its capitals fall inside words.
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    regular = sum(
        all("\u0400" <= char <= "\u04ff" for char in word)
        and (word.islower() or word.isupper() or word[1:].islower())
        for word in words
    )
    odd = sum(not char.isalpha() and char not in _CYRILLIC_MARKS for char in text if not char.isascii())
    return regular > 0.95 * len(words) and odd <= 0.05 * len(text)


_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC_MARKS = "«»“”„‘’–—…№\xa0•©§°\xad"
_REGIONAL: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("cp949", _is_korean),
    ("cp1251", _is_cyrillic),
    ("koi8_r", _is_cyrillic),
    ("cp866", _is_cyrillic),
)

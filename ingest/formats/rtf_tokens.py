"""The tokens of Rich Text: braces, control words, and the bytes between them.

In: the bytes of an RTF file. Out: its tokens in order. Binary data is passed over unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    rb"(?P<brace>[{}])"
    rb"|\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?[0-9]{1,10})? ?"
    rb"|(?P<hex>(?:\\'[0-9a-fA-F]{2})+)"
    rb"|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<text>[^\\{}\r\n\0]+)"
    rb"|[\r\n\0]+"
    rb"|\\",  # at the very end
    re.DOTALL,
)


class Token(NamedTuple):
    """`kind` is "{", "}", "word", "symbol" or "text"; `number` is None where a word has none.

    Bytes that are written in hexadecimal are text like others.
    """

    kind: str
    value: bytes
    number: int | None = None


def tokens(data: bytes) -> Iterator[Token]:
    """All tokens from the first brace on; whatever the bytes are, they end."""
    place = 0
    while match := _TOKEN.match(data, place):
        place = match.end()
        kind, value = match.lastgroup, match[0]
        if kind == "brace":
            yield Token(value.decode("ascii"), b"")
        elif kind in ("word", "number"):
            number = int(match["number"]) if match["number"] else None
            if match["word"] == b"bin":
                place += max(number or 0, 0)
            else:
                yield Token("word", match["word"], number)
        elif kind == "hex":
            yield Token("text", bytes.fromhex(value.replace(b"\\'", b"").decode("ascii")))
        elif kind == "symbol":
            yield Token("symbol", match["symbol"])
        elif kind == "text":
            yield Token("text", value)

"""E-mail messages (.eml): the subject as title, the sender as author, the text with its quoted replies.

In: the bytes of a message. Out: its Content. Of a text and its copy in HTML the text is read; forwarded
messages are read where they stand, attachments are named in a note.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from ..errors import DamagedFile, EmptyFile, PasswordNeeded, TooLarge
from ..told import Told, sentences
from . import tabbed
from .charset import decode
from .draft import Content, Draft, clean, one_line
from .html import add_page

MOST_PARTS = 1_000
DEEPEST = 50  # messages and multiparts inside each other

_PART = re.compile(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_QUOTED = re.compile(r"(?:>[ ]?)*")
_SEVEN_BIT = re.compile(r"iso-2022|utf-7|hz", re.IGNORECASE)  # such bytes look like ASCII, and so like UTF-8


def read(data: bytes, source: str) -> Content:
    """Raises DamagedFile, TooLarge, PasswordNeeded, UndecodableText and EmptyFile."""
    parts = sum(1 for _ in _PART.finditer(data))
    if parts > MOST_PARTS:
        raise TooLarge(
            source, Told("it has {parts} parts; the limit is {limit}.", parts=parts, limit=MOST_PARTS)
        )
    try:
        message = message_from_bytes(data.lstrip())
    except RecursionError:
        raise TooLarge(
            source, Told("its parts stand more than {deepest} deep in each other.", deepest=DEEPEST)
        ) from None
    if not any(message.get(name) for name in ("from", "subject", "date", "received", "mime-version")):
        raise DamagedFile(source, Told("it has no headers of a message: no From, no Subject, no Date."))
    letter = _Letter(source)
    letter.add(message, depth=1, level=1)
    attachments = letter.attachments
    if not letter.has_text:
        if letter.is_encrypted:
            raise PasswordNeeded(
                source, Told("the message is encrypted. Save it decrypted in the mail program.")
            )
        told = Told("the message holds no text.")
        if attachments:
            hint = Told("Save its attachments and add them as files: {names}.", names=attachments)
            raise EmptyFile(source, sentences(told, hint))
        raise EmptyFile(source, told)
    if attachments:
        hint = Told("Attachments were not read: {names}. Save them and add them as files.", names=attachments)
        letter.draft.note("attachments", hint)
    return letter.draft.finish()


class _Letter:
    """Goes through a message and the messages in it, and feeds a draft."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.draft = Draft()
        self.attachments: list[str] = []
        self.has_text = False  # more than subjects
        self.is_encrypted = False

    def add(self, message: Message, depth: int, level: int) -> None:
        """Appends a message: its subject heads a section, the first one's headers describe the document."""
        subject = _header(message, "subject", self.source)
        self.draft.heading(subject, level)
        self.draft.state(
            "file",
            title=subject,
            authors=_senders(_header(message, "from", self.source)) if level == 1 else [],
            published=_day(_header(message, "date", self.source)) if level == 1 else "",
        )
        self._part(message, depth, level)

    def _part(self, part: Message, depth: int, level: int) -> None:
        if depth > DEEPEST:
            raise TooLarge(
                self.source, Told("its parts stand more than {deepest} deep in each other.", deepest=DEEPEST)
            )
        kind = part.get_content_type()
        payload = part.get_payload()
        inside = (
            [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []
        )
        if kind in {"multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"}:
            self.is_encrypted = True
        elif kind == "message/rfc822":
            for message in inside:
                self.add(message, depth + 1, level + 1)
        elif inside:
            for child in _preferred(inside) if kind == "multipart/alternative" else inside:
                self._part(child, depth + 1, level)
        elif kind in {"text/plain", "text/html"} and part.get_content_disposition() != "attachment":
            self._text(part, kind)
        elif not kind.startswith("multipart/"):
            self.attachments.append(_file_name(part, self.source) or f"a part of type {kind}")

    def _text(self, part: Message, kind: str) -> None:
        text = _decoded(part, self.source)
        if not text.strip():
            return
        if kind == "text/html":
            try:
                add_page(self.draft, text, self.source)
            except EmptyFile:  # pictures alone
                return
        else:
            if part.get_param("format") == "flowed":
                text = _unflowed(text, joins_words=part.get_param("delsp") == "yes")
            for block in re.split(r"\n[^\S\n\t]*(?=\n)", text):
                _add_block(self.draft, block.strip("\n").split("\n"))
        self.has_text = True


def _preferred(parts: Sequence[Message]) -> list[Message]:
    """Of the same text in several forms the plain one, unless it is empty; else the last, as senders mean it."""
    for part in parts:
        payload = part.get_payload(decode=True)
        if part.get_content_type() == "text/plain" and isinstance(payload, bytes) and payload.strip():
            return [part]
    return [parts[-1]]


def _decoded(part: Message, source: str) -> str:
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    stated = part.get_content_charset() or ""
    if _SEVEN_BIT.match(stated):
        try:
            return clean(data.decode(stated))
        except (LookupError, UnicodeDecodeError):
            pass
    return clean(decode(data, source, stated)) if data.strip() else ""


def _unflowed(text: str, joins_words: bool) -> str:
    """The lines that format=flowed broke made whole again (RFC 3676): they end with a space."""
    lines: list[str] = []
    flows, depth = False, 0
    for line in text.split("\n"):
        marks = _QUOTED.match(line)
        quote = marks.group() if marks else ""
        own_depth = quote.count(">")
        rest = line[len(quote) :].removeprefix(" ") if quote else line.removeprefix(" ")
        if flows and own_depth == depth and line != "-- ":
            lines[-1] = (lines[-1][:-1] if joins_words else lines[-1]) + rest
        else:
            lines.append(quote + rest)
        flows, depth = line.endswith(" ") and line != "-- ", own_depth
    return "\n".join(lines)


def _add_block(draft: Draft, lines: Sequence[str]) -> None:
    """A paragraph. What is quoted keeps its marks where it begins, and not inside its sentences."""
    before, open_lines = "", list[str]()
    for line in lines:
        match = _QUOTED.match(line)
        quote = (match.group() if match else "").replace(" ", "")
        text = line[match.end() :] if match else line
        if quote != before or not text.strip():
            tabbed.add_lines(draft, open_lines)
            open_lines = []
            before = quote
        if text.strip():
            open_lines.append(f"{quote} {text}" if quote and not open_lines else text)
    tabbed.add_lines(draft, open_lines)


# --- headers ---


def _header(message: Message, name: str, source: str) -> str:
    """A header as text, its encoded words and its bytes of any charset decoded."""
    raw = next((str(value) for key, value in message.raw_items() if key.lower() == name), "")
    if not raw.isascii():  # bytes sent as they were, against the standard
        return one_line(decode(raw.encode("utf-8", "surrogateescape"), source))
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, ValueError):
        return one_line(raw)
    texts = [
        piece if isinstance(piece, str) else _word(piece, charset or "", source) for piece, charset in pieces
    ]
    return one_line("".join(texts))


def _word(data: bytes, charset: str, source: str) -> str:
    if _SEVEN_BIT.match(charset):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError):
            return data.decode("ascii", "replace")
    return decode(data, source, charset)


def _senders(header: str) -> list[str]:
    """The names in a From header; the addresses of those without one."""
    return [one_line(name) or address for name, address in getaddresses([header])]


def _day(header: str) -> str:
    """The day on which a message was sent, where its sender was; "" where the header does not say."""
    try:
        return parsedate_to_datetime(header).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""


def _file_name(part: Message, source: str) -> str:
    try:
        name = part.get_filename() or ""
        pieces = decode_header(name)
    except (HeaderParseError, ValueError, LookupError):
        return ""
    return one_line(
        "".join(piece if isinstance(piece, str) else _word(piece, cs or "", source) for piece, cs in pieces)
    )

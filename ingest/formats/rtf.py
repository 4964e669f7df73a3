"""Rich Text (.rtf): headings by style or size, paragraphs, tables and footnotes in order.

In: the bytes of an RTF file. Out: its Content. Headers, footers, comments, hidden and deleted text stay
out; objects and templates are never opened. Read here, token by token: striprtf loses tables and notes.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Any, NamedTuple

from ..errors import DamagedFile, EmptyFile, HostileFile
from ..told import Told
from .draft import Content, Draft
from .note_marks import Numbering
from .rtf_blocks import Flow, add_blocks, whole_characters
from .rtf_tokens import Token, tokens

DEEPEST = 200_000  # groups in groups; Word itself writes a few dozen

_SKIPPED = frozenset(
    b"colortbl header headerl headerr headerf footer footerl footerr footerf pict objdata filetbl listtable "
    b"listoverridetable revtbl rsidtbl generator xmlnstbl themedata colorschememapping datastore latentstyles "
    b"fldinst datafield annotation atnid atnauthor bkmkstart bkmkend xe tc rxe txe nonesttables sp ftnsep "
    b"ftnsepc ftncn aftnsep aftnsepc aftncn template operator keywords comment doccomm subject category manager "
    b"company hlinkbase revtim printim buptim upr mmathPr docvar userprops shprslt falt panose".split()
)
# Destinations that are marked as to be skipped by those who do not know them, and are known here.
_KNOWN = frozenset(b"shpinst shptxt ud listtext pntext footnote".split())
_CHARACTERS = {
    **{b"tab": "\t", b"line": "\n", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’"},
    **{
        b"ldblquote": "“",
        b"rdblquote": "”",
        b"bullet": "•",
        b"emspace": " ",
        b"enspace": " ",
        b"qmspace": " ",
    },
}
_SYMBOLS = {b"~": "\xa0", b"_": "-", b"\n": "", b"\r": "", b"{": "{", b"}": "}", b"\\": "\\", b"\t": "\t"}
_CHARSETS = {
    **{77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253"},
    **{162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251"},
    **{222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850"},
}
_HEADING_NAME = re.compile(r"heading (\d)$", re.IGNORECASE)
_NUMBERS = {
    **{b"ar": "decimal", b"rlc": "lowerRoman", b"ruc": "upperRoman"},
    **{b"alc": "lowerLetter", b"auc": "upperLetter", b"chi": "chicago"},
}
_LIST_NUMBER = re.compile(r"\d|[).]\s*$")


class _State(NamedTuple):
    """What a group inherits and gives back at its end. Shared until changed: deep nesting costs nothing."""

    destination: str = "text"  # or "skip", "fonts", "styles", "info", "title", "author", "created", "list"
    charset: str = ""  # of the font; "" for that of the document
    fallback: int = 1  # characters after each \uN that are for those who cannot read it
    size: int = 24  # half points
    hidden: bool = False


def read(data: bytes, source: str) -> Content:
    """Raises DamagedFile, HostileFile and EmptyFile."""
    if not data.startswith(b"{\\rtf"):
        raise DamagedFile(source, Told("this is no Rich Text file. Fetch the file again."))
    parser = _Parser(source)
    for token in tokens(data):
        parser.take(token)
        if parser.done:
            break
    if not parser.done:
        raise DamagedFile(source, Told("the Rich Text file is cut short. Fetch the file again."))
    return parser.content()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.state = _State()
        self.stack: list[_State] = []
        self.done = False
        self.flows = [Flow()]
        self.opened_at: list[int] = []  # depth of the group of each flow above the first
        self.kinds: list[str] = []  # of each: "note" or "box"
        self.numberings = {"foot": Numbering(), "end": Numbering()}
        self.charset = "cp1252"
        self.pending = bytearray()  # bytes not decoded yet: a Hangul syllable is two tokens
        self.undecoded = False
        self.to_skip = 0
        self.starred = False
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.default_font = 0
        self.styles: dict[int, int] = {}  # style → level
        self.style, self.style_level, self.style_name = 0, 0, ""
        self.edges: list[int] = []  # right edges of the row's cells, twips
        self.row_left = 0
        self.row_is_head = False
        self.list_number = ""
        self.info: dict[str, str] = {}
        self.created: dict[str, int] = {}

    def take(self, token: Token) -> None:
        """One token further."""
        starred, self.starred = self.starred, False
        if token.kind == "text":
            self._bytes(token.value)
        elif token.kind == "word" and token.value == b"u" and token.number is not None:
            self._unicode(token.number)
        elif self.to_skip > 0 and (token.value in _CHARACTERS or token.kind == "symbol"):
            self.to_skip -= 1
        else:
            self._flush()
            if token.kind == "word":
                self._word(token.value, token.number, starred)
            elif token.kind == "{":
                self._open()
            elif token.kind == "}":
                self._close()
            else:
                self._symbol(token.value)

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.starred = True
        elif symbol in (b"\n", b"\r"):
            self._paragraph_ends()
        else:
            self._text(_SYMBOLS.get(symbol, ""))

    # Groups

    def _open(self) -> None:
        self.to_skip = 0
        self.stack.append(self.state)
        if len(self.stack) > DEEPEST:
            raise HostileFile(
                self.source, Told("its groups are nested deeper than {deepest}.", deepest=DEEPEST)
            )

    def _close(self) -> None:
        self.to_skip = 0
        if self.opened_at and self.opened_at[-1] == len(self.stack):
            self._flow_ends()
        if self.state.destination == "list" and self.stack[-1].destination != "list":
            self._list_number_ends()
        self.state = self.stack.pop() if self.stack else self.state
        self.done = not self.stack

    def _flow_begins(self, kind: str) -> None:
        self.opened_at.append(len(self.stack))
        self.kinds.append(kind)
        self.flows.append(Flow())
        self._change(destination="text")

    def _flow_ends(self) -> None:
        self.opened_at.pop()
        flow = self.flows.pop()
        flow.finish()
        kind = self.kinds.pop()
        if kind == "box":
            self.flows[-1].asides += flow.blocks
            return
        is_counted = flow.is_numbered or self.flows[-1].number_at >= 0
        numbering = self.numberings["end" if flow.is_endnote else "foot"]
        self.flows[-1].cite(flow, numbering.next() if is_counted else "")

    def _list_number_ends(self) -> None:
        number, self.list_number = self.list_number, ""
        if _LIST_NUMBER.search(number):  # else a bullet, often a letter of a font of signs
            self.flows[-1].text.append(number + " ")

    def _change(self, **changes: Any) -> None:
        self.state = self.state._replace(**changes)

    def _created(self, part: str, number: int | None) -> None:
        if self.state.destination == "created":
            self.created[part] = number or 0

    # Characters

    def _bytes(self, data: bytes) -> None:
        if self.to_skip:
            skipped = min(self.to_skip, len(data))
            self.to_skip -= skipped
            data = data[skipped:]
        if self.state.destination != "skip" and not self.state.hidden:
            self.pending += data

    def _unicode(self, number: int) -> None:
        self._flush()
        self.to_skip = self.state.fallback
        self._text(chr(number & 0xFFFF))

    def _flush(self) -> None:
        if self.pending:
            text = self.pending.decode(self.state.charset or self.charset, "replace")
            self.undecoded = self.undecoded or ("\ufffd" in text and self.state.destination == "text")
            self.pending.clear()
            self._text(text)

    def _text(self, text: str) -> None:
        if not text or self.state.hidden:
            return
        destination = self.state.destination
        if destination == "text":
            flow = self.flows[-1]
            flow.text.append(text)
            if text.strip():
                flow.sizes.append(self.state.size)
        elif destination in ("title", "author"):
            self.info[destination] = self.info.get(destination, "") + text
        elif destination == "styles":
            self._style_name(text)
        elif destination == "list":
            self.list_number += text

    # Control words

    def _word(self, word: bytes, number: int | None, starred: bool) -> None:
        if word in _SKIPPED or (starred and word not in _KNOWN):
            self._change(destination="skip")
        elif self.state.destination == "skip" and word != b"ud":
            return
        elif word in _CHARACTERS:
            self._text(_CHARACTERS[word])
        elif word in _ACTIONS:
            _ACTIONS[word](self, number)

    def _codepage(self, number: int | None) -> None:
        if (known := _known_charset(f"cp{number}")) and number != 65001:
            self.charset = known
        elif number == 65001:
            self.charset = "utf-8"

    def _font(self, number: int | None) -> None:
        self.font = number or 0
        if self.state.destination != "fonts":
            self._change(charset=self.fonts.get(self.font, ""))

    def _font_charset(self, number: int | None) -> None:
        if self.state.destination == "fonts" and number in _CHARSETS:
            self.fonts[self.font] = _CHARSETS[number]

    def _font_codepage(self, number: int | None) -> None:
        if self.state.destination == "fonts" and (known := _known_charset(f"cp{number}")):
            self.fonts[self.font] = known

    def _plain(self, _: int | None) -> None:
        self._change(charset=self.fonts.get(self.default_font, ""), size=24, hidden=False)

    def _style(self, number: int | None) -> None:
        if self.state.destination == "styles":
            self.style, self.style_level, self.style_name = number or 0, 0, ""
        else:
            self.flows[-1].level = self.styles.get(number or 0, 0)

    def _style_name(self, text: str) -> None:
        self.style_name += text
        if not self.style_name.endswith(";"):
            return
        match = _HEADING_NAME.match(self.style_name.rstrip(";").strip())
        level = int(match[1]) if match else self.style_level
        if level:
            self.styles[self.style] = level
        self.style, self.style_level, self.style_name = 0, 0, ""

    def _outline_level(self, number: int | None) -> None:
        level = (number or 0) + 1 if 0 <= (number or 0) <= 8 else 0
        if self.state.destination == "styles":
            self.style_level = level
        else:
            self.flows[-1].level = level

    def _paragraph_reset(self, _: int | None) -> None:
        if self.state.destination == "text":
            self.flows[-1].in_table, self.flows[-1].level = False, 0

    def _in_table(self, _: int | None) -> None:
        if self.state.destination == "text":
            self.flows[-1].in_table = True

    # Blocks

    def _paragraph_ends(self, _: int | None = None) -> None:
        if self.state.destination == "text":
            self.flows[-1].end_paragraph()

    def _cell_ends(self, _: int | None = None) -> None:
        if self.state.destination == "text":
            self.flows[-1].end_cell()

    def _row_begins(self, _: int | None) -> None:
        self.edges, self.row_left, self.row_is_head = [], 0, False

    def _row_ends(self, _: int | None) -> None:
        if self.state.destination == "text":
            self.flows[-1].end_row([self.row_left, *self.edges], self.row_is_head)

    # Notes

    def _note_number(self, _: int | None) -> None:
        """Where the number of a note is shown: in the text just before the note, or in the note."""
        if self.state.destination != "text":
            return
        flow = self.flows[-1]
        if self.kinds and self.kinds[-1] == "note":
            flow.is_numbered = True
        else:
            flow.number_at = len(flow.text)
            flow.text.append("")

    def _section_ends(self, _: int | None) -> None:
        self._paragraph_ends()
        for numbering in self.numberings.values():
            numbering.end_section()

    # The whole

    def content(self) -> Content:
        """Raises EmptyFile."""
        flow = self.flows[0]
        flow.finish()
        draft = Draft()
        title = add_blocks(draft, flow.blocks)
        if draft.blank:
            raise EmptyFile(self.source, Told("the document holds no text."))
        if self.undecoded:
            message = Told(
                "Some bytes are no characters of the charset that the file states: they show as “�”."
            )
            draft.note("replacement_characters", message)
        draft.state("markup", title=title)
        draft.state(
            "file",
            title=whole_characters(self.info.get("title", "")),
            authors=whole_characters(self.info.get("author", "")).split(";"),
            published=_date(self.created),
        )
        return draft.finish()


def _known_charset(name: str) -> str:
    try:
        codecs.lookup(name)
    except LookupError:
        return ""
    return name


def _date(stated: dict[str, int]) -> str:
    year, month, day = (stated.get(part, 0) for part in ("yr", "mo", "dy"))
    if not 1900 < year < 2200:
        return ""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return f"{year}"
    return f"{year}-{month:02}-{day:02}"


_ACTIONS: dict[bytes, Callable[[_Parser, int | None], None]] = {
    b"ansicpg": _Parser._codepage,
    b"mac": lambda parser, _: setattr(parser, "charset", "mac_roman"),
    b"pc": lambda parser, _: setattr(parser, "charset", "cp437"),
    b"pca": lambda parser, _: setattr(parser, "charset", "cp850"),
    b"deff": lambda parser, number: setattr(parser, "default_font", number or 0),
    b"f": _Parser._font,
    b"fcharset": _Parser._font_charset,
    b"cpg": _Parser._font_codepage,
    b"plain": _Parser._plain,
    b"uc": lambda parser, number: parser._change(fallback=max(number or 0, 0)),
    b"fs": lambda parser, number: parser._change(size=number or 24),
    b"v": lambda parser, number: parser._change(hidden=number != 0),
    b"deleted": lambda parser, number: parser._change(hidden=number != 0),
    b"fonttbl": lambda parser, _: parser._change(destination="fonts"),
    b"stylesheet": lambda parser, _: parser._change(destination="styles"),
    b"info": lambda parser, _: parser._change(destination="info"),
    b"title": lambda parser, _: parser._change(destination="title"),
    b"author": lambda parser, _: parser._change(destination="author"),
    b"creatim": lambda parser, _: parser._change(destination="created"),
    b"ud": lambda parser, _: parser._change(destination="text"),
    b"listtext": lambda parser, _: parser._change(destination="list"),
    b"pntext": lambda parser, _: parser._change(destination="list"),
    b"footnote": lambda parser, _: parser._flow_begins("note"),
    b"ftnalt": lambda parser, _: setattr(parser.flows[-1], "is_endnote", True),
    b"chftn": _Parser._note_number,
    b"shptxt": lambda parser, _: parser._flow_begins("box"),
    b"yr": lambda parser, number: parser._created("yr", number),
    b"mo": lambda parser, number: parser._created("mo", number),
    b"dy": lambda parser, number: parser._created("dy", number),
    b"s": _Parser._style,
    b"outlinelevel": _Parser._outline_level,
    b"pard": _Parser._paragraph_reset,
    b"intbl": _Parser._in_table,
    b"par": _Parser._paragraph_ends,
    b"sect": _Parser._section_ends,
    b"page": _Parser._paragraph_ends,
    b"column": _Parser._paragraph_ends,
    b"cell": _Parser._cell_ends,
    b"nestcell": lambda parser, _: parser._text(" "),
    b"row": _Parser._row_ends,
    b"trowd": _Parser._row_begins,
    b"trleft": lambda parser, number: setattr(parser, "row_left", number or 0),
    b"cellx": lambda parser, number: parser.edges.append(number or 0),
    b"trhdr": lambda parser, _: setattr(parser, "row_is_head", True),
}


def _numbering(
    kind: str, field: str, value: str | bool | None = None
) -> Callable[[_Parser, int | None], None]:
    """The action of a word that says how notes are numbered; without a value, the word's number counts."""

    def act(parser: _Parser, number: int | None) -> None:
        setattr(parser.numberings[kind], field, (number or 1) if value is None else value)

    return act


for _prefix, _kind in ((b"", "foot"), (b"a", "end"), (b"s", "foot"), (b"sa", "end")):  # s: of a section
    _ACTIONS[_prefix + b"ftnstart"] = _numbering(_kind, "first")
    _ACTIONS[_prefix + b"ftnrestart"] = _numbering(_kind, "restarts", True)
    for _name, _style in _NUMBERS.items():
        _ACTIONS[_prefix + b"ftnn" + _name] = _numbering(_kind, "style", _style)

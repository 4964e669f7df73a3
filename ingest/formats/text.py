"""Plain text in any charset: paragraphs between blank lines, tables typed with tabs, pipes or spaces.

In: the bytes of a text file. Out: its Content, with the first line that looks like one as its title.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..errors import EmptyFile
from ..told import Told
from .charset import decode
from .draft import Content, Draft, clean
from .tabbed import add_lines

TITLE_LENGTH = 200  # characters
# Lines that belong to the page a text was copied from, in English, Korean and Russian.
_NAVIGATION = re.compile(
    r"(?:back to top|skip to (?:main )?content|print|share|menu|home|search|log ?in|sign in|top"
    r"|맨 위로|본문 바로가기|인쇄|목록|наверх|печать|поделиться|меню|поиск)",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"By ([A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*){1,3})(?: ?\(.*)?")


def read(data: bytes, source: str) -> Content:
    """Raises UndecodableText, and EmptyFile for white space alone."""
    # Without tabs a line of spaces separates paragraphs just as an empty one does.
    paragraphs = re.split(r"\n[^\S\n\t]*\n(?:[^\S\n\t]*\n)*", clean(decode(data, source)).rstrip())
    blocks = [block.strip("\n") for block in paragraphs if block.strip()]  # a first line may be indented
    if not blocks:
        raise EmptyFile(source, Told("it holds no text, only white space."))
    title = _title(blocks)
    draft = Draft()
    for at, block in enumerate(blocks):
        if at == title:
            draft.heading(block, 1)
        else:
            add_lines(draft, block.split("\n"))
    draft.state("text", title=blocks[title].strip() if title is not None else "", authors=_byline(blocks))
    return draft.finish()


def _title(blocks: Sequence[str]) -> int | None:
    """The first block that is no navigation, if it is a line of its own that ends like a title."""
    blocks = [block.strip() for block in blocks]
    at = next((at for at, block in enumerate(blocks) if not _NAVIGATION.fullmatch(block)), None)
    if at is None or at == len(blocks) - 1:  # a single paragraph is the text itself
        return None
    block = blocks[at]
    if (
        "\n" in block
        or "\t" in block
        or len(block) > TITLE_LENGTH
        or block.endswith((".", ";", ",", ":", "。"))
    ):
        return None
    return at


def _byline(blocks: Sequence[str]) -> list[str]:
    """The author of a news article: "By Firstname Lastname" alone, near its beginning or at its end."""
    matches = (_BYLINE.fullmatch(block.strip()) for block in [*blocks[:4], *blocks[4:][-2:]])
    return [match.group(1) for match in matches if match][:1]

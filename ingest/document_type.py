"""What kind of document a text is, by how it is built and by what it calls itself.

In: the Content of a file, and its title. Out: "law", "paper", "statistics", "report", "article" or "".
"""

from __future__ import annotations

import re

from .bibliography_headings import is_bibliography
from .formats.draft import Content

TYPES = ("article", "paper", "report", "law", "statistics")

_FRONT = 2500  # characters in which a text says what it is

_ARTICLE_OF_LAW = re.compile(
    r"^(?:(?:Article|ARTICLE|Art\.|Статья|СТАТЬЯ|Моддаи|Section|§)\s?(?P<a>\d+)\b|제\s?(?P<b>\d+)\s?조(?!\s?의)"
    r"|(?P<c>\d+)-(?:modda|модда|бап|берене|статья|madda))",
    re.MULTILINE,
)
_LAW_TITLE = re.compile(
    r"(?:commission |council |delegated |implementing )*(?:regulation|directive|decision) \((?:EU|EC|EEC|Euratom)\b"
    r"|(?:art\.|article|статья)\s?\d+\b|제\s?\d+\s?조|закон\b|указ\b|постановление\b|кодекс\b|қонуни\b"
    r"|(?:the )?(?:[\w-]+ ){0,6}(?:act|law|code)(?: of)? (?:19|20)\d\d\b"
    r"|.*(?:법률|시행령|시행규칙|to['ʻ’]gʻrisidagi qonun|туралы заң|жөнүндө мыйзам)\b",
    re.IGNORECASE,
)
_ABSTRACT = re.compile(
    r"\W*(?:abstract|аннотация|резюме|초록|국문\s?초록|annotatsiya|аңдатпа|аннотатсия|annotasiýa)\b[\W]*",
    re.IGNORECASE,
)
_REPORT_TITLE = re.compile(
    r"\b(?:report|guidelines?|action plan|mitigation plan|adaptation plan|white paper|policy brief|memo(?:randum)?"
    r"|отч[её]т|доклад|обзор|hisoboti?|баяндама|есебі|гузориш|ҳисобот|hasabat)\b|보고서|백서",
    re.IGNORECASE,
)
# What a text calls itself near its beginning: "This paper studies", "이 보고서는", "Bu hisobotda".
_ITSELF = (
    ("report", r"\b(?:this|the present|about this) (?:\w+ )?(?:report|memo(?:randum)?|plan|policy brief)\b"),
    ("paper", r"\bthis (?:paper|study|thesis)\b(?! is based)"),
    ("article", r"\bthis article\b"),
    (
        "report",
        r"\b(?:этот|настоящий|данный|в (?:этом|настоящем|данном)) (?:отч[её]т|доклад|обзор)|\bобзор подготовлен\b",
    ),
    ("article", r"\b(?:эта|в этой|настоящая|в настоящей) статье?я?\b"),
    ("report", r"(?:이|본) 보고서"),
    ("paper", r"(?:이|본) (?:논문|연구)[은는에]"),
    ("article", r"(?:이 (?:글|기사)|본 기사)[은는에]"),
    ("report", r"\b(?:bu|ushbu|mazkur) hisobot|\b(?:бу|ушбу) ҳисобот"),
    ("article", r"\b(?:bu|ushbu|mazkur) maqola|\b(?:бу|ушбу) мақола"),
    ("report", r"\b(?:бұл|осы|бул|ушул|ин) (?:есеп|баяндама|отчет|гузориш|ҳисобот)|\b(?:bu|şu) hasabat"),
    ("article", r"\b(?:бұл|осы|бул|ушул|ин) ма[қк]ала|\b(?:bu|şu) makala"),
)
_ITSELF_FORMS = [(type, re.compile(pattern, re.IGNORECASE)) for type, pattern in _ITSELF]
_FIGURE = re.compile(r"[\d\s.,'%()+–-]*\d[\d\s.,'%()+–-]*")


def type_of(content: Content, title: str) -> str:
    """The type that the structure shows, else the one that the text names; "" when neither does."""
    text = content.text
    headings = [section.heading for section in content.sections]
    if _LAW_TITLE.match(title) or _has_articles_in_order(text):
        return "law"
    if any(_ABSTRACT.match(heading) for heading in headings[:6]) and any(map(is_bibliography, headings)):
        return "paper"
    if _share_of_figures(content) >= 0.5:
        return "statistics"
    if _REPORT_TITLE.search(title):
        return "report"
    named = [(match.start(), type) for type, form in _ITSELF_FORMS if (match := form.search(text, 0, _FRONT))]
    return min(named)[1] if named else ""


def _has_articles_in_order(text: str) -> bool:
    """Whether lines begin with Article 1, 2 and 3: a law, and not a text that quotes one of its articles."""
    wanted = 1
    for match in _ARTICLE_OF_LAW.finditer(text):
        number = int(match["a"] or match["b"] or match["c"])
        if number == wanted:
            wanted += 1
            if wanted > 3:
                return True
    return False


def _share_of_figures(content: Content) -> float:
    """The share of the text that stands in tables whose cells are mostly figures, in [0, 1]."""
    figures = 0
    for table in content.tables:
        cells = [cell.of(content.text) for row in table.rows[table.head_rows :] for cell in row[1:]]
        if cells and sum(bool(_FIGURE.fullmatch(cell)) for cell in cells) >= 0.6 * len(cells):
            figures += table.end - table.start
    return figures / max(len(content.text), 1)

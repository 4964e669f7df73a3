"""What the first and last lines of a text say of it: who wrote it, who published it, when, its DOI.

In: the text, and its title. Out: each statement, or nothing: a wrong author is worse than none. So only
lines that are a statement by their form count: a byline, a letterhead, a dateline, "Adopted on …".
"""

from __future__ import annotations

import re

from .bibliography_headings import is_bibliography
from .dates import dates_in
from .links import first_doi

FRONT = 4000  # characters at the beginning that are looked at
_LAST_LINES = 4  # a newspaper's byline may stand below the text

# Authors

_CAPITAL = r"[^\W\d_a-zа-яёўқғҳұүөһіәңӣӯҷýňäžçş]"
_NAME = re.compile(
    rf"{_CAPITAL}[\w'’ʻʼ.-]*(?:\s+(?:(?:de|del|van|von|der|bin|al)\s+)?{_CAPITAL}[\w'’ʻʼ.-]*){{1,4}}|[가-힣]{{2,4}}"
)
_BYLINE = re.compile(r"(?:By|BY|Written by)\s+(?P<names>[^:]+)")
_AUTHOR_LABEL = re.compile(
    r"(?:authors?|автор(?:ы|лар|лары)?|муаллиф(?:лар|он)?|muallif(?:lar)?|awtor(?:lar)?|저자|글쓴이|작성자|글)"
    r"\s*[:：]\s*(?P<names>.+)",
    re.IGNORECASE,
)
_REPORTER = re.compile(
    r"(?:[\[(][가-힣·]{2,8}\s?=\s?\w+[\])]\s*)?(?P<names>[가-힣]{2,4})\s?기자(?:\s*=.*|\W*[\w.+-]+@[\w.-]+)?"
)
_MEMO_TO = re.compile(r"(?:to|кому|수신)\s*:", re.IGNORECASE)
_MEMO_FROM = re.compile(r"(?:from|от кого|от|발신)\s*:\s*(?P<names>.+)", re.IGNORECASE)
_MEMO_SUBJECT = re.compile(r"(?:subject|re|тема|제목|mavzu|тақырыбы)\s*:\s*(?P<subject>\S.+)", re.IGNORECASE)
_JOINERS = re.compile(r"\s*(?:[,;·&]|\b(?:and|и|va|ва|және|жана|we)\b)\s*")
_BESIDE_A_NAME = re.compile(r"\([^()]*\)?|<[^<>]*>?|[\w.+-]+@[\w.-]+|[*†‡§⁰¹²³⁴-⁹\d]+")
# "THE EUROPEAN PARLIAMENT AND THE COUNCIL …,\n\nHaving regard to"; "The Board\n\nHAS ADOPTED"
_ENACTED_BY = re.compile(
    r"^the\s+(?P<body>[^\n,]{5,90}),?\s*\n+(?:having regard to|has adopted)", re.MULTILINE | re.IGNORECASE
)

# Publishers

_BODY = re.compile(
    r"\b(?:ministry|department|agency|office|commission|board|bureau|bank|council|parliament|committee|institute"
    r"|university|press|authority|secretariat|publications?|министерство|агентство|комитет|университет|институт"
    r"|vazirligi|qoʻmitasi|agentligi|министрлігі|министрлиги|вазорати|ministrligi)\b"
    r"|[가-힣](?:(?<!편집)부|처|청|위원회|연구원|은행|대학교|공사|협회)$",
    re.IGNORECASE,
)
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|\bcopyright\b(?: ©)?)[ ,]*(?:(?:19|20)\d\d(?: ?[-–] ?(?:19|20)\d\d)?)?[ ,]*(?:by )?"
    r"(?P<name>[^\W\d][^\n.,|©]{2,60}?) *(?:[.,|\n]|all rights|все права|무단|$)",
    re.IGNORECASE,
)
_DATELINES = (
    re.compile(
        r"[A-Z][\w' ,.-]{2,40}\((?P<name>[A-Z][\w ./-]{1,30})\)\s*(?:--?|—|–)\s"
    ),  # SEOUL, Oct. 17 (Yonhap) --
    re.compile(r"[А-ЯЁҒҚҲЎӘҢҮҰӨ][^\n/]{2,50}[./]?\s*/(?P<name>[^/\n]{2,30})/"),  # АСТАНА, 17 октября. /ТАСС/
    re.compile(r"[\[(][가-힣·]{2,10}\s?=\s?(?P<name>[가-힣A-Z]\w{1,11})[\])]"),  # [서울=뉴시스]
)

# Dates

_DATED = re.compile(
    r"(?:\b(?:date|dated|published|posted|released|issued|adopted|дата|опубликован[оаы]?|принят[аоы]?"
    r"|утвержден[аоы]?|sana|chop etilgan|qabul qilingan|күні|жарияланды|жарыяланды|сана|нашр шуд|senesi)\b"
    r"|입력|등록|게시일|작성일|발행|송고|공포)[\s:：]*(?:on|at|in|от)?[\s:：]*$",
    re.IGNORECASE,
)
_OF_A_LAW = re.compile(r"\b(?:of|от|dated)\s+$", re.IGNORECASE)
_ALONE = 7  # other words that may stand on a line with a date: a weekday, a time, a place, a publisher

_WORD = re.compile(r"[^\W\d_]+")


def authors(text: str, title: str, *, is_paper: bool) -> tuple[str, ...]:
    """The names of a byline, an author's label or a memo's sender; else the body that enacted the text.

    `is_paper`: a line of nothing but names right under the title is then one of authors.
    """
    front = _front_lines(text)
    for line in [*front[:20], *text[-500:].split("\n")[-_LAST_LINES:]]:
        for form in (_BYLINE, _AUTHOR_LABEL, _REPORTER):
            if (match := form.fullmatch(line.strip())) and (names := _names(match["names"])):
                return names
    if any(map(_MEMO_TO.match, front)):
        for match in filter(None, map(_MEMO_FROM.fullmatch, front)):
            return _names(match["names"])
    if enacted := _ENACTED_BY.search(text[: 3 * FRONT]):
        return (_titled(enacted["body"]),)
    if is_paper and title in front[:4] and len(front) > front.index(title) + 1:
        return _names(front[front.index(title) + 1])
    return ()


def subject(text: str) -> str:
    """What a memo or a letter is about: the text of its "Subject:" line and, where that goes on, of the next."""
    front = text[:FRONT].split("\n\n")
    for block in front:
        lines = block.split("\n")
        for at, line in enumerate(lines):
            if match := _MEMO_SUBJECT.fullmatch(line):
                return " ".join([match["subject"], *lines[at + 1 : at + 3]])
    return ""


def body(name: str) -> str:
    """The name of an organisation, without the address that may follow; "" for that of a person."""
    match = re.match(r"\D{1,200}(?=\s\S*\d|$)", name)
    return match[0].rstrip(" ,") if match and _BODY.search(match[0]) else ""


def publisher(text: str) -> str:
    """The agency of a dateline, the holder of the copyright, or the body whose name heads the text."""
    front = _front_lines(text)
    for line in front[:12]:
        for form in _DATELINES:
            if match := form.match(line):
                return match["name"].strip()
    for part in (text[:FRONT], text[-1000:]):
        if match := _COPYRIGHT.search(part):
            return match["name"].strip()
    for line in front[:2]:
        words = line.split()
        if (
            2 <= len(words) <= 8
            and body(line) == line
            and all(word[0].isupper() or len(word) <= 3 for word in words)
        ):
            return _titled(line)
    return ""


def published(text: str, title: str, *, is_law: bool) -> str:
    """The date that a text gives itself near its beginning, in ISO 8601; "" when none stands there.

    It follows a word such as "Published", stands on a line of its own, opens a dateline, or names a law
    ("of 27 April 2016"). Dates in sentences are about something else.
    """
    if is_law:
        for part in (title, *_front_lines(text)[:8]):
            for dated in dates_in(part):
                if _OF_A_LAW.search(part[: dated.start]):
                    return dated.iso
    for line in _front_lines(text):
        for dated in dates_in(line):
            before, after = line[: dated.start], line[dated.end :]
            if _DATED.search(before) or any(form.match(line) for form in _DATELINES):
                return dated.iso
            if (
                len(_WORD.findall(before + " " + after)) <= _ALONE
                and line[-1] not in ".?!;:"
                and line != title
            ):
                return dated.iso
    return ""


def doi(text: str) -> str:
    """The DOI on the first page, without a resolver's address; those of the works it cites are none of its own."""
    for line in _front_lines(text):
        if found := first_doi(line):
            return found
    return ""


def _front_lines(text: str) -> list[str]:
    """The lines of the beginning that are not blank, up to a bibliography."""
    lines: list[str] = []
    for line in text[:FRONT].split("\n"):
        if len(lines) > 1 and is_bibliography(line):  # a letterhead may say "참고자료"
            break
        if line.strip():
            lines.append(line.strip())
    return lines


def _names(listed: str) -> tuple[str, ...]:
    """The names in a list of them; none where any part of it is something else."""
    parts = [" ".join(part.split()) for part in _JOINERS.split(_BESIDE_A_NAME.sub(" ", listed))]
    names = [part for part in parts if part]
    return tuple(dict.fromkeys(names)) if all(map(_NAME.fullmatch, names)) else ()


def _titled(name: str) -> str:
    """ "THE COUNCIL OF THE UNION" as "The Council of the Union"; a name in mixed case as it is."""
    if not name.isupper():
        return name
    small = {"Of", "The", "And", "For", "In", "On", "И", "По"}
    words = [word.capitalize() for word in name.split()]
    return " ".join(word if at == 0 or word not in small else word.lower() for at, word in enumerate(words))

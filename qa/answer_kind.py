"""What a question asks for, by its question words, in each language of the region."""

from __future__ import annotations

import re
import unicodedata
from enum import Enum


class Kind(Enum):
    """The kind of answer that a question wants."""

    DATE = "date"
    QUANTITY = "quantity"
    PERSON = "person"
    PLACE = "place"
    OTHER = "other"


# The first kind with a match wins, so that "how many years" is a quantity. Hangul and Han words carry
# no boundaries: they are matched anywhere.
_CUES = (
    (
        Kind.QUANTITY,
        r"\bhow (?:many|much|large|big|long|old|far|often|high|tall)\b"
        r"|\bwhat (?:is|was|are|were)?\s?(?:the )?(?:\w+ )?"
        r"(?:percentage|share|number|amount|size|value|volume|population|price|cost)\b"
        r"|\bwhat (?:were|was|are|is) .*\b(?:exports?|imports?|trade)\b"
        r"|\bсколько\b|\bкак(?:ов|ова|ово|овы|ой|ая)\b.*\b(?:объ[её]м|размер|стоимост|дол[яи]|числ|сумм|населени|экспорт|импорт)"
        r"|얼마|몇 ?(?:명|개|건|퍼센트|달러|톤)|규모는|\bqancha\b|\bnecha(?:ta)?\b|\bnechta\b|\bқанча\b|\bнеч(?:т)?а\b"
        r"|\bқанша\b|\bканча\b"
        r"|\bnäçe\b|\bчанд\b|\bkaç\b|\bne kadar\b|多少|几(?!年)",
    ),
    (
        Kind.DATE,
        r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade)\b"
        r"|\bкогда\b|\bв каком году\b|\bкакого числа\b"
        r"|언제|몇 ?년|\bqachon\b|\bqaysi yil|\bқачон\b|\bқайси йил|\bқашан\b|\bқай жыл|\bкачан\b|\bкайсы жыл"
        r"|\bhaçan\b|\bhaýsy ýyl|\bкай\b|\bкадом сол|\bne zaman\b|\bhangi yıl|何时|什么时候|哪一?年|几年",
    ),
    (
        Kind.PERSON,
        r"\bwho(?:m|se)?\b|\bкто\b|\bкого\b|\bкем\b|누가|누구|\bkim(?:lar|ni|ning)?\b|\bким\b|\bкім\b|\bкӣ\b|谁",
    ),
    (
        Kind.PLACE,
        r"\bwhere\b|\b(?:what|which) (?:city|country|place|state|region)\b|\bгде\b|\bкуда\b"
        r"|\bв как(?:ом|ой) (?:город|стран)|어디|어느 (?:나라|도시)|\bqayer|\bқаер|\bқайда\b|\bкайда\b|\bnirede\b"
        r"|\bкуҷо\b|\bnerede\b|哪里|在哪",
    ),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(cues)) for kind, cues in _CUES)


def kind_of(question: str) -> Kind:
    """The kind of answer that `question` wants, OTHER when no question word tells."""
    folded = unicodedata.normalize("NFC", question).casefold()
    return next((kind for kind, pattern in _PATTERNS if pattern.search(folded)), Kind.OTHER)

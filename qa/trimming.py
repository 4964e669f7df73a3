"""The span that a reader found, without what its tokens brought along: punctuation, particles, a year's ending."""

from __future__ import annotations

import re

from ingest.document import Span

_AROUND = " \t\n.,;:!?…、。，；：·"
_PAIRS = {
    "(": ")",
    "[": "]",
    "«": "»",
    "“": "”",
    "「": "」",
    "『": "』",
    "《": "》",
    "‘": "’",
    '"': '"',
    "（": "）",
}
# A token of the model ends with the word, not before its particle. Of one syllable ("이", "가") a particle is
# told from the name itself only after a figure and its counter: "2017년에", "3명의".
_PARTICLE = re.compile(
    r"(?:(?<=[년월일명개건원톤위차회대곳세%％])(?:에는|에도|에|의|은|는|이|가|을|를|과|와|도|로|간)"
    r"|(?<=[가-힣]{2})(?:에서는|에서|으로|부터|까지|에게|이라고|라고|이다|이었다|였다))$"
)
# "2017-yilda", "1991-жылы", and "since" after them: the year is the figure.
_YEAR_ENDING = re.compile(
    r"(?<=\d\d\d\d)-(?:yil|йил|жыл|ýyl)\w*(?: (?:beri|buyon|бери|буён|бері))?$", re.IGNORECASE
)


def trimmed(text: str, span: Span) -> Span:
    """The span without spaces and stops around it, single brackets and quotes, particles and endings; never empty."""
    start, end = span.start, span.end
    while start < end:
        before = start, end
        while start < end and text[start] in _AROUND:
            start += 1
        while end > start and text[end - 1] in _AROUND:
            end -= 1
        inside = text[start:end]
        for opening, closing in _PAIRS.items():
            if inside[:1] == opening and inside.count(closing) <= (opening == closing):
                start += 1
            elif inside[-1:] == closing and inside.count(opening) <= (opening == closing):
                end -= 1
        if (start, end) == before:
            break
    for ending in (_PARTICLE, _YEAR_ENDING):
        if found := ending.search(text[start:end]):
            end = start + found.start()
    return Span(start, end) if start < end else span

"""A sentence in, the clause out that speaks of a part of what the sentence counts: "…, 200,000 of whom live in cities".

A question for the whole is not answered by the figure of a part.
"""

from __future__ import annotations

import re

from ingest.document import Span

# From where the clause begins to its end. Of the languages that put "of them" first, the clause begins with it.
_CLAUSES = re.compile(
    r"""
      [,;(—–](?!\d)\s*(?:[^,;.()]|[.,](?=\d))*?\b(?:of|among)\s+(?:which|whom|them|those)\b(?:[^,;.()]|[.,](?=\d))*
    | [,;(—–]\s*(?:including|among\s+(?:which|whom|them)|of\s+(?:which|whom|them))\b(?:[^;.()]|\.(?=\d))*
    | [,;(—–]\s*(?:(?:из|среди)\s+(?:них|которых)|в\s+том\s+числе|включая)\b(?:[^;.()]|\.(?=\d))*
    | (?:이|그)\s?(?:중|가운데)(?:에는|에서|에)?\s(?:[^;.()]|\.(?=\d))*
    | [,;(—–]\s*(?:shundan|ulardan|ularning|shu\s+jumladan|шундан|улардан|уларнинг|шу\s+жумладан)\b(?:[^;.()]|\.(?=\d))*
    | [,;(—–]\s*(?:оның\s+ішінде|соның\s+ішінде|олардың|анын\s+ичинде|ошонун\s+ичинде|алардын)\b(?:[^;.()]|\.(?=\d))*
    | [,;(—–]\s*(?:(?:ки\s+)?аз\s+(?:онҳо|ҷумла)|şol\s+sanda|şolardan|olaryň)\b(?:[^;.()]|\.(?=\d))*
    """,
    re.IGNORECASE | re.VERBOSE,
)
_FIGURE = re.compile(r"\d")


def part_at(sentence: str, start: int) -> Span | None:
    """The clause of a part that offset `start` lies in, with a figure before it; None where it lies in none."""
    for clause in _CLAUSES.finditer(sentence):
        if clause.start() <= start < clause.end() and _FIGURE.search(sentence, 0, clause.start()):
            return Span(*clause.span())
    return None

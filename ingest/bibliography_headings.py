"""The headings of bibliographies, in the languages of the library.

In: a heading. Out: whether it announces a list of works. Some ("Kaynaklar", "참고자료") announce other
things too: what stands below decides.
"""

from __future__ import annotations

import re

_HEADING = re.compile(
    r"^(?:[\W\d]*|[ivx]+\W+)(?:"
    r"references(?: and notes)?|reference list|(?:selected )?bibliography|works cited"
    r"|sources cited|literature(?: cited)?"
    r"|(?:использованная )?литература(?: и источники)?|(?:библиографический )?список(?: использован\w+)?"
    r"(?: источников| литературы)(?: и (?:источников|литературы))?|библиографический список|библиография|источники"
    r"|참고 ?문헌|참고 ?자료|인용 ?문헌"
    r"|(?:foydalanilgan )?adabiyotlar(?: r[oʻ'‘’`]{1,2}yxati)?|фойдаланилган адабиётлар(?: рўйхати)?"
    r"|(?:пайдаланылған |қолданылған )?әдебиет\w*(?: тізімі)?|(?:колдонулган |пайдаланылган )?адабияттар(?: тизмеси)?"
    r"|(?:рӯйхати )?адабиёт(?:лар)?(?:и истифодашуда)?|(?:peýdalanylan )?edebiýat(?:lar)?|kaynakça|kaynaklar"
    r"|literaturverzeichnis|bibliographie|références(?: bibliographiques)?|参考文献"
    r")\W*$",
    re.IGNORECASE,
)


def is_bibliography(heading: str) -> bool:
    """Whether a heading, its number included, says "References" and nothing else."""
    return bool(_HEADING.match(heading))

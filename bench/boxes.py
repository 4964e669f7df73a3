"""Boxes against the page: what is printed under the boxes of a quotation is the quotation.

python -m bench.boxes [FOLDER]

Random sentences of the PDFs in a folder; the boxes of each are computed, the characters whose middle lies in
them are read back from the page, and both are compared without white space and hyphens, which a line's end
adds and takes away; a raised figure is the figure that it shows.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.record import DATA
from ingest.document import Document, Span
from ingest.formats.pdf_boxes import boxes, characters_under
from ingest.passages import sentences
from ingest.reading import load, read

_LEFT_OUT = dict.fromkeys(map(ord, " \t\n-⁻\u00ad\u2010\u2011\ufffe"))
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺", "0123456789+")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DATA / "policy")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    result = box_fidelity(sorted(options.folder.glob("*.pdf")), options.count, options.seed)
    print(json.dumps(result, ensure_ascii=False, indent=2))


def box_fidelity(files: Sequence[Path], count: int, seed: int) -> dict[str, Any]:
    """The share of `count` random sentences of some PDFs that are read back from under their boxes.

    Also the mean number of boxes of a sentence, and each sentence that was not read back.
    """
    documents = [(path, data := load(path), read(data, str(path))) for path in files]
    places = [(at, span) for at, (*_, document) in enumerate(documents) for span in _sentences(document)]
    chosen = random.Random(seed).sample(places, min(count, len(places)))
    failures: list[dict[str, str]] = []
    found = 0
    for at, span in sorted(chosen, key=lambda place: (place[0], place[1].start)):
        path, data, document = documents[at]
        marked = boxes(data, document.page_map, span.start, span.end)
        found += len(marked)
        printed, quoted = characters_under(data, marked), span.of(document.text)
        if _folded(printed) != _folded(quoted):
            page = document.page_at(span.start).number
            failures.append(
                {"file": path.name, "page": str(page), "quotation": quoted, "under boxes": printed}
            )
    return {
        "sentences": len(chosen),
        "files": len(documents),
        "read back": round(1 - len(failures) / max(len(chosen), 1), 4),
        "boxes per sentence": round(found / max(len(chosen), 1), 2),
        "failures": failures,
    }


def _sentences(document: Document) -> list[Span]:
    """Those that stand on pages with characters: under the boxes of a scan there is nothing to read back."""
    recognised = {at for word in document.page_map.words for at in range(word.start, word.end)}
    spans = sentences(document, 0, len(document.text))
    return [span for span in spans if recognised.isdisjoint(range(span.start, span.end))]


def _folded(text: str) -> str:
    return text.translate(_LEFT_OUT | _RAISED)


if __name__ == "__main__":
    main()

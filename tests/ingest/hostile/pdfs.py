"""PDFs that attack their reader, each one page with a sentence of text where that is possible."""

from __future__ import annotations

import io
import zlib
from functools import cache

import pypdf

from tests.ingest.made_pdf import one_page_pdf, page_objects, pdf_of, stream

TEXT = "The treaty was signed in Seoul."


def with_page(
    entries: str = "", catalog: str = "", more: dict[int, bytes] | None = None, trailer: str = ""
) -> bytes:
    """The page with more entries of its own and of the catalog, and more objects (from 6 on, or instead)."""
    objects = page_objects(TEXT, entries.encode(), catalog.encode())
    return pdf_of(objects | (more or {}), trailer.encode())


def with_content(content: bytes, entries: bytes) -> bytes:
    return with_page(more={5: stream(content, entries)})


def flate_bomb(megabytes: int = 100) -> bytes:
    packer = zlib.compressobj(9)
    mib = b" " * (1 << 20)
    packed = b"".join(packer.compress(mib) for _ in range(megabytes)) + packer.flush()
    return with_content(packed, b"/Filter /FlateDecode")


def nested_filters(layers: int = 4) -> bytes:
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(300)) + packer.flush()
    for _ in range(layers - 1):
        packed = zlib.compress(packed, 9)
    return with_content(packed, b"/Filter [" + b"/FlateDecode " * layers + b"]")


def many_filters() -> bytes:
    """The same filter ten thousand times over."""
    return with_content(b"41>", b"/Filter [" + b"/ASCIIHexDecode " * 10_000 + b"]")


def lzw_bomb(blocks: int = 200) -> bytes:
    """Each block: a clear code, then runs of spaces that grow by one, to the full table: 7 MB from 6 kB."""
    bits = ""
    width, code = 9, 258
    bits += f"{256:09b}" + f"{32:09b}"
    while code < 4094:
        bits += f"{code:0{width}b}"
        code += 1
        if code + 1 >= 1 << width and width < 12:  # the width changes one code early
            width += 1
    eight = bits * 8
    packed = int(eight, 2).to_bytes(len(eight) // 8, "big") * (blocks // 8)
    return with_content(packed, b"/Filter /LZWDecode")


def predictor_of_huge_rows() -> bytes:
    parameters = b"/DecodeParms << /Predictor 12 /Columns 2147483647 /Colors 32 /BitsPerComponent 16 >>"
    return with_content(zlib.compress(b"\2" * 1000), b"/Filter /FlateDecode " + parameters)


def prev_loop() -> bytes:
    plain = one_page_pdf(TEXT)
    at = plain.rindex(b"\nxref\n") + 1
    return plain.replace(b"trailer\n<<", b"trailer\n<< /Prev %d" % at)


def xref_stream_loop() -> bytes:
    """A cross-reference stream that names itself as the one before."""
    body = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    at = len(body)
    table = stream(bytes(12), b"/Type /XRef /Size 3 /W [1 2 1] /Root 1 0 R /Prev %d /XRefStm %d" % (at, at))
    return body + b"3 0 obj\n" + table + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


def object_stream_in_itself() -> bytes:
    """The pages stand in an object stream that stands in itself, and goes on in itself."""
    inside = b"2 0 6 40 " + b"<< /Type /Pages /Kids [3 0 R] /Count 1 >> << >>"
    objects = page_objects(TEXT)
    body = bytearray(b"%PDF-1.7\n")
    offsets = {}
    for number in (1, 3, 4, 5):
        offsets[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, objects[number])
    body += b"6 0 obj\n%s\nendobj\n" % stream(inside, b"/Type /ObjStm /N 2 /First 9 /Extends 6 0 R")
    at = len(body)
    rows = [(0, 0, 255), (1, offsets[1], 0), (2, 6, 0)]
    rows += [(1, offsets[number], 0) for number in (3, 4, 5)] + [(2, 6, 1), (1, at, 0)]
    table = b"".join(bytes([kind]) + where.to_bytes(3, "big") + bytes([index]) for kind, where, index in rows)
    body += b"7 0 obj\n%s\nendobj\n" % stream(table, b"/Type /XRef /Size 8 /W [1 3 1] /Root 1 0 R")
    return bytes(body) + b"startxref\n%d\n%%%%EOF\n" % at


def pages_within_themselves() -> bytes:
    return with_page(more={2: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"})


def pages_in_a_circle() -> bytes:
    return with_page(
        more={
            2: b"<< /Type /Pages /Kids [6 0 R] /Count 1 >>",
            6: b"<< /Type /Pages /Kids [7 0 R] /Count 1 /Parent 2 0 R >>",
            7: b"<< /Type /Pages /Kids [6 0 R 2 0 R] /Count 1 /Parent 6 0 R >>",
        }
    )


def deep_page_tree(depth: int = 20_000) -> bytes:
    objects = page_objects(TEXT)
    for level in range(depth):
        number, parent = (2 if level == 0 else 5 + level), (2 if level == 1 else 4 + level)
        above = b"" if level == 0 else b"/Parent %d 0 R" % parent
        kid = 3 if level == depth - 1 else 6 + level
        objects[number] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 %s >>" % (kid, above)
    return pdf_of(objects)


def count_of_pages(count: int) -> bytes:
    return with_page(more={2: b"<< /Type /Pages /Kids [3 0 R] /Count %d >>" % count})


def the_same_page(times: int) -> bytes:
    return with_page(more={2: b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b"3 0 R " * times, times)})


def media_box(box: str) -> bytes:
    page = page_objects(TEXT)[3].replace(b"[0 0 612 792]", box.encode())
    return with_page(more={3: page})


def huge_box_without_text() -> bytes:
    page = page_objects(TEXT)[3].replace(b"[0 0 612 792]", b"[0 0 1000000000 1000000000]")
    return with_page(more={3: page, 5: stream(b"0 0 m 1000000000 1000000000 l S")})


def cyclic_outline() -> bytes:
    item = b"<< /Title (Round) /Parent 6 0 R /Next %d 0 R /First %d 0 R /Last 7 0 R /Dest [3 0 R /Fit] >>"
    return with_page(
        catalog="/Outlines 6 0 R",
        more={6: b"<< /First 7 0 R /Last 8 0 R >>", 7: item % (8, 8), 8: item % (7, 7)},
    )


def outline_next_to_itself() -> bytes:
    item = b"<< /Title (Round) /Parent 6 0 R /Next 7 0 R /Dest [3 0 R /Fit] >>"
    return with_page(catalog="/Outlines 6 0 R", more={6: b"<< /First 7 0 R /Last 7 0 R >>", 7: item})


def deep_outline(depth: int = 5_000) -> bytes:
    more = {6: b"<< /First 7 0 R /Last 7 0 R >>"}
    for level in range(7, 7 + depth):
        more[level] = b"<< /Title (Down) /Parent %d 0 R /First %d 0 R /Last %d 0 R /Dest [3 0 R /Fit] >>" % (
            level - 1,
            level + 1,
            level + 1,
        )
    return with_page(catalog="/Outlines 6 0 R", more=more)


def cyclic_labels() -> bytes:
    return with_page(catalog="/PageLabels 6 0 R", more={6: b"<< /Kids [7 0 R] >>", 7: b"<< /Kids [6 0 R] >>"})


def label_of_a_billion(style: str) -> bytes:
    """Roman for 10**12 is a billion letters; so is the label after z…z."""
    return with_page(catalog=f"/PageLabels << /Nums [0 << /S /{style} /St 1000000000000 >>] >>")


def cyclic_names() -> bytes:
    return with_page(
        catalog="/Names << /EmbeddedFiles 6 0 R /Dests 6 0 R >>",
        more={6: b"<< /Kids [7 0 R] >>", 7: b"<< /Kids [6 0 R 7 0 R] >>"},
    )


def actions(url: str) -> bytes:
    """Everything that a viewer might run or open, as soon as the file or its page is."""
    script = b"<< /S /JavaScript /JS (app.launchURL\\(\\'%s\\'\\)) >>" % url.encode()
    return with_page(
        entries="/AA << /O 6 0 R /C 8 0 R >> /Annots [10 0 R]",
        catalog="/OpenAction 6 0 R /AA << /WC 8 0 R >> /Names << /JavaScript << /Names [(a) 6 0 R] >> >>",
        more={
            6: script,
            7: b"<< /S /Launch /F (/bin/sh) /Win << /F (cmd.exe) /P (/c calc) >> >>",
            8: b"<< /S /Launch /F (/bin/sh) /Next 9 0 R >>",
            9: b"<< /S /URI /URI (%s) /Next 11 0 R >>" % url.encode(),
            10: b"<< /Type /Annot /Subtype /Link /Rect [0 0 612 792] /A 9 0 R >>",
            11: b"<< /S /GoToR /F << /FS /URL /F (%s) >> /D [0 /Fit] /Next 12 0 R >>" % url.encode(),
            12: b"<< /S /SubmitForm /F << /FS /URL /F (%s) >> /Next 6 0 R >>" % url.encode(),
        },
    )


def content_from_elsewhere(url: str, path: str) -> bytes:
    """A page whose content and pictures are said to lie in other files."""
    there = b"/F << /FS /URL /F (%s) >>" % url.encode()
    page = page_objects(TEXT)[3].replace(b"/Contents 5 0 R", b"/Contents [5 0 R 6 0 R 7 0 R]")
    return with_page(
        more={3: page, 6: stream(b"", there), 7: stream(b"", b"/F (%s)" % path.encode())},
        catalog="/AcroForm << /XFA 6 0 R /Fields [] >>",
    )


def attached_file() -> bytes:
    return with_page(
        catalog="/Names << /EmbeddedFiles << /Names [(evil.exe) 6 0 R] >> >>",
        more={
            6: b"<< /Type /Filespec /F (evil.exe) /EF << /F 7 0 R >> >>",
            7: stream(b"MZ\0\0 payload", b"/Type /EmbeddedFile"),
        },
    )


def xmp(doctype: str) -> bytes:
    packet = (
        f'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>{doctype}<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">&z;'
        "</rdf:li></rdf:Alt></dc:title></rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
    )
    return with_page(
        catalog="/Metadata 6 0 R", more={6: stream(packet.encode(), b"/Type /Metadata /Subtype /XML")}
    )


def form_within_itself() -> bytes:
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>"
    resources = b"/Resources << /Font << /F1 4 0 R >> /XObject << /X 6 0 R >> >>"
    page = page_objects(TEXT)[3].replace(b"/Resources << /Font << /F1 4 0 R >> >>", resources)
    text = page_objects(TEXT)[5].split(b"stream\n")[1].split(b"\nendstream")[0]
    return with_page(more={3: page, 5: stream(text + b" /X Do"), 6: stream(b"/X Do /X Do", form)})


def forms_that_double(levels: int = 40) -> bytes:
    """Each form draws the next one twice: 2**40 drawings of nothing."""
    resources = b"/Resources << /Font << /F1 4 0 R >> /XObject << /X 6 0 R >> >>"
    page = page_objects(TEXT)[3].replace(b"/Resources << /Font << /F1 4 0 R >> >>", resources)
    text = page_objects(TEXT)[5].split(b"stream\n")[1].split(b"\nendstream")[0]
    more = {3: page, 5: stream(text + b" /X Do")}
    for level in range(levels):
        entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>"
        more[6 + level] = stream(b"/X Do /X Do", entries % (7 + level))
    more[6 + levels] = stream(b"", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]")
    return with_page(more=more)


def deep_array(depth: int = 100_000) -> bytes:
    return with_page(catalog="/Deep " + "[" * depth + "]" * depth)


def deep_states(depth: int = 300_000) -> bytes:
    return with_content(
        zlib.compress(b"q " * depth + b"BT /F1 12 Tf 72 720 Td (" + TEXT.encode() + b") Tj ET"),
        b"/Filter /FlateDecode",
    )


def truncated() -> bytes:
    whole = one_page_pdf(TEXT)
    return whole[: len(whole) * 2 // 3]


@cache
def with_password() -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(one_page_pdf(TEXT)))
    writer.encrypt("secret", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()

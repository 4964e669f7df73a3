"""Containers made for the tests: ZIP archives, compound files, and an HWP document of records."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
NONE = 0xFFFFFFFF


def zipped(parts: dict[str, str | bytes], mimetype: str = "") -> bytes:
    """An archive; a type, if stated, is its first entry and not packed."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype, ZIP_STORED)
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def compound(streams: dict[str, bytes]) -> bytes:
    """A compound file (version 3). Paths have one folder at most: "BodyText/Section0"."""
    entries: list[list[object]] = [["Root Entry", 5, b"", []]]  # name, kind, data, places of what is in it
    folders = {"": 0}
    for path, data in streams.items():
        folder, _, name = path.rpartition("/")
        if folder not in folders:
            folders[folder] = len(entries)
            entries[0][3].append(len(entries))  # type: ignore[attr-defined]
            entries.append([folder, 1, b"", []])
        entries[folders[folder]][3].append(len(entries))  # type: ignore[attr-defined]
        entries.append([name, 2, data, []])
    for entry in entries:  # the order that the format asks for: shorter names first
        entry[3].sort(key=lambda place: (len(str(entries[place][0])), str(entries[place][0]).upper()))  # type: ignore[attr-defined]
    sectors: list[bytes] = []
    fat: list[int] = []

    def stored(data: bytes) -> int:
        """Puts data into sectors in a row; gives the first one's number."""
        if not data:
            return END
        first, count = len(sectors), -(-len(data) // 512)
        sectors.extend(data[place * 512 : place * 512 + 512].ljust(512, b"\0") for place in range(count))
        fat.extend([*range(first + 1, first + count), END])
        return first

    small, small_fat, starts = b"", [], []
    for _, kind, data, _ in entries:
        assert isinstance(data, bytes)
        if kind != 2 or not data:
            starts.append(END)
        elif len(data) < 4096:
            first, count = len(small) // 64, -(-len(data) // 64)
            small_fat += [*range(first + 1, first + count), END]
            small += data.ljust(count * 64, b"\0")
            starts.append(first)
        else:
            starts.append(stored(data))
    starts[0] = stored(small)
    siblings = {
        place: follower
        for entry in entries
        for place, follower in zip(entry[3], [*entry[3][1:], NONE], strict=False)  # type: ignore[index, call-overload]
    }
    directory = b""
    for place, (name, kind, data, inner) in enumerate(entries):
        assert isinstance(name, str) and isinstance(data, bytes) and isinstance(inner, list)
        encoded = (name + "\0").encode("utf-16-le")
        directory += encoded.ljust(64, b"\0") + struct.pack("<HBB", len(encoded), kind, 1)
        directory += struct.pack("<III", NONE, siblings.get(place, NONE), inner[0] if inner else NONE)
        directory += bytes(16 + 4 + 16) + struct.pack(
            "<IQ", starts[place], len(small) if place == 0 else len(data)
        )
    first_directory = stored(directory)
    packed_small_fat = b"".join(struct.pack("<I", number) for number in small_fat)
    packed_small_fat += b"\xff" * (-len(packed_small_fat) % 512)
    first_small_fat = stored(packed_small_fat)
    fat_sectors = 1
    while len(fat) + fat_sectors > fat_sectors * 128:
        fat_sectors += 1
    places = [len(fat) + number for number in range(fat_sectors)]
    whole_fat = [*fat, *[FAT_SECTOR] * fat_sectors]
    whole_fat += [FREE] * (fat_sectors * 128 - len(whole_fat))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
    )
    header += struct.pack("<IIIIII", 0, fat_sectors, first_directory, 0, 4096, first_small_fat)
    header += struct.pack("<III", len(packed_small_fat) // 512, END, 0)
    header += b"".join(struct.pack("<I", number) for number in [*places, *[FREE] * (109 - len(places))])
    return header + b"".join(sectors) + struct.pack(f"<{len(whole_fat)}I", *whole_fat)


def record(tag: int, level: int, data: bytes = b"") -> bytes:
    """A record of HWP: its head says what it is, how deep it stands and how long it is."""
    head = tag | level << 10 | min(len(data), 0xFFF) << 20
    return struct.pack("<I", head) + (struct.pack("<I", len(data)) if len(data) >= 0xFFF else b"") + data


def paragraph(text: str, level: int = 0, shape: int = 0, style: int = 0, inner: bytes = b"") -> bytes:
    """The records of a paragraph; the controls in it follow its text."""
    encoded = (text + "\r").encode("utf-16-le")
    head = struct.pack("<IIHBBHHHI", len(encoded) // 2, 0, shape, style, 0, 1, 0, 1, 0)
    return record(66, level, head) + record(67, level + 1, encoded) + inner


def control(kind: str, level: int, inner: bytes = b"", data: bytes = b"") -> bytes:
    return record(71, level, kind.ljust(4).encode("ascii")[::-1] + data) + inner


def cell(row: int, column: int, text: str, level: int, inner: bytes = b"", head: bool = False) -> bytes:
    place = struct.pack("<HHIHHHHIIHHHHH", 1, 0, head << 18, column, row, 1, 1, 9000, 900, 0, 0, 0, 0, 1)
    return record(72, level, place) + (inner or paragraph(text, level))


def hwp(body: bytes, info: bytes = b"", flags: int = 1, summary: bytes = b"") -> bytes:
    """An HWP document of one section; `flags` 1 says that it is packed."""
    head = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05010100, flags) + bytes(216)
    streams = {"FileHeader": head, "DocInfo": packed(info) if flags & 1 else info}
    if summary:
        streams["\x05HwpSummaryInformation"] = summary
    streams["BodyText/Section0"] = packed(body) if flags & 1 else body
    return compound(streams)


def packed(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def property_set(values: dict[int, str | int]) -> bytes:
    """The properties of a document: texts, and times in units of 100 nanoseconds since 1601."""
    offsets, blob = b"", b""
    start = 8 + 8 * len(values)
    for number, value in values.items():
        offsets += struct.pack("<II", number, start + len(blob))
        if isinstance(value, int):
            blob += struct.pack("<IQ", 64, value)
        else:
            text = (value + "\0").encode("utf-16-le")
            blob += struct.pack("<II", 31, len(text) // 2) + text + bytes(-len(text) % 4)
    section = struct.pack("<II", start + len(blob), len(values)) + offsets + blob
    return (
        struct.pack("<HHI", 0xFFFE, 0, 0x20006)
        + bytes(16)
        + struct.pack("<I", 1)
        + bytes(16)
        + struct.pack("<I", 48)
        + section
    )

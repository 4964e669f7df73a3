"""Messages: headers, charsets, quoted replies, attachments, parts inside each other."""

from __future__ import annotations

import base64
from email.message import EmailMessage

import pytest

from ingest.errors import DamagedFile, EmptyFile, PasswordNeeded, TooLarge
from ingest.formats.mail import read


def _message(subject: str = "Forum", text: str = "It was agreed.", charset: str = "utf-8") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "Kim Min <kim@example.org>"
    message["Date"] = "Tue, 25 Oct 2022 23:30:00 +0900"
    message.set_content(text, charset=charset)
    return message


def test_headers_and_text() -> None:
    message = _message(
        text="The ministers met.\n\n> What did\n> they agree?\n>> Nothing yet.\nThey agreed.\n"
    )
    content = read(message.as_bytes(), "f.eml")
    assert content.text.split("\n\n") == [
        "Forum",
        "The ministers met.",
        "> What did\nthey agree?",
        ">> Nothing yet.",
        "They agreed.",
    ]
    stated = content.metadata
    assert (stated.title, stated.authors, stated.published) == ("Forum", ("Kim Min",), "2022-10-25")
    assert set(stated.origins.values()) == {"file"}
    assert [(s.heading, s.level) for s in content.sections] == [("Forum", 1)]


@pytest.mark.parametrize(
    ("subject", "text", "charset"),
    [
        ("Форум в Сеуле", "Министры договорились о сотрудничестве.", "koi8-r"),
        ("Форум в Сеуле", "Министры договорились о сотрудничестве.", "windows-1251"),
        ("서울 포럼", "장관들은 협력에 합의했다.", "euc-kr"),
        ("서울 포럼", "장관들은 협력에 합의했다.", "iso-2022-kr"),
        ("Seul forumi", "Vazirlar hamkorlik toʻgʻrisida kelishib oldilar.", "utf-8"),
    ],
)
@pytest.mark.parametrize("transfer", ["base64", "quoted-printable", "8bit"])
def test_charsets(subject: str, text: str, charset: str, transfer: str) -> None:
    encoded = text.encode(charset)
    body = {
        "base64": base64.encodebytes(encoded),
        "quoted-printable": b"".join(b"=%02X" % byte for byte in encoded),
        "8bit": encoded,
    }[transfer]
    word = b"=?" + charset.encode() + b"?B?" + base64.b64encode(subject.encode(charset)) + b"?="
    head = b"Subject: " + word + b"\r\nFrom: kim@example.org\r\n"
    head += f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n".encode()
    content = read(head + body, "f.eml")
    assert content.text == f"{subject}\n\n{text}"
    assert content.metadata.authors == ("kim@example.org",)


def test_a_raw_header_in_an_old_charset() -> None:
    data = "Subject: Форум министров в Сеуле\nFrom: a@b.c\n\nТекст письма о форуме.".encode("cp1251")
    assert read(data, "f.eml").metadata.title == "Форум министров в Сеуле"


def test_flowed_lines_are_whole() -> None:
    head = b"Subject: s\nContent-Type: text/plain; format=flowed\n\n"
    text = read(head + b"The ministers \nagreed to \nwiden it.\n> Did \n> they?\n-- \nKim\n", "f.eml").text
    assert text.split("\n\n") == ["s", "The ministers agreed to widen it.", "> Did they?", "--\nKim"]


def test_plain_text_before_html_and_attachments_noted() -> None:
    message = _message()
    message.add_alternative("<p>It was <b>agreed</b>.</p>", subtype="html")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="보고서.pdf")
    message.add_attachment("notes", filename="notes.txt")
    content = read(message.as_bytes(), "f.eml")
    assert content.text == "Forum\n\nIt was agreed."
    (note,) = content.notes
    assert note.kind == "attachments"
    assert "보고서.pdf, notes.txt" in note.message


def test_html_alone_with_a_table() -> None:
    message = EmailMessage()
    message["Subject"] = "Savdo"
    rows = "<tr><th>Davlat<th>2022<tr><td>Oʻzbekiston<td>12"
    message.set_content(f"<p>Jadval:</p><table>{rows}</table><script>x()</script>", subtype="html")
    content = read(message.as_bytes(), "f.eml")
    assert content.text == "Savdo\n\nJadval:\n\nDavlat\t2022\nOʻzbekiston\t12"
    assert content.tables[0].head_rows == 1


def test_a_forwarded_message_is_a_section() -> None:
    message = _message()
    message.add_attachment(_message("Earlier", "It was discussed."))
    content = read(message.as_bytes(), "f.eml")
    assert [(s.heading, s.level) for s in content.sections] == [("Forum", 1), ("Earlier", 2)]
    assert content.metadata.title == "Forum"


def _nested(kind: str, depth: int) -> bytes:
    parts = [b'Content-Type: %s; boundary="b%d"\n\n--b%d\n' % (kind.encode(), at, at) for at in range(depth)]
    return b"Subject: s\n" + b"".join(parts) + b"\ntext"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"Just some text, no header.\n\nMore.", DamagedFile),
        (b"Subject: nothing\nFrom: a@b.c\n\n \n", EmptyFile),
        (b"Subject: s\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\neA==", EmptyFile),
        (b'Subject: s\nContent-Type: multipart/encrypted; boundary="b"\n\n--b\n\nx\n--b--', PasswordNeeded),
        (_nested("multipart/mixed", 200), TooLarge),
        (_nested("multipart/mixed", 900), TooLarge),
        (b"Subject: s\n" + b"Content-Type: message/rfc822\n\n" * 200 + b"text", TooLarge),
        (_nested("multipart/mixed", 100_000), TooLarge),
        (b"Subject: s\n" + b"Content-Type: text/plain\n" * 2000 + b"\nx", TooLarge),
    ],
)
def test_refused(data: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(data, "f.eml")


def test_odd_headers_do_no_harm() -> None:
    data = (
        b'Subject: =?x-none?B?!!!?=\nFrom: "unclosed <a@\nDate: 99 Foo 0000\nContent-Type: ;;;\n\nText of it.'
    )
    content = read(data, "f.eml")
    assert content.text.endswith("Text of it.")
    assert content.metadata.published == ""

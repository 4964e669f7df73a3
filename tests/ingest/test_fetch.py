"""fetch: what comes from the web is what was asked for, or a refusal; a local server plays every villain."""

from __future__ import annotations

import gzip
import ipaddress
import random
import re
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import content_types, read
from ingest.content_types import announced
from ingest.errors import (
    ConnectionFailed,
    DamagedFile,
    EmptyFile,
    FetchFailed,
    ForbiddenAddress,
    HostNotFound,
    HttpError,
    TooLarge,
    TooManyRedirects,
    TooMuchMemory,
    TooSlow,
    UnusableAddress,
    UnusablePort,
    WrongContentType,
)
from ingest.fetch import Limits, fetch
from ingest.formats import pick
from ingest.network_addresses import forbidden
from ingest.text_charsets import python_codec
from tests.ingest.made_pdf import one_page_pdf

ARTICLE = (
    "<!doctype html><html><head><title>Forum</title></head><body><article><h1>The forum</h1>"
    "<p>The ministers of six countries met in Seoul and agreed on a secretariat.</p></article></body></html>"
)
SMALL = Limits(size=100_000, seconds=1.5, connect_seconds=1, silent_seconds=0.5, redirects=3)

Answer = bytes | Callable[[socket.socket], None]


def _response(
    body: bytes | str = ARTICLE, status: str = "200 OK", kind: str = "text/html", **headers: str
) -> bytes:
    body = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"Content-Type: {kind}"] if kind else []
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def _redirect(to: str, status: str = "302 Found") -> bytes:
    return _response("", status, Location=to)


@dataclass
class Web:
    """A web of one server: names, what they resolve to, what each path answers, who was connected to."""

    port: int = 0
    names: dict[str, list[list[str]]] = field(default_factory=dict)  # one list for each time it is asked
    answers: dict[str, Answer] = field(default_factory=dict)
    connected: list[tuple[str, int]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    resolved: list[str] = field(default_factory=list)


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        web: Web = self.server.web  # type: ignore[attr-defined]
        request = b""
        with suppress(OSError):
            while b"\r\n\r\n" not in request and (data := self.request.recv(65536)):
                request += data
            web.requests.append(request.decode("latin-1"))
            path = request.split(b" ")[1].decode()
            answer = web.answers[path.partition("?")[0]]
            if callable(answer):
                answer(self.request)
            else:
                self.request.sendall(answer)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """Names resolve as the test says, and every public address is the local server. No other network exists."""
    server = _Server(("127.0.0.1", 0), _Handler)
    web = Web(server.server_address[1], {"press.example": [["93.184.215.14"]]})
    server.web = web  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    numeric, connect = socket.getaddrinfo, httpcore.SyncBackend.connect_tcp

    def getaddrinfo(host: Any, port: Any, *rest: Any, **more: Any) -> Any:
        if host not in web.names:
            return numeric(host, port, *rest, **{**more, "flags": socket.AI_NUMERICHOST})
        web.resolved.append(host)
        turns = web.names[host]
        addresses = turns.pop(0) if len(turns) > 1 else turns[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    def connect_tcp(self: Any, host: str, port: int, timeout: Any = None, *rest: Any, **more: Any) -> Any:
        web.connected.append((host, port))
        return connect(self, "127.0.0.1", web.port, timeout)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    yield web
    server.shutdown()
    server.server_close()


def _refusal(kind: type[Exception], url: str = "http://press.example/a", **more: Any) -> str:
    with pytest.raises(kind) as caught:
        fetch(url, limits=SMALL, **more)
    assert type(caught.value) is kind
    return str(caught.value)


# What is well


def test_an_article_becomes_a_document(web: Web) -> None:
    web.answers["/news/forum"] = _response()
    fetched = fetch("http://press.example/news/forum?id=7#top")
    assert fetched.url == "http://press.example/news/forum?id=7#top"
    assert (fetched.data, fetched.content_type) == (ARTICLE.encode(), "text/html")
    assert fetched.filename == "forum.html"
    document = read(fetched.data, fetched.filename)
    assert "agreed on a secretariat" in document.text
    (request,) = web.requests
    assert request.startswith("GET /news/forum?id=7 HTTP/1.1\r\nHost: press.example\r\n")
    assert "Cookie" not in request and "Authorization" not in request
    assert web.connected == [("93.184.215.14", 80)]


def test_a_pdf_comes_byte_for_byte(web: Web) -> None:
    pdf = one_page_pdf("The treaty enters into force in May.")
    web.answers["/treaty"] = _response(pdf, kind="application/pdf")
    fetched = fetch("http://press.example:8080/treaty")
    assert (fetched.data, fetched.filename) == (pdf, "treaty.pdf")
    assert "enters into force" in read(fetched.data, fetched.filename).text
    assert web.connected == [("93.184.215.14", 8080)]


@pytest.mark.parametrize(
    ("path", "kind", "disposition", "body", "name"),
    [
        ("/", "text/html", "", ARTICLE, "press.example.html"),
        ("/a/report.PDF", "application/pdf", "", b"%PDF-1.7\n", "report.PDF"),
        ("/get", "application/octet-stream", 'attachment; filename="plan.md"', "# Plan\n\nText.", "plan.md"),
        ("/get", "", "attachment; filename*=UTF-8''%EB%B3%B4%EA%B3%A0.txt; filename=x", "Text.", "보고.txt"),
        ("/get", "text/plain", 'attachment; filename="..\\..\\etc/pass\\"wd"', "Text.", "pass_wd.txt"),
        ("/get", "text/plain", "attachment; filename=보고.txt", "Text.", "보고.txt"),
        ("/get", "text/plain", "attachment; filename=%2e%2e%2fgpj.\u202etxt", "Text.", "gpj.txt"),
        ("/notes.md", "text/plain; charset=utf-8", "", "# Notes\n\nText.", "notes.md"),
        ("/article.pdf", "text/html", "", ARTICLE, "article.pdf.html"),  # said to be a page, and it is one
        ("/download.php", "application/octet-stream", "", b"%PDF-1.7\n", "download.php.pdf"),
        ("/%D0%B4%D0%BE%D0%BA%2Fx.html", "text/html", "", ARTICLE, "x.html"),
    ],
)
def test_the_name_fits_the_content(
    web: Web, path: str, kind: str, disposition: str, body: bytes | str, name: str
) -> None:
    headers = {"Content_Disposition": disposition} if disposition else {}
    web.answers[path] = _response(body, kind=kind, **headers)
    assert fetch(f"http://press.example{path}").filename == name.replace("pass_wd", 'pass"wd')


def test_packed_content_is_unpacked(web: Web) -> None:
    packed = gzip.compress(ARTICLE.encode()[:100]) + gzip.compress(ARTICLE.encode()[100:])
    web.answers["/a"] = _response(packed, Content_Encoding="gzip")
    assert fetch("http://press.example/a").data == ARTICLE.encode()


def test_a_chain_of_redirects_is_followed(web: Web) -> None:
    web.names["archive.example"] = [["2.16.1.1"]]
    web.answers |= {
        "/a": _redirect("/b", "301 Moved"),
        "/b": _redirect("http://archive.example/c?x=1", "308 Permanent Redirect"),
        "/c": _response(),
    }
    fetched = fetch("http://press.example/a")
    assert fetched.url == "http://press.example/a"
    assert web.requests[-1].startswith("GET /c?x=1 HTTP/1.1\r\nHost: archive.example\r\n")
    assert web.connected == [("93.184.215.14", 80), ("93.184.215.14", 80), ("2.16.1.1", 80)]


# Charsets


@pytest.mark.parametrize(
    ("charset", "codec", "text"),
    [
        ("euc-kr", "cp949", "외교부는 협력 포럼을 열었다. 뷁"),
        ("windows-1251", "cp1251", "Министры шести стран."),
        ("ISO-8859-1", "cp1252", "Le traité – signé à Séoul"),
        ("utf-16", "utf-16-le", "Treaty of Seoul"),
    ],
)
def test_the_charset_of_the_header_counts_before_that_of_the_page(
    web: Web, charset: str, codec: str, text: str
) -> None:
    page = f"<html><head><meta charset=koi8-r></head><body><p>{text}</p></body></html>"
    web.answers["/a"] = _response(page.encode(codec), kind=f'text/html; charset="{charset}"')
    fetched = fetch("http://press.example/a")
    assert text in read(fetched.data, fetched.filename).text


def test_utf_8_and_a_mark_count_before_the_header(web: Web) -> None:
    for codec in ("utf-8", "utf-8-sig", "utf-16"):
        data = "<html><body><p>Министры шести стран.</p></body></html>".encode(codec)
        web.answers["/a"] = _response(data, kind="text/html; charset=iso-8859-1")
        assert fetch("http://press.example/a").data == data


@pytest.mark.parametrize("charset", ["no-such", "euc-kr", "idna", "zlib", "undefined", "punycode", "rot13"])
def test_a_charset_that_does_not_fit_changes_nothing(web: Web, charset: str) -> None:
    data = "Министры шести стран встретились.".encode("koi8-r")
    web.answers["/a"] = _response(data, kind=f"text/plain; charset={charset}")
    fetched = fetch("http://press.example/a")
    assert read(fetched.data, fetched.filename).text == "Министры шести стран встретились."


NO_CHARSETS = ("punycode", "idna", "utf-7", "unicode_escape", "raw_unicode_escape", "base64", "zlib", "rot13")


@pytest.mark.parametrize("charset", NO_CHARSETS)
def test_a_codec_that_is_no_charset_is_not_tried(charset: str) -> None:
    data = b"<html>caf\xe9" + b"a-b+2Ae " * 500_000  # Punycode takes minutes for it
    assert announced(f"text/html; charset={charset}", "x", "x").in_utf8(data) is data
    assert python_codec(charset) == ""


def test_the_name_is_not_decoded_by_such_a_codec(web: Web) -> None:
    web.answers["/a.html"] = _response(
        Content_Disposition="attachment; filename*=punycode''b%FCcher-kva.html"
    )
    assert fetch("http://press.example/a.html").filename == "a.html"


def test_the_labels_of_charsets() -> None:
    assert [
        python_codec(label) for label in ("EUC-KR", "ks_c_5601-1987", "latin1", "UTF8", "koi8-r", "a\0")
    ] == [*("cp949", "cp949", "cp1252", "utf-8", "koi8-r", "")]


# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://press.example/1",
        "ftp://press.example/a.pdf",
        "data:text/html,hello",
        "javascript:alert(1)",
        "press.example/a",
        "http://",
        "http://[::1/",
        "http://0177.0.0.1/",
        "http://press.example\r\nX: y/",
        "",
    ],
)
def test_only_web_addresses_are_fetched(web: Web, url: str) -> None:
    _refusal(UnusableAddress, url)
    assert not web.connected and not web.resolved


@pytest.mark.parametrize(
    ("url", "port"),
    [
        ("http://press.example:99999/", "99999"),
        ("http://press.example:0/", "0"),
        ("http://press.example:70000", "70000"),
        ("https://desk:s3cret@press.example:x9?q", "x9"),
        ("http://[2001:db8::1]:65536/a", "65536"),
        ("http://press.example:" + "9" * 500, "9" * 40),
    ],
)
def test_a_port_that_cannot_be_is_named_in_plain_words(web: Web, url: str, port: str) -> None:
    told = _refusal(UnusablePort, url)
    assert f"its port “{port}” cannot be: ports are numbers from 1 to 65535." in told
    assert "Invalid" not in told
    assert not web.connected and not web.resolved


@pytest.mark.parametrize("url", ["http://[::1", "http://exa mple:80/", "https://press.example/\x00"])
def test_what_is_wrong_otherwise_is_not_said_of_the_port(web: Web, url: str) -> None:
    told = _refusal(UnusableAddress, url)
    assert "port" not in told and "Invalid" not in told


def test_a_password_is_neither_sent_nor_repeated(web: Web) -> None:
    assert "s3cret" not in _refusal(UnusableAddress, "http://desk:s3cret@press.example/a")
    web.answers["/a"] = _redirect("http://desk:s3cret@press.example/b")
    assert "s3cret" not in _refusal(UnusableAddress)
    assert len(web.requests) == 1


ODD_NOTATIONS = ("127.1", "2130706433", "0x7f.0.0.1")


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("127.0.0.1", "loopback"),
        ("127.1", "loopback"),
        ("2130706433", "loopback"),
        ("0x7f.0.0.1", "loopback"),
        ("[::1]", "loopback"),
        ("0.0.0.0", "unspecified"),
        ("[::]", "unspecified"),
        ("10.1.2.3", "private"),
        ("172.31.255.255", "private"),
        ("192.168.0.1", "private"),
        ("[fd12::1]", "private"),
        ("169.254.1.1", "link-local"),
        ("[fe80::1]", "link-local"),
        ("100.64.0.1", "carrier"),
        ("169.254.169.254", "metadata"),
        ("[fd00:ec2::254]", "metadata"),
        ("224.0.0.1", "multicast"),
        ("[ff02::1]", "multicast"),
        ("255.255.255.255", "reserved"),
        ("192.0.2.1", "reserved"),
        ("[2001:db8::1]", "reserved"),
        ("[4000::1]", "reserved"),
        ("[::ffff:93.184.215.14]", "IPv4 address in IPv6"),
        ("[::ffff:127.0.0.1]", "IPv4 address in IPv6"),
        ("[64:ff9b::7f00:1]", "NAT64"),
        ("[2002:7f00:1::]", "6to4"),
    ],
)
def test_forbidden_addresses_are_not_connected_to(web: Web, host: str, why: str) -> None:
    assert why in _refusal(ForbiddenAddress, f"http://{host}/a")
    web.answers["/to"] = _redirect(f"http://{host}/a")
    assert why in _refusal(ForbiddenAddress, "http://press.example/to")
    if host not in ODD_NOTATIONS:  # which a name server cannot answer with
        web.names["sly.example"] = [["93.184.215.14", host.strip("[]")]]
        assert why in _refusal(ForbiddenAddress, "http://sly.example/a")  # one of two is enough
    assert {address for address, _ in web.connected} <= {"93.184.215.14"}


def test_a_name_is_resolved_once_and_its_address_kept(web: Web) -> None:
    web.names["rebinding.example"] = [["93.184.215.14"], ["127.0.0.1"]]
    web.answers["/a"] = _response()
    fetch("http://rebinding.example/a")
    assert web.resolved == ["rebinding.example"]
    assert web.connected == [("93.184.215.14", 80)]
    _refusal(ForbiddenAddress, "http://rebinding.example/a")  # the second answer is checked as well


def test_private_addresses_when_allowed(web: Web) -> None:
    web.answers["/a"] = _response()
    for host in ("127.0.0.1", "10.0.0.1", "[::1]", "[::ffff:10.0.0.1]"):
        assert fetch(f"http://{host}/a", allow_private=True).data
    for host in ("169.254.169.254", "[fd00:ec2::254]", "0.0.0.0", "224.0.0.1", "[::ffff:169.254.169.254]"):
        message = _refusal(ForbiddenAddress, f"http://{host}/a", allow_private=True)
        assert "if you trust it" not in message
    assert "Add it with --allow-private if you trust it" in _refusal(ForbiddenAddress, "http://10.0.0.1/a")


@given(st.ip_addresses())
def test_what_is_allowed_is_public_to_the_standard_library_too(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> None:
    if not forbidden(str(address)):
        assert address.is_global and not address.is_multicast and not address.is_reserved


def test_most_public_addresses_are_allowed() -> None:
    draw = random.Random(7)
    for _ in range(2000):
        address = ipaddress.IPv4Address(draw.getrandbits(32))
        if (
            address.is_global
            and not address.is_multicast
            and address not in ipaddress.ip_network("192.0.0.0/16")
        ):
            assert not forbidden(str(address)), address
    assert not forbidden("2a00:1450:4001:81b::200e")


def test_the_environments_proxy_is_not_used(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://93.184.215.99:3128")
    web.answers["/a"] = _response()
    fetch("http://press.example/a")
    assert web.connected == [("93.184.215.14", 80)]


def test_the_next_address_is_tried(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    web.names["two.example"] = [["93.184.215.1", "93.184.215.2"]]
    web.answers["/a"] = _response()
    connect = httpcore.SyncBackend.connect_tcp

    def first_is_down(self: Any, host: str, port: int, *rest: Any) -> Any:
        if host == "93.184.215.1":
            raise httpcore.ConnectError("refused")
        return connect(self, host, port, *rest)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", first_is_down)
    assert fetch("http://two.example/a").data
    web.names["down.example"] = [["93.184.215.1"]]
    assert "cannot be reached" in _refusal(ConnectionFailed, "http://down.example/a")


def test_a_name_that_nobody_knows(web: Web) -> None:
    _refusal(HostNotFound, "http://nowhere.example/a")
    _refusal(HostNotFound, f"http://{'a' * 70}.example/a")


# Time


def _slowly(start: bytes, piece: bytes, pause: float) -> Callable[[socket.socket], None]:
    def answer(connection: socket.socket) -> None:
        connection.sendall(start)
        end = time.monotonic() + 5
        while time.monotonic() < end:
            connection.sendall(piece)
            time.sleep(pause)

    return answer


ENDLESS = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        _slowly(ENDLESS, b"<p>more</p>", 0.05),  # a body that trickles for ever
        _slowly(b"HTTP/1.1 200 OK\r\n", b"X", 0.05),  # headers that do
        _slowly(b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),  # never an answer
        _slowly(ENDLESS, b"", 0.05),  # silence
        _slowly(b"", b"", 0.05),
    ],
)
def test_a_server_that_takes_for_ever(web: Web, answer: Answer) -> None:
    web.answers["/a"] = answer
    began = time.monotonic()
    _refusal(TooSlow)
    assert time.monotonic() - began < 2.5


def test_redirects_share_one_time_limit(web: Web) -> None:
    def late(connection: socket.socket) -> None:
        time.sleep(0.4)
        connection.sendall(_redirect("/a"))

    web.answers["/a"] = late
    with pytest.raises(TooSlow):
        fetch("http://press.example/a", limits=Limits(seconds=1, silent_seconds=0.9, redirects=50))
    assert len(web.requests) <= 4


def test_a_name_server_that_keeps_silent(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [time.sleep(3)][:0])
    began = time.monotonic()
    assert "not resolved in time" in _refusal(TooSlow)
    assert time.monotonic() - began < 1.5


# Size


def test_redirect_loops(web: Web) -> None:
    web.answers |= {"/a": _redirect("/b"), "/b": _redirect("/a")}
    assert "more than 3 times" in _refusal(TooManyRedirects)
    assert len(web.requests) == SMALL.redirects + 1


def test_a_redirect_to_a_file_on_this_machine(web: Web) -> None:
    for place in ("file:///etc/passwd", "gopher://press.example/", "http://[bad"):
        web.answers["/a"] = _redirect(place)
        _refusal(UnusableAddress)


def test_too_large_by_announcement_by_bytes_and_unpacked(web: Web) -> None:
    big = b"x" * (SMALL.size + 1)
    web.answers["/a"] = _response(big, kind="text/plain")
    assert "it has 100,001 bytes; the limit is 100,000" in _refusal(TooLarge)
    web.answers["/a"] = ENDLESS.replace(b"html", b"plain") + big
    _refusal(TooLarge)
    web.answers["/a"] = _response(
        gzip.compress(b"x" * 50_000_000), kind="text/plain", Content_Encoding="gzip"
    )
    assert len(web.answers["/a"]) < SMALL.size  # type: ignore[arg-type]
    _refusal(TooLarge)
    nothing = gzip.compress(b"")  # packed bytes that never unpack to any
    web.answers["/a"] = _response(nothing * 10_000, kind="text/plain", Content_Encoding="gzip")
    _refusal(TooLarge)
    web.answers["/a"] = _response(b"x" * SMALL.size, kind="text/plain")
    assert len(fetch("http://press.example/a", limits=SMALL).data) == SMALL.size


def test_a_gzip_bomb_takes_no_memory(web: Web) -> None:
    import tracemalloc

    bomb = gzip.compress(bytes(100_000_000))
    web.answers["/a"] = _response(bomb, kind="text/plain", Content_Encoding="gzip")
    tracemalloc.start()
    _refusal(TooLarge)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_broken_compression(web: Web) -> None:
    packed = gzip.compress(ARTICLE.encode())
    for body, encoding in ((packed[:-20], "gzip"), (b"no gzip", "gzip"), (packed + b"trailing", "gzip")):
        web.answers["/a"] = _response(body, Content_Encoding=encoding)
        _refusal(DamagedFile)
    web.answers["/a"] = _response(packed, Content_Encoding="br")
    assert "not asked for" in _refusal(FetchFailed)


def test_huge_headers_and_broken_answers(web: Web) -> None:
    for answer in (
        b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 300_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X-Many: x\r\n" * 30_000 + b"\r\n",
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"",
        _response()[:-30],  # cut off
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: text/html\r\n\r\nzz\r\n",
    ):
        web.answers["/a"] = answer
        _refusal(ConnectionFailed)


# Content


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        ("application/pdf", ARTICLE, "calls it application/pdf.*HTML page"),
        ("text/html", b"%PDF-1.7\n", "calls it text/html.*a PDF"),
        ("text/html", b"\x89PNG\r\n\x1a\n", "calls it text/html.*PNG"),
        ("text/plain", ARTICLE, "calls it text/plain.*HTML page"),
        ("application/octet-stream", b"\x7fELF\x02", "no document.*program"),
        ("", b"\x1f\x8b\x08", "no document.*gzip"),
    ],
)
def test_a_server_that_lies_about_the_type(web: Web, kind: str, body: bytes | str, reason: str) -> None:
    web.answers["/a"] = _response(body, kind=kind)
    assert re.search(reason, _refusal(WrongContentType))


def test_what_is_told_by_the_bytes_is_told_by_the_first_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(
        content_types, "pick", lambda data, name: (looked.append(len(data)), pick(data, name))[1]
    )
    data = b"%PDF-1.7\n" + bytes(40 * 1024**2)
    assert announced("", "x", "x").checked_name(data, "x", "x") == "x.pdf"
    assert max(looked) <= 16 * 1024**2


def test_memory_that_runs_out_while_telling_the_format_is_a_refusal(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pick(data: bytes, name: str) -> None:
        raise MemoryError

    monkeypatch.setattr(content_types, "pick", pick)
    web.answers["/a"] = _response()
    _refusal(TooMuchMemory)


def test_what_nobody_reads_is_not_downloaded(web: Web) -> None:
    for kind in ("image/png", "video/mp4", "application/zip+evil", "application/json", "multipart/x"):
        web.answers["/a"] = _slowly(ENDLESS.replace(b"text/html", kind.encode()), b"x" * 1000, 0.01)
        began = time.monotonic()
        assert "not downloaded" in _refusal(WrongContentType)
        assert time.monotonic() - began < 0.5


@pytest.mark.parametrize(
    "status", ["404 Not Found", "401 Unauthorized", "500 Error", "206 Partial", "304 No"]
)
def test_errors_of_the_server(web: Web, status: str) -> None:
    web.answers["/a"] = _response(status=status)
    with pytest.raises(HttpError, match=f"status {status[:3]}") as caught:
        fetch("http://press.example/a")
    assert caught.value.status == int(status[:3])


def test_no_content(web: Web) -> None:
    web.answers["/a"] = _response(b"")
    _refusal(EmptyFile)


# TLS


@pytest.fixture
def secure(web: Web, tmp_path: Path) -> Iterator[tuple[Web, Path, list[str]]]:
    """The same web behind TLS, with a certificate of its own authority; and the names asked for (SNI)."""
    certificate, key = _certificate(tmp_path, "press.example")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    asked: list[str] = []
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    plain = web.port

    class Handler(_Handler):
        def handle(self) -> None:
            with suppress(OSError):
                self.request = context.wrap_socket(self.request, server_side=True)
                super().handle()

    server = _Server(("127.0.0.1", 0), Handler)
    server.web = web  # type: ignore[attr-defined]
    web.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield web, certificate, asked
    server.shutdown()
    server.server_close()
    web.port = plain


def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return folder / "certificate.pem", folder / "key.pem"


def test_tls_is_verified_for_the_name(
    secure: tuple[Web, Path, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    web, certificate, asked = secure
    web.answers["/a"] = _response()
    web.names["other.example"] = [["93.184.215.14"]]
    assert "not trusted" in _refusal(ConnectionFailed, "https://press.example/a")
    assert not web.requests
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))  # as an administrator adds the ministry's own
    assert fetch("https://press.example/a").data == ARTICLE.encode()
    assert (web.connected[-1], asked[-1]) == (("93.184.215.14", 443), "press.example")
    assert "Host: press.example\r\n" in web.requests[0]
    assert "not trusted" in _refusal(ConnectionFailed, "https://other.example/a")
    assert len(web.requests) == 1

"""A document from the web: the bytes behind a URL, or a refusal that says why.

In: an http(s) URL and the limits. Out: Fetched. Every address that a name resolves to is checked before
anything is sent, and the connection goes to the very address that was checked: a name server that answers
otherwise the second time is never asked a second time. Redirects are followed one by one, each checked
like the first. No cookies, no credentials, no scripts, and no proxy: the environment's proxy settings
are not read, because a proxy would resolve the names itself, unchecked. Where only a proxy leads
out, download with a browser and add the file.
"""

from __future__ import annotations

import re
import ssl
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote

import httpcore
import httpx

from . import content_types
from .errors import (
    ConnectionFailed,
    DamagedFile,
    EmptyFile,
    FetchFailed,
    HttpError,
    TooLarge,
    TooManyRedirects,
    TooSlow,
    UnusableAddress,
    UnusablePort,
)
from .guarded_network import GuardedNetwork, Limits
from .text_charsets import python_codec
from .told import Told

_SCHEMES = ("http", "https")
_HOST = re.compile(rb"[\w.:-]+", re.ASCII)  # a name in its ASCII form, or an address
_PORT = re.compile(r"https?://[^/?#\s]*:([\w.-]+)(?=[/?#]|$)", re.IGNORECASE)
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {
    "User-Agent": "Verbatim (document library)",
    "Accept": "application/pdf, text/html, application/xhtml+xml, text/*;q=0.9, */*;q=0.8",
    "Accept-Encoding": "gzip",
}
_LONGEST_NAME = 150  # characters of a file name; file systems stop at 255 bytes


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file from the web. `url` is the address asked for, also where redirects led to another.

    `filename` is a plain name whose suffix fits the content: read the data under it. `data` is what was
    sent, unpacked; text in the charset that only the HTTP header names is in UTF-8, with its mark.
    """

    url: str
    data: bytes
    content_type: str  # lower case, without parameters; "" where the server names none
    filename: str


def fetch(url: str, *, limits: Limits = Limits(), allow_private: bool = False) -> Fetched:
    """The file at `url`, on any port. Raises a kind of FetchFailed, TooLarge, EmptyFile and DamagedFile.

    `allow_private` allows addresses of one's own machine and network, as `network_addresses.forbidden` tells.
    """
    source = _without_credentials(url)
    network = GuardedNetwork(source, limits, allow_private)
    at = _parsed(url, source)
    try:
        for _ in range(limits.redirects + 1):
            _check_url(at, source)
            found = _request(at, source, network, limits)
            if isinstance(found, Fetched):
                return found
            at = found
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise TooSlow(
            source, Told("{host} did not answer in time. Try again later.", host=at.host)
        ) from error
    except httpcore.ConnectError as error:
        raise ConnectionFailed(source, _why_unconnected(error, at)) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise ConnectionFailed(
            source,
            Told("the connection to {host} broke: {why}. Try again later.", host=at.host, why=str(error)),
        ) from error
    raise TooManyRedirects(
        source,
        Told(
            "it redirects more than {limit} times. Open it in a browser and add the file.",
            limit=str(limits.redirects),
        ),
    )


def _request(at: httpx.URL, source: str, network: GuardedNetwork, limits: Limits) -> Fetched | httpx.URL:
    """One request: the file, or where its answer redirects to."""
    origin = httpcore.URL(scheme=at.raw_scheme, host=at.raw_host, port=at.port, target=at.raw_path)
    with (
        httpcore.HTTPConnection(origin.origin, ssl_context=_trust(), network_backend=network) as connection,
        connection.stream("GET", origin, headers=list(_HEADERS.items())) as response,
    ):
        headers = _Headers(response.headers)
        if response.status in _REDIRECTS and (location := headers["location"]):
            return _joined(at, location, source)
        if response.status != 200:
            raise HttpError(source, response.status, _status_advice(response.status))
        name = _filename(headers["content-disposition"], at)
        kind = content_types.announced(headers["content-type"], name, source)
        data = _body(response.iter_stream(), headers, source, limits.size)
    return Fetched(source, kind.in_utf8(data), kind.name, kind.checked_name(data, name, source))


def _trust() -> ssl.SSLContext:
    """The certificates that the system trusts (a ministry's own among them), and certifi's."""
    return httpcore.default_ssl_context()


# The URL


def _without_credentials(url: str) -> str:
    """The URL to show and to store: a password has no place in either."""
    return re.sub(r"(?<=://)[^/?#]*@", "", url, count=1)


def _parsed(url: str, source: str) -> httpx.URL:
    try:
        return httpx.URL(url.strip())
    except (httpx.InvalidURL, ValueError) as error:
        if port := _wrong_port(url):
            raise UnusablePort(source, port) from error
        raise UnusableAddress(
            source, Told("this is no web address. Write it as https://example.org/page.")
        ) from error


def _joined(at: httpx.URL, location: str, source: str) -> httpx.URL:
    try:
        return at.join(location)
    except (httpx.InvalidURL, ValueError) as error:
        raise UnusableAddress(source, Told("it redirects to what is no web address.")) from error


def _wrong_port(url: str) -> str:
    """What stands in a web address where its port is to stand, and is none; "" where nothing is wrong there."""
    found = _PORT.match(url.strip())
    port = found[1] if found else ""
    usable = port.isdecimal() and len(port) <= 5 and _is_port(int(port))
    return "" if usable else port


def _is_port(number: int) -> bool:
    return 0 < number < 65536


def _check_url(url: httpx.URL, source: str) -> None:
    if url.scheme not in _SCHEMES:
        raise UnusableAddress(
            source, Told("“{scheme}:” is not fetched, only http: and https: are.", scheme=url.scheme)
        )
    if url.userinfo:
        raise UnusableAddress(source, Told("a name or password in a web address is not sent. Leave it out."))
    if not _HOST.fullmatch(url.raw_host):
        raise UnusableAddress(source, Told("it names no host."))
    if url.port is not None and not _is_port(url.port):
        raise UnusablePort(source, str(url.port))


# The connection


def _why_unconnected(error: Exception, at: httpx.URL) -> str:
    cause: BaseException | None = error
    while cause and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    if isinstance(cause, ssl.SSLCertVerificationError):
        return Told(
            "the certificate of {host} is not trusted ({why}).", host=at.host, why=str(cause.verify_message)
        )
    return Told(
        "{host} cannot be reached: {why}. Check the address and the network.", host=at.host, why=str(error)
    )


# The answer


class _Headers:
    """The headers of a response as text; "" where there is none of a name."""

    def __init__(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self._values: dict[str, str] = {}
        for name, value in headers:
            self._values.setdefault(name.decode("latin-1").lower(), _header_text(value))

    def __getitem__(self, name: str) -> str:
        return self._values.get(name, "")


def _header_text(value: bytes) -> str:
    try:
        return value.decode("utf-8")  # not what the standard says, but what servers send
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _status_advice(status: int) -> str:
    if status in (401, 403, 407):
        return Told("it is not open to everyone. Download it with a browser and add the file.")
    if status in (404, 410):
        return Told("there is no such page. Check the address.")
    if status in (429, 500, 502, 503, 504):
        return Told("the server is busy or broken. Try again later.")
    return Told("no file came with that. Open the address in a browser.")


def _body(stream: Iterator[bytes], headers: _Headers, source: str, limit: int) -> bytes:
    announced = headers["content-length"]
    if announced.isdecimal() and int(announced) > limit:
        raise TooLarge(
            source, Told("it has {size} bytes; the limit is {limit}.", size=int(announced), limit=limit)
        )
    data = bytearray()
    for chunk in _unpacked(_counted(stream, source, limit), headers["content-encoding"], source, limit):
        data += chunk
        if len(data) > limit:
            raise TooLarge(source, Told("it has more than {limit} bytes, the limit.", limit=limit))
    if not data:
        raise EmptyFile(source, Told("the server sent no content."))
    return bytes(data)


def _counted(stream: Iterator[bytes], source: str, limit: int) -> Iterator[bytes]:
    """The chunks, counted as sent: packed data can go on for ever and unpack to nothing."""
    count = 0
    for chunk in stream:
        count += len(chunk)
        if count > limit:
            raise TooLarge(source, Told("it has more than {limit} bytes, the limit.", limit=limit))
        yield chunk


def _unpacked(stream: Iterator[bytes], encoding: str, source: str, limit: int) -> Iterator[bytes]:
    """The chunks without their compression, none longer than the limit and a byte."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        yield from stream
        return
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchFailed(
            source, Told("the server packed it as “{encoding}”, which was not asked for.", encoding=encoding)
        )
    inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        for chunk in stream:
            while chunk:
                if inflater.eof:  # gzip files may follow one another
                    inflater = zlib.decompressobj(_GZIP_OR_ZLIB)
                yield inflater.decompress(chunk, limit + 1)
                chunk = inflater.unused_data
    except zlib.error as error:
        raise DamagedFile(
            source, Told("its compression is broken ({why}). Try again later.", why=str(error))
        ) from error
    if not inflater.eof:
        raise DamagedFile(source, Told("its compressed data ends too early. Try again later."))


_GZIP_OR_ZLIB = 47  # of zlib: 15 for the largest window, 32 to tell the two by their headers


# The name


_STATED_NAME = (
    re.compile(r"filename\*\s*=\s*([\w-]+)'[^']*'([^\s;]+)", re.IGNORECASE | re.ASCII),  # RFC 8187
    re.compile(r'filename\s*=\s*()"((?:\\.|[^"\\])*)"', re.IGNORECASE),
    re.compile(r"filename\s*=\s*()([^\s;]+)", re.IGNORECASE),
)


def _filename(disposition: str, at: httpx.URL) -> str:
    """A plain file name: the one the server states, else the last part of the path, else the host."""
    name = ""
    for pattern in _STATED_NAME:
        if match := pattern.search(disposition):
            name = _stated_name(match[2], match[1])
            break
    path = at.raw_path.partition(b"?")[0].decode("ascii")
    return _plain(name) or _plain(unquote(path.rstrip("/").rpartition("/")[2])) or at.host


def _stated_name(value: str, charset: str) -> str:
    # Without a charset, percents are no part of the standard, and servers send them all the same.
    if not charset and "%" not in value:
        return value.replace("\\", "")
    codec = python_codec(charset or "utf-8")
    return unquote(value, codec) if codec else ""


def _plain(name: str) -> str:
    """The name without folders, controls, or anything that turns the reading direction; "" for none."""
    name = PurePosixPath(name.replace("\\", "/")).name
    name = "".join(char for char in name if char.isprintable()).strip(" .")
    stem, dot, suffix = name.rpartition(".")
    return (
        f"{stem[: _LONGEST_NAME - len(suffix)]}{dot}{suffix}"
        if dot and len(suffix) < 10
        else name[:_LONGEST_NAME]
    )

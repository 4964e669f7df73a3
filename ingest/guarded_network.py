"""Connections for fetching: to addresses that were checked, each wait with an end.

In: a host name and port. Out: a stream to the very address that was checked, so that a name server that
answers otherwise the second time is never asked a second time.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from .errors import ForbiddenAddress, HostNotFound, TooSlow
from .network_addresses import forbidden
from .reading import LARGEST_FILE
from .told import Told


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may cost."""

    size: int = LARGEST_FILE  # bytes, of what is sent and of what it unpacks to
    seconds: float = 120.0  # in all: names, redirects and the last byte
    connect_seconds: float = 10.0  # for one connection, its TLS handshake apart
    silent_seconds: float = 20.0  # without a byte from the server
    redirects: int = 5


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects to checked addresses alone; the time of the limits runs from its making."""

    def __init__(self, source: str, limits: Limits, allow_private: bool) -> None:
        self._source, self._limits, self._allow_private = source, limits, allow_private
        self._deadline = time.monotonic() + limits.seconds

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._resolve(host, port)
        for address in addresses:  # one that is forbidden condemns the name: nobody honest mixes them
            if why := forbidden(address, self._allow_private):
                raise ForbiddenAddress(
                    self._source,
                    f"{host} leads to {address}, {why}, and not to the public web."
                    + _advice(address, self._allow_private),
                )
        failure: Exception = httpcore.ConnectError("it has no address")
        for address in addresses:
            try:
                stream = httpcore.SyncBackend().connect_tcp(
                    address, port, self.left(self._limits.connect_seconds)
                )
                return _TimedStream(stream, self)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    def left(self, at_most: float) -> float:
        """Seconds that the next wait may take. Raises TooSlow when there are none."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TooSlow(
                self._source,
                Told(
                    "it was not there after {seconds} seconds. Download it with a browser and add the file.",
                    seconds=f"{self._limits.seconds:g}",
                ),
            )
        return min(left, at_most)

    @property
    def silence(self) -> float:
        return self.left(self._limits.silent_seconds)

    def _resolve(self, host: str, port: int) -> list[str]:
        """Every address of the name, asked once. In a thread, because a name server may keep us waiting."""
        found: list[list[str] | OSError] = []
        thread = threading.Thread(target=lambda: found.append(_addresses(host, port)), daemon=True)
        thread.start()
        thread.join(self.silence)
        if not found:
            raise TooSlow(
                self._source, Told("the name {host} was not resolved in time. Try again later.", host=host)
            )
        if isinstance(found[0], OSError):
            raise HostNotFound(
                self._source,
                Told(
                    "the name {host} is not known ({why}). Check the address.",
                    host=host,
                    why=str(found[0].strerror),
                ),
            )
        return found[0]


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every wait ends when the server is silent too long, or at the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, network: GuardedNetwork) -> None:
        self._stream, self._network = stream, network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._network.silence)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._network.silence)

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, self._network.silence)
        return _TimedStream(secured, self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _addresses(host: str, port: int) -> list[str] | OSError:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label of more than 63 letters
        return OSError(0, str(error))
    except OSError as error:
        return error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _advice(address: str, allow_private: bool) -> str:
    if allow_private or forbidden(address, allow_private=True):
        return ""
    return " Add it with --allow-private if you trust it."

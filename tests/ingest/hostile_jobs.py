"""What a hostile file could have its reader do, as jobs of a sandbox; the data says how much of it.

Each stands for a kind of fault in a reader's library: a loop, an allocation, a crash, a process that has
been taken over.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import msgspec

from ingest.errors import DamagedFile
from ingest.frames import LENGTH, Answer, Limits, pack
from ingest.jobs import prepare, read_document
from ingest.landlock import forbid_changes
from ingest.reading import read

__all__ = ["JOBS", "prepare"]


def _loop(data: bytes, source: str, limits: Limits) -> NoReturn:
    while True:
        pass


def _sleep(data: bytes, source: str, limits: Limits) -> NoReturn:
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, signal.NSIG))
    while True:
        time.sleep(1)


def _allocate(data: bytes, source: str, limits: Limits) -> bytes:
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))


def _allocate_in_c(data: bytes, source: str, limits: Limits) -> bytes:
    """As a library in C does: it aborts when it gets no more."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    size = 16 * 1024 * 1024
    while pointer := libc.malloc(size):
        ctypes.memset(pointer, 1, size)
    os.abort()


def _segfault(data: bytes, source: str, limits: Limits) -> bytes:
    return ctypes.string_at(1)


def _exit(data: bytes, source: str, limits: Limits) -> NoReturn:
    os._exit(int(data))


def _recurse(data: bytes, source: str, limits: Limits) -> bytes:
    return _recurse(data, source, limits)


def _raise(data: bytes, source: str, limits: Limits) -> NoReturn:
    raise DamagedFile(source, data.decode())


def _write_much(data: bytes, source: str, limits: Limits) -> bytes:
    return bytes(int(data))


def _print_much(data: bytes, source: str, limits: Limits) -> bytes:
    print("noise " * 10_000, flush=True)
    print("more noise", file=sys.stderr, flush=True)
    os.write(1, b"\0" * 100_000)
    os.write(2, b"\0" * 100_000)
    assert sys.stdin.read() == ""
    return b"heard"


def _answer_pipe() -> int:
    """The pipe to the parent, as a reader that was taken over would find it."""
    for name in sorted(os.listdir("/proc/self/fd"), key=int):  # noqa: PTH208
        try:
            link = os.readlink(f"/proc/self/fd/{name}")  # noqa: PTH115
            flags = Path(f"/proc/self/fdinfo/{name}").read_text().split("flags:")[1].split()[0]
        except OSError:
            continue
        if link.startswith("pipe:") and int(flags, 8) & os.O_WRONLY:
            return int(name)
    raise AssertionError("there is no pipe")


def _write_garbage(data: bytes, source: str, limits: Limits) -> NoReturn:
    os.write(_answer_pipe(), data)
    while True:
        time.sleep(1)


def _write_a_false_length(data: bytes, source: str, limits: Limits) -> NoReturn:
    head = pack(Answer())
    os.write(_answer_pipe(), LENGTH.pack(len(head)) + head + LENGTH.pack(1 << 60))
    while True:
        time.sleep(1)


def _answer_twice(data: bytes, source: str, limits: Limits) -> bytes:
    """Answers the next file as well, before it is asked."""
    head, output = pack(Answer()), b"false"
    os.write(_answer_pipe(), 2 * (LENGTH.pack(len(head)) + head + LENGTH.pack(len(output)) + output))
    return b"third"


def _close_the_pipe(data: bytes, source: str, limits: Limits) -> NoReturn:
    os.close(_answer_pipe())
    while True:
        time.sleep(1)


def _fork_and_crash(data: bytes, source: str, limits: Limits) -> NoReturn:
    """The grandchild keeps the pipe open, and notes its number where the test looks for it."""
    if child := os.fork():
        raise SystemExit(child)
    while True:
        time.sleep(1)


def _fork(data: bytes, source: str, limits: Limits) -> bytes:
    child = os.fork()
    while child == 0:
        time.sleep(1)
    return str(child).encode()


def _connect(data: bytes, source: str, limits: Limits) -> bytes:
    try:
        socket.create_connection(("127.0.0.1", int(data)), timeout=2).close()
    except OSError as error:
        return str(error.errno).encode()
    return b"connected"


def _write_file(data: bytes, source: str, limits: Limits) -> bytes:
    try:
        with open(data.decode(), "wb") as file:  # noqa: PTH123
            file.write(b"written")
    except OSError as error:
        return type(error).__name__.encode()
    return b"written"


def _destroy(data: bytes, source: str, limits: Limits) -> bytes:
    """Empty, rename, delete and make a file, each by the error that it meets."""
    if not forbid_changes():  # once more, which takes nothing back, to hear whether the kernel knows how to
        return b"no-landlock"
    path = Path(data.decode())
    ways: tuple[Callable[[], object], ...] = (
        lambda: os.truncate(path, 0),
        lambda: path.rename(path.with_name("other")),
        path.unlink,
        path.with_name("folder").mkdir,
    )
    said = []
    for way in ways:
        try:
            way()
            said.append("done")
        except OSError as error:
            said.append(type(error).__name__)
    return " ".join(said).encode()


def _cat(data: bytes, source: str, limits: Limits) -> bytes:
    command = ["sh", "-c", "echo noise > /dev/null && cat"]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def _look_around(data: bytes, source: str, limits: Limits) -> bytes:
    """The names of the environment, the open files, and the limits."""
    files = [os.readlink(entry.path) for entry in os.scandir("/proc/self/fd")]  # noqa: PTH115
    memory = resource.getrlimit(resource.RLIMIT_AS)
    core = resource.getrlimit(resource.RLIMIT_CORE)
    return repr((sorted(os.environ), sorted(files), memory, core, os.getpid())).encode()


def _read_another(data: bytes, source: str, limits: Limits, **_: str) -> bytes:
    return read_document(b"Something else entirely.", source, limits)


def _read_without_pages(data: bytes, source: str, limits: Limits, **_: str) -> bytes:
    return msgspec.msgpack.encode(replace(read(data, source), pages=()))


def _read_a_surrogate(data: bytes, source: str, limits: Limits, **_: str) -> bytes:
    packed = msgspec.msgpack.encode(replace(read(data, source), publisher="@@@"))
    return packed.replace(b"@@@", b"\xed\xa0\x80")


def _read_garbage(data: bytes, source: str, limits: Limits, **_: str) -> bytes:
    return b"\xff\x00garbage"


JOBS = {
    "loop": _loop,
    "sleep": _sleep,
    "allocate": _allocate,
    "allocate in C": _allocate_in_c,
    "segfault": _segfault,
    "exit": _exit,
    "recurse": _recurse,
    "raise": _raise,
    "write much": _write_much,
    "print": _print_much,
    "garbage": _write_garbage,
    "false length": _write_a_false_length,
    "answer twice": _answer_twice,
    "close the pipe": _close_the_pipe,
    "fork": _fork,
    "fork and crash": _fork_and_crash,
    "connect": _connect,
    "write a file": _write_file,
    "look around": _look_around,
    "read": read_document,
    "read another": _read_another,
    "read garbage": _read_garbage,
    "read without pages": _read_without_pages,
    "read a surrogate": _read_a_surrogate,
    "destroy": _destroy,
    "cat": _cat,
}

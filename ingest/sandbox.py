"""Readers run in processes of their own: what a file does to its reader costs that file alone.

In: the bytes of a file and its source. Out: the Document that `ingest.read` gives, or a refusal. A process
reads many files, one at a time; one that is too slow, takes too much, crashes or writes nonsense is
killed with its process group, and the next file gets a new one. The processes end with their parent.

First the limits keep out what goes wrong by itself: bombs, loops, crashes. As a second line, for a file
that takes its reader over, the process has no network where the kernel allows leaving it (as root, or
with user namespaces), puts no byte into a file, gains no rights, sees no secrets of the environment, and
what it sends is data, checked against the types of a Document and what holds of each. Where the kernel has
Landlock (Linux 5.13), it neither empties, deletes, renames nor makes a file.

That is no wall. The process runs as the same user and reads what that user reads; without Landlock it can
empty, delete and rename that user's files. What it starts in a session of its own outlives it, with the
same limits.
"""

from __future__ import annotations

import json
import os
import resource
import secrets
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Protocol

import msgspec

from . import errors, records
from .document import Document, content_id
from .errors import ReaderCrashed, Refused, SandboxFailed, TookTooLong, TooMuchMemory, TooMuchText
from .frames import LARGEST_ANSWER, LENGTH, MIB, Answer, Limits, Request, most_resident, pack, unpack_answer
from .page_progress import page_read
from .told import Told, unpack

__all__ = ["Limits", "Reader", "Sandbox"]

_ROOT = Path(__file__).parents[1]
_START_SECONDS = 120  # a busy machine takes a while to load the libraries; an idle one, one second
_STEP = 1 << 20  # bytes written at once
# What a reader may know of the environment; the rest may hold secrets.
_ENVIRONMENT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "TESSDATA_PREFIX", "PYTHONPATH")
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


class Reader(Protocol):
    """Whatever makes documents of files, up to `workers` at a time."""

    workers: int

    def read(self, data: bytes, source: str, name: str = "", languages: Sequence[str] = ()) -> Document:
        """As `ingest.read`."""


class Sandbox:
    """Up to `workers` processes that read files, started when they are needed; safe to use from threads."""

    def __init__(
        self, limits: Limits = Limits(), workers: int | None = None, jobs: str = "ingest.jobs"
    ) -> None:
        """`workers`: default as many as there are processors for us. `jobs`: the module with the JOBS."""
        self.limits = limits
        self.workers = workers or available_processors()
        self._jobs = jobs
        self._free = threading.BoundedSemaphore(self.workers)
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._all: set[_Child] = set()
        self._closed = False
        # Linux ends a process with the thread that started it, so all are started by one that stays.
        self._starter = ThreadPoolExecutor(1, "sandbox")

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all processes, those at work too; their files are refused with ReaderCrashed."""
        with self._lock:
            self._closed = True
            children, idle = list(self._all), self._idle
            self._idle = []
        for child in children:
            child.kill()  # who waits for it in another thread sees it end, and disposes of it
        for child in idle:
            self._drop(child)
        self._starter.shutdown()

    def read(self, data: bytes, source: str, name: str = "", languages: Sequence[str] = ()) -> Document:
        """The document in `data`, equal to what `ingest.read` makes of it in this process.

        Raises the same kinds of Refused, and TookTooLong, TooMuchMemory, TooManyPages, TooMuchText and
        ReaderCrashed; SandboxFailed where no process can be started.
        """
        try:
            arguments = {"name": name, "languages": " ".join(languages)}
            document = records.checked(records.load(self.run("read", data, source, arguments)))
        except msgspec.DecodeError as error:
            raise _crashed(source, "what it wrote is no document") from error
        if (document.id, document.source) != (content_id(data), source):
            raise _crashed(source, "what it wrote is another file's document")
        return document

    def run(
        self,
        job: str,
        data: bytes,
        source: str,
        arguments: Mapping[str, str | int | float | bool] | None = None,
    ) -> bytes:
        """What one of the jobs makes of a file. Raises as `read` does."""
        request = Request(job, source, dict(arguments or {}))
        with self._free:
            while True:
                child = self._take()
                fresh = not child.served
                try:
                    answer, output = child.exchange(request, data, self.limits)
                    _check(answer, source, self.limits)
                    return output
                except _Died as died:
                    refusal = _refusal(died, source, self.limits)
                    # An earlier file may have broken the process without a sign: this one gets another.
                    if fresh or isinstance(refusal, TookTooLong):
                        raise refusal from None
                finally:
                    self._give_back(child)

    def _take(self) -> _Child:
        while True:
            with self._lock:
                if self._closed:
                    raise SandboxFailed(Told("The readers have been closed."))
                child = self._idle.pop() if self._idle else None
            if child is None:
                return self._starter.submit(self._start).result()
            if child.alive:
                return child
            self._drop(child)  # ended by someone while it had nothing to do

    def _start(self) -> _Child:
        child = _Child(self._jobs, self.limits)
        with self._lock:
            self._all.add(child)
            closed = self._closed
        if closed:
            child.kill()
        return child

    def _give_back(self, child: _Child) -> None:
        with self._lock:
            if child.usable and not self._closed:
                self._idle.append(child)
                return
        self._drop(child)

    def _drop(self, child: _Child) -> None:
        child.dispose()
        with self._lock:
            self._all.discard(child)


def available_processors() -> int:
    """Processors that this process may use; 8 at the most, for each reader takes memory too."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(count, 8)


class _Died(Exception):
    """The process has to be replaced. `resident`: the most memory that it held, in bytes."""

    def __init__(self, how: str, code: int = 0, resident: int = 0) -> None:
        super().__init__(how)
        self.how, self.code, self.resident = how, code, resident


class _Overdue(Exception):
    pass


class _TooLong(Exception):
    """A frame that is longer than it may be."""


class _Child:
    """One process, its pipes, and whether it can be given another file."""

    def __init__(self, jobs: str, limits: Limits) -> None:
        settings = {"parent": os.getpid(), "jobs": jobs, "limits": asdict(limits)}
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        kept = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
        # The hash seed is fixed: the same file gives the same document, whatever its reader iterates over.
        fixed = {"PYTHONPATH": path, "PYTHONHASHSEED": "0"}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "ingest.worker", json.dumps(settings)],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=kept | _ONE_THREAD | fixed,
                start_new_session=True,  # a group of its own, killed as a whole; Ctrl+C is the parent's
            )
        except OSError as error:
            raise SandboxFailed(
                Told("No process can be started to read files in: {why}.", why=str(error.strerror))
            ) from error
        assert self._process.stdin and self._process.stdout
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        # Linux counts what this process held when it started the other as held by that.
        self._not_its_own = most_resident(resource.getrusage(resource.RUSAGE_SELF))
        self._killing = threading.Lock()
        self._code: int | None = None
        self._resident = 0
        self._ready = False
        self.served = 0  # files
        self.usable = False

    @property
    def alive(self) -> bool:
        """Whether the process runs. One that has ended is left for `kill` to collect."""
        if self._code is not None:
            return False
        try:
            return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None
        except ChildProcessError:
            return False

    def exchange(self, request: Request, data: bytes, limits: Limits) -> tuple[Answer, bytes]:
        """Do one job. Raises _Died, and SandboxFailed where the process does not come up."""
        self.usable = False
        self._await_start()
        self.served += 1
        ticket = secrets.token_hex(8)
        deadline = time.monotonic() + limits.seconds
        try:
            for part in (pack(replace(request, ticket=ticket)), data):
                self._send(LENGTH.pack(len(part)), deadline)
                self._send(part, deadline)
            while (answer := unpack_answer(self._receive(LARGEST_ANSWER, deadline))).page:
                if answer.ticket != ticket:
                    raise msgspec.DecodeError
                page_read(answer.page, answer.pages)
            output = self._receive(limits.output, deadline)
            if answer.ticket != ticket:
                raise msgspec.DecodeError
        except _Overdue:
            self.kill()
            raise _Died("overdue") from None
        except _TooLong:
            self.kill()
            raise _Died("too long") from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            self.kill()
            raise _Died("what it wrote is no answer") from None
        except (EOFError, OSError):
            # Who closed its pipes without ending is ended here, and counts as killed by us.
            code, resident = self.kill()
            raise _Died("ended", code, resident if resident > self._not_its_own else 0) from None
        # A process that once took much memory might be blamed for it at its next file.
        self.usable = answer.error != "TooMuchMemory" and answer.resident < limits.memory // 4
        return answer, output

    def kill(self) -> tuple[int, int]:
        """End the process and its group: its exit code and the most memory it held, in bytes."""
        with self._killing:
            if self._code is None:
                # While it is not yet waited for, its number is still its own, and its group's.
                with suppress(ProcessLookupError, PermissionError):  # the latter: macOS, when it has ended
                    os.killpg(self._process.pid, signal.SIGKILL)
                self._code = 0
                with suppress(ChildProcessError):
                    _, status, usage = os.wait4(self._process.pid, 0)
                    self._code = os.waitstatus_to_exitcode(status)
                    self._resident = most_resident(usage)
                self._process.returncode = self._code
            return self._code, self._resident

    def dispose(self) -> None:
        """Kill, and close the pipes; for whoever holds the process, since numbers of files are used again."""
        self.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe
            with suppress(OSError):
                pipe.close()

    def _await_start(self) -> None:
        if self._ready:
            return
        try:
            answer = unpack_answer(self._receive(LARGEST_ANSWER, time.monotonic() + _START_SECONDS))
            problem = answer.reason
        except (_Overdue, _TooLong, EOFError, OSError, ValueError) as error:
            code, _ = self.kill()
            problem = f"it ended with code {code} ({type(error).__name__})"
        if problem:
            raise SandboxFailed(
                Told(
                    "A reader's process does not come up: {problem}. Install the requirements anew, or allow "
                    "more memory.",
                    problem=problem,
                )
            )
        self._ready = True

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(self._in, select.POLLOUT, deadline)
            try:
                view = view[os.write(self._in, view[:_STEP]) :]
            except BlockingIOError:
                continue

    def _receive(self, limit: int, deadline: float) -> bytes:
        """The next frame. Raises _TooLong, _Overdue, EOFError."""
        length = LENGTH.unpack(self._receive_exactly(LENGTH.size, deadline))[0]
        if length > limit:
            raise _TooLong
        return self._receive_exactly(length, deadline)

    def _receive_exactly(self, length: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < length:
            self._wait(self._out, select.POLLIN, deadline)
            try:
                part = os.read(self._out, min(length - len(data), _STEP))
            except BlockingIOError:
                continue
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    def _wait(self, pipe: int, event: int, deadline: float) -> None:
        """Until the pipe is ready. Whoever inherits it keeps it open, so the process is looked at as well."""
        poll = select.poll()
        poll.register(pipe, event)
        while (left := deadline - time.monotonic()) > 0:
            ended = not self.alive
            if poll.poll(0 if ended else min(left, 0.5) * 1000):
                return
            if ended:
                raise EOFError
        raise _Overdue


def _check(answer: Answer, source: str, limits: Limits) -> None:
    """Raise what the reader refused its file with."""
    if not answer.error:
        return
    if answer.error in ("TooMuchMemory", "TooMuchText") and not answer.reason:
        raise _over_limit(answer.error, source, limits)
    if answer.error == "ReaderCrashed":
        raise _crashed(source, answer.reason)
    kind = getattr(errors, answer.error, None)
    # Its words come from a process that a file may have taken over: nothing that steers a terminal.
    reason = unpack(answer.reason)
    reason = reason.with_texts(_printable) if isinstance(reason, Told) else _printable(reason)
    if isinstance(kind, type) and issubclass(kind, Refused):
        refusal = kind.__new__(kind)
        Refused.__init__(refusal, source, reason)
        raise refusal
    raise _crashed(source, reason)


def _refusal(died: _Died, source: str, limits: Limits) -> Refused:
    """Why the process had to be ended, or how it ended, in words for its file."""
    if died.how == "overdue" or -died.code in (signal.SIGXCPU, signal.SIGALRM):
        return TookTooLong(
            source,
            Told(
                "reading it took more than {seconds} seconds, or {cpu_seconds} of the processor. "
                "Split it, or save it anew with another program.",
                seconds=f"{limits.seconds:g}",
                cpu_seconds=str(limits.cpu_seconds),
            ),
        )
    if died.how == "too long":
        return _over_limit("TooMuchText", source, limits)
    if died.resident > limits.memory // 2:  # libraries in C end the process when they get no memory
        return _over_limit("TooMuchMemory", source, limits)
    if died.how != "ended":
        return _crashed(source, died.how)
    if died.code < 0:
        return _crashed(source, f"ended by {signal.Signals(-died.code).name}")
    return _crashed(source, f"ended with code {died.code}")


def _over_limit(error: str, source: str, limits: Limits) -> Refused:
    if error == "TooMuchMemory":
        return TooMuchMemory(
            source,
            Told(
                "reading it takes more than {memory} MiB of memory. "
                "Split it, or save it anew with another program.",
                memory=limits.memory // MIB,
            ),
        )
    return TooMuchText(
        source,
        Told(
            "what was read of it takes more than {output} MiB. Split it into parts.",
            output=limits.output // MIB,
        ),
    )


def _crashed(source: str, how: str) -> ReaderCrashed:
    return ReaderCrashed(
        source,
        Told(
            "its reader crashed on it ({how}). Save it anew with another program, and add that.",
            how=_printable(how),
        ),
    )


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)

"""A reader's process: python -m ingest.worker, started by ingest.sandbox and by nobody else.

In: requests on standard input. Out: answers on standard output. It lives until its input ends, and holds
itself to its limits; its parent holds it to those that a file which has taken it over could lift.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import resource
import signal
import sys
import time
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from .errors import Refused, VerbatimError
from .frames import Answer, Limits, Request, most_resident, pack, read_frame, unpack_request, write_frame
from .landlock import forbid_changes
from .page_progress import listening
from .told import Told
from .told import pack as pack_told

_OPEN_FILES = 64
_LONGEST_REASON = 2000  # characters
_LONGEST_PACKED = 16_000  # characters of a reason with what it was made of
_BETWEEN_PAGES = 0.2  # seconds between two words on how far a job is
_GRACE = 10  # seconds after the parent should have ended this process: the parent is gone

# From <linux/prctl.h> and <linux/sched.h>.
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


def main() -> None:
    settings = json.loads(sys.argv[1])
    _end_with(settings["parent"])
    requests, answers = _claim_pipes()
    limits = Limits(**settings["limits"])
    try:
        jobs = import_module(settings["jobs"])
        jobs.prepare()
        _confine(limits)
    except Exception as error:
        write_frame(answers, pack(Answer("SandboxFailed", f"{type(error).__name__}: {error}")))
        return
    write_frame(answers, pack(Answer(resident=_resident())))
    while (head := read_frame(requests)) is not None and (data := read_frame(requests)) is not None:
        request = unpack_request(head)
        with listening(_Teller(answers, request.ticket)):
            answer, output = _serve(jobs, request, data, limits)
        del data
        write_frame(answers, pack(replace(answer, ticket=request.ticket)))
        write_frame(answers, output)


def _serve(jobs: ModuleType, request: Request, data: bytes, limits: Limits) -> tuple[Answer, bytes]:
    """Do one job within its time; what it raises becomes an answer too."""
    _start_clocks(limits)
    try:
        output = jobs.JOBS[request.job](data, request.source, limits, **request.arguments)
    except MemoryError:
        return Answer("TooMuchMemory", resident=_resident()), b""
    except Refused as refusal:
        return _refusal(type(refusal).__name__, refusal.reason), b""
    except VerbatimError as error:
        return _refusal(type(error).__name__, error.told), b""
    except Exception as error:
        return _refusal("ReaderCrashed", f"{type(error).__name__}: {error}"), b""
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    if len(output) > limits.output:
        return Answer("TooMuchText", resident=_resident()), b""
    return Answer(resident=_resident()), output


class _Teller:
    """Tells the parent how far the job is, and not more often than somebody would look."""

    def __init__(self, answers: BinaryIO, ticket: str) -> None:
        self._answers, self._ticket = answers, ticket
        self._told = time.monotonic()

    def __call__(self, page: int, pages: int) -> None:
        now = time.monotonic()
        if now - self._told >= _BETWEEN_PAGES:
            self._told = now
            write_frame(self._answers, pack(Answer(ticket=self._ticket, page=page, pages=pages)))


def _refusal(error: str, reason: str) -> Answer:
    if isinstance(reason, Told) and len(packed := pack_told(reason.with_texts(_escaped))) <= _LONGEST_PACKED:
        return Answer(error, packed, _resident())
    return Answer(error, _escaped(reason[:_LONGEST_REASON]), _resident())


def _escaped(text: str) -> str:
    # A message may quote the file: lone surrogates would not survive the way.
    return text.encode("utf-8", "backslashreplace").decode()


def _claim_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for the frames; who prints, or reads what is typed, meets nothing there."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.close(nothing)
    return os.fdopen(requests, "rb", buffering=0), os.fdopen(answers, "wb", buffering=0)


def _end_with(parent: int) -> None:
    """Have the kernel end this process when its parent ends, however that happens."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(0)  # it had ended before


def _confine(limits: Limits) -> None:
    """From here on: no more memory than the limit, no byte put into a file, no core dumped, and no network.

    The network is left behind where the kernel lets this user do so; no reader asks for it anyhow. A limit
    of 0 bytes alone still lets files be emptied, deleted and renamed: Landlock, where there is, does not.
    """
    sys.dont_write_bytecode = True
    _lower(resource.RLIMIT_AS, limits.memory)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
    if sys.platform == "linux":
        kernel = ctypes.CDLL(None)
        kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        if kernel.unshare(_CLONE_NEWNET):  # only root may, or whoever is root in a namespace of their own
            kernel.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
        forbid_changes()


def _lower(kind: int, limit: int) -> None:
    hard = resource.getrlimit(kind)[1]
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (limit, limit))


def _start_clocks(limits: Limits) -> None:
    """Give this job its seconds. The kernel ends the process when they are over."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    seconds = math.ceil(used.ru_utime + used.ru_stime) + limits.cpu_seconds
    resource.setrlimit(
        resource.RLIMIT_CPU, (seconds if hard == resource.RLIM_INFINITY else min(seconds, hard), hard)
    )
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE)


def _resident() -> int:
    """The most memory that this process has held, in bytes."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):  # no Linux, where getrusage counts the parent in
        return most_resident(resource.getrusage(resource.RUSAGE_SELF))


if __name__ == "__main__":
    main()

"""Whatever a file does to its reader costs that file alone, and is told in words."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import pytest
from docx import Document as DocxDocument
from reportlab.pdfgen.canvas import Canvas

from ingest import errors
from ingest.errors import (
    DamagedFile,
    EmptyFile,
    FormatMismatch,
    ReaderCrashed,
    Refused,
    SandboxFailed,
    TookTooLong,
    TooManyPages,
    TooMuchMemory,
    TooMuchText,
    UnknownFormat,
)
from ingest.frames import MIB, Limits
from ingest.reading import read
from ingest.sandbox import Sandbox
from ingest.told import Told, first_of

ROOT = Path(__file__).parents[2]
JOBS = "tests.ingest.hostile_jobs"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc, or uses what Linux alone has")
GOOD = b"# A title\n\nThe forum began in 2007.\n"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    """One process, which has to be replaced whenever a job has ended it."""
    limits = Limits(seconds=4, cpu_seconds=2, memory=900 * MIB, pages=3, output=MIB)
    with Sandbox(limits, workers=1, jobs=JOBS) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def patient() -> Iterator[Sandbox]:
    """With the limits that files are read with."""
    with Sandbox(workers=2) as sandbox:
        yield sandbox


def _processes(parent: int) -> set[int]:
    """The processes of the sandboxes of a process, and what these have started."""
    found = set()
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if b"ingest.worker" in command and f'"parent": {parent},'.encode() in command:
            found.add(int(folder.name))
    return found


def _gone(pids: set[int], seconds: float = 10) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if not any(_runs(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def _runs(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


def _pdf(pages: int) -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for number in range(pages):
        canvas.drawString(72, 700, f"This is what page {number + 1} says.")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _docx() -> bytes:
    document, buffer = DocxDocument(), io.BytesIO()
    document.add_heading("The railway", 1)
    document.add_paragraph("It was opened in 2019.")
    table = document.add_table(2, 2)
    for cell, text in zip((*table.rows[0].cells, *table.rows[1].cells), "abcd", strict=True):
        cell.text = text
    document.save(buffer)
    return buffer.getvalue()


HTML = (
    b"<!doctype html><html><head><title>Trade</title></head>"
    b"<body><h1>Trade</h1><p>It grew by a tenth.</p></body></html>"
)
FILES = {
    "paper.pdf": _pdf(3),
    "paper.docx": _docx(),
    "page.html": HTML,
    "notes.md": GOOD,
    "한국.txt": "한국과 중앙아시아 국가들은 1992년에 수교하였다.".encode("cp949"),
}


# The same as in this process


@pytest.mark.parametrize("name", FILES)
def test_a_document_is_equal_to_one_read_in_this_process(patient: Sandbox, name: str) -> None:
    assert patient.read(FILES[name], name) == read(FILES[name], name)


def test_the_starter_documents_are_equal_too_read_by_several_threads(patient: Sandbox) -> None:
    files = [(path.read_bytes(), str(path)) for path in sorted((ROOT / "corpus" / "documents").iterdir())]
    with ThreadPoolExecutor(4) as threads:  # more than there are processes
        documents = list(threads.map(lambda file: patient.read(*file), files))
    assert documents == [read(*file) for file in files]
    assert len(documents) > 10


def test_the_name_tells_the_format_and_the_source_stays(patient: Sandbox) -> None:
    url = "https://example.org/download?id=3"
    document = patient.read(GOOD, url, "law.md")
    assert (document.source, document.format) == (url, "markdown")
    assert document == read(GOOD, url, "law.md")


def test_a_refusal_is_the_same(patient: Sandbox) -> None:
    for data, name in ((b"", "a.txt"), (HTML, "a.pdf"), (_pdf(2)[:300], "a.pdf"), (b"\0\1\2", "a.md")):
        with pytest.raises(Refused) as here:
            read(data, name)
        with pytest.raises(type(here.value)) as there:
            patient.read(data, name)
        assert type(there.value) is type(here.value)
        assert (there.value.source, there.value.reason) == (here.value.source, here.value.reason)
    assert issubclass(EmptyFile, Refused) and issubclass(FormatMismatch, Refused)


# What a reader can do, and what comes of it


@pytest.mark.parametrize(
    ("job", "data", "error", "words"),
    [
        ("loop", b"", TookTooLong, "more than 4 seconds, or 2 of the processor"),
        ("sleep", b"", TookTooLong, "more than 4 seconds"),
        ("allocate", b"", TooMuchMemory, "more than 900 MiB"),
        ("segfault", b"", ReaderCrashed, "ended by SIGSEGV"),
        ("exit", b"0", ReaderCrashed, "ended with code 0"),
        ("exit", b"7", ReaderCrashed, "ended with code 7"),
        ("recurse", b"", ReaderCrashed, "RecursionError"),
        ("raise", b"\x1b[2Jred\nalert", DamagedFile, " [2Jred alert"),
        ("write much", b"%d" % (MIB + 1), TooMuchText, "more than 1 MiB"),
        ("garbage", b"\0" * 8 + b"garbage", ReaderCrashed, "no answer"),
        ("garbage", b"\0\0\0\0\0\0\0\x07garbage" * 2, ReaderCrashed, "no answer"),
        ("garbage", b"\xff" * 100, TooMuchText, ""),
        ("false length", b"", TooMuchText, "more than 1 MiB"),
        ("close the pipe", b"", ReaderCrashed, ""),
        ("fork and crash", b"", ReaderCrashed, "ended with code"),
        ("no such job", b"", ReaderCrashed, "KeyError"),
    ],
)
def test_it_costs_that_file_alone(
    sandbox: Sandbox, job: str, data: bytes, error: type[Refused], words: str
) -> None:
    began = time.monotonic()
    sandbox.read(GOOD, "/good.md")
    before = _processes(os.getpid())
    with pytest.raises(error) as caught:
        sandbox.run(job, data, "/bad.pdf")
    assert type(caught.value) is error
    assert caught.value.source == "/bad.pdf"
    assert words in caught.value.reason
    assert caught.value.reason.isprintable()
    assert time.monotonic() - began < 30
    assert sandbox.read(GOOD, "/good.md") == read(GOOD, "/good.md")
    if sys.platform == "linux":
        assert len(_processes(os.getpid())) <= len(before)  # what died left nothing


def test_as_much_as_is_allowed_comes_through(sandbox: Sandbox) -> None:
    assert sandbox.run("write much", b"%d" % MIB, "/big") == bytes(MIB)
    assert sandbox.read(_pdf(3), "/three.pdf").pages[2].number == 3
    with pytest.raises(TooManyPages, match="it has 4 pages; the limit is 3"):
        sandbox.read(_pdf(4), "/four.pdf")


def test_a_reader_that_prints_breaks_nothing(sandbox: Sandbox, capfd: pytest.CaptureFixture[str]) -> None:
    assert sandbox.run("print", b"", "/loud") == b"heard"
    assert capfd.readouterr() == ("", "")


def test_an_answer_given_in_advance_is_not_taken(sandbox: Sandbox) -> None:
    with pytest.raises(ReaderCrashed):
        sandbox.run("answer twice", b"", "/false")
    assert sandbox.read(GOOD, "/good.md") == read(GOOD, "/good.md")


def test_a_document_of_another_file_is_not_taken(sandbox: Sandbox) -> None:
    with pytest.raises(ReaderCrashed, match="another file's document"):
        sandbox_read(sandbox, "read another")
    with pytest.raises(ReaderCrashed, match="no document"):
        sandbox_read(sandbox, "read garbage")


def test_a_document_that_contradicts_itself_is_not_taken(sandbox: Sandbox) -> None:
    for job in ("read without pages", "read a surrogate"):
        with pytest.raises(ReaderCrashed, match="no document"):
            sandbox_read(sandbox, job)


def sandbox_read(sandbox: Sandbox, job: str) -> None:
    """`read`, with another job in its place."""
    run = sandbox.run
    sandbox.run = lambda _, *rest: run(job, *rest)  # type: ignore
    try:
        sandbox.read(GOOD, "/good.md")
    finally:
        del sandbox.run  # type: ignore


@LINUX
def test_a_process_that_someone_kills_is_replaced(sandbox: Sandbox) -> None:
    sandbox.read(GOOD, "/good.md")
    (idle,) = {child._process.pid for child in sandbox._all}
    os.kill(idle, signal.SIGKILL)
    assert sandbox.read(GOOD, "/good.md") == read(GOOD, "/good.md")


@LINUX
@pytest.mark.parametrize("used", [False, True])
def test_a_process_that_is_killed_at_work(used: bool) -> None:
    """A new one is held against its file; one that an earlier file may have broken is not, at first."""
    with Sandbox(Limits(seconds=3), workers=1, jobs=JOBS) as sandbox:
        if used:
            sandbox.read(GOOD, "/good.md")

        def kill() -> None:
            while not any(child.served > used for child in sandbox._all):
                time.sleep(0.05)
            time.sleep(0.2)
            for child in list(sandbox._all):
                os.kill(child._process.pid, signal.SIGKILL)

        Thread(target=kill).start()
        with pytest.raises(TookTooLong if used else ReaderCrashed):
            sandbox.run("sleep", b"", "/sleeping")
        assert sandbox.read(GOOD, "/good.md") == read(GOOD, "/good.md")


@LINUX
def test_what_a_reader_started_ends_with_it(sandbox: Sandbox) -> None:
    grandchild = int(sandbox.run("fork", b"", "/fork"))
    assert _runs(grandchild)
    with pytest.raises(ReaderCrashed):
        sandbox.run("exit", b"1", "/exit")
    assert _gone({grandchild})


# What a reader cannot do


@LINUX
def test_the_network_is_out_of_reach(sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
        said = sandbox.run("connect", b"%d" % port, "/caller")
    if said == b"connected":
        pytest.skip("this kernel lets no process leave the network")
    assert said.decode().isdecimal()


def test_no_file_can_be_written(sandbox: Sandbox, tmp_path: Path) -> None:
    said = sandbox.run("write a file", bytes(tmp_path / "new"), "/writer")
    assert said in (b"PermissionError", b"OSError")  # the latter where there is no Landlock
    assert not (tmp_path / "new").exists() or (tmp_path / "new").read_bytes() == b""


@LINUX
def test_no_file_can_be_emptied_renamed_or_deleted(sandbox: Sandbox, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_bytes(b"mine")
    said = sandbox.run("destroy", bytes(kept), "/vandal").decode().split()
    if "no-landlock" in said:
        pytest.skip("this kernel has no Landlock")
    assert said == ["PermissionError"] * 4
    assert (list(tmp_path.iterdir()), kept.read_bytes()) == ([kept], b"mine")


@LINUX
def test_a_program_that_a_reader_starts_works_through_pipes(sandbox: Sandbox) -> None:
    """As the one that recognises scans does; it may write to /dev/null."""
    assert sandbox.run("cat", b"from pipe to pipe", "/scan") == b"from pipe to pipe"


@LINUX
def test_it_sees_neither_secrets_nor_open_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "secret")
    with (
        (tmp_path / "open").open("wb") as file,
        Sandbox(Limits(memory=900 * MIB), workers=1, jobs=JOBS) as sandbox,
    ):
        os.set_inheritable(file.fileno(), True)
        seen = sandbox.run("look around", b"", "/spy").decode()
    names, files, memory, core, pid = eval(seen)
    assert "API_TOKEN" not in names and "PATH" in names
    assert not [name for name in files if not name.startswith(("pipe:", "/dev/null", f"/proc/{pid}/fd"))]
    assert len([name for name in files if name.startswith("pipe:")]) == 2
    assert (memory, core) == ((900 * MIB, 900 * MIB), (0, 0))


def test_reading_loads_no_model(patient: Sandbox) -> None:
    """The process is small: what only searching needs is not imported."""
    code = (
        "import sys, ingest.worker, ingest.jobs; ingest.jobs.prepare(); "
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    output = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = set(eval(output.stdout))
    assert "ingest" in loaded
    assert not loaded & {"torch", "openvino", "faiss", "tantivy", "transformers", "gradio", "index", "httpx"}


# Beginning and end


@LINUX
def test_the_processes_end_with_the_sandbox_also_when_they_are_at_work() -> None:
    sandbox = Sandbox(workers=2, jobs=JOBS)
    assert not _processes(os.getpid()) & {
        child._process.pid for child in sandbox._all
    }  # none before it is needed
    caught: list[Refused | SandboxFailed] = []

    def sleep() -> None:
        try:
            sandbox.run("sleep", b"", "/sleeping")
        except (Refused, SandboxFailed) as refusal:
            caught.append(refusal)

    sandbox.read(GOOD, "/good.md")
    thread = Thread(target=sleep)
    thread.start()
    time.sleep(0.5)
    pids = {child._process.pid for child in sandbox._all}
    assert pids
    began = time.monotonic()
    sandbox.close()
    thread.join(10)
    assert time.monotonic() - began < 10
    assert _gone(pids)
    assert len(caught) == 1
    with pytest.raises(SandboxFailed):
        sandbox.read(GOOD, "/good.md")


@LINUX
@pytest.mark.parametrize("job", ["sleep", "loop", ""])
def test_the_processes_end_when_their_parent_is_killed(job: str) -> None:
    """At work, deaf to signals, or waiting for the next file."""
    then = f"s.run({job!r}, b'', '/x')" if job else "time.sleep(60)"
    code = (
        "import sys, time; from ingest.sandbox import Sandbox\n"
        f"s = Sandbox(workers=1, jobs={JOBS!r})\n"
        "s.read(b'A text.', '/a.txt'); print([c._process.pid for c in s._all][0], flush=True)\n"
        f"{then}"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        time.sleep(0.5)
        assert _runs(child)
        parent.kill()
    assert _gone({child})


@LINUX
def test_a_process_outlives_the_thread_that_asked_for_it(sandbox: Sandbox) -> None:
    """Linux would end it with the thread that started it."""
    with Sandbox(workers=1, jobs=JOBS) as own:
        thread = Thread(target=lambda: own.read(GOOD, "/good.md"))
        thread.start()
        thread.join()
        time.sleep(0.3)
        (child,) = own._all
        assert child.alive and child.served == 1


@LINUX
def test_a_large_parent_is_not_held_against_its_readers() -> None:
    """Linux lets a new process begin with the peak of the one that started it."""
    held = bytearray(b"1") * (1200 * MIB)
    with Sandbox(workers=1, jobs=JOBS) as sandbox:
        sandbox.read(GOOD, "/good.md")
        sandbox.read(GOOD, "/good.md")
        assert [child.served for child in sandbox._all] == [2]
        with pytest.raises(ReaderCrashed, match="SIGSEGV"):
            sandbox.run("segfault", b"", "/bad.pdf")
    assert len(held) == 1200 * MIB


def test_a_sandbox_that_cannot_start_says_so() -> None:
    with (
        Sandbox(workers=1, jobs="no.such.module") as sandbox,
        pytest.raises(SandboxFailed, match="No module named 'no'"),
    ):
        sandbox.read(GOOD, "/good.md")
    with Sandbox(Limits(memory=MIB), workers=1) as sandbox, pytest.raises((SandboxFailed, Refused)):
        sandbox.read(GOOD, "/good.md")


def test_a_reason_comes_with_what_it_is_made_of_and_one_that_is_too_long_cut(patient: Sandbox) -> None:
    with pytest.raises(UnknownFormat) as refused:
        patient.read(b"x", "/a.zzz")
    assert isinstance(refused.value.reason, Told)
    assert first_of(refused.value.reason) == "there is no reader for “.zzz” files."
    with pytest.raises(UnknownFormat) as refused:
        patient.read(b"x", f"/a.{'z' * 20_000}")
    assert not isinstance(refused.value.reason, Told)
    assert refused.value.reason == f"there is no reader for “.{'z' * 20_000}"[:2000]


def test_every_refusal_can_cross(sandbox: Sandbox) -> None:
    """The name of a class is all that crosses; each is known on the other side by that name."""
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refused)]
    assert len(kinds) > 15
    for kind in kinds:
        assert getattr(errors, kind.__name__) is kind
    assert json.dumps([kind.__name__ for kind in kinds])


@LINUX
def test_a_library_in_c_that_ends_for_want_of_memory_is_told_from_a_crash() -> None:
    """By the most it held. Linux counts what a large parent held as its child's, so a shell stands between."""
    code = (
        "from ingest.errors import Refused\n"
        "from ingest.sandbox import Limits, Sandbox\n"
        f"with Sandbox(Limits(memory=900 << 20), workers=1, jobs={JOBS!r}) as sandbox:\n"
        "    try: sandbox.run('allocate in C', b'', '/bad.pdf')\n"
        "    except Refused as refusal: print(type(refusal).__name__, refusal.reason)\n"
    )
    command = ["/bin/sh", "-c", '"$0" "$@"; exit $?', sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("TooMuchMemory") and "more than 900 MiB" in done.stdout

"""python app.py: opens the library, fills it from corpus/ the first time, serves the app on this machine."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from ingest.errors import VerbatimError

if TYPE_CHECKING:
    from index.library import Library

STARTER_DOCUMENTS = Path(__file__).parent / "corpus" / "documents"


class AddressUnavailable(VerbatimError):
    """Another program listens there already, or this one may not."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set, by a flag or in the environment; the flag wins."""

    library: Path = Path("library")  # $POLICY_LIBRARY
    model: str | None = None  # $VERBATIM_MODEL; None is the built-in encoder
    reader: str | None = None  # $VERBATIM_READER; None is the built-in reader
    host: str = "127.0.0.1"  # $VERBATIM_HOST; another address opens the app to the network
    port: int = 7860  # $VERBATIM_PORT
    auth: Path | None = None  # $VERBATIM_AUTH; None is one user, who may change the library


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; returns the exit code."""
    settings = read_settings(arguments, os.environ)
    try:
        listening = listen(settings.host, settings.port)
        serve(settings, listening)
    except VerbatimError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print()
    return 0


def read_settings(arguments: Sequence[str] | None, environment: Mapping[str, str]) -> Settings:
    """The settings of this run. Exits with a message where a flag is wrong, as argparse does."""
    default = Settings()
    parser = argparse.ArgumentParser(
        prog="python app.py",
        description="Ask your documents, and get the exact words that answer, in the browser.",
        epilog="example: python app.py --library ~/papers --port 8000",
    )
    parser.add_argument(
        "--library",
        type=Path,
        metavar="DIR",
        default=Path(environment.get("POLICY_LIBRARY") or default.library),
        help="the library's folder (default: $POLICY_LIBRARY, else ./library)",
    )
    parser.add_argument(
        "--model",
        metavar="NAME",
        default=environment.get("VERBATIM_MODEL") or default.model,
        help="sentence-transformers folder or hub name (default: $VERBATIM_MODEL, else the built-in encoder)",
    )
    parser.add_argument(
        "--reader",
        metavar="NAME",
        default=environment.get("VERBATIM_READER") or default.reader,
        help="name or folder of a model that finds answers or ranks passages "
        "(default: $VERBATIM_READER, else the built-in reader)",
    )
    parser.add_argument(
        "--host",
        default=environment.get("VERBATIM_HOST") or default.host,
        help="address to listen on (default: $VERBATIM_HOST, else 127.0.0.1: this machine alone)",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=environment.get("VERBATIM_PORT") or str(default.port),  # argparse converts strings only
        help="port to listen on (default: $VERBATIM_PORT, else 7860)",
    )
    parser.add_argument(
        "--auth",
        type=Path,
        metavar="FILE",
        default=environment.get("VERBATIM_AUTH") or default.auth,  # argparse converts strings only
        help="ask everybody to sign in, by the accounts in this file; python -m web.accounts add makes it "
        "(default: $VERBATIM_AUTH, else whoever reaches the address may read and change the library)",
    )
    options = parser.parse_args(arguments)
    if not 0 <= options.port <= 65535:
        parser.error(f"argument --port: {options.port} is not between 0 and 65535")
    return Settings(options.library, options.model, options.reader, options.host, options.port, options.auth)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one. Raises AddressUnavailable."""
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()
    except OSError as error:
        listening.close()
        raise AddressUnavailable(
            f"cannot listen on {host}:{port}: {error.strerror}. Try --port {port + 1}"
        ) from error
    return listening


def network_warning(settings: Settings, listening: socket.socket) -> str:
    """What to know before others than this machine are answered; "" where none are, or where they have to sign in."""
    address = listening.getsockname()[0]  # of a name, such as localhost, what it stands for
    if settings.auth or ip_address(address).is_loopback:
        return ""
    return (
        f"Warning: on {address} whoever reaches this machine may read this library, add documents and remove "
        "them. --auth FILE asks for a name and a password; --host 127.0.0.1 keeps it to this machine."
    )


def serve(settings: Settings, listening: socket.socket) -> None:
    """Open and, the first time, fill the library; then answer on the socket until interrupted."""
    # Uploads pass through a folder that only this user can read, and that goes when the app ends.
    uploads = tempfile.mkdtemp(prefix="verbatim-uploads-")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # a plain kill leaves nothing behind either
    os.environ |= {"GRADIO_ANALYTICS_ENABLED": "False", "GRADIO_TEMP_DIR": uploads}
    # Imported where it is needed: what goes wrong early is said at once, and Gradio reads the line above.
    from index.library import Library
    from qa.readers import make_reader
    from web.accounts.accounts import Accounts

    try:
        accounts = Accounts(settings.auth) if settings.auth else None
        if warning := network_warning(settings, listening):
            print(warning, file=sys.stderr, flush=True)
        with Library.open(settings.library, settings.model, create=True) as library:
            reader = make_reader(settings.reader, library)
            fill(library)
            import uvicorn

            from web.server import LOCAL_HOSTS, create_app

            app = create_app(library, LOCAL_HOSTS | {settings.host, socket.gethostname()}, accounts, reader)
            # The encoder loads at the first question; ask one before the user does.
            Thread(target=library.search, args=("warm up", 1), daemon=True).start()
            host, port = listening.getsockname()[:2]
            address = f"[{host}]" if ":" in host else host
            print(f"Verbatim is at http://{address}:{port} (Ctrl+C ends it)", flush=True)
            server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
            server.run(sockets=[listening])
    finally:
        shutil.rmtree(uploads, ignore_errors=True)


def fill(library: Library, folder: Path = STARTER_DOCUMENTS) -> None:
    """Add the starter documents to a library that never held any, with a progress bar; not to one that was emptied."""
    if not library.is_new or not folder.is_dir():
        return
    from tqdm import tqdm

    from index.intake import Progress, add_paths

    print(f"Filling {library.folder} with the starter documents", flush=True)
    with tqdm(bar_format="{n_fmt}/{total_fmt} files |{bar:20}| {desc}") as bar:

        def show(progress: Progress) -> None:
            bar.total, bar.n = progress.files, progress.files_done
            bar.set_description_str(progress.text)

        for outcome in add_paths(library, [folder], show):
            if outcome.status == "refused":
                bar.write(f"refused  {outcome.source}: {outcome.reason}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())

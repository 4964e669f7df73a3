"""The web application: the page at "/", and the routes that read from the library for the viewer."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from gradio.utils import get_upload_folder
from starlette.routing import Route

from index.errors import UnknownDocument
from index.library import Library
from qa.reader import Reader
from qa.readers import make_reader
from web.accounts.accounts import Accounts
from web.api import PREFIX, create_api
from web.ask.kept import KeptConversations
from web.closing_streams import ClosingStreams
from web.guard import Guard
from web.interface import ENGLISH, NAMES, Interface
from web.interface.choice import ChosenLanguage
from web.mcp import PATHS, McpServer
from web.notebook.routes import notebook_routes
from web.page import build_page, head, theme
from web.posted_files import PostedFiles
from web.sign_in.middleware import OneUser, SignIn
from web.source.address import interface_of
from web.source.routes import missing, source_routes
from web.tools import Tools
from web.words import file_name

LARGEST_UPLOAD = "50mb"
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_STYLES = {path.name: path for path in Path(__file__).parent.glob("*.css")}
_SCRIPTS = {path.name: path for path in Path(__file__).parent.glob("*.js")}


def create_app(
    library: Library,
    hosts: frozenset[str] = LOCAL_HOSTS,
    accounts: Accounts | None = None,
    reader: Reader | None = None,
) -> FastAPI:
    """The app over an open library, answering to the names in `hosts` alone.

    With accounts it answers only who signs in; without, whoever reaches it may change the library.
    `reader` answers for the page and for programs; without one the built-in reader does.
    """
    reader = reader or make_reader(None, library)
    tools = Tools(library, reader)
    mcp = McpServer(tools)
    app = FastAPI(title="Verbatim", openapi_url=None, docs_url=None, redoc_url=None, lifespan=mcp.lifespan)
    app.add_middleware(ClosingStreams)
    app.add_middleware(PostedFiles, uploads=Path(get_upload_folder()))
    app.add_middleware(ChosenLanguage)
    if accounts is not None:
        app.add_middleware(SignIn, accounts=accounts)
    else:
        app.add_middleware(OneUser)
    app.add_middleware(Guard, hosts=hosts)  # added last, so it stands first

    app.include_router(source_routes(library))
    app.router.routes += notebook_routes(library)

    @app.get("/original/{document_id}")
    def download(document_id: str, request: Request) -> Response:
        try:
            path = library.original(document_id)
            name = file_name(library.document(document_id).source)
        except UnknownDocument:
            return missing(interface_of(request.query_params))
        if not path.is_file():
            return missing(interface_of(request.query_params))
        return FileResponse(
            path,
            media_type="application/octet-stream",
            filename=name,
            content_disposition_type="attachment",
            headers={"Cache-Control": "no-store"},
        )

    @app.get("/style/{name}")
    def style(name: str) -> Response:
        return _own_file(_STYLES.get(name), "text/css")

    @app.get("/script/{name}")
    def script(name: str) -> Response:
        return _own_file(_SCRIPTS.get(name), "text/javascript")

    @app.get(PREFIX, include_in_schema=False)
    def programs() -> Response:
        return RedirectResponse(f"{PREFIX}/docs")

    app.mount(PREFIX, create_api(tools, signed_in=accounts is not None))
    app.router.routes += [Route(path, mcp) for path in PATHS]

    kept = KeptConversations()
    for language in sorted(
        NAMES, key=lambda language: language == ENGLISH
    ):  # the page at "/" takes every path
        _mount(app, Interface(language), library, reader, kept, signed_in=accounts is not None)
    return app


def _mount(
    app: FastAPI,
    say: Interface,
    library: Library,
    reader: Reader,
    kept: KeptConversations,
    *,
    signed_in: bool,
) -> None:
    """The page in one language, at its own path."""
    page = build_page(say, library, reader, kept, signed_in=signed_in)
    # Gradio takes any path of the machine for an uploaded file until its own `launch` has run, which a
    # mounted page never does.
    page.has_launched = True
    path = say.home.rstrip("/")
    if path:
        app.add_api_route(path, lambda: RedirectResponse(say.home), include_in_schema=False)
    gr.mount_gradio_app(
        app,
        page,
        path=path or "/",
        theme=theme(),
        head=head(say),
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        max_file_size=LARGEST_UPLOAD,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,  # web.mcp has its own, without the page's functions
    )


def _own_file(path: Path | None, media_type: str) -> Response:
    if path is None:
        return PlainTextResponse("Not found.", 404)
    return FileResponse(path, media_type=media_type, headers={"Cache-Control": "no-cache"})

"""The web application: the page at "/", and the routes that read from the library for the viewer."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, Response
from gradio.utils import get_upload_folder

from index.errors import UnknownDocument
from index.library import Library
from web import source
from web.guard import Guard
from web.page import build_page, theme
from web.posted_files import PostedFiles
from web.words import file_name

LARGEST_UPLOAD = "50mb"
LOCAL_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})
_STYLES = {path.name: path for path in Path(__file__).parent.glob("*.css")}
_VIEWER_HEADERS = {"Content-Security-Policy": source.CONTENT_SECURITY_POLICY, "Cache-Control": "no-store"}


def create_app(library: Library, hosts: frozenset[str] = LOCAL_HOSTS) -> FastAPI:
    """The app over an open library, answering to the names in `hosts` alone."""
    app = FastAPI(title="Verbatim", openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(PostedFiles, uploads=Path(get_upload_folder()))
    app.add_middleware(Guard, hosts=hosts)  # added last, so it stands first

    @app.get("/source")
    def nothing_open() -> Response:
        return HTMLResponse(source.empty_page(), headers=_VIEWER_HEADERS)

    @app.get("/source/{document_id}")
    def open_source(
        document_id: str, start: int | None = None, end: int | None = None, view: str = "text"
    ) -> Response:
        try:
            document = library.document(document_id)
            if view == "passages":
                page = source.passages_page(document, library)
            else:
                page = source.document_page(document, start, end)
        except UnknownDocument:
            return _missing()
        return HTMLResponse(page, headers=_VIEWER_HEADERS)

    @app.get("/original/{document_id}")
    def download(document_id: str) -> Response:
        try:
            path = library.original(document_id)
            name = file_name(library.document(document_id).source)
        except UnknownDocument:
            return _missing()
        if not path.is_file():
            return _missing()
        return FileResponse(
            path,
            media_type="application/octet-stream",
            filename=name,
            content_disposition_type="attachment",
            headers={"Cache-Control": "no-store"},
        )

    @app.get("/style/{name}")
    def style(name: str) -> Response:
        if name not in _STYLES:
            return PlainTextResponse("Not found.", 404)
        return FileResponse(_STYLES[name], media_type="text/css", headers={"Cache-Control": "no-cache"})

    page = build_page(library)
    # Gradio takes any path of the machine for an uploaded file until its own `launch` has run, which a
    # mounted page never does.
    page.has_launched = True
    gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme(),
        head='<link rel="stylesheet" href="/style/app.css">',
        footer_links=[],
        run_history=False,
        allowed_paths=[],
        max_file_size=LARGEST_UPLOAD,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
    )
    return app


def _missing() -> Response:
    page = source.missing_page("This document is not in the library. It may have been removed.")
    return HTMLResponse(page, 404, headers=_VIEWER_HEADERS)

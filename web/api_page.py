"""The OpenAPI page: a description of the interface in, a page to read and try it out; no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from web.words import tag

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'self'"
)
# A first value for what a reader tries out.
_TRIED = {
    "/ask": "When did the cooperation forum begin?",
    "/search": "cooperation forum",
    "/references": "Korea",
}
_MCP = (
    '<section id="mcp"><h2>For assistants: MCP</h2><p>The tools <code>ask</code>, <code>search</code> and '
    "<code>open_source</code> are offered to assistants by the Model Context Protocol (streamable HTTP) at "
    "<code>/gradio_api/mcp/</code> of this server. They give the same records as the addresses below. "
    "In an assistant's configuration:</p>"
    '<pre>{"mcpServers": {"verbatim": {"type": "http", "url": "http://127.0.0.1:7860/gradio_api/mcp/"}}}</pre>'
    "</section>"
)

Schema = dict[str, Any]
_NO_LIMIT = 2**50  # what is above it only keeps numbers exact


def api_page(schema: Schema) -> str:
    """The page for an OpenAPI 3.1 description."""
    info, prefix = schema["info"], schema["servers"][0]["url"]
    operations = [
        (method, path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    index = "".join(
        f'<li><a href="#{operation["operationId"]}">{_badge(method)} {escape(path)}</a></li>'
        for method, path, operation in operations
    )
    body = "".join(_operation(schema, prefix, *each) for each in operations)
    records = "".join(_record(name, shape) for name, shape in sorted(schema["components"]["schemas"].items()))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(info['title'])}: REST and MCP</title>"
        '<link rel="stylesheet" href="/style/api.css"></head><body>'
        f"<header><h1>{escape(info['title'])} for programs</h1><p>{escape(info['description'])}</p>"
        f'<p>OpenAPI: <a href="{prefix}/openapi.json">{prefix}/openapi.json</a> · '
        f'version {escape(info["version"])} · <a href="/">The reading desk</a></p></header>'
        f'<nav aria-label="Addresses"><ul>{index}<li><a href="#mcp">MCP</a></li>'
        '<li><a href="#records">Records</a></li></ul></nav>'
        f'<main>{body}{_MCP}<section id="records"><h2>Records</h2>{records}</section></main></body></html>'
    )


def _operation(schema: Schema, prefix: str, method: str, path: str, operation: Schema) -> str:
    parameters = operation.get("parameters", [])
    fields = [
        (each["name"], each["schema"], each.get("description", ""), each.get("required"))
        for each in parameters
    ]
    heading = ""
    if "requestBody" in operation:
        name = _referred(operation["requestBody"]["content"]["application/json"]["schema"])
        heading = f'<p>The body is JSON: <a href="#{name}">{name}</a>.</p>'
    return (
        f'<section id="{operation["operationId"]}"><h2>{_badge(method)} <code>{escape(prefix + path)}</code></h2>'
        f"{tag('p', operation['description'])}{heading}{_table(fields)}"
        f"{_trial(prefix, method, path)}{_responses(operation['responses'])}</section>"
    )


def _trial(prefix: str, method: str, path: str) -> str:
    """A form that sends the question and opens the answer, or a link where there is nothing to fill in."""
    if method != "get" or "{" in path:
        return ""
    if path not in _TRIED:
        return f'<p><a class="try" href="{prefix}{path}" target="_blank" rel="noopener">Try it</a></p>'
    return (
        f'<form action="{prefix}{path}" target="_blank"><input name="q" required maxlength="2000" '
        f'aria-label="q" value="{escape(_TRIED[path])}"><button>Try it</button></form>'
    )


def _responses(responses: Schema) -> str:
    rows = []
    for status, response in responses.items():
        ((media_type, content),) = response["content"].items()
        name = _referred(content["schema"])
        rows.append(
            f'<tr><td>{status}</td><td><a href="#{name}">{name}</a> <span class="faint">{media_type}</span></td>'
            f"<td>{escape(response['description'])}</td></tr>"
        )
    return f'<table class="statuses"><tr><th>Status</th><th>Gives</th><th></th></tr>{"".join(rows)}</table>'


def _record(name: str, shape: Schema) -> str:
    required = shape.get("required", [])
    fields = [
        (field, each, each.get("description", ""), field in required)
        for field, each in shape.get("properties", {}).items()
    ]
    return f'<section id="{name}"><h3>{name}</h3>{tag("p", shape.get("description", ""))}{_table(fields)}</section>'


def _table(fields: list[tuple[str, Schema, str, Any]]) -> str:
    rows = [
        f"<tr><td><code>{escape(name)}</code>{'' if required else ' <i>optional</i>'}</td>"
        f"<td>{_type(shape)}</td><td>{escape(said)}{_said(_limits(shape))}</td></tr>"
        for name, shape, said, required in sorted(
            fields, key=lambda field: not field[3]
        )  # those needed first
    ]
    return f"<table><tr><th>Field</th><th>Type</th><th></th></tr>{''.join(rows)}</table>" if rows else ""


def _type(shape: Schema) -> str:
    """ "list of <a>Citation</a>", "string or null"."""
    if "$ref" in shape:
        name = _referred(shape)
        return f'<a href="#{name}">{name}</a>'
    if "anyOf" in shape:
        return " or ".join(map(_type, shape["anyOf"]))
    if shape.get("type") == "array":
        if "prefixItems" in shape:
            return f"[{', '.join(map(_type, shape['prefixItems']))}]"
        return f"list of {_type(shape['items'])}"
    return escape(str(shape.get("type", "anything")))


def _limits(shape: Schema) -> Iterator[str]:
    """What a value has to keep to, and what it is when left out."""
    if "minimum" in shape and shape.get("maximum", _NO_LIMIT) < _NO_LIMIT:
        yield f"{shape['minimum']:,} to {shape['maximum']:,}"
    if "maxLength" in shape:
        yield f"up to {shape['maxLength']:,} characters"
    if "maxItems" in shape and "prefixItems" not in shape:
        yield f"up to {shape['maxItems']:,}"
    if shape.get("default") not in (None, "", []):
        yield f"{shape['default']} if left out"


def _said(limits: Iterable[str]) -> str:
    return "".join(f' <span class="faint">· {escape(limit)}</span>' for limit in limits)


def _badge(method: str) -> str:
    return f'<b class="{method}">{method.upper()}</b>'


def _referred(schema: Schema) -> str:
    return escape(str(schema["$ref"]).rpartition("/")[2])

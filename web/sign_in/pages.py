"""What people see of signing in: pages without script, in the languages of the interface."""

from __future__ import annotations

import re
from html import escape
from urllib.parse import quote

from starlette.responses import HTMLResponse

from web.accounts.passwords import LONGEST
from web.interface import Interface
from web.sign_in.users import User
from web.words import tag

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
    ),
    "Cache-Control": "no-store",
    "Vary": "Accept-Language, Cookie",
}
_DESCRIBED = ' aria-describedby="said" aria-invalid="true"'
_LONGEST_ADDRESS = 16_000  # of a page to go back to; a question in Cyrillic takes 12,000


def own_address(address: str) -> str:
    """`address` where it is a path of this server, else "/": nobody is sent elsewhere after signing in."""
    # Browsers read \ as /, pass over tabs and line ends, and take what follows // for a host.
    if re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", address) and len(address) <= _LONGEST_ADDRESS:
        return address
    return "/"


def login_address(wanted: str) -> str:
    """Where to sign in, to be brought to `wanted` afterwards."""
    wanted = own_address(wanted)
    return "/login" if wanted == "/" else f"/login?next={quote(wanted, safe='/')}"


def login_page(
    say: Interface, wanted: str, name: str = "", said: str = "", status: int = 200
) -> HTMLResponse:
    """The form; `said` is why it is shown again, `name` what was typed."""
    autofocus = ("", " autofocus") if name else (" autofocus", "")
    body = (
        f"{tag('p', say('Exact quotations from your documents'), 'motto')}"
        '<form method="post" action="/login">'
        + (f'<p class="said" role="alert" id="said">{escape(said)}</p>' if said else "")
        + f'<label for="name">{escape(say("Name"))}</label>'
        f'<input id="name" name="name" value="{escape(name)}" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false" maxlength="64" required{autofocus[0]}>'
        f'<label for="password">{escape(say("Password"))}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" '
        f'maxlength="{LONGEST}" required{autofocus[1]}{_DESCRIBED if said else ""}>'
        f'<input type="hidden" name="next" value="{escape(own_address(wanted))}">'
        f'<button type="submit">{escape(say("Sign in"))}</button></form>'
    )
    return _page(say, say("Sign in"), body, status)


def logout_page(say: Interface, user: User) -> HTMLResponse:
    """Asks before it signs out: a link alone changes nothing."""
    role = say("editor") if user.may_edit else say("reader")
    body = (
        f'<p class="who">{escape(say("You are signed in as"))} '
        f"<strong>{escape(user.name)}</strong> ({escape(role)})</p>"
        f'<form method="post" action="/logout"><button type="submit">{escape(say("Sign out"))}</button></form>'
        f'<p class="back"><a href="/">{escape(say("Back to the desk"))}</a></p>'
    )
    return _page(say, say("Sign out"), body)


def account_html(say: Interface, user: User | None) -> str:
    """Who is signed in, for a corner of the page."""
    if user is None:
        return ""
    role = "" if user.may_edit else f" ({escape(say('reader'))})"
    return (
        f'<p class="account"><span>{escape(user.name)}{role}</span> '
        f'<a href="/logout">{escape(say("Sign out"))}</a></p>'
    )


def again_page(say: Interface, address: str) -> HTMLResponse:
    """Loads its address once more.

    A browser that follows a link from another site keeps a strict cookie back; asked from our own page it sends it.
    """
    own = escape(own_address(address))
    body = f'<p class="back"><a href="{own}">{escape(say("Back to the desk"))}</a></p>'
    return _page(say, "Verbatim", body, refresh=own)


def _page(say: Interface, title: str, body: str, status: int = 200, *, refresh: str = "") -> HTMLResponse:
    again = f'<meta http-equiv="refresh" content="0;url={refresh}">' if refresh else ""
    # Where no referrer is told at all, browsers hide the origin of a form too, and web.guard refuses it.
    html = (
        f'<!doctype html><html lang="{say.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="referrer" content="same-origin">{again}<title>{escape(title)} · Verbatim</title>'
        '<link rel="stylesheet" href="/style/sign_in.css"></head>'
        f"<body><main><h1>Verbatim</h1>{body}</main></body></html>"
    )
    return HTMLResponse(html, status, _HEADERS)

"""What people see of signing in: pages without script, in English, Korean or Russian."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

import gradio as gr
from starlette.responses import HTMLResponse

from web.accounts.passwords import LONGEST
from web.sign_in.users import User, user_of
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


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language."""

    sign_in: str
    motto: str
    name: str
    password: str
    wrong: str
    wait: str  # with the seconds
    sign_out: str
    signed_in_as: str
    reader: str
    editor: str
    back: str
    signed_out: str


WORDS = {
    "en": Words(
        sign_in="Sign in",
        motto="Exact quotations from your documents",
        name="Name",
        password="Password",
        wrong="This name and this password do not belong together.",
        wait="Too many attempts. Try again in {} seconds.",
        sign_out="Sign out",
        signed_in_as="You are signed in as",
        reader="reader",
        editor="editor",
        back="Back to the desk",
        signed_out="You are not signed in, or no longer. Open the page again to sign in.",
    ),
    "ko": Words(
        sign_in="로그인",
        motto="문서에서 그대로 가져온 인용",
        name="이름",
        password="비밀번호",
        wrong="이름 또는 비밀번호가 맞지 않습니다.",
        wait="시도가 너무 많습니다. {}초 후에 다시 시도하십시오.",
        sign_out="로그아웃",
        signed_in_as="로그인한 사용자:",
        reader="열람자",
        editor="편집자",
        back="돌아가기",
        signed_out="로그인되어 있지 않습니다. 페이지를 다시 열어 로그인하십시오.",
    ),
    "ru": Words(
        sign_in="Войти",
        motto="Точные цитаты из ваших документов",
        name="Имя",
        password="Пароль",
        wrong="Имя и пароль не подходят друг к другу.",
        wait="Слишком много попыток. Повторите через {} с.",
        sign_out="Выйти",
        signed_in_as="Вы вошли как",
        reader="читатель",
        editor="редактор",
        back="Вернуться",
        signed_out="Вы не вошли или уже вышли. Откройте страницу заново, чтобы войти.",
    ),
}


def preferred_language(accept: str) -> str:
    """The language of an Accept-Language header that there are words in, the most wanted first; else English."""
    wanted = []
    for position, each in enumerate(accept[:1000].split(",")):
        language, _, parameters = each.strip().partition(";")
        code = language.partition("-")[0].lower()
        weight = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", parameters)
        quality = float(weight[1]) if weight else 1.0
        if code in WORDS and quality > 0:
            wanted.append((-quality, position, code))
    return min(wanted)[2] if wanted else "en"


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


def login_page(language: str, wanted: str, name: str = "", said: str = "", status: int = 200) -> HTMLResponse:
    """The form; `said` is why it is shown again, `name` what was typed."""
    words = WORDS[language]
    autofocus = ("", " autofocus") if name else (" autofocus", "")
    body = (
        f"{tag('p', words.motto, 'motto')}"
        '<form method="post" action="/login">'
        + (f'<p class="said" role="alert" id="said">{escape(said)}</p>' if said else "")
        + f'<label for="name">{escape(words.name)}</label>'
        f'<input id="name" name="name" value="{escape(name)}" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false" maxlength="64" required{autofocus[0]}>'
        f'<label for="password">{escape(words.password)}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password" '
        f'maxlength="{LONGEST}" required{autofocus[1]}{_DESCRIBED if said else ""}>'
        f'<input type="hidden" name="next" value="{escape(own_address(wanted))}">'
        f'<button type="submit">{escape(words.sign_in)}</button></form>'
    )
    return _page(language, words.sign_in, body, status)


def logout_page(language: str, user: User) -> HTMLResponse:
    """Asks before it signs out: a link alone changes nothing."""
    words = WORDS[language]
    role = words.editor if user.may_edit else words.reader
    body = (
        f"<p>{escape(words.signed_in_as)} <strong>{escape(user.name)}</strong> ({escape(role)})</p>"
        f'<form method="post" action="/logout"><button type="submit">{escape(words.sign_out)}</button></form>'
        f'<p><a href="/">{escape(words.back)}</a></p>'
    )
    return _page(language, words.sign_out, body)


def account_html(request: gr.Request) -> str:
    """Who is signed in, for a corner of the page."""
    words = WORDS[preferred_language(request.headers.get("accept-language", ""))]
    user = user_of(request)
    if user is None:
        return ""
    role = "" if user.may_edit else f" ({escape(words.reader)})"
    return (
        f'<p class="account"><span>{escape(user.name)}{role}</span> '
        f'<a href="/logout">{escape(words.sign_out)}</a></p>'
    )


def again_page(language: str, address: str) -> HTMLResponse:
    """Loads its address once more.

    A browser that follows a link from another site keeps a strict cookie back; asked from our own page it sends it.
    """
    own = escape(own_address(address))
    body = f'<p><a href="{own}">{escape(WORDS[language].back)}</a></p>'
    return _page(language, "Verbatim", body, refresh=own)


def _page(language: str, title: str, body: str, status: int = 200, *, refresh: str = "") -> HTMLResponse:
    again = f'<meta http-equiv="refresh" content="0;url={refresh}">' if refresh else ""
    # Where no referrer is told at all, browsers hide the origin of a form too, and web.guard refuses it.
    html = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="referrer" content="same-origin">{again}<title>{escape(title)} · Verbatim</title>'
        '<link rel="stylesheet" href="/style/sign_in.css"></head>'
        f"<body><main><h1>Verbatim</h1>{body}</main></body></html>"
    )
    return HTMLResponse(html, status, _HEADERS)

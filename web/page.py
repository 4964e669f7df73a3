"""The page: sources on the left, the views in the middle, the source viewer on the right that all of them open into."""

from __future__ import annotations

from html import escape

import gradio as gr

from index.library import Library
from qa.reader import Reader
from web import sources_panel
from web.ask import tab as ask_tab
from web.ask.kept import KeptConversations
from web.evaluate import tab as evaluate_tab
from web.interface import NAMES, Interface
from web.library import tab as library_tab
from web.notebook import tab as notebook_tab
from web.search import tab as search_tab
from web.sign_in.pages import account_html
from web.sign_in.users import user_of

_STYLES = ("app.css", "search.css", "library.css", "notebook.css", "evaluate.css")
# Links with target="source" open in this frame; the sandbox lets no script in it run. The button is a phone's.
_VIEWER = (
    '<button type="button" class="back">{back}</button>'
    '<iframe name="source" src="/source?lang={language}" title="{title}" '
    'sandbox="allow-same-origin allow-forms allow-popups allow-downloads"></iframe>'
)


def build_page(
    say: Interface, library: Library, reader: Reader, kept: KeptConversations, *, signed_in: bool = False
) -> gr.Blocks:
    """The page over an open library; nothing of it is callable but by the page itself.

    `kept` is one for the page in all languages; `signed_in` has it say who is, with the way out.
    """

    def who(request: gr.Request) -> str:
        return account_html(say, user_of(request))

    page = gr.Blocks(title="Verbatim", analytics_enabled=False, fill_width=True)
    with page:
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="sources"):
                gr.HTML(_masthead(say), elem_id="masthead", apply_default_css=False)
                chosen, opened, refresh_sources = sources_panel.build(say, library, page)
            with gr.Column(elem_id="work"):
                if signed_in:
                    account = gr.HTML("", elem_id="account", apply_default_css=False)
                    page.load(who, None, account, show_progress="hidden", api_visibility="private")
                with gr.Tabs(elem_id="views"):
                    with gr.Tab(say("Ask"), id="ask"):
                        refresh_examples = ask_tab.build(say, library, reader, kept, chosen, opened)
                    with gr.Tab(say("Search"), id="search"):
                        search_tab.build(say, library, chosen)
                    with gr.Tab(say("Library"), id="library") as shelf:
                        refresh_shelf, changed = library_tab.build(say, library)
                    with gr.Tab(say("Notebook"), id="notebook") as notebook:
                        refresh_notebook = notebook_tab.build(say, library)
                    with gr.Tab(say("Evaluate"), id="evaluate"):
                        example_at, offered_at = evaluate_tab.build(say, library, reader)
            with gr.Column(elem_id="viewer"):
                viewer = _VIEWER.format(
                    language=say.language, title=escape(say("Source viewer")), back=escape(say("Back"))
                )
                gr.HTML(viewer, apply_default_css=False)
        refresh_shelf(shelf.select)
        refresh_shelf(page.load)
        refresh_notebook(notebook.select)
        example_at(page.load)
        offered_at(page.load)
        offered_at(changed)
        refresh_examples(page.load)
        refresh_examples(changed)
        refresh_sources(changed)
    return page


def head(say: Interface) -> str:
    """What the page loads beside Gradio's own: from here, as everything."""
    styles = "".join(f'<link rel="stylesheet" href="/style/{name}">' for name in _STYLES)
    return (
        f'{styles}<script src="/script/desk.js" defer></script>'
        f'<script src="/script/library.js" defer></script>'
        f'<meta name="verbatim-language" content="{say.language}">'
        f'<meta name="verbatim-upload" content="{escape(say("Drop files here, or click to choose some"))}">'
    )


def theme() -> gr.themes.Base:
    """Gradio's plainest theme with the system's fonts: none is fetched, from here or anywhere."""
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=["system-ui", "Noto Sans", "Noto Sans KR", "Noto Sans CJK KR", "sans-serif"],
        font_mono=["ui-monospace", "Noto Sans Mono", "monospace"],
    )


def _masthead(say: Interface) -> str:
    languages = "".join(
        f'<a href="/?lang={code}" lang="{code}" hreflang="{code}"'
        f'{" aria-current=true" if code == say.language else ""} title="{name}">{code}</a>'
        for code, name in NAMES.items()
    )
    return (
        f'<div class="brand"><h1 class="name">Verbatim</h1>'
        f'<p class="motto">{escape(say("Exact quotations from your documents"))}</p></div>'
        f'<div class="settings"><nav class="languages" aria-label="{escape(say("Language"))}">{languages}</nav>'
        f'<button type="button" class="theme" aria-label="{escape(say("Light or dark"))}">◐</button></div>'
    )

"""The page: three tabs on the left, the source viewer on the right, which all of them open into."""

from __future__ import annotations

import gradio as gr

from index.library import Library
from web import ask_tab, library_tab, search_tab
from web.sign_in.pages import account_html

_TITLE = (
    '<div class="brand"><span class="name">Verbatim</span>'
    '<span class="motto">Exact quotations from your documents</span></div>'
)
# Links with target="source" open in this frame; the sandbox lets no script in it run.
_VIEWER = (
    '<iframe name="source" src="/source" title="Source viewer" '
    'sandbox="allow-same-origin allow-forms allow-popups allow-downloads"></iframe>'
)


def build_page(library: Library, *, signed_in: bool = False) -> gr.Blocks:
    """The page over an open library; nothing of it is callable but by the page itself.

    `signed_in` has it say who is, with the way out.
    """
    page = gr.Blocks(title="Verbatim", analytics_enabled=False, fill_width=True)
    with page:
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="work"):
                gr.HTML(_TITLE, elem_id="masthead", apply_default_css=False)
                if signed_in:
                    account = gr.HTML("", elem_id="account", apply_default_css=False)
                    page.load(account_html, None, account, show_progress="hidden", api_visibility="private")
                with gr.Tab("Ask"):
                    ask_tab.build(library)
                with gr.Tab("Search") as search:
                    refresh_search = search_tab.build(library)
                with gr.Tab("Library") as shelf:
                    refresh_shelf = library_tab.build(library)
            with gr.Column(elem_id="viewer"):
                gr.HTML(_VIEWER, apply_default_css=False)
        refresh_search(search.select)
        refresh_search(page.load)
        refresh_shelf(shelf.select)
        refresh_shelf(page.load)
    return page


def theme() -> gr.themes.Base:
    """Gradio's plainest theme with the system's fonts: none is fetched, from here or anywhere."""
    return gr.themes.Base(
        primary_hue="teal",
        neutral_hue="stone",
        font=["system-ui", "Noto Sans", "Noto Sans KR", "Noto Sans CJK KR", "sans-serif"],
        font_mono=["ui-monospace", "Noto Sans Mono", "monospace"],
    )

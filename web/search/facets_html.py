"""The facets of a search as HTML: a button for each, its values with counts, and what is picked."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from index.hit import DocumentCard
from web.interface import Interface
from web.search.facets import FACETS, NEAREST, Faceted, Value
from web.words import tag, type_name

# Opens one facet at a time, and has every tick become an event that carries all of them. What is drawn anew
# after an event opens at the same facet, scrolled as it was, with the focus where it was.
FACETS_SCRIPT = """
let open = '', scrolled = 0, focused = null;
const boxes = () => [...element.querySelectorAll('input[data-facet]')];
const box = ({facet, value}) => boxes().find((box) => box.dataset.facet === facet && box.value === value);
const show = (facet) => {
  open = facet;
  for (const panel of element.querySelectorAll('fieldset')) {
    panel.hidden = panel.dataset.facet !== facet;
    if (!panel.hidden) panel.scrollTop = scrolled;
  }
  for (const button of element.querySelectorAll('button.facet')) {
    button.setAttribute('aria-expanded', String(button.dataset.facet === facet));
  }
};
const send = () => {
  scrolled = element.querySelector('fieldset:not([hidden])')?.scrollTop || 0;
  const ticked = boxes().filter((box) => box.checked);
  trigger('click', {picks: ticked.map((box) => [box.dataset.facet, box.value])});
};
element.addEventListener('change', (change) => {
  const {facet} = change.target.dataset;
  if (!facet) return;
  focused = {facet, value: change.target.value};
  send();
});
element.addEventListener('click', (click) => {
  const button = click.target.closest('button');
  if (!button) return;
  if (button.matches('.facet')) {
    scrolled = 0;
    show(open === button.dataset.facet ? '' : button.dataset.facet);
    return;
  }
  for (const each of button.matches('.clear') ? boxes() : [box(button.dataset)]) if (each) each.checked = false;
  focused = {};
  send();
});
element.addEventListener('keydown', (key) => {
  if (key.key !== 'Escape' || !open) return;
  const facet = open;
  show('');
  element.querySelector(`button.facet[data-facet=${facet}]`)?.focus();
});
watch('value', () => {
  show(element.querySelector(`fieldset[data-facet=${open || 'none'}]`) ? open : '');
  if (focused) (box(focused) || element.querySelector('button.facet'))?.focus({preventScroll: true});
  focused = null;
});
"""


def facets_html(say: Interface, found: Faceted, cards: Mapping[str, DocumentCard]) -> str:
    """The facets that leave something to pick, and the picks, each to be taken back; `cards` by id of document."""
    offered = [facet for facet in FACETS if len(found.values[facet]) > 1 or found.picks.in_facet(facet)]
    if not offered:
        return ""
    names = {
        "language": say("Language"),
        "year": say("Year"),
        "type": say("Type"),
        "document": say("Document"),
    }
    buttons, panels = [], []
    for facet in offered:
        picked = len(found.picks.in_facet(facet))
        number = f' <span class="number">{say.number(picked)}</span>' if picked else ""
        buttons.append(
            f'<button type="button" class="facet" data-facet="{facet}" aria-expanded="false" '
            f'aria-controls="facet-{facet}">{escape(names[facet])}{number}</button>'
        )
        rows = "".join(_row(say, facet, value, cards) for value in found.values[facet])
        panels.append(
            f'<fieldset id="facet-{facet}" data-facet="{facet}" hidden>'
            f"<legend>{escape(names[facet])}</legend><ul>{rows}</ul></fieldset>"
        )
    told = say(
        "Counts are of the {n} nearest passages; what is picked is searched in full.", n=say.number(NEAREST)
    )
    return (
        f'<div class="facets" role="group" aria-label="{escape(say("Narrow the search"))}">'
        f'<div class="bar">{"".join(buttons)}</div>{"".join(panels)}'
        f"{_picked(say, found, cards)}{tag('p', told if found.partial else '', 'hint')}</div>"
    )


def _row(say: Interface, facet: str, value: Value, cards: Mapping[str, DocumentCard]) -> str:
    ticked = " checked" if value.picked else ""
    return (
        f'<li><label><input type="checkbox" data-facet="{facet}" value="{escape(value.value)}"{ticked}>'
        f"{_name(say, facet, value.value, cards)}"
        f'<span class="number">{say.number(value.count)}</span></label></li>'
    )


def _picked(say: Interface, found: Faceted, cards: Mapping[str, DocumentCard]) -> str:
    """A button for each pick that takes it back, and one for all."""
    buttons = [
        f'<button type="button" class="pick" data-facet="{facet}" data-value="{escape(value)}">'
        f'{_name(say, facet, value, cards)}<span class="drop" aria-hidden="true">×</span>'
        f'<span class="spoken">{escape(say("Take back"))}</span></button>'
        for facet in FACETS
        for value in found.picks.in_facet(facet)
    ]
    if not buttons:
        return ""
    clear = f'<button type="button" class="clear">{escape(say("Clear"))}</button>'
    return f'<div class="picks">{"".join(buttons)}{clear}</div>'


def _name(say: Interface, facet: str, value: str, cards: Mapping[str, DocumentCard]) -> str:
    """What a value is called, in an element; a document's title in its own language."""
    if facet == "document" and value in cards:
        card = cards[value]
        title = escape(card.title)
        return f'<span class="name" lang="{escape(card.language)}" dir="auto" title="{title}">{title}</span>'
    names = {
        "language": say.language_of(value) if value else say("Language unknown"),
        "year": value or say("Without a date"),
        "type": type_name(say, value) if value else say("Other types"),
    }
    return tag("span", names.get(facet, value), "name")

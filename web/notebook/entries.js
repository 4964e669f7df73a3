// A notebook in the page: notes are kept as they are left, buttons become events, a box narrows the list.
// `element`, `trigger` and `watch` are Gradio's: the component, its events, its new values.

const spoken = document.querySelector('meta[name=verbatim-language]')?.content || 'en';
let focus = null; // the button to return to when the list has been drawn anew
let words = '';

const all = (selector) => [...element.querySelectorAll(selector)];

function kept(note) {
  if (note.kept === undefined) note.kept = note.defaultValue;
  return note.kept;
}

function edited(note) {
  note.closest('.note').querySelector('.keep').hidden = note.value === kept(note);
  note.closest('.note').querySelector('.told').textContent = '';
}

async function post(note) {
  const card = note.closest('.kept');
  const text = note.value;
  const answer = await fetch('/notebook/note', {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({place: card.dataset.place, note: text, language: spoken}),
    keepalive: true,
  }).catch(() => null);
  const said = answer ? await answer.json().catch(() => ({})) : {};
  const saved = Boolean(answer?.ok);
  if (saved) note.kept = text;
  edited(note);
  const told = card.querySelector('.told');
  told.textContent = said.message || card.dataset.failed;
  told.classList.toggle('failed', !saved);
  return saved;
}

// Whether the note is kept, once it is.
function save(note) {
  note.saving = (note.saving || Promise.resolve(true)).then(() => note.value === kept(note) || post(note));
  return note.saving;
}

const visible = () => all('.kept:not([hidden])');

function act(button) {
  const card = button.closest('.kept');
  const place = card?.dataset.place || '';
  const shown = visible();
  const neighbour = shown[shown.indexOf(card) + (button.matches('.up') ? -1 : 1)];
  const kind = ['up', 'down', 'remove', 'undo'].find((each) => button.classList.contains(each));
  if ((kind === 'up' || kind === 'down') && !neighbour) return;
  const next = kind === 'remove' ? neighbour?.dataset.place || '' : place;
  const notes = all('textarea'); // drawing the list anew would lose what is not kept
  Promise.all(notes.map(save)).then((saved) => {
    const lost = notes[saved.indexOf(false)];
    if (lost) { lost.focus(); return; }
    focus = {place: next, kind: kind === 'remove' || kind === 'undo' ? '' : kind};
    trigger('click', {action: kind, place, beside: neighbour?.dataset.place || ''});
  });
}

function narrow() {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  for (const card of all('.kept')) {
    const text = `${card.textContent} ${card.querySelector('textarea').value}`.toLowerCase();
    card.hidden = !wanted.every((word) => text.includes(word));
  }
  const none = element.querySelector('.none');
  if (none) none.hidden = visible().length > 0;
}

element.addEventListener('input', (event) => {
  if (event.target.matches('.narrow')) { words = event.target.value; narrow(); }
  if (event.target.matches('textarea')) edited(event.target);
});
element.addEventListener('focusin', (event) => { if (event.target.matches('textarea')) kept(event.target); });
element.addEventListener('focusout', (event) => { if (event.target.matches('textarea')) save(event.target); });
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button?.matches('.keep')) save(button.closest('.note').querySelector('textarea'));
  else if (button) act(button);
});
addEventListener('pagehide', () => all('textarea').forEach(save));

watch('value', () => {
  const box = element.querySelector('.narrow');
  if (box) box.value = words; else words = '';
  narrow();
  if (!focus) return;
  const card = element.querySelector(`[data-place="${focus.place}"]`);
  const button = focus.kind && card?.querySelector(`button.${focus.kind}:not(:disabled)`);
  (button || card || element.querySelector('.undo'))?.focus({preventScroll: true});
  card?.scrollIntoView({block: 'nearest'});
  focus = null;
});

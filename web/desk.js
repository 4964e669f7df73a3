// What the page does by itself: the keyboard, light and dark, collecting, narrowing the list of sources.

const language = document.querySelector('meta[name=verbatim-language]')?.content || 'en';

// --- light and dark ---------------------------------------------------------------------------------

const frames = () => [...document.querySelectorAll('iframe[name=source]')];

function theme() {
  return document.body.classList.contains('dark') ? 'dark' : 'light';
}

function themeFrame(frame) {
  const root = frame.contentDocument?.documentElement;
  if (root) root.dataset.theme = theme();
}

function setTheme(wanted) {
  document.body.classList.toggle('dark', wanted === 'dark');
  frames().forEach(themeFrame);
}

// --- keyboard ---------------------------------------------------------------------------------------

// "/" goes to the question, arrows move between cards, "o" opens the source of the card, "c" collects it.
const typing = (target) => target.closest('input, textarea, select, [contenteditable=true]');
const visible = (element) => element.getClientRects().length > 0;
const cards = () => [...document.querySelectorAll('#work article.card')].filter(visible);

function toBox() {
  const boxes = [...document.querySelectorAll('#question textarea, #query textarea')].filter(visible);
  const box = boxes[0] || document.querySelector('#question textarea');
  if (!boxes.length) document.querySelector('#work button[role=tab]')?.click();
  setTimeout(() => { box?.focus(); box?.select(); }, boxes.length ? 0 : 200);
}

function move(step) {
  const all = cards();
  if (!all.length) return;
  const at = all.indexOf(document.activeElement.closest('article.card'));
  const next = all[at < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + step, 0), all.length - 1)];
  next.focus({preventScroll: true});
  next.scrollIntoView({block: 'nearest', behavior: 'smooth'});
}

function act(selector) {
  const card = document.activeElement.closest('article.card') || cards()[0];
  card?.querySelector(selector)?.click();
}

// By what a key types, or where it lies: on a Korean or Russian keyboard "o" types another letter.
const KEYS = {
  '/': toBox,
  ArrowDown: () => move(1),
  ArrowUp: () => move(-1),
  o: () => act('a.open'),
  c: () => act('button.collect'),
};
const PLACES = {Slash: '/', KeyO: 'o', KeyC: 'c'};

function actionOf(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return null;
  const foreign = event.key.length === 1 && event.key > '\u007f';
  return KEYS[foreign ? PLACES[event.code] : event.key];
}

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && typing(event.target)) { event.target.blur(); return; }
  if (event.target.closest('[role=tab], [role=listbox], [role=slider], [role=radio], summary')) return;
  const action = actionOf(event);
  if (!action) return;
  event.preventDefault();
  action();
});

// Inside the viewer, where arrows scroll, "/" alone is the desk's.
function listenIn(frame) {
  frame.contentDocument?.addEventListener('keydown', (event) => {
    if (actionOf(event) !== toBox) return;
    event.preventDefault();
    toBox();
  });
}

// --- clicks -----------------------------------------------------------------------------------------

async function collect(button) {
  const {document: id, start, end} = button.dataset;
  const question = button.closest('.turn')?.querySelector('.question')?.textContent || '';
  const answer = await fetch('/notebook', {
    method: 'POST',
    headers: {'Content-Type': 'application/json'},
    body: JSON.stringify({document_id: id, start: Number(start), end: Number(end), question, language}),
  }).catch(() => null);
  const told = answer ? await answer.json().catch(() => ({})) : {};
  button.textContent = told.message || '⚠';
  button.classList.toggle('collected', Boolean(answer?.ok));
  button.classList.toggle('failed', !answer?.ok);
}

// What stands in the hidden box after the button becomes a file.
function saveText(button) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([button.nextElementSibling.value], {type: 'text/plain'}));
  link.download = button.dataset.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// What a frame shows may have been removed since it was opened: elsewhere, by somebody else.
async function lookAgain(frame) {
  const address = frame.contentDocument?.location.href || '';
  if (!new URL(address, location).pathname.startsWith('/source/')) return;
  const asking = new AbortController();
  const answer = await fetch(address, {cache: 'no-store', signal: asking.signal}).catch(() => null);
  asking.abort(); // the head of the answer told all
  if (answer?.status === 404 && frame.contentDocument?.location.href === address) frame.contentWindow.location.reload();
}

document.addEventListener('visibilitychange', () => {
  if (!document.hidden) frames().forEach(lookAgain);
});

// On a narrow screen the viewer lies below the views: what is opened there is brought into view, and so is what
// it was opened from, or the view that is picked then.
const narrow = matchMedia('(max-width: 900px)');
const viewer = () => document.querySelector('#viewer');
let opener = null;

function toViews(link) {
  const from = link && visible(link) ? link : null;
  from?.focus({preventScroll: true});
  (from || document.querySelector('#work')).scrollIntoView({block: from ? 'center' : 'start', behavior: 'smooth'});
}

function leaveViewer(tab) {
  if (!narrow.matches || viewer()?.getBoundingClientRect().top > innerHeight / 2) return;
  const panel = opener?.closest('[role=tabpanel]');
  toViews(panel && panel.id === tab.getAttribute('aria-controls') ? opener : null);
}

const withoutFragment = (address) => (address || '').split('#')[0];

document.addEventListener('click', (event) => {
  const button = event.target.closest('button.collect');
  if (button) collect(button);
  const download = event.target.closest('button.download');
  if (download) saveText(download);
  if (event.target.closest('button.theme')) {
    setTheme(theme() === 'dark' ? 'light' : 'dark');
    localStorage.setItem('verbatim-theme', theme());
  }
  if (event.target.closest('#viewer button.back')) toViews(opener);
  const tab = event.target.closest('#work button[role=tab]');
  if (tab) leaveViewer(tab);
  const link = event.target.closest('a[target=source]');
  if (link && event.isTrusted && narrow.matches) {
    opener = link;
    viewer()?.scrollIntoView({behavior: 'smooth'});
  }
  // Where the address is that which a frame has, the browser asks for nothing.
  for (const frame of link ? frames() : []) {
    if (withoutFragment(link.href) === withoutFragment(frame.contentDocument?.location.href)) lookAgain(frame);
  }
});

document.addEventListener('input', (event) => {
  if (!event.target.matches('#source-list .narrow')) return;
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const row of document.querySelectorAll('#source-list li')) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
  }
});

// Gradio builds its page after this file is read; frames are themed and listened to whenever they load.
document.addEventListener('load', (event) => {
  if (event.target.name !== 'source') return;
  themeFrame(event.target);
  listenIn(event.target);
}, true);

new MutationObserver(() => frames().forEach(themeFrame))
  .observe(document.documentElement, {attributes: true, attributeFilter: ['class'], subtree: false});

const kept = localStorage.getItem('verbatim-theme');
if (kept) {
  const apply = () => { if (document.querySelector('#desk')) setTheme(kept); else setTimeout(apply, 50); };
  apply();
}
document.documentElement.lang = language;

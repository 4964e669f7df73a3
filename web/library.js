// What the Library view does by itself: the words of the place for files, and a file too large is told of before it is sent.

// Gradio's own words there are in English, or in the browser's language.
const uploadWords = document.querySelector('meta[name=verbatim-upload]')?.content || '';
document.documentElement.style.setProperty('--upload-words', JSON.stringify(uploadWords));
new MutationObserver(() => {
  const button = document.querySelector('#upload > button');
  if (button && button.ariaLabel !== uploadWords) button.ariaLabel = uploadWords;
}).observe(document.documentElement, {childList: true, subtree: true});

const LARGEST_UPLOAD = 50 * 1024 * 1024; // as web/server.py has it

function refuseLarge(files) {
  const told = document.querySelector('#too-large');
  const large = [...files].filter((file) => file.size > LARGEST_UPLOAD);
  if (!told) return files;
  told.replaceChildren(...large.map((file) => {
    const line = document.createElement('li');
    const name = document.createElement('strong');
    const reason = document.createElement('span');
    line.className = 'refused';
    name.textContent = file.name;
    reason.textContent = told.dataset.told.replace('{size}', Math.ceil(file.size / 1024 / 1024));
    line.append(name, ' ', reason);
    return line;
  }));
  const kept = new DataTransfer();
  for (const file of files) if (file.size <= LARGEST_UPLOAD) kept.items.add(file);
  return kept.files;
}

let narrowed = false; // while what was dropped, narrowed already, is handed on

// Before Gradio hears of it: it sends nothing at all where one of several files is too large.
document.addEventListener('change', (event) => {
  if (narrowed || !event.target.matches('#upload input[type=file]')) return;
  const kept = refuseLarge(event.target.files);
  if (kept.length === event.target.files.length) return;
  if (!kept.length) { event.stopImmediatePropagation(); event.target.value = ''; return; }
  event.target.files = kept;
}, true);

document.addEventListener('drop', (event) => {
  const input = event.target.closest('#upload')?.querySelector('input[type=file]');
  const files = event.dataTransfer?.files;
  if (!input || !files?.length || [...files].every((file) => file.size <= LARGEST_UPLOAD)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  input.files = refuseLarge(files);
  narrowed = true;
  if (input.files.length) input.dispatchEvent(new Event('change', {bubbles: true}));
  narrowed = false;
}, true);

// Gold questions as a form: a group of fields for each; they are added, removed, and marked where a run refuses them.
// `element`, `props`, `trigger` and `watch` are Gradio's: the component, its properties, its events, its new values.
// The rows are the user's as soon as one is touched: what the server sends then takes nothing away.

const list = element.querySelector('.rows');
const model = element.querySelector('template').content.firstElementChild;
const more = element.querySelector('#gold-more-documents');
const BLANK = ['', '', '', '', true];
let touched = false;
let made = 0; // rows, for their ids

const rows = () => [...list.children];
const fields = (row) => [...row.querySelectorAll('textarea, input')];
const read = (row) => fields(row).map((field) => (field.type === 'checkbox' ? field.checked : field.value));
const offered = () => [...document.querySelectorAll('#gold-documents option')];

function keep() {
  touched = true;
  props.value = rows().map(read);
}

function number() {
  rows().forEach((row, at) => {
    const told = (part) => part.dataset.told.replace('{n}', at + 1);
    const legend = row.querySelector('legend');
    const remove = row.querySelector('.remove');
    legend.textContent = told(legend);
    remove.setAttribute('aria-label', told(remove));
  });
  element.querySelector('.add').disabled = rows().length >= Number(list.dataset.most);
}

function append(values) {
  const row = model.cloneNode(true);
  made += 1;
  fields(row).forEach((field, at) => {
    if (field.type === 'checkbox') field.checked = values[at]; else field.value = values[at];
  });
  row.querySelector('.error').id = `gold-error-${made}`;
  row.querySelector('.titles').id = `gold-titles-${made}`;
  row.querySelector('.document input').setAttribute('aria-describedby', `gold-titles-${made}`);
  list.append(row);
  entitle(row);
  return row;
}

function draw() {
  list.replaceChildren();
  props.value.forEach(append);
  number();
}

// The titles of the documents that are named, so that a file name need not be known by heart.
function entitle(row) {
  const titles = new Map(offered().map((option) => [option.value, option.label]));
  const names = row.querySelector('.document input').value.split('|').map((name) => name.trim());
  const told = row.querySelector('.titles');
  told.textContent = names.map((name) => titles.get(name)).filter(Boolean).join(' · ');
  told.hidden = !told.textContent;
}

// A browser puts what is chosen in the place of all that stands there: after "a.pdf |" it is offered "a.pdf | b.pdf".
function offer(field) {
  const before = field.value.slice(0, field.value.lastIndexOf('|') + 1);
  field.setAttribute('list', before ? more.id : 'gold-documents');
  if (!before || more.dataset.before === before) return;
  more.dataset.before = before;
  more.replaceChildren(...offered().map((option) => new Option(option.label, `${before} ${option.value}`)));
}

function mark(row, told) {
  const error = row.querySelector('.error');
  error.textContent = told;
  error.hidden = !told;
  row.classList.toggle('wrong', Boolean(told));
  if (told) row.setAttribute('aria-describedby', error.id); else row.removeAttribute('aria-describedby');
}

function add() {
  const row = append(BLANK);
  number();
  keep();
  row.querySelector('textarea').focus();
}

function remove(row) {
  const at = rows().indexOf(row);
  row.remove();
  if (!rows().length) append(BLANK);
  number();
  keep();
  rows()[Math.min(at, rows().length - 1)].querySelector('textarea').focus();
}

element.addEventListener('input', (event) => {
  const row = event.target.closest('.row');
  mark(row, '');
  if (event.target.matches('.document input')) { offer(event.target); entitle(row); }
  keep();
});
element.addEventListener('focusin', (event) => {
  if (event.target.matches('.document input')) offer(event.target);
});
element.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (button?.matches('.add')) add();
  if (button?.matches('.remove')) remove(button.closest('.row'));
  if (button?.matches('.save')) trigger('save', {});
});

watch('value', () => { if (touched) keep(); else draw(); });
watch('wrong', () => {
  const wrong = new Map(props.wrong.rows);
  rows().forEach((row, at) => mark(row, wrong.get(at + 1) || ''));
  const first = list.querySelector('.wrong');
  first?.querySelector('textarea').focus({preventScroll: true});
  first?.scrollIntoView({block: 'nearest'});
});
document.addEventListener('gold-documents', () => rows().forEach(entitle));
draw();

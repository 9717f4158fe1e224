// Faults stand beside the field that they are about; those of no field stand above the button.

import { byId, element } from './dom.js';
import { plain } from './format.js';
import { say, text } from './i18n.js';
import { faultWords } from './words.js';

const form = byId('request-form');
const others = byId('other-faults');
const prefix = 'fault-';

export function clearFaults() {
  for (const place of form.querySelectorAll('[data-fault-for]')) {
    place.hidden = true;
    place.replaceChildren();
  }
  for (const field of form.querySelectorAll('[aria-invalid]')) {
    field.removeAttribute('aria-invalid');
    describe(field, ids => ids.filter(id => !id.startsWith(prefix)));
  }
  others.hidden = true;
  others.replaceChildren();
}

// What is being mended is no fault any more: the next start finds what is still wrong.
for (const kind of ['input', 'change']) {
  form.addEventListener(kind, event => {
    const field = event.target.closest('[data-field]')?.dataset.field;
    if (field) settle(field);
  });
}

// A fault may be about two fields, and stand beside another one than that which mends it.
const mended = { symbols: ['symbols', 'from', 'to', 'adjusted'], from: ['from', 'to'], to: ['from', 'to'], strategy: ['strategy', 'parameters'] };
const mendedElsewhere = { from: ['no-bars-in-range', 'too-many-bars'], to: ['no-bars-in-range', 'too-many-bars'], adjusted: ['no-adjusted-close'] };
const areaOf = field => field.startsWith('parameters') ? 'parameters' : field;

function settle(changed) {
  const [area, codes] = [areaOf(changed), mendedElsewhere[changed] ?? []];
  for (const place of form.querySelectorAll('[data-fault-for]:not([hidden])')) {
    const isMended = (mended[area] ?? [area]).includes(areaOf(place.dataset.faultFor));
    for (const words of [...place.children]) if (isMended || codes.includes(words.dataset.code)) words.remove();
    if (place.children.length === 0) unmark(place);
  }
  others.hidden = true;
  others.replaceChildren();
}

function unmark(place) {
  place.hidden = true;
  const field = fieldOf(place);
  if (!field) return;
  field.removeAttribute('aria-invalid');
  describe(field, ids => ids.filter(id => id !== place.id));
}

const fieldOf = place => form.querySelector(`[data-field="${CSS.escape(place.dataset.faultFor)}"]`);

/** Shows faults { field, detail, hint } and moves to the first of them; detail may be a function that gives the text. */
export function showFaults(faults) {
  clearFaults();
  for (const fault of faults) {
    const words = () => faultWords(fault);
    const place = placeOf(fault.field);
    if (!place) {
      others.append(say(element('li'), () => fault.field ? `${fault.field}: ${words()}` : words()));
      others.hidden = false;
      continue;
    }
    place.append(say(element('span', { 'data-code': fault.code }), words));
    place.hidden = false;
    place.id ||= prefix + place.dataset.faultFor.replaceAll('.', '-');
    const field = fieldOf(place);
    if (!field) continue;
    field.setAttribute('aria-invalid', 'true');
    describe(field, ids => [place.id, ...ids.filter(id => id !== place.id)]);
  }
  (form.querySelector('[aria-invalid]') ?? others).focus({ preventScroll: true });
  (form.querySelector('.fault:not([hidden])'))?.scrollIntoView({ block: 'center' });
}

// A description is read out with the field that it is of; what is wrong comes before what it is for.
function describe(field, change) {
  const ids = change((field.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean));
  if (ids.length > 0) field.setAttribute('aria-describedby', ids.join(' '));
  else field.removeAttribute('aria-describedby');
}

/** What the browser itself finds wrong, so that nothing is sent that can't be right; said in the page's language, not the browser's. */
export function faultsOfFields() {
  return [...form.querySelectorAll('input[data-field]')]
    .filter(input => !input.disabled && !input.checkValidity())
    .map(input => ({ field: input.dataset.field, detail: () => reason(input) }));
}

function reason({ validity, type, min, max, validationMessage }) {
  const limit = value => type === 'number' ? plain(Number(value)) : value;
  if (validity.valueMissing || validity.badInput) return text(type === 'date' ? 'fault.date' : 'fault.number');
  if (validity.rangeUnderflow) return text('fault.low', { limit: limit(min) });
  if (validity.rangeOverflow) return text('fault.high', { limit: limit(max) });
  if (validity.stepMismatch) return text('fault.whole');
  return validationMessage;
}

// symbols[1] belongs beside symbols, commission.rate beside itself, commission beside nothing.
function placeOf(field) {
  for (let path = field ?? ''; path; path = path.replace(/(\[[^\]]*\]|\.[^.[\]]*|^[^.[\]]+)$/, '')) {
    const place = form.querySelector(`[data-fault-for="${CSS.escape(path)}"]`);
    if (place) return place;
  }
  return null;
}

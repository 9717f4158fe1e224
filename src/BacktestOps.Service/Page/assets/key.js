// The API key of a service that wants one: kept for this tab alone, sent with every call, never shown again.

import { byId } from './dom.js';

const name = 'backtestops.key';
const form = byId('key-form');
const field = byId('api-key');
const fault = byId('key-fault');

let key = remembered();

/** Headers with the key among them, when there is one. */
export const withKey = headers => key ? { ...headers, Authorization: `Bearer ${key}` } : headers;

/** True when calls carry a key, which a plain link can't. */
export const hasKey = () => Boolean(key);

/** True while the page waits for a key: nothing else may take the cursor then. */
export const isAsking = () => !form.hidden;

/** Asks for a key: the service refused a call without one, or with a wrong one. */
export function askForKey() {
  if (!form.hidden) return;
  form.hidden = false;
  // Nothing else on the page works without one.
  document.body.classList.add('asking');
  // A key that the service does not know is not sent again.
  if (key) {
    fault.hidden = false;
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', `${fault.id} ${field.getAttribute('aria-describedby')}`);
    forget();
  }
  field.focus();
}

form.addEventListener('submit', event => {
  event.preventDefault();
  if (!field.value.trim()) return field.focus();
  try {
    sessionStorage.setItem(name, field.value.trim());
  } catch {
    // A browser that keeps nothing asks again after a reload.
  }
  // From the start, with the key: nothing half-loaded is left.
  location.reload();
});

function forget() {
  key = null;
  try {
    sessionStorage.removeItem(name);
  } catch {
    // Then nothing was kept.
  }
}

function remembered() {
  try {
    return sessionStorage.getItem(name);
  } catch {
    return null;
  }
}

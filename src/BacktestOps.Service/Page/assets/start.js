// Starting a run once: what is sent again, because nobody knows whether it arrived, carries the key that it was sent with.

import { start } from './api.js';

const name = 'backtestops.start';

/** Starts a run. A start whose answer was lost is not a second run when it is tried again, also after a reload. */
export async function startOnce(request) {
  const body = JSON.stringify(request);
  let pending = remembered();
  if (pending?.body !== body) pending = { body, key: newKey() };
  remember(pending);
  try {
    const run = await start(body, pending.key);
    remember(null);
    return run;
  } catch (error) {
    if (isRefused(error)) remember(null);
    throw error;
  }
}

// A refusal starts nothing; what is no answer, or says that the service can't tell now, may have.
const isRefused = ({ status, problem }) =>
  status >= 400 && status < 500 && status !== 408 && problem?.type !== 'urn:backtestops:idempotency-key-in-use';

// crypto.randomUUID is there on https and loopback only.
const newKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map(byte => byte.toString(16).padStart(2, '0')).join('');

let kept = null;

function remember(pending) {
  kept = pending;
  try {
    if (pending) sessionStorage.setItem(name, JSON.stringify(pending));
    else sessionStorage.removeItem(name);
  } catch {
    // A browser that keeps nothing knows it until a reload.
  }
}

function remembered() {
  try {
    return kept ?? JSON.parse(sessionStorage.getItem(name));
  } catch {
    return kept;
  }
}

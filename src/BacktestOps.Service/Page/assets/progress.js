// Watching a run: 0 to 100, until it has ended.

import { cancel, getProgress } from './api.js';
import { byId } from './dom.js';
import { estimator, timeLeft } from './eta.js';
import { SilentStream, progressEvents } from './events.js';
import { symbolNames } from './format.js';
import { say } from './i18n.js';
import { activityWords } from './words.js';
import { changed, ended, statusText } from './runs.js';

const card = byId('run-card');
const bar = byId('progress');
const percentage = byId('progress-text');
const left = byId('time-left');
const status = byId('run-status');
const doing = byId('run-doing');
const cancelButton = byId('cancel');

// Between two questions while there is no stream, and between two tries to have one.
const interval = 200;
const retry = 1000;
const wait = time => new Promise(resolve => setTimeout(resolve, time));

let watched = null;
let estimate = null;
let watching = new AbortController();

cancelButton.addEventListener('click', async () => {
  cancelButton.disabled = true;
  try {
    show(await cancel(watched));
    changed();
  } catch (error) {
    tell(() => error.message, 'bad');
    cancelButton.disabled = false;
  }
});

/** Shows the run until it has ended; gives its last state, or null when another run took its place. */
export async function watch(id) {
  watching.abort();
  watching = new AbortController();
  const { signal } = watching;
  watched = id;
  estimate = estimator();
  byId('run-intro').hidden = true;
  byId('run-id').textContent = id;
  bar.value = 0;
  // Until the run is known there is nothing to show of it.
  byId('progress-row').hidden = true;
  cancelButton.hidden = true;
  say(byId('run-title'), 'run.heading');
  for (const place of [left, doing, status]) say(place, () => '');
  card.hidden = false;
  let [seen, nextTry, failures] = ['', 0, 0];
  for (;;) {
    try {
      // While a stream is broken or can't be had, the service is asked.
      if (performance.now() >= nextTry) {
        nextTry = performance.now() + retry;
        for await (const event of progressEvents(id, seen, signal)) {
          [seen, failures] = [event.id, 0];
          show(event.run);
          if (ended(event.run)) return event.run;
        }
      }
    } catch (error) {
      // Whether it is a fault that lasts, the next answer tells. Where streams don't come through, it isn't tried again.
      if (error instanceof SilentStream) nextTry = Infinity;
    }
    if (signal.aborted) return null;
    try {
      const run = await getProgress(id);
      if (signal.aborted) return null;
      failures = 0;
      show(run);
      if (ended(run)) return run;
    } catch (error) {
      if (signal.aborted) return null;
      if (isFinal(error)) throw error;
      failures++;
      say(doing, () => '');
      tell('run.silent', 'bad');
    }
    await wait(Math.min(retry, interval * 2 ** failures));
  }
}

// A run goes on while the service restarts or has too much to do; an answer that says otherwise ends the watching.
const isFinal = ({ problem }) => problem && ![429, 503].includes(problem.status);

/** A line under the bar: a key, or a function that gives the text. */
export function tell(what, kind = '') {
  say(status, what);
  status.className = `run-status ${kind}`;
}

function show(run) {
  say(byId('run-title'), 'run.title', { strategy: run.strategy, symbols: () => symbolNames(run.symbols) });
  bar.value = Math.max(bar.value, run.progress);
  percentage.value = `${Math.floor(bar.value)}%`;
  byId('progress-row').hidden = false;
  cancelButton.hidden = ended(run);
  cancelButton.disabled = false;
  const rest = run.status === 'running' ? estimate(performance.now(), run.progress, run.activity) : null;
  say(doing, () => run.activity && !ended(run) ? activityWords(run.activity) : '');
  if (rest === null) say(left, () => '');
  else say(left, () => timeLeft(rest));
  const kind = { completed: 'good', cancelled: 'bad', failed: 'bad' }[run.status] ?? '';
  tell(() => statusText(run), kind);
}

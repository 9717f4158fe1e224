// The earlier runs: what the service keeps, so it is there after a reload and in every window.

import { cancel, getRuns } from './api.js';
import { byId, element } from './dom.js';
import { count, moment, parameterNames, symbolNames } from './format.js';
import { say, text } from './i18n.js';
import { reasonWords } from './words.js';

const list = byId('runs');
const more = byId('more-runs');
const note = byId('runs-note');
const first = 10;
const most = 1000;
const interval = 1000;

let shown = first;
let open = () => {};
let selected = null;
let timer = 0;

export const ended = run => ['completed', 'failed', 'cancelled'].includes(run.status);

/** Where a run stands, in words. */
export function statusText(run) {
  if (run.status === 'failed') return text('run.failed', { reason: run.error ? reasonWords(run.error) : text('run.unexplained') });
  return text(`run.${run.status}`);
}

/** Lists the runs; opened is called with the id of a run that a person opens. */
export function showRuns(opened) {
  open = opened;
  more.addEventListener('click', () => {
    // A long list comes in few steps.
    shown = Math.min(most, shown * 2);
    refresh();
  });
  return refresh();
}

/** Marks the run that is looked at. */
export function select(id) {
  selected = id;
  mark();
}

/** Asks the service again: a run was started, has ended or was cancelled. */
export const changed = () => refresh();

async function refresh() {
  clearTimeout(timer);
  try {
    const { backtests } = await getRuns(shown);
    render(backtests);
    note.hidden = backtests.length > 0;
    say(note, 'runs.none');
    more.hidden = backtests.length < shown || shown === most;
    if (backtests.some(run => !ended(run))) timer = setTimeout(refresh, interval);
  } catch (error) {
    note.hidden = false;
    say(note, () => error.message);
  }
  list.setAttribute('aria-busy', 'false');
}

// Rows are kept while their run is the same, so that neither focus nor a half-made click is lost.
function render(runs) {
  const rows = new Map([...list.children].map(row => [row.dataset.id, row]));
  const wanted = runs.map(run => {
    const row = rows.get(run.backtest_id) ?? rowOf(run);
    update(row, run);
    return row;
  });
  if (wanted.length !== list.children.length || wanted.some((row, index) => list.children[index] !== row)) list.replaceChildren(...wanted);
  mark();
}

function rowOf(run) {
  const id = run.backtest_id;
  const openButton = element('button', { type: 'button', class: 'open-run' },
    say(element('span', { class: 'run-what' }), () => `${run.strategy} · ${symbolNames(run.symbols)}`),
    say(element('span', { class: 'run-parameters' }), () => parameterNames(run.parameters)),
    say(element('span', { class: 'run-when' }), () => moment(run.accepted_at)));
  const status = element('span', { class: 'run-state' });
  const cancelButton = say(element('button', { type: 'button', class: 'quiet cancel-run' }), 'run.cancel');
  say(cancelButton, 'runs.cancel', { id }, 'aria-label');
  openButton.addEventListener('click', () => open(id));
  cancelButton.addEventListener('click', async () => {
    cancelButton.disabled = true;
    await cancel(id).catch(error => say(status, () => error.message));
    await refresh();
  });
  return element('li', { 'data-id': id, 'data-testid': `run-${id}` }, openButton, status, cancelButton);
}

function update(row, run) {
  const status = row.querySelector('.run-state');
  status.className = `run-state ${run.status}`;
  say(status, () => run.status === 'running' ? `${count(Math.floor(run.progress))}%` : text(`runs.${run.status}`));
  const cancelButton = row.querySelector('.cancel-run');
  cancelButton.hidden = ended(run);
}

function mark() {
  for (const row of list.children) {
    const button = row.querySelector('.open-run');
    if (row.dataset.id === selected) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
  }
}

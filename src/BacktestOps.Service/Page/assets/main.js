// The page: brings the parts together.

import { getResult, getStrategies, getSymbols } from './api.js';
import { byId } from './dom.js';
import { clearFaults, faultsOfFields, showFaults } from './faults.js';
import { watchHealth } from './health.js';
import { adopt, choose, current, say, speak, text } from './i18n.js';
import { isAsking } from './key.js';
import { tell, watch } from './progress.js';
import { hideResult, showResult } from './result.js';
import { changed, select, showRuns } from './runs.js';
import { pickedSymbols, showNoSymbols, showSymbols } from './selection.js';
import { startOnce } from './start.js';
import { chosenStrategy, showStrategies } from './strategy.js';

const startButton = byId('start');
const panel = byId('run-panel');
const runKey = 'run';

// The second click of a double click, and a key that is held down, ask for no second run: the first may have been answered in between.
startButton.addEventListener('click', event => {
  if (event.detail > 1) event.preventDefault();
});
byId('request-form').addEventListener('keydown', event => {
  if (event.key === 'Enter' && event.repeat) event.preventDefault();
});

byId('request-form').addEventListener('submit', async event => {
  event.preventDefault();
  const faults = [...missingSymbols(), ...faultsOfFields()];
  if (faults.length > 0) return showFaults(faults);
  clearFaults();
  waitForStart(true);
  let run = null;
  try {
    // The prices of every stock are looked at before a run is accepted.
    run = await startOnce(requestOf());
  } catch (error) {
    showFaults(error.faults?.length ? error.faults : [{ field: '', detail: () => error.message }]);
  } finally {
    waitForStart(false);
  }
  if (run === null) return;
  changed();
  await open(run.backtest_id);
});

function waitForStart(waits) {
  startButton.disabled = waits;
  say(startButton, waits ? 'terms.starting' : 'terms.start');
}

function requestOf() {
  return {
    symbols: pickedSymbols(),
    ...chosenStrategy(),
    from: byId('from').value || null,
    to: byId('to').value || null,
    initial_cash: byId('initial-cash').valueAsNumber,
    commission: { rate: byId('commission-rate').valueAsNumber / 100, minimum: 0 },
    fractional_shares: byId('fractional-shares').checked,
    adjusted: byId('adjusted').checked,
  };
}

const missingSymbols = () => pickedSymbols().length > 0 ? [] : [{ field: 'symbols', detail: () => text('fault.symbols') }];

/** Shows a run, new or old. */
async function open(id) {
  // The address keeps the run, so that a reload finds it again.
  history.replaceState(null, '', `#${runKey}=${encodeURIComponent(id)}`);
  panel.scrollIntoView({ block: 'nearest' });
  await follow(id);
}

async function follow(id) {
  hideResult();
  select(id);
  try {
    const run = await watch(id);
    if (run === null) return;
    changed();
    if (run.status !== 'completed') return;
    const result = await getResult(id);
    await showResult(id, result);
  } catch (error) {
    tell(() => error.message, 'bad');
  }
}

// The days that the picked stocks have prices for are the ones that can be chosen.
function limitDates(picked) {
  const firsts = picked.map(info => info.first?.slice(0, 10)).filter(Boolean).sort();
  const lasts = picked.map(info => info.last?.slice(0, 10)).filter(Boolean).sort();
  for (const input of [byId('from'), byId('to')]) {
    input.min = firsts[0] ?? '';
    input.max = lasts.at(-1) ?? '';
  }
  const adjusted = byId('adjusted');
  adjusted.disabled = picked.length > 0 && !picked.some(info => info.has_adjusted_close);
  if (adjusted.disabled) adjusted.checked = false;
}

function offerLanguages() {
  const language = byId('language');
  language.value = current();
  language.addEventListener('change', () => choose(language.value));
}

let hasSymbols = false;
let hasStrategies = false;

// What could not be had is asked for again when the service answers again; what is there keeps what was picked.
async function showCatalog() {
  const [symbols, strategies] = await Promise.allSettled([hasSymbols ? [] : getSymbols(), hasStrategies ? [] : getStrategies()]);
  if (symbols.status === 'rejected') showNoSymbols(() => symbols.reason.message);
  else if (!hasSymbols) showSymbols(symbols.value, limitDates);
  if (strategies.status === 'rejected') {
    if (!isAsking()) showFaults([{ field: 'strategy', detail: () => strategies.reason.message }]);
  } else if (!hasStrategies) {
    showStrategies(strategies.value);
    clearFaults();
  }
  hasSymbols ||= symbols.status === 'fulfilled';
  hasStrategies ||= strategies.status === 'fulfilled';
}

async function load() {
  adopt();
  offerLanguages();
  speak();
  await Promise.all([showCatalog(), watchHealth(() => Promise.all([showCatalog(), changed()])), showRuns(open)]);
  const earlier = new URLSearchParams(location.hash.slice(1)).get(runKey);
  if (earlier) await follow(earlier);
}

await load();

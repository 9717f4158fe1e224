// The list of stocks: search, pick, and what is picked.

import { byId, element } from './dom.js';
import { count, day, symbolNames } from './format.js';
import { say, translated } from './i18n.js';
import { sparklineOf } from './sparkline.js';
import { sourceWords } from './words.js';

const list = byId('symbol-list');
const search = byId('symbol-search');
const summary = byId('selection-summary');
const clear = byId('clear-selection');

let rows = [];

/** Shows the stocks; calls changed with the picked ones whenever they change. */
export function showSymbols(symbols, changed) {
  rows = symbols.map(info => ({ info, row: rowOf(info), words: () => `${info.symbol} ${info.name} ${translated(info.symbol, '')}`.toLowerCase() }));
  const nothing = say(element('p', { class: 'empty', hidden: true }), 'stocks.nothing');
  list.replaceChildren(...rows.map(({ row }) => row), nothing);
  list.setAttribute('aria-busy', 'false');

  const update = () => {
    const picked = pickedInfos();
    if (picked.length === 0) say(summary, 'stocks.none', { count: () => count(rows.length) });
    else say(summary, 'stocks.picked', { symbols: () => symbolNames(picked.map(info => info.symbol)) });
    clear.hidden = picked.length === 0;
    changed(picked);
  };
  list.addEventListener('change', update);
  clear.addEventListener('click', () => {
    for (const { row } of rows) row.querySelector('input').checked = false;
    update();
    search.focus();
  });
  search.addEventListener('input', () => {
    const wanted = search.value.trim().toLowerCase();
    for (const { row, words } of rows) row.hidden = !words().includes(wanted);
    nothing.hidden = rows.some(({ row }) => !row.hidden);
  });
  search.addEventListener('keydown', event => {
    // Enter in the search picks the only match; it must not start the run.
    if (event.key !== 'Enter') return;
    event.preventDefault();
    const shown = rows.filter(({ row }) => !row.hidden);
    if (shown.length === 1) shown[0].row.querySelector('input').click();
  });
  update();
}

/** Says why there is no list; message gives the text. */
export function showNoSymbols(message) {
  list.replaceChildren(say(element('p', { class: 'empty' }), message));
  list.setAttribute('aria-busy', 'false');
}

/** The symbols that are picked, in the order of the list. */
export const pickedSymbols = () => pickedInfos().map(info => info.symbol);

const pickedInfos = () => rows.filter(({ row }) => row.querySelector('input').checked).map(({ info }) => info);

function rowOf(info) {
  const synthetic = info.source.startsWith('synthetic');
  const badge = element('span', { class: synthetic ? 'badge synthetic' : 'badge', title: info.source });
  const about = info.error
    ? say(element('span', { class: 'error' }), 'stocks.unusable', { reason: info.error })
    : say(element('span', { class: 'range' }), 'stocks.range', { first: day(info.first), last: day(info.last), bars: () => count(info.bars) });
  return element('label', { class: 'symbol', 'data-testid': `symbol-${info.symbol}` },
    element('input', { type: 'checkbox', name: 'symbols', value: info.symbol, disabled: Boolean(info.error) }),
    element('span', { class: 'ticker' }, info.symbol),
    synthetic ? say(badge, 'stocks.synthetic') : say(badge, () => sourceWords(info.source)),
    element('span', { class: 'about' }, info.name === info.symbol ? null : say(element('span', { class: 'name' }), () => synthetic ? translated(info.symbol, info.name) : info.name), about),
    info.error ? null : sparklineOf(info.symbol));
}

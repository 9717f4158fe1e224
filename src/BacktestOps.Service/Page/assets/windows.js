// The windows of a walk-forward: what was chosen on which bars, and what came of it on the next.

import { byId, element } from './dom.js';
import { barTime, count, parameterNames, percent } from './format.js';
import { say, text } from './i18n.js';

const card = byId('windows-card');
const table = byId('windows');

/** Shows them; hidden for what is no walk-forward. */
export function showWindows(windows) {
  card.hidden = !windows?.length;
  if (card.hidden) return;
  table.replaceChildren(table.tHead, element('tbody', {}, ...windows.map(rowOf)));
}

const rowOf = (window, index) => element('tr', {},
  say(element('th', { scope: 'row' }), () => count(index + 1)),
  cell('windows.chosen', () => span(window.in_sample_first, window.in_sample_last)),
  cell('windows.judged', () => span(window.out_of_sample_first, window.out_of_sample_last)),
  cell('windows.parameters', () => window.chosen ? parameterNames(window.chosen.parameters) : text('windows.none')),
  cell('windows.inside', () => percent(window.chosen?.total_return), 'number'),
  cell('windows.outside', () => percent(window.out_of_sample_return), 'number'));

// On a narrow screen the name of its column stands before each value.
const cell = (heading, words, kind = '') => say(say(element('td', { class: kind }), words), heading, {}, 'data-label');

const span = (first, last) => text('run.days', { first: barTime(first), last: barTime(last) });

// The result of a run: the headline, the charts, the figures and where they come from.

import { showCharts } from './charts.js';
import { byId, element } from './dom.js';
import { offerDownloads } from './download.js';
import { groups, valueOf } from './figures.js';
import { barTime, count, money, named, parameterNames, percent, ratio, shares } from './format.js';
import { has, say, text } from './i18n.js';
import { showWindows } from './windows.js';
import { sourceWords, warningWords } from './words.js';

export function hideResult() {
  byId('result').hidden = true;
  say(byId('run-terms'), () => '');
}

/** Shows a result; the charts come when the service has drawn them. */
export function showResult(id, result) {
  const performance = result.performance;
  offerDownloads(id, result);
  say(byId('run-terms'), () => termsOf(result));
  byId('headline').replaceChildren(
    headline('total_return', () => percent(performance.total_return), performance.total_return < 0 ? 'down' : 'up'),
    headline('max_drawdown', () => percent(performance.max_drawdown)),
    headline('sharpe_ratio', () => ratio(performance.sharpe_ratio)),
    headline('total_trades', () => count(performance.total_trades)));
  byId('performance').replaceChildren(byId('performance').tHead, ...bodies(performance));
  const warnings = byId('warnings');
  warnings.replaceChildren(...result.warnings.map(warning => warningWords(warning) === null
    ? element('li', { lang: 'en' }, warning)
    : say(element('li'), () => warningWords(warning))));
  warnings.hidden = result.warnings.length === 0;
  byId('data-used').replaceChildren(
    ...result.data.slice(0, named).map(data => say(element('li'), 'result.data', {
      symbol: data.symbol, bars: () => count(data.bars), first: barTime(data.first), last: barTime(data.last), source: () => sourceWords(data.source),
    })),
    ...result.open_positions.slice(0, named).map(position => say(element('li'), 'result.open', {
      quantity: () => shares(position.quantity), symbol: position.symbol, profit: () => money(position.unrealized_profit),
    })),
    ...result.data.length > named ? [say(element('li'), 'result.rest', { count: () => count(result.data.length - named) })] : []);
  showWindows(result.sweep?.windows);
  byId('result').hidden = false;
  return showCharts(id, result);
}

// What the figures are of, without which they could not be had again. Of a walk-forward these are the bars out of sample alone, and each
// window has parameters of its own.
function termsOf({ request, sweep, data, equity_curve: curve }) {
  const days = { first: barTime(curve[0]?.date ?? data[0]?.first), last: barTime(curve.at(-1)?.date ?? data[0]?.last) };
  return [
    ...sweep ? choiceOf(sweep, request.parameters) : [parameterNames(request.parameters)],
    text(sweep?.windows ? 'run.outside' : 'run.days', days),
    text('run.cash', { cash: money(request.initial_cash) }),
    text('run.commission', { rate: percent(request.commission?.rate) }),
  ].filter(Boolean).join(' · ');
}

// How the parameters came about. What a sweep did not vary belongs to them as well.
function choiceOf({ objective: member, variants: all, best, windows }, fixed) {
  const name = `figure.${member}`;
  const objective = has(name) ? text(name) : member;
  const variants = count(all);
  if (windows) return [text('run.walk', { windows: count(windows.length), variants, objective }), parameterNames(fixed)];
  if (!best) return [text('run.unchosen', { variants, objective }), parameterNames(fixed)];
  return [text('run.best', { variants, objective, values: parameterNames({ ...fixed, ...best.parameters }) })];
}

function bodies(performance) {
  return groups
    .map(([group, figures]) => [group, figures.filter(([member]) => valueOf(performance, member) !== undefined)])
    .filter(([, figures]) => figures.length > 0)
    .map(([group, figures]) => element('tbody', {},
      element('tr', { class: 'group' }, say(element('th', { colspan: 3, scope: 'rowgroup' }), `group.${group}`)),
      ...figures.map(([member, form]) => element('tr', { 'data-testid': `performance-${member}` },
        say(element('th', { scope: 'row' }), `figure.${member}`),
        say(element('td', { class: 'number' }), () => form(valueOf(performance, member))),
        say(element('td', { class: 'meaning' }), `meaning.${member}`)))));
}

const headline = (member, value, kind = '') => element('div', {},
  say(element('span', { class: 'label' }), `figure.${member}`),
  say(element('span', { class: `value ${kind}` }), value));

// The result of a run: the headline, the charts, the figures and where they come from.

import { showCharts } from './charts.js';
import { byId, element } from './dom.js';
import { offerDownloads } from './download.js';
import { groups, valueOf } from './figures.js';
import { count, day, money, named, parameterNames, percent, ratio, shares } from './format.js';
import { has, say, text } from './i18n.js';
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
      symbol: data.symbol, bars: () => count(data.bars), first: day(data.first), last: day(data.last), source: () => sourceWords(data.source),
    })),
    ...result.open_positions.slice(0, named).map(position => say(element('li'), 'result.open', {
      quantity: () => shares(position.quantity), symbol: position.symbol, profit: () => money(position.unrealized_profit),
    })),
    ...result.data.length > named ? [say(element('li'), 'result.rest', { count: () => count(result.data.length - named) })] : []);
  byId('result').hidden = false;
  return showCharts(id, result);
}

// What was asked for: figures without it could not be had again.
function termsOf({ request, sweep, data }) {
  const values = parameterNames(sweep?.best?.parameters ?? request.parameters);
  const objective = `figure.${sweep?.objective}`;
  const first = data.map(used => day(used.first)).sort()[0];
  const last = data.map(used => day(used.last)).sort().at(-1);
  return [
    sweep ? text('run.best', { variants: count(sweep.variants), objective: has(objective) ? text(objective) : sweep.objective, values }) : values,
    text('run.days', { first, last }),
    text('run.cash', { cash: money(request.initial_cash) }),
    text('run.commission', { rate: percent(request.commission?.rate) }),
  ].filter(Boolean).join(' · ');
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

// The charts of a run: equity beside buy-and-hold with drawdown, and the price of each stock with its trades.

import { equityChart, priceChart } from './api.js';
import { chartFrame } from './chart.js';
import { byId, element } from './dom.js';
import { count, money, percent, shares, symbolNames } from './format.js';
import { say, text } from './i18n.js';

const equityPlace = byId('equity-curve');
const pricePlace = byId('price-chart');
const choice = byId('price-symbol');
const choiceRow = byId('price-choice');

let priceOf = () => {};
choice.addEventListener('change', () => priceOf(choice.value));

/** Draws the charts of a result. */
export function showCharts(id, result) {
  const symbols = () => symbolNames(result.data.map(data => data.symbol));
  const equity = chartFrame('chart.equity.label', { symbols }, ([, , date, worth, held, fall]) =>
    text('chart.equity.reading', { date, equity: money(worth), held: money(held), drawdown: percent(fall) }));
  equityPlace.replaceChildren(equity.node);

  choice.replaceChildren(...result.data.map(({ symbol }) => element('option', { value: symbol }, symbol)));
  choiceRow.hidden = result.data.length < 2;
  priceOf = symbol => {
    const price = chartFrame('chart.price.label', { symbol }, priceReading, reading => reading[4].length > 0);
    pricePlace.replaceChildren(price.node);
    const trades = result.trades.filter(trade => trade.symbol === symbol).length;
    say(byId('price-caption'), 'chart.price.caption', { symbol, trades: () => count(trades) });
    return price.show(width => priceChart(id, symbol, width));
  };
  return Promise.all([equity.show(width => equityChart(id, width)), priceOf(choice.value)]);
}

const priceReading = ([, , date, close, fills]) => [
  text('chart.price.reading', { date, close: money(close) }),
  ...fills.map(([bought, price, quantity]) =>
    text(bought ? 'chart.bought' : 'chart.sold', { quantity: shares(quantity), price: money(price) })),
].join(' · ');

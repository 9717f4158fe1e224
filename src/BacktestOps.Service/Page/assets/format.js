// Figures and days as people of the page's language read them; an absent figure is a dash, never a zero.

import { current, text } from './i18n.js';

const absent = '–';
const made = new Map();

const show = options => {
  // What rounds to zero has no sign.
  options.signDisplay = 'negative';
  const name = JSON.stringify(options);
  return value => {
    if (value == null) return absent;
    const form = `${current()} ${name}`;
    if (!made.has(form)) made.set(form, new Intl.NumberFormat(current(), options));
    return made.get(form).format(value);
  };
};

export const percent = show({ style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 });
export const money = show({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
export const ratio = show({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
export const count = show({ maximumFractionDigits: 0 });
export const shares = show({ maximumFractionDigits: 4 });
export const plain = show({ maximumFractionDigits: 6, useGrouping: false });

/** The calendar day of a bar: 2020-01-02 out of 2020-01-02T09:30:00. */
export const day = date => date?.slice(0, 10) ?? absent;

/** The time of a bar, with its time of day where it has one: 2020-01-02, or 2020-01-02 09:30. */
export const barTime = date => date?.slice(0, 16).replace('T', ' ') ?? absent;

/** A moment, in the person's own time zone. */
export const moment = time => new Intl.DateTimeFormat(current(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(time));

/** How many stocks are named before the rest is only counted. */
export const named = 8;

/** A run's parameters and their values: fast 10, slow 20. */
export const parameterNames = parameters => Object.entries(parameters ?? {}).map(([name, value]) => `${name} ${plain(value)}`).join(', ');

/** The symbols of a run: all of a few, the first of many. */
export const symbolNames = symbols => symbols.length <= named + 1
  ? symbols.join(', ')
  : text('symbols.many', { symbols: symbols.slice(0, named).join(', '), count: count(symbols.length - named) });

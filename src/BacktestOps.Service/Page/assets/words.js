// What the service says, in the page's words and language: by the stable names of problems and faults, never by their sentences.

import { count, plain } from './format.js';
import { has, text } from './i18n.js';

const urn = 'urn:backtestops:';

/** A problem document as a sentence; as the service has it where the page has no words for that kind. */
export function problemWords(problem, status) {
  if (!problem?.type) return text('api.status', { status });
  const { detail, action, symbol, market_data: data } = problem;
  const name = `problem.${problem.type.slice(urn.length)}`;
  const reason = data ? [data.source, data.line, data.detail].filter(part => part != null).join(', ') : detail ?? problem.title;
  return has(name) ? text(name, { status, symbol, reason }) : action ? `${detail} ${action}` : detail ?? problem.title;
}

/** A fault of a request { field, detail, hint, code, values }; detail may be a function that gives the text. */
export function faultWords({ detail, hint, code, values = {} }) {
  const name = `fault.${code}`;
  if (code && has(name)) return text(name, readable(values));
  const words = typeof detail === 'function' ? detail() : detail;
  return hint ? `${words} (${hint})` : words;
}

/** Where prices come from; a file is named as it is. */
export function sourceWords(source) {
  if (source === 'bundled') return text('source.bundled');
  const seed = /^synthetic \(seed (?<seed>\d+)\)$/.exec(source);
  return seed ? text('source.synthetic', seed.groups) : source;
}

/** What a run does at the moment. */
export const activityWords = activity => recognized(activities, activity) ?? activity;

/** Why a run failed; what its data or its strategy say of themselves stays as they say it. */
export const reasonWords = reason => recognized(reasons, reason) ?? text('reason.other', { reason });

/** What a result says the reader should know; null where the page has no words of its own for it. */
export const warningWords = warning => recognized(warnings, warning);

function recognized(patterns, sentence) {
  for (const [pattern, name] of patterns) {
    const found = pattern.exec(sentence);
    if (found) return text(name, found.groups);
  }
  return null;
}

// What is stored with a run is for people and has no code: there are few sentences, and one that is not known here is shown as it is.
const reasons = [
  [/^The run took longer than (?<seconds>[\d.]+) s,/, 'reason.time'],
  [/^(?<count>\d+) processes died while they executed this run/, 'reason.deaths'],
];
const warnings = [
  [/^(?<symbol>\S+): the data has no adjusted close; prices were taken as traded\.$/, 'warning.unadjusted'],
  [/^(?<symbol>\S+): (?<bars>\d+) bars are too few for a trade; the rules first say something at bar (?<bar>\d+) /, 'warning.few'],
  [/^(?<symbol>\S+): (?<count>\d+) entries bought nothing because the cash did not cover one share and the commission; the first on (?<first>[\d :-]+)\.$/, 'warning.share'],
  [/^(?<symbol>\S+): (?<count>\d+) entries bought nothing because the cash did not cover the commission; the first on (?<first>[\d :-]+)\.$/, 'warning.commission'],
  [/^(?<symbol>\S+): (?<count>\d+) entries were smaller than their size because .+; the first on (?<first>[\d :-]+)\.$/, 'warning.short'],
  [/^(?<symbol>\S+): (?<count>\d+) fills were cut to (?<share>[\d.]+) of their bar's volume; the first on (?<first>[\d :-]+)\./, 'warning.cut'],
  [/^(?<symbol>\S+): (?<count>\d+) entries were not ordered because .+; the first on (?<first>[\d :-]+)\.$/, 'warning.entries'],
  [/^(?<symbol>\S+): (?<count>\d+) exits were not ordered because .+; the first on (?<first>[\d :-]+)\. /, 'warning.exits'],
  [/^(?<symbol>\S+)(?: and (?<others>\d+) others)?: equity was below the maintenance margin at (?<count>\d+) closes, the first on (?<first>[\d :-]+); /, 'warning.margin'],
  [/^(?<symbol>\S+)(?: and (?<others>\d+) others)?: no equity was left on (?<first>[\d :-]+); /, 'warning.ruin'],
  [/^(?<symbol>\S+): begins on (?<first>[\d :-]+); before that its share of the cash lies idle\.$/, 'warning.idle'],
  [/^(?<symbol>\S+): begins on (?<first>[\d :-]+); before that it is not traded\.$/, 'warning.late'],
  [/^(?<symbol>\S+): ends on (?<last>[\d :-]+); after that it keeps its last mark\.$/, 'warning.ended'],
  [/^(?<symbol>\S+): has no bar on (?<count>\d+) dates on which others have, the first on (?<first>[\d :-]+); /, 'warning.gap'],
  [/^(?<symbol>\S+): the benchmark's data has no adjusted close; /, 'warning.benchmark_unadjusted'],
  [/^(?<symbol>\S+): the benchmark's bars cover no date of the run; /, 'warning.benchmark_none'],
  [/^(?<symbol>\S+): the benchmark is compared from (?<first>[\d :-]+) to (?<last>[\d :-]+), /, 'warning.benchmark_part'],
  [/^(?<symbol>\S+): the benchmark's bars are longer than the run's; /, 'warning.benchmark_longer'],
  [/^The data of (?<symbol>\S+) changed after the run was accepted /, 'warning.changed'],
  [/^No variant has a value for (?<objective>\S+): the figures are those of the first one\.$/, 'warning.unfound'],
  [/^In (?<none>\d+) of (?<count>\d+) stretches no variant had a value /, 'warning.untraded'],
  [/^These are the figures of the best of (?<variants>[\d,]+) variants by \S+, chosen in hindsight/, 'warning.hindsight'],
];
const activities = [
  [/^loading (?<symbol>.+)$/, 'activity.loading'],
  [/^simulating$/, 'activity.simulating'],
  [/^publishing the result$/, 'activity.publishing'],
  [/^preparing the sweep$/, 'activity.preparing'],
  [/^(?<done>[\d,]+) of (?<all>[\d,]+) variants/, 'activity.variants'],
  [/^looking at the variants$/, 'activity.looking'],
  [/^waiting to be tried again: (?<reason>.+)$/, 'activity.waiting'],
];

// Numbers come as in JSON; a date and a name stay as they are.
const readable = values => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, shown(value)]));
const shown = value => /^-?\d+$/.test(value) ? count(Number(value)) : /^-?[\d.]+(E[-+]?\d+)?$/i.test(value) && Number.isFinite(Number(value)) ? plain(Number(value)) : value;

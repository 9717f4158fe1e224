// The service's calls. Every failure is an ApiError that carries what the service says of it.

import { text } from './i18n.js';
import { askForKey, withKey } from './key.js';
import { problemWords } from './words.js';

export class ApiError extends Error {
  constructor(status, problem) {
    super();
    this.status = status;
    this.problem = problem;
  }

  /** What went wrong, in the language of the moment; without a status nobody answered. */
  get message() {
    return this.status ? problemWords(this.problem, this.status) : text('api.silent');
  }

  /** The faults of the request, each { field, detail, hint }; empty when it was something else. */
  get faults() {
    return this.problem?.errors ?? [];
  }
}

async function send(path, options) {
  try {
    const response = await fetch(path, { ...options, headers: withKey(options.headers) });
    if (response.status === 401) askForKey();
    return response;
  } catch {
    throw new ApiError();
  }
}

async function call(path, options) {
  const response = await send(path, { headers: { Accept: 'application/json' }, cache: 'no-store', ...options });
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  throw new ApiError(response.status, body);
}

// A problem document, or nothing where something else than the service answered.
const refusal = async response => new ApiError(response.status, await response.json().catch(() => null));

async function picture(path) {
  const response = await send(path, { headers: { Accept: 'image/svg+xml, application/problem+json' } });
  if (!response.ok) throw await refusal(response);
  return new DOMParser().parseFromString(await response.text(), 'image/svg+xml').documentElement;
}

/** The events of a run as a stream of bytes, from what is newer than the event of that id; null when that was the end. */
export async function openEvents(id, lastEventId, signal) {
  const headers = { Accept: 'text/event-stream, application/problem+json', ...lastEventId && { 'Last-Event-ID': lastEventId } };
  const response = await send(`/api/backtest/events/${segment(id)}`, { headers, cache: 'no-store', signal });
  if (!response.ok) throw await refusal(response);
  return response.status === 204 ? null : response.body;
}

/** A file whole, to be saved. */
export async function getFile(path) {
  const response = await send(path, { headers: { Accept: 'application/json, text/csv' } });
  if (!response.ok) throw await refusal(response);
  return response.blob();
}

/** A page of the service, as text. */
export async function getPage(path) {
  const response = await send(path, { headers: { Accept: 'text/html, application/problem+json' }, cache: 'no-store' });
  if (!response.ok) throw await refusal(response);
  return response.text();
}

const segment = encodeURIComponent;
const healthPatience = 5000;

// A service that hangs is as little there as one that is gone.
export const getHealth = () => call('/api/health', { headers: { Accept: 'application/json' }, cache: 'no-store', signal: AbortSignal.timeout(healthPatience) });
export const getSymbols = () => call('/api/symbols');
export const getStrategies = () => call('/api/strategies');
export const getRuns = limit => call(`/api/backtests?limit=${limit}`);
export const getProgress = id => call(`/api/backtest/progress/${segment(id)}`);
export const getResult = id => call(`/api/backtest/result/${segment(id)}`);
export const resultAddress = id => `/api/backtest/result/${segment(id)}`;
export const variantsAddress = id => `/api/backtest/variants/${segment(id)}`;
export const sparkline = symbol => picture(`/api/symbols/${segment(symbol)}/sparkline`);
export const equityChart = (id, width) => picture(`/api/backtest/chart/${segment(id)}/equity?width=${width}`);
export const priceChart = (id, symbol, width) => picture(`/api/backtest/chart/${segment(id)}/price?symbol=${segment(symbol)}&width=${width}`);
export const cancel = id => call(`/api/backtest/cancel/${segment(id)}`, { method: 'POST' });

/** Starts what the body asks for; under the same key it is one run, however often it is sent. */
export const start = (body, key) => call('/api/backtest/start', {
  method: 'POST',
  headers: { Accept: 'application/json', 'Content-Type': 'application/json', 'Idempotency-Key': key },
  body,
});

// Progress as the service tells it, in server-sent events. They are read with fetch, because an EventSource can't send an API key.

import { openEvents } from './api.js';

// The first event comes at once, and a comment every 15 s: what is silent for longer is no stream any more.
const patience = 45_000;

/**
 * The states of a run as they come, each { id, run }, from what is newer than the event of that id; until the run has ended,
 * the stream has, or the signal says so. A stream that breaks throws, and one that falls silent a SilentStream.
 */
export async function* progressEvents(backtestId, lastEventId, signal) {
  const closing = new AbortController();
  let isSilent = false;
  let timer = 0;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      isSilent = true;
      closing.abort();
    }, patience);
  };
  heard();
  try {
    const stream = await openEvents(backtestId, lastEventId, AbortSignal.any([signal, closing.signal]));
    if (stream === null) return;
    for await (const event of eventsOf(stream, heard)) if (event.type === 'progress') yield { id: event.id, run: JSON.parse(event.data) };
  } catch (error) {
    throw isSilent ? new SilentStream() : error;
  } finally {
    clearTimeout(timer);
    // Whoever stops listening lets go of the connection, too.
    closing.abort();
  }
}

/** Something on the way keeps the stream to itself. */
export class SilentStream extends Error {}

/** The events of a stream of bytes, each { id, type, data }; heard is called for every piece that comes. */
export async function* eventsOf(stream, heard = () => {}) {
  let rest = '';
  let id = '';
  let type = '';
  let data = [];
  for await (const piece of piecesOf(stream.pipeThrough(new TextDecoderStream()))) {
    heard();
    // A line may end in CR, LF or both; a CR that ends a piece may be half of both, so it waits for the next.
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') {
        if (data.length > 0) yield { id, type: type || 'message', data: data.join('\n') };
        [type, data] = ['', []];
        continue;
      }
      const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
      if (field === 'data') data.push(value);
      else if (field === 'event') type = value;
      else if (field === 'id' && !value.includes('\0')) id = value;
    }
  }
}

// Not every browser can walk through a stream by itself.
async function* piecesOf(stream) {
  const reader = stream.getReader();
  try {
    for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) yield value;
  } finally {
    reader.cancel().catch(() => {});
  }
}

// Whether the service is well, asked again and again: a page that stays open must not go on saying what was true when it was loaded.

import { getHealth } from './api.js';
import { byId } from './dom.js';
import { say, text } from './i18n.js';

const wellWords = ['connected', 'ready', 'writable', 'disabled'];
const interval = 2000;
const state = byId('service-state');

let timer = 0;
let isAnswering = true;
let recovered = () => {};

/** Shows how the service is, from now on; calls back when it answers again after it did not. */
export function watchHealth(whenRecovered) {
  recovered = whenRecovered;
  // A page that nobody sees asks nothing; who comes back sees how it is now.
  document.addEventListener('visibilitychange', look);
  return look();
}

async function look() {
  clearTimeout(timer);
  if (document.hidden) return;
  let answers = true;
  try {
    const { version } = await getHealth();
    show('good', () => text('health.good', { version }));
  } catch (error) {
    const { problem } = error;
    // A service that is starting can't tell of runs and stocks yet.
    answers = Boolean(problem?.services) && !isStarting(problem.services);
    show('bad', () => problem?.services ? healthWords(problem.services) : error.message, problem?.problems?.join(' '));
  }
  const wasAnswering = isAnswering;
  isAnswering = answers;
  clearTimeout(timer);
  timer = setTimeout(look, interval);
  if (answers && !wasAnswering) await recovered();
}

function show(kind, words, why = '') {
  say(state, words);
  state.classList.toggle('good', kind === 'good');
  state.classList.toggle('bad', kind === 'bad');
  state.title = why;
}

const isStarting = services => Object.values(services).every(word => word === 'starting');

// Which parts are down, in the words of health; why stands in the hover text, as the service says it.
function healthWords(services) {
  if (isStarting(services)) return text('health.starting');
  const down = Object.entries(services).filter(([, word]) => !wellWords.includes(word)).map(([part, word]) => `${part}: ${word}`);
  return text('health.bad', { parts: down.join(', ') });
}

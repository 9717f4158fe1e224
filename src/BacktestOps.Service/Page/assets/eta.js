// How long a run will still take, from how fast it went while it was watched.

import { text } from './i18n.js';

const leastTime = 700;
const leastProgress = 1;
// Older samples say little of the speed of now.
const remembered = 40;

/**
 * An estimate over the samples (time in ms, progress 0..100, what the run does) of one run; null while there is too little to
 * go by. Loading prices says nothing of the speed of simulating, so each kind of activity is measured for itself.
 */
export function estimator() {
  const samples = [];
  let measured = null;
  return (time, progress, activity) => {
    const kind = activity?.split(' ')[0];
    if (kind !== measured) samples.length = 0;
    measured = kind;
    samples.push([time, progress]);
    if (samples.length > remembered) samples.shift();
    const [firstTime, firstProgress] = samples[0];
    const [elapsed, gained] = [time - firstTime, progress - firstProgress];
    return elapsed < leastTime || gained < leastProgress ? null : elapsed * (100 - progress) / gained;
  };
}

/** A time left as people say it. */
export function timeLeft(milliseconds) {
  const seconds = Math.max(1, Math.round(milliseconds / 1000));
  return seconds < 90 ? text('eta.seconds', { seconds }) : text('eta.minutes', { minutes: Math.round(seconds / 60) });
}

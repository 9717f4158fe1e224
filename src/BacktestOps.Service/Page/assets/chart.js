// A chart that the service drew, and the reading of it: by mouse, by finger and by keyboard.

import { drawing, element } from './dom.js';
import { say } from './i18n.js';

const narrowest = 240;
const widest = 2000;
const page = 20;

/**
 * A frame that shows a chart and what stands where it is pointed at. describe gives the words for a reading [x, y, date, …];
 * isEvent says which readings Shift and an arrow go to. The label is a key with its values.
 */
export function chartFrame(label, values, describe, isEvent = () => true) {
  const reader = element('div', { class: 'reader', role: 'slider', tabindex: 0, 'aria-orientation': 'horizontal', 'aria-valuemin': 0, 'aria-busy': 'true' });
  const readout = element('p', { class: 'readout', 'aria-hidden': 'true' });
  const frame = element('div', { class: 'chart' }, readout, reader);
  say(reader, label, values, 'aria-label');
  say(readout, 'chart.point');

  let readings = [];
  let at = 0;
  let svg = null;
  let draw = null;
  let drawnWidth = 0;

  function point(index) {
    at = Math.max(0, Math.min(readings.length - 1, index));
    const [x, y] = readings[at];
    svg.querySelector('.cursor')?.remove();
    const { height } = svg.viewBox.baseVal;
    svg.append(drawing('g', { class: 'cursor' },
      drawing('line', { x1: x, x2: x, y1: 8, y2: height - 30 }), drawing('circle', { cx: x, cy: y, r: 4.5 })));
    announce();
    say(readout, () => describe(readings[at]));
  }

  function announce() {
    reader.setAttribute('aria-valuenow', at);
    say(reader, () => describe(readings[at]), {}, 'aria-valuetext');
  }

  function pointAt(event) {
    if (!svg || readings.length === 0) return;
    const box = svg.getBoundingClientRect();
    const x = (event.clientX - box.left) * svg.viewBox.baseVal.width / box.width;
    point(nearest(readings, x));
  }

  reader.addEventListener('pointermove', pointAt);
  reader.addEventListener('pointerdown', pointAt);
  reader.addEventListener('keydown', event => {
    const next = readings.length === 0 ? null : target(event);
    if (next === null) return;
    event.preventDefault();
    point(next);
  });

  function target(event) {
    const direction = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (direction && event.shiftKey) {
      for (let index = at + direction; index >= 0 && index < readings.length; index += direction) if (isEvent(readings[index])) return index;
      return at;
    }
    if (direction) return at + direction;
    return { PageUp: at + page, PageDown: at - page, Home: 0, End: readings.length - 1 }[event.key] ?? null;
  }

  async function redraw() {
    drawnWidth = reader.clientWidth;
    reader.setAttribute('aria-busy', 'true');
    try {
      svg = document.importNode(await draw(Math.round(Math.max(narrowest, Math.min(widest, drawnWidth)))), true);
      svg.setAttribute('aria-hidden', 'true');
      readings = JSON.parse(svg.querySelector('metadata').textContent);
      at = readings.length - 1;
      reader.setAttribute('aria-valuemax', at);
      reader.replaceChildren(svg);
      announce();
      say(readout, 'chart.point');
    } catch (error) {
      readings = [];
      reader.replaceChildren(say(element('p', { class: 'fault' }), 'chart.failed', { reason: () => error.message }));
    }
    reader.setAttribute('aria-busy', 'false');
  }

  let waiting = 0;
  const observer = new ResizeObserver(() => {
    if (!draw || reader.clientWidth === 0 || reader.clientWidth === drawnWidth) return;
    clearTimeout(waiting);
    waiting = setTimeout(redraw, 150);
  });
  observer.observe(reader);

  return {
    node: frame,
    /** Shows what fetch(width) gives, and again when the frame gets another width. */
    show(fetch) {
      draw = fetch;
      return redraw();
    },
  };
}

// The readings are in the order of their x.
function nearest(readings, x) {
  let [low, high] = [0, readings.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (readings[middle][0] < x) low = middle;
    else high = middle;
  }
  return x - readings[low][0] <= readings[high][0] - x ? low : high;
}

// Small price pictures, fetched when their row comes near: a catalog of thousands is not drawn for a look at ten.

import { sparkline } from './api.js';
import { element } from './dom.js';

const symbols = new WeakMap();

const observer = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    observer.unobserve(target);
    // A stock without a picture is as good to pick; its row says what is wrong with its data.
    sparkline(symbols.get(target)).then(svg => target.replaceChildren(document.importNode(svg, true)), () => {});
  }
});

/** A place for the picture of a symbol. */
export function sparklineOf(symbol) {
  const place = element('span', { class: 'small-price', 'aria-hidden': 'true' });
  symbols.set(place, symbol);
  observer.observe(place);
  return place;
}

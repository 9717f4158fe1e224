// The reference of a service that wants an API key: asks for the key, and puts the reference, had with it, in the page's place.

import { getFile, getPage } from './api.js';
import { byId, element } from './dom.js';
import { adopt, say, speak } from './i18n.js';
import { askForKey, hasKey } from './key.js';

const patience = 60_000;

async function load() {
  const title = document.title;
  adopt();
  speak();
  document.title = title;
  if (!hasKey()) return askForKey();
  try {
    show(new DOMParser().parseFromString(await getPage('/reference.html'), 'text/html'));
  } catch (error) {
    // A key that the service does not know is asked for again by the call itself.
    if (error.status !== 401) say(byId('reference-fault'), () => error.message);
  }
}

function show(reference) {
  document.querySelector('link[rel=stylesheet]').remove();
  document.documentElement.lang = reference.documentElement.lang;
  document.head.append(document.adoptNode(reference.querySelector('style')));
  document.body.replaceChildren(...reference.body.childNodes);
  for (const link of document.querySelectorAll('a[href="openapi.json"]')) link.addEventListener('click', save);
}

// A link can't send the key.
async function save(event) {
  event.preventDefault();
  const address = URL.createObjectURL(await getFile('/openapi.json'));
  element('a', { href: address, download: 'openapi.json' }).click();
  setTimeout(() => URL.revokeObjectURL(address), patience);
}

await load();

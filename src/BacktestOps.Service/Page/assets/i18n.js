// The language of the page: what the browser asks for, unless the switch was used; the choice is remembered.

import en from './i18n/en.js';
import ko from './i18n/ko.js';
import catalog from './i18n/ko-catalog.js';

const languages = { en, ko };
const key = 'backtestops.language';
const written = new WeakMap();
const marker = 'data-i18n';

let language = remembered() ?? navigator.languages.map(tag => tag.split('-')[0]).find(tag => tag in languages) ?? 'en';

/** The language's code, en or ko. */
export const current = () => language;

/** The string of a key with {names} filled in; a value that is a function is asked in the language of the moment. */
export function text(name, values = {}) {
  return languages[language][name].replace(/\{(\w+)\}/g, (_, value) => typeof values[value] === 'function' ? values[value]() : values[value]);
}

/** True when there is a string of that name. */
export const has = name => name in languages[language];

/** Text of the service in the page's language where a translation is there, else as the service has it. */
export const translated = (name, original) => language === 'ko' && catalog[name] || original;

/**
 * Writes a string into a node and writes it again whenever the language changes. What is a key, or a function that gives the text;
 * where is an attribute, else the node's text.
 */
export function say(node, what, values, where = '') {
  const parts = written.get(node) ?? new Map();
  parts.set(where, typeof what === 'function' ? what : () => text(what, values));
  written.set(node, parts);
  node.setAttribute(marker, node.getAttribute(marker) ?? '');
  write(node, where, parts.get(where));
  return node;
}

function write(node, where, content) {
  const value = content();
  if (where) node.setAttribute(where, value);
  else if (node.textContent !== value) node.textContent = value;
}

/** Takes another language, or keeps the one there is, and writes the whole page in it. */
export function speak(wanted = language) {
  language = wanted in languages ? wanted : 'en';
  document.documentElement.lang = language;
  document.title = text('title');
  for (const node of document.querySelectorAll(`[${marker}]`)) {
    for (const [where, content] of written.get(node) ?? []) write(node, where, content);
  }
}

/** Takes the language that a person chose, and remembers it. */
export function choose(wanted) {
  try {
    localStorage.setItem(key, wanted);
  } catch {
    // A browser that keeps nothing still shows what was chosen.
  }
  speak(wanted);
}

/** Takes over what the HTML says of its strings: data-i18n="key", data-i18n-placeholder="key" and the like. */
export function adopt() {
  const attributes = ['placeholder', 'aria-label', 'title', 'content'];
  for (const node of document.querySelectorAll(`[${marker}]`)) {
    if (node.getAttribute(marker)) say(node, node.getAttribute(marker));
    for (const attribute of attributes) {
      const name = node.getAttribute(`${marker}-${attribute}`);
      if (name) say(node, name, {}, attribute);
    }
  }
}

function remembered() {
  try {
    const kept = localStorage.getItem(key);
    return kept in languages ? kept : null;
  } catch {
    return null;
  }
}

// The choice of a strategy and its parameters, with their limits.

import { byId, element } from './dom.js';
import { plain } from './format.js';
import { say, text, translated } from './i18n.js';

const select = byId('strategy');
const description = byId('strategy-description');
const parameters = byId('parameters');
const preferred = 'SmaCross';

/** Fills the choice; the parameters follow it. */
export function showStrategies(strategies) {
  select.replaceChildren(...strategies.map(({ name }) => element('option', { value: name, selected: name === preferred }, name)));
  const update = () => {
    const strategy = strategies.find(({ name }) => name === select.value);
    say(description, () => translated(select.value, strategy?.description ?? ''));
    parameters.replaceChildren(...(strategy?.parameters ?? []).map(parameter => fieldOf(strategy.name, parameter)));
  };
  select.addEventListener('change', update);
  update();
}

/** The strategy's name and the parameters' values, as the request takes them. */
export function chosenStrategy() {
  const inputs = [...parameters.querySelectorAll('input')];
  return {
    strategy: select.value,
    parameters: Object.fromEntries(inputs.map(input => [input.name, input.valueAsNumber])),
  };
}

function fieldOf(strategy, parameter) {
  const id = `parameter-${parameter.name}`;
  const field = `parameters.${parameter.name}`;
  const { minimum, maximum } = parameter;
  const hint = () => [
    translated(`${strategy}.${parameter.name}`, parameter.description),
    text('strategy.limits', { minimum: plain(minimum), maximum: plain(maximum) }),
  ].join(' ');
  return element('div', { class: 'field' },
    element('label', { for: id }, parameter.name),
    element('input', {
      id, name: parameter.name, type: 'number', required: true, value: parameter.default, min: minimum, max: maximum,
      step: parameter.is_integer ? 1 : 'any', inputmode: 'decimal', 'data-field': field, 'aria-describedby': `${id}-hint`,
    }),
    say(element('p', { class: 'hint', id: `${id}-hint` }), hint),
    element('p', { class: 'fault', 'data-fault-for': field, hidden: true }));
}

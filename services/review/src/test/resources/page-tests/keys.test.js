import { Bindings, GROUPS, keyNames } from '/commands.js';
import { keyOf } from '/keys.js';
import { equal, truth } from './check.js';

const key = (written, code, held = {}) => keyOf(new KeyboardEvent('keydown', { key: written, code, ...held }));
const fresh = () => {
  localStorage.clear();
  return new Bindings();
};

export default {
  'names a letter as the keyboard writes it, wherever it lies': () => {
    equal(key('b', 'KeyB'), 'B');
    equal(key('a', 'KeyQ'), 'A');
    equal(key('B', 'KeyB'), 'B', 'with Caps Lock');
    equal(key('B', 'KeyB', { shiftKey: true }), 'Shift+B');
    equal(key('в', 'KeyD'), 'D', 'on a Cyrillic keyboard');
  },
  'names a sign without the keys that it takes to write it': () => {
    equal(key('?', 'Slash', { shiftKey: true }), '?');
    equal(key('[', 'Digit8', { modifierAltGraph: true, ctrlKey: true, altKey: true }), '[');
    equal(key('>', 'Period', { shiftKey: true }), '>');
  },
  'names other keys with what is held beside them': () => {
    equal(key('z', 'KeyZ', { ctrlKey: true }), 'Ctrl+Z');
    equal(key('z', 'KeyZ', { metaKey: true, shiftKey: true }), 'Ctrl+Shift+Z');
    equal(key('ArrowUp', 'ArrowUp', { shiftKey: true }), 'Shift+ArrowUp');
    equal(key(' ', 'Space'), 'Space');
  },
  'gives no key to two commands': () => {
    const keys = GROUPS.flatMap(({ commands }) => commands).flatMap((command) => command.keys);
    equal(keys.length, new Set(keys).size);
  },
  'changes a key, says who loses it, and keeps that in the browser': () => {
    const bindings = fresh();
    equal(bindings.change('brush', 'Y'), undefined);
    equal([bindings.of('Y').id, bindings.of('B')], ['brush', undefined]);
    equal(bindings.change('lasso', 'M').id, 'mask');
    equal(new Bindings().keys('mask'), []);
    equal(new Bindings().of('M').id, 'lasso');
    bindings.reset();
    equal([new Bindings().of('M').id, bindings.changed], ['mask', false]);
  },
  'leaves a command its other keys': () => {
    const bindings = fresh();
    bindings.change('brush', '[');
    equal(bindings.keys('smaller'), ['A']);
  },
  'passes over what is kept and is no keys': () => {
    localStorage.setItem('histoflow.keys', '{"brush": 7, "nothing": ["B"], "lasso": ["Z"]}');
    const bindings = new Bindings();
    equal([bindings.keys('brush'), bindings.keys('lasso')], [['B'], ['Z']]);
    localStorage.setItem('histoflow.keys', 'no JSON');
    equal(new Bindings().keys('lasso'), ['L']);
  },
  'says keys in words and signs': () => {
    equal(keyNames('Ctrl+Shift+Z'), ['Ctrl', 'Shift', 'Z']);
    equal(keyNames('+'), ['+']);
    equal(keyNames('Shift+ArrowLeft'), ['Shift', '←']);
    truth(keyNames('Delete')[0] === 'Del', 'Delete');
  },
};

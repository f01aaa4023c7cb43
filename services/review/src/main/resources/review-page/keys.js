// Keys. A letter is the one that the keyboard writes; where it writes no Latin letter or no digit
// without Shift, the place of the key decides. What is typed into a field is no shortcut.

/** Places of keys, for keyboards that write something else there. */
const PLACES = {
  BracketLeft: '[', BracketRight: ']', Digit0: '0', Digit1: '1', Digit2: '2', Digit3: '3', Numpad0: '0', Numpad1: '1',
  Minus: '-', Equal: '+', Period: '.', Comma: ',', NumpadEnter: 'Enter',
};

/** Keys by which elements in focus are moved or pressed. */
const PRESSES = ['Enter', 'Space'];

/** The name of a key that went down: see commands.js. */
export function keyOf(event) {
  return joined(event, written(event));
}

/**
 * Listens for keys while `active` says so. `actions` has what each command does, by its id. One that is held is told true
 * when its key goes down and false when it comes up, and then whether it was let go: a window that
 * loses the focus takes keys away too.
 */
export function listen(bindings, active, actions) {
  const held = new Map();
  const release = (code, letGo) => {
    const id = held.get(code);
    held.delete(code);
    if (id) actions[id](false, letGo);
  };
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || !active() || document.querySelector('dialog[open]')) return;
    if (typing(event.target)) return void leave(event);
    if (held.has(event.code)) return event.preventDefault();
    const command = bindings.of(keyOf(event)) ?? bindings.of(joined(event, PLACES[event.code]));
    if (!command || ofElement(event, keyOf(event))) return;
    event.preventDefault();
    if (command.holds) {
      held.set(event.code, command.id);
      actions[command.id](true, false);
    } else if (!event.repeat || command.repeats) {
      actions[command.id]();
    }
  });
  addEventListener('keyup', (event) => release(event.code, true));
  addEventListener('blur', () => [...held.keys()].forEach((code) => release(code, false)));
}

function joined(event, key) {
  if (!key) return '';
  // AltGr is Ctrl and Alt to some systems, and writes brackets on German and French keyboards.
  const writes = event.getModifierState('AltGraph');
  const parts = [];
  if ((event.ctrlKey || event.metaKey) && !writes) parts.push('Ctrl');
  if (event.altKey && !writes) parts.push('Alt');
  // Shift is a part of what writes a sign. Caps Lock is none: it must give no verdict.
  if (event.shiftKey && (key.length > 1 || /[A-Z]/.test(key))) parts.push('Shift');
  return [...parts, key].join('+');
}

function written({ key, code }) {
  if (key === ' ') return 'Space';
  if (key.length > 1) return key;
  const letter = key.toUpperCase();
  if (!/^\p{L}$/u.test(letter) || /^[A-Z]$/.test(letter)) return letter;
  if (code.startsWith('Key')) return code.slice(3);
  return PLACES[code] ?? letter;
}

/** Whether the element in focus does something of its own with a key. */
function ofElement({ target }, key) {
  if (PRESSES.includes(key)) return target.matches('button, input, summary, [role=listbox]');
  return key.startsWith('Arrow') && target.matches('input');
}

/** Enter ends a line of text and Escape any field: what is typed next are shortcuts again. */
function leave(event) {
  const ends = event.key === 'Escape' || (event.key === 'Enter' && event.target.matches('input'));
  if (!ends || event.isComposing) return;
  event.preventDefault();
  event.target.blur();
}

const typing = (target) =>
  target.matches('textarea, select, input:not([type=checkbox]):not([type=radio]):not([type=range])');

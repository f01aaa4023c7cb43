// Keys. A letter is the one that the keyboard writes; where it writes no Latin letter or no digit
// without Shift, the place of the key decides. What is typed into a field is no shortcut.

/** Keys that may be held down to go on. */
const REPEATED = ['[', ']', 'a', 'd', '+', '=', '-'];

/** Places of keys, for keyboards that write something else there. */
const PLACES = {
  BracketLeft: '[', BracketRight: ']', Digit0: '0', Digit1: '1', Numpad0: '0', Numpad1: '1',
  Minus: '-', Equal: '+',
};

/**
 * Listens for keys.
 *
 * `keys` has what each does by its letter, `verdicts` by the letter that goes with Shift; `undo`
 * and `redo` go with Ctrl; `hold` is told whether the space bar is held.
 */
export function listen({ keys, verdicts, undo, redo, hold }) {
  addEventListener('keydown', (event) => {
    if (document.querySelector('dialog[open]')) return;
    if (typing(event.target)) return void leave(event);
    // AltGr is Ctrl and Alt to some systems, and writes brackets on German and French keyboards.
    const writes = event.getModifierState('AltGraph');
    const command = (event.ctrlKey || event.metaKey) && !writes;
    if (command && letter(event) === 'z') {
      event.preventDefault();
      (event.shiftKey ? redo : undo)();
      return;
    }
    if (command || (event.altKey && !writes)) return;
    if (event.key === ' ' && !event.target.matches('button, input')) {
      event.preventDefault();
      hold(true);
      return;
    }
    const run = chosen(event, keys, verdicts);
    if (!run || (event.repeat && !REPEATED.includes(letter(event)))) return;
    event.preventDefault();
    run();
  });
  addEventListener('keyup', (event) => {
    if (event.key === ' ') hold(false);
  });
  addEventListener('blur', () => hold(false));
}

/** A verdict needs Shift: Caps Lock alone must neither hide the tools nor give one. */
function chosen(event, keys, verdicts) {
  const key = letter(event);
  if (event.shiftKey && verdicts[key]) return verdicts[key];
  if (event.shiftKey && /^[a-z]$/.test(key)) return null;
  return keys[key] ?? keys[PLACES[event.code]];
}

function letter({ key, code }) {
  const written = key.length === 1 ? key.toLowerCase() : key;
  if (!/^\p{L}$/u.test(written) || /^[a-z]$/.test(written)) return written;
  return code.startsWith('Key') ? code.slice(3).toLowerCase() : written;
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

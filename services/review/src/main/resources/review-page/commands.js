// All that keys do, by which keys, and which of them a reviewer has changed.
//
// A key is named by what it writes: `B`, `[`, `Shift+C`, `Ctrl+Z`, `ArrowUp`, `Space`.

const STORE = 'histoflow.keys';

/** In the order of the help sheet. `holds`: while it is down; `repeats`: again while it is down. */
export const GROUPS = [
  {
    name: 'Draw',
    commands: [
      { id: 'brush', words: 'Brush: add to the mask', keys: ['B'] },
      { id: 'erase', words: 'Eraser; held: tools erase', keys: ['E'], holds: true },
      { id: 'lasso', words: 'Lasso: draw around it', keys: ['L'] },
      { id: 'polygon', words: 'Polygon; last corner twice closes', keys: ['P'] },
      { id: 'remove', words: 'Remove nuclei by touch', keys: ['X'] },
      { id: 'pan', words: 'Pan', keys: ['H'] },
      { id: 'hold-pan', words: 'Pan while held', keys: ['Space'], holds: true },
      { id: 'smaller', words: 'Smaller brush', keys: ['A', '['], repeats: true },
      { id: 'larger', words: 'Larger brush', keys: ['D', ']'], repeats: true },
      { id: 'unit', words: 'Brush in tile or screen pixels', keys: ['T'] },
      { id: 'apart', words: 'Keep nuclei apart', keys: ['N'] },
    ],
  },
  {
    name: 'See',
    commands: [
      { id: 'mask', words: 'Mask on, off', keys: ['M'] },
      { id: 'style', words: 'Mask as outline, fill, both', keys: ['O'] },
      { id: 'entropy', words: 'Entropy on, off', keys: ['U'] },
      { id: 'around', words: 'Neighbours on, off', keys: ['W'] },
      { id: 'view', words: 'Model\'s mask: swipe, split, off', keys: ['V'] },
      { id: 'fit', words: 'Fit to window', keys: ['0'] },
      { id: 'actual', words: 'One to one', keys: ['1'] },
      { id: 'closer', words: 'Zoom in', keys: ['+', '='], repeats: true },
      { id: 'farther', words: 'Zoom out', keys: ['-'], repeats: true },
    ],
  },
  {
    name: 'Nuclei',
    commands: [
      { id: 'fill', words: 'Fill hole or nucleus at pointer', keys: ['F'] },
      { id: 'fill-all', words: 'Fill all holes', keys: ['Shift+F'] },
      { id: 'grow', words: 'Grow nucleus at pointer', keys: ['.'], repeats: true },
      { id: 'shrink', words: 'Shrink nucleus at pointer', keys: [','], repeats: true },
      { id: 'grow-all', words: 'Grow all nuclei', keys: ['>'] },
      { id: 'shrink-all', words: 'Shrink all nuclei', keys: ['<'] },
      { id: 'delete', words: 'Delete nucleus at pointer', keys: ['Delete'] },
      { id: 'lenient', words: 'Mask at a more lenient threshold', keys: ['2'], repeats: true },
      { id: 'strict', words: 'Mask at a stricter threshold', keys: ['3'], repeats: true },
      { id: 'undo', words: 'Undo', keys: ['Ctrl+Z'], repeats: true },
      { id: 'redo', words: 'Redo', keys: ['Ctrl+Shift+Z'], repeats: true },
      { id: 'revert', words: 'Back to the model\'s mask', keys: ['R'] },
    ],
  },
  {
    name: 'Decide',
    commands: [
      { id: 'confirm', words: 'Confirm the mask', keys: ['Shift+C'] },
      { id: 'save', words: 'Save the correction', keys: ['Shift+S'] },
      { id: 'unusable', words: 'Cannot judge, and why', keys: ['Shift+X'] },
      { id: 'take-back', words: 'Take it back, for 6 seconds', keys: ['Shift+Z'] },
      { id: 'comment', words: 'Write a comment; Esc leaves it', keys: ['C'] },
      { id: 'next', words: 'Next tile', keys: ['J'], repeats: true },
      { id: 'previous', words: 'Previous tile', keys: ['K'], repeats: true },
      { id: 'queue', words: 'Queue, where folded away', keys: ['Q'] },
      { id: 'help', words: 'This sheet', keys: ['?'] },
    ],
  },
  {
    name: 'Without a mouse',
    commands: [
      { id: 'left', words: 'Cursor left; with Pan the view', keys: ['ArrowLeft'], repeats: true },
      { id: 'right', words: 'Cursor right', keys: ['ArrowRight'], repeats: true },
      { id: 'up', words: 'Cursor up', keys: ['ArrowUp'], repeats: true },
      { id: 'down', words: 'Cursor down', keys: ['ArrowDown'], repeats: true },
      { id: 'left-fine', words: 'Left by one pixel', keys: ['Shift+ArrowLeft'], repeats: true },
      { id: 'right-fine', words: 'Right by one pixel', keys: ['Shift+ArrowRight'], repeats: true },
      { id: 'up-fine', words: 'Up by one pixel', keys: ['Shift+ArrowUp'], repeats: true },
      { id: 'down-fine', words: 'Down by one pixel', keys: ['Shift+ArrowDown'], repeats: true },
      { id: 'press', words: 'Put the tool down, lift it', keys: ['Enter'] },
      { id: 'next-nucleus', words: 'To the next nucleus', keys: ['G'], repeats: true },
      { id: 'last-nucleus', words: 'To the nucleus before', keys: ['Shift+G'], repeats: true },
      { id: 'give-up', words: 'Give up what is drawn', keys: ['Escape'] },
    ],
  },
];

const COMMANDS = GROUPS.flatMap(({ commands }) => commands);

/** Which key does what. Tells `change`. */
export class Bindings extends EventTarget {
  #changed;

  constructor() {
    super();
    this.#changed = read();
  }

  /** The keys of a command, the first of them to be shown first. */
  keys(id) {
    return this.#changed[id] ?? command(id).keys;
  }

  /** The command of a key, or undefined. */
  of(key) {
    return COMMANDS.find(({ id }) => this.keys(id).includes(key));
  }

  /** Whether the reviewer has changed any. */
  get changed() {
    return Object.keys(this.#changed).length > 0;
  }

  /**
   * Gives a command one key in place of those it has, or none where it is null; answers the command
   * that loses it, or undefined.
   */
  change(id, key) {
    const loser = key && this.of(key);
    if (loser && loser.id !== id) this.#put(loser.id, this.keys(loser.id).filter((each) => each !== key));
    this.#put(id, key ? [key] : []);
    this.#keep();
    return loser && loser.id !== id ? loser : undefined;
  }

  /** All keys are what they were at first. */
  reset() {
    this.#changed = {};
    this.#keep();
  }

  #put(id, keys) {
    this.#changed[id] = keys;
    if (String(keys) === String(command(id).keys)) delete this.#changed[id];
  }

  #keep() {
    localStorage.setItem(STORE, JSON.stringify(this.#changed));
    this.dispatchEvent(new Event('change'));
  }
}

function command(id) {
  return COMMANDS.find((each) => each.id === id);
}

/** What is kept may be of an older page, or no keys at all. */
function read() {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(STORE)) ?? {};
  } catch {
    // Then they are as at first.
  }
  const usable = ([id, keys]) => command(id) && Array.isArray(keys)
    && keys.every((key) => typeof key === 'string');
  return Object.fromEntries(Object.entries(kept).filter(usable));
}

const NAMES = {
  ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', Delete: 'Del',
};

/** A key as the parts that are pressed together, for people. */
export function keyNames(key) {
  const parts = key.split(/\+(?=.)/);
  return parts.map((part) => NAMES[part] ?? part);
}

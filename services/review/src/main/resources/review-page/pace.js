// How long a reviewer takes for a tile, by the verdicts of late; kept in the browser.

const STORE = 'histoflow.pace';
const MOST_VERDICTS = 30;
const MOST_PEOPLE = 10;
const FEWEST_GAPS = 4;

/** Whoever takes longer has done something else meanwhile. */
const LONGEST_MILLIS = 10 * 60_000;

export class Pace {
  #all = read();

  /** A verdict was given. */
  verdict(person, at = Date.now()) {
    const times = [...(this.#all[person] ?? []), at].slice(-MOST_VERDICTS);
    const others = Object.entries(this.#all).filter(([name]) => name !== person).slice(1 - MOST_PEOPLE);
    this.#all = Object.fromEntries([...others, [person, times]]);
    localStorage.setItem(STORE, JSON.stringify(this.#all));
  }

  /** How many minutes a number of tiles takes a person, or null where too little is known. */
  minutes(person, tiles) {
    const gap = medianGap(this.#all[person] ?? []);
    return gap === null ? null : (tiles * gap) / 60_000;
  }
}

/** The median time between verdicts that follow each other, or null where there are too few. */
export function medianGap(times) {
  const gaps = times.slice(1).map((at, i) => at - times[i])
    .filter((gap) => gap >= 0 && gap <= LONGEST_MILLIS).sort((a, b) => a - b);
  return gaps.length < FEWEST_GAPS ? null : gaps[gaps.length >> 1];
}

/** A time as people say it. */
export function about(minutes) {
  if (minutes < 1.5) return 'about a minute';
  if (minutes < 90) return `about ${minutes < 10 ? Math.round(minutes) : 5 * Math.round(minutes / 5)} minutes`;
  const hours = minutes / 60;
  return hours < 1.75 ? 'about an hour and a half' : `about ${Math.round(hours)} hours`;
}

/** What is kept may be of an older page, or no times at all. */
function read() {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(STORE));
  } catch {
    // Then nothing is known.
  }
  const usable = ([, times]) => Array.isArray(times) && times.every(Number.isFinite);
  return Object.fromEntries(Object.entries(Object(kept)).filter(usable));
}

// How a reviewer has set the tools, kept in this browser.

const STORE = 'histoflow.tools';

/** What was kept, over what holds at first; what is of another kind than that is passed over. */
export function recall(first) {
  const kept = read();
  const usable = Object.keys(first).filter((key) => typeof kept[key] === typeof first[key]);
  return { ...first, ...Object.fromEntries(usable.map((key) => [key, kept[key]])) };
}

export function remember(preferences) {
  localStorage.setItem(STORE, JSON.stringify({ ...read(), ...preferences }));
}

function read() {
  try {
    return JSON.parse(localStorage.getItem(STORE)) ?? {};
  } catch {
    return {};
  }
}

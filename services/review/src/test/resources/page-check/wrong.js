// What a check must find.

export const size = (/** @type {string} */ text) => text.lenght;

export function wrong(id) {
  let unused = 1;
  document.getElementById(id).innerHTML = id;
  return id == 1;
}

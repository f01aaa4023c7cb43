// Small drawings. Their colours are the style sheet's.

const SVG = 'http://www.w3.org/2000/svg';

export function draw(kind, attributes, ...children) {
  const node = document.createElementNS(SVG, kind);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

export const words = (content, x, y, anchor, kind = '') =>
  draw('text', { x, y, 'text-anchor': anchor, class: kind }, content);

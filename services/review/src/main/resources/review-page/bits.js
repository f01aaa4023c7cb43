// Masks as bits, eight pixels a byte, the leftmost highest.

/** Bytes of 0 and other values as bits. */
export function packed(bytes) {
  const bits = new Uint8Array(Math.ceil(bytes.length / 8));
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[i]) bits[i >> 3] |= 0x80 >> (i & 7);
  }
  return bits;
}

/** Bits as bytes of 0 and 1. */
export function unpacked(bits, length) {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = (bits[i >> 3] >> (7 - (i & 7))) & 1;
  return bytes;
}

export const equal = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);

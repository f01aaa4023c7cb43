// Writes a mask as a 1-bit grey PNG (PNG specification, third edition): a canvas can only write 32
// bits a pixel, which would make a correction about thirty times as large.

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes) {
  let c = 0xffffffff;
  for (const b of bytes) c = crcTable[(c ^ b) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

function chunk(type, data) {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

function header(width, height) {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data[8] = 1; // bits a sample; colour type, compression, filter and interlace stay 0
  return data;
}

/** Rows of packed bits, the leftmost pixel highest, each after its filter byte 0. */
function scanlines(pixels, width, height) {
  const stride = 1 + Math.ceil(width / 8);
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x]) rows[y * stride + 1 + (x >> 3)] |= 0x80 >> (x & 7);
    }
  }
  return rows;
}

async function zlib(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** `pixels` holds one byte a pixel, row by row; non-zero is positive. Answers the file in base64. */
export async function maskPng(pixels, width, height) {
  const parts = [
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header(width, height)),
    chunk('IDAT', await zlib(scanlines(pixels, width, height))),
    chunk('IEND', new Uint8Array(0)),
  ];
  let binary = '';
  for (const part of parts) for (const b of part) binary += String.fromCharCode(b);
  return btoa(binary);
}

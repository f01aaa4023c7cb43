import { placeOf, slidePath, tilePath } from '/router.js';
import { equal } from './check.js';

export default {
  'every address has its place': () => {
    equal(['/', '/queue', '/slides', '/models', '/quality', '/operations', '/people', '/audit'].map((path) => placeOf(path).name),
      ['review', 'review', 'slides', 'models', 'quality', 'operations', 'people', 'audit']);
  },

  'an id comes back as it was, whatever signs it has': () => {
    for (const id of ['slide-7/512_1024', 'a b%2F?#ä', '..']) {
      equal(placeOf(tilePath(id)), { name: 'tile', id });
      equal(placeOf(slidePath(id)), { name: 'slide', id });
    }
  },

  'an address that is none leads to the queue, and one that is badly written harms nobody': () => {
    equal(placeOf('/elsewhere').name, 'review');
    equal(placeOf('/tile/%E0%A4%A'), { name: 'tile', id: '%E0%A4%A' });
  },
};

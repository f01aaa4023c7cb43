import { Rows } from '/rows.js';
import { equal, truth } from './check.js';

const HEIGHT = 400;

/** A list of rows that are 80 px high, every hundredth 106. */
function listed(count) {
  const list = document.createElement('div');
  list.setAttribute('style', `position: relative; overflow-y: auto; overflow-anchor: none; height: ${HEIGHT}px`);
  document.body.append(list);
  const items = Array.from({ length: count }, (_, id) => ({ id, first: id % 100 === 0 }));
  const rows = new Rows(list, (all, at) => (all[at].first ? 106 : 80), (item, node) => {
    if (node) return node;
    const made = document.createElement('div');
    made.setAttribute('class', 'row');
    made.setAttribute('style', `position: absolute; height: ${item.first ? 106 : 80}px`);
    return Object.assign(made, { item });
  });
  rows.show(items);
  return { list, rows, items };
}

const drawn = (list) => [...list.querySelectorAll('.row')].map(({ item }) => item.id);

export default {
  'draws few of 50,000 rows, and the last one where it lies': () => {
    const { list, rows } = listed(50_000);
    equal(list.scrollHeight, 50_000 * 80 + 500 * 26);
    truth(drawn(list).length < 25, `${drawn(list).length} rows drawn`);
    rows.reveal(49_999);
    truth(drawn(list).includes(49_999), 'the last row');
    equal(list.scrollTop + HEIGHT, list.scrollHeight);
    list.remove();
  },
  'knows the first row in sight, whatever the heights above it': () => {
    const { list, rows } = listed(1_000);
    for (const [top, first] of [[0, 0], [105, 0], [106, 1], [106 + 99 * 80, 100], [106 + 99 * 80 + 105, 100]]) {
      list.scrollTop = top;
      equal(rows.first, first, `first row at ${top}`);
    }
    list.remove();
  },
  'leaves what is looked at where it is when a row comes or goes above': () => {
    const { list, rows, items } = listed(300);
    list.scrollTop = 150 * 80;
    items.splice(3, 0, { id: 1_000, first: true });
    rows.shift();
    equal(list.scrollTop, 150 * 80 + 106);
    items.splice(7, 1);
    rows.shift();
    equal(list.scrollTop, 150 * 80 + 106 - 80);
    list.remove();
  },
  'shows nothing of nothing': () => {
    const { list, rows } = listed(0);
    equal([rows.first, drawn(list)], [0, []]);
    list.remove();
  },
};

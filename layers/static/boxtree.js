// Finds the zones of a view without looking at all: a packed tree of boxes.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const FAN = 16;
  const ROWS = 2 ** 23;
  const CELLS = 2 ** 15;

  function spread(value) {
    value = (value | (value << 8)) & 0x00ff00ff;
    value = (value | (value << 4)) & 0x0f0f0f0f;
    value = (value | (value << 2)) & 0x33333333;
    return (value | (value << 1)) & 0x55555555;
  }

  // rows in ascending order of a key below 2^30; both packed into one exact double
  function sortedRows(rows, key) {
    const packed = Float64Array.from(rows, (row) => key(row) * ROWS + row).sort();
    return Uint32Array.from(packed, (number) => number % ROWS);
  }

  class BoxIndex {
    // boxes: west, north, east, south of each row; west > east where nothing is drawn
    constructor(boxes, count) {
      this.boxes = boxes;
      const drawn = [];
      for (let row = 0; row < count; row++) {
        if (boxes[4 * row] <= boxes[4 * row + 2]) drawn.push(row);
      }
      this.order = sortedRows(drawn, this.#cell(drawn));
      this.levels = this.#stack();
      this.bySize = sortedRows(drawn, (row) => this.#smallness(row));
      this.rank = new Uint32Array(count);
      this.bySize.forEach((row, rank) => (this.rank[row] = rank));
    }

    // place of a row along a curve that keeps neighbours together
    #cell(drawn) {
      const { boxes } = this;
      let west = Infinity, north = Infinity, east = -Infinity, south = -Infinity;
      for (const row of drawn) {
        west = Math.min(west, boxes[4 * row]);
        north = Math.min(north, boxes[4 * row + 1]);
        east = Math.max(east, boxes[4 * row + 2]);
        south = Math.max(south, boxes[4 * row + 3]);
      }
      const wide = (CELLS - 1) / Math.max(1, east - west);
      const high = (CELLS - 1) / Math.max(1, south - north);
      return (row) =>
        spread(((boxes[4 * row] + boxes[4 * row + 2]) / 2 - west) * wide) +
        2 * spread(((boxes[4 * row + 1] + boxes[4 * row + 3]) / 2 - north) * high);
    }

    #smallness(row) {
      const { boxes } = this;
      const width = boxes[4 * row + 2] - boxes[4 * row] + 1;
      const height = boxes[4 * row + 3] - boxes[4 * row + 1] + 1;
      return Math.floor((62 - Math.log2(width) - Math.log2(height)) * 2 ** 24);
    }

    // boxes around every FAN boxes of the level below, up to a single one
    #stack() {
      const levels = [];
      let count = this.order.length;
      let box = (i) => 4 * this.order[i];
      let below = this.boxes;
      while (count > 0) {
        const size = Math.ceil(count / FAN);
        const level = new Int32Array(4 * size);
        for (let node = 0; node < size; node++) {
          let west = 2 ** 31 - 1, north = 2 ** 31 - 1, east = -1, south = -1;
          for (let i = node * FAN; i < Math.min(count, (node + 1) * FAN); i++) {
            const at = box(i);
            west = Math.min(west, below[at]);
            north = Math.min(north, below[at + 1]);
            east = Math.max(east, below[at + 2]);
            south = Math.max(south, below[at + 3]);
          }
          level.set([west, north, east, south], 4 * node);
        }
        levels.push(level);
        if (size === 1) break;
        [below, count, box] = [level, size, (i) => 4 * i];
      }
      return levels;
    }

    // call visit(row) for each row whose box touches the window
    search(west, north, east, south, visit) {
      const meets = (boxes, at) =>
        boxes[at] <= east && boxes[at + 2] >= west && boxes[at + 1] <= south && boxes[at + 3] >= north;
      const descend = (depth, node) => {
        if (!meets(this.levels[depth], 4 * node)) return;
        const size = depth ? this.levels[depth - 1].length / 4 : this.order.length;
        for (let i = node * FAN; i < Math.min(size, (node + 1) * FAN); i++) {
          if (depth) descend(depth - 1, i);
          else if (meets(this.boxes, 4 * this.order[i])) visit(this.order[i]);
        }
      };
      if (this.levels.length) descend(this.levels.length - 1, 0);
    }

    // rows in a window, big ones first
    inOrder(west, north, east, south, wanted) {
      const ranks = [];
      this.search(west, north, east, south, (row) => {
        if (!wanted || wanted[row]) ranks.push(this.rank[row]);
      });
      return Uint32Array.from(ranks).sort().map((rank) => this.bySize[rank]);
    }
  }

  beltmap.BoxIndex = BoxIndex;
})();

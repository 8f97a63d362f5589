// Reads a payload (see layers/payload/encode.py) into typed arrays: a ZoneSet.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});

  // the world in Web Mercator is this many units wide: 3.7 cm at the equator
  const WORLD = 2 ** 30;
  const LAT_MOST = 85.0511287798;
  const LEAP = -(2 ** 15);
  const HEAD = 8;
  const SHAPE = { point: 0, line: 1, polygon: 3, multipoint: 4, multiline: 5 };
  const VIEWS = {
    "|u1": Uint8Array, "|i1": Int8Array,
    "<u2": Uint16Array, "<i2": Int16Array,
    "<u4": Uint32Array, "<i4": Int32Array,
    "<f4": Float32Array, "<f8": Float64Array,
  };
  const UTF8 = new TextDecoder();

  function worldX(lon) {
    return (lon / 360 + 0.5) * WORLD;
  }

  function worldY(lat) {
    const sine = Math.sin((Math.max(-LAT_MOST, Math.min(LAT_MOST, lat)) * Math.PI) / 180);
    return (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * WORLD;
  }

  function latLng(x, y) {
    const lat = (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / WORLD))) * 180) / Math.PI;
    return [lat, (x / WORLD - 0.5) * 360];
  }

  function starts(counts) {
    const sums = new Uint32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i++) sums[i + 1] = sums[i] + counts[i];
    return sums;
  }

  function project({ steps, leaps }, decimals) {
    const unit = 10 ** -decimals;
    const x = new Int32Array(steps.length / 2);
    const y = new Int32Array(steps.length / 2);
    let lon = 0;
    let lat = 0;
    for (let i = 0, leap = 0; i < x.length; i++) {
      const east = steps[2 * i];
      const north = steps[2 * i + 1];
      lon = (lon + (east === LEAP ? leaps[leap++] : east)) | 0;
      lat = (lat + (north === LEAP ? leaps[leap++] : north)) | 0;
      x[i] = worldX(lon * unit) + 0.5;
      y[i] = worldY(lat * unit) + 0.5;
    }
    return { x, y };
  }

  // Zones of a layer, or of one tile of it: geometry and attributes by row.
  class ZoneSet {
    constructor(head, arrays) {
      this.meta = head.meta;
      this.rows = head.rows;
      this.shape = arrays.shape;
      this.ringStart = starts(arrays.rings);
      this.vertexStart = starts(arrays.sizes);
      Object.assign(this, project(arrays, head.decimals));
      this.columns = head.columns;
      this.arrays = arrays;
      this.boxes = this.#bound();
      this.numbers = arrays["row:values"];
    }

    // built when it is first asked for: a tile of a large layer needs none
    get index() {
      return (this.tree ??= new beltmap.BoxIndex(this.boxes, this.rows));
    }

    // number of a row in the plan
    number(row) {
      return this.numbers ? this.numbers[row] : row;
    }

    #bound() {
      const boxes = new Int32Array(4 * this.rows);
      const { x: xs, y: ys } = this;
      for (let row = 0; row < this.rows; row++) {
        let west = WORLD, north = WORLD, east = -1, south = -1;
        const last = this.last(row);
        for (let v = this.first(row); v < last; v++) {
          const x = xs[v];
          const y = ys[v];
          if (x < west) west = x;
          if (x > east) east = x;
          if (y < north) north = y;
          if (y > south) south = y;
        }
        boxes.set([west, north, east, south], 4 * row);
      }
      return boxes;
    }

    first(row) {
      return this.vertexStart[this.ringStart[row]];
    }

    last(row) {
      return this.vertexStart[this.ringStart[row + 1]];
    }

    drawn(row) {
      return this.boxes[4 * row] <= this.boxes[4 * row + 2];
    }

    isArea(row) {
      return this.shape[row] === SHAPE.polygon || this.shape[row] > SHAPE.multiline;
    }

    isPoint(row) {
      return this.shape[row] === SHAPE.point || this.shape[row] === SHAPE.multipoint;
    }

    values(name) {
      return this.columns[name]?.values ?? [];
    }

    codes(name) {
      return this.arrays[`${name}:codes`];
    }

    // value of an attribute; null where it is missing
    get(name, row) {
      const column = this.columns[name];
      if (!column) return null;
      if (column.type === "code") return column.values[this.codes(name)[row]];
      if (column.type === "number") {
        const number = this.arrays[`${name}:values`][row];
        return Number.isNaN(number) ? null : number;
      }
      if ((this.arrays[`${name}:missing`][row >> 3] >> (7 - (row & 7))) & 1) return null;
      const ends = this.arrays[`${name}:ends`];
      return UTF8.decode(this.arrays[`${name}:bytes`].subarray(row ? ends[row - 1] : 0, ends[row]));
    }

    // rings of a zone as Leaflet wants them
    latLngs(row) {
      const rings = [];
      for (let r = this.ringStart[row]; r < this.ringStart[row + 1]; r++) {
        const ring = [];
        for (let v = this.vertexStart[r]; v < this.vertexStart[r + 1]; v++) {
          ring.push(latLng(this.x[v], this.y[v]));
        }
        rings.push(ring);
      }
      return rings;
    }

    // west, north, east, south in world units of the rows that `wanted` accepts
    bounds(wanted = () => true) {
      let box = null;
      for (let row = 0; row < this.rows; row++) {
        if (!this.drawn(row) || !wanted(row)) continue;
        const [west, north, east, south] = this.boxes.subarray(4 * row, 4 * row + 4);
        box = box
          ? [Math.min(box[0], west), Math.min(box[1], north), Math.max(box[2], east), Math.max(box[3], south)]
          : [west, north, east, south];
      }
      return box;
    }

    // where a horizontal line cuts the outline of a zone, from west to east
    #cuts(row, y) {
      const cuts = [];
      for (let r = this.ringStart[row]; r < this.ringStart[row + 1]; r++) {
        const end = this.vertexStart[r + 1];
        for (let i = this.vertexStart[r], j = end - 1; i < end; j = i++) {
          if (this.y[i] > y === this.y[j] > y) continue;
          cuts.push(this.x[i] + ((y - this.y[i]) * (this.x[j] - this.x[i])) / (this.y[j] - this.y[i]));
        }
      }
      return cuts.sort((a, b) => a - b);
    }

    contains(row, x, y) {
      return this.#cuts(row, y).filter((cut) => cut <= x).length % 2 === 1;
    }

    // a point inside the zone, in world units: middle of its widest cut at half height
    anchor(row) {
      const [west, north, east, south] = this.boxes.subarray(4 * row, 4 * row + 4);
      const y = (north + south) / 2 + 0.5;
      if (!this.isArea(row)) {
        const middle = (this.first(row) + this.last(row)) >> 1;
        return [this.x[middle], this.y[middle]];
      }
      const cuts = this.#cuts(row, y);
      let best = [(west + east) / 2, y];
      for (let i = 0, width = 0; i + 1 < cuts.length; i += 2) {
        if (cuts[i + 1] - cuts[i] <= width) continue;
        width = cuts[i + 1] - cuts[i];
        best = [(cuts[i] + cuts[i + 1]) / 2, y];
      }
      return best;
    }
  }

  function decode(buffer) {
    const bytes = new Uint8Array(buffer);
    if (UTF8.decode(bytes.subarray(0, 4)) !== "BMAP") throw new Error("not a payload");
    const length = new DataView(buffer).getUint32(4, true);
    const head = JSON.parse(UTF8.decode(bytes.subarray(HEAD, HEAD + length)));
    const arrays = {};
    for (const [name, [type, offset, size]] of Object.entries(head.arrays)) {
      arrays[name] = new VIEWS[type](buffer, HEAD + length + offset, size);
    }
    return new ZoneSet(head, arrays);
  }

  async function load(address, options) {
    const answer = await fetch(address, options);
    if (!answer.ok) throw new Error(`${answer.status} for ${address}`);
    return decode(await answer.arrayBuffer());
  }

  Object.assign(beltmap, { WORLD, worldX, worldY, latLng, decode, load });
})();

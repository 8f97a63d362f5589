// What a tool makes of outlines: scaled, moved, split, a strip along a line.
"use strict";

(() => {
  const edit = ((window.beltmap ??= {}).edit ??= {});

  const STEPS = 8; // each shrinks what is wrong a thousandfold
  const ARC = Math.PI / 16;
  const MITRE = 0.5; // cosine of the sharpest turn that gets a corner, not an arc

  function each(shape, change) {
    return shape.map((rings) => rings.map((ring) => ring.map(change)));
  }

  // of the land in the plane, as shapely has it
  function centroid(shape) {
    let [x, y, sum] = [0, 0, 0];
    const [x0, y0] = shape[0][0][0];
    for (const rings of shape) {
      rings.forEach((ring, at) => {
        const sign = Math.sign(edit.winding(ring)) * (at ? -1 : 1);
        for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
          const [a, b] = [ring[j], ring[i]].map((p) => [p[0] - x0, p[1] - y0]);
          const part = (a[0] * b[1] - b[0] * a[1]) * sign;
          x += (a[0] + b[0]) * part;
          y += (a[1] + b[1]) * part;
          sum += part;
        }
      });
    }
    // an outline that crosses itself may come to nothing
    if (!sum) return ((sides) => [(sides[0] + sides[2]) / 2, (sides[1] + sides[3]) / 2])(edit.box(shape));
    return [x0 + x / (3 * sum), y0 + y / (3 * sum)];
  }

  // as geo/plan/scale.py: the same outline in another size, metres squared
  function scaled(shape, area) {
    const [x0, y0] = centroid(shape);
    const about = (factor) => each(shape, ([x, y]) => [x0 + (x - x0) * factor, y0 + (y - y0) * factor]);
    let factor = 1;
    for (let step = 0; step < STEPS; step++) factor *= Math.sqrt(area / edit.area(about(factor)));
    return each(about(factor), ([x, y]) => [Math.round(x), Math.round(y)]);
  }

  function shifted(shape, dx, dy) {
    return each(shape, ([x, y]) => [x + dx, y + dy]);
  }

  // one side of a strip, metres to the right of its line
  function side(line, metres) {
    const courses = line.slice(1).map((q, at) => {
      const p = line[at];
      const { east, north } = edit.scale((p[1] + q[1]) / 2);
      const [dx, dy] = [(q[0] - p[0]) * east, (q[1] - p[1]) * north];
      const long = Math.hypot(dx, dy);
      return [dy / long, -dx / long];
    });
    const points = [];
    const put = (p, [nx, ny], far) => {
      const { east, north } = edit.scale(p[1]);
      points.push([Math.round(p[0] + (nx * far) / east), Math.round(p[1] + (ny * far) / north)]);
    };
    line.forEach((p, at) => {
      const [before, after] = [courses[at - 1], courses[at]];
      if (!before || !after) return put(p, before ?? after, metres);
      const [mx, my] = [before[0] + after[0], before[1] + after[1]];
      const square = (mx * mx + my * my) / 4;
      const left = before[0] * after[1] - before[1] * after[0] > 0;
      const outer = left === metres > 0;
      if (!outer || square > MITRE) {
        const half = Math.sqrt(square);
        return put(p, [mx / 2 / half, my / 2 / half], metres / Math.max(half, 0.1));
      }
      const start = Math.atan2(before[1], before[0]);
      let sweep = Math.atan2(after[1], after[0]) - start;
      sweep -= Math.round(sweep / (2 * Math.PI)) * 2 * Math.PI;
      const parts = Math.max(1, Math.ceil(Math.abs(sweep) / ARC));
      for (let k = 0; k <= parts; k++) {
        const angle = start + (sweep * k) / parts;
        put(p, [Math.cos(angle), Math.sin(angle)], metres);
      }
    });
    return points;
  }

  // a strip of a width in metres along a line of corners
  function strip(line, width) {
    const clean = line.filter((p, at) => !at || p[0] !== line[at - 1][0] || p[1] !== line[at - 1][1]);
    if (clean.length < 2) return null;
    return [[[...side(clean, width / 2), ...side(clean, -width / 2).reverse()]]];
  }

  // a strip of an area in square metres along a line
  function stripOf(line, area) {
    let metres = 0;
    line.slice(1).forEach((p, at) => (metres += edit.distance(line[at], p)));
    if (!metres) return null;
    let width = area / metres;
    for (let step = 0; step < 2 * STEPS; step++) width *= area / edit.area(strip(line, width));
    return strip(line, width);
  }

  // the parts of a shape on both sides of a line that crosses one outline twice
  function split(shape, line) {
    for (const [number, rings] of shape.entries()) {
      const cuts = [];
      const [outline, ...holes] = rings;
      const list = edit.edges([[outline]]);
      line.slice(1).forEach((q, at) => {
        const way = { p: line[at], q };
        for (const edge of list) for (const [t, u] of edit.meetings(way, edge)) if (u < 1) cuts.push({ far: at + t, edge: edge.at, u, point: edit.point(edge, u).map(Math.round) });
      });
      cuts.sort((a, b) => a.far - b.far);
      if (cuts.length !== 2) continue;
      const parts = halves(outline, line, cuts);
      const crossed = holes.some((hole) => edit.edges([[hole]]).some((edge) => line.slice(1).some((q, at) => edit.meetings({ p: line[at], q }, edge).length)));
      if (crossed || parts.some((part) => part.length < 3)) return null;
      const homes = parts.map((part) => [part, ...holes.filter((hole) => edit.contains([[part]], hole[0]))]);
      const others = shape.filter((_, at) => at !== number);
      return [[homes[0], ...others], [homes[1]]];
    }
    return null;
  }

  function halves(outline, line, [a, b]) {
    const between = line.filter((_, at) => at > a.far && at < b.far);
    const order = (cut) => cut.edge + cut.u;
    const [first, last, path] = order(a) < order(b) ? [a, b, between] : [b, a, [...between].reverse()];
    const inner = outline.slice(first.edge + 1, last.edge + 1);
    const outer = [...outline.slice(last.edge + 1), ...outline.slice(0, first.edge + 1)];
    const clean = (ring) => ring.filter((p, at) => { const q = ring.at(at - 1); return p[0] !== q[0] || p[1] !== q[1]; });
    return [clean([...outer, first.point, ...path, last.point]), clean([first.point, ...inner, last.point, ...[...path].reverse()])];
  }

  // twice the area of the triangle by which an outline changes without a corner
  function weight(p, q, r) {
    return Math.abs((q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]));
  }

  // a ring with fewer corners, those first gone that bear the least (Visvalingam 1993)
  function thinned(ring, most) {
    const n = ring.length;
    if (n <= most) return ring;
    const before = ring.map((_, at) => (at + n - 1) % n);
    const after = ring.map((_, at) => (at + 1) % n);
    const size = ring.map((p, at) => weight(ring[before[at]], p, ring[after[at]]));
    const heap = new Heap(size);
    let left = n;
    const gone = new Uint8Array(n);
    for (let far = 0; left > Math.max(most, 3); ) {
      const at = heap.pop();
      // what is left of a corner never weighs less than one that went before it
      far = Math.max(far, size[at]);
      gone[at] = 1;
      left -= 1;
      const [b, a] = [before[at], after[at]];
      after[b] = a;
      before[a] = b;
      for (const one of [b, a]) {
        size[one] = Math.max(far, weight(ring[before[one]], ring[one], ring[after[one]]));
        heap.moved(one);
      }
    }
    return ring.filter((_, at) => !gone[at]);
  }

  // numbers of a list, the one with the least value first
  class Heap {
    constructor(values) {
      this.values = values;
      this.list = values.map((_, at) => at).sort((a, b) => values[a] - values[b]);
      this.place = new Int32Array(values.length);
      this.list.forEach((one, at) => (this.place[one] = at));
    }

    pop() {
      const [first] = this.list;
      const last = this.list.pop();
      this.place[first] = -1;
      if (last !== first) {
        this.#set(0, last);
        this.#down(0);
      }
      return first;
    }

    moved(one) {
      const at = this.place[one];
      if (at < 0) return;
      this.#down(this.#up(at));
    }

    #set(at, one) {
      this.list[at] = one;
      this.place[one] = at;
    }

    #swap(a, b) {
      const [one, other] = [this.list[a], this.list[b]];
      this.#set(a, other);
      this.#set(b, one);
    }

    #less(a, b) {
      return this.values[this.list[a]] < this.values[this.list[b]];
    }

    #up(at) {
      for (let up; at > 0 && this.#less(at, (up = (at - 1) >> 1)); at = up) this.#swap(at, up);
      return at;
    }

    #down(at) {
      for (;;) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        let least = at;
        if (left < this.list.length && this.#less(left, least)) least = left;
        if (right < this.list.length && this.#less(right, least)) least = right;
        if (least === at) return;
        this.#swap(at, least);
        at = least;
      }
    }
  }

  // a shape of so many corners at most, shared out among its rings; null where it crosses itself
  function simplified(shape, most) {
    const all = shape.flat(2).length;
    for (let part = most / all; part < 1; part = Math.min(1, 2 * part)) {
      const made = shape.map((rings) => rings.map((ring) => thinned(ring, Math.max(4, Math.round(ring.length * part)))));
      if (!edit.crossings(made).length) return made;
    }
    return null;
  }

  // a corner near a point: of others, or else on an edge of theirs
  function snapped(p, shapes, reach) {
    const { east, north } = edit.scale(p[1]);
    const far = ([x, y]) => Math.hypot((x - p[0]) * east, (y - p[1]) * north);
    let best = null;
    let least = reach;
    for (const shape of shapes) {
      for (const corner of shape.flat(2)) {
        const metres = far(corner);
        if (metres < least) [best, least] = [corner, metres];
      }
    }
    if (best) return best;
    const [dx, dy] = [reach / east, reach / north];
    for (const shape of shapes) {
      for (const edge of edit.edges(shape)) {
        if (edge.west > p[0] + dx || edge.east < p[0] - dx || edge.south > p[1] + dy || edge.north < p[1] - dy) continue;
        const squeezed = (q) => [q[0] * east, q[1] * north];
        const t = edit.along({ p: squeezed(edge.p), q: squeezed(edge.q) }, squeezed(p));
        if (t < 0 || t > 1) continue;
        const corner = edit.point(edge, t).map(Math.round);
        const metres = far(corner);
        if (metres < least) [best, least] = [corner, metres];
      }
    }
    return best;
  }

  Object.assign(edit, { centroid, scaled, shifted, simplified, snapped, split, strip, stripOf });
})();

// Where outlines cross, what two of them share, and the two merged.
"use strict";

(() => {
  const edit = ((window.beltmap ??= {}).edit ??= {});

  function turn(p, q, r) {
    return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0]);
  }

  // twice the area of a ring in the plane: positive where it runs counter-clockwise
  function winding(ring) {
    let sum = 0;
    const [x, y] = ring[0];
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      sum += (ring[j][0] - x) * (ring[i][1] - y) - (ring[i][0] - x) * (ring[j][1] - y);
    }
    return sum;
  }

  // outlines counter-clockwise, holes clockwise
  function wound(shape) {
    return shape.map((rings) => rings.map((ring, at) => (winding(ring) > 0 === (at === 0) ? ring : [...ring].reverse())));
  }

  function box(shape) {
    const sides = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x, y] of shape.flat(2)) {
      if (x < sides[0]) sides[0] = x;
      if (y < sides[1]) sides[1] = y;
      if (x > sides[2]) sides[2] = x;
      if (y > sides[3]) sides[3] = y;
    }
    return sides;
  }

  function apart(one, other) {
    return one[2] < other[0] || other[2] < one[0] || one[3] < other[1] || other[3] < one[1];
  }

  // edges of all rings, each with its number, its ring and the edge that follows
  function edges(shape) {
    const list = [];
    shape.flat().forEach((ring, number) => {
      const first = list.length;
      ring.forEach((p, at) => {
        const q = ring[(at + 1) % ring.length];
        list.push({ p, q, ring: number, at: list.length, next: first + ((at + 1) % ring.length), cuts: [], west: Math.min(p[0], q[0]), east: Math.max(p[0], q[0]), south: Math.min(p[1], q[1]), north: Math.max(p[1], q[1]) });
      });
    });
    return list;
  }

  // calls `met` for each pair of edges whose boxes meet; within one list, each pair once
  function pairs(one, other, met) {
    const same = one === other;
    const sorted = (list) => [...list].sort((a, b) => a.west - b.west);
    const [left, right] = [sorted(one), same ? null : sorted(other)];
    if (same) {
      left.forEach((a, at) => {
        for (let k = at + 1; k < left.length && left[k].west <= a.east; k++) {
          if (left[k].south <= a.north && left[k].north >= a.south) met(a, left[k]);
        }
      });
      return;
    }
    let from = 0;
    const widest = right.reduce((most, { west, east }) => Math.max(most, east - west), 0);
    for (const a of left) {
      while (from < right.length && right[from].west < a.west - widest) from++;
      for (let k = from; k < right.length && right[k].west <= a.east; k++) {
        const b = right[k];
        if (b.east >= a.west && b.south <= a.north && b.north >= a.south) met(a, b);
      }
    }
  }

  // shares along both edges at which they meet; one pair, or two where they run together
  function meetings(a, b) {
    const [d1, d2] = [turn(b.p, b.q, a.p), turn(b.p, b.q, a.q)];
    const [d3, d4] = [turn(a.p, a.q, b.p), turn(a.p, a.q, b.q)];
    if (!d1 && !d2) return together(a, b);
    if ((d1 > 0 && d2 > 0) || (d1 < 0 && d2 < 0) || (d3 > 0 && d4 > 0) || (d3 < 0 && d4 < 0)) return [];
    return [[d1 / (d1 - d2), d3 / (d3 - d4)]];
  }

  function along({ p, q }, r) {
    const [x, y] = [q[0] - p[0], q[1] - p[1]];
    return ((r[0] - p[0]) * x + (r[1] - p[1]) * y) / (x * x + y * y);
  }

  function together(a, b) {
    const found = [];
    for (const r of [b.p, b.q]) {
      const t = along(a, r);
      if (t >= 0 && t <= 1) found.push([t, along(b, r)]);
    }
    for (const r of [a.p, a.q]) {
      const u = along(b, r);
      if (u > 0 && u < 1) found.push([along(a, r), u]);
    }
    return found;
  }

  function point({ p, q }, t) {
    return [p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])];
  }

  // corners where a shape crosses or touches itself
  function crossings(shape) {
    const list = edges(shape);
    const found = [];
    pairs(list, list, (a, b) => {
      const after = a.next === b.at, before = b.next === a.at;
      if (after || before) {
        const [one, other] = after ? [a, b] : [b, a];
        if (!turn(one.p, one.q, other.q) && along({ p: one.q, q: one.p }, other.q) > 0) found.push(other.p);
        return;
      }
      for (const [t, u] of meetings(a, b)) {
        const inside = t > 0 && t < 1 && u > 0 && u < 1;
        // rings of a shape may touch each other in a corner
        if (a.ring === b.ring || inside) found.push(point(a, t));
      }
    });
    return found;
  }

  function contains(shape, [x, y]) {
    let inside = false;
    for (const rings of shape) {
      for (const ring of rings) {
        for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
          const [p, q] = [ring[i], ring[j]];
          if (p[1] > y !== q[1] > y && x < p[0] + ((y - p[1]) * (q[0] - p[0])) / (q[1] - p[1])) inside = !inside;
        }
      }
    }
    return inside;
  }

  // pieces of two shapes' edges, cut where they meet, each with where it lies:
  // "in" or "out" of the other shape, or "with" or "against" an edge of it
  function pieces(one, other, { grid = false } = {}) {
    const lists = [edges(one), edges(other)];
    pairs(lists[0], lists[1], (a, b) => {
      for (const [t, u] of meetings(a, b)) {
        const met = point(a, t);
        const at = grid ? met.map(Math.round) : met;
        a.cuts.push([t, at, b]);
        b.cuts.push([u, at, a]);
      }
    });
    return lists.map((list, side) => cut(list, side ? one : other));
  }

  function cut(list, against) {
    const found = [];
    let state = null;
    let ring = -1;
    for (const edge of list) {
      if (edge.ring !== ring) state = null;
      ring = edge.ring;
      edge.cuts.sort((a, b) => a[0] - b[0]);
      let from = edge.p;
      for (const [at, to] of [...edge.cuts, [1, edge.q]]) {
        const met = edge.cuts.length > 0;
        if (from[0] !== to[0] || from[1] !== to[1]) {
          // where nothing is met, the edge that follows lies where this one lies
          if (state === null || met) state = where(edge, from, to, against);
          found.push({ from, to, state });
        }
        from = to;
        if (at === 1 && met) state = null;
      }
    }
    return found;
  }

  function where(edge, from, to, against) {
    const middle = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    for (const [, , b] of edge.cuts) {
      if (turn(edge.p, edge.q, b.p) || turn(edge.p, edge.q, b.q)) continue;
      const u = along(b, middle);
      if (u < 0 || u > 1) continue;
      return (edge.q[0] - edge.p[0]) * (b.q[0] - b.p[0]) + (edge.q[1] - edge.p[1]) * (b.q[1] - b.p[1]) > 0 ? "with" : "against";
    }
    return contains(against, middle) ? "in" : "out";
  }

  // land that two shapes share, metres squared: Green's theorem along what bounds it
  function overlap(one, other) {
    if (apart(box(one), box(other))) return 0;
    const [left, right] = pieces(wound(one), wound(other));
    const bounds = [
      ...left.filter(({ state }) => state === "in" || state === "with"),
      ...right.filter(({ state }) => state === "in"),
    ];
    if (!bounds.length) return 0;
    const base = edit.height(Math.sin(((bounds[0].from[1] / edit.GRID) * Math.PI) / 180));
    let sum = 0;
    for (const { from, to } of bounds) {
      sum += edit.swept(from[0] / edit.GRID, from[1] / edit.GRID, to[0] / edit.GRID, to[1] / edit.GRID, base);
    }
    return Math.max(0, sum * edit.A * edit.A);
  }

  // both shapes as one; null where their outlines cannot be followed
  function merged(one, other) {
    const [left, right] = pieces(wound(one), wound(other), { grid: true });
    const bounds = [
      ...left.filter(({ state }) => state === "out" || state === "with"),
      ...right.filter(({ state }) => state === "out"),
    ];
    const rings = chained(bounds);
    return rings && nested(rings);
  }

  function chained(bounds) {
    const from = new Map();
    const key = ([x, y]) => `${x} ${y}`;
    for (const piece of bounds) {
      const k = key(piece.from);
      from.set(k, [...(from.get(k) ?? []), piece]);
    }
    const rings = [];
    for (let left = bounds.length; left > 0; ) {
      const start = [...from.values()].find((list) => list.length)[0];
      const ring = [];
      for (let piece = start; ; ) {
        const list = from.get(key(piece.from));
        list.splice(list.indexOf(piece), 1);
        left -= 1;
        ring.push(piece.from);
        if (key(piece.to) === key(start.from)) break;
        piece = from.get(key(piece.to))?.[0];
        if (!piece) return null;
      }
      const clean = straightened(ring);
      if (clean.length > 2) rings.push(clean);
    }
    return rings;
  }

  // without corners on a straight line, which merging leaves behind
  function straightened(ring) {
    return ring.filter((p, at) => turn(ring.at(at - 1), p, ring[(at + 1) % ring.length]) !== 0);
  }

  function nested(rings) {
    const shape = rings.filter((ring) => winding(ring) > 0).map((ring) => [ring]);
    for (const hole of rings.filter((ring) => winding(ring) < 0)) {
      const home = shape.find(([outline]) => contains([[outline]], hole[0]) || contains([[outline]], middle(hole)));
      if (!home) return null;
      home.push(hole);
    }
    return shape.length ? shape : null;
  }

  function middle(ring) {
    return [(ring[0][0] + ring[1][0]) / 2, (ring[0][1] + ring[1][1]) / 2];
  }

  Object.assign(edit, { along, apart, box, contains, crossings, edges, meetings, merged, overlap, point, turn, winding });
})();

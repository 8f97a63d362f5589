// A draft over a plan: states without end, and the difference that they come to.
"use strict";

(() => {
  const edit = ((window.beltmap ??= {}).edit ??= {});

  // the file's own numbers as whole steps of its grid; closing corners are left out
  function fromGeometry(geometry) {
    if (!geometry) return null;
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return polygons.map((rings) => rings.map((ring) => ring.slice(0, -1).map((p) => [Math.round(p[0] * edit.GRID), Math.round(p[1] * edit.GRID)])));
  }

  function toGeometry(shape) {
    if (!shape) return null;
    const polygons = shape.map((rings) => rings.map((ring) => [...ring, ring[0]].map(([x, y]) => [x / edit.GRID, y / edit.GRID])));
    return polygons.length === 1 ? { type: "Polygon", coordinates: polygons[0] } : { type: "MultiPolygon", coordinates: polygons };
  }

  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  // the same land in whatever order its rings and corners are
  function sameShape(one, other) {
    if (!one || !other) return one === other || (!one && !other);
    const plain = (shape) => shape.map((rings) => rings.map((ring, at) => {
      const way = edit.winding(ring) > 0 === (at === 0) ? ring : [...ring].reverse();
      const least = way.reduce((best, p, k) => (p[0] < way[best][0] || (p[0] === way[best][0] && p[1] < way[best][1]) ? k : best), 0);
      return JSON.stringify([...way.slice(least), ...way.slice(0, least)]);
    }).sort().join()).sort().join();
    return plain(one) === plain(other);
  }

  class Draft {
    // zones: {id, properties, geometry} of the plan as it is
    constructor(zones) {
      this.base = new Map(zones.map(({ id, properties, geometry }) => [id, { properties, shape: fromGeometry(geometry) }]));
      this.states = [new Map()];
      this.at = 0;
      this.preview = null;
    }

    get changes() {
      return this.states[this.at];
    }

    // a zone as the draft has it; null where it is removed or never was
    zone(id) {
      if (this.preview?.id === id) return this.preview.value;
      return (this.changes.has(id) ? this.changes.get(id) : this.base.get(id)) ?? null;
    }

    ids() {
      return [...new Set([...this.base.keys(), ...this.changes.keys()])].filter((id) => this.zone(id));
    }

    // shown while a corner is dragged, and no state of its own
    show(id, value) {
      this.preview = { id, value };
    }

    put(...pairs) {
      this.preview = null;
      const next = new Map(this.changes);
      for (const [id, value] of pairs) {
        const was = this.base.get(id) ?? null;
        if (same(value, was)) next.delete(id);
        else next.set(id, value);
      }
      if (same([...next], [...this.changes])) return false;
      this.states = [...this.states.slice(0, this.at + 1), next];
      this.at += 1;
      return true;
    }

    undo() {
      this.preview = null;
      if (this.at > 0) this.at -= 1;
    }

    redo() {
      this.preview = null;
      if (this.at + 1 < this.states.length) this.at += 1;
    }

    // see geo/changes/reading.py; head: name, base, by, at, basis, note
    difference(head) {
      const features = [...this.changes].map(([id, value]) => this.#feature(id, value)).filter(Boolean);
      return { type: "FeatureCollection", beltmap: "difference", version: 1, ...head, features };
    }

    #feature(id, value) {
      const was = this.base.get(id) ?? null;
      const feature = { type: "Feature", id };
      if (!was) return value && { ...feature, change: "added", geometry: toGeometry(value.shape), properties: value.properties };
      const before = { properties: was.properties, geometry: toGeometry(was.shape) };
      if (!value) return { ...feature, change: "removed", geometry: null, properties: {}, before };
      const columns = Object.keys(value.properties).filter((name) => (value.properties[name] ?? null) !== (was.properties[name] ?? null));
      const pick = (properties) => Object.fromEntries(columns.map((name) => [name, properties[name] ?? null]));
      const drawn = !sameShape(was.shape, value.shape);
      if (!columns.length && !drawn) return null;
      const old = { properties: pick(was.properties), ...(drawn && { geometry: before.geometry }) };
      return { ...feature, change: "changed", geometry: drawn ? toGeometry(value.shape) : null, properties: pick(value.properties), before: old };
    }

    // take up a difference that was kept; gives what someone else has changed meanwhile
    take({ features }, theirs = new Set()) {
      const found = [];
      const pairs = [];
      for (const { id, change, geometry, properties, before } of features) {
        const now = this.base.get(id) ?? null;
        if (theirs.has(id)) continue;
        const shape = fromGeometry(geometry);
        if (change === "added") {
          if (now && !(sameShape(now.shape, shape) && same(now.properties, properties))) found.push({ id, now, mine: { properties, shape } });
          else if (!now) pairs.push([id, { properties, shape }]);
          continue;
        }
        if (change === "removed") {
          if (now) pairs.push([id, null]);
          continue;
        }
        const drawn = "geometry" in before;
        const mine = { properties: { ...now?.properties, ...properties }, shape: drawn ? shape : (now?.shape ?? null) };
        const was = drawn ? fromGeometry(before.geometry) : null;
        const values = Object.keys(properties).some((name) => ![before.properties[name], properties[name]].some((value) => (value ?? null) === (now?.properties[name] ?? null)));
        const outline = drawn && now && !sameShape(now.shape, was) && !sameShape(now.shape, shape);
        if (!now || values || outline) found.push({ id, now, mine });
        if (now) pairs.push([id, mine]);
      }
      this.put(...pairs);
      return found;
    }
  }

  Object.assign(edit, { Draft, fromGeometry, sameShape, toGeometry });
})();

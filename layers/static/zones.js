// The zones of a plan on the map: all at once, or tile by tile from the server.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const REMEMBERED = 64; // zones whose exact outline is kept

  // bits of a filter, one a row, as bytes; all ones without a mask
  function unpackMask(text, rows) {
    const wanted = new Uint8Array(rows);
    if (text === null) return wanted.fill(1);
    const bits = atob(text);
    for (let row = 0; row < rows; row++) {
      wanted[row] = (bits.charCodeAt(row >> 3) >> (7 - (row & 7))) & 1;
    }
    return wanted;
  }

  function meets(boxes, row, [west, north, east, south]) {
    const at = 4 * row;
    return boxes[at] <= east && boxes[at + 2] >= west && boxes[at + 1] <= south && boxes[at + 3] >= north;
  }

  // What both ways share. A zone is {set, at, row}: where it is, and its row in the plan.
  const ZoneLayer = beltmap.TileLayer.extend({
    // set: payload of the zones, or the head of a tiled one; kinds: their styles by code
    initialize(set, kinds, options) {
      const { boundaries } = set.meta;
      const dashes = set.values("boundary").map((value) => boundaries[value]?.dash ?? []);
      const styles = kinds.flatMap((style) => dashes.map((dash) => ({ ...style, dash })));
      beltmap.TileLayer.prototype.initialize.call(this, set, styles, options);
      Object.assign(this, { dashes, kindOn: kinds.map(() => true) });
    },

    styleOf(set, row) {
      return set.codes("kind")[row] * this.dashes.length + set.codes("boundary")[row];
    },

    isPlaceholder(set, row) {
      return set.get("area_basis", row) === "nominal";
    },

    dashOf({ set, at }) {
      return this.set.meta.boundaries[set.get("boundary", at)]?.dash ?? [];
    },

    zone(set, at) {
      return { set, at, row: set.number(at) };
    },

    // zones under a point among `rows` of `set`, the smallest first; `reach` in pixels
    hitsAmong(set, rows, latlng, zoom, reach) {
      const scale = (256 * 2 ** zoom) / beltmap.WORLD;
      const x = beltmap.worldX(latlng.lng);
      const y = beltmap.worldY(latlng.lat);
      const hit = (row) => {
        const [west, north, east, south] = set.boxes.subarray(4 * row, 4 * row + 4);
        const size = Math.max(east - west, south - north) * scale;
        const symbol = this.few && size < beltmap.SYMBOL.below && this.isPlaceholder(set, row);
        if (!symbol && set.isArea(row) && size >= this.dot.below) {
          return set.contains(row, x, y);
        }
        if (symbol) return Math.hypot((west + east) / 2 - x, (north + south) / 2 - y) <= (beltmap.SYMBOL.radius + reach) / scale;
        return Math.hypot((west + east) / 2 - x, (north + south) / 2 - y) <= reach / scale;
      };
      return Array.from(rows).filter(hit).reverse().map((row) => this.zone(set, row));
    },

    // window of world units around a point
    around(latlng, zoom, reach) {
      const far = (reach * beltmap.WORLD) / (256 * 2 ** zoom);
      const x = beltmap.worldX(latlng.lng);
      const y = beltmap.worldY(latlng.lat);
      return [x - far, y - far, x + far, y + far];
    },
  });

  // All zones are here, with a byte for each that says whether it is shown.
  const WholeZones = ZoneLayer.extend({
    rowsOn(tile, window) {
      return { set: this.set, rows: this.set.index.inOrder(...window, this.visible) };
    },

    filter({ mask }) {
      if (this.visible && mask === this.mask) return false;
      this.mask = mask;
      this.bits = unpackMask(mask, this.set.rows);
      this._combine();
      return true;
    },

    showKind(code, on) {
      this.kindOn[code] = on;
      this._combine();
    },

    _combine() {
      const kind = this.set.codes("kind");
      this.visible = this.bits.map((bit, row) => (bit && this.kindOn[kind[row]] ? 1 : 0));
      this.redrawAll();
    },

    shows({ at }) {
      return Boolean(this.visible[at]);
    },

    hits(latlng, zoom, reach) {
      const rows = this.set.index.inOrder(...this.around(latlng, zoom, reach), this.visible);
      return this.hitsAmong(this.set, rows, latlng, zoom, reach);
    },

    // zones of a window, the largest first
    inView(window, most = Infinity) {
      const rows = this.set.index.inOrder(...window, this.visible);
      return { count: rows.length, zones: Array.from(rows.subarray(0, most), (row) => this.zone(this.set, row)) };
    },

    // call then(zone) with the exact zone of a row
    find(row, then) {
      then(this.zone(this.set, row));
    },

    extent() {
      return this.shownBox() ?? this.set.bounds();
    },

    // box of what is shown; null where nothing is
    shownBox() {
      return this.set.bounds((row) => this.visible[row]);
    },

    cityBox(code) {
      const codes = this.set.codes("city");
      return this.set.bounds((row) => codes[row] === code);
    },

    // cities far apart would both be dots: begin with the first that has zones to show
    firstBox() {
      const code = this.firstCity();
      return code === null ? null : this.cityBox(code);
    },

    firstCity() {
      const codes = this.set.codes("city");
      const row = codes.findIndex((code, at) => this.visible[at] && this.set.drawn(at));
      return row < 0 ? null : codes[row];
    },
  });

  // Every tile has a ZoneSet of its own, cut by the server for one filter.
  const TiledZones = ZoneLayer.extend({
    initialize(set, kinds, options) {
      ZoneLayer.prototype.initialize.call(this, set, kinds, options);
      Object.assign(this, { source: set.meta.tiles, wanted: null, found: new Map(), asked: 0 });
      this.few = false;
      this.dot = beltmap.DOT.many;
      this.on("tileunload", ({ tile }) => tile.request?.abort());
    },

    begin(tile) {
      this._ask(tile, () => this.await(tile));
    },

    // get the zones of a tile, then call done; a later question replaces an earlier one
    async _ask(tile, done) {
      tile.canvas.request?.abort();
      const request = (tile.canvas.request = new AbortController());
      const { z, x, y } = tile.coords;
      this.asked += 1;
      try {
        const set = await beltmap.load(`${this.source.address}${this.wanted.filter}/${z}/${x}/${y}`, { signal: request.signal });
        if (tile.canvas.request !== request) return;
        tile.set = set;
        done();
      } catch (error) {
        if (error.name === "AbortError") return;
        console.error(error);
        tile.done(error, tile.canvas);
        this.fire("broken");
      } finally {
        this.asked -= 1;
        if (this.settled()) this.fire("drawn");
      }
    },

    settled() {
      return !this.asked && !this.waiting.length;
    },

    rowsOn({ set }) {
      return set && { set, rows: this._rows(set) };
    },

    // rows of kinds that are switched on; the server has put the largest first
    _rows(set) {
      const kind = set.codes("kind");
      return Uint32Array.from(kind.keys()).filter((row) => this.kindOn[kind[row]]);
    },

    filter({ filter, extent, selected, shown }) {
      const other = this.wanted?.filter !== filter;
      this.wanted = { filter, extent, selected, shown };
      if (!other) return false;
      for (const tile of this.tiles.values()) this._ask(tile, () => this.await(tile));
      return true;
    },

    showKind(code, on) {
      this.kindOn[code] = on;
      this.redrawAll();
    },

    shows({ set, at, row }) {
      return this.kindOn[this.set.values("kind").indexOf(set.get("kind", at) ?? "")] && (this.wanted.selected !== row || this.wanted.shown);
    },

    // tiles of the present zoom that have their zones
    _present() {
      return [...this.tiles.values()].filter(({ coords, set }) => set && coords.z === this._map.getZoom());
    },

    hits(latlng, zoom, reach) {
      const { x, y } = this._map.project(latlng, zoom).divideBy(beltmap.TILE).floor();
      const { set } = this._present().find(({ coords }) => coords.x === x && coords.y === y) ?? {};
      if (!set) return [];
      const window = this.around(latlng, zoom, reach);
      return this.hitsAmong(set, this._rows(set).filter((row) => meets(set.boxes, row, window)), latlng, zoom, reach);
    },

    inView(window, most = Infinity) {
      const size = ({ set: { boxes }, at }) => Math.max(boxes[4 * at + 2] - boxes[4 * at], boxes[4 * at + 3] - boxes[4 * at + 1]);
      const largest = new Map();
      for (const { set } of this._present()) {
        for (const at of this._rows(set)) {
          if (most < Infinity && set.isPoint(at)) break;
          if (!meets(set.boxes, at, window)) continue;
          const zone = this.zone(set, at);
          const known = largest.get(zone.row);
          // a long outline is cut differently in each tile
          if (!known || size(zone) > size(known)) largest.set(zone.row, zone);
        }
      }
      const zones = [...largest.values()].sort((a, b) => size(b) - size(a));
      return { count: zones.length, zones: zones.slice(0, most) };
    },

    async find(row, then) {
      if (!this.found.has(row)) {
        this.found.set(row, beltmap.load(`${this.source.address}zone/${row}`));
        if (this.found.size > REMEMBERED) this.found.delete(this.found.keys().next().value);
      }
      try {
        const set = await this.found.get(row);
        then({ set, at: 0, row });
      } catch (error) {
        console.error(error);
        this.found.delete(row);
      }
    },

    extent() {
      return this.wanted.extent ?? this.source.extent;
    },

    shownBox() {
      return this.wanted.extent;
    },

    cityBox(code) {
      return this.source.cities[code] ?? null;
    },

    firstBox() {
      return this.wanted.filter === "all" ? this.cityBox(0) : this.wanted.extent;
    },

    firstCity() {
      return this.wanted.filter === "all" && this.cityBox(0) ? 0 : null;
    },
  });

  Object.assign(beltmap, { meets, TiledZones, WholeZones });
})();

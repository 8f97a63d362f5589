// What lies under the zones: the embedded land and roads, or tiles from the net.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const PATIENCE = 10_000; // milliseconds without a single tile
  const ROADS_FROM = 9; // zoom

  const LAND = { color: "#f4f2ed", fill: 1, stroke: "#a9c0cb", width: 0.9 };
  const WATER = { color: "#d6e4eb", fill: 1, stroke: "#a9c0cb", width: 0.9 };
  const ROAD = { color: "#d9d4c8", fill: 0, width: 1.1 };

  class Background {
    // sets: {land, water, roads} as ZoneSets or null; table: basemaps of the payload's meta
    constructor(map, sets, table, onFail) {
      Object.assign(this, { map, table, onFail, code: null, online: null });
      this.embedded = [
        this.#layer(sets.land, LAND, { pane: "beltmap-land" }, 150),
        this.#layer(sets.water, WATER, { pane: "beltmap-water" }, 152),
        this.#plain(table[0].extents ?? (sets.land ? null : []), { pane: "beltmap-plain" }, 155),
        this.#layer(sets.roads, ROAD, { pane: "beltmap-roads", minZoom: ROADS_FROM }, 160),
      ].filter(Boolean);
      // where no land is known, no sea is either
      map.getContainer().classList.toggle("beltmap-bare", !sets.land);
    }

    #layer(set, style, options, order) {
      if (!set) return null;
      this.map.createPane(options.pane).style.zIndex = order;
      return new beltmap.TileLayer(set, [style], { ...options, dots: false });
    }

    // nothing where no one has said how far the basemap reaches
    #plain(extents, options, order) {
      if (!extents) return null;
      this.map.createPane(options.pane).style.zIndex = order;
      return new beltmap.PlainGround(extents, options);
    }

    choose(code) {
      const entry = this.table.find((one) => one.code === code) ?? this.table[0];
      if (entry.code === this.code) return;
      this.code = entry.code;
      clearTimeout(this.timer);
      this.online?.remove();
      this.online = null;
      const fetched = entry.urls.length > 0;
      for (const layer of this.embedded) {
        if (fetched) layer.remove();
        else layer.addTo(this.map);
      }
      if (fetched) this.#fetch(entry);
      this.map.getContainer().classList.toggle("beltmap-online", fetched);
      this.map.fire("beltmap:background", { entry });
    }

    // show tiles; without any for a while, return to the embedded background
    #fetch(entry) {
      let errors = 0;
      const giveUp = () => {
        if (this.code !== entry.code) return;
        this.choose(this.table[0].code);
        this.onFail(entry);
      };
      this.timer = setTimeout(giveUp, PATIENCE);
      const { datum, subdomains, max_zoom: maxNativeZoom } = entry;
      const Layer = datum in { gcj02: 1, bd09: 1 } ? beltmap.DatumLayer : L.TileLayer;
      const options = { datum, subdomains, maxNativeZoom, maxZoom: 24, referrerPolicy: "strict-origin-when-cross-origin" };
      const layers = entry.urls.map((url) => new Layer(url, options));
      // the lowest layer decides whether the server can be reached
      layers[0].once("tileload", () => {
        clearTimeout(this.timer);
        errors = -Infinity;
      });
      layers[0].on("tileerror", () => {
        errors += 1;
        if (errors === 3) giveUp();
      });
      this.online = L.layerGroup(layers).addTo(this.map);
    }
  }

  beltmap.Background = Background;
})();

// The displaced datums of Chinese web maps; the same formulas as geo/geometry/datum.py.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const AXIS = 6378245; // metres, Krasovsky 1940
  const E2 = 0.00669342162296594323;
  const ENOUGH = 1e-9; // degrees: a tenth of a millimetre
  const MOST_STEPS = 20;
  const radians = (degrees) => (degrees * Math.PI) / 180;
  const wave = (degrees, half) => Math.sin((degrees * Math.PI) / half);

  function waves([lon, lat]) {
    const x = lon - 105;
    const y = lat - 35;
    const root = Math.sqrt(Math.abs(x));
    const ripple = 20 * wave(x, 1 / 6) + 20 * wave(x, 1 / 2);
    const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
      + (ripple + 20 * wave(x, 1) + 40 * wave(x, 3) + 150 * wave(x, 12) + 300 * wave(x, 30)) / 1.5;
    const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
      + (ripple + 20 * wave(y, 1) + 40 * wave(y, 3) + 160 * wave(y, 12) + 320 * wave(y, 30)) / 1.5;
    const bent = 1 - E2 * Math.sin(radians(lat)) ** 2;
    return [
      east / radians((AXIS * Math.cos(radians(lat))) / Math.sqrt(bent)),
      north / radians((AXIS * (1 - E2)) / bent ** 1.5),
    ];
  }

  function gcj02([lon, lat]) {
    if (lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271) return [lon, lat];
    const [east, north] = waves([lon, lat]);
    return [lon + east, lat + north];
  }

  function bd09(wgs84) {
    const [x, y] = gcj02(wgs84);
    const radius = Math.hypot(x, y) + 0.00002 * Math.sin(radians(y) * 3000);
    const angle = Math.atan2(y, x) + 0.000003 * Math.cos(radians(x) * 3000);
    return [radius * Math.cos(angle) + 0.0065, radius * Math.sin(angle) + 0.006];
  }

  const same = (lonLat) => lonLat;
  const FROM_WGS84 = { wgs84: same, cgcs2000: same, gcj02, bd09 };

  // longitude and latitude in a datum, from WGS 84
  function fromWgs84(lonLat, datum) {
    return FROM_WGS84[datum](lonLat);
  }

  // and back: put back what a guess misses until nothing is missed
  function toWgs84([lon, lat], datum) {
    let guess = [lon, lat];
    for (let step = 0; step < MOST_STEPS; step++) {
      const [x, y] = fromWgs84(guess, datum);
      guess = [guess[0] + lon - x, guess[1] + lat - y];
      if (Math.hypot(lon - x, lat - y) < ENOUGH) break;
    }
    return guess;
  }

  // Tiles of another datum, each stretched to where its corners are in WGS 84. The
  // map, and with it the zones, clicks and links, stays in WGS 84.
  const DatumLayer = L.TileLayer.extend({
    // where a corner of the tiles' grid belongs, in pixels of its level
    _corner(coords) {
      const { lng, lat } = this._map.unproject(coords.scaleBy(this.getTileSize()), this._tileZoom);
      const [lon, north] = toWgs84([lng, lat], this.options.datum);
      return this._map.project([north, lon], this._tileZoom).subtract(this._level.origin);
    },

    _addTile(coords, container) {
      L.TileLayer.prototype._addTile.call(this, coords, container);
      const { el } = this._tiles[this._tileCoordsToKey(coords)];
      const { x: wide, y: high } = this.getTileSize();
      const at = this._corner(coords);
      const east = this._corner(coords.add([1, 0])).subtract(at);
      const south = this._corner(coords.add([0, 1])).subtract(at);
      const matrix = [east.x / wide, east.y / wide, south.x / high, south.y / high, at.x, at.y];
      el.style.transformOrigin = "0 0";
      el.style.transform = `matrix(${matrix.join(", ")})`;
    },

    // which tiles are needed is asked in the tiles' own coordinates
    _getTiledPixelBounds(center) {
      const bounds = L.TileLayer.prototype._getTiledPixelBounds.call(this, center);
      const [lon, lat] = fromWgs84([center.lng, center.lat], this.options.datum);
      const moved = this._map.project([lat, lon], this._tileZoom).subtract(this._map.project(center, this._tileZoom));
      const rim = [8, 8]; // the shift changes a little across a view
      return L.bounds(bounds.min.add(moved).subtract(rim), bounds.max.add(moved).add(rim));
    },
  });

  Object.assign(beltmap, { DatumLayer, fromWgs84, toWgs84 });
})();

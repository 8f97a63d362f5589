// Plain ground with a graticule where the embedded basemap does not bear the scale.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const AT_EQUATOR = 559082264; // number of the scale of zoom 0, at 96 dots an inch
  const GROUND = "#f4f2ed";
  const LINE = "#d8d3c6";
  const LETTERS = "#7a7466";
  const STEPS = [30, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001];
  const NEAR = 90; // pixels between two lines at least

  // the world goes on beyond 180°, and its meridians with it
  function around(lng) {
    return ((((lng + 180) % 360) + 360) % 360) - 180;
  }

  function degrees(value, sides) {
    return `${Number(Math.abs(value).toFixed(4))}°${value < 0 ? sides[1] : sides[0]}`;
  }

  // meridians and parallels at round degrees, named where they enter the tile
  function graticule(context, first, last, at) {
    const size = beltmap.TILE;
    const wanted = ((last.lng - first.lng) * NEAR) / size;
    const step = STEPS.findLast((one) => one >= wanted) ?? STEPS[0];
    context.strokeStyle = LINE;
    context.fillStyle = LETTERS;
    context.lineWidth = 1;
    context.font = "10px system-ui, sans-serif";
    context.beginPath();
    for (let n = Math.ceil(first.lng / step); n * step < last.lng; n++) {
      const { x } = at(first.lat, n * step);
      context.moveTo(x, 0);
      context.lineTo(x, size);
      context.fillText(degrees(around(n * step), "EW"), x + 3, 11);
    }
    for (let n = Math.ceil(last.lat / step); n * step < first.lat; n++) {
      const { y } = at(n * step, first.lng);
      context.moveTo(0, y);
      context.lineTo(size, y);
      context.fillText(degrees(n * step, "NS"), 3, y - 3);
    }
    context.stroke();
  }

  beltmap.PlainGround = L.GridLayer.extend({
    options: { tileSize: beltmap.TILE, noWrap: true, updateWhenZooming: false, keepBuffer: 2 },

    // extents: [west, south, east, north, scale] of each box that has a basemap
    initialize(extents, options) {
      L.GridLayer.prototype.initialize.call(this, options);
      this.extents = extents;
    },

    createTile(coords) {
      const size = beltmap.TILE;
      const canvas = document.createElement("canvas");
      const ratio = window.devicePixelRatio || 1;
      canvas.width = canvas.height = Math.round(size * ratio);
      const context = beltmap.paper(canvas);
      context.scale(canvas.width / size, canvas.height / size);
      const origin = coords.scaleBy(L.point(size, size));
      const at = (lat, lon) => this._map.project([lat, lon], coords.z).subtract(origin);
      const corner = (x, y) => this._map.unproject(origin.add([x, y]), coords.z);
      const [first, last] = [corner(0, 0), corner(size, size)];
      context.fillStyle = GROUND;
      context.fillRect(0, 0, size, size);
      graticule(context, first, last, at);
      const middle = ((first.lat + last.lat) / 2) * (Math.PI / 180);
      const scale = (AT_EQUATOR * Math.cos(middle)) / 2 ** coords.z;
      for (const [west, south, east, north, bears] of this.extents) {
        if (bears > scale) continue;
        const [from, to] = [at(north, west), at(south, east)];
        context.clearRect(from.x, from.y, to.x - from.x, to.y - from.y);
      }
      beltmap.shown(canvas, context);
      return canvas;
    },
  });
})();

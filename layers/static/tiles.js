// Draws ZoneSets on canvas tiles, styled by a table.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});

  const TILE = 512;
  const FEW = 2000; // rows up to which every zone is worth its own strokes
  const SMALL = 24; // pixels below which zones of a style share one path
  const NEAR = 0.5; // squared pixels between vertices that are worth drawing
  const BEYOND = 64; // pixels around a tile in which outlines keep their shape
  const BUDGET = 12; // milliseconds of drawing a frame

  const PATTERNS = {
    diagonal: (g, s) => line(g, [[-1, 1, 1, -1], [0, s, s, 0], [s - 1, s + 1, s + 1, s - 1]]),
    cross: (g, s) => line(g, [[0, s, s, 0], [0, 0, s, s]]),
    horizontal: (g, s) => line(g, [[0, s / 2, s, s / 2]]),
    vertical: (g, s) => line(g, [[s / 2, 0, s / 2, s]]),
    dots: (g, s) => {
      for (const at of [s / 4, (3 * s) / 4]) {
        g.beginPath();
        g.arc(at, at, s / 8, 0, 2 * Math.PI);
        g.fill();
      }
    },
  };

  function line(g, segments) {
    g.beginPath();
    for (const [x0, y0, x1, y1] of segments) {
      g.moveTo(x0, y0);
      g.lineTo(x1, y1);
    }
    g.stroke();
  }

  const patternCache = new Map();

  // fill of a style: its pattern in its colour, repeated in whole device pixels
  function pattern(context, style, ratio) {
    const key = `${style.pattern} ${style.color} ${ratio}`;
    if (!(style.pattern in PATTERNS)) return null;
    if (!patternCache.has(key)) {
      const size = 8;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = Math.round(size * ratio);
      const g = canvas.getContext("2d");
      g.scale(canvas.width / size, canvas.height / size);
      g.strokeStyle = g.fillStyle = style.color;
      g.lineWidth = 1.1;
      PATTERNS[style.pattern](g, size);
      const made = context.createPattern(canvas, "repeat");
      made.setTransform(new DOMMatrix().scale(size / canvas.width));
      patternCache.set(key, made);
    }
    return patternCache.get(key);
  }

  // fill and outline the current path of `context`, or `path`
  function paint(context, style, path, { plain = false, closed = true } = {}) {
    const given = path ? [path] : [];
    const ratio = context.getTransform().a;
    if (closed && style.fill > 0) {
      context.globalAlpha = style.fill;
      context.fillStyle = style.color;
      context.fill(...given);
      const hatch = plain ? null : pattern(context, style, ratio);
      if (hatch) {
        context.globalAlpha = Math.min(1, style.fill * 2.6);
        context.fillStyle = hatch;
        context.fill(...given);
      }
    }
    context.globalAlpha = 1;
    if (!style.width) return;
    context.lineJoin = "round";
    context.lineCap = style.dash?.[0] < style.width ? "round" : "butt";
    context.lineWidth = plain ? Math.min(1, style.width) : style.width;
    context.strokeStyle = style.stroke ?? style.color;
    context.setLineDash(plain ? [] : (style.dash ?? []));
    context.stroke(...given);
  }

  // Where world units are on a tile.
  class Frame {
    constructor(coords) {
      this.scale = (256 * 2 ** coords.z) / beltmap.WORLD;
      this.left = coords.x * TILE;
      this.top = coords.y * TILE;
    }

    window(margin) {
      const at = (pixel) => pixel / this.scale;
      return [
        at(this.left - margin), at(this.top - margin),
        at(this.left + TILE + margin), at(this.top + TILE + margin),
      ];
    }

    // which side of the tile a pixel is on; two bits an axis, 0 for inside
    side(x, y) {
      return (x < -BEYOND ? 1 : x > TILE + BEYOND ? 2 : 0) | (y < -BEYOND ? 4 : y > TILE + BEYOND ? 8 : 0);
    }

    // draw a row into a path, without vertices that would not show
    trace(set, row, path) {
      const closed = set.isArea(row);
      for (let r = set.ringStart[row]; r < set.ringStart[row + 1]; r++) {
        let lastX = NaN, lastY = NaN, away = 0;
        const end = set.vertexStart[r + 1];
        for (let v = set.vertexStart[r]; v < end; v++) {
          const x = set.x[v] * this.scale - this.left;
          const y = set.y[v] * this.scale - this.top;
          if (v === set.vertexStart[r]) {
            path.moveTo(x, y);
          } else {
            const near = (x - lastX) ** 2 + (y - lastY) ** 2 < NEAR;
            if (near && v < end - 1) continue;
            // runs wholly beyond one side of the tile are cut short
            if (v < end - 1 && away & this.side(x, y) & this.#next(set, v)) continue;
            path.lineTo(x, y);
          }
          [lastX, lastY, away] = [x, y, this.side(x, y)];
        }
        if (closed) path.closePath();
      }
    }

    #next(set, v) {
      return this.side(set.x[v + 1] * this.scale - this.left, set.y[v + 1] * this.scale - this.top);
    }

    size(set, row) {
      const width = set.boxes[4 * row + 2] - set.boxes[4 * row];
      const height = set.boxes[4 * row + 3] - set.boxes[4 * row + 1];
      return Math.max(width, height) * this.scale;
    }

    centre(set, row) {
      return [
        ((set.boxes[4 * row] + set.boxes[4 * row + 2]) / 2) * this.scale - this.left,
        ((set.boxes[4 * row + 1] + set.boxes[4 * row + 3]) / 2) * this.scale - this.top,
      ];
    }
  }

  // size in pixels below which a zone becomes a dot, and the dot's radius; a
  // placeholder outline, whose size means nothing, becomes one much sooner
  const DOT = { few: { below: 7, radius: 4 }, many: { below: 3, radius: 1 } };
  const SYMBOL = { below: 34, radius: 7 };

  // what is drawn for a canvas and then shown in it: a canvas that is drawn on is copied
  // at each frame of the page, also where it has not changed
  function paper({ width, height }) {
    return new OffscreenCanvas(width, height).getContext("2d");
  }

  function shown(canvas, { canvas: drawn }) {
    // a map that is hidden has no size, and no picture
    if (!drawn.width || !drawn.height) return;
    canvas.getContext("bitmaprenderer").transferFromImageBitmap(drawn.transferToImageBitmap());
  }

  const TileLayer = L.GridLayer.extend({
    // dots: whether what is too small to be drawn becomes a dot
    options: { tileSize: TILE, updateWhenZooming: false, keepBuffer: 2, noWrap: true, dots: true },

    // styles: table of {color, fill, pattern, stroke, width, dash}
    initialize(set, styles, options) {
      L.GridLayer.prototype.initialize.call(this, options);
      Object.assign(this, { set, styles, tiles: new Map(), waiting: [] });
      this.few = set.rows <= FEW;
      this.dot = this.few ? DOT.few : DOT.many;
      this.on("tileunload", ({ coords }) => this.tiles.delete(this._tileCoordsToKey(coords)));
    },

    // index of a row's style in the table
    styleOf() {
      return 0;
    },

    // whether the size of a row's outline means nothing
    isPlaceholder() {
      return false;
    },

    // what to draw on a tile, the largest first; null before it is known
    rowsOn(tile, window) {
      return { set: this.set, rows: this.set.index.inOrder(...window) };
    },

    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      const ratio = window.devicePixelRatio || 1;
      canvas.width = canvas.height = Math.round(TILE * ratio);
      const tile = { canvas, coords, done, key: this._tileCoordsToKey(coords) };
      this.tiles.set(tile.key, tile);
      this.begin(tile);
      return canvas;
    },

    begin(tile) {
      if (this.few) {
        this.draw(tile);
        requestAnimationFrame(() => this._finish(tile));
      } else {
        this.await(tile);
      }
    },

    await(tile) {
      if (this.waiting.includes(tile)) return;
      this.waiting.push(tile);
      if (this.waiting.length === 1) requestAnimationFrame(() => this._work());
    },

    redrawAll() {
      for (const tile of this.tiles.values()) {
        if (this.few) this.draw(tile);
        else this.await(tile);
      }
    },

    _finish(tile) {
      if (tile.finished) return;
      tile.finished = true;
      tile.done(null, tile.canvas);
    },

    // whether everything asked for is on the screen
    settled() {
      return !this.waiting.length;
    },

    // draw waiting tiles for a part of a frame, so that the map stays responsive
    _work() {
      const start = performance.now();
      while (this.waiting.length && performance.now() - start < BUDGET) {
        const tile = this.waiting.shift();
        if (this.tiles.get(tile.key) !== tile) continue;
        this.draw(tile);
        this._finish(tile);
      }
      if (this.waiting.length) requestAnimationFrame(() => this._work());
      else if (this.settled()) this.fire("drawn");
    },

    draw(tile) {
      const { canvas } = tile;
      const frame = new Frame(tile.coords);
      const context = beltmap.paper(canvas);
      context.scale(canvas.width / TILE, canvas.height / TILE);
      const dots = new Map();
      const batches = new Map();
      const { dot, few } = this;
      const { set, rows } = this.rowsOn(tile, frame.window((few ? SYMBOL.radius : dot.radius) + 4)) ?? { rows: [] };
      for (const row of rows) {
        const style = this.styleOf(set, row);
        const size = frame.size(set, row);
        if (few && this.options.dots && size < SYMBOL.below && this.isPlaceholder(set, row)) {
          this._symbol(context, this.styles[style], frame.centre(set, row));
        } else if (this.options.dots && (set.isPoint(row) || size < dot.below)) {
          if (!dots.has(style)) dots.set(style, []);
          dots.get(style).push(frame.centre(set, row));
        } else if (size < SMALL && !few) {
          if (!batches.has(style)) batches.set(style, new Path2D());
          frame.trace(set, row, batches.get(style));
        } else {
          context.beginPath();
          frame.trace(set, row, context);
          paint(context, this.styles[style], null, { closed: set.isArea(row) });
        }
      }
      for (const [style, path] of batches) paint(context, this.styles[style], path, { plain: true });
      for (const [style, points] of dots) this._dots(context, this.styles[style], points, dot.radius);
      beltmap.shown(canvas, context);
    },

    // a point symbol in the colour of a kind: no outline, so no size
    _symbol(context, style, [x, y]) {
      context.beginPath();
      context.arc(x, y, SYMBOL.radius, 0, 2 * Math.PI);
      paint(context, { ...style, fill: 1, stroke: "#fff", width: 1.5, dash: [] });
    },

    _dots(context, style, points, radius) {
      context.globalAlpha = 1;
      context.setLineDash([]);
      context.fillStyle = style.color;
      if (radius < 2) {
        for (const [x, y] of points) context.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
        return;
      }
      context.strokeStyle = "#fff";
      context.lineWidth = 1.5;
      for (const [x, y] of points) {
        context.beginPath();
        context.arc(x, y, radius, 0, 2 * Math.PI);
        context.fill();
        context.stroke();
      }
    },

    // red, green, blue and alpha of a place, as this layer draws it; null off the map
    pixel(latlng) {
      const point = this._map.project(latlng, this._map.getZoom());
      const coords = point.divideBy(TILE).floor();
      const key = `${coords.x}:${coords.y}:${this._map.getZoom()}`;
      const tile = this.tiles.get(key)?.canvas;
      if (!tile) return null;
      const at = point.subtract(coords.multiplyBy(TILE)).multiplyBy(tile.width / TILE).floor();
      const one = new OffscreenCanvas(1, 1).getContext("2d");
      one.drawImage(tile, -at.x, -at.y);
      return Array.from(one.getImageData(0, 0, 1, 1).data);
    },
  });

  Object.assign(beltmap, { DOT, SYMBOL, TILE, TileLayer, paint, paper, shown });
})();

// Writes names on the map where there is room: zones, places, districts, seas.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});

  const PADDING = 0.25; // share of the view that is labelled around it
  const MOST = 400; // zones that are tried for a name
  const LINE = 1.22; // height of a line, in font sizes
  const GAP = 3; // pixels kept free around a name
  const ROOM = 30; // pixels across, from which a zone is named at any zoom
  const NAMED = 11; // zoom from which all zones are tried
  const NAMED_FEW = 9; // the same where the view has no more zones than this:
  const FEW = 40;
  const LARGE = 120; // pixels across, from which a name stands inside its zone

  // how a place of a role is written and marked; zooms between which it shows
  const ROLES = {
    sea: { size: 12, style: "italic 400", color: "#6f97ab", spacing: "0.08em", from: 6, to: 13, center: true },
    bay: { size: 11, style: "italic 400", color: "#6f97ab", spacing: "0.04em", from: 9, to: 14, center: true },
    city: { size: 14, style: "600", color: "#33414d", from: 5, to: 11, center: true },
    district: { size: 11, style: "500", color: "#76828b", spacing: "0.04em", from: 10, to: 14, center: true },
    rival: { size: 10.5, style: "500", color: "#5a6570", mark: "question", from: 9, named: 10 },
    university: { size: 10.5, style: "400", color: "#6b7680", mark: "square", from: 11, named: 12 },
    port: { size: 10.5, style: "400", color: "#6b7680", mark: "diamond", from: 10, named: 12 },
    airport: { size: 10.5, style: "400", color: "#6b7680", mark: "triangle", from: 10, named: 12 },
    context: { size: 10.5, style: "400", color: "#6b7680", mark: "ring", from: 11, named: 12 },
    axis: { size: 10.5, style: "500", color: "#5a6570", line: [6, 5], from: 9, named: 10 },
    leader: { color: "#5a6570", line: [2, 4], from: 7 },
  };
  beltmap.PLACE_LINES = { axis: ROLES.axis, leader: ROLES.leader };
  const ORDER = ["city", "rival", "university", "context", "airport", "port", "district", "bay", "sea"];
  const ZONE = { size: 11.5, style: "600", color: "#17232d", halo: 3.5 };
  const BELOW = { size: 11, style: "400", color: "#3d4a55", halo: 3 };

  const MARKS = {
    square: (g) => (g.rect(-3, -3, 6, 6), g.fill()),
    diamond: (g) => (g.moveTo(0, -4.2), g.lineTo(4.2, 0), g.lineTo(0, 4.2), g.lineTo(-4.2, 0), g.closePath(), g.fill()),
    triangle: (g) => (g.moveTo(0, -4.4), g.lineTo(4.2, 3.2), g.lineTo(-4.2, 3.2), g.closePath(), g.fill()),
    ring: (g) => (g.arc(0, 0, 3.2, 0, 7), g.stroke()),
    question: (g) => {
      g.arc(0, 0, 7, 0, 7);
      g.globalAlpha = 0.85;
      g.fillStyle = "#fff";
      g.fill();
      g.globalAlpha = 1;
      g.setLineDash([2.4, 2.2]);
      g.stroke();
      g.setLineDash([]);
      g.font = "600 9.5px sans-serif";
      g.textAlign = "center";
      g.textBaseline = "middle";
      g.fillStyle = g.strokeStyle;
      g.fillText("?", 0, 0.5);
    },
  };

  function drawMark(context, name, x, y, color) {
    context.save();
    context.translate(x, y);
    context.beginPath();
    context.fillStyle = context.strokeStyle = color;
    context.lineWidth = 1.4;
    MARKS[name](context);
    context.restore();
  }

  // break a long name into lines of nearly equal length
  function wrap(name, most = 20) {
    const words = name.split(" ");
    const count = Math.ceil(name.length / most);
    const lines = [""];
    for (const word of words) {
      const line = lines.at(-1);
      if (line && line.length + word.length / 2 > name.length / count) lines.push(word);
      else lines[lines.length - 1] = line ? `${line} ${word}` : word;
    }
    return lines;
  }

  // Rectangles that are taken, and whether another one fits between them.
  class Room {
    // seen: the part of it that the map shows
    constructor(seen) {
      Object.assign(this, { seen, taken: [] });
    }

    shows([x0, y0, x1, y1]) {
      const [left, top, right, bottom] = this.seen;
      return x0 >= left && y0 >= top && x1 <= right && y1 <= bottom;
    }

    fits([x0, y0, x1, y1]) {
      return this.taken.every((t) => t[0] >= x1 || t[2] <= x0 || t[1] >= y1 || t[3] <= y0);
    }

    take(box) {
      this.taken.push(box);
    }
  }

  const LabelLayer = L.Layer.extend({
    // zones: layer of zones; places: ZoneSet of points with names and roles, or null
    initialize(zones, places, { language, pane }) {
      L.setOptions(this, { pane });
      Object.assign(this, { zones, places, showPlaces: true, marks: [], language });
    },

    onAdd(map) {
      this.canvas = L.DomUtil.create("canvas", "beltmap-labels", this.getPane());
      this.canvas.setAttribute("aria-hidden", "true");
      this.font = getComputedStyle(map.getContainer()).fontFamily;
      this.redraw();
    },

    onRemove() {
      this.canvas.remove();
    },

    getEvents() {
      return {
        moveend: this.redraw,
        resize: this.redraw,
        zoomstart: () => (this.canvas.style.visibility = "hidden"),
      };
    },

    redraw() {
      if (!this._map) return;
      const map = this._map;
      const size = map.getSize();
      const margin = size.multiplyBy(PADDING).floor();
      const corner = map.containerPointToLayerPoint(margin.multiplyBy(-1));
      const all = size.add(margin.multiplyBy(2));
      const ratio = window.devicePixelRatio || 1;
      this.canvas.width = Math.round(all.x * ratio);
      this.canvas.height = Math.round(all.y * ratio);
      this.canvas.style.width = `${all.x}px`;
      this.canvas.style.height = `${all.y}px`;
      this.canvas.style.visibility = "";
      L.DomUtil.setPosition(this.canvas, corner);
      this.context = beltmap.paper(this.canvas);
      this.context.scale(ratio, ratio);
      this.origin = map.getPixelOrigin().add(corner);
      this.scale = (256 * 2 ** map.getZoom()) / beltmap.WORLD;
      this.view = [
        this.origin.x / this.scale, this.origin.y / this.scale,
        (this.origin.x + all.x) / this.scale, (this.origin.y + all.y) / this.scale,
      ];
      this.room = new Room([margin.x, margin.y, margin.x + size.x, margin.y + size.y]);
      this.marks = [];
      this._keepControlsFree(margin);
      const named = this._zonesToName();
      this._keepZonesFree(named);
      this._drawPlaces(["leader", "axis", "rival"]);
      for (const zone of named) this._nameZone(zone);
      this._drawPlaces(ORDER.filter((role) => role !== "rival"));
      beltmap.shown(this.canvas, this.context);
    },

    _pixel(x, y) {
      return [x * this.scale - this.origin.x, y * this.scale - this.origin.y];
    },

    _sizeOf({ set: { boxes }, at }) {
      return Math.max(boxes[4 * at + 2] - boxes[4 * at], boxes[4 * at + 3] - boxes[4 * at + 1]) * this.scale;
    },

    _zonesToName() {
      const { count, zones } = this.zones.inView(this.view, MOST);
      const wide = this._map.getZoom() >= (count <= FEW ? NAMED_FEW : NAMED);
      return zones.filter((zone) => wide || this._sizeOf(zone) >= ROOM);
    },

    // a name behind the legend or a button could not be read
    _keepControlsFree(margin) {
      const frame = this._map.getContainer().getBoundingClientRect();
      for (const control of this._map.getContainer().querySelectorAll(".leaflet-control")) {
        const box = control.getBoundingClientRect();
        const [x, y] = [box.left - frame.left + margin.x, box.top - frame.top + margin.y];
        this.room.take([x, y, x + box.width, y + box.height]);
      }
    },

    // a name must not hide another zone
    _keepZonesFree(zones) {
      for (const zone of zones) {
        const size = this._sizeOf(zone);
        if (size > LARGE) continue;
        const [x, y] = this._pixel(...zone.set.anchor(zone.at));
        const half = Math.max(5, 0.4 * size);
        this.room.take([x - half, y - half, x + half, y + half]);
      }
    },

    _nameZone(zone) {
      const { set, at } = zone;
      const [first, second] = this.language === "zh" ? ["name_zh", "name_en"] : ["name_en", "name_zh"];
      const name = set.get(first, at) ?? set.get(second, at) ?? set.get("name", at) ?? set.get("shown_id", at) ?? set.get("id", at);
      if (!name) return;
      const other = this._map.getZoom() >= NAMED + 1 ? set.get(second, at) : null;
      const lines = wrap(name).map((text) => ({ text, ...ZONE }));
      if (other && other !== name) lines.push(...wrap(other, 26).map((text) => ({ text, ...BELOW })));
      const [x, y] = this._pixel(...set.anchor(at));
      const size = this._sizeOf(zone);
      if (size > LARGE) this._place(lines, x, y, Math.min(0.28 * size, 160) - 24, true);
      else this._place(lines, x, y, size / 2 + 5, false);
    },

    _drawPlaces(roles) {
      const { places } = this;
      if (!places || !this.showPlaces) return;
      const zoom = this._map.getZoom();
      const codes = places.codes("role");
      const names = places.values("role");
      for (const role of roles) {
        const look = ROLES[role];
        if (zoom < look.from || zoom > (look.to ?? 99)) continue;
        places.index.search(...this.view, (row) => {
          if (names[codes[row]] !== role) return;
          this._drawPlace(row, look, zoom);
        });
      }
    },

    // a line along or to a possible place
    _drawLine(row, { line, color }) {
      const g = this.context;
      const { places } = this;
      g.save();
      g.beginPath();
      for (let v = places.first(row); v < places.last(row); v++) {
        const [x, y] = this._pixel(places.x[v], places.y[v]);
        if (v === places.first(row)) g.moveTo(x, y);
        else g.lineTo(x, y);
      }
      g.setLineDash(line);
      g.lineWidth = 1.6;
      g.strokeStyle = color;
      g.stroke();
      g.restore();
    },

    _drawPlace(row, look, zoom) {
      const [x, y] = this._pixel(...this.places.anchor(row));
      if (look.line) {
        this._drawLine(row, look);
        if (!look.named || zoom < look.named) return;
      }
      if (look.mark) {
        drawMark(this.context, look.mark, x, y, look.color);
        this.marks.push({ x: x + this.origin.x, y: y + this.origin.y, row });
        this.room.take([x - 6, y - 6, x + 6, y + 6]);
        if (zoom < look.named) return;
      }
      const name = this.places.get(this.language === "zh" ? "name_zh" : "name_en", row);
      if (!name) return;
      const other = look.mark ? null : this.places.get(this.language === "zh" ? "name_en" : "name_zh", row);
      const lines = wrap(name, 24).map((text) => ({ text, halo: 3, ...look }));
      if (other && other !== name) lines.push({ text: other, halo: 3, ...look, size: look.size - 1.5, style: "400" });
      this._place(lines, x, y, 9, Boolean(look.center));
    },

    // write lines at the first free position around a point, if there is one not cut by the map's edge
    _place(lines, x, y, reach, center) {
      const g = this.context;
      let width = 0, height = 0;
      for (const line of lines) {
        this._font(line);
        width = Math.max(width, g.measureText(line.text).width);
        height += line.size * LINE;
      }
      const [w, h] = [width / 2, height / 2];
      const slant = reach * 0.75;
      const around = [
        [x + reach + w, y, "left"], [x - reach - w, y, "right"],
        [x, y - reach - h, "center"], [x, y + reach + h, "center"],
        [x + slant + w, y - slant - h / 2, "left"], [x + slant + w, y + slant + h / 2, "left"],
        [x - slant - w, y - slant - h / 2, "right"], [x - slant - w, y + slant + h / 2, "right"],
      ];
      const tried = center ? [[x, y, "center"], ...around.slice(2)] : around;
      let best = null;
      for (const [cx, cy, align] of tried) {
        const box = [cx - w - GAP, cy - h - GAP, cx + w + GAP, cy + h + GAP];
        if (!this.room.fits(box)) continue;
        const whole = this.room.shows(box);
        if (whole || !best) best = { cx, cy, align, box };
        if (whole) break;
      }
      if (!best) return;
      const { cx, cy, align, box } = best;
      this.room.take(box);
      this._write(lines, align === "left" ? cx - w : align === "right" ? cx + w : cx, cy - h, align);
    },

    _font({ style, size, spacing }) {
      this.context.font = `${style} ${size}px ${this.font}`;
      this.context.letterSpacing = spacing ?? "0px";
    },

    _write(lines, x, top, align) {
      const g = this.context;
      g.textAlign = align;
      g.textBaseline = "middle";
      g.lineJoin = "round";
      for (const line of lines) {
        this._font(line);
        const y = top + (line.size * LINE) / 2;
        g.lineWidth = line.halo;
        g.strokeStyle = "rgba(255, 255, 255, 0.88)";
        g.strokeText(line.text, x, y);
        g.fillStyle = line.color;
        g.fillText(line.text, x, y);
        top += line.size * LINE;
      }
    },

    // row of the place whose mark is under a point of the world in pixels, or -1
    markAt(point) {
      const found = this.marks.find((mark) => Math.hypot(mark.x - point.x, mark.y - point.y) < 9);
      return found ? found.row : -1;
    },

    setPlaces(show) {
      this.showPlaces = show;
      this.redraw();
    },
  });

  Object.assign(beltmap, { LabelLayer, drawMark });
})();

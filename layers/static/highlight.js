// Shows one zone above all: its outline, and how far its place may be off.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const SMALL = 20; // pixels across, below which a chosen zone gets a ring
  const MOST = 50_000; // vertices; a longer outline is not repeated on hover

  class Highlight {
    constructor(map) {
      this.pane = map.createPane("beltmap-marks");
      this.pane.style.zIndex = 420;
      this.pane.style.pointerEvents = "none";
      this.options = { pane: "beltmap-marks", renderer: L.svg({ pane: "beltmap-marks", padding: 0.5 }), interactive: false };
      this.chosen = L.layerGroup().addTo(map);
      this.hovered = L.layerGroup().addTo(map);
      this.hovering = null;
      map.on("zoomend", () => this.#fitRing());
      this.map = map;
    }

    #fitRing() {
      if (!this.ring) return;
      const pixels = (this.ring.size * 256 * 2 ** this.map.getZoom()) / beltmap.WORLD;
      this.ring.layer.setStyle({ opacity: pixels < SMALL ? 1 : 0 });
    }

    #outline(group, set, row, lines) {
      const shape = set.isPoint(row) || set.shape[row] === 4 ? null : set.latLngs(row);
      for (const look of lines) {
        const style = { ...this.options, fill: false, smoothFactor: 0.4, ...look };
        const layer = shape
          ? (set.isArea(row) ? L.polygon(shape, style) : L.polyline(shape, style))
          : L.circleMarker(beltmap.latLng(...set.anchor(row)), { ...style, radius: 8 });
        group.addLayer(layer);
      }
    }

    // zone: {set, at}, or null; dash: of the zone's own outline, which the choice keeps;
    // region: the zone anywhere in which it may lie, or null
    choose(zone, dash = [], region = null) {
      this.chosen.clearLayers();
      this.ring = null;
      this.hover(null);
      if (!zone?.set.drawn(zone.at)) return;
      const { set, at: row } = zone;
      const centre = beltmap.latLng(...set.anchor(row));
      const radius = set.get("location_uncertainty_m", row);
      if (region) {
        this.#outline(this.chosen, region.set, region.at, [
          { color: "#f2c230", weight: 9, opacity: 0.55 },
          { color: "#17232d", weight: 1.4, opacity: 0.75, dashArray: "7 6", fill: true, fillColor: "#f2c230", fillOpacity: 0.22, className: "beltmap-region" },
        ]);
      } else if (radius && (set.get("region", row) ?? null) === null) {
        const circle = { ...this.options, radius, color: "#17232d", weight: 1.4, opacity: 0.75, dashArray: "7 6", fillColor: "#17232d", fillOpacity: 0.03, className: "beltmap-uncertainty" };
        this.chosen.addLayer(L.circle(centre, circle));
      }
      this.#outline(this.chosen, set, row, [
        { color: "#fff", weight: 7, opacity: 0.95 },
        { color: "#17232d", weight: 3, dashArray: dash.map((length) => length * 1.5).join(" "), className: "beltmap-selected" },
      ]);
      // a ring, so that a zone of a few pixels is found as well
      const ring = L.circleMarker(centre, { ...this.options, radius: 11, color: "#17232d", weight: 2, fill: false });
      this.ring = { layer: ring, size: Math.max(set.boxes[4 * row + 2] - set.boxes[4 * row], set.boxes[4 * row + 3] - set.boxes[4 * row + 1]) };
      this.chosen.addLayer(ring);
      this.#fitRing();
    }

    hover(zone) {
      if (zone?.row === this.hovering?.row) return;
      this.hovering = zone;
      this.hovered.clearLayers();
      if (!zone || zone.set.last(zone.at) - zone.set.first(zone.at) > MOST) return;
      this.#outline(this.hovered, zone.set, zone.at, [
        { color: "#fff", weight: 4.5, opacity: 0.7 },
        { color: "#17232d", weight: 1.8, opacity: 0.9 },
      ]);
    }
  }

  beltmap.Highlight = Highlight;
})();

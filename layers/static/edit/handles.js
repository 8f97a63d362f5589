// The corners of an outline on the map: moved, put in, taken out, by mouse or touch.
"use strict";

(() => {
  const edit = ((window.beltmap ??= {}).edit ??= {});

  const MOST = 300; // corners with a handle at a time; those in view, then every so many
  const MIDDLES = 120; // corners up to which there are handles between them
  const ROOM = 26; // pixels between two corners that leave room for one
  const REACH = 10; // pixels within which a corner is drawn to another's

  function latLng([x, y]) {
    return [y / edit.GRID, x / edit.GRID];
  }

  function onGrid({ lat, lng }) {
    return [Math.round(lng * edit.GRID), Math.round(lat * edit.GRID)];
  }

  function replaced(shape, [polygon, ring], change) {
    return shape.map((rings, i) => (i === polygon ? rings.map((corners, j) => (j === ring ? change(corners) : corners)) : rings));
  }

  class Handles {
    // desk: gives the shape and its neighbours, is told of previews and of new shapes
    constructor(map, desk) {
      Object.assign(this, { map, desk });
      this.group = L.layerGroup().addTo(map);
      this.again = () => this.draw();
      map.on("moveend zoomend", this.again);
    }

    remove() {
      this.map.off("moveend zoomend", this.again);
      this.group.remove();
    }

    // metres that a few pixels are here
    get reach() {
      const { lat } = this.map.getCenter();
      return (REACH * 40_075_017 * Math.cos((lat * Math.PI) / 180)) / (256 * 2 ** this.map.getZoom());
    }

    snapped(latlng, { alone = false } = {}) {
      const p = onGrid(latlng);
      return alone ? p : (edit.snapped(p, this.desk.neighbours(), this.reach) ?? p);
    }

    draw() {
      if (this.dragging) return;
      this.group.clearLayers();
      const shape = this.desk.shape();
      this.shown = this.all = 0;
      if (!shape) return;
      const view = this.map.getBounds().pad(0.05);
      const seen = [];
      shape.forEach((rings, i) => rings.forEach((ring, j) => ring.forEach((p, k) => {
        this.all += 1;
        if (view.contains(latLng(p))) seen.push([[i, j], k, p]);
      })));
      const step = Math.ceil(seen.length / MOST) || 1;
      const chosen = seen.filter((_, at) => at % step === 0);
      this.shown = chosen.length;
      if (step === 1 && seen.length <= MIDDLES) for (const [place, k, p] of chosen) this.#middle(shape, place, k, p);
      for (const [place, k, p] of chosen) this.#corner(place, k, p);
      this.#whole(shape);
    }

    #marker(p, name, size, options = {}) {
      const icon = L.divIcon({ className: `beltmap-handle beltmap-${name}`, iconSize: [size, size] });
      return L.marker(latLng(p), { icon, draggable: true, keyboard: false, autoPan: true, ...options }).addTo(this.group);
    }

    // start: the shape when a drag begins; change: what a place makes of it
    #drags(marker, change) {
      let start;
      marker.on("dragstart", () => {
        this.dragging = true;
        start = this.desk.shape();
      });
      marker.on("drag", ({ latlng, originalEvent }) => {
        const p = this.snapped(latlng, { alone: originalEvent?.altKey });
        this.desk.preview(change(start, p), this.map.latLngToContainerPoint(latLng(p)));
      });
      marker.on("dragend", () => {
        this.dragging = false;
        this.desk.settle();
      });
    }

    #corner(place, k, p) {
      const marker = this.#marker(p, "corner", 12, { zIndexOffset: 500 });
      this.#drags(marker, (shape, to) => replaced(shape, place, (ring) => ring.with(k, to)));
      const out = (event) => {
        L.DomEvent.stop(event);
        this.desk.takeOut(place, k);
      };
      marker.on("dblclick contextmenu", out);
    }

    #middle(shape, place, k, p) {
      const ring = shape[place[0]][place[1]];
      const q = ring[(k + 1) % ring.length];
      const [one, other] = [p, q].map((corner) => this.map.latLngToContainerPoint(latLng(corner)));
      if (one.distanceTo(other) < ROOM) return;
      const marker = this.#marker([(p[0] + q[0]) / 2, (p[1] + q[1]) / 2], "middle", 9);
      this.#drags(marker, (from, to) => replaced(from, place, (corners) => corners.toSpliced(k + 1, 0, to)));
    }

    #whole(shape) {
      const centre = edit.centroid(shape).map(Math.round);
      const marker = this.#marker(centre, "whole", 22, { zIndexOffset: 1000 });
      marker.on("dragstart", () => {
        this.dragging = true;
        this.start = shape;
      });
      marker.on("drag", ({ latlng }) => {
        const [x, y] = onGrid(latlng);
        this.desk.preview(edit.shifted(this.start, x - centre[0], y - centre[1]), this.map.latLngToContainerPoint(latlng));
      });
      marker.on("dragend", () => {
        this.dragging = false;
        this.desk.settle();
      });
    }
  }

  Object.assign(edit, { Handles, latLng, onGrid, replaced });
})();

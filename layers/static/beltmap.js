// The plan on a Leaflet map: loads the payloads, follows the page, reports clicks.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});

  const REACH = 6; // pixels around the pointer in which a small zone is hit
  const SAME_SPOT = 5; // pixels between two clicks that count as one place
  const FIT_MOST = 14; // zoom beyond which nothing is brought into view
  const CLOSE = 13; // the same for a single zone, so that its surroundings show
  const TOGETHER = 8; // how many times as wide as the first city all of them are shown at once
  const RESIZING = 400; // milliseconds in which a map of new size comes to rest
  const SETTLED = 300; // milliseconds of rest before the link is rewritten
  const PAUSE = 40; // milliseconds between tiles that come and their names
  const SHOW_ALL = { mask: null, filter: "all", extent: null, selected: -1, shown: true };

  function calm() {
    return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  class Tip {
    constructor(map) {
      this.map = map;
      this.box = beltmap.make("div", { class: "beltmap-tip", role: "tooltip", hidden: "" });
      map.getContainer().append(this.box);
    }

    show(point, lines) {
      this.box.replaceChildren(...lines.filter(({ text }) => text).map((line) => beltmap.make("div", line)));
      this.box.hidden = false;
      const size = this.map.getSize();
      const { offsetWidth: width, offsetHeight: height } = this.box;
      const x = Math.max(4, Math.min(point.x + 14, size.x - width - 6));
      const y = point.y + 18 + height > size.y ? point.y - height - 10 : point.y + 18;
      this.box.style.transform = `translate(${x}px, ${y}px)`;
    }

    hide() {
      this.box.hidden = true;
    }
  }

  class Plan {
    // setup: addresses of the payloads, and what to say if they cannot be read;
    // picked: called with the zone that was clicked, null for none
    // asked: called with what the desk asks of the page
    constructor(map, setup, picked, asked) {
      Object.assign(this, { map, picked, broken: setup.broken, address: setup.zones, apart: Boolean(setup.pane), ready: false, selected: -1, chosen: null, wanted: null, applied: {} });
      // Leaflet gives the map the focus at a press; the page must not scroll under the pointer
      const place = map.getContainer();
      place.focus = () => HTMLElement.prototype.focus.call(place, { preventScroll: true });
      this.editing = new beltmap.Editing(this, asked);
      this.loading = this.#load(setup).catch((error) => {
        console.error(error);
        beltmap.notice(map, setup.broken, { stays: true });
      });
    }

    async #load({ zones, land, water, roads, places, drawn }) {
      const optional = (address) => (address ? beltmap.load(address) : null);
      const sets = await Promise.all([zones, land, water, roads, places].map((one, at) => (at ? optional(one) : beltmap.load(one))));
      [this.set, this.land, this.water, this.roads, this.places] = sets;
      this.meta = this.set.meta;
      this.words = this.meta.words;
      this.kinds = this.set.values("kind").map((value) => this.meta.kinds[value ?? ""]);
      this.look = new beltmap.Look(this.#link());
      this.#draw();
      this.#listen();
      this.zones.filter(this.wanted ?? SHOW_ALL);
      // the frame may have got its size since the map was made
      this.map.invalidateSize({ pan: false });
      const view = this.#linked() ?? this.wanted?.view;
      if (view) this.map.setView([view.lat, view.lon], view.zoom, { animate: false });
      else this.#begin();
      if (view) this.followed = this.wanted?.view?.n;
      // not before the view is known: it would be drawn twice
      this.background.choose(this.meta.basemaps[0].code);
      this.zones.addTo(this.map);
      this.labels.addTo(this.map);
      this.#dress();
      this.ready = true;
      this.#apply({ placed: Boolean(view) });
      this.map.fire("beltmap:ready");
      if (drawn) requestAnimationFrame(() => navigator.sendBeacon(drawn));
    }

    #draw() {
      const { map, set, meta } = this;
      map.getContainer().setAttribute("role", "region");
      map.getContainer().setAttribute("aria-label", this.words.aria);
      // a map's own document names neither, as it is the same for all plans
      document.documentElement.lang ||= meta.language === "zh" ? "zh-CN" : meta.language;
      document.title ||= this.words.aria;
      map.createPane("beltmap-zones").style.zIndex = 300;
      map.createPane("beltmap-labels").style.zIndex = 450;
      map.getPane("beltmap-labels").style.pointerEvents = "none";
      const Zones = meta.tiles ? beltmap.TiledZones : beltmap.WholeZones;
      this.zones = new Zones(set, this.kinds, { pane: "beltmap-zones" });
      this.labels = new beltmap.LabelLayer(this.zones, this.places, { language: meta.language, pane: "beltmap-labels" });
      this.background = new beltmap.Background(map, this, meta.basemaps, ({ label }) =>
        beltmap.notice(map, this.words.background_failed.replace("{name}", label)));
      this.highlight = new beltmap.Highlight(map);
      this.tip = new Tip(map);
      beltmap.addControls(this, meta);
      this.reading = new beltmap.Reading(this, this.words);
      beltmap.touch(this, this.words);
    }

    #listen() {
      const { map } = this;
      map.on("click", (event) => this.#click(event));
      map.on("mousemove", (event) => {
        cancelAnimationFrame(this.hovering);
        // the desk speaks of what it changes
        if (!this.editing.desk) this.hovering = requestAnimationFrame(() => this.#hover(event));
      });
      const leave = () => {
        cancelAnimationFrame(this.hovering);
        this.tip.hide();
        this.over = null;
        this.highlight.hover(null);
      };
      map.on("mouseout movestart zoomstart", leave);
      this.zones.on("drawn", () => this.#label());
      this.zones.once("broken", () => beltmap.notice(map, this.broken, { stays: true }));
      let resized = -Infinity;
      map.on("resize", () => (resized = performance.now()));
      // a page that changes its width has not been moved by its reader
      map.on("moveend", () => performance.now() - resized > RESIZING && this.#remember());
    }

    // what the page wants shown; may come before the zones have been loaded
    update(state) {
      const behind = this.ahead && state.turn?.[0] === this.ahead.turn[0] && state.turn[1] < this.ahead.turn[1];
      if (!behind) this.ahead = null;
      this.wanted = behind ? { ...state, mask: this.ahead.mask } : state;
      if (this.ready) this.#apply();
    }

    // the zones that a reader chose, until the page knows of it
    choose({ zones, mask, turn }) {
      if (this.apart || zones !== this.address || !this.wanted || this.meta?.tiles) return;
      this.ahead = { mask, turn };
      this.wanted = { ...this.wanted, mask };
      if (this.ready) this.#apply();
    }

    // placed: the view is there already, so that a selection must not move it
    #apply({ placed = false } = {}) {
      const { wanted, applied } = this;
      if (!wanted) return;
      const filtered = this.zones.filter(wanted);
      if (filtered) this.#shown();
      if (wanted.basemap !== applied.basemap) this.background.choose(this.look.basemap ?? wanted.basemap);
      const moved = this.#follow(wanted.view) || placed;
      if (wanted.selected !== applied.selected) {
        // a zone that was clicked is in view already; two maps beside each other show all
        const fit = !moved && !this.apart && wanted.selected !== this.selected;
        this.#select(wanted.selected, { fit });
      } else if (filtered && !moved && !this.apart && !this.editing.desk) this.#seek();
      this.applied = wanted;
      this.editing.update(wanted.edit ?? null);
      if (this.remembered) this.#remember();
    }

    // other zones are shown than before
    #shown() {
      this.labels.redraw();
      this.#choose(this.chosen);
    }

    // zones of a tiled layer get their names when they arrive
    #label() {
      clearTimeout(this.labelling);
      if (this.meta.tiles) this.labelling = setTimeout(() => this.map.dragging.moving() || this.labels.redraw(), PAUSE);
    }

    // raise a zone above the others, unless it is hidden
    #choose(zone) {
      this.chosen = zone;
      const shown = zone && this.zones.shows(zone);
      const region = shown ? (zone.set.get("region", zone.at) ?? -1) : -1;
      const choose = (within) => this.highlight.choose(shown ? zone : null, shown ? this.zones.dashOf(zone) : [], within);
      choose(null);
      // somewhere in another zone: that one is lit, not a circle
      if (region >= 0) this.zones.find(region, (within) => this.chosen === zone && choose(within));
    }

    // as the link has it drawn
    #dress() {
      const { look } = this;
      this.set.values("kind").forEach((kind, code) => look.hidden.has(kind ?? "") && this.zones.showKind(code, false));
      if (look.opacity < 1) this.zones.setOpacity(look.opacity);
      if (!look.places) this.labels.setPlaces(false);
    }

    // what a reader switches in the legend is kept in the link

    showKind(code, on) {
      this.look.hide(this.set.values("kind")[code] ?? "", !on);
      this.zones.showKind(code, on);
      this.#shown();
      this.#remember();
    }

    setOpacity(opacity) {
      this.look.opacity = opacity;
      this.zones.setOpacity(opacity);
      this.#remember();
    }

    showPlaces(on) {
      this.look.places = on;
      this.labels.setPlaces(on);
      this.#remember();
    }

    chooseBasemap(code) {
      this.look.basemap = code;
      this.background.choose(code);
      this.#remember();
    }

    #select(row, { fit }) {
      this.selected = row;
      if (row < 0) {
        this.#choose(null);
        this.map.fire("beltmap:selected", { id: null });
        return;
      }
      this.zones.find(row, (zone) => {
        if (this.selected !== row) return;
        this.#choose(zone);
        this.map.fire("beltmap:selected", { id: zone.set.get("id", zone.at) });
        if (fit && zone.set.drawn(zone.at)) this.#fit(this.#surroundings(zone), { maxZoom: CLOSE });
      });
    }

    #union(one, other) {
      return [Math.min(one[0], other[0]), Math.min(one[1], other[1]), Math.max(one[2], other[2]), Math.max(one[3], other[3])];
    }

    // box of a zone and of how far its place may be off, in world units
    #surroundings({ set, at }) {
      const box = Array.from(set.boxes.subarray(4 * at, 4 * at + 4));
      const metres = set.get("location_uncertainty_m", at);
      const region = set.get("region", at) ?? null;
      if (region !== null && region >= 0 && !this.meta.tiles) return this.#union(box, this.set.boxes.subarray(4 * region, 4 * region + 4));
      if (!metres || region !== null) return box;
      const around = L.latLng(beltmap.latLng(...set.anchor(at))).toBounds(2 * metres);
      return [
        Math.min(box[0], beltmap.worldX(around.getWest())), Math.min(box[1], beltmap.worldY(around.getNorth())),
        Math.max(box[2], beltmap.worldX(around.getEast())), Math.max(box[3], beltmap.worldY(around.getSouth())),
      ];
    }

    #click({ latlng, containerPoint, originalEvent }) {
      const reach = originalEvent?.pointerType === "touch" ? 2 * REACH : REACH;
      const found = this.zones.hits(latlng, this.map.getZoom(), reach);
      if (this.editing.takes(found[0])) return;
      const hits = found.map(({ row }) => row);
      const again = this.clicked && this.clicked.distanceTo(containerPoint) <= SAME_SPOT && hits.includes(this.selected);
      const next = again ? (hits.indexOf(this.selected) + 1) % hits.length : 0;
      const row = hits.length ? hits[next] : -1;
      this.clicked = containerPoint;
      this.pick(row, { fit: false });
    }

    // select a zone, or none, as a click does
    pick(row, { fit = true } = {}) {
      if (row === -1 && this.selected === -1) return;
      this.#select(row, { fit });
      if (row < 0) this.picked(null);
      else this.zones.find(row, (zone) => this.selected === row && this.picked(zone));
    }

    // ids of all zones, null where they come in tiles
    ids() {
      return this.meta.tiles ? null : Array.from({ length: this.set.rows }, (_, row) => this.set.get("id", row));
    }

    // bring a zone, or a place, into view
    fly({ row, lat, lon, zoom = this.map.getZoom() }) {
      const { minZoom, maxZoom } = this.map.options;
      if (row >= 0) this.zones.find(row, (zone) => zone.set.drawn(zone.at) && this.#fit(this.#surroundings(zone), { maxZoom: CLOSE }));
      else if (Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && zoom >= minZoom && zoom <= maxZoom) this.map.flyTo([lat, lon], zoom, { animate: !calm() });
    }

    // point at a zone without a pointer
    point(zone) {
      const { map } = this;
      this.highlight.hover(zone.row === this.selected ? null : zone);
      if (!zone.set.drawn(zone.at)) {
        this.tip.hide();
        return;
      }
      const place = L.latLng(beltmap.latLng(...zone.set.anchor(zone.at)));
      map.panInside(place, { padding: [40, 40], animate: false });
      this.tip.show(map.latLngToContainerPoint(place), this.#aboutZone(zone));
    }

    nameOf({ set, at }) {
      return this.#names(set, at)[0].text;
    }

    #hover({ latlng, containerPoint }) {
      const place = this.labels.markAt(this.map.project(latlng));
      const zone = place >= 0 ? null : (this.zones.hits(latlng, this.map.getZoom(), REACH)[0] ?? null);
      this.map.getContainer().classList.toggle("beltmap-over", Boolean(zone));
      this.over = zone?.row ?? null;
      if (place >= 0) this.tip.show(containerPoint, this.#aboutPlace(place));
      if (!zone || zone.row === this.selected) this.highlight.hover(null);
      if (place < 0 && !zone) this.tip.hide();
      if (zone) this.zones.find(zone.row, (exact) => this.#show(exact, containerPoint));
    }

    // tell about the zone under the pointer, unless the pointer has gone on
    #show(zone, containerPoint) {
      if (this.over !== zone.row) return;
      if (zone.row !== this.selected) this.highlight.hover(zone);
      this.tip.show(containerPoint, this.#aboutZone(zone));
    }

    #names(set, row) {
      const names = [set.get("name_en", row), set.get("name_zh", row)];
      if (this.meta.language === "zh") names.reverse();
      const [first, second] = names;
      return [
        { text: first ?? second ?? set.get("name", row) ?? set.get("shown_id", row) ?? set.get("id", row), class: "beltmap-tip-name" },
        { text: first && second !== first ? second : null, class: "beltmap-tip-other" },
      ];
    }

    #aboutZone({ set, at: row }) {
      const { words, meta } = this;
      const basis = set.get("area_basis", row);
      const area = (basis === "nominal" ? null : set.get("declared_area_km2", row)) ?? set.get("drawn_area_km2", row);
      const said = area === null ? null : words[`area_${basis ?? "drawn"}`]
        .replace("{area}", words.area)
        .replace("{amount}", new Intl.NumberFormat(meta.language, { maximumFractionDigits: 2 }).format(area * meta.per_km2));
      const kind = meta.kinds[set.get("kind", row) ?? ""].label;
      return [...this.#names(set, row), { text: [kind, said].filter(Boolean).join(" · "), class: "beltmap-tip-fact" }];
    }

    #aboutPlace(row) {
      const role = this.places.get("role", row);
      return [...this.#names(this.places, row), { text: this.words[`role_${role}`], class: "beltmap-tip-fact" }];
    }

    // bring a box of world units into view, beside the panel
    #fit([west, north, east, south], { animate = !calm(), maxZoom = FIT_MOST } = {}) {
      const bounds = L.latLngBounds(beltmap.latLng(west, south), beltmap.latLng(east, north));
      const panel = this.map.getContainer().querySelector(".beltmap-body:not([hidden])");
      const options = { maxZoom, paddingTopLeft: [56, 32], paddingBottomRight: [panel ? panel.offsetWidth + 32 : 24, 36] };
      if (animate) this.map.flyToBounds(bounds, { ...options, duration: 0.7 });
      else this.map.fitBounds(bounds, { ...options, animate: false });
    }

    fitAll(options) {
      const box = this.zones.extent() ?? this.land?.bounds();
      if (box) this.#fit(box, options);
      else this.map.setView([35, 105], 4, { animate: false });
    }

    // where the plan begins with a city, or all of its zones
    fitCity(code, { animate = !calm() } = {}) {
      const view = this.meta.views?.[this.set.values("city")[code]];
      const box = this.zones.cityBox(code);
      if (view) this.map.setView([view.lat, view.lon], view.zoom, { animate });
      else if (box) this.#fit(box, { animate });
    }

    // all cities at once where they lie near each other, else the first
    #begin() {
      const box = this.zones.firstBox();
      const code = this.zones.firstCity();
      const all = this.zones.extent();
      const size = ([west, north, east, south]) => Math.max(east - west, south - north);
      const near = box && all && size(all) > size(box) && size(all) < TOGETHER * size(box);
      if (near) this.fitAll({ animate: false });
      else if (code !== null) this.fitCity(code, { animate: false });
      else if (box) this.#fit(box, { animate: false });
      else this.fitAll({ animate: false });
    }

    // go to the zones that are shown where they are all elsewhere, or offer to where they are around
    #seek() {
      this.offer?.remove();
      const window = this.#window();
      const box = this.zones.shownBox();
      if (!box || this.zones.inView(window, 1).count) return;
      if (!beltmap.meets(box, 0, window)) this.#fit(box);
      // tiles of what is in view may still be on their way
      else if (!this.meta.tiles) this.#offer(() => this.#fit(this.zones.shownBox() ?? box));
    }

    #offer(go) {
      const { map, words } = this;
      this.offer = beltmap.notice(map, words.elsewhere, { stays: true });
      const leave = () => {
        if (this.offer.isConnected && !this.zones.inView(this.#window(), 1).count) return;
        this.offer.remove();
        map.off("moveend", leave);
      };
      map.on("moveend", leave);
      this.offer.append(beltmap.make("button", { type: "button", text: words.elsewhere_go, onclick: go }));
      L.DomEvent.disableClickPropagation(this.offer);
    }

    // what is in view, in world units
    #window() {
      const bounds = this.map.getBounds();
      return [
        beltmap.worldX(bounds.getWest()), beltmap.worldY(bounds.getNorth()),
        beltmap.worldX(bounds.getEast()), beltmap.worldY(bounds.getSouth()),
      ];
    }

    // go where the page asks, once a request; tell whether it did
    #follow(view) {
      if (!view || view.n === this.followed) return false;
      this.followed = view.n;
      this.map.setView([view.lat, view.lon], view.zoom, { animate: false });
      return true;
    }

    // the view in the page's link, if there is a good one: it outlives this frame
    #linked() {
      const link = this.#link();
      if (!link) return null;
      const [lat, lon, zoom] = ["lat", "lon", "zoom"].map((name) => Number.parseFloat(link.get(name)));
      const { minZoom, maxZoom } = this.map.options;
      const good = Math.abs(lat) <= 85 && Math.abs(lon) <= 180 && zoom >= minZoom && zoom <= maxZoom;
      return good ? { lat, lon, zoom: Math.round(zoom) } : null;
    }

    // parameters of the page's link; null where it says nothing of this map
    #link() {
      if (this.apart) return null;
      try {
        return new URL(window.parent.location.href).searchParams;
      } catch {
        // a page of another origin keeps its link to itself
        return null;
      }
    }

    // write view and look into the page's link, leaving its other parameters alone
    #remember() {
      if (this.apart) return;
      clearTimeout(this.settling);
      this.settling = setTimeout(() => {
        try {
          const { location, history } = window.parent;
          const link = new URL(location.href);
          const { lat, lng } = this.map.getCenter().wrap();
          link.searchParams.set("lat", lat.toFixed(4));
          link.searchParams.set("lon", lng.toFixed(4));
          link.searchParams.set("zoom", String(this.map.getZoom()));
          this.look.write(link.searchParams);
          if (link.href !== location.href) history.replaceState(history.state, "", link);
          this.remembered = true;
        } catch {
          // a page of another origin keeps its link to itself
        }
      }, SETTLED);
    }

    // for tests: rows of zones in the view
    visibleRows() {
      return this.zones.inView(this.#window()).zones.map(({ row }) => row).sort((a, b) => a - b);
    }

    pixel(lat, lon) {
      return this.zones.pixel(L.latLng(lat, lon));
    }
  }

  // called once for a map
  beltmap.start = (map, setup, picked = () => {}, asked = () => {}) => {
    map.beltmap = new Plan(map, setup, picked, asked);
    if (setup.pane) beltmap.pair(map, setup.pane);
  };
})();

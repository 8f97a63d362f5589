// The desk beside the map: picks a zone, its tools, its figures, its words, its keeping.
"use strict";

(() => {
  const edit = ((window.beltmap ??= {}).edit ??= {});

  const KM2 = 1e6;
  const UNITS = [["km2", 1e6, 4], ["ha", 1e4, 2], ["mu", 10_000 / 15, 1]];
  const PAGE = 100; // rows of the table of corners at a time
  const KEPT = "beltmap-draft:";
  const SAID = ["by", "basis", "note"];
  const TOOLS = ["undo", "redo", "new", "redraw", "strip", "split", "merge", "grow", "simplify", "remove"];
  const MANY = 5_000; // corners that can be moved without delay
  const MARKS = { undo: "↶", redo: "↷" };

  function remembered(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  }

  function remember(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // a browser that keeps nothing: the draft lives as long as the page
    }
  }

  class Desk {
    // told: what to edit, see layers/map/editing.py; tell: called with what the page is to do
    constructor(plan, data, tell) {
      Object.assign(this, { plan, map: plan.map, data, tell, words: data.words, id: null, mode: null, path: [], first: 0 });
      this.draft = new edit.Draft(data.zones);
      this.key = KEPT + data.plan;
      this.facts = new Map(data.zones.map((zone) => [zone.id, zone]));
      this.numbers = new Map();
      this.#build();
      const { map } = this;
      const pane = map.getPane("beltmap-edit") ?? map.createPane("beltmap-edit");
      pane.style.zIndex = 440;
      this.lines = L.layerGroup().addTo(map);
      this.handles = new edit.Handles(map, this);
      this.onKey = (event) => this.#keyed(event);
      document.addEventListener("keydown", this.onKey);
      this.onClick = (event) => this.#clicked(event);
      this.onMove = (event) => this.#moved(event);
      map.on("click", this.onClick).on("mousemove", this.onMove);
      map.doubleClickZoom.disable();
      map.getContainer().classList.add("beltmap-editing");
      this.#offer();
      const chosen = data.selected && this.draft.zone(data.selected) ? data.selected : null;
      this.pick(chosen);
    }

    close() {
      document.removeEventListener("keydown", this.onKey);
      this.map.off("click", this.onClick).off("mousemove", this.onMove);
      this.map.doubleClickZoom.enable();
      this.map.getContainer().classList.remove("beltmap-editing");
      this.handles.remove();
      this.lines.remove();
      this.box.remove();
      this.plan.tip.hide();
    }

    // ---- what the handles ask

    shape() {
      return this.id && !this.mode ? (this.draft.zone(this.id)?.shape ?? null) : null;
    }

    neighbours() {
      return this.draft.ids().filter((id) => id !== this.id).map((id) => this.draft.zone(id).shape).filter(Boolean);
    }

    preview(shape, pixel) {
      if (shape.flat(2).length === 0) return;
      this.draft.show(this.id, { ...this.draft.zone(this.id), shape });
      this.#draw();
      const figures = this.#figures();
      const { area, off } = this.numbers;
      this.plan.tip.show(pixel, [
        { text: this.#areaWords(area)[0], class: "beltmap-tip-name" },
        { text: off === null ? null : this.#say("off_by", { value: this.#signed(off) }), class: "beltmap-tip-fact" },
      ]);
      return figures;
    }

    settle() {
      this.plan.tip.hide();
      const shown = this.draft.preview;
      if (shown) this.put(shown.value.shape);
    }

    takeOut([i, j], k) {
      const shape = this.shape();
      if (shape[i][j].length > 3) this.put(edit.replaced(shape, [i, j], (ring) => ring.toSpliced(k, 1)));
      else this.say("least_corners");
    }

    // give the zone another outline
    put(shape, ...more) {
      const value = { ...this.draft.zone(this.id), shape };
      this.draft.put([this.id, value], ...more);
      this.changed();
    }

    changed() {
      const { changes } = this.draft;
      remember(this.key, changes.size ? { at: new Date().toISOString(), difference: this.difference() } : null);
      if (this.id && !this.draft.zone(this.id)) this.id = null;
      this.show();
    }

    difference() {
      const { plan, stamp } = this.data;
      const said = Object.fromEntries(SAID.map((name) => [name, this.fields[name].value.trim()]).filter(([, value]) => value));
      return this.draft.difference({ name: this.fields.name.value.trim(), base: { plan, stamp }, at: new Date().toISOString().slice(0, 19) + "Z", ...said });
    }

    // ---- words

    #say(key, values = {}) {
      return Object.entries(values).reduce((words, [name, value]) => words.replace(`{${name}}`, value), this.words[key] ?? key);
    }

    say(key, values, { stays = false } = {}) {
      this.status.textContent = key ? this.#say(key, values) : "";
      this.status.classList.toggle("beltmap-stays", stays);
      this.status.classList.remove("beltmap-done");
    }

    name(id) {
      const properties = this.draft.zone(id)?.properties ?? {};
      const [own, other] = this.data.language === "zh" ? ["name_zh", "name_en"] : ["name_en", "name_zh"];
      return properties[own] || properties[other] || id;
    }

    #number(value, decimals, more = {}) {
      return new Intl.NumberFormat(this.data.language, { maximumFractionDigits: decimals, ...more }).format(value);
    }

    #areaWords(area) {
      return UNITS.map(([unit, size, decimals]) => `${this.#number(area / size, decimals)} ${this.words[unit]}`);
    }

    #signed(area) {
      return `${this.#number(area / KM2, 4, { signDisplay: "exceptZero" })} ${this.words.km2}`;
    }

    // ---- the desk itself

    #build() {
      const { make } = window.beltmap;
      const button = (name, act, more = {}) => {
        const one = make("button", { type: "button", text: this.words[name], class: `beltmap-do beltmap-do-${name}`, ...more });
        one.addEventListener("click", act);
        return one;
      };
      this.fields = {};
      const field = (name, attributes = {}, tag = "input") => {
        const input = make(tag, attributes);
        this.fields[name] = input;
        return this.#labelled(this.words[name], input);
      };
      this.box = make("section", { class: "beltmap-desk", "aria-label": this.words.title });
      this.status = make("p", { class: "beltmap-status", role: "status" });
      this.offered = make("div", { class: "beltmap-offer", hidden: "" });
      this.choice = make("select", {});
      this.choice.addEventListener("change", () => this.pick(this.choice.value || null));
      this.tools = {};
      const bar = make("div", { class: "beltmap-tools", role: "toolbar", "aria-label": this.words.tools });
      for (const name of TOOLS) {
        const mark = MARKS[name] ? { text: MARKS[name], "aria-label": this.words[name], title: this.words[name] } : {};
        this.tools[name] = button(name, () => this.use(name), mark);
        bar.append(this.tools[name]);
      }
      this.facts_ = make("dl", { class: "beltmap-figures" });
      this.drawing = make("div", { class: "beltmap-drawing", hidden: "" });
      this.corners = this.#part("corners");
      this.form = this.#part("properties");
      const who = this.#part("source");
      if (!this.data.by) who.append(make("p", { text: this.words.source_note, class: "beltmap-note" }));
      who.append(field("by", { autocomplete: "name", maxlength: "200" }), field("basis", { maxlength: "500" }), field("note", { maxlength: "2000" }, "textarea"), field("name", { maxlength: "80" }));
      this.fields.by.value = this.data.by ?? remembered("beltmap-by") ?? "";
      // whom a proxy knows does not say otherwise
      this.fields.by.readOnly = Boolean(this.data.by);
      this.fields.by.addEventListener("change", () => remember("beltmap-by", this.fields.by.value));
      const keep = make("div", { class: "beltmap-keep" });
      this.saving = this.data.may_save ? [button("save", () => this.send("save")), button("keep", () => this.send("keep"))] : [];
      keep.append(...this.saving, button("download", () => this.#download()), button("geopackage", () => this.#geopackage()), button("discard", () => this.discard()));
      if (!this.data.may_save) keep.append(make("p", { text: this.words.no_rights, class: "beltmap-note" }));
      const head = make("header", {});
      head.append(make("h2", { text: this.words.title }), button("close", () => this.tell({ do: "close" })));
      this.box.append(head, this.offered, this.status, this.#labelled(this.words.zone, this.choice), bar, this.drawing, this.facts_, this.corners.parentNode, this.form.parentNode, who.parentNode, keep);
      L.DomEvent.disableClickPropagation(this.box);
      L.DomEvent.disableScrollPropagation(this.box);
      this.map.getContainer().append(this.box);
    }

    #labelled(words, input) {
      const label = window.beltmap.make("label", { text: words });
      label.append(input);
      return label;
    }

    #part(name) {
      const { make } = window.beltmap;
      const part = make("details", { class: `beltmap-part beltmap-${name}` });
      const inner = make("div", {});
      part.append(make("summary", { text: this.words[name] }), inner);
      part.addEventListener("toggle", () => part.open && this.show());
      return inner;
    }

    pick(id) {
      this.#leave();
      this.id = id;
      this.first = 0;
      this.say(null);
      const shape = this.shape();
      if (shape) {
        const [west, south, east, north] = edit.box(shape);
        const bounds = L.latLngBounds(edit.latLng([west, south]), edit.latLng([east, north]));
        const wide = this.map.getSize().x > 560;
        this.map.fitBounds(bounds, { animate: false, maxZoom: 16, paddingTopLeft: [40, 40], paddingBottomRight: wide ? [340, 40] : [40, 280] });
      }
      this.show();
    }

    show() {
      const { make } = window.beltmap;
      const ids = this.draft.ids();
      this.choice.replaceChildren(make("option", { value: "", text: this.words.none }), ...ids.map((id) => make("option", { value: id, text: (this.draft.changes.has(id) ? "• " : "") + this.name(id) })));
      this.choice.value = this.id ?? "";
      const shape = this.shape();
      const zone = this.id !== null;
      const stated = zone && this.draft.zone(this.id).properties.declared_area_km2;
      this.handles.draw();
      const able = {
        undo: this.draft.at > 0, redo: this.draft.at + 1 < this.draft.states.length,
        new: true, redraw: zone, strip: true, split: Boolean(shape), merge: Boolean(shape),
        grow: Boolean(shape && stated), simplify: this.handles.all > MANY, remove: zone,
      };
      for (const name of TOOLS) {
        this.tools[name].disabled = !able[name];
        this.tools[name].setAttribute("aria-pressed", String(this.mode === name));
      }
      this.tools.simplify.hidden = !able.simplify;
      this.#draw();
      this.#figures();
      if (this.corners.parentNode.open) this.#corners();
      if (this.form.parentNode.open) this.#form();
      if (able.simplify) this.say("very_many", { all: this.#number(this.handles.all, 0), shown: this.#number(this.handles.shown, 0), most: this.#number(MANY, 0) });
      else if (this.handles.all > this.handles.shown && shape) this.say("part_shown", { shown: this.#number(this.handles.shown, 0), all: this.#number(this.handles.all, 0) });
    }

    // ---- what is drawn

    #draw() {
      const style = { pane: "beltmap-edit", interactive: false, fill: false };
      const put = (shape, options) => L.polygon(shape.map((rings) => rings.map((ring) => ring.map(edit.latLng))), { ...style, ...options }).addTo(this.lines);
      this.lines.clearLayers();
      for (const id of this.draft.changes.keys()) {
        const was = this.draft.base.get(id)?.shape;
        if (was) put(was, { color: "#5a6570", weight: 1.5, dashArray: "3 5" });
        const now = this.draft.zone(id)?.shape;
        if (now && id !== this.id) put(now, { color: "#b3410e", weight: 2 });
      }
      for (const { now } of this.clashes ?? []) if (now?.shape) put(now.shape, { color: "#8b1a4f", weight: 3, dashArray: "8 4" });
      const shape = this.id ? this.draft.zone(this.id)?.shape : null;
      if (shape) {
        put(shape, { color: "#fff", weight: 6 });
        put(shape, { color: "#b3410e", weight: 2.5, fill: true, fillOpacity: 0.12, className: "beltmap-edited" });
        this.crossed = edit.crossings(shape);
        for (const p of this.crossed.slice(0, 50)) L.circleMarker(edit.latLng(p), { ...style, radius: 9, color: "#c40000", weight: 3, className: "beltmap-crossing" }).addTo(this.lines);
      } else {
        this.crossed = [];
      }
      if (this.path.length) {
        const line = [...this.path, ...(this.pointer && this.mode ? [this.pointer] : [])].map(edit.latLng);
        L.polyline(line, { ...style, color: "#b3410e", weight: 2.5, dashArray: "6 4", className: "beltmap-path" }).addTo(this.lines);
        for (const p of this.path) L.circleMarker(edit.latLng(p), { ...style, radius: 4, color: "#b3410e", fill: true, fillColor: "#fff", fillOpacity: 1 }).addTo(this.lines);
      }
    }

    // ---- figures, at every movement

    #frame(zone) {
      const whole = this.facts.get(zone.properties.part_of);
      if (whole?.frame && this.draft.zone(whole.id)?.shape) return whole.id;
      return null;
    }

    #measure() {
      const zone = this.draft.zone(this.id);
      const { shape, properties } = zone;
      const area = edit.area(shape);
      const stated = properties.declared_area_km2 ?? null;
      const frame = this.#frame(zone);
      const shared = [];
      for (const id of this.draft.ids()) {
        const other = id === this.id ? null : this.draft.zone(id).shape;
        const metres2 = other ? edit.overlap(shape, other) : 0;
        if (metres2 > 0.5 || id === frame) shared.push([id, metres2]);
      }
      const inside = shared.find(([id]) => id === frame)?.[1] ?? null;
      return { area, stated, off: stated === null ? null : area - stated * KM2, length: edit.length(shape), shared, frame, outside: frame ? Math.max(0, area - inside) : null };
    }

    #figures() {
      const { make } = window.beltmap;
      this.facts_.replaceChildren();
      if (!this.id || !this.draft.zone(this.id)?.shape) return;
      const found = (this.numbers = this.#measure());
      const row = (name, words, value, title = this.words[name]) => {
        const dd = make("dd", { "data-figure": name, "data-value": String(value) });
        dd.append(...[words].flat().map((text) => make("span", { text })));
        this.facts_.append(make("dt", { text: title }), dd);
      };
      row("area", this.#areaWords(found.area), found.area / KM2);
      if (found.off !== null) {
        row("stated", `${this.#number(found.stated, 4)} ${this.words.km2}`, found.stated);
        const percent = this.#number((100 * found.off) / (found.stated * KM2), 2, { signDisplay: "exceptZero" });
        row("off", [this.#signed(found.off), `${percent} %`], found.off / KM2);
      }
      row("length", `${this.#number(found.length / 1000, 3)} ${this.words.km}`, found.length / 1000);
      for (const [id, metres2] of found.shared) {
        if (metres2 > 0.5) row("overlap", `${this.#number(metres2 / KM2, 4)} ${this.words.km2}`, metres2 / KM2, this.#say("overlap", { zone: this.name(id) }));
      }
      if (found.frame) row("outside", `${this.#number(found.outside / KM2, 4)} ${this.words.km2}`, found.outside / KM2, this.#say("outside", { zone: this.name(found.frame) }));
      if (this.crossed.length) row("crossings", this.#say("crossed_at", { n: this.crossed.length }), this.crossed.length);
    }

    // ---- corners, for keyboards

    #corners() {
      const { make } = window.beltmap;
      const shape = this.shape();
      if (!shape) return this.corners.replaceChildren(make("p", { text: this.words.not_drawn }));
      const places = shape.flatMap((rings, i) => rings.flatMap((ring, j) => ring.map((p, k) => [i, j, k, p])));
      this.first = Math.min(this.first, Math.floor((places.length - 1) / PAGE) * PAGE);
      const table = make("table", {});
      const head = make("tr", {});
      head.append(...["#", this.words.lon, this.words.lat, ""].map((text) => make("th", { text, scope: "col" })));
      table.append(head);
      places.slice(this.first, this.first + PAGE).forEach(([i, j, k, p], at) => {
        const number = this.first + at + 1;
        const row = make("tr", {});
        const inputs = p.map((value, axis) => {
          const label = `${number} ${this.words[axis ? "lat" : "lon"]}`;
          const input = make("input", { type: "number", step: "0.0001", value: String(value / edit.GRID), "aria-label": label, min: axis ? "-85" : "-180", max: axis ? "85" : "180" });
          input.addEventListener("change", () => {
            const typed = Math.round(Number.parseFloat(input.value) * edit.GRID);
            if (!Number.isFinite(typed) || !input.checkValidity() && input.validity.rangeOverflow | input.validity.rangeUnderflow) return this.say("no_number");
            this.focus = [number, axis];
            this.put(edit.replaced(this.shape(), [i, j], (ring) => ring.with(k, axis ? [ring[k][0], typed] : [typed, ring[k][1]])));
          });
          return input;
        });
        const after = make("button", { type: "button", text: "+", "aria-label": this.#say("insert", { n: number }) });
        after.addEventListener("click", () => {
          this.focus = [number + 1, 0];
          this.put(edit.replaced(this.shape(), [i, j], (ring) => {
            const q = ring[(k + 1) % ring.length];
            return ring.toSpliced(k + 1, 0, [Math.round((ring[k][0] + q[0]) / 2), Math.round((ring[k][1] + q[1]) / 2)]);
          }));
        });
        const out = make("button", { type: "button", text: "×", "aria-label": this.#say("take_out", { n: number }) });
        out.addEventListener("click", () => {
          this.focus = [Math.max(1, number - 1), 0];
          this.takeOut([i, j], k);
        });
        row.append(make("td", { text: String(number) }), ...inputs.map((input) => { const td = make("td", {}); td.append(input); return td; }));
        const last = make("td", {});
        last.append(after, out);
        row.append(last);
        table.append(row);
      });
      const parts = [this.#moving(), table];
      if (places.length > PAGE) parts.splice(1, 0, this.#pages(places.length));
      this.corners.replaceChildren(...parts);
      if (this.focus) {
        const [number, axis] = this.focus;
        this.focus = null;
        this.corners.querySelector(`[aria-label="${number} ${this.words[axis ? "lat" : "lon"]}"]`)?.focus();
      }
    }

    // the whole zone by metres
    #moving() {
      const { make } = window.beltmap;
      const line = make("div", { class: "beltmap-moving" });
      const inputs = ["east", "north"].map((name) => make("input", { type: "number", value: "0", step: "10", "data-move": name }));
      const move = make("button", { type: "button", text: this.words.move });
      move.addEventListener("click", () => {
        const [east, north] = inputs.map((input) => Number.parseFloat(input.value) || 0);
        const shape = this.shape();
        const steps = edit.scale(edit.centroid(shape)[1]);
        this.put(edit.shifted(shape, Math.round(east / steps.east), Math.round(north / steps.north)));
      });
      line.append(...["east", "north"].map((name, at) => this.#labelled(this.words[name], inputs[at])), move);
      return line;
    }

    #pages(count) {
      const { make } = window.beltmap;
      const select = make("select", { "aria-label": this.words.corners });
      for (let first = 0; first < count; first += PAGE) select.append(make("option", { value: String(first), text: `${first + 1}–${Math.min(first + PAGE, count)}` }));
      select.value = String(this.first);
      select.addEventListener("change", () => {
        this.first = Number(select.value);
        this.#corners();
      });
      return select;
    }

    // ---- properties, from the plan's vocabulary

    #form() {
      const { make } = window.beltmap;
      if (!this.id) return this.form.replaceChildren(make("p", { text: this.words.pick_first }));
      const { properties } = this.draft.zone(this.id);
      const fields = this.data.columns.map((column) => this.#property(column, properties[column.name] ?? null));
      this.form.replaceChildren(make("p", { text: this.id, class: "beltmap-note" }), ...fields);
    }

    #property({ name, label, type, options }, value) {
      const { make } = window.beltmap;
      if (type === "several") {
        const group = make("fieldset", { "data-column": name });
        const given = value ? value.split(";") : [];
        group.append(make("legend", { text: label }));
        for (const [code, words] of options) {
          const tick = make("input", { type: "checkbox", value: code });
          tick.checked = given.includes(code);
          tick.addEventListener("change", () => this.#write(name, [...group.querySelectorAll("input:checked")].map((one) => one.value).join(";") || null));
          const line = make("label", { class: "beltmap-tick" });
          line.append(tick, document.createTextNode(` ${words}`));
          group.append(line);
        }
        return group;
      }
      let input;
      if (type === "one") {
        const zones = name === "part_of" ? this.draft.ids().filter((id) => id !== this.id).map((id) => [id, this.name(id)]) : options;
        input = make("select", {});
        input.append(make("option", { value: "", text: "–" }), ...zones.map(([code, words]) => make("option", { value: code, text: words })));
        if (value && !zones.some(([code]) => code === value)) input.append(make("option", { value, text: value }));
        input.value = value ?? "";
      } else {
        input = make(name.startsWith("focus") ? "textarea" : "input", type === "number" ? { type: "number", min: "0", step: "any" } : { maxlength: "2000" });
        input.value = value ?? "";
      }
      input.dataset.column = name;
      input.addEventListener("change", () => {
        if (!input.checkValidity()) return this.say("no_number");
        const typed = input.value.trim();
        this.#write(name, typed === "" ? null : type === "number" ? Number(typed) : typed);
      });
      return this.#labelled(label, input);
    }

    #write(name, value) {
      const zone = this.draft.zone(this.id);
      const properties = { ...zone.properties, [name]: value };
      // what a reader types is not what the plan states, unless they say so
      if (name === "declared_area_km2") properties.area_basis = value === null ? "nominal" : "published";
      if (name === "declared_area_km2" && value !== null) this.say("ask_source");
      this.draft.put([this.id, { ...zone, properties }]);
      this.changed();
    }

    // ---- tools

    use(name) {
      this.say(null);
      if (name === "undo" || name === "redo") {
        this.draft[name]();
        return this.changed();
      }
      if (["new", "redraw", "strip", "split", "merge"].includes(name)) return this.mode === name ? this.#end() : this.#enter(name);
      if (name === "grow") {
        const { declared_area_km2: km2 } = this.draft.zone(this.id).properties;
        return this.put(edit.scaled(this.shape(), km2 * KM2));
      }
      if (name === "simplify") return this.#simplify();
      const gone = this.id;
      this.id = null;
      this.draft.put([gone, null]);
      this.changed();
      return this.say("removed", { zone: this.facts.get(gone) ? gone : "" });
    }

    // fewer corners, in as large an area: what is lost is said
    #simplify() {
      const was = this.shape();
      const shape = edit.simplified(was, MANY);
      if (!shape) return this.say("crossed", { zone: this.name(this.id) });
      const [before, after] = [was, shape].map((one) => one.flat(2).length);
      const lost = edit.area(shape) - edit.area(was);
      this.put(shape);
      return this.say("simplified", { before: this.#number(before, 0), after: this.#number(after, 0), area: this.#signed(lost) });
    }

    #enter(mode) {
      const { make } = window.beltmap;
      this.mode = mode;
      this.path = [];
      if (mode === "new") this.id = null;
      this.drawing.hidden = false;
      this.typed = make("textarea", { rows: "3", placeholder: "120.4, 36.1" });
      const finish = make("button", { type: "button", text: this.words.finish, class: "beltmap-do" });
      finish.addEventListener("click", () => this.#end());
      const leave = make("button", { type: "button", text: this.words.cancel, class: "beltmap-do" });
      leave.addEventListener("click", () => this.#leave({ show: true }));
      const parts = [make("p", { text: this.words[`how_${mode}`], class: "beltmap-note" })];
      if (mode === "merge") {
        const others = this.draft.ids().filter((id) => id !== this.id && this.draft.zone(id).shape);
        this.other = make("select", {});
        this.other.append(...others.map((id) => make("option", { value: id, text: this.name(id) })));
        parts.push(this.#labelled(this.words.other, this.other));
      } else {
        parts.push(this.#labelled(this.words.coordinates, this.typed));
      }
      if (mode === "strip") {
        const stated = this.id && this.draft.zone(this.id).properties.declared_area_km2;
        this.width = make("input", { type: "number", min: "1", step: "any", value: stated ? "" : "100" });
        this.km2 = make("input", { type: "number", min: "0", step: "any", value: stated ? String(stated) : "" });
        parts.push(this.#labelled(this.words.width, this.width), this.#labelled(this.words.or_area, this.km2));
      }
      this.drawing.replaceChildren(...parts, finish, leave);
      this.show();
      (mode === "merge" ? this.other : this.typed).focus({ preventScroll: true });
    }

    #leave({ show = false } = {}) {
      this.mode = null;
      this.path = [];
      this.pointer = null;
      this.drawing.hidden = true;
      this.drawing.replaceChildren();
      if (show) this.show();
    }

    #clicked({ latlng, originalEvent }) {
      if (!this.mode || this.mode === "merge") return;
      const p = this.handles.snapped(latlng, { alone: originalEvent?.altKey });
      const last = this.path.at(-1);
      // the second click of a double one ends the line
      if (originalEvent?.detail > 1 || (last && last[0] === p[0] && last[1] === p[1])) return this.#end();
      this.path.push(p);
      this.#draw();
    }

    #moved({ latlng, containerPoint }) {
      if (!this.mode || !this.path.length) return;
      this.pointer = edit.onGrid(latlng);
      this.#draw();
      const corners = [...this.path, this.pointer];
      if (this.mode === "split" || this.mode === "strip" || corners.length < 3) return;
      this.plan.tip.show(containerPoint, [{ text: this.#areaWords(edit.area([[corners]]))[0], class: "beltmap-tip-name" }]);
    }

    // the corners that were clicked, or else those that were typed
    #line() {
      if (this.path.length) return this.path;
      const numbers = (line) => line.split(/[\s,;，；]+/).filter(Boolean).map(Number);
      const pairs = this.typed.value.split("\n").map(numbers).filter((pair) => pair.length);
      const good = pairs.every((pair) => pair.length === 2 && Math.abs(pair[0]) <= 180 && Math.abs(pair[1]) <= 85);
      return good ? pairs.map(([lon, lat]) => [Math.round(lon * edit.GRID), Math.round(lat * edit.GRID)]) : [];
    }

    #end() {
      this.plan.tip.hide();
      const { mode } = this;
      if (mode === "merge") return this.#merge();
      const line = this.#line();
      if (line.length < (mode === "new" || mode === "redraw" ? 3 : 2)) return this.say("more_corners");
      if (mode === "split") return this.#split(line);
      const made = mode === "strip" ? this.#strip(line) : [[line]];
      if (!made) return this.say("more_corners");
      const id = this.id ?? this.#free();
      const zone = this.draft.zone(id) ?? { properties: { ...this.data.blank, name_en: id } };
      this.draft.put([id, { ...zone, shape: made }]);
      this.id = id;
      this.#leave();
      this.changed();
      return null;
    }

    #strip(line) {
      const [width, km2] = [this.width, this.km2].map((input) => Number.parseFloat(input.value));
      if (km2 > 0) return edit.stripOf(line, km2 * KM2);
      return width > 0 ? edit.strip(line, width) : null;
    }

    #split(line) {
      const parts = edit.split(this.draft.zone(this.id).shape, line);
      if (!parts) return this.say("no_split");
      const zone = this.draft.zone(this.id);
      const id = this.#free(this.id);
      const names = Object.fromEntries(["name_en", "name_zh"].filter((name) => zone.properties[name]).map((name) => [name, `${zone.properties[name]} 2`]));
      const other = { properties: { ...zone.properties, ...names, declared_area_km2: null, area_basis: "nominal" }, shape: parts[1] };
      this.#leave();
      this.put(parts[0], [id, other]);
      return this.say("split_done", { zone: this.name(id) });
    }

    #merge() {
      const id = this.other.value;
      const [one, other] = [this.draft.zone(this.id).shape, this.draft.zone(id)?.shape];
      const shape = other && edit.merged(one, other);
      if (!shape) return this.say("no_merge");
      const name = this.name(id);
      this.#leave();
      this.put(shape, [id, null]);
      return this.say("merged", { zone: name });
    }

    // an id that no zone has
    #free(stem = "zone") {
      for (let n = 2; ; n++) if (!this.draft.base.has(`${stem}-${n}`) && !this.draft.changes.has(`${stem}-${n}`)) return `${stem}-${n}`;
    }

    #keyed(event) {
      const typing = event.target.matches?.("input:not([type=checkbox]), textarea, select");
      const command = event.ctrlKey || event.metaKey;
      if (event.key === "Escape") {
        if (this.mode) this.#leave({ show: true });
        else return;
      } else if (command && !typing && event.key.toLowerCase() === "z") this.use(event.shiftKey ? "redo" : "undo");
      else if (command && !typing && event.key.toLowerCase() === "y") this.use("redo");
      else if (event.key === "Enter" && this.mode && !typing && event.target.tagName !== "BUTTON") this.#end();
      else if (event.key === "Backspace" && this.mode && !typing) {
        this.path.pop();
        this.#draw();
      } else return;
      event.preventDefault();
    }

    // ---- keeping

    #offer() {
      const { make } = window.beltmap;
      const kept = remembered(this.key);
      if (!kept?.difference?.features?.length) return;
      const trial = new edit.Draft(this.data.zones);
      try {
        trial.take(kept.difference);
      } catch {
        return remember(this.key, null);
      }
      if (!trial.changes.size) return remember(this.key, null);
      const yes = make("button", { type: "button", text: this.words.resume, class: "beltmap-do" });
      const no = make("button", { type: "button", text: this.words.discard, class: "beltmap-do" });
      const when = new Date(kept.at).toLocaleString(this.data.language);
      yes.addEventListener("click", () => this.resume(kept.difference));
      no.addEventListener("click", () => this.discard());
      this.offered.replaceChildren(make("p", { text: this.#say("offer", { n: trial.changes.size, when }) }), yes, no);
      this.offered.hidden = false;
    }

    // take a draft up again; what someone else has changed meanwhile is asked about
    resume(difference) {
      this.offered.hidden = true;
      this.clashes = this.draft.take(difference);
      for (const name of [...SAID, "name"]) if (difference[name] && !this.fields[name].readOnly) this.fields[name].value = difference[name];
      if (this.clashes.length) this.#choose();
      this.changed();
    }

    #choose() {
      const { make } = window.beltmap;
      const rows = this.clashes.map((clash) => {
        const line = make("div", { class: "beltmap-clash" });
        const mine = this.#areaOf(clash.mine);
        const theirs = this.#areaOf(clash.now);
        line.append(make("p", { text: this.#say("clash", { zone: this.name(clash.id), mine, theirs }) }));
        const decide = (words, take) => {
          const one = make("button", { type: "button", text: words, class: "beltmap-do" });
          one.addEventListener("click", () => {
            this.clashes = this.clashes.filter((other) => other !== clash);
            this.draft.put([clash.id, take]);
            this.#choose();
            this.changed();
          });
          line.append(one);
        };
        decide(this.words.mine, clash.mine);
        decide(this.words.theirs, clash.now);
        return line;
      });
      this.offered.replaceChildren(...rows);
      this.offered.hidden = !rows.length;
    }

    #areaOf(zone) {
      return zone?.shape ? this.#areaWords(edit.area(zone.shape))[0] : "–";
    }

    discard() {
      this.offered.hidden = true;
      this.clashes = [];
      this.#leave();
      this.draft.put(...[...this.draft.changes.keys()].map((id) => [id, this.draft.base.get(id) ?? null]));
      this.changed();
    }

    #crossing() {
      return [...this.draft.changes].find(([, value]) => value?.shape && edit.crossings(value.shape).length)?.[0];
    }

    send(what) {
      const difference = this.difference();
      if (!difference.features.length) return this.say("nothing");
      if (this.clashes?.length) return this.say("choose_first");
      const crossed = what === "save" && this.#crossing();
      if (crossed) return this.say("crossed", { zone: this.name(crossed) });
      for (const name of what === "keep" ? ["by", "name"] : ["by", "basis"]) {
        if (this.fields[name].value.trim()) continue;
        this.fields[name].closest("details")?.setAttribute("open", "");
        this.fields[name].focus();
        return this.say(`ask_${name}`);
      }
      this.say("sent");
      return this.tell({ do: what, name: this.fields.name.value.trim(), difference: JSON.stringify(difference) });
    }

    #download() {
      const difference = this.difference();
      if (!difference.features.length) return this.say("nothing");
      this.#give(new Blob([JSON.stringify(difference)], { type: "application/geo+json" }), "geojson");
      return this.say("downloaded");
    }

    // the page makes a GeoPackage of the plan as it would be, and answers with its address
    #geopackage() {
      const difference = this.difference();
      if (!difference.features.length) return this.say("nothing");
      if (this.clashes?.length) return this.say("choose_first");
      this.say("making");
      return this.tell({ do: "geopackage", difference: JSON.stringify(difference) });
    }

    #give(blob, ending) {
      const name = (this.fields.name.value.trim() || "changes").replace(/[^\p{L}\p{N} ._-]/gu, "_");
      const link = window.beltmap.make("a", { download: `${name}.${ending}` });
      link.href = URL.createObjectURL(blob);
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    }

    async #fetch(address) {
      const answer = await fetch(address);
      if (answer.ok) this.#give(await answer.blob(), "gpkg");
      else this.say("lost_file");
    }

    // what the page answers to what it was told
    answer({ turn, lines, file, refused }) {
      if (turn === this.answered) return;
      this.answered = turn;
      if (file) this.#fetch(file);
      this.status.classList.toggle("beltmap-done", !refused);
      this.status.replaceChildren(...lines.map((text) => window.beltmap.make("span", { text })));
    }
  }

  edit.Desk = Desk;
})();

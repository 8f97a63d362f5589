// Legend and controls: what is drawn, how, and switches for it.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const NARROW = 560; // pixels of map, below which the panel starts closed
  const BUTTONS = 4; // cities that get a button each; more share a list

  // make an element; text never becomes markup
  function make(tag, properties = {}, ...children) {
    const { text, ...rest } = properties;
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(rest)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else element.setAttribute(name, value);
    }
    if (text !== undefined) element.textContent = text;
    element.append(...children.filter(Boolean));
    return element;
  }

  // an image: of each canvas the browser makes a layer, and of each text beside one
  function sample(width, height, draw) {
    const ratio = window.devicePixelRatio || 1;
    const canvas = make("canvas", { width: width * ratio, height: height * ratio });
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    draw(context);
    return make("img", { src: canvas.toDataURL(), alt: "", width, height });
  }

  function areaSample(style) {
    return sample(26, 16, (g) => {
      g.beginPath();
      g.roundRect(1.5, 1.5, 23, 13, 3);
      beltmap.paint(g, { ...style, width: 1.5, dash: null });
    });
  }

  function lineSample(dash, { color = "#3d4a55", width = 2 } = {}) {
    return sample(26, 16, (g) => {
      g.beginPath();
      g.moveTo(2, 8);
      g.lineTo(24, 8);
      beltmap.paint(g, { color, width, dash, fill: 0 }, null, { closed: false });
    });
  }

  function markSample(name) {
    return sample(26, 16, (g) => beltmap.drawMark(g, name, 13, 8, "#5a6570"));
  }

  function switchRow(sample, label, onchange, on = true) {
    const box = make("input", { type: "checkbox", onchange: () => onchange(box.checked) });
    box.checked = on;
    return make("label", { class: "beltmap-row" }, box, sample, make("span", { text: label }));
  }

  function control(position, element) {
    const made = new L.Control({ position });
    made.onAdd = () => {
      L.DomEvent.disableClickPropagation(element);
      L.DomEvent.disableScrollPropagation(element);
      return element;
    };
    return made;
  }

  // plan: the controller; meta: of the payload of zones
  function legend(plan, meta) {
    const { words } = meta;
    const body = make("div", { class: "beltmap-body", id: "beltmap-body" });
    const section = (title, ...rows) =>
      body.append(make("fieldset", {}, make("legend", { text: title }), ...rows));

    section(words.kinds, ...plan.kinds.map((kind, code) =>
      switchRow(areaSample(kind), kind.label, (on) => plan.showKind(code, on), !plan.look.hidden.has(plan.set.values("kind")[code] ?? ""))));
    const present = plan.set.values("boundary");
    const used = Object.entries(meta.boundaries).filter(([name]) => present.includes(name)).map(([, look]) => look);
    if (used.length) section(words.boundary, ...used.map(({ dash, label, note }) =>
      make("div", { class: "beltmap-row", title: note }, lineSample(dash), make("span", { text: label }))));

    const slider = make("input", { type: "range", min: beltmap.Look.LEAST, max: 100, step: 5, value: Math.round(100 * plan.look.opacity), "aria-label": words.opacity, oninput: () => plan.setOpacity(slider.value / 100) });
    section(words.opacity, make("div", { class: "beltmap-row" }, slider));
    if (plan.places) {
      section(words.surroundings,
        switchRow(markSample("question"), words.places, (on) => plan.showPlaces(on), plan.look.places),
        ...Object.entries(beltmap.PLACE_LINES).filter(([role]) => plan.places.values("role").includes(role)).map(([role, { color, line }]) =>
          make("div", { class: "beltmap-row" }, lineSample(line, { color, width: 1.4 }), make("span", { text: words[`role_${role}`] }))));
    }

    const choice = make("select", { "aria-label": words.background, onchange: () => plan.chooseBasemap(choice.value) },
      ...meta.basemaps.map(({ code, label }) => make("option", { value: code, text: label })));
    plan.map.on("beltmap:background", ({ entry }) => (choice.value = entry.code));
    if (meta.basemaps.length > 1) section(words.background, choice);
    if (meta.note) body.append(make("p", { class: "beltmap-note", text: meta.note }));
    return body;
  }

  function panel(plan, meta) {
    const body = legend(plan, meta);
    const open = plan.map.getSize().x >= NARROW;
    const button = make("button", { type: "button", class: "beltmap-toggle", "aria-controls": body.id, onclick: () => show(body.hidden) },
      make("span", { text: meta.words.legend }), make("span", { class: "beltmap-chevron", "aria-hidden": "true" }));
    const show = (on) => {
      body.hidden = !on;
      button.setAttribute("aria-expanded", String(on));
      plan.labels.redraw();
    };
    show(open);
    return control("topright", make("section", { class: "beltmap-panel", "aria-label": meta.words.legend }, button, body));
  }

  // let the map fill the screen, where the browser lets it
  function fullscreen(map, words) {
    if (!document.fullscreenEnabled) return null;
    const place = map.getContainer();
    const fills = () => document.fullscreenElement === place;
    const button = make("button", { type: "button", class: "beltmap-full", title: words.fullscreen, "aria-label": words.fullscreen, "aria-pressed": "false",
      onclick: () => (fills() ? document.exitFullscreen() : place.requestFullscreen()) });
    document.addEventListener("fullscreenchange", () => {
      button.setAttribute("aria-pressed", String(fills()));
      map.invalidateSize({ animate: false });
    });
    return button;
  }

  // buttons that bring all zones, or those of a city, into view
  function views(plan, meta) {
    const { words } = meta;
    const box = make("div", { class: "beltmap-views" },
      make("button", { type: "button", title: words.fit, "aria-label": words.fit, class: "beltmap-fit", onclick: () => plan.fitAll() }),
      fullscreen(plan.map, words));
    const cities = plan.set.values("city").map((city, code) => ({ label: meta.cities[city], code })).filter(({ label }) => label);
    if (cities.length > 1 && cities.length <= BUTTONS) {
      box.append(...cities.map(({ label, code }) =>
        make("button", { type: "button", text: label, title: words.fit_city.replace("{city}", label), onclick: () => plan.fitCity(code) })));
    } else if (cities.length > BUTTONS) {
      const list = make("select", { "aria-label": words.city, onchange: () => plan.fitCity(Number(list.value)) },
        make("option", { value: "-1", text: words.city }),
        ...cities.map(({ label, code }) => make("option", { value: code, text: label })));
      box.append(list);
    }
    return control("topleft", box);
  }

  function attribution(plan) {
    const line = make("div", { class: "beltmap-attribution" });
    plan.map.on("beltmap:background", ({ entry }) => {
      line.replaceChildren();
      entry.attribution.forEach(({ text, href }, i) => {
        if (i) line.append(" · ");
        line.append(href ? make("a", { href, target: "_blank", rel: "noreferrer", text }) : text);
      });
    });
    return control("bottomright", line);
  }

  // one line of text on the map, which goes away by itself unless it `stays`
  function notice(map, text, { stays = false } = {}) {
    const line = make("div", { class: "beltmap-notice", role: "status", text });
    map.getContainer().append(line);
    if (!stays) setTimeout(() => line.remove(), 9_000);
    return line;
  }

  // a scale bar in the reader's words
  function scale(words) {
    const bar = L.control.scale({ imperial: false, maxWidth: 120 });
    bar._updateMetric = (most) => {
      const metres = bar._getRoundNum(most);
      const label = metres < 1000 ? words.scale_m.replace("{n}", metres) : words.scale_km.replace("{n}", metres / 1000);
      bar._updateScale(bar._mScale, label, metres / most);
    };
    return bar;
  }

  function addControls(plan, meta) {
    const { words } = meta;
    L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(plan.map);
    views(plan, meta).addTo(plan.map);
    panel(plan, meta).addTo(plan.map);
    scale(words).addTo(plan.map);
    attribution(plan).addTo(plan.map);
  }

  Object.assign(beltmap, { addControls, make, notice });
})();

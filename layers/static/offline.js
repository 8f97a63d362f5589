// A saved map: payloads out of the file itself, filters, table and cards around it.
"use strict";

(() => {
  const setup = JSON.parse(document.getElementById("setup").textContent);
  const form = document.querySelector(".bm-choice");
  const rows = [...document.querySelectorAll("tr[data-row]")];
  const cards = [...document.querySelectorAll(".bm-of-zone")];
  const hint = document.querySelector("aside .bm-hint");
  const close = document.getElementById("close");
  const state = { ...setup.state };

  beltmap.load = async (name) => {
    const packed = atob(document.getElementById(`payload-${name}`).textContent);
    const bytes = new Blob([Uint8Array.from(packed, (letter) => letter.charCodeAt(0))]);
    const whole = bytes.stream().pipeThrough(new DecompressionStream("gzip"));
    return beltmap.decode(await new Response(whole).arrayBuffer());
  };

  // bits of the zones that are shown, as the map reads them; null for all
  function packed(shown) {
    if (shown.every(Boolean)) return null;
    const bytes = new Uint8Array(Math.ceil(shown.length / 8));
    shown.forEach((on, row) => (bytes[row >> 3] |= Number(on) << (7 - (row & 7))));
    return btoa(String.fromCharCode(...bytes));
  }

  function checked(name) {
    return [...form.querySelectorAll(`input[name=${name}]:checked`)].map(({ value }) => Number(value));
  }

  function filter() {
    const kinds = checked("kind");
    const sectors = checked("sectors");
    const shown = setup.rows.map(({ kind, sectors: own }) =>
      (!kinds.length || kinds.includes(kind)) && (!sectors.length || own.some((one) => sectors.includes(one))));
    for (const row of rows) row.hidden = !shown[Number(row.dataset.row)];
    const count = shown.filter(Boolean).length;
    form.querySelector("output").textContent = count
      ? setup.words.count.replace("{shown}", count).replace("{all}", shown.length)
      : setup.words.none;
    state.mask = packed(shown);
    tell();
  }

  function select(row) {
    state.selected = row;
    for (const card of cards) card.hidden = Number(card.dataset.row) !== row;
    close.hidden = row < 0;
    if (hint) hint.hidden = row >= 0 && cards.length > 0;
    for (const line of rows) line.setAttribute("aria-selected", String(Number(line.dataset.row) === row));
    tell();
  }

  // the map takes what is new as a whole
  function tell() {
    map.beltmap.update({ ...state });
  }

  const map = (window.map = L.map("map", setup.options));
  // a plan without a basemap has no land and no roads
  const there = ["zones", "land", "water", "roads", "places"].filter((name) => document.getElementById(`payload-${name}`));
  const own = Object.fromEntries(there.map((name) => [name, name]));
  beltmap.start(map, { ...setup.map, ...own }, (zone) => select(zone ? zone.row : -1));
  filter();
  select(state.selected);

  form.addEventListener("change", filter);
  form.addEventListener("reset", () => setTimeout(filter));
  close.addEventListener("click", () => select(-1));
  document.getElementById("print").addEventListener("click", () => window.print());
  for (const row of rows) {
    const choose = () => select(state.selected === Number(row.dataset.row) ? -1 : Number(row.dataset.row));
    row.addEventListener("click", choose);
    row.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    });
  }
  // on paper the map keeps its size on the screen and is made smaller as a whole
  const PAPER = { x: 760, y: 500 }; // CSS pixels beside a card on A4
  map.whenReady(() => {
    const measure = () => {
      const { x, y } = map.getSize();
      const style = document.documentElement.style;
      style.setProperty("--wide", `${x}px`);
      style.setProperty("--high", `${y}px`);
      style.setProperty("--shrink", String(Math.min(1, PAPER.x / x, PAPER.y / y)));
    };
    measure();
    map.on("resize", measure);
  });
})();

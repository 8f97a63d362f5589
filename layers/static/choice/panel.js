// The filters beside the map: a component of Streamlit's page, in no frame.
// A choice narrows the map here at once; the page and its link follow.
import { Columns, packed } from "./matching.js";

const TYPING = 350; // milliseconds without a letter before the page is told
const LONGEST = 200;
const UTF8 = new TextDecoder();
const panels = new WeakMap();
let ask = () => {};
let ids = 0;

function make(name, attributes = {}, ...inside) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "text") element.textContent = value;
    else element.setAttribute(key, value);
  }
  element.append(...inside);
  return element;
}

class Panel {
  constructor(place) {
    this.root = make("div", { class: "bm-pick" });
    place.append(this.root);
    this.root.addEventListener("change", (event) => event.target.type === "checkbox" && this.#chosen());
    this.root.addEventListener("input", (event) => event.target.type !== "checkbox" && this.#chosen(TYPING));
    this.root.addEventListener("keydown", (event) => event.key === "Enter" && event.target.matches("input:not([type=checkbox])") && this.#tell());
    this.root.addEventListener("focusout", () => this.waiting && this.#tell());
    this.sent = 0;
  }

  // what the page says: words, values with their counts, and the choice that it knows
  update(told, send) {
    this.send = send;
    const shape = JSON.stringify([told.words, told.facets.map(({ column, title, values }) => [column, title, values.map(([value, label]) => [value, label])])]);
    if (shape !== this.shape) this.#build(told);
    this.shape = shape;
    for (const { column, values } of told.facets) {
      values.forEach(([, , count], at) => {
        const place = this.boxes.get(column)[at].count;
        if (place.textContent !== count) place.textContent = count;
      });
    }
    if (told.epoch !== this.epoch) this.sent = told.turn;
    this.epoch = told.epoch;
    this.zones = told.zones;
    // a later choice is on its way
    if (told.turn >= this.sent && !this.waiting) this.#adopt(told.choice);
    this.#load(told.columns);
    this.root.dataset.turn = told.turn;
  }

  #build({ words, facets }) {
    const open = new Map([...this.root.querySelectorAll("details")].map((one) => [one.dataset.column, one.open]));
    this.boxes = new Map();
    this.text = make("input", { type: "search", maxlength: LONGEST, placeholder: words.text_hint, autocomplete: "off", spellcheck: "false" });
    this.clear = make("button", { type: "button", text: words.clear });
    this.clear.addEventListener("click", () => this.#clear());
    const folds = facets.map((facet) => this.#facet(facet, open.get(facet.column) ?? facet.open));
    const [least, most] = ["least", "most"].map((name) => make("input", { type: "number", min: 0, step: "any", inputmode: "decimal" }));
    Object.assign(this, { least, most });
    const range = make("div", { class: "bm-range" }, make("label", {}, words.least, least), make("label", {}, words.most, most));
    const area = this.#fold("area", words.area, open.get("area") ?? false, range);
    this.root.replaceChildren(make("label", { class: "bm-search" }, words.text, this.text), this.clear, ...folds, area, make("p", { text: words.help }));
  }

  #fold(column, title, open, ...inside) {
    const summary = make("summary", { text: title });
    const details = make("details", { "data-column": column }, summary, make("div", { role: "group", "aria-label": title }, ...inside));
    details.open = open;
    return details;
  }

  #facet({ column, title, values }, open) {
    const boxes = values.map(([value, label]) => {
      ids += 1;
      const name = make("span", { text: label, id: `bm-name-${ids}` });
      const count = make("small", { id: `bm-count-${ids}` });
      const box = make("input", { type: "checkbox", "aria-labelledby": name.id, "aria-describedby": count.id });
      return { value, box, count, line: make("label", {}, box, name, " ", count) };
    });
    this.boxes.set(column, boxes);
    const fold = this.#fold(column, title, open, ...boxes.map(({ line }) => line));
    // a plan that names no city has none to choose
    fold.hidden = !boxes.length;
    return fold;
  }

  #adopt(choice) {
    for (const [column, boxes] of this.boxes) {
      for (const { value, box } of boxes) box.checked = choice[column].includes(value);
    }
    this.text.value = choice.text;
    this.least.value = choice.least ?? "";
    this.most.value = choice.most ?? "";
    this.#offerToClear();
  }

  #choice() {
    const number = ({ value }) => (value !== "" && Number(value) >= 0 ? Number(value) : null);
    const choice = { text: this.text.value, least: number(this.least), most: number(this.most) };
    for (const [column, boxes] of this.boxes) {
      choice[column] = boxes.filter(({ box }) => box.checked).map(({ value }) => value);
    }
    return choice;
  }

  #clear() {
    this.#adopt({ text: "", least: null, most: null, ...Object.fromEntries([...this.boxes.keys()].map((column) => [column, []])) });
    this.#chosen();
  }

  #offerToClear() {
    const { text, least, most, ...facets } = this.#choice();
    this.clear.disabled = !(text || least !== null || most !== null || Object.values(facets).some((values) => values.length));
  }

  // the reader has chosen: the map first, then the page, at once or after a pause
  #chosen(pause = 0) {
    this.sent += 1;
    this.#offerToClear();
    this.#show();
    clearTimeout(this.waiting);
    this.waiting = null;
    if (pause) this.waiting = setTimeout(() => this.#tell(), pause);
    else this.#tell();
  }

  #tell() {
    clearTimeout(this.waiting);
    this.waiting = null;
    this.send({ ...this.#choice(), epoch: this.epoch, turn: this.sent });
  }

  // narrow the plan's map, without the page
  #show() {
    const choice = this.#choice();
    if (!this.columns?.knows(choice)) return;
    const mask = packed(this.columns.matches(choice));
    const message = { type: "beltmap:choose", zones: this.zones, mask, turn: [this.epoch, this.sent] };
    for (const frame of document.querySelectorAll("iframe[title^=beltmap]")) {
      frame.contentWindow?.postMessage(message, window.location.origin);
    }
  }

  async #load(address) {
    if (address === this.loaded) return;
    this.loaded = address;
    this.columns = null;
    if (!address) return;
    try {
      const answer = await fetch(`beltmap/${address}`);
      const columns = answer.ok ? new Columns(await answer.json()) : null;
      if (address === this.loaded) this.columns = columns;
      this.root.dataset.ready = String(Boolean(columns));
    } catch (error) {
      // without them the server filters, as it does in any case
      console.error(error);
    }
  }
}

// a link that asks for a place of the page, wherever it stands
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-ask]");
  if (!link) return;
  event.preventDefault();
  ask(link.dataset.ask);
});

export default function show({ data, parentElement, setStateValue, setTriggerValue }) {
  ask = (place) => setTriggerValue("ask", place);
  if (!panels.get(parentElement)?.root.isConnected) panels.set(parentElement, new Panel(parentElement));
  const told = JSON.parse(UTF8.decode(data));
  panels.get(parentElement).update(told, (choice) => setStateValue("choice", choice));
}

// The zones as a list for the keyboard: arrows go through them, Enter selects, Escape closes.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const MOST = 300; // zones in the list; of more, those in view
  const KEYS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

  class Reading {
    constructor(plan, words) {
      Object.assign(this, { plan, rows: [], at: -1 });
      const place = plan.map.getContainer();
      this.box = beltmap.make("div", { class: "beltmap-reading", role: "listbox", tabindex: "0", "aria-label": words.zones,
        onfocus: () => this.#fill(), onblur: () => this.#leave(), onkeydown: (event) => this.#keyed(event) });
      place.append(this.box);
      L.DomEvent.disableClickPropagation(this.box);
      L.DomEvent.disableScrollPropagation(this.box);
      document.addEventListener("keydown", (event) => {
        const typing = event.target.closest?.("input:not([type=checkbox]), textarea");
        if (event.key === "Escape" && !typing && !plan.editing.desk) plan.pick(-1);
      });
    }

    #fill() {
      const { zones } = this.plan;
      const all = zones.visible ? Array.from(zones.visible).flatMap((on, row) => (on ? [row] : [])) : [];
      this.rows = all.length && all.length <= MOST ? all : this.plan.visibleRows().slice(0, MOST);
      this.box.replaceChildren(...this.rows.map((row) => {
        const option = beltmap.make("div", { role: "option", id: `beltmap-zone-${row}`, "aria-selected": String(row === this.plan.selected), onclick: () => this.plan.pick(row) });
        zones.find(row, (zone) => (option.textContent = this.plan.nameOf(zone)));
        return option;
      }));
      this.#go(Math.max(0, this.rows.indexOf(this.plan.selected)));
    }

    #leave() {
      this.plan.highlight.hover(null);
      this.plan.tip.hide();
    }

    #go(at) {
      if (!this.rows.length) return;
      this.at = Math.min(Math.max(at, 0), this.rows.length - 1);
      const row = this.rows[this.at];
      [...this.box.children].forEach((one, place) => one.classList.toggle("beltmap-active", place === this.at));
      const active = this.box.children[this.at];
      this.box.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView?.({ block: "nearest" });
      this.plan.zones.find(row, (zone) => this.rows[this.at] === row && this.plan.point(zone));
    }

    #keyed(event) {
      const { key } = event;
      // the map under it would move with the arrows
      if (key in KEYS || key === "Enter" || key === " ") {
        event.preventDefault();
        event.stopPropagation();
      }
      if (key in KEYS) this.#go(this.at + KEYS[key]);
      else if ((key === "Enter" || key === " ") && this.rows.length) {
        this.plan.pick(this.rows[this.at]);
        [...this.box.children].forEach((one, place) => one.setAttribute("aria-selected", String(place === this.at)));
      }
    }
  }

  beltmap.Reading = Reading;
})();

// Opens the desk at which zones are changed: its scripts come when it is asked for.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});

  function added(tag, attributes) {
    return new Promise((done, failed) => {
      const one = beltmap.make(tag, attributes);
      one.onload = done;
      one.onerror = () => failed(new Error(`cannot load ${attributes.src ?? attributes.href}`));
      document.head.append(one);
    });
  }

  class Editing {
    constructor(plan, ask) {
      Object.assign(this, { plan, ask, told: null, desk: null, opening: null, turn: 0 });
    }

    // told: addresses of the desk and of what it edits, what was answered; null to close
    async update(told) {
      const open = told && told.data !== this.told?.data;
      this.told = told;
      if (!told || open) {
        this.desk?.close();
        this.desk = null;
        this.turn += 1;
        this.opening = open ? this.#open(told, this.turn) : null;
      }
      // what is told while the desk opens is heard by it when it is open
      await this.opening;
      if (this.told === told && told?.said) this.desk?.answer(told.said);
    }

    async #open(told, turn) {
      try {
        beltmap.edit ??= await Promise.all([added("link", { rel: "stylesheet", href: told.styles }), added("script", { src: told.scripts })]).then(() => beltmap.edit);
        const answer = await fetch(told.data);
        if (!answer.ok) throw new Error(`${answer.status} for ${told.data}`);
        const data = await answer.json();
        if (this.turn === turn) this.desk = new beltmap.edit.Desk(this.plan, { ...data, selected: this.told.zone, by: this.told.by }, this.ask);
      } catch (error) {
        console.error(error);
        beltmap.notice(this.plan.map, this.plan.broken, { stays: true });
      }
    }

    // whether a click is the desk's and not the map's
    takes(zone) {
      if (!this.desk) return false;
      const free = !this.desk.mode && !this.desk.id;
      if (free && zone) this.plan.zones.find(zone.row, ({ set, at }) => {
        const id = set.get("id", at);
        if (this.desk?.draft.zone(id)) this.desk.pick(id);
      });
      return true;
    }
  }

  beltmap.Editing = Editing;
})();

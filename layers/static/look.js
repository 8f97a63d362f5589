// How a reader had the map drawn: basemap, opacity, what is hidden; it travels in the link.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const NAMES = ["basemap", "opacity", "hidden", "places"];
  const LEAST = 10; // per cent

  class Look {
    // given: parameters of the link, null where it cannot be read
    constructor(given) {
      const opacity = Number(given?.get("opacity"));
      this.basemap = given?.get("basemap") ?? null;
      this.opacity = opacity >= LEAST && opacity <= 100 ? opacity / 100 : 1;
      this.hidden = new Set(given?.getAll("hidden"));
      this.places = given?.get("places") !== "off";
    }

    hide(kind, on) {
      this.hidden[on ? "add" : "delete"](kind);
    }

    // what is as it always is takes no room in the link
    write(link) {
      for (const name of NAMES) link.delete(name);
      if (this.basemap) link.set("basemap", this.basemap);
      if (this.opacity < 1) link.set("opacity", String(Math.round(100 * this.opacity)));
      for (const kind of this.hidden) link.append("hidden", kind);
      if (!this.places) link.set("places", "off");
    }
  }

  Object.assign(Look, { LEAST });
  beltmap.Look = Look;
})();

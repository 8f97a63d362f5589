// The map in its frame on the page: is told what to show, and tells of clicks.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const NARROW = 640; // pixels of a page up to which it is a phone's
  const LOW = 500; // the same, of its height
  const SHARE = 0.58; // of the height that the map takes there
  const LEAST = 200; // pixels of height below which a map is none
  const AGAIN = 5000; // milliseconds after which what was not answered is asked again; then twice as many, and so on
  let clicks = 0;
  let [due, waiting] = [null, null]; // what is asked and not answered, and the timer of its next time

  // in the words of Streamlit's components
  function tell(type, content) {
    const message = { isStreamlitMessage: true, type: `streamlit:${type}`, ...content };
    window.parent.postMessage(message, window.location.origin);
  }

  // the same zone may be clicked twice, and is news each time
  function picked(zone) {
    clicks += 1;
    const value = { zone: zone && zone.set.get("id", zone.at), n: clicks };
    tell("setComponentValue", { dataType: "json", value });
  }

  // each has a name of its own, its turn: the page does it once, however often it is told
  function asked(edit) {
    due = { ...edit, turn: `${Date.now()}-${Math.random()}` };
    askAgain(AGAIN);
  }

  // a click that comes next takes the place of what was asked, and a line may break: so until the answer is there
  function askAgain(wait) {
    clearTimeout(waiting);
    clicks += 1;
    tell("setComponentValue", { dataType: "json", value: { edit: due, n: clicks } });
    waiting = setTimeout(askAgain, wait, 2 * wait);
  }

  function answered(edit) {
    if (due && edit && edit.said?.turn !== due.turn) return;
    due = null;
    clearTimeout(waiting);
  }

  function dress({ primaryColor, font }) {
    const { style } = document.documentElement;
    style.setProperty("--primary-color", primaryColor);
    style.setProperty("--font", font);
  }

  // on a small screen, unless it stands alone, the map leaves room for what stands under it
  function heightOn({ innerWidth, innerHeight }, most) {
    if (!most) return innerHeight;
    const small = innerWidth <= NARROW || innerHeight <= LOW;
    return small ? Math.min(most, Math.max(LEAST, Math.floor(innerHeight * SHARE))) : most;
  }

  function fitInto(map, most) {
    let wide = null;
    const fit = () => {
      const page = window.parent;
      // the bar of a phone's browser comes and goes: only a turned phone is news
      if (most && page.innerWidth === wide) return;
      wide = page.innerWidth;
      const height = heightOn(page, most);
      map.getContainer().style.height = `${height}px`;
      tell("setFrameHeight", { height });
    };
    fit();
    window.addEventListener("resize", fit);
  }

  // what a page around a map that stands alone hears; see docs/embedding.md
  function tellAround(map) {
    const say = (type, said) => window.parent.postMessage({ type: `beltmap:${type}`, ...said }, window.location.origin);
    map.on("beltmap:ready", () => say("ready", { zones: map.beltmap.ids() }));
    map.on("beltmap:selected", ({ id }) => say("selected", { zone: id }));
  }

  // what it may ask
  function heard(plan, { type, zone, lat, lon, zoom }) {
    const row = typeof zone === "string" ? (plan.ids()?.indexOf(zone) ?? -1) : -1;
    if (type === "beltmap:select" && (row >= 0 || zone === null)) plan.pick(row);
    if (type === "beltmap:fly") plan.fly({ row, lat, lon, zoom });
  }

  function begin(map, setup, { args: { height }, theme }) {
    if (theme) dress(theme);
    fitInto(map, height);
    if (!height) tellAround(map);
    beltmap.start(map, setup, picked, asked);
  }

  // called once by the map's document: its page says what to begin with, and what to show
  beltmap.listen = (map) => {
    window.addEventListener("message", ({ source, data }) => {
      if (source !== window.parent) return;
      // the panel of filters, which is ahead of its page
      if (data?.type === "beltmap:choose") map.beltmap?.choose(data);
      if (map.beltmap?.ready) heard(map.beltmap, data ?? {});
      if (data?.type !== "streamlit:render") return;
      const [setup, state] = data.args.told;
      if (!map.beltmap) begin(map, setup, data);
      map.beltmap.update(state);
      answered(state.edit);
    });
    tell("componentReady", { apiVersion: 1 });
  };
})();

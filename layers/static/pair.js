// Two maps side by side that keep one scale, or one view, whichever is moved.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const ROUND = 40_075_016.686; // metres around the equator

  // panes of one page only, though a reader may have opened several
  function page() {
    try {
      return (window.parent.beltmapPage ??= String(Math.random()));
    } catch {
      return "";
    }
  }

  // pane: {group, side, keeps}; keeps "scale" or "view"
  beltmap.pair = (map, { group, side, keeps }) => {
    const channel = new BroadcastChannel(`beltmap ${page()} ${group}`);
    let following = false;
    map.options.zoomSnap = 0; // the same scale at another latitude is no whole zoom

    const girth = ({ lat }) => (ROUND * Math.cos((lat * Math.PI) / 180)) / 256;
    const scale = () => girth(map.getCenter()) / 2 ** map.getZoom(); // metres a pixel
    const say = (kind) => {
      const { lat, lng } = map.getCenter();
      channel.postMessage({ kind, side, lat, lng, metres: scale() });
    };

    function follow({ lat, lng, metres }) {
      const center = keeps === "view" ? L.latLng(lat, lng) : map.getCenter();
      following = true;
      map.setView(center, Math.log2(girth(center) / metres), { animate: false });
      following = false;
    }

    channel.onmessage = ({ data }) => {
      if (data.side === side || !map.beltmap.ready) return;
      // of two that begin, the one that shows more is followed
      if (data.kind === "hello" && scale() >= data.metres) say("view");
      else follow(data);
    };
    map.on("beltmap:ready", () => say("hello"));
    map.on("moveend", () => map.beltmap.ready && !following && say("view"));
  };
})();

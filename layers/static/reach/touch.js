// Touch: one finger scrolls the page, two move the map.
"use strict";

(() => {
  const beltmap = (window.beltmap ??= {});
  const STRAY = 12; // pixels that a finger moves before it is no tap
  const SAID = 1600; // milliseconds for which the hint stays

  // plan: the controller; the desk needs one finger for corners and keeps it
  beltmap.touch = (plan, words) => {
    const { map } = plan;
    const place = map.getContainer();
    const hint = beltmap.make("div", { class: "beltmap-two-fingers", "aria-hidden": "true", text: words.two_fingers });
    let from = null;
    let fading = 0;
    place.append(hint);
    place.classList.add("beltmap-two");

    const show = (on) => {
      clearTimeout(fading);
      hint.classList.toggle("beltmap-said", on);
      if (on) fading = setTimeout(() => show(false), SAID);
    };
    place.addEventListener("pointerdown", ({ pointerType }) => {
      const free = pointerType !== "touch" || Boolean(plan.editing.desk);
      if (free !== map.dragging.enabled()) map.dragging[free ? "enable" : "disable"]();
    }, { capture: true });
    place.addEventListener("touchstart", ({ touches, target }) => {
      const onMap = touches.length === 1 && !plan.editing.desk && !target.closest(".leaflet-control");
      from = onMap ? { x: touches[0].clientX, y: touches[0].clientY } : null;
      if (touches.length > 1) show(false);
    }, { passive: true });
    place.addEventListener("touchmove", ({ touches: [{ clientX, clientY }] }) => {
      // who swipes across wants the map; who swipes up or down wants the page
      if (from && Math.abs(clientX - from.x) > STRAY && Math.abs(clientX - from.x) > Math.abs(clientY - from.y)) show(true);
    }, { passive: true });
  };
})();

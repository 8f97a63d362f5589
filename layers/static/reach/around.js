// The map alone in a frame of another page: what both say to each other is passed on.
"use strict";

(() => {
  const ASKED = ["beltmap:select", "beltmap:fly"];
  const TOLD = ["beltmap:ready", "beltmap:selected"];

  function pass({ source, origin, data }) {
    const map = document.querySelector("iframe[title^=beltmap]")?.contentWindow;
    if (source === window.parent && ASKED.includes(data?.type)) map?.postMessage(data, location.origin);
    // the page's policy lets none frame it but those who may hear this
    if (source === map && origin === location.origin && TOLD.includes(data?.type)) window.parent.postMessage(data, "*");
  }

  if (window.bmAround || window.parent === window) return;
  window.bmAround = true;
  window.addEventListener("message", pass);
})();

// The page around the map for those who do not point: skips, Escape, what is said aloud.
"use strict";

(() => {
  const MAP = "iframe[title^=beltmap]";

  function place(id, role) {
    const made = Object.assign(document.createElement("p"), { id, className: "bm-voice" });
    made.setAttribute("role", role);
    document.body.append(made);
    return made;
  }

  // said once, and not again as long as it stays the same
  function say(words) {
    const voice = document.getElementById("bm-voice") ?? place("bm-voice", "status");
    if (voice.textContent !== words) voice.textContent = words;
  }

  function skip(event) {
    const link = event.target.closest?.("a.bm-skip, a.bm-to");
    if (!link) return;
    event.preventDefault();
    document.getElementById(link.hash.slice(1))?.focus();
  }

  function pick(event) {
    const button = event.target.closest?.("button[data-pick]");
    if (!button) return;
    document.querySelector(MAP)?.contentWindow.map?.beltmap.pick(Number(button.dataset.pick));
  }

  function close(event) {
    const typing = event.target.closest?.("input, textarea, [role=listbox], [role=dialog]");
    if (event.key === "Escape" && !typing) document.querySelector(".st-key-card-close button")?.click();
  }

  function follow({ language, words }) {
    document.documentElement.lang = language;
    say(words);
    const address = document.querySelector(".bm-paper [data-here]");
    if (address) address.textContent = location.href;
  }

  if (!window.bmPage) {
    document.addEventListener("click", skip);
    document.addEventListener("click", pick);
    document.addEventListener("keydown", close);
    window.addEventListener("beforeprint", () => follow(window.bmPage.told));
  }
  window.bmPage = { told: TOLD, follow };
  follow(window.bmPage.told);
})();

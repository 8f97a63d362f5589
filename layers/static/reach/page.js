// The page around the map for those who do not point: skips, Escape, what is said aloud.
"use strict";

(() => {
  const MAP = "iframe[title^=beltmap]";
  const COPIED = 2000; // milliseconds for which a button says that it has copied

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

  // a link in the reader's language, whatever the browser of who gets it asks for
  function address(button) {
    if (button.dataset.copy === "address") return button.parentElement.querySelector("code").textContent;
    const link = new URL(location.href);
    link.searchParams.set("lang", button.dataset.lang);
    if (button.dataset.copy === "link") return link.href;
    link.searchParams.set("embed", "map");
    const frame = Object.assign(document.createElement("iframe"), { src: link.href, title: document.title, width: "100%", height: "620", loading: "lazy" });
    return frame.outerHTML;
  }

  // a page that is neither https nor local, or refused, has no clipboard but the old way
  async function put(words) {
    try {
      await navigator.clipboard.writeText(words);
      return true;
    } catch {
      return putAsEver(words);
    }
  }

  function putAsEver(words) {
    const area = Object.assign(document.createElement("textarea"), { value: words });
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    // what the browser will not copy the reader can
    if (!done) window.prompt("", words);
    return done;
  }

  async function copy(event) {
    const button = event.target.closest?.("button[data-copy]");
    if (!button || button.dataset.name) return;
    if (!(await put(address(button)))) return;
    say(button.dataset.done);
    button.dataset.name = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => {
      button.textContent = button.dataset.name;
      delete button.dataset.name;
    }, COPIED);
  }

  function close(event) {
    const typing = event.target.closest?.("input, textarea, [role=listbox], [role=dialog]");
    if (event.key === "Escape" && !typing) document.querySelector(".st-key-card-close button")?.click();
  }

  function follow({ language, words, verdict }) {
    const root = document.documentElement;
    // said again, the styles of the whole page would be looked up again
    if (root.lang !== language) root.lang = language;
    const found = verdict && document.querySelector(".bm-counts, .bm-clean");
    say(found ? `${words}. ${found.textContent}` : words);
    const address = document.querySelector(".bm-paper [data-here]");
    if (address) address.textContent = location.href;
  }

  if (!window.bmPage) {
    document.addEventListener("click", skip);
    document.addEventListener("click", pick);
    document.addEventListener("click", copy);
    document.addEventListener("keydown", close);
    window.addEventListener("beforeprint", () => follow(window.bmPage.told));
  }
  window.bmPage = { told: TOLD, follow };
  follow(window.bmPage.told);
})();

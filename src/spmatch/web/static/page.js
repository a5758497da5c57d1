// Makes the page quicker: the answer comes in without the page being loaded again. Nothing is kept here
// between clicks; all there is to know is in the form. Without this script every button works the same.

(() => {
  "use strict";

  const said = document.body.dataset;
  const form = document.getElementById("person");
  const live = document.getElementById("live");
  const results = document.getElementById("results");
  const side = document.getElementById("side");
  const home = new URL(form.action).pathname;
  const HERE = new Set(["", "why", "compare"]);
  let running = null;

  document.documentElement.classList.add("scripted");
  dress();
  const trouble = document.getElementById("problems");
  if (trouble) trouble.focus();

  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    const target = new URL(button?.getAttribute("formaction") ?? form.getAttribute("action"), location.href);
    // What comes as a sheet or a file is left to the browser.
    if (!HERE.has(target.pathname.slice(home.length)) || !target.pathname.startsWith(home)) return;
    event.preventDefault();
    if (button?.name === "remove") return unlist(button.value);
    ask(target, button);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    if ((event.ctrlKey || event.metaKey) && form.contains(event.target)) {
      event.preventDefault();
      form.requestSubmit(document.getElementById("find"));
    } else if (event.target.id === "why") {
      event.preventDefault();
      form.requestSubmit(document.getElementById("ask-why"));
    }
  });

  side.addEventListener("input", (event) => {
    const group = event.target.closest(".group");
    const line = group?.querySelector(".group-said");
    if (line) line.textContent = said.changed;
    const stale = side.querySelector(".stale");
    if (stale && document.getElementById("answer")) stale.hidden = false;
  });

  results.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name !== "picked") return;
    if (box.checked) enlist(box.value, box.dataset.title, box.dataset.lang);
    else unlist(box.value);
  });

  async function ask(target, button) {
    running?.abort();
    const mine = (running = new AbortController());
    const body = fields(button);
    const before = written();
    document.body.classList.add("busy");
    results.setAttribute("aria-busy", "true");
    say(said.busy);
    try {
      const answer = await fetch(target.pathname, {
        method: "POST",
        body,
        headers: { Accept: "text/html" },
        signal: mine.signal,
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // A busy service, a key that was taken away: its page says so, and the form stays as it is.
      if (page.getElementById("person")) show(page, button, written() === before);
      else say(page.querySelector("main")?.innerText.trim().split("\n")[0] || said.failed);
    } catch (error) {
      if (error.name === "AbortError") return;
      say(said.failed);
    } finally {
      if (running === mine) {
        running = null;
        document.body.classList.remove("busy");
        results.removeAttribute("aria-busy");
      }
    }
  }

  function show(page, button, untouched) {
    const switched = page.documentElement.lang !== document.documentElement.lang;
    if (switched) {
      // Everything is in another language, the header and these sentences too.
      document.documentElement.lang = page.documentElement.lang;
      Object.assign(said, page.body.dataset);
      for (const part of [".top", ".foot", ".skip"]) {
        document.querySelector(part).replaceWith(page.querySelector(part));
      }
      form.elements.namedItem("language").value = page.documentElement.lang;
    }
    document.title = page.title;
    results.replaceChildren(...page.getElementById("results").childNodes);
    // Who went on writing while the answer was on its way keeps what they wrote.
    if (untouched || switched) {
      const open = [...side.querySelectorAll("details[open]")].map((one) => one.id);
      const scrolled = side.scrollTop;
      side.replaceChildren(...page.getElementById("side").childNodes);
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
      side.scrollTop = scrolled;
    }
    dress();
    const problems = document.getElementById("problems");
    const answer = document.getElementById("answer");
    const place =
      problems ??
      (button?.name === "switch" ? document.querySelector(".top button") : null) ??
      document.querySelector(".aside h3") ??
      // A danger is read before anything else.
      document.getElementById("danger-heading") ??
      document.getElementById("answer-heading");
    // The heading of the answer shows it to everybody else.
    say(problems || button?.name === "switch" ? "" : (answer?.dataset.live ?? ""), { unseen: true });
    place?.focus({ preventScroll: true });
    place?.scrollIntoView({ block: button?.name === "switch" ? "nearest" : "start" });
  }

  function dress() {
    for (const one of document.querySelectorAll(".with-script")) one.hidden = false;
    const asText = document.getElementById("as-text");
    if (!asText) return;
    const copy = document.createElement("button");
    copy.type = "button";
    copy.textContent = said.copy;
    copy.addEventListener("click", () => copyMessage(asText));
    asText.after(copy);
  }

  async function copyMessage(asText) {
    try {
      const target = new URL(asText.getAttribute("formaction"), location.href);
      const answer = await fetch(target.pathname, { method: "POST", body: fields(null) });
      if (!answer.ok) throw new Error("no message");
      await navigator.clipboard.writeText(await answer.text());
      say(said.copied, { briefly: true });
    } catch {
      say(said.uncopied, { briefly: true });
    }
  }

  // The list

  function enlist(id, title, lang) {
    const items = results.querySelector(".list-items");
    if ([...items.children].some((one) => one.dataset.id === id)) return;
    const item = document.getElementById("list-item").content.firstElementChild.cloneNode(true);
    item.dataset.id = id;
    for (const one of item.querySelectorAll("button, input")) {
      one.value = id;
      one.setAttribute("aria-label", one.getAttribute("aria-label").replace("%s", () => title));
    }
    const name = item.querySelector(".list-title");
    name.textContent = title;
    if (lang) name.lang = lang;
    items.append(item);
    counted(said.added.replace("%s", () => title));
  }

  function unlist(id) {
    const item = [...results.querySelectorAll(".list-items > li")].find((one) => one.dataset.id === id);
    const title = item?.querySelector(".list-title").textContent ?? "";
    const held = item?.contains(document.activeElement);
    item?.remove();
    for (const box of results.querySelectorAll('input[type="checkbox"][name="picked"]')) {
      if (box.value === id) box.checked = false;
    }
    if (held) document.getElementById("list-heading").focus();
    counted(said.removed.replace("%s", () => title));
  }

  function counted(message) {
    const list = document.getElementById("list");
    list.dataset.count = list.querySelectorAll(".list-items > li").length;
    say(message, { briefly: true });
  }

  // What is sent, and what is said

  function fields(button) {
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) body.append(name, value);
    if (button?.name) body.append(button.name, button.value);
    return body;
  }

  function written() {
    return JSON.stringify([...side.querySelectorAll("textarea, input, select")].map((one) =>
      one.type === "checkbox" || one.type === "radio" ? one.checked : one.value));
  }

  let quiet = 0;

  function say(message, { briefly = false, unseen = false } = {}) {
    clearTimeout(quiet);
    live.classList.toggle("unseen", unseen);
    live.textContent = message;
    if (briefly) quiet = setTimeout(() => (live.textContent = ""), 4000);
  }
})();

// What a report can do beyond being read: filter, sort, move by keyboard, and,
// in the form that is one file, show a page.
"use strict";
(() => {
  const one = (query, from = document) => from.querySelector(query);
  const all = (query, from = document) => [...from.querySelectorAll(query)];

  // Pages of one report know of each other only what the browser keeps for the
  // tab, which it may refuse to.
  const kept = (store, name, value) => {
    try {
      if (value !== undefined) store().setItem("fencedep-" + name, value);
      return store().getItem("fencedep-" + name);
    } catch {
      return null;
    }
  };
  const tab = (name, value) => kept(() => sessionStorage, name, value);

  // --- light and dark: as the system says, unless the reader says otherwise
  const root = document.documentElement;
  const setTheme = (theme) => {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  };
  setTheme(kept(() => localStorage, "theme"));

  function addThemeSwitch() {
    const button = one("[data-theme-switch]");
    const system = matchMedia("(prefers-color-scheme: dark)");
    const isDark = () =>
      root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
    const name = () => {
      button.textContent = isDark() ? "Light" : "Dark";
      button.setAttribute("aria-label", `${button.textContent} theme`);
    };
    button.hidden = false;
    button.onclick = () => {
      setTheme(isDark() ? "light" : "dark");
      kept(() => localStorage, "theme", root.dataset.theme);
      name();
    };
    system.onchange = name;
    name();
  }

  // --- the table of findings
  const ranks = ["certain", "likely", "possible"];
  let table = null;

  class Table {
    constructor(element) {
      this.body = one("tbody", element);
      this.rows = all("tr", this.body).map((row) => {
        const cell = (what) => one(`[data-is=${what}]`, row).textContent.trim();
        return {
          row,
          link: one("a", row),
          text: row.textContent.toLowerCase(),
          rank: Number(row.dataset.rank),
          finding: one(".place", row).textContent,
          folder: cell("folder"),
          rule: cell("rule"),
          confidence: cell("confidence"),
        };
      });
      this.form = one(".filters");
      this.search = one("#search");
      this.choices = all("[data-choice]", this.form);
      this.heads = all("[data-sort]", element);
      this.sort = { by: "", down: false };
      this.form.hidden = one(".keys").hidden = false;
      this.listen();
    }

    listen() {
      this.form.oninput = () => this.apply();
      this.form.onsubmit = (event) => {
        event.preventDefault();
        this.move(0);
      };
      this.form.onreset = () => setTimeout(() => this.apply());
      for (const button of all("[data-filter]"))
        button.onclick = () => {
          const choice = this.choice(button.dataset.filter);
          const { value } = button.dataset;
          choice.value = choice.value === value ? "" : value;
          this.apply();
        };
      for (const head of this.heads) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = head.textContent;
        button.onclick = () => this.sortBy(head.dataset.sort);
        head.replaceChildren(button);
      }
    }

    clear() {
      this.form.reset();
      this.apply();
    }

    choice(name) {
      return this.choices.find((choice) => choice.dataset.choice === name);
    }

    // Up, down, and as it was.
    sortBy(by) {
      const { sort } = this;
      if (sort.by !== by) this.sort = { by, down: false };
      else if (!sort.down) sort.down = true;
      else this.sort = { by: "", down: false };
      this.order();
      this.apply();
    }

    order() {
      const { by, down } = this.sort;
      const key = (row) =>
        by === "confidence" ? ranks.indexOf(row.confidence) : row[by];
      const compare = (a, b) => {
        const [x, y] = [key(a), key(b)];
        const order =
          typeof x === "string"
            ? x.localeCompare(y, "en", { numeric: true })
            : x - y;
        return (down ? -order : order) || a.rank - b.rank;
      };
      this.rows.sort(by ? compare : (a, b) => a.rank - b.rank);
      this.body.append(...this.rows.map(({ row }) => row));
      for (const head of this.heads)
        if (head.dataset.sort === by)
          head.ariaSort = down ? "descending" : "ascending";
        else head.removeAttribute("aria-sort");
    }

    apply() {
      const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const wanted = this.choices
        .filter((choice) => choice.value)
        .map((choice) => [choice.dataset.choice, choice.value]);
      for (const entry of this.rows)
        entry.row.hidden = !(
          wanted.every(([name, value]) => entry[name] === value) &&
          words.every((word) => entry.text.includes(word))
        );
      for (const button of all("[data-filter]"))
        button.ariaPressed = String(
          this.choice(button.dataset.filter).value === button.dataset.value,
        );
      const shown = this.shown();
      one("[data-shown]").textContent =
        `${shown.length} of ${this.rows.length} shown`;
      one(".none").hidden = shown.length > 0;
      tab("order", JSON.stringify(shown.map((e) => e.link.getAttribute("href"))));
      this.remember();
    }

    shown() {
      return this.rows.filter(({ row }) => !row.hidden);
    }

    // What is chosen is part of the address: going back brings it back.
    remember() {
      const state = new URLSearchParams();
      if (this.search.value) state.set("q", this.search.value);
      for (const choice of this.choices)
        if (choice.value) state.set(choice.dataset.choice, choice.value);
      if (this.sort.by) state.set("sort", this.sort.by);
      if (this.sort.down) state.set("down", "1");
      const hash = String(state) ? "#?" + state : "#";
      tab("filter", hash);
      if ((location.hash || "#") !== hash) history.replaceState(null, "", hash);
    }

    recall(hash) {
      const state = new URLSearchParams(hash.slice(2));
      this.search.value = state.get("q") || "";
      for (const choice of this.choices)
        choice.value = state.get(choice.dataset.choice) || "";
      const by = state.get("sort") || "";
      if (by !== this.sort.by || state.has("down") !== this.sort.down) {
        this.sort = { by, down: state.has("down") };
        this.order();
      }
      this.apply();
    }

    // Back from a finding, the focus is where it was.
    returnFocus() {
      const left = tab("left");
      tab("left", "");
      if (left)
        this.rows
          .find(({ link }) => link.getAttribute("href") === left)
          ?.link.focus();
    }

    // Moves the focus by as many findings, from none to the first.
    move(by) {
      const shown = this.shown();
      const at = shown.findIndex(({ link }) => link === document.activeElement);
      const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), shown.length - 1);
      shown[to]?.link.focus();
    }
  }

  // --- the page of a finding
  function preparePage() {
    const index = one("#page") ? "" : "index.html";
    for (const up of all("[data-up]"))
      up.setAttribute("href", index + (tab("filter") || "#"));
    const here = one("#page") ? location.hash : location.pathname.split("/").pop();
    // Previous and next among what the overview showed last.
    const order = JSON.parse(tab("order") || "[]");
    const at = order.indexOf(here);
    if (at >= 0) tab("left", here);
    for (const step of at < 0 ? [] : all("[data-step]")) {
      const to = order[at + (step.dataset.step === "next" ? 1 : -1)];
      step.hidden = !to;
      if (to) step.setAttribute("href", to);
    }
    prepareFolding();
    for (const node of all("[data-hop]"))
      node.onclick = () => showHop(node.dataset.hop);
  }

  function prepareFolding() {
    const button = one("[data-fold]");
    const sources = all(".hop details");
    if (!button || !sources.length) return;
    button.hidden = false;
    button.onclick = () => {
      const fold = sources.some((source) => source.open);
      for (const source of sources) source.open = !fold;
    };
    for (const source of sources)
      source.ontoggle = () => {
        const fold = sources.some((other) => other.open);
        button.textContent = fold ? "Fold all source" : "Show all source";
      };
  }

  function showHop(id) {
    const hop = document.getElementById(id);
    if (!hop) return;
    for (const shown of all(".hop.shown")) shown.classList.remove("shown");
    hop.classList.add("shown");
    const source = one("details", hop);
    if (source) source.open = true;
    hop.scrollIntoView({ block: "center" });
  }

  // --- one file: the address says which page is shown
  let overviewPlace = 0;
  function route() {
    const [overview, page] = [one("#overview"), one("#page")];
    const id = location.hash.slice(1);
    const data = page && id && document.getElementById("data-" + id);
    const wasPage = page && !page.hidden;
    if (data) {
      if (!wasPage) overviewPlace = scrollY;
      page.innerHTML = data.textContent;
      document.title = data.dataset.title + " - fencedep";
    } else if (page) {
      page.replaceChildren();
      document.title = "Findings - fencedep";
    }
    if (page) {
      page.hidden = !data;
      overview.hidden = Boolean(data);
    }
    if (data) {
      scrollTo(0, 0);
      one("h1", page)?.focus({ preventScroll: true });
      preparePage();
    } else {
      for (const up of all("[data-up]")) if (page) up.setAttribute("href", "#");
      if (table && (!id || id.startsWith("?"))) table.recall(location.hash);
      if (wasPage) scrollTo(0, overviewPlace);
      table?.returnFocus();
    }
  }

  // --- the keyboard
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input, select, textarea");
    const onOverview = table && !one("#overview").hidden;
    const go = (query) => one(query)?.click();
    const step = (name) => go(`[data-step=${name}]:not([hidden])`);
    const keys = onOverview
      ? {
          "/": () => (table.search.focus(), table.search.select()),
          j: () => table.move(1),
          k: () => table.move(-1),
          ArrowDown: () => table.move(1),
          ArrowUp: () => table.move(-1),
        }
      : { j: () => step("next"), k: () => step("prev"), Escape: () => go(".crumbs [data-up]") };
    if (typing && onOverview) {
      if (event.key === "Escape") {
        if (table.search.value) table.clear();
        else event.target.blur();
      } else if (event.key === "ArrowDown" && event.target === table.search) table.move(0);
      else return;
    } else if (onOverview && event.key === "Escape") table.clear();
    else if (keys[event.key] && !typing) keys[event.key]();
    else return;
    event.preventDefault();
  }

  addEventListener("DOMContentLoaded", () => {
    addThemeSwitch();
    const element = one("table.findings");
    if (element) table = new Table(element);
    for (const link of all("[data-jump]"))
      link.onclick = (event) => {
        event.preventDefault();
        document.getElementById(link.hash.slice(1)).scrollIntoView();
      };
    document.addEventListener("keydown", onKey);
    if (one("#overview")) {
      addEventListener("hashchange", route);
      route();
    } else preparePage();
  });
})();

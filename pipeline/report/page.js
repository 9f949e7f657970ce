"use strict";
// Everything from the texts is written by textContent: nothing here makes markup of a text.
(() => {
  const AT_ONCE = 20; // sentences of a column, and documents, that are written at a time
  const MOST_OPENED = 12; // themes that a filter opens by itself
  const LONG = 600; // characters of a sentence that a list shows; its paragraph has it whole
  const POSITION = 1, BLOCK = 2, KIND = 3, LANGUAGE = 4, THEME = 5, STRENGTH = 6, TEXT = 7;
  const TITLE = 0, PATH = 1, GROUP = 2, N = 4;
  const byId = (id) => document.getElementById(id);
  const index = JSON.parse(byId("index").textContent);
  const HEADINGS = index.headings; // side -> the column of its sentences

  // Messages in English, as they stand in the page's language. Each is a literal, for the page
  // brings the translations of those that it finds here.
  const phrases = index.phrases ?? {};
  const fill = (message, values) => message.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const say = (message, values = {}) => fill(phrases[message] ?? message, values);
  const count = (number, one, many, values = {}) =>
    fill((phrases[one] ?? [one, many])[number === 1 ? 0 : 1], { n: group(number), ...values });
  const group = (number) => number.toLocaleString("en").replaceAll(",", "\u202f");
  const decimal = (number, least, most = least) => number.toLocaleString(document.documentElement.lang,
    { minimumFractionDigits: least, maximumFractionDigits: most });
  const sentences = (number) => count(number, "{n} sentence", "{n} sentences");
  const KINDS = { heading: say("heading"), list_item: say("list item"), paragraph: say("paragraph") };
  const clamp = (text) => text.length > LONG ? text.slice(0, LONG) + "…" : text;

  function make(tag, className, ...content) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    element.append(...content);
    return element;
  }
  function makeButton(words, action) {
    const button = make("button", "link", words);
    button.type = "button";
    button.addEventListener("click", action);
    return button;
  }

  // Pieces: in the page, or in files beside it

  let inline = null;
  const asked = new Map();
  const waiting = new Map();
  window.nordtema = (name, content) => waiting.get(name)?.(content);

  function load(name) {
    if (!asked.has(name)) asked.set(name, read(name));
    return asked.get(name);
  }
  async function read(name) {
    const written = byId("pieces").textContent;
    if (written) {
      inline ??= JSON.parse(written);
      return inline[name];
    }
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      waiting.set(name, resolve);
      script.src = "pages/" + name + ".js";
      script.onload = () => script.remove();
      script.onerror = () => {
        asked.delete(name);
        script.remove();
        reject(new Error(say("pages/{name}.js can’t be read: the folder “pages” has to lie beside this page.", { name })));
      };
      document.head.append(script);
    });
  }
  const isInline = () => Boolean(byId("pieces").textContent);

  // Sentences by their documents, as pieces come in
  const ofDocument = new Map();
  const held = new Set();
  let ofTheme = null; // every theme's sentences, the nearest first, once all are here

  async function loadTexts(piece) {
    const rows = await load("texts-" + piece);
    if (held.has(piece)) return;
    held.add(piece);
    for (const row of rows) {
      if (!ofDocument.has(row[0])) ofDocument.set(row[0], []);
      ofDocument.get(row[0]).push(row);
    }
  }
  const pieceOf = (place) => index.texts.findLastIndex((first) => first <= place);
  async function loadAll() {
    if (ofTheme) return;
    for (let piece = 0; piece < index.texts.length; piece += 8) {
      const some = index.texts.slice(piece, piece + 8).map((_, i) => loadTexts(piece + i));
      if (!isInline()) {
        const files = count(index.texts.length, "{n} file", "{n} files");
        tell(say("Reading {n} of {files} …", { n: piece, files }));
      }
      await Promise.all(some);
    }
    const sorted = index.sizes.map(() => []);
    for (const rows of ofDocument.values()) for (const row of rows) sorted[row[THEME]].push(row);
    ofTheme = sorted.map(order);
  }

  // Each document's nearest sentence first, then each one's next: documents are what counts
  function order(rows) {
    const nearest = (a, b) => b[STRENGTH] - a[STRENGTH] || a[0] - b[0] || a[POSITION] - b[POSITION];
    const seen = new Map();
    const ranked = rows.slice().sort(nearest).map((row) => {
      const rank = seen.get(row[0]) ?? 0;
      seen.set(row[0], rank + 1);
      return [rank, row];
    });
    return ranked.sort((a, b) => a[0] - b[0] || nearest(a[1], b[1])).map(([, row]) => row);
  }

  // The lists of a theme

  const output = byId("filter-count");
  const tell = (words) => { output.textContent = words; };
  const themes = [...document.querySelectorAll("details.theme")].map((element) => ({
    element,
    number: Number(element.dataset.theme),
    size: element.querySelector(".size"),
    list: element.querySelector("[data-list=sentences]"),
    filled: false,
    openedByFilter: false,
  }));
  let filter = { words: [], theme: "*", language: "", document: "", places: null };
  let found = null; // theme -> its sentences that fit the filter; null without one

  async function list(theme) {
    theme.filled = true;
    try {
      const documents = await load("documents");
      let rows, note = "";
      if (found) {
        rows = found.get(theme.number) ?? [];
      } else {
        if (isInline()) await loadAll();
        if (ofTheme) {
          rows = ofTheme[theme.number];
        } else {
          rows = order((await load("theme-" + theme.number)).nearest ?? []);
          if (rows.length < index.sizes[theme.number]) note = "nearest";
        }
      }
      write(theme, rows, documents, note);
    } catch (error) {
      theme.filled = false;
      theme.list.replaceChildren(make("p", "more", error.message));
    }
  }

  function write(theme, rows, documents, note) {
    const sides = { da: [], no: [], other: [] };
    for (const row of rows) sides[index.sides[index.languages[row[LANGUAGE]]] ?? "other"].push(row);
    const columns = make("div", "columns");
    for (const [side, heading] of Object.entries(HEADINGS)) {
      if (sides[side].length) columns.append(makeColumn(heading, sides[side], documents));
    }
    theme.list.replaceChildren(columns);
    if (!rows.length) theme.list.append(make("p", "more", say("None that fits the filter.")));
    if (note === "nearest") {
      const rest = make("p", "more", say("The sentences most like the theme.") + " ");
      const words = say("Read all sentences ({n} MB)", { n: decimal(index.megabytes, 0, 1) });
      rest.append(makeButton(words, async (event) => {
        event.target.disabled = true;
        try {
          await loadAll();
          tell("");
          await list(theme);
        } catch (error) {
          theme.list.append(make("p", "more", error.message));
        }
      }));
      theme.list.append(rest);
    }
    if (index.held < index.total && !found) {
      theme.list.append(make("p", "more",
        say("This page has {n} of {sentences}, those most like the themes; sentences.csv has all.",
          { n: group(index.held), sentences: sentences(index.total) })));
    }
  }

  function makeColumn(heading, rows, documents) {
    const items = make("ul", "sentences");
    const column = make("div", "column", make("h5", "", heading + " (" + group(rows.length) + ")"), items);
    const sayRest = (some, rest) => some < rest
      ? say("Show {some} of {n} more sentences", { some, n: group(rest) })
      : count(rest, "Show {n} more sentence", "Show {n} more sentences");
    extend(column, items, rows, (row) => makeSentence(row, documents), sayRest);
    return column;
  }

  // Some of the rows, and a button for the next
  function extend(place, items, rows, makeRow, sayRest) {
    let shown = 0;
    const button = makeButton("", () => {
      const first = shown;
      more();
      items.children[first]?.querySelector("button, a")?.focus();
    });
    const more = () => {
      for (const row of rows.slice(shown, shown + AT_ONCE)) items.append(makeRow(row));
      shown = Math.min(shown + AT_ONCE, rows.length);
      const rest = rows.length - shown;
      button.textContent = sayRest(Math.min(AT_ONCE, rest), rest);
      if (!rest) button.remove();
    };
    place.append(button);
    more();
  }

  let nextId = 0;
  function makeSentence(row, documents) {
    const [title, path, side] = documents[row[0]];
    const kind = index.kinds[row[KIND]];
    const text = makeText("p", "text" + (kind === "heading" ? " heading" : ""), row, filter.words);
    text.id = "text-" + nextId++;
    const button = makeButton(say("In its paragraph"), () => toggleParagraph(item, button, row, documents));
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-describedby", text.id);
    const place = make("p", "place", make("bdi", "", title), " · ", make("bdi", "path", path),
      " · " + say("{kind}, no. {n}", { kind: KINDS[kind] ?? kind, n: row[POSITION] + 1 }) +
      (side && side !== HEADINGS.da && side !== HEADINGS.no ? " · " + side : "") + " · ", button);
    const item = make("li", "sentence", text, place);
    item.dataset.language = index.languages[row[LANGUAGE]];
    return item;
  }

  function makeText(tag, className, row, words) {
    const element = make(tag, className);
    const code = index.languages[row[LANGUAGE]];
    element.lang = code === "und" ? "" : code;
    element.dir = "auto";
    const text = clamp(row[TEXT]);
    element.append(...(words.length ? mark(text, words) : [text]));
    return element;
  }

  // The text with each of the words in a <mark>
  function mark(text, words) {
    const lower = text.toLocaleLowerCase();
    if (lower.length !== text.length) return [text];
    const parts = [];
    let done = 0;
    for (;;) {
      let at = -1, length = 0;
      for (const word of words) {
        const here = lower.indexOf(word, done);
        if (here >= 0 && (at < 0 || here < at || (here === at && word.length > length))) {
          at = here;
          length = word.length;
        }
      }
      if (at < 0) return [...parts, text.slice(done)];
      parts.push(text.slice(done, at), make("mark", "", text.slice(at, at + length)));
      done = at + length;
    }
  }

  // The paragraph of a sentence, between the blocks before and after it
  async function toggleParagraph(item, button, row, documents) {
    const open = item.querySelector(".context");
    button.setAttribute("aria-expanded", String(!open));
    if (open) {
      open.remove();
      return;
    }
    const context = make("div", "context", "…");
    item.append(context);
    try {
      await loadTexts(pieceOf(row[0]));
      const rows = ofDocument.get(row[0]);
      const blocks = [...new Set(rows.map((one) => one[BLOCK]))];
      const at = blocks.indexOf(row[BLOCK]);
      const near = blocks.slice(Math.max(0, at - 1), at + 2);
      const parts = near.map((block) => makeBlock(rows.filter((one) => one[BLOCK] === block), row));
      const words = count(documents[row[0]][N], "All {n} sentence of this document",
        "All {n} sentences of this document");
      const all = makeButton(words, () => show("*", row[0]));
      context.replaceChildren(...parts, make("p", "place", make("bdi", "path", documents[row[0]][PATH]),
        ", " + say("block no. {n}", { n: row[BLOCK] + 1 })), all);
    } catch (error) {
      context.textContent = error.message;
    }
  }

  function makeBlock(rows, row) {
    const isHeading = index.kinds[rows[0][KIND]] === "heading";
    const own = rows[0][BLOCK] === row[BLOCK];
    const block = make("p", "block" + (isHeading ? " heading" : "") + (own ? " own" : ""));
    block.dir = "auto";
    for (const one of rows) {
      const code = index.languages[one[LANGUAGE]];
      const part = one[POSITION] === row[POSITION] ? make("mark", "", one[TEXT]) : make("span", "", one[TEXT]);
      part.lang = code === "und" ? "" : code;
      block.append(part, " ");
    }
    return block;
  }

  // The documents behind a theme's shares
  async function listDocuments(place, number) {
    if (place.dataset.filled) return;
    place.dataset.filled = "yes";
    const target = place.querySelector(".rows");
    try {
      const [documents, piece] = await Promise.all([load("documents"), load("theme-" + number)]);
      const body = make("tbody");
      const head = make("tr");
      for (const name of [say("Document"), say("Group"), say("Its sentences"), say("Share")]) {
        const cell = make("th", "", name);
        cell.scope = "col";
        head.append(cell);
      }
      const table = make("table", "documents", make("thead", "", head), body);
      target.replaceChildren(table);
      const sayRest = (some, rest) => some < rest
        ? say("Show {some} of {n} more documents", { some, n: group(rest) })
        : count(rest, "Show {n} more document", "Show {n} more documents");
      extend(target, body, piece.documents, (row) => makeDocument(row, documents, number), sayRest);
      if (piece.documents.length < index.documents[number]) {
        target.append(make("p", "more", say("These are the {n} with the largest shares; sentences.csv has all.",
          { n: group(piece.documents.length) })));
      }
    } catch (error) {
      delete place.dataset.filled;
      target.replaceChildren(make("p", "more", error.message));
    }
  }

  function makeDocument([place, share, n], documents, number) {
    const [title, path, side] = documents[place];
    const name = make("th", "", make("bdi", "", title), make("bdi", "path place", path));
    name.scope = "row";
    const total = group(documents[place][N]);
    const button = makeButton(say("{n} of {total}", { n: group(n), total }), () => show(number, place));
    button.setAttribute("aria-label",
      say("{sentences} of {total}, show them: {title}", { sentences: sentences(n), total, title }));
    const said = share === null ? say("not compared") : decimal(100 * share, share && share < 0.0095 ? 1 : 0) + " %";
    return make("tr", "", name, make("td", "", make("bdi", "", side)), make("td", "num", button),
      make("td", "num", said));
  }

  // The filter

  const form = byId("filter");
  const field = (name) => byId("filter-" + name);
  let run = 0;

  async function apply() {
    const own = ++run;
    const words = field("words").value.normalize("NFC").toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const typed = field("document").value.normalize("NFC").trim();
    filter = { words, theme: field("theme").value, language: field("language").value, document: typed };
    const narrow = Boolean(words.length || filter.language || typed);
    try {
      const matches = narrow ? await search(filter) : null;
      if (own !== run) return; // another filter was asked for meanwhile
      found = matches;
    } catch (error) {
      tell(error.message);
      return;
    }
    let total = 0, themesWith = 0;
    const wanted = (theme) => filter.theme === "*" || String(theme.number) === filter.theme;
    for (const theme of themes) {
      if (found && wanted(theme) && found.get(theme.number)) themesWith += 1;
    }
    for (const theme of themes) {
      const here = found ? (found.get(theme.number) ?? []).length : 0;
      theme.filled = false;
      theme.element.hidden = !wanted(theme) || (narrow && !here);
      const size = theme.size.dataset.size;
      theme.size.textContent = narrow ? say("{n} of {total}", { n: group(here), total: size }) : size;
      if (wanted(theme)) total += here;
      if (here && wanted(theme) && themesWith <= MOST_OPENED && (words.length || typed)) {
        if (!theme.element.open) theme.openedByFilter = true;
        theme.element.open = true;
      } else if (theme.openedByFilter) {
        theme.element.open = theme.openedByFilter = false;
      }
      if (theme.element.open && !theme.element.hidden) await list(theme);
      else theme.list.replaceChildren();
    }
    if (own !== run) return;
    tell(narrow ? say("{n} of {total}", { n: group(total), total: sentences(index.held) }) : "");
    byId("filter-none").hidden = !narrow || total > 0;
  }

  async function search({ words, language, document: typed }) {
    const documents = await load("documents");
    let places = null;
    if (typed) {
      const exact = documents.findIndex((one) => one[PATH] === typed);
      const parts = typed.toLocaleLowerCase().split(/\s+/);
      places = exact >= 0 ? [exact] : [...documents.keys()].filter((place) => {
        const name = (documents[place][TITLE] + " " + documents[place][PATH]).toLocaleLowerCase();
        return parts.every((part) => name.includes(part));
      });
    }
    const few = places && new Set(places.map(pieceOf)).size <= 4;
    if (few) await Promise.all([...new Set(places.map(pieceOf))].filter((p) => p >= 0).map(loadTexts));
    else await loadAll();
    const code = index.languages.indexOf(language);
    const fits = (row) => (!language || row[LANGUAGE] === code) &&
      (!words.length || fitsWords(row[TEXT].toLocaleLowerCase(), words));
    const matches = new Map();
    const add = (row) => {
      if (!matches.has(row[THEME])) matches.set(row[THEME], []);
      matches.get(row[THEME]).push(row);
    };
    if (places) {
      for (const place of places) for (const row of ofDocument.get(place) ?? []) if (fits(row)) add(row);
    } else {
      for (const rows of ofTheme) for (const row of rows) if (fits(row)) add(row);
    }
    return matches;
  }
  const fitsWords = (text, words) => words.every((word) => text.includes(word));

  // The sentences of one document, of a theme or of all
  async function show(number, place) {
    const documents = await load("documents");
    form.reset();
    field("theme").value = String(number);
    field("document").value = documents[place][PATH];
    await apply();
    form.scrollIntoView();
    field("document").focus({ preventScroll: true });
  }

  let typing = 0;
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(apply, 200);
  });
  form.addEventListener("reset", () => setTimeout(apply, 0));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  form.hidden = !index.held;

  let printing = false;
  for (const theme of themes) {
    theme.element.addEventListener("toggle", () => {
      if (theme.element.open && !theme.filled && !printing) list(theme);
    });
    const behind = theme.element.querySelector("[data-list=documents]");
    behind.addEventListener("toggle", () => {
      if (behind.open && !printing) listDocuments(behind, theme.number);
    });
  }
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[data-document]");
    if (!link || link.dataset.document === "-1") return;
    event.preventDefault();
    show(link.dataset.theme ?? "*", Number(link.dataset.document));
  });

  // A link to what lies in closed parts opens them; paper has no closed parts.
  async function openTarget() {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    const theme = target.closest("details.theme");
    if (theme?.hidden) {
      form.reset();
      await apply();
    }
    for (let one = target.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    if (theme) setTimeout(() => target.scrollIntoView(), 0);
  }
  // Also where the address has that target already
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (link && link.hash === location.hash && !link.dataset.document) openTarget();
  });
  window.addEventListener("hashchange", openTarget);
  openTarget();
  let opened = [];
  window.addEventListener("beforeprint", () => {
    printing = true;
    opened = [...document.querySelectorAll("details.theme:not([open]), .theme .words:not([open]), .against:not([open])")];
    for (const element of opened) element.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const element of opened) element.open = false;
    opened = [];
    setTimeout(() => { printing = false; }, 0);
  });
})();

"use strict";
(() => {
  const form = document.getElementById("filter");
  const count = document.getElementById("filter-count");
  const none = document.getElementById("filter-none");
  const field = (name) => document.getElementById("filter-" + name);
  const themes = [...document.querySelectorAll("details.theme")].map((element) => ({
    element,
    id: element.dataset.theme,
    size: element.querySelector(".size"),
    columns: [...element.querySelectorAll(".column")],
    sentences: [...element.querySelectorAll(".sentence")].map((item) => ({
      item,
      language: item.dataset.language,
      document: item.dataset.document,
      text: item.textContent.toLocaleLowerCase(),
    })),
  }));
  const total = themes.reduce((sum, theme) => sum + theme.sentences.length, 0);
  if (!form || !total) return;

  function apply() {
    const words = field("words").value.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    const theme = field("theme").value;
    const language = field("language").value;
    const doc = field("document").value;
    const narrow = Boolean(words.length || language || doc);
    const active = narrow || theme !== "*";
    let found = 0;
    for (const t of themes) {
      const wanted = theme === "*" || t.id === theme;
      let here = 0;
      for (const s of t.sentences) {
        const fits = wanted && (!language || s.language === language) &&
          (!doc || s.document === doc) && words.every((word) => s.text.includes(word));
        s.item.hidden = !fits;
        if (fits) here += 1;
      }
      for (const column of t.columns) {
        column.hidden = !column.querySelector(".sentence:not([hidden])");
      }
      t.element.hidden = !wanted || (narrow && !here);
      if (words.length && here) t.element.open = true;
      t.size.textContent = narrow ? here + " of " + t.size.dataset.size : t.size.dataset.size;
      found += here;
    }
    count.textContent = active ? found + " of " + total + " listed sentences" : "";
    none.hidden = !active || found > 0;
  }

  let waiting = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("reset", () => setTimeout(apply, 0));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    apply();
  });
  form.hidden = false;
  apply();

  // A link to a closed theme opens it; paper has no closed themes.
  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.tagName === "DETAILS") target.open = true;
  };
  window.addEventListener("hashchange", openTarget);
  openTarget();
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const element of opened) element.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const element of opened) element.open = false;
  });
})();

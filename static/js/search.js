// What is typed into a search field is answered below it: people, topics, talks and questions, apart. Without this
// script the field is part of a plain form and works as well.
(() => {
  const WAIT = 140; // milliseconds after the last key

  const attach = (input) => {
    let list = null, timer = 0, asked = "", controller = null;
    const options = () => (list ? [...list.querySelectorAll("[role=option]")] : []);
    const chosen = () => options().findIndex((one) => one.getAttribute("aria-selected") === "true");

    const close = () => {
      list?.remove();
      list = null;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };

    const choose = (place) => {
      const all = options();
      all.forEach((one, n) => one.setAttribute("aria-selected", String(n === place)));
      if (place < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", all[place].id);
      all[place].scrollIntoView({ block: "nearest" });
    };

    const show = (groups) => {
      close();
      if (!groups.length || document.activeElement !== input) return;
      list = document.createElement("div");
      list.className = "suggested";
      list.id = `${input.id}-suggested`;
      list.setAttribute("role", "listbox");
      list.setAttribute("aria-label", "Suggestions");
      let n = 0;
      for (const { title, lines } of groups) {
        const group = document.createElement("div");
        const heading = document.createElement("span");
        group.setAttribute("role", "group");
        group.setAttribute("aria-label", title);
        heading.textContent = title;
        heading.setAttribute("aria-hidden", "true");
        group.append(heading);
        for (const { words, url, exact } of lines) {
          const option = document.createElement("a");
          option.id = `${list.id}-${n++}`;
          option.href = url;
          option.tabIndex = -1;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.textContent = words;
          if (exact) option.dataset.exact = "";
          option.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
          group.append(option);
        }
        list.append(group);
      }
      input.parentElement.append(list);
      input.setAttribute("aria-expanded", "true");
      input.setAttribute("aria-controls", list.id);
      choose(options().findIndex((one) => "exact" in one.dataset)); // Enter opens it; one key up, and Enter searches
    };

    const ask = async () => {
      const typed = input.value.trim();
      if (typed === asked && list) return;
      asked = typed;
      controller?.abort();
      if (typed.length < 2) return close();
      controller = new AbortController();
      try {
        const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(typed)}`, { signal: controller.signal });
        if (answer.ok && input.value.trim() === typed) show((await answer.json()).groups);
      } catch (problem) {
        if (problem.name !== "AbortError") close();
      }
    };

    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(ask, WAIT);
    });
    input.addEventListener("blur", close);
    input.addEventListener("keydown", (event) => {
      if (!list) return;
      const place = chosen();
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        const count = options().length + 1; // one of them is the field itself
        choose(((place + 1 + (event.key === "ArrowDown" ? 1 : count - 1)) % count) - 1);
        event.preventDefault();
      } else if (event.key === "Enter" && place >= 0) {
        event.preventDefault();
        location.assign(options()[place].href);
      } else if (event.key === "Escape") {
        close();
        event.preventDefault();
      }
    });
  };

  document.querySelectorAll("input[data-suggest]").forEach(attach);
})();

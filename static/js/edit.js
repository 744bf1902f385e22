// Keys for editors. Each does what a mark or a form on the page does too, so nothing is lost without this file.
"use strict";
(() => {
  const quick = document.getElementById("quick");

  const setKind = (turn, kind) => {
    quick.action = `/r/${turn.id}/put-right`;
    quick.elements.quick.value = kind;
    quick.elements.seen.value = turn.dataset.version;
    quick.elements.next.value = location.pathname + location.search;
    quick.submit();
  };
  const kinds = { q: "question", a: "answer", c: "comment" };
  const fields = { e: "[name=text]", s: "[name^=who_], [name=also]", t: "[name=more_topics]", x: "[name=exchange]" };
  let wanted = "";

  // Where a form opens in its place: a turn, a card of a desk, what one decides about an action item.
  const places = ":is(.turn, [data-card], #decide)";
  const close = (form) => {
    const place = form.closest(places);
    form.remove();
    (place.matches("#decide") ? place.querySelector("[data-hx-get]") : place).focus();
  };
  const first = "[name=kind]:checked, [name=title]";
  const enter = (form) => (form.querySelector(wanted || first) ?? form.querySelector(first)).focus();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const form = event.target.closest(`${places} form.put-right`);
    if (event.key === "Escape" && form) return close(form);
    if (event.target.closest("input, select, textarea")) return;
    const turn = event.target.closest(".turn[data-version]");
    if (!turn) return;
    if (event.key in kinds && quick) setKind(turn, kinds[event.key]);
    else if (event.key in fields) {
      wanted = fields[event.key];
      const open = turn.querySelector("form.put-right");
      if (open) enter(open);
      else turn.querySelector("[data-hx-get]").click();
    } else if (event.key === "d" && turn.querySelector(".make-item")) {
      turn.querySelector(".make-item").click();
    } else return;
    event.preventDefault();
  });
  // The link opens the form once; what it opened is closed by its own mark.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const open = event.target.closest(places)?.querySelector("form.put-right");
    if (open && open.matches(".to-do") !== event.target.matches(".make-item")) open.remove();
    else if (open) {
      event.preventDefault();
      enter(open);
    }
  });
  document.addEventListener("htmx:afterSettle", () => {
    const form = document.querySelector(`${places} form.put-right:not(.entered)`);
    if (!form) return;
    form.classList.add("entered");
    enter(form);
    wanted = "";
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-close]");
    const form = link?.closest(`${places} form.put-right`);
    if (!form) return;
    event.preventDefault();
    close(form);
  });
})();

// Keys for desks (names, proposed action items). Each key presses a button that is on the page anyway, so nothing is lost without this file.
"use strict";

const cards = () => [...document.querySelectorAll("[data-card]")];
let current = null;

function go(card, scroll = true) {
  if (!card) return;
  if (current) current.classList.remove("current");
  current = card;
  card.classList.add("current");
  card.focus({ preventScroll: true });
  const { top, bottom, height } = card.getBoundingClientRect();
  if (scroll && (top < 0 || bottom > innerHeight)) {
    card.scrollIntoView({ block: height > innerHeight ? "start" : "nearest" });
  }
}

function step(by) {
  const all = cards();
  const at = all.indexOf(current);
  go(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function press(key) {
  const places = key === "u" ? document : current;
  const target = places && places.querySelector(`[data-key="${key}"]`);
  if (!target) return false;
  if (!target.matches("summary") && target.closest("details:not([open])")) return false; // nobody sees it
  const next = key === "u" && target.form?.elements.next;
  if (next) next.value += location.hash; // what comes back comes back to its place
  if (key === "/" || key === "s") target.focus();
  else target.click();
  if (target.matches("summary")) target.nextElementSibling.querySelector("button").focus();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && current) {
    for (const open of current.querySelectorAll("details.dropping[open]")) open.open = false;
    go(current);
    return;
  }
  if (event.target.closest("input:not([type=checkbox]), select, textarea, form.put-right")) return;
  const moves = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  if (event.key in moves) step(moves[event.key]);
  else if (!/^[1-9aenrsuwx/]$/.test(event.key) || !press(event.key)) return;
  event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const card = event.target.closest("[data-card]");
  if (card && card !== current) {
    if (current) current.classList.remove("current");
    current = card;
    card.classList.add("current");
  }
});

const all = cards();
const asked = /^#(label|item)-\d+$/.test(location.hash) ? document.querySelector(location.hash) : null;
go(asked || (location.hash ? all[all.length - 1] : all[0]), Boolean(location.hash));

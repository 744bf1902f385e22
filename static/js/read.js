// Keys for reading: / searches, j and k go from turn to turn, ? tells of them. Nothing is lost without this file.
(() => {
  const help = async () => {
    const link = document.querySelector("a[rel=help]");
    const page = new DOMParser().parseFromString(await (await fetch(link.href)).text(), "text/html");
    const dialog = document.createElement("dialog");
    dialog.ariaLabel = link.textContent;
    dialog.append(...page.querySelectorAll(".keys"));
    const close = document.createElement("button");
    close.textContent = "Close";
    close.addEventListener("click", () => dialog.close());
    dialog.append(close);
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  };
  const step = (by) => {
    const turns = [...document.querySelectorAll(".turn")];
    const at = turns.indexOf(document.activeElement.closest(".turn") ?? document.querySelector(".turn:target"));
    const turn = turns[at < 0 ? (by > 0 ? 0 : turns.length - 1) : at + by];
    if (!turn) return;
    turn.tabIndex = -1;
    turn.focus({ preventScroll: true });
    turn.scrollIntoView({ block: "center" });
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
    if (event.key === "?") help();
    else if (document.querySelector("[data-card]")) return; // a desk has keys of its own
    else if (event.key === "/") document.querySelector("input[type=search]")?.select();
    else if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else return;
    event.preventDefault();
  });
})();

// A button beside each turn copies its words with who said them and the permanent link. Without this script, or where
// the browser lets no page write to the clipboard, there is none.
(() => {
  if (!navigator.clipboard) return;
  const clean = (element) => {
    const copy = element.cloneNode(true);
    copy.querySelectorAll(".vh, .to, .read-as").forEach((part) => part.remove());
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const quote = (turn) => {
    const words = turn.querySelector(".words").innerText.trim().replace(/\s*\n\s*/g, " ");
    const place = turn.closest("[data-place]")?.dataset.place;
    const said = [clean(turn.querySelector(".who")), place].filter(Boolean).join(", ");
    return `“${words}” — ${said}, ${turn.querySelector(".mark").href}`;
  };
  for (const marks of document.querySelectorAll(".turn .marks")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link";
    button.textContent = "copy";
    button.ariaLabel = "Copy these words with their link";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(quote(marks.closest(".turn")));
      button.textContent = "copied";
      button.ariaLabel = "Copied";
      setTimeout(() => { button.textContent = "copy"; button.ariaLabel = "Copy these words with their link"; }, 2000);
    });
    marks.append(button);
  }
})();

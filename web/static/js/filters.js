// The filter boxes: open in the column of a wide screen, and as the reader left them after each refresh.
const root = document.documentElement;
const wide = matchMedia("(min-width: 60rem)");
const boxes = () => document.querySelectorAll("#answer details[id]");
const leftAs = new Map();

const isColumn = (box) => box.matches(".facet, .more-filters");

const arrange = () => {
  for (const box of boxes()) {
    if (leftAs.has(box.id)) box.open = leftAs.get(box.id);
    else if (isColumn(box)) box.open = wide.matches;
  }
};

if (window.htmx) {
  arrange();
  root.classList.add("is-live"); // from here on filters apply at once: the button goes
  document.addEventListener("click", (event) => {
    const summary = event.target.closest?.("#answer summary");
    if (summary) leftAs.set(summary.parentElement.id, !summary.parentElement.open);
  });
  wide.addEventListener("change", () => {
    leftAs.clear();
    arrange();
  });
  document.addEventListener("htmx:afterSwap", arrange);
}

// Tells screen readers how many results there are, once the reader has paused: not at every letter.
const PAUSE_MS = 1400;
const region = document.getElementById("announcement");
let timer;

document.addEventListener("htmx:afterSettle", () => {
  clearTimeout(timer);
  timer = setTimeout(() => {
    region.textContent = document.querySelector("[data-found]")?.textContent.trim() ?? "";
  }, PAUSE_MS);
});

// The focus survives a refresh: it returns to the same control, or, where that is gone (a removed chip), to the count.
// Runs after filters.js has opened the boxes again: what is hidden takes no focus.
let focused = null;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const element = document.activeElement;
  focused = detail.target?.contains(element) ? element.id : null;
});

document.addEventListener("htmx:afterSwap", () => {
  if (focused === null || (focused && document.activeElement?.id === focused)) return;
  (document.getElementById(focused) ?? document.getElementById("found"))?.focus({ preventScroll: true });
  focused = null;
});

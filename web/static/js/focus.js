// A chip that was followed is gone after the refresh: the focus goes to the count instead of to nowhere.
let followed = false;

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  followed = Boolean(detail.requestConfig?.elt?.matches?.("a") && detail.requestConfig.elt === document.activeElement);
});

document.addEventListener("htmx:afterSettle", () => {
  if (!followed) return;
  followed = false;
  document.getElementById("found")?.focus({ preventScroll: true });
});

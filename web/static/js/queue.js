// Single keys on the queue: each presses the button, or follows the link, that carries its letter. They do nothing while
// one types, with a modifier held, or where the person has turned them off.
const queue = document.querySelector("[data-keys]");
const arrows = { ArrowDown: "j", ArrowUp: "k" };

const typing = (element) => element.matches("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

const press = (key) => {
  const details = document.querySelector(`[data-open="${key}"]`);
  if (details) {
    details.open = true;
    details.querySelector("input:not([type=hidden]), select, textarea")?.focus();
    return true;
  }
  const target = document.querySelector(`[data-key="${key}"]`);
  target?.click();
  return Boolean(target);
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
  if (queue?.dataset.keys === "off" || typing(event.target)) return;
  const key = arrows[event.key] ?? event.key.toLowerCase();
  if (event.key in arrows && event.target.closest?.("input, .reject, .scroll")) return;
  if (key.length === 1 && press(key)) event.preventDefault();
});

if (queue && location.hash === "#proposal") document.getElementById("proposal")?.focus({ preventScroll: matchMedia("(min-width: 60rem)").matches });

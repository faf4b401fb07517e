// Keeps the address bar on the permalink of what is shown. htmx's own history is off: it writes to session storage.
const box = document.getElementById("q");
const usual = { sort: "relevance" };
let shown = location.pathname + location.search;

const fixSwitches = () => {
  for (const link of document.querySelectorAll("a[data-switch]")) link.search = location.search;
};

// Empty and usual values stay out of the address.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  for (const [name, value] of [...detail.formData.entries()]) {
    if (value === "" || usual[name] === value) detail.formData.delete(name);
  }
});

document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (detail.target?.id !== "answer") return;
  const path = detail.pathInfo.responsePath ?? detail.pathInfo.finalRequestPath;
  const typed = detail.requestConfig.elt === box;
  if (!typed) box.value = new URLSearchParams(path.split("?")[1]).get("q") ?? "";
  if (path !== shown) history[typed ? "replaceState" : "pushState"](null, "", path);
  shown = path;
  fixSwitches();
});

window.addEventListener("popstate", () => {
  const wanted = location.pathname + location.search;
  if (wanted === shown || !window.htmx) return;
  shown = wanted;
  box.value = new URLSearchParams(location.search).get("q") ?? "";
  window.htmx.ajax("GET", wanted, { source: "#answer", target: "#answer", swap: "outerHTML" });
});

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => { document.getElementById("failure").hidden = false; });
}
document.addEventListener("htmx:afterSwap", () => { document.getElementById("failure").hidden = true; });

// Keeps a draft of the form every twenty seconds while something changes, and when the page is left. The button does the
// same without a script.
const form = document.getElementById("entry");
const told = document.getElementById("told"); // read aloud: what was asked for, what fails
const quietly = document.getElementById("kept"); // what happens by itself
const PAUSE_MS = 20_000;
let kept = ""; // what the server has, or what the page opened with
let handedIn = false;
let underWay = null;

const typed = () => {
  const fields = new FormData(form);
  fields.delete("token"); // differs from page to page
  return new URLSearchParams(fields).toString();
};

const draft = () => {
  const fields = new FormData(form);
  fields.set("act", "draft");
  return fields;
};

const keep = async (place) => {
  const now = typed();
  if (handedIn || now === kept || underWay) return;
  underWay = new AbortController();
  const answer = await fetch(form.action, {
    method: "POST",
    body: draft(),
    headers: { Accept: "application/json" },
    signal: underWay.signal,
    redirect: "error", // to the login: it has ended
  }).catch(() => null);
  underWay = null;
  if (handedIn) return;
  if (answer?.ok) {
    kept = now;
    told.textContent = "";
    place.textContent = (await answer.json()).told;
  } else told.textContent = told.dataset.failed;
};

if (form) {
  if (!("unsaved" in quietly.dataset)) kept = typed();
  setInterval(() => keep(quietly), PAUSE_MS);
  document.addEventListener("submit", ({ target, defaultPrevented }) => {
    const ends = target === form || target.elements.subject; // handed in, or discarded
    if (defaultPrevented || !ends) return;
    handedIn = true;
    underWay?.abort();
  });
  form.querySelector("[data-draft]").addEventListener("click", (event) => {
    event.preventDefault();
    kept = ""; // kept again, also where nothing changed
    keep(told);
  });
  addEventListener("pagehide", () => {
    if (!handedIn && typed() !== kept) navigator.sendBeacon(form.action, draft());
  });
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) handedIn = false; // back from the next page: one goes on writing
  });
}

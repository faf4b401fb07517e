// The form of an entry: counts the translations that are missing while one types, and warns of likely doubles.
const form = document.getElementById("entry");
const doubles = document.getElementById("doubles");
const PAUSE_MS = 400;
let timer;
let asked = 0;

document.getElementById("problems")?.focus();

const count = () => {
  const missing = { fr: 0, nl: 0 };
  for (const pair of form.querySelectorAll("[data-pair]")) {
    const filled = (code) => pair.querySelector(`[data-code="${code}"]`).value.trim() !== "";
    if (filled("fr") !== filled("nl")) missing[filled("fr") ? "nl" : "fr"] += 1;
  }
  for (const code of Object.keys(missing)) document.querySelector(`[data-missing="${code}"]`).textContent = missing[code];
};

const warn = async () => {
  const fields = new FormData(form);
  const query = new URLSearchParams();
  for (const code of ["fr", "nl"]) query.set(code, fields.get(`title.${code}`) ?? "");
  query.set("id", fields.get("id") ?? "");
  query.set("type", fields.get("type") ?? "");
  for (const [name, value] of fields) if (/^organisations\.\d+\.name$/.test(name) && value) query.append("organisation", value);
  const mine = ++asked;
  const answer = await fetch(`${doubles.dataset.url}?${query}`, { headers: { Accept: "application/json" } }).catch(() => null);
  if (!answer?.ok || mine !== asked) return; // a later question is under way
  const found = await answer.json();
  const list = doubles.querySelector("ul");
  list.replaceChildren(
    ...found.map(({ title, url }) => {
      const link = Object.assign(document.createElement("a"), { href: url, textContent: title });
      const item = document.createElement("li");
      item.append(link);
      return item;
    }),
  );
  doubles.classList.toggle("hidden", found.length === 0);
};

form?.addEventListener("input", ({ target }) => {
  if (target.matches("[data-code]")) count();
  if (/^(title\.|organisations\.|type$)/.test(target.name)) {
    clearTimeout(timer);
    timer = setTimeout(warn, PAUSE_MS);
  }
});

// Completions under the search box, as in the ARIA pattern "editable combobox with list autocomplete".
// For pages without results of their own: on the search page these come as one types, and a list would cover them.
// The focus stays in the box. Nothing is selected until an arrow key asks for it, so Enter searches what was typed.
const PAUSE_MS = 120;
const MIN_LETTERS = 2;
const box = document.getElementById("q");
const form = box.form;
const lang = document.documentElement.lang;
const kinds = { resource: form.dataset.resource, concept: form.dataset.concept, organisation: form.dataset.organisation };

const list = document.createElement("ul");
list.id = "suggestions";
list.className = "suggestions";
list.setAttribute("role", "listbox");
list.setAttribute("aria-label", form.dataset.suggestions);
list.hidden = true;
box.parentElement.after(list);
for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" })) {
  box.setAttribute(name, value);
}

let timer, request, chosen = -1, typed = box.value;

const close = () => {
  clearTimeout(timer);
  request?.abort();
  list.hidden = true;
  chosen = -1;
  box.setAttribute("aria-expanded", "false");
  box.removeAttribute("aria-activedescendant");
};

const choose = (index) => {
  const options = [...list.children];
  chosen = index < -1 ? options.length - 1 : index >= options.length ? -1 : index;
  options.forEach((option, place) => option.setAttribute("aria-selected", String(place === chosen)));
  if (chosen < 0) box.removeAttribute("aria-activedescendant");
  else {
    box.setAttribute("aria-activedescendant", options[chosen].id);
    options[chosen].scrollIntoView({ block: "nearest" });
  }
};

// A resource is opened; other words go into the box and are searched at once.
const take = (option) => {
  const { url, text, kind } = option.dataset;
  close();
  if (kind === "resource") {
    location.assign(url);
    return;
  }
  box.value = typed = text;
  form.requestSubmit();
};

const show = (suggestions) => {
  list.replaceChildren(...suggestions.map((item, place) => {
    const option = document.createElement("li");
    const kind = document.createElement("span");
    option.id = `suggestion-${place}`;
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    Object.assign(option.dataset, { url: item.url, text: item.text, kind: item.kind });
    kind.className = "suggestion-kind";
    kind.textContent = kinds[item.kind] ?? "";
    option.append(item.text, " ", kind);
    return option;
  }));
  chosen = -1;
  list.hidden = suggestions.length === 0;
  box.setAttribute("aria-expanded", String(!list.hidden));
  box.removeAttribute("aria-activedescendant");
};

const ask = async () => {
  request?.abort();
  request = new AbortController();
  const { signal } = request;
  const params = new URLSearchParams({ q: typed, lang, limit: "7" });
  for (const basin of document.querySelectorAll("#search input[name=basin]")) params.append("basin", basin.value);
  try {
    const answer = await fetch(`/api/v1/suggest?${params}`, { signal, credentials: "omit" });
    if (!answer.ok) throw new Error(String(answer.status));
    const { suggestions } = await answer.json();
    if (!signal.aborted && document.activeElement === box) show(suggestions);
  } catch {
    if (!signal.aborted) close(); // the box works without
  }
};

box.addEventListener("input", () => {
  typed = box.value;
  clearTimeout(timer);
  if (typed.trim().length < MIN_LETTERS) close();
  else timer = setTimeout(ask, PAUSE_MS);
});
box.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape" && !list.hidden) {
    close();
    event.preventDefault(); // the next one empties the box, as browsers do
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !list.hidden) {
    choose(chosen + (event.key === "ArrowDown" ? 1 : -1));
    event.preventDefault();
  } else if (event.key === "Enter" && chosen >= 0) {
    take(list.children[chosen]);
    event.preventDefault();
  }
});
list.addEventListener("pointerdown", (event) => event.preventDefault()); // the box keeps the focus
list.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (option) take(option);
});
box.addEventListener("blur", close);
form.addEventListener("submit", close);

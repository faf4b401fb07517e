// Looks at the addresses of the form and says beside each what was found; without a script the button shows the page anew.
const form = document.getElementById("entry");
const told = document.getElementById("told");
const button = form?.querySelector("[data-look]");

const say = (found) => {
  for (const field of form.querySelectorAll("[data-address]")) {
    const place = field.parentElement.querySelector("[data-looked]");
    const note = found[field.value.trim()];
    place.textContent = note?.text ?? "";
    place.classList.toggle("good", Boolean(note?.good));
  }
};

button?.addEventListener("click", async (event) => {
  event.preventDefault();
  if (button.getAttribute("aria-disabled") === "true") return;
  button.setAttribute("aria-disabled", "true");
  told.textContent = told.dataset.looking;
  const fields = new FormData(form);
  fields.set("act", "links");
  const options = { method: "POST", body: fields, headers: { Accept: "application/json" }, redirect: "error" };
  const answer = await fetch(form.action, options).catch(() => null);
  if (answer?.ok) say(await answer.json());
  told.textContent = answer?.ok ? told.dataset.looked : told.dataset.silent;
  button.removeAttribute("aria-disabled");
});

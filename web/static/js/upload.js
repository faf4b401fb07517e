// A file that the server would refuse for its size is not sent at all: the problem is said beside the field.
const input = document.querySelector("input[type=file][data-most-bytes]");
const problem = document.getElementById("f-file-problem");

input?.addEventListener("change", () => {
  const tooLarge = [...input.files].some((file) => file.size > Number(input.dataset.mostBytes));
  problem.textContent = tooLarge ? problem.dataset.tooLarge : "";
  problem.hidden = !tooLarge;
  input.setCustomValidity(problem.textContent);
  input.toggleAttribute("aria-invalid", tooLarge);
  if (tooLarge) input.setAttribute("aria-invalid", "true");
});

// The likeliest choice has the focus: Enter takes it.
document.querySelector("[data-first]")?.focus();

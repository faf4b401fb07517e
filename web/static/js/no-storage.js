// Stands before htmx, which notes the present path in session storage: Senne stores nothing, so there is no storage.
for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, {
    get() {
      throw new DOMException("Senne stores nothing in the browser.", "SecurityError");
    },
  });
}

"""A derived, disposable view of the catalogue that answers searches."""

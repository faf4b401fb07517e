"""One module per engine; each implements `search.engine.SearchEngine`."""

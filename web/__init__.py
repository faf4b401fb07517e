"""Pages, JSON API, widget and command line: parse the request, call a service, render."""

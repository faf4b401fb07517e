"""`python -m bench` runs the short benches, `--all` every one, `python -m bench NAME…` those named; `--help` lists them."""

from __future__ import annotations

import argparse
from importlib import import_module

#: name → module with a `main()` that prints its figures, and whether it belongs to the short run
BENCHES = {
    "api": ("bench.api", True),
    "freshness": ("bench.freshness", True),
    "latency": ("bench.search.latency", False),
    "vectors": ("bench.search.vectors", False),
    "crawl": ("bench.crawl", False),
    "reading": ("bench.reading", True),
    "queue": ("bench.queue", True),
}


def main() -> None:
    """Run the benches asked for, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"any of: {', '.join(BENCHES)}")
    parser.add_argument("--all", action="store_true", help="every bench; with 100,000 entries it takes half an hour")
    chosen = parser.parse_args()
    names = chosen.names or [name for name, (_module, short) in BENCHES.items() if short or chosen.all]
    for name in names:
        if name not in BENCHES:
            parser.error(f"there is no bench {name!r}; there are: {', '.join(BENCHES)}")
        print(f"== {name}", flush=True)
        import_module(BENCHES[name][0]).main()


if __name__ == "__main__":
    main()

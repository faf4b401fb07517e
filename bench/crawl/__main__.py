"""`python -m bench.crawl`."""

from bench.crawl import main

main()

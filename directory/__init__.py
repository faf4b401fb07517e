"""The catalogue of record: resources, proposals, crawl sources, their history and the outbox."""

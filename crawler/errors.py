"""What can go wrong on a crawl, each with a fixed name that reports and tests can rely on.

    CrawlError
    ├── FetchError      one address could not be fetched; .name says why, .permanent whether asking again helps
    ├── BadDocument     a document cannot be read as what it claims to be
    ├── LeaseLost       another process took the host over
    └── SourceFileError a file of crawl sources cannot be used

`str(error)` of the first two is `name: sentence`, which is what crawl reports show.
"""

from __future__ import annotations

from directory.errors import DirectoryError


class CrawlError(DirectoryError):
    """Root of the crawler's errors."""


class NamedError(CrawlError):
    """An error on one address, with a name from a fixed list."""

    def __init__(self, name: str, sentence: str) -> None:
        super().__init__(f"{name}: {sentence}")
        self.name = name


class FetchError(NamedError):
    """An address gave no usable answer. `permanent`: the address itself is at fault, so asking again is useless."""

    def __init__(self, name: str, sentence: str, *, permanent: bool = False) -> None:
        super().__init__(name, sentence)
        self.permanent = permanent


class BadDocument(NamedError):
    """A body that cannot be read: nested too deeply, not XML, not JSON…"""


class LeaseLost(CrawlError):
    """Another process visits this host now; what was just fetched is not recorded."""

    def __init__(self, host: str) -> None:
        super().__init__(f"Another crawl has taken over {host}.")
        self.host = host


class SourceFileError(CrawlError):
    """A file that should list crawl sources does not."""

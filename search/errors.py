"""What can go wrong in search; below `directory.errors.DirectoryError`."""

from directory.errors import DirectoryError


class SearchError(DirectoryError):
    """Root of the errors of search."""


class InvalidQuery(SearchError):
    """A filter, sort or page that does not exist. `field` is the parameter's name."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class EngineUnavailable(SearchError):
    """The engine cannot answer now: no index yet, or it does not respond."""


class IndexerBusy(SearchError):
    """Another process holds the indexer's lock for this index."""


class EmbedderUnavailable(SearchError):
    """The sentence model cannot work; search does without it."""


class EmbedderAbsent(EmbedderUnavailable):
    """The sentence model is not installed, or this machine cannot run it: nothing is broken."""

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


class EngineAway(EngineUnavailable):
    """The server behind the engine does not answer, or not sensibly; its index may be whole.

    retry_after: seconds that the server asks for; None where it says nothing.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class IndexDamaged(EngineUnavailable):
    """The index can be read but not written any more: only a rebuild mends that."""


class QueryRefused(EngineUnavailable):
    """The server answers, but refuses this one request: a fault of ours, and no reason to stop asking it others."""


class IndexerBusy(SearchError):
    """Another process holds the indexer's lock for this index."""


class EmbedderUnavailable(SearchError):
    """The sentence model cannot work; search does without it."""


class EmbedderAbsent(EmbedderUnavailable):
    """The sentence model is not installed, or this machine cannot run it: nothing is broken."""

"""Every error a caller can act on.

    DirectoryError
    ├── SettingError            an environment variable is wrong
    ├── DataFileError           a shipped or edited data file is wrong
    ├── CatalogueUnavailable    the database does not answer, or is not migrated
    ├── InvalidResource         a resource breaks the schema; .messages says where
    ├── ResourceNotFound        no such id
    │   └── ResourceMoved       it was merged into another; .to says which
    ├── ResourceExists          the id is taken
    ├── VersionConflict         someone changed it in between
    ├── RevisionNotFound        the history has no such version
    ├── MergeRefused            these entries cannot be merged
    ├── ImportRejected          a file has bad lines; .problems names each
    ├── FileRefused             a file that cannot be read, or a catalogue that a format cannot hold
    ├── UploadNotFound          an uploaded file was imported, is too old, or is another's
    ├── BackupRefused           a backup that is damaged, foreign or too new
    ├── ProposalNotFound, ProposalDecided
    ├── AccountNotFound, AccountExists, InvalidAccount
    ├── NotAllowed              the person's role or basins do not reach that far
    ├── TooManyAttempts         too many logins failed; .seconds says how long to wait
    ├── UndoRefused             something happened since that undoing would lose
    ├── ReminderOver            the link of a reminder was used, or is too old; .reason says which
    └── SourceNotFound, SourceExists, InvalidSource
    (search.errors.SearchError and crawler.errors.CrawlError are below DirectoryError too)

Each keeps what failed as an attribute; a library's error stays as `__cause__`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


class DirectoryError(Exception):
    """Root of every error that Senne raises on purpose. `str(error)` is a sentence for people."""


class SettingError(DirectoryError):
    """An environment variable cannot be used."""

    def __init__(self, variable: str, reason: str) -> None:
        super().__init__(f"{variable}: {reason}")
        self.variable = variable


class DataFileError(DirectoryError):
    """A data file breaks its own rules."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file


class CatalogueUnavailable(DirectoryError):
    """The database cannot be reached, or its tables are not those of this version."""


class InvalidResource(DirectoryError):
    """A resource breaks the schema. `messages`: {field: [message] | nested}, as marshmallow gives them."""

    def __init__(self, messages: dict[str, Any], resource_id: str | None = None) -> None:
        super().__init__("; ".join(flatten_messages(messages)))
        self.messages = messages
        self.resource_id = resource_id


class ResourceNotFound(DirectoryError):
    """No resource has this id."""

    def __init__(self, resource_id: str) -> None:
        super().__init__(f"No resource has the id {resource_id!r}.")
        self.resource_id = resource_id


class ResourceMoved(ResourceNotFound):
    """The resource was merged into another: its address answers with a permanent redirect to `to`."""

    def __init__(self, resource_id: str, to: str) -> None:
        DirectoryError.__init__(self, f"{resource_id!r} was merged into {to!r}; use that id.")
        self.resource_id, self.to = resource_id, to


class RevisionNotFound(DirectoryError):
    """The history of the resource has no such version."""

    def __init__(self, resource_id: str, version: int) -> None:
        super().__init__(f"The history of {resource_id!r} has no version {version}.")
        self.resource_id, self.version = resource_id, version


class MergeRefused(DirectoryError):
    """These entries cannot be merged, or not taken apart."""

    def __init__(self, resource_id: str, reason: str) -> None:
        super().__init__(f"{resource_id!r} {reason}")
        self.resource_id = resource_id


class ResourceExists(DirectoryError):
    """The id is taken."""

    def __init__(self, resource_id: str) -> None:
        super().__init__(f"A resource with the id {resource_id!r} exists already; revise it instead.")
        self.resource_id = resource_id


class VersionConflict(DirectoryError):
    """The resource was changed after the editor read it."""

    def __init__(self, resource_id: str, *, seen: int, present: int) -> None:
        super().__init__(
            f"{resource_id!r} is now at version {present}, the edit was made on version {seen}: "
            "read it again, then repeat the edit."
        )
        self.resource_id, self.seen, self.present = resource_id, seen, present


@dataclass(frozen=True)
class LineProblem:
    """What is wrong with one line of an imported file. Lines count from 1."""

    file: str
    line: int
    resource_id: str | None
    field: str | None
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}"
        about = f" [{self.resource_id}]" if self.resource_id else ""
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{about}{field} {self.message}"


class ImportRejected(DirectoryError):
    """Lines of an import are wrong; nothing was written."""

    def __init__(self, problems: Sequence[LineProblem]) -> None:
        lines = len({(problem.file, problem.line) for problem in problems})
        super().__init__(f"Nothing was imported: {lines} wrong line(s).")
        self.problems = list(problems)


class FileRefused(DirectoryError):
    """A file that Senne does not read (too large, not what its name says), or what a format cannot hold."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason}")
        self.file = file


class UploadNotFound(DirectoryError):
    """This person has no such file: it was imported already, dropped, or kept too long."""

    def __init__(self, file_id: str) -> None:
        super().__init__(
            f"There is no uploaded file {file_id[:40]!r}: it was imported already, or kept for over a day."
        )
        self.file_id = file_id


class BackupRefused(DirectoryError):
    """A backup cannot be restored, or the database not be replaced; nothing was changed."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(f"{file}: {reason} Nothing was changed.")
        self.file = file


class ProposalNotFound(DirectoryError):
    """No proposal has this id."""

    def __init__(self, proposal_id: str) -> None:
        super().__init__(f"No proposal has the id {proposal_id!r}; `senne proposals list` shows them.")
        self.proposal_id = proposal_id


class ProposalDecided(DirectoryError):
    """The proposal was accepted or rejected before."""

    def __init__(self, proposal_id: str, status: str) -> None:
        super().__init__(f"The proposal {proposal_id!r} is already {status}.")
        self.proposal_id, self.status = proposal_id, status


class AccountNotFound(DirectoryError):
    """No account has this e-mail address."""

    def __init__(self, email: str) -> None:
        super().__init__(f"No account has the address {email!r}; `senne user list` shows them.")
        self.email = email


class AccountExists(DirectoryError):
    """The e-mail address has an account."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email!r} has an account already.")
        self.email = email


class InvalidAccount(DirectoryError):
    """An account, or a password, breaks the rules. `messages`: {field: [message]}."""

    def __init__(self, messages: dict[str, list[str]]) -> None:
        super().__init__("; ".join(flatten_messages(messages)))
        self.messages = messages


class NotAllowed(DirectoryError):
    """The person may not do this."""


class TooManyAttempts(DirectoryError):
    """Too many logins failed under this account or from this address."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many attempts; try again in {seconds} s.")
        self.seconds = seconds


class UndoRefused(DirectoryError):
    """Undoing would lose what happened since."""

    def __init__(self, proposal_id: str, reason: str) -> None:
        super().__init__(f"{proposal_id!r}: {reason}")
        self.proposal_id = proposal_id


class ReminderOver(DirectoryError):
    """The link of a reminder cannot be used any more. `reason`: answered, expired or unknown."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"This link cannot be used any more: {reason}.")
        self.reason = reason


class SourceNotFound(DirectoryError):
    """No crawl source has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"No crawl source is called {name!r}; `senne source list` shows them.")
        self.name = name


class SourceExists(DirectoryError):
    """The name of the crawl source is taken."""

    def __init__(self, name: str) -> None:
        super().__init__(f"A crawl source called {name!r} exists already.")
        self.name = name


class InvalidSource(DirectoryError):
    """A crawl source breaks its schema. `messages` as in InvalidResource."""

    def __init__(self, messages: dict[str, Any]) -> None:
        super().__init__("; ".join(flatten_messages(messages)))
        self.messages = messages


def flatten_messages(messages: Any, path: str = "") -> list[str]:
    """Marshmallow's nested messages as `field.sub.0: message` lines."""
    return [f"{field}: {message}" if field else message for field, message in walk_messages(messages, path)]


def walk_messages(messages: Any, path: str = "") -> list[tuple[str, str]]:
    """Marshmallow's nested messages as (dotted field, message) pairs, in their order."""
    if isinstance(messages, dict):
        pairs = []
        for key, value in messages.items():
            inner = path if key == "_schema" else f"{path}.{_printable(key)}" if path else _printable(key)
            pairs += walk_messages(value, inner)
        return pairs
    if isinstance(messages, list | tuple):
        return [pair for item in messages for pair in walk_messages(item, path)]
    return [(path, str(messages))]


def _printable(key: Any) -> str:
    """A field's name as it may be shown: it can come from outside (control characters, half a character)."""
    text = str(key)[:80]
    return text if text.isprintable() else ascii(text)[1:-1]

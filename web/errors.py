"""What can go wrong in a request before any service is asked; below `directory.errors.DirectoryError`."""

from __future__ import annotations

from typing import Any

from directory.errors import DirectoryError, flatten_messages


class InvalidParameters(DirectoryError):
    """Parameters of an address are wrong. `messages`: {parameter: [message] | nested}, as marshmallow gives them."""

    def __init__(self, messages: dict[str, Any]) -> None:
        super().__init__("; ".join(flatten_messages(messages)))
        self.messages = messages

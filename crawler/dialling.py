"""Connects to hosts, only where they are on the public internet, and never past a deadline.

A name is looked up once per connection; when any of its addresses is not public, none is dialled (a mixed answer is
how rebinding starts). The checked literal itself is dialled; certificate, SNI and Host keep the name.
"""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from crawler.addresses import is_public
from crawler.errors import FetchError

_MAX_ADDRESSES = 32  #: more answers than any real site has
_MAX_TRIES = 3
#: The name servers say that there is no such name; others mean that they cannot be asked now. EAI_NODATA is missing
#: where the C library has given it up.
NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})

Resolve = Callable[[str, int], list[str]]


class Deadline:
    """When the request under way has to be over, and how fast its answer has to come."""

    def __init__(self) -> None:
        self._at = float("inf")
        self._slowest = self._grace = 0.0
        self._first_at: float | None = None  #: when the answer began
        self._bytes = 0

    def start(self, seconds: float, *, slowest: float = 0.0, grace_s: float = 0.0) -> None:
        """Begin a request that may take so long. slowest: bytes a second, on average, once `grace_s` have passed."""
        self._at = time.monotonic() + seconds
        self._slowest, self._grace = slowest, grace_s
        self._first_at, self._bytes = None, 0

    def received(self, number: int) -> None:
        """Count bytes of the answer. Raises FetchError (too_slow)."""
        now = time.monotonic()
        self._bytes += number
        if self._first_at is None:
            self._first_at = now
        passed = now - self._first_at
        if passed > self._grace and self._bytes < self._slowest * passed:
            raise FetchError("too_slow", f"the answer comes at less than {self._slowest:.0f} bytes a second")

    def left(self, timeout: float | None) -> float:
        """How long the next step may take. Raises httpcore.ReadTimeout when the time is over."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole answer took too long")
        return left if timeout is None else min(left, timeout)


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, IPv4 first. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = dict.fromkeys(str(entry[4][0]) for entry in found)
    return sorted(addresses, key=lambda address: ":" in address)


@dataclass(frozen=True)
class Dialler:
    """Which addresses may be dialled. `resolve` raises OSError when a name is not known."""

    allow_private: bool = False
    ports: frozenset[int] = frozenset({80, 443})
    resolve: Resolve = look_up

    def addresses(self, host: str, port: int, timeout: float) -> list[str]:
        """The checked literals to dial. Raises FetchError: port, dns_failure (permanent: no such name),
        dns_timeout, private_address."""
        if port not in self.ports:
            raise FetchError("port", f"port {port} is not one that web sites use", permanent=True)
        found = self._resolve_in_time(host.strip("[]"), port, timeout)
        if not found or len(found) > _MAX_ADDRESSES:
            raise FetchError("dns_failure", f"the name {host[:100]} has no usable address")
        if not self.allow_private and not all(map(is_public, found)):
            raise FetchError("private_address", f"{host[:100]} does not lead to the public internet", permanent=True)
        return found[:_MAX_TRIES]

    def _resolve_in_time(self, host: str, port: int, timeout: float) -> list[str]:
        """The system's look-up has no time-out of its own: a thread that hangs is left behind."""
        answers: queue.SimpleQueue[list[str] | OSError | UnicodeError] = queue.SimpleQueue()

        def ask() -> None:
            try:
                answers.put(self.resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        threading.Thread(target=ask, daemon=True, name=f"look up {host[:40]}").start()
        try:
            answer = answers.get(timeout=timeout)
        except queue.Empty as error:
            raise FetchError("dns_timeout", f"looking the name {host[:100]} up took too long") from error
        if isinstance(answer, list):
            return answer
        unknown = isinstance(answer, socket.gaierror) and answer.errno in NO_SUCH_NAME
        raise FetchError("dns_failure", f"the name {host[:100]} is not known", permanent=unknown) from answer


class GuardedBackend(httpcore.NetworkBackend):
    """httpcore's way to the network, through the dialler. `connections`: how many were opened."""

    def __init__(self, dialler: Dialler, deadline: Deadline) -> None:
        self._dialler, self._deadline = dialler, deadline
        self._network = httpcore.SyncBackend()
        self.connections = 0

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        self.connections += 1
        addresses = self._dialler.addresses(host, port, self._deadline.left(timeout))
        for left, address in zip(range(len(addresses) - 1, -1, -1), addresses, strict=True):
            try:
                stream = self._network.connect_tcp(address, port, timeout=self._deadline.left(timeout))
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if not left:
                    raise
                continue
            peer = stream.get_extra_info("server_addr")
            if not self._dialler.allow_private and not is_public(str(peer[0])):
                stream.close()
                raise FetchError("private_address", f"{host[:100]} does not lead to the public internet")
            return _TimedStream(stream, self._deadline)
        raise AssertionError("the dialler gives at least one address")

    def connect_unix_socket(self, path: str, *_: Any, **__: Any) -> httpcore.NetworkStream:
        raise FetchError("private_address", "sockets of this machine are not visited", permanent=True)


class _TimedStream(httpcore.NetworkStream):
    """A connection whose every step ends before the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        data = self._stream.read(max_bytes, self._deadline.left(timeout))
        self._deadline.received(len(data))
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))
        return _TimedStream(inner, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

"""Fetches one address: the only module that knows the HTTP library.

What it promises: no connection to an address that is not public (unless told so); the address that was checked is
the one that is dialled; nothing is asked by proxy, nothing is remembered between requests but open connections;
size, time and headers are bounded, before and after decompression. It follows no redirect: whoever calls decides.
A fetcher serves one thread. docs/decisions/0003-http-client.md says why this library and not its successor.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import httpcore
import httpx

from crawler.decoding import decode
from crawler.dialling import Deadline, Dialler, GuardedBackend
from crawler.errors import FetchError

#: Status codes whose Location is followed. 300 has choices, 304 is an answer, 305 and 306 are history.
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MAX_HEADERS = 100
_MAX_CONNECTIONS = 4
_KEPT_FOR_S = 30.0
_MEGABYTE = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one answer may cost. Times in seconds, sizes in bytes after decompression."""

    connect_s: float = 10.0  #: looking the name up, then connecting, TLS included
    between_bytes_s: float = 20.0
    whole_s: float = 45.0
    slowest: float = 1_000.0  #: bytes a second, on average since the answer began …
    grace_s: float = 30.0  #: … once so long has passed
    max_bytes: int = 5 * _MEGABYTE
    max_pdf_bytes: int = 30 * _MEGABYTE
    cut: bool = False  #: keep the first max_bytes of a larger body instead of refusing it


PAGE = Limits()
ROBOTS = Limits(whole_s=30.0, max_bytes=512 * 1024, cut=True)
SITEMAP = Limits(max_bytes=50 * _MEGABYTE)
INVENTORY = Limits(max_bytes=10 * _MEGABYTE)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a host said. Header names are in lower case, equal ones joined by ", "; the body is decompressed."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    elapsed_s: float

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; "" where none is declared."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that the header declares."""
        for parameter in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset" and value.strip():
                return value.strip().strip("\"'")
        return None


class Fetcher:
    """Keeps connections open between requests. Close it when done."""

    def __init__(
        self,
        user_agent: str,
        *,
        allow_private: bool = False,
        ports: Iterable[int] = (),
        dialler: Dialler | None = None,
    ) -> None:
        """allow_private: also connect to addresses that are not public. ports: besides 80 and 443."""
        self._headers = {
            "User-Agent": user_agent,
            "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.5",
            "Accept-Language": "fr-BE, fr;q=0.9, nl-BE;q=0.8, nl;q=0.8, en;q=0.6",
            "Accept-Encoding": "gzip",
        }
        self._deadline = Deadline()
        dialler = dialler or Dialler(allow_private=allow_private, ports=frozenset({80, 443, *ports}))
        self._backend = GuardedBackend(dialler, self._deadline)
        self._transport = _Transport(self._backend)

    def fetch(
        self,
        url: str,
        *,
        method: Literal["GET", "HEAD"] = "GET",
        headers: Mapping[str, str] | None = None,
        limits: Limits = PAGE,
        accepts: Callable[[str], bool] | None = None,
    ) -> Answer:
        """Ask for a canonical address. `accepts`: which media types of a 200 are worth reading. Raises FetchError."""
        self._deadline.start(limits.whole_s, slowest=limits.slowest, grace_s=limits.grace_s)
        opened = self._backend.connections
        try:
            return self._fetch(method, url, headers or {}, limits, accepts)
        except FetchError as error:
            if error.name != "disconnected" or self._backend.connections != opened:
                raise
            return self._fetch(
                method, url, headers or {}, limits, accepts
            )  # the host had just closed an idle connection

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    def _fetch(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        limits: Limits,
        accepts: Callable[[str], bool] | None,
    ) -> Answer:
        timeout = {"connect": limits.connect_s, "read": limits.between_bytes_s, "write": limits.between_bytes_s}
        started = time.monotonic()
        with _named_errors():
            request = httpx.Request(method, url, headers={**self._headers, **headers}, extensions={"timeout": timeout})
            response = self._transport.handle_request(request)
            try:
                received = response.headers.raw
                if len(received) > MAX_HEADERS:
                    raise FetchError("headers_too_large", f"the answer has more than {MAX_HEADERS} headers")
                answer = Answer(
                    url=url, status=response.status_code, headers=_joined(received), body=b"", elapsed_s=0.0
                )
                if answer.status == 200 and accepts is not None and not accepts(answer.content_type):
                    raise FetchError(
                        "content_type", f"the answer is {answer.content_type[:80]}, which is not read", permanent=True
                    )
                body = self._read(answer, response, limits, has_body=method == "GET")
            finally:
                response.close()
        elapsed = time.monotonic() - started
        return Answer(url=url, status=answer.status, headers=answer.headers, body=body, elapsed_s=elapsed)

    def _read(self, answer: Answer, response: httpx.Response, limits: Limits, *, has_body: bool) -> bytes:
        body: Iterable[bytes] = response.stream  # type: ignore[assignment] # the library's type allows async ones too
        if not has_body:
            decode(body, "", largest=0)  # nothing comes, and the connection stays open
            return b""
        if answer.status in REDIRECTS or answer.status == 304:
            return b""  # whatever is there is not looked at; the connection is closed if it is long
        largest = limits.max_pdf_bytes if answer.content_type == "application/pdf" else limits.max_bytes
        declared = answer.headers.get("content-length", "")
        if not limits.cut and declared.isascii() and declared.isdigit() and int(declared) > largest:
            raise FetchError("too_large", f"the answer has {declared} bytes, more than {largest}", permanent=True)
        coding = answer.headers.get("content-encoding", "")
        return decode(body, coding, largest=largest, cut=limits.cut)


class _Transport(httpx.BaseTransport):
    """The connections to the hosts asked last, one a host: nobody asks a host two things at once."""

    def __init__(self, backend: GuardedBackend) -> None:
        self._backend = backend
        self._kept: dict[str, httpcore.HTTPConnection] = {}  #: the one used last stands last

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer's head; its body is still to be read. Proxies, HTTP/2 and retries are off."""
        url = httpcore.URL(
            scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
        )
        answer = self._connection(url).handle_request(
            httpcore.Request(request.method, url, headers=request.headers.raw, extensions=request.extensions)
        )
        stream: Any = answer.stream
        return httpx.Response(answer.status, headers=answer.headers, stream=_Stream(stream))

    def close(self) -> None:
        for connection in self._kept.values():
            connection.close()
        self._kept.clear()

    def _connection(self, url: httpcore.URL) -> httpcore.HTTPConnection:
        origin = str(url.origin)
        connection = self._kept.pop(origin, None)
        if connection is not None and (not connection.is_available() or connection.has_expired()):
            connection.close()
            connection = None
        if connection is None:
            connection = httpcore.HTTPConnection(
                url.origin,
                ssl_context=_tls() if url.scheme == b"https" else None,
                keepalive_expiry=_KEPT_FOR_S,
                network_backend=self._backend,
            )
        self._kept[origin] = connection
        if len(self._kept) > _MAX_CONNECTIONS:
            self._kept.pop(next(iter(self._kept))).close()
        return connection


class _Stream(httpx.SyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        self._stream.close()


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


def _joined(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), _text(raw_value)
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _text(value: bytes) -> str:
    """A header's value; what is not ASCII is UTF-8 on most servers of today."""
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


@contextmanager
def _named_errors() -> Iterator[None]:
    """The library's errors under our names."""
    try:
        yield
    except httpcore.TimeoutException as error:
        connecting = isinstance(error, httpcore.ConnectTimeout)
        sentence = "the host did not take the connection in time" if connecting else "the answer took too long"
        raise FetchError("connect_timeout" if connecting else "timeout", sentence) from error
    except httpcore.ConnectError as error:
        raise _connect_error(error) from error
    except (httpcore.ReadError, httpcore.WriteError) as error:
        if isinstance(_root(error), ssl.SSLError):
            raise FetchError("tls_error", "the encrypted connection broke") from error
        raise FetchError("connection_reset", "the host broke the connection off") from error
    except httpcore.RemoteProtocolError as error:
        raise _protocol_error(error) from error
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol, httpx.InvalidURL) as error:
        raise FetchError("bad_request", "the address cannot be asked for over HTTP", permanent=True) from error


def _root(error: BaseException) -> BaseException:
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return error


def _connect_error(error: httpcore.ConnectError) -> FetchError:
    root = _root(error)
    if isinstance(root, ssl.SSLCertVerificationError):
        return FetchError("tls_error", f"the host's certificate is not valid: {root.verify_message}")
    if isinstance(root, ssl.SSLError):
        return FetchError("tls_error", "the host does not offer an encrypted connection that can be used")
    if isinstance(root, ConnectionRefusedError):
        return FetchError("connection_refused", "the host refuses connections")
    return FetchError("unreachable", "the host cannot be reached")


def _protocol_error(error: httpcore.RemoteProtocolError) -> FetchError:
    text = str(error)
    if "without sending a response" in text:
        return FetchError("disconnected", "the host closed the connection without an answer")
    if "closed connection without" in text or "incomplete" in text:
        return FetchError("connection_reset", "the host closed the connection in the middle of its answer")
    if "too long" in text or "too large" in text:
        return FetchError("headers_too_large", "the answer's headers are too large")
    return FetchError("bad_http", "the answer is not HTTP as the standard has it")

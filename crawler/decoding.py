"""Undoes the content coding of a body without ever holding more than it may. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from crawler.errors import FetchError

_STEP = 65_536  #: bytes that decompression may give at once
_MAX_RATIO = 200  #: decompressed to compressed; text comes to about 20, a bomb to 1,000
_RATIO_FROM = 1_000_000  #: small bodies may be as repetitive as they like


def decode(chunks: Iterable[bytes], coding: str, *, largest: int, cut: bool = False) -> bytes:
    """The body of an answer with this Content-Encoding, at most `largest` bytes.

    cut: a larger body is cut there instead of refused. Raises FetchError: too_large, decompression_bomb,
    content_coding (one that we did not ask for, or a damaged one).
    """
    names = [name for name in (part.strip().lower() for part in coding.split(",")) if name and name != "identity"]
    if not names:
        return _gather(chunks, largest, cut)
    if len(names) > 1 or names[0] not in {"gzip", "x-gzip", "deflate"}:
        raise FetchError("content_coding", f"the answer is coded as {coding[:40]!r}, which was not asked for")
    return _gather(_inflate(chunks, names[0], checked=not cut), largest, cut)


def gunzip(body: bytes, *, largest: int) -> bytes:
    """A gzip file. Raises FetchError as `decode`."""
    return decode([body], "gzip", largest=largest)


def _gather(chunks: Iterable[bytes], largest: int, cut: bool) -> bytes:
    kept = bytearray()
    for chunk in chunks:
        kept += chunk
        if len(kept) > largest:
            if cut:
                return bytes(kept[:largest])
            raise FetchError("too_large", f"the answer has more than {largest} bytes", permanent=True)
    return bytes(kept)


def _inflate(chunks: Iterable[bytes], name: str, *, checked: bool) -> Iterator[bytes]:
    """Decompress in small steps; several gzip members in a row are one body."""
    decoder = zlib.decompressobj(47 if name != "deflate" else zlib.MAX_WBITS)
    taken = given = 0
    try:
        for chunk in chunks:
            taken += len(chunk)
            if name == "deflate" and taken == len(chunk) and not _has_zlib_header(chunk):
                decoder = zlib.decompressobj(-zlib.MAX_WBITS)  # what some servers send under this name
            while chunk:
                if decoder.eof:
                    if not chunk.strip(b"\0"):
                        break  # padding after the last member
                    decoder = zlib.decompressobj(47)
                data = decoder.decompress(chunk, _STEP)
                given += len(data)
                chunk = decoder.unconsumed_tail or (decoder.unused_data if decoder.eof else b"")
                if checked and given > _RATIO_FROM and given > (taken - len(chunk)) * _MAX_RATIO:
                    raise FetchError(
                        "decompression_bomb", f"the answer grows more than {_MAX_RATIO} times when decompressed"
                    )
                yield data
    except zlib.error as error:
        raise FetchError("content_coding", "the answer's compression is damaged") from error
    if taken and not decoder.eof:
        raise FetchError("content_coding", "the answer's compression ends too early")


def _has_zlib_header(chunk: bytes) -> bool:
    """Whether it starts as RFC 1950 says."""
    return len(chunk) >= 2 and chunk[0] & 0x0F == 8 and (chunk[0] << 8 | chunk[1]) % 31 == 0

"""What travels through the crawler: a page as it was fetched, and what reading it found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

#: resource: becomes a proposal. listing: leads to resources. other: neither (contact, privacy, home…).
#: empty: no text of its own (a scan, a shell for scripts). soft_404: "not found" with status 200.
PageKind = Literal["resource", "listing", "other", "empty", "soft_404"]


@dataclass(frozen=True, kw_only=True)
class Page:
    """One answer of a host, after redirects, with any content coding undone.

    url: canonical, as asked. final_url: canonical, where the answer came from. headers: names in lower case.
    """

    url: str
    final_url: str
    body: bytes
    fetched_at: datetime  #: aware UTC
    content_type: str = ""  #: media type in lower case, without parameters; "" where none was declared
    charset: str | None = None  #: as the header declares it
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one page says. Only a `resource` has the fields from `resource` on.

    resource: the outside shape of a resource, possibly incomplete; a field that is not sure enough is left out.
    evidence: field → the quote it rests on. places: field → CSS path, or `page 3` of a PDF.
    """

    kind: PageKind
    text: str  #: the main text, without navigation, header, footer
    content_hash: str  #: of main text and fields: equal while only the page's surroundings change
    language: str | None = None  #: BCP 47; None where the text is too short to tell
    resource: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    field_confidence: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.0  #: that this is a resource, 0 to 1
    twins: Mapping[str, str] = field(default_factory=dict)  #: language → canonical URL of the same page in it

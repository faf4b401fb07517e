"""What an answer says about a link: it works, it has moved, it has gone, or nothing can be said. Pure.

A refusal, an overload or a time-out is never a death: sites refuse programs that they show to people. Only 404, 410, a
host name that no longer exists, a domain for sale, and a page that says it is not there on a site that answers so to
any address at all speak of a death; `directory.link_health` wants to hear it twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from crawler.errors import FetchError
from crawler.http import Answer
from crawler.page_names import HOME_PATH
from crawler.urls import parse
from directory.text import fold

GONE_STATUSES = frozenset({404, 410})
PERMANENT = frozenset({301, 308})
_LOGIN = re.compile(
    r"/(?:wp-login\.php|login|log-in|signin|sign-in|connexion|aanmelden|inloggen|auth|sso|cas)(?:[/?.]|$)"
)
_BOT_WALL = re.compile(
    r"just a moment|attention required|access denied|acces refuse|toegang geweigerd|are you (?:a )?(?:human|robot)|"
    r"captcha|verif(?:y|ying) (?:that )?you are (?:a )?human|verifions que vous|checking your browser|pardon our interruption|"
    r"enable javascript and cookies to continue"
)
_FOR_SALE = re.compile(
    r"domain (?:name )?(?:is|may be) for sale|buy this domain|(?:ce|le) (?:nom de )?domaine est (?:a vendre|en vente)|"
    r"(?:dit|deze) domein(?:naam)? (?:is|staat) te koop|parked (?:free|domain)|domaine (?:est )?parque"
)

Outcome = Literal["ok", "moved", "gone", "unsure"]


@dataclass(frozen=True)
class Verdict:
    """`reason`: a fixed word; "" where the link works. `target`: where a permanent redirect led."""

    outcome: Outcome
    reason: str = ""
    target: str | None = None


def judge_error(error: FetchError) -> Verdict:
    """What a request without answer says. Only "no such host" from the name servers themselves is a death."""
    if error.name == "dns_failure" and error.permanent:
        return Verdict("gone", "no_such_host")
    return Verdict("unsure", error.name)


def judge_status(status: int) -> Verdict:
    """What a final status that is no success says."""
    return Verdict("gone" if status in GONE_STATUSES else "unsure", f"http_{status}")


def judge_path(path: Sequence[str], statuses: Sequence[int]) -> Verdict:
    """What the redirects say of a link whose last address answers. `statuses`: of each redirect.

    A page that for good leads to the home page of its own site has gone: many sites answer so instead of 404.
    """
    first, last = parse(path[0]), parse(path[-1])
    if len(path) == 1:
        return Verdict("ok")
    if _LOGIN.search(last.path.lower()) and not _LOGIN.search(first.path.lower()):
        return Verdict("unsure", "login")
    same_site = first.host.removeprefix("www.") == last.host.removeprefix("www.")
    lasting = set(statuses) <= PERMANENT
    if same_site and _is_home(path[-1]):
        if _is_home(path[0]):  # to the reader's language, to https: the short address is the one to pass on
            return Verdict("ok")
        return Verdict("gone" if lasting else "unsure", "leads_home")
    return Verdict("moved", "", path[-1]) if lasting else Verdict("ok")


def judge_words(title: str, text: str) -> Verdict:
    """What a page of few words says when it is no page: a wall against programs, a domain for sale."""
    said = fold(f"{title} {text[:1500]}")
    if len(text) < 1500 and _FOR_SALE.search(said):
        return Verdict("gone", "for_sale")
    if len(text) < 600 and _BOT_WALL.search(said):
        return Verdict("unsure", "bot_wall")
    return Verdict("ok")


def judge_not_found(*, honest: bool | None) -> Verdict:
    """What a page says that answers 200 and calls itself not found.

    honest: whether the site answers 404 to an address that cannot exist; None where it could not be asked. Where it
    does, this page is there, whatever its words: perhaps taken off for a while, perhaps a game called "404".
    """
    if honest is False:
        return Verdict("gone", "soft_404")
    return Verdict("unsure", "says_not_found")


def needs_a_look(answer: Answer) -> bool:
    """Whether what was asked by HEAD must be asked again by GET: HEAD is often refused, and tells nothing of words."""
    return answer.status != 200 or answer.content_type in {"", "text/html", "application/xhtml+xml"}


def _is_home(url: str) -> bool:
    address = parse(url)
    return HOME_PATH.fullmatch(address.path) is not None and not address.query

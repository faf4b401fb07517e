"""Finds out what a site has, the cheapest way that it offers.

First WordPress' REST inventory, with The Events Calendar; else its sitemaps; else its feeds and calendars; links
are followed in any case. Longer than 300 lines: all inventories share one way of asking, with its bounds, redirects
and validators. What was learnt about a host stays in its `facts`:

    seen: a page's head has been read · api: root of the REST interface · api_closed_until · routes, routes_at
    has_events · feeds · calendars · no_sitemap_until · complete: {inventory: the run that read all of it}
    discovered_run · lastmod: {seen, agreed} · kept: {inventory: its documents' validators, and when it was read}
    robots: the validators of robots.txt · etag_flaps, etag_ignored_until (`validators`) · nowhere (`nowhere`)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from crawler import calendars, sitemaps, wordpress
from crawler.calendar_notes import keep_again, keep_occurrences
from crawler.clock import Clock
from crawler.decide import DAY
from crawler.errors import BadDocument, FetchError, NamedError
from crawler.frontier import Frontier
from crawler.hosts import Host, Hosts
from crawler.http import INVENTORY, REDIRECTS, SITEMAP, Answer, Limits
from crawler.inventory import Inventory
from crawler.lastmod import is_uniform, trusts_lastmod
from crawler.urls import Scope, canonical_url, origin_of
from crawler.validators import Validators, conditions, validators_of
from crawler.visit import Visitor
from directory.database import Database

ASK_AGAIN = timedelta(days=7)  #: for a sitemap or an interface that was not there
MAX_REQUESTS = 200  #: of one inventory in one run
_MAX_REDIRECTS = 5
_MAX_STARTS = 10  #: sitemaps that robots.txt may name
_MAX_KEPT = 20  #: documents of an inventory whose validators are kept


@dataclass
class Discovery:
    """Asks the inventories of hosts, once in a run."""

    visitor: Visitor
    hosts: Hosts
    frontier: Frontier
    scope: Scope
    database: Database
    clock: Clock
    _left: int = 0
    _answers: dict[str, Answer] = field(default_factory=dict)  #: those that came while looking for changes
    _documents: dict[str, Validators] = field(default_factory=dict)  #: what each document of an inventory gave
    _errors: list[tuple[str, str]] = field(default_factory=list)

    def discover(self, host: Host) -> bool:
        """Ask the host's inventories, unless this run has; whether it was done now."""
        if host.facts.get("discovered_run") == self.frontier.run.id:
            return False
        self._errors, self._left = [], MAX_REQUESTS
        self.hosts.load_robots(host, partial(self.visitor.ask, host))
        found = self._wordpress(host) or self._sitemaps(host)
        inventories = [found] if found is not None else []
        if found is None or found.by == "wordpress":
            inventories += [events for events in [self._events(host)] if events is not None]
        if found is None:
            inventories.append(self._feeds(host))
        self._write(host, inventories)
        return True

    def _write(self, host: Host, inventories: list[Inventory]) -> None:
        run_id, now = self.frontier.run.id, self.clock.now()
        complete = {one.by: run_id for one in inventories if one.complete and (one.items or one.as_in_run)}
        host.facts = {**host.facts, "complete": complete, "discovered_run": run_id}
        skipped: Counter[str] = Counter()
        with self.database.write() as session:
            for inventory in inventories:
                items = [item for item in inventory.items.values() if self.scope.covers(item.url)]
                if inventory.as_in_run is not None:
                    self.frontier.list_again(session, by=inventory.by, run=inventory.as_in_run)
                    keep_again(session, self.frontier.run, as_in_run=inventory.as_in_run)
                self.frontier.list_items(session, items, by=inventory.by, depth=1, now=now)
                if inventory.occurrences:
                    keep_occurrences(session, self.frontier.run, inventory.occurrences)
                if inventory.by == "sitemap" and (inventory.is_uniform or not trusts_lastmod(host)):
                    continue
                self.frontier.queue_changed(session, by=inventory.by)
                if inventory.by in complete:
                    self.frontier.queue_unlisted(session, host.origin, by=inventory.by)
                skipped["unchanged"] += self.frontier.skip_unchanged(session, host.origin, by=inventory.by, now=now)
                if inventory.by == "wordpress" and inventory.complete:
                    skipped["not_due"] += self.frontier.skip_unlisted(session, host.origin, now=now)
            skipped["not_due"] += self.frontier.skip_redirects(session, host.origin, now=now)
            for url, error in self._errors:
                self.frontier.note(session, "error", url, error)
            self.frontier.count(session, skipped=dict(skipped))
            self.hosts.save(session, host)

    def _wordpress(self, host: Host) -> Inventory | None:
        api, now = host.facts.get("api"), self.clock.now()
        if api is None or _is_before(now, host.facts.get("api_closed_until")):
            return None
        inventory = Inventory("wordpress")
        try:
            for route in self._routes(host, api, now):
                self._read_route(host, api, route, inventory)
        except NamedError:
            host.facts = {**host.facts, "api_closed_until": (now + ASK_AGAIN).isoformat(), "routes_at": None}
            return None
        return inventory if inventory.items else None

    def _routes(self, host: Host, api: str, now: datetime) -> list[str]:
        """The kinds of content, asked for once a day. Raises NamedError when the interface is closed."""
        facts = host.facts
        if facts.get("routes_at") and _is_before(now, facts["routes_at"]):
            return list(facts["routes"])
        root = self._get(host, wordpress.root_url(api), INVENTORY)
        has_events = root is not None and wordpress.has_events(root.body)
        types = self._get(host, wordpress.types_url(api), INVENTORY)
        if types is None:
            raise BadDocument("bad_inventory", "the site's interface is closed")
        routes = wordpress.read_routes(types.body)
        host.facts = {**facts, "routes": routes, "routes_at": (now + DAY).isoformat(), "has_events": has_events}
        return routes

    def _read_route(self, host: Host, api: str, route: str, inventory: Inventory) -> None:
        """All pages of one list. A list that is closed from the start is not asked for again today."""
        for number in range(1, MAX_REQUESTS):
            answer = self._get(host, wordpress.inventory_url(api, route, number), INVENTORY)
            if answer is None:
                if number == 1:
                    routes = [known for known in host.facts["routes"] if known != route]
                    host.facts = {**host.facts, "routes": routes}
                else:
                    inventory.complete = False
                return
            items = wordpress.read_items(answer.body)
            inventory.items |= {item.url: item for item in items}
            pages = wordpress.total_pages(answer.headers)
            if len(items) == 0 or (number >= pages if pages is not None else len(items) < wordpress.PER_PAGE):
                return
        inventory.complete = False

    def _events(self, host: Host) -> Inventory | None:
        """The calendar's own interface, where the inventory of pages leaves events out."""
        facts = host.facts
        if not facts.get("has_events") or "wp/v2/tribe_events" in facts.get("routes", []):
            return None
        inventory = Inventory("events", complete=False)  # it leaves out what is past
        try:
            for number in range(1, MAX_REQUESTS):
                answer = self._get(host, wordpress.events_url(facts["api"], number), INVENTORY)
                if answer is None:
                    break
                items, pages = wordpress.read_events(answer.body)
                inventory.items |= {item.url: item for item in items}
                if number >= pages:
                    break
        except NamedError as error:
            self._errors.append((wordpress.events_url(facts["api"], 1), str(error)))
        return inventory if inventory.items else None

    def _sitemaps(self, host: Host) -> Inventory | None:
        now, rules = self.clock.now(), host.robots
        told = [url for text in (rules.sitemaps if rules else ()) if (url := canonical_url(text, host.origin + "/"))]
        if not told and _is_before(now, host.facts.get("no_sitemap_until")):
            return None
        starts = told[:_MAX_STARTS] or [f"{host.origin}/sitemap.xml"]
        if (same := self._unchanged(host, "sitemap", starts)) is not None:
            return same
        inventory = Inventory("sitemap")
        for sitemap in self._walk_sitemaps(host, starts, inventory, are_told=bool(told)):
            inventory.complete &= sitemap.complete
            inventory.items |= {item.url: item for item in sitemap.pages}
        inventory.is_uniform = is_uniform(item for item in inventory.items.values() if self.scope.covers(item.url))
        self._keep(host, inventory, starts)
        if not inventory.items:
            host.facts = {**host.facts, "no_sitemap_until": (now + ASK_AGAIN).isoformat()}
            return None
        return inventory

    def _walk_sitemaps(
        self, host: Host, starts: list[str], inventory: Inventory, *, are_told: bool
    ) -> Iterator[sitemaps.Sitemap]:
        """The sitemaps and, from indexes, those below them; each once. are_told: robots.txt says they are there."""
        waiting = [(url, 0) for url in starts]
        asked: set[str] = set()
        while waiting:
            url, depth = waiting.pop(0)
            if url in asked:
                continue
            asked.add(url)
            try:
                answer = self._get(host, url, SITEMAP)
                if answer is None:
                    raise BadDocument("no_sitemap", "there is no sitemap at this address")
                sitemap = sitemaps.read_sitemap(answer.body, base=answer.url)
            except NamedError as error:
                inventory.complete = False
                if are_told or depth:
                    self._errors.append((url, str(error)))
                continue
            if depth < sitemaps.MAX_DEPTH:
                waiting += [(child.url, depth + 1) for child in sitemap.children]
            elif sitemap.children:
                inventory.complete = False
            yield sitemap

    def _feeds(self, host: Host) -> Inventory:
        starts = [*host.facts.get("feeds", []), *host.facts.get("calendars", [])]
        if (same := self._unchanged(host, "feed", starts)) is not None:
            return same
        inventory = Inventory("feed", complete=False)
        for url in starts:
            try:
                answer = self._get(host, url, INVENTORY)
                if answer is None:
                    continue
                if url in host.facts.get("feeds", []):
                    items = sitemaps.read_feed(answer.body, base=answer.url)
                else:
                    items = calendars.read_calendar(answer.body, base=answer.url)
                    inventory.occurrences |= calendars.read_occurrences(
                        answer.body, base=answer.url, now=self.clock.now()
                    )
                inventory.items |= {item.url: item for item in items}
            except NamedError as error:
                self._errors.append((url, str(error)))
        self._keep(host, inventory, starts)
        return inventory

    def _unchanged(self, host: Host, by: str, starts: list[str]) -> Inventory | None:
        """The inventory as this source last read it, where every document of it says that it has not changed."""
        self._answers, self._documents = {}, {}
        kept = host.facts.get("kept", {}).get(by)
        if not kept or (kept["source"], kept["starts"]) != (self.frontier.run.source, starts):
            return None
        for url, (etag, last_modified) in kept["documents"].items():
            try:
                answer = self._ask(
                    host, url, SITEMAP if by == "sitemap" else INVENTORY, conditions((etag, last_modified))
                )
            except NamedError:
                return None
            if answer is None or answer.status != 304:
                self._answers |= {url: answer} if answer is not None else {}
                return None
        run_id = self.frontier.run.id
        same = Inventory(by, complete=by == "sitemap", as_in_run=kept["run"], is_uniform=kept["is_uniform"])
        host.facts = {**host.facts, "kept": {**host.facts["kept"], by: {**kept, "run": run_id}}}
        return same

    def _keep(self, host: Host, inventory: Inventory, starts: list[str]) -> None:
        """Remember how to ask whether it has changed, where all of its documents allow it."""
        kept = {name: known for name, known in host.facts.get("kept", {}).items() if name != inventory.by}
        documents = self._documents
        is_whole = inventory.complete if inventory.by == "sitemap" else len(documents) == len(starts)
        if inventory.items and is_whole and len(documents) <= _MAX_KEPT and all(map(any, documents.values())):
            kept[inventory.by] = {
                "source": self.frontier.run.source,
                "run": self.frontier.run.id,
                "starts": starts,
                "is_uniform": inventory.is_uniform,
                "documents": {url: list(validators) for url, validators in documents.items()},
            }
        if kept or "kept" in host.facts:
            host.facts = {**host.facts, "kept": kept}

    def _get(self, host: Host, url: str, limits: Limits) -> Answer | None:
        """A document of the host, after redirects; None where there is none for us. Raises FetchError."""
        answer = self._answers.pop(url, None) or self._ask(host, url, limits, {})
        if answer is None or answer.status != 200:
            return None
        self._documents[url] = validators_of(answer.headers)
        return answer

    def _ask(self, host: Host, url: str, limits: Limits, headers: Mapping[str, str]) -> Answer | None:
        """An answer of any kind but redirects and "come back later"; None where it may not be asked for."""
        for _ in range(_MAX_REDIRECTS + 1):
            place: Any = host if origin_of(url) == host.origin else self._other(url)
            if place is None or place.robots is None or not place.robots.allows(url) or self._left <= 0:
                return None
            self._left -= 1
            answer = self.visitor.ask(place, url, limits, headers)
            if answer.status in REDIRECTS:
                target = canonical_url(answer.headers.get("location", ""), url)
                if target is None:
                    return None
                url = target
                continue
            if answer.status == 429 or answer.status >= 500:
                raise FetchError(f"http_{answer.status}", f"the host answered with status {answer.status}")
            return answer
        return None

    def _other(self, url: str) -> Host | None:
        """Another host of the source, which may hold the sitemap."""
        if not self.scope.covers(f"{origin_of(url)}/") and not self.scope.covers(url):
            return None
        other = self.hosts.lease(origin_of(url))
        if other is not None:
            self.hosts.load_robots(other, partial(self.visitor.ask, other))
        return other


def _is_before(now: datetime, until: str | None) -> bool:
    return until is not None and now < datetime.fromisoformat(until)

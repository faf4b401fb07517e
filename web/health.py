"""For whoever runs Senne: is the process alive, can it serve, and figures for a monitoring system."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from directory import outbox
from directory.errors import CatalogueUnavailable
from search.errors import EngineUnavailable
from search.fallback import FallbackEngine
from web.wiring import Services, get_services

LATE_S = 60.0  #: a change that no index has taken for so long is worth a look
_SEVERITY = ("ok", "degraded", "down")


@dataclass(frozen=True)
class Check:
    """One part's state: ok, degraded (Senne still answers) or down; `detail` is a sentence."""

    status: str
    detail: str


def register(app: Flask) -> None:
    """Serve /healthz, /readyz and /metrics."""
    app.add_url_rule("/healthz", "healthz", lambda: jsonify(status="ok"))
    app.add_url_rule("/readyz", "readyz", readyz)
    Metrics(app)


def readyz() -> Response:
    """503 only where nothing can be served: a proxy would take a merely degraded process out."""
    checks = check_all(get_services())
    overall = max((check.status for check in checks.values()), key=_SEVERITY.index)
    body = {name: {"status": check.status, "detail": check.detail} for name, check in checks.items()}
    response = jsonify(status=overall, checks=body)
    response.status_code = 503 if overall == "down" else 200
    response.headers["Cache-Control"] = "no-store"
    return response


def check_all(services: Services) -> dict[str, Check]:
    """Every check by name. The engine first: it finds out soonest that a search server stalls, and then nobody waits."""
    return {
        "engine": _check_engine(services),
        "database": _check_database(services),
        "index": _check_index(services),
        "outbox": _check_outbox(services),
        "vectors": _check_vectors(services),
    }


def _check_database(services: Services) -> Check:
    reason = services.database.check()
    return Check("down", reason) if reason else Check("ok", "The catalogue answers.")


def _check_index(services: Services) -> Check:
    try:
        state = services.engine.status()
    except EngineUnavailable as error:
        return Check("down", str(error))
    return Check("ok", f"{state.documents} resources in {state.generation}.")


def _check_engine(services: Services) -> Check:
    if isinstance(services.engine, FallbackEngine):
        return Check(*services.engine.health())
    return Check("ok", "The embedded engine answers.")


def _check_vectors(services: Services) -> Check:
    """Search goes on by words where meaning is off, absent or broken; it only says so."""
    state = services.vectors.status()
    return Check("ok" if state.state == "on" else "degraded", state.detail)


def _check_outbox(services: Services) -> Check:
    try:
        with services.database.read() as session:
            waiting, since = outbox.backlog(session)
    except CatalogueUnavailable as error:
        return Check("degraded", str(error))
    age = (datetime.now(UTC) - since).total_seconds() if since else 0.0
    if age > LATE_S:
        return Check("degraded", f"{waiting} change(s) wait to be indexed, the oldest for {age:.0f} s.")
    return Check("ok", f"{waiting} change(s) wait to be indexed.")


class Metrics:
    """Counts and times requests by route, never by address or query: those can hold a reader's words."""

    def __init__(self, app: Flask) -> None:
        self._registry = CollectorRegistry()
        self._seconds = Histogram(
            "senne_request_seconds", "Time to answer a request.", ["route"], registry=self._registry,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
        )  # fmt: skip
        self._answers = Counter("senne_responses", "Answers by status.", ["route", "status"], registry=self._registry)
        self._registry.register(_Backlog(app))
        app.before_request(self._start)
        app.after_request(self._stop)
        app.add_url_rule("/metrics", "metrics", self.show)

    def show(self) -> Response:
        """The figures of this process, in the format of Prometheus."""
        response = Response(generate_latest(self._registry), content_type=CONTENT_TYPE_LATEST)
        response.headers["Cache-Control"] = "no-store"
        return response

    def _start(self) -> None:
        g.started = time.perf_counter()

    def _stop(self, response: Response) -> Response:
        route = request.endpoint or "none"
        self._answers.labels(route, str(response.status_code)).inc()
        if started := g.get("started"):
            self._seconds.labels(route).observe(time.perf_counter() - started)
        return response


class _Backlog(Collector):
    """Read when asked for: how many changes wait for an index, and for how long."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def collect(self) -> Iterator[Metric]:
        services: Services = self._app.extensions["senne"]
        try:
            with services.database.read() as session:
                waiting, since = outbox.backlog(session)
        except CatalogueUnavailable:
            return
        age = (datetime.now(UTC) - since).total_seconds() if since else 0.0
        yield GaugeMetricFamily("senne_outbox_rows", "Changes that wait for an index.", value=waiting)
        yield GaugeMetricFamily("senne_outbox_age_seconds", "Age of the oldest of them.", value=age)

"""Serves the site with granian: one main process, which also keeps the index up to date, and its workers.

Workers are spawned, not forked: the main process has threads. They end with their parent, however it ends, and a
worker that dies is replaced.
"""

from __future__ import annotations

import ctypes
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection
from typing import Any

from flask import Flask
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer as Server

from directory.errors import DirectoryError
from directory.settings import Settings
from search.service import SearchRequest
from web.wiring import Services

log = logging.getLogger(__name__)

BLOCKING_THREADS = 8  #: requests that one worker answers at once; Python itself runs one of them at a time
MAX_HEAD_BYTES = 1_048_576  #: read of a request before its body; the address in it may have 65,534, else 414
STOP_S = 10
MAX_FAILURES = 3  #: starts in a row without an answer, before we give up
_PR_SET_PDEATHSIG = 1  #: source: prctl(2)


class AddressTaken(DirectoryError):
    """Another server listens there."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"Cannot listen on {host}:{port}: {reason}. Stop the other server or choose another --port.")


class WorkersFail(DirectoryError):
    """No worker comes up."""

    def __init__(self, times: int) -> None:
        super().__init__(f"The site could not be started in {times} attempts; the messages above say why.")


def serve(settings: Settings, background: Callable[[threading.Event], None], *, host: str, workers: int) -> None:
    """Serve until a signal says stop. `background` runs beside, in a thread of this process, until its event is set.

    Raises AddressTaken, WorkersFail.
    """
    check_address(host, settings.port)
    multiprocessing.set_start_method("spawn", force=True)
    os.environ["SENNE_PORT"] = str(settings.port)  # workers read their settings from the environment
    stop = threading.Event()
    beside = threading.Thread(target=background, args=(stop,), name="background")
    beside.start()
    try:
        _serve_until_told(settings, host, workers)
    finally:
        stop.set()
        beside.join(STOP_S)


def _serve_until_told(settings: Settings, host: str, workers: int) -> None:
    """granian gives up when a worker dies twice within seconds; we begin anew unless no worker ever answers."""
    failures = 0
    announced = False
    while failures < MAX_FAILURES:
        server = make_server(settings, host, workers)
        answers = _Probe(host, settings, announce=not announced)
        answers.start()
        with suppress(SystemExit):
            server.serve()
        if server.interrupt_signal:
            return
        answers.give_up()
        announced = announced or answers.came
        failures = 0 if answers.came else failures + 1
        log.error("workers_died", extra={"failures": failures})
    raise WorkersFail(failures)


def make_server(settings: Settings, host: str, workers: int, *, target: str = "web.server:make_app") -> Server:
    """granian as we use it; `target` names what makes the app in each worker."""
    return Server(
        target,
        address=host,
        port=settings.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        websockets=False,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=STOP_S,
        log_level="error",  # type: ignore[arg-type]
        http1_settings=HTTP1Settings(max_buffer_size=MAX_HEAD_BYTES),
    )


def make_app() -> Flask:
    """The app of one worker, which ends when the main process does."""
    from web.app import create_app

    end_with_parent()
    app = create_app(Settings.from_env(os.environ))
    _warm_up(app)
    return app


def _warm_up(app: Flask) -> None:
    """Read the thesaurus and open the index before the first reader comes."""
    services: Services = app.extensions["senne"]
    if services.vectors.search:
        services.vectors.search.start()
    with suppress(DirectoryError):
        services.search(SearchRequest(text="senne", per_page=1))


def end_with_parent() -> None:
    """Have the system end this process when its parent dies, even by SIGKILL (Linux only). Source: prctl(2)."""
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is not None and os.getppid() != parent.pid:  # it died before we asked
        os._exit(1)


def check_address(host: str, port: int) -> None:
    """Raises AddressTaken. Without this check a second server would share the port with the first."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _name, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise AddressTaken(host, port, error.strerror or str(error)) from error


class _Probe(threading.Thread):
    """Asks until a worker answers, then says where the site is. `came`: one did."""

    def __init__(self, host: str, settings: Settings, *, announce: bool) -> None:
        super().__init__(name="probe", daemon=True)
        self._host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
        self._settings, self._announce = settings, announce
        self._given_up = threading.Event()
        self.came = False

    def run(self) -> None:
        while not self._given_up.wait(0.05):
            if _answers(self._host, self._settings.port):
                self.came = True
                if self._announce:
                    print(f"Senne is ready at {self._address()}", flush=True)
                return

    def give_up(self) -> None:
        """Ask no more."""
        self._given_up.set()
        self.join()

    def _address(self) -> str:
        shown = f"[{self._host}]" if ":" in self._host else self._host
        return self._settings.base_url or f"http://{shown}:{self._settings.port}"


def _answers(host: str, port: int) -> bool:
    connection: Any = HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return bool(connection.getresponse().status == 200)
    except OSError:
        return False
    finally:
        connection.close()

"""What benches share: a server on its own data folder, interleaved requests, percentiles."""

from __future__ import annotations

import multiprocessing
import os
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from directory.settings import Settings
from web.server import make_server

CEILING_S = 60


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie; nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def free_port() -> int:
    """A port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(data_dir: Path, target: str, *, vectors: bool = True) -> Iterator[int]:
    """Senne's own server on a data folder, with the app that `target` makes; its port."""
    settings = Settings(data_dir=data_dir, port=free_port(), vectors=vectors)
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(settings, target))
    process.start()
    try:
        waiting_for(settings.port)
        yield settings.port
    finally:
        process.terminate()
        process.join()


def interleaved(
    port: int, paths: Mapping[str, Callable[[], str]], *, requests: int, clients: int, seed: int = 1
) -> dict[str, list[float]]:
    """Seconds of each request, by name; names in random order, so that noise meets all alike."""
    plan = [name for name in paths for _ in range(requests)]
    random.Random(seed).shuffle(plan)
    seconds: dict[str, list[float]] = {name: [] for name in paths}
    lock, work = threading.Lock(), iter(plan)
    failures: list[str] = []

    def client() -> None:
        connection = HTTPConnection("127.0.0.1", port, timeout=CEILING_S)
        while True:
            with lock:
                name = next(work, None)
            if name is None:
                return
            path = paths[name]()
            started = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            taken = time.perf_counter() - started
            with lock:
                seconds[name].append(taken)
                if answer.status != 200:
                    failures.append(f"{answer.status} {path}")

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise RuntimeError(f"{len(failures)} requests failed, the first: {failures[0]}")
    return seconds


def print_table(seconds: Mapping[str, Sequence[float]], base: str) -> None:
    """p50 and p99 in milliseconds, and as ratios to `base`."""
    of_base = [percentile(seconds[base], share) for share in (0.5, 0.99)]
    for name, values in seconds.items():
        found = [percentile(values, share) for share in (0.5, 0.99)]
        ratios = " ".join(f"x{value / other:.2f}" for value, other in zip(found, of_base, strict=True))
        print(
            f"  {name:<28} p50 {found[0] * 1000:7.2f} ms   p99 {found[1] * 1000:7.2f} ms   {ratios}   n={len(values)}"
        )


def waiting_for(port: int) -> None:
    """Returns once a server answers there. Raises RuntimeError after a minute."""
    end = time.monotonic() + CEILING_S
    while not _answers(port):
        if time.monotonic() > end:
            raise RuntimeError("the server does not come up")
        time.sleep(0.1)


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment for commands on these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SENNE_")}
    ours = {"SENNE_DATA_DIR": str(settings.data_dir), "SENNE_PORT": str(settings.port), "SENNE_VECTORS": "off"}
    return kept | ours


def _serve(settings: Settings, target: str) -> None:
    os.environ.update(environment_of(settings) | {"SENNE_VECTORS": "on" if settings.vectors else "off"})
    multiprocessing.set_start_method("spawn", force=True)
    make_server(settings, "127.0.0.1", 1, target=target).serve()


def _answers(port: int) -> bool:
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        connection.request("GET", "/healthz")
        return bool(connection.getresponse().status == 200)
    except OSError:
        return False

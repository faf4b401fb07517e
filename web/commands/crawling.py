"""`senne crawl` and `senne source …`: visit sites, and say which."""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import Any

import click
from tqdm import tqdm

from crawler.crawl import crawl
from crawler.errors import SourceFileError
from crawler.tools import Tools, user_agent
from crawler.trial import try_page
from directory import sources
from directory.errors import InvalidSource
from web.commands import SenneGroup, cli, print_json
from web.wiring import Services, get_services

_AT_ONCE = 4  #: sources visited at the same time; each host still sees one request at a time
_LINE_EVERY_S = 5.0


@cli.command("crawl")
@click.argument("names", metavar="[SOURCE]…", nargs=-1)
@click.option("--max-pages", type=click.IntRange(1, 100_000), help="At most so many pages of each source.")
@click.option("--due", is_flag=True, help="Only pages that the schedule wants visited; for a daily timer.")
@click.option("--queue", is_flag=True, help="Leave the work to `senne worker` processes (PostgreSQL).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def crawl_command(names: tuple[str, ...], max_pages: int | None, due: bool, queue: bool, as_json: bool) -> None:
    """Visit sources and propose what is found. SOURCE: a registered name, or a JSON file with a list of sources.

    Without SOURCE: every source that is switched on. A crawl that was interrupted goes on where it was.
    """
    services = get_services()
    if queue:
        _queue(services, names, max_pages=max_pages, due=due, as_json=as_json)
        return
    wanted = _find_sources(services, names)
    with Progress(len(wanted)) as progress:
        tools = make_tools(services, progress)

        def visit(source: dict[str, Any]) -> dict[str, Any]:
            return crawl(source, tools, max_pages=max_pages, only_due=due)

        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            reports = list(pool.map(visit, wanted))
    if as_json:
        print_json(reports)
        return
    if not reports:
        click.echo("No source is switched on; `senne source list` shows them, `senne source enable NAME` switches on.")
    for report in reports:
        _print_report(report)


def _queue(services: Services, names: tuple[str, ...], *, max_pages: int | None, due: bool, as_json: bool) -> None:
    from web.commands.worker import load_queue

    if max_pages or as_json:
        raise click.UsageError("--queue goes with neither --max-pages nor --json: workers report in their own time.")
    app = load_queue(services)
    from crawler.jobs import queue_source

    with services.database.read() as session:
        enabled = [source["name"] for source in sources.list_sources(session, enabled_only=True)]
        wanted = [sources.get_source(session, name)["name"] for name in names] or enabled
    with app.open():
        for name in wanted:
            new = queue_source(app, name, only_due=due)
            click.echo(f"{name}: {'queued' if new else 'is queued already'}.")


@cli.group("source", cls=SenneGroup)
def source_group() -> None:
    """The crawl sources: the sites that are visited."""


@source_group.command("add")
@click.argument("what", metavar="FILE|URL")
@click.option("--name", help="What to call it (with a URL). Default: its host.")
@click.option("--allow", multiple=True, metavar="PATTERN", help="Addresses to visit, such as 'https://host/fr*'.")
@click.option("--basin", "basins", multiple=True, help="The basin that it speaks for.")
@click.option("--language", help="Its main language.")
@click.option("--max-pages", type=int, help="Pages in one crawl.  [default: 200]")
@click.option("--delay", "delay_s", type=float, help="Seconds between two requests.  [default: 2]")
@click.option("--allow-private", is_flag=True, help="Also visit addresses that are not public (intranets).")
@click.option("--disabled", is_flag=True, help="Leave it switched off.")
def add(what: str, name: str | None, disabled: bool, **options: Any) -> None:
    """Register the sources of a JSON file, or one site by its address."""
    given = {key: list(value) if isinstance(value, tuple) else value for key, value in options.items() if value}
    if options["delay_s"] is not None:
        given["delay_s"] = options["delay_s"]
    if what.startswith(("http://", "https://")):
        found: list[dict[str, Any]] = [{"name": name or what.split("/")[2], "start_urls": [what], **given}]
    else:
        if name or given:
            raise click.UsageError("The options describe one address; a file says everything itself.")
        found = load_file(Path(what))
    with get_services().database.write() as session:
        for source in found:
            sources.add_source(session, source, enabled=not disabled)
    click.echo(f"Registered {', '.join(source['name'] for source in found)}.")


@source_group.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def list_command(as_json: bool) -> None:
    """The sources, those that are switched on marked with a star."""
    with get_services().database.read() as session:
        found = sources.list_sources(session)
    if as_json:
        print_json(found)
        return
    for source in found:
        click.echo(f"{'*' if source['enabled'] else ' '} {source['name']:30} {' '.join(source['start_urls'])}")


@source_group.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Forget a source; its proposals stay."""
    with get_services().database.write() as session:
        sources.remove_source(session, name)
    click.echo(f"Removed {name}.")


@source_group.command("enable")
@click.argument("names", metavar="NAME…", nargs=-1, required=True)
def enable(names: tuple[str, ...]) -> None:
    """Switch sources on: `senne crawl` then visits them."""
    _switch(names, True)


@source_group.command("disable")
@click.argument("names", metavar="NAME…", nargs=-1, required=True)
def disable(names: tuple[str, ...]) -> None:
    """Switch sources off."""
    _switch(names, False)


@source_group.command("test")
@click.argument("url")
@click.option("--source", "name", help="As a page of this source. Default: a source made of the address alone.")
@click.option("--allow-private", is_flag=True, help="Also visit addresses that are not public (intranets).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def test(url: str, name: str | None, allow_private: bool, as_json: bool) -> None:
    """Fetch one page and say what would be proposed, and why. Proposes nothing."""
    services = get_services()
    if name:
        with services.database.read() as session:
            source = sources.get_source(session, name)
    else:
        source = sources.load_source({"name": "test", "start_urls": [url], "allow_private": allow_private})
    trial = try_page(url, source, make_tools(services)).to_document()
    if as_json:
        print_json(trial)
        return
    click.echo(f"{trial['url']}\n{trial['verdict']}")
    if proposed := trial["would_propose"]:
        for field, value in proposed["resource"].items():
            sure = proposed["field_confidence"].get(field)
            click.echo(f"  {field}: {json.dumps(value, ensure_ascii=False)}" + (f"  ({sure:.0%})" if sure else ""))
            if quote := proposed["evidence"].get(field):
                click.echo(f"    “{quote}” at {proposed['places'].get(field, 'the page')}")
    click.echo(f"It leads to {len(trial['follows'])} address(es) of the source.")


def load_file(path: Path) -> list[dict[str, Any]]:
    """The sources of a JSON file: a list of them, or one. Raises SourceFileError, InvalidSource."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SourceFileError(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise SourceFileError(f"{path} is not JSON: {error}. It should hold a list of crawl sources.") from error
    entries = data if isinstance(data, list) else [data]
    problems, loaded = [], []
    for position, entry in enumerate(entries):
        try:
            loaded.append(sources.load_source(entry))
        except InvalidSource as error:
            problems.append(f"{path}: source {position}: {error}")
    names = [source["name"] for source in loaded]
    problems += [f"{path}: the name {name!r} is there twice." for name in sorted(set(names)) if names.count(name) > 1]
    if problems:
        raise SourceFileError("\n".join(problems))
    return loaded


class Progress:
    """How far the crawls are, on standard error: a bar on a terminal, a line every few seconds elsewhere."""

    def __init__(self, sources: int) -> None:
        self._bar = tqdm(desc="pages", unit="page", file=sys.stderr, disable=not sys.stderr.isatty())
        self._done: dict[str, int] = {}
        self._said_at = time.monotonic()
        if not sys.stderr.isatty():
            click.echo(f"Visiting {sources} source(s).", err=True)

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()
        if not sys.stderr.isatty():
            click.echo(f"Visited {sum(self._done.values())} page(s).", err=True)

    def __call__(self, source: str, done: int, left: int, what: str) -> None:
        self._bar.update(done - self._done.get(source, 0))
        self._done[source] = done
        if not sys.stderr.isatty() and time.monotonic() - self._said_at >= _LINE_EVERY_S:
            self._said_at = time.monotonic()
            click.echo(f"{source}: {done} page(s), now {what}", err=True)


def _find_sources(services: Services, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The sources that are meant, each once. Raises SourceNotFound, SourceFileError."""
    with services.database.read() as session:
        if not names:
            return [
                {key: value for key, value in source.items() if key != "enabled"}
                for source in sources.list_sources(session, enabled_only=True)
            ]
        found: dict[str, dict[str, Any]] = {}
        for name in names:
            is_file = name.endswith(".json") or "/" in name
            for source in load_file(Path(name)) if is_file else [sources.get_source(session, name)]:
                found.setdefault(source["name"], source)
    return list(found.values())


def make_tools(services: Services, progress: Progress | None = None) -> Tools:
    """What crawls work with."""
    read, match = understanding()
    return Tools(
        database=services.database,
        user_agent=user_agent(metadata.version("senne"), services.settings.public_url),
        read=read,
        match=match,
        progress=progress or (lambda *_: None),
    )


def understanding() -> tuple[Any, Any]:
    """How pages are read and matched; imported late, as the language models take a moment."""
    from crawler.matching import match
    from crawler.reading import read

    return read, match


def _switch(names: tuple[str, ...], enabled: bool) -> None:
    with get_services().database.write() as session:
        for name in names:
            sources.enable_source(session, name, enabled)
    click.echo(f"Switched {'on' if enabled else 'off'}: {', '.join(names)}.")


def _print_report(report: dict[str, Any]) -> None:
    skipped = ", ".join(f"{number} {reason}" for reason, number in report["skipped"].items()) or "nothing"
    click.echo(
        f"{report['source']}: {report['requested']} requested, {report['fetched']} fetched, "
        f"{report['not_modified']} not modified, {len(report['proposals'])} proposals; left out: {skipped}."
    )
    for error in report["errors"]:
        click.echo(f"  {error['url']}: {error['error']}")
    for proposal in report["proposals"]:
        title = next(iter(proposal["resource"].get("title", {}).values()), "(no title)")
        click.echo(f"  {proposal['id']} {proposal['kind']:11} {title} — {proposal['url']}")

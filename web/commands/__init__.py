"""The `senne` command: exits 0 on success, 1 on failure, 2 on wrong usage.

One module per noun, found by itself; each adds its commands to `cli`. With `--json` a command prints one JSON document on
standard output and nothing else there; progress and messages go to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import click
from flask.cli import AppGroup, ScriptInfo

from directory.errors import DirectoryError
from directory.settings import Settings

PATIENCE_S = 60.0  #: of a command for the vector of a query: on a busy machine too, it answers as a page does


class SenneGroup(AppGroup):
    """Turns an expected error into a sentence on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DirectoryError as error:
            raise click.ClickException(str(error)) from error
        except BrokenPipeError:  # the reader of our output has seen enough
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0


@click.group(cls=SenneGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="senne")
def cli() -> None:
    """Senne: the directory and search engine for social-health resources in Brussels."""


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def load_app(_info: Any = None) -> Any:
    """The app for commands that need it; imported late, so that `--help` answers at once."""
    from web.app import create_app
    from web.wiring import wire

    settings = Settings.from_env(os.environ)
    return create_app(settings, services=wire(settings, patience_s=PATIENCE_S))


def load_commands() -> None:
    """Let every module of this folder add its commands."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")


def main() -> None:
    """The console script."""
    load_commands()
    cli.main(obj=ScriptInfo(create_app=load_app, set_debug_flag=False), prog_name="senne")

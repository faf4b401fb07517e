#!/usr/bin/env bash
# Makes .venv with the packages of a lock file and Senne itself. pip brings only uv and setuptools; uv brings the rest.
# usage: tools/python.sh bootstrap | tools/python.sh install LOCK
# Set-up only: `make` knows when a step is due.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { echo "$*" >&2; }

bootstrap() {
  local python=${PYTHON:-}
  if [ -z "$python" ]; then
    for python in python3.14 python3.13 python3.12 python3.11 python3 ''; do
      [ -z "$python" ] && break
      "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break
    done
  fi
  if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "Senne needs Python 3.11 or newer. On Debian: apt-get install python3.11 python3.11-venv"
    exit 1
  fi
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    say "$python cannot make virtual environments. On Debian: apt-get install python3.11-venv"
    exit 1
  fi
  say "Setting up Python's packages in .venv (the first time only)."
  "$python" -m venv .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
    --requirement requirements/bootstrap.txt
}

install() { # LOCK
  .venv/bin/uv pip install --quiet --python .venv/bin/python --compile-bytecode --require-hashes --requirement "$1"
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
}

"$@"

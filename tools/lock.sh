#!/usr/bin/env bash
# Writes requirements/*.txt: every package with its version and hashes, and no index or host.
# A version that stands is kept as long as pyproject.toml allows it. Needs .venv/bin/uv and the package index.
# usage: tools/lock.sh [--upgrade | --upgrade-package NAME]
set -euo pipefail
cd "$(dirname "$0")/.."

lock() { # OUTPUT INPUT [option…]
  local output=$1
  shift
  echo "requirements/$output" >&2
  .venv/bin/uv pip compile --quiet --generate-hashes --universal --no-header --python-version 3.11 \
    --output-file "requirements/$output" "$@" "${upgrade[@]}" >/dev/null
}

upgrade=("$@")
lock bootstrap.txt requirements/bootstrap.in
lock runtime.txt pyproject.toml
# The others keep to the versions of runtime.txt, so that each may be installed on top of it.
lock vectors.txt pyproject.toml --extra vectors --constraints requirements/runtime.txt
lock postgresql.txt pyproject.toml --extra postgresql --constraints requirements/runtime.txt
lock dev.txt pyproject.toml --all-extras --group dev \
  --constraints requirements/vectors.txt --constraints requirements/postgresql.txt --constraints requirements/bootstrap.txt

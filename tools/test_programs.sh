#!/usr/bin/env bash
# Installs what some tests need beside Python: Chromium and PostgreSQL's server. Where that cannot be done, says so and
# goes on: the tests then say which of them were left out.
set -uo pipefail

missing=()
[ -n "${SENNE_CHROMIUM:-}" ] || command -v chromium >/dev/null || missing+=(chromium)
[ -n "${SENNE_POSTGRESQL_BIN:-}" ] || command -v initdb >/dev/null || command -v pg_ctl >/dev/null ||
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
# Playwright's driver, a node of its own, is linked to it.
compgen -G '/usr/lib/*/libatomic.so.1' >/dev/null || compgen -G '/usr/lib*/libatomic.so.1' >/dev/null || missing+=(libatomic1)
[ ${#missing[@]} -gt 0 ] || exit 0

say() { echo "$*" >&2; }
left_out() {
  say "The tests that need ${missing[*]} will be left out: $1."
  say "To have them: apt-get install ${missing[*]}"
  exit 0
}

command -v apt-get >/dev/null || left_out "this machine has no apt-get"
as_root=()
if [ "$(id -u)" != 0 ]; then
  sudo -n true 2>/dev/null || left_out "installing them takes an administrator"
  as_root=(sudo -n)
fi

log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get --quiet --yes "$@" >"$log" 2>&1; }
say "Installing ${missing[*]} for the tests."
if ! apt install --no-install-recommends "${missing[@]}"; then # a fresh machine has no list of packages yet
  if ! { apt update && apt install --no-install-recommends "${missing[@]}"; }; then
    tail -n 5 "$log" >&2
    left_out "apt-get could not install them"
  fi
fi

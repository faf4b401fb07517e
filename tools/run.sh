#!/usr/bin/env bash
# Serves the site. `senne init` comes first on a new catalogue, or where the code or the shipped entries have changed since;
# else it would only find that all is well, and take two seconds to say so.
set -euo pipefail
cd "$(dirname "$0")/.."

data=${SENNE_DATA_DIR:-var}
done_at=$data/.initialised
changed() { [ -n "$(find directory search .venv/.ready -type f -newer "$done_at" -not -name '*.pyc' -print -quit)" ]; }

if [ -n "${SENNE_DATABASE_URL:-}" ] || [ ! -e "$done_at" ] || [ ! -e "$data/senne.sqlite3" ] || changed; then
  .venv/bin/senne init
  touch "$done_at"
fi
exec .venv/bin/senne serve

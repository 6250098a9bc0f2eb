#!/usr/bin/env bash
# Runs all tests on a machine that has Rust and nothing else: installs what is missing, then cargo test.
#   tests/run.sh          what every change must pass
#   tests/run.sh --long   the slow parts too (a 1 GB database, 10 million postings, many random schemas)
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
  "") ;;
  --long) export SANERA_LONG=1 ;;
  *) echo "usage: tests/run.sh [--long]" >&2; exit 2 ;;
esac

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else echo "tests/run.sh: needs root or sudo to run: $*" >&2; exit 1
  fi
}

# SQLite is built from source, which needs a C compiler.
if ! command -v cc >/dev/null; then
  as_root apt-get update
  as_root apt-get install -y --no-install-recommends gcc libc6-dev
fi

# Tests must not touch the key of whoever runs them.
config=$(mktemp -d)
trap 'rm -rf "$config"' EXIT
export XDG_CONFIG_HOME="$config"
unset SANERA_KEY SANERA_KEY_FILE DATABASE_URL

cargo test --locked
if [ -n "${SANERA_LONG:-}" ]; then
  # Memory and speed mean something only in the program that users run.
  cargo test --locked --release
fi

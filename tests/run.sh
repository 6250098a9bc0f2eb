#!/usr/bin/env bash
# Runs all tests on a machine that has Rust and nothing else: installs what is missing, starts private database
# servers, then cargo test.
#   tests/run.sh          what every change must pass
#   tests/run.sh --long   the slow parts too (a 1 GB database, 10 million postings, many random schemas)
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=tests/install.sh
. tests/install.sh

case "${1:-}" in
  "") ;;
  --long) export SANERA_LONG=1 ;;
  *) echo "usage: tests/run.sh [--long]" >&2; exit 2 ;;
esac

# SQLite is built from source, which needs a C compiler.
command -v cc >/dev/null || install_packages gcc libc6-dev

scratch=$(mktemp -d)
servers=$(mktemp -d /tmp/sanera-XXXXXX)
job=

# Ends the running tests, all of their processes, and the servers.
finish() {
  trap '' HUP INT TERM
  if [ -n "$job" ]; then
    kill -TERM -- "-$job" 2>/dev/null || true
    for _ in {1..50}; do
      kill -0 -- "-$job" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$job" 2>/dev/null || true
  fi
  tests/servers.sh stop "$servers" || true
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Tests must not touch the key of whoever runs them, nor go to their databases.
export XDG_CONFIG_HOME="$scratch"
unset SANERA_KEY SANERA_KEY_FILE DATABASE_URL "${!PG@}" "${!MYSQL_@}"

exports=$(tests/servers.sh start "$servers")
eval "$exports"
export SANERA_REQUIRE_SERVERS=1 SANERA_TEST_COUNT="$scratch/count"
touch "$SANERA_TEST_COUNT"

# In a process group of its own and waited for, so that a signal to this script ends the tests at once.
cargo_test() {
  set -m
  cargo test --locked "$@" </dev/null &
  job=$!
  set +m
  wait "$job"
  job=
}

cargo_test
if [ -n "${SANERA_LONG:-}" ]; then
  # Memory and speed mean something only in the program that users run.
  cargo_test --release
fi

# Each test that got a database has noted "ENGINE TEST", once per database.
count() { sort -u "$SANERA_TEST_COUNT" | grep -c "^$1 " || true; }
postgres=$(count postgres) mariadb=$(count mariadb)
echo "PostgreSQL: $postgres tests, MariaDB: $mariadb tests"
if [ "$postgres" = 0 ] || [ "$mariadb" = 0 ]; then fail "an engine was not tested"; fi

#!/bin/bash
# Scans the demo database on PostgreSQL and MariaDB with a release build, beside what the engine's own client needs to hand
# over the same rows: psql's COPY binary on one and on two connections, and the mariadb client. Interleaved, three rounds,
# medians; with the machine's niced and stolen time.
#
#   benches/servers.sh [FOLDER]        FOLDER (default target/bench) keeps the SQLite source between runs
#   CUSTOMERS=25000 benches/servers.sh    60 MB instead of 1 GB; ROUNDS=1 for one round;
#   ENGINES=mariadb for one engine
#
# Needs PostgreSQL and MariaDB (tests/servers.sh installs them) and sqlite3.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p "${1:-target/bench}"
folder=$(cd "${1:-target/bench}" && pwd)
customers=${CUSTOMERS:-400000}
rounds=${ROUNDS:-3} engines=" ${ENGINES:-postgres mariadb} "
on() { [[ $engines == *" $1 "* ]]; }
source=$folder/$customers/booking.db
sanera=target/release/sanera
export XDG_CONFIG_HOME="$folder/config"

command -v sqlite3 >/dev/null || apt-get install -y --no-install-recommends sqlite3 >/dev/null
cargo build --release --quiet
[ -f "$source" ] || "$sanera" demo "$folder/$customers" --only-build --customers "$customers" --quiet

servers=$(mktemp -d /tmp/sanera-bench-XXXX)
chmod 755 "$servers" # the servers' own users go through it
servers=$servers/s
trap 'tests/servers.sh stop "$servers"; rm -rf "${servers%/s}"' EXIT
exports=$(tests/servers.sh start "$servers")
eval "$exports"
part() { sed -E "s|^[a-z]+://([^:]*):([^@]*)@([^:]*):([0-9]+)/.*|\\$2|" <<<"$1"; }
export PGHOST=127.0.0.1 PGUSER=postgres PGDATABASE=bench PGPORT PGPASSWORD MYSQL_PWD
PGPORT=$(part "$SANERA_TEST_POSTGRES" 4) PGPASSWORD=$(part "$SANERA_TEST_POSTGRES" 2)
MYSQL_PWD=$(part "$SANERA_TEST_MARIADB" 2)
psql=(psql -Xq) mariadb=(mariadb --no-defaults --default-character-set=utf8mb4 --host=127.0.0.1
  --port="$(part "$SANERA_TEST_MARIADB" 4)" --user=root --local-infile=1)

tables=$(sqlite3 "$source" "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'")
fill() {
  PGDATABASE=postgres "${psql[@]}" -c 'CREATE DATABASE bench'
  "${psql[@]}" -f fixtures/scenario_a/schema.postgres.sql
  "${mariadb[@]}" -e 'CREATE DATABASE bench; SET GLOBAL local_infile = 1'
  "${mariadb[@]}" bench <fixtures/scenario_a/schema.mariadb.sql
  local table columns
  for table in $tables; do
    columns=$("${psql[@]}" -At -F, -c "SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) FROM pg_attribute
      WHERE attrelid = to_regclass('\"$table\"') AND attnum > 0 AND NOT attisdropped AND attgenerated = ''")
    [ -n "$columns" ] || continue
    mkfifo "$servers/rows"
    ! on postgres || sqlite3 -csv -nullvalue '\N' "$source" "SELECT $columns FROM \"$table\"" >"$servers/rows" &
    ! on postgres || "${psql[@]}" -c "SET session_replication_role = replica" \
      -c "\\copy \"$table\" ($columns) FROM '$servers/rows' (FORMAT csv, NULL '\\N')"
    ! on mariadb || sqlite3 -csv -nullvalue '\N' "$source" "SELECT $columns FROM \"$table\"" >"$servers/rows" &
    ! on mariadb || "${mariadb[@]}" bench -e "SET foreign_key_checks = 0, unique_checks = 0, sql_mode = 'ANSI_QUOTES';
      LOAD DATA LOCAL INFILE '$servers/rows' INTO TABLE \"$table\" CHARACTER SET utf8mb4 FIELDS TERMINATED BY ','
      OPTIONALLY ENCLOSED BY '\"' LINES TERMINATED BY '\\n' ($(tr '"' '`' <<<"$columns"))"
    wait
    rm "$servers/rows"
  done
  "${psql[@]}" -c 'VACUUM ANALYZE'
}

# Each table by COPY binary; with two connections the blocks of each table are halved.
copy() {
  local table half
  for table in $("${psql[@]}" -At -c "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"); do
    half=$("${psql[@]}" -At -c "SELECT pg_relation_size('$table') / 8192 / 2")
    case $1 in
      whole) echo "COPY $table TO STDOUT (FORMAT binary);" ;;
      lower) echo "COPY (SELECT * FROM $table WHERE ctid < '($half,0)') TO STDOUT (FORMAT binary);" ;;
      upper) echo "COPY (SELECT * FROM $table WHERE ctid >= '($half,0)') TO STDOUT (FORMAT binary);" ;;
    esac
  done >"$servers/$1.sql"
}

copy_one() { "${psql[@]}" -f "$servers/whole.sql" >/dev/null; }
copy_two() { "${psql[@]}" -f "$servers/lower.sql" >/dev/null & "${psql[@]}" -f "$servers/upper.sql" >/dev/null; wait; }
read_mariadb() {
  local table
  for table in $tables; do echo "SELECT * FROM \`$table\`;"; done >"$servers/read.sql"
  "${mariadb[@]}" --quick --batch --raw --force bench <"$servers/read.sql" >/dev/null 2>&1 || true
}
scan() {
  /usr/bin/time -a -o "$servers/peak" -f '%M' "$sanera" scan "$1" -o "$servers/scan.map" --jobs "$2" --quiet
}

stolen() { awk '/^cpu / { print $3, $9 }' /proc/stat; }
# measure NAME COMMAND…: appends wall seconds to NAME's file.
measure() {
  local name=$1 start end before after
  shift
  before=$(stolen) start=$(date +%s.%N)
  "$@"
  end=$(date +%s.%N) after=$(stolen)
  echo "$start $end" | awk '{ printf "%.2f\n", $2 - $1 }' >>"$servers/$name.wall"
  echo "$before $after" | awk '{ print ($3 - $1) / 100, ($4 - $2) / 100 }' >>"$servers/$name.noise"
}
median() { sort -n "$servers/$1.wall" | sed -n "$(((rounds + 1) / 2))p"; }
report() {
  local name=$1 base=$2
  paste -d' ' "$servers/$name.noise" | awk -v name="$name" -v wall="$(median "$name")" -v base="$(median "$base")" -v bytes="$3" \
    '{ nice += $1; steal += $2 } END { printf "%-22s %7.2f s  %6.1f MB/s  %5.2f x  nice %.1f s  steal %.1f s\n", name, wall, bytes / 1e6 / wall, wall / base, nice, steal }'
}

fill
for half in whole lower upper; do copy "$half"; done
bytes_postgres=$("${psql[@]}" -f "$servers/whole.sql" | wc -c)
bytes_mariadb=$("${mariadb[@]}" --quick --batch --raw bench -e "$(for t in $tables; do echo "SELECT * FROM \`$t\`;"; done | grep -v fts)" | wc -c)
postgres="postgres://postgres:$PGPASSWORD@localhost:$PGPORT/bench" mysql="${SANERA_TEST_MARIADB}bench"
for ((round = 0; round < rounds; round++)); do
  if on postgres; then
    measure copy-1 copy_one
    measure scan-postgres-1 scan "$postgres" 1
    measure copy-2 copy_two
    measure scan-postgres-2 scan "$postgres" 2
  fi
  if on mariadb; then
    measure mariadb-client read_mariadb
    measure scan-mariadb-1 scan "$mysql" 1
    measure scan-mariadb-2 scan "$mysql" 2
  fi
done
if on postgres; then
  echo "PostgreSQL: $bytes_postgres bytes by COPY binary"
  report copy-1 copy-1 "$bytes_postgres"
  report scan-postgres-1 copy-1 "$bytes_postgres"
  report copy-2 copy-2 "$bytes_postgres"
  report scan-postgres-2 copy-2 "$bytes_postgres"
fi
if on mariadb; then
  echo "MariaDB: $bytes_mariadb bytes by its client"
  report mariadb-client mariadb-client "$bytes_mariadb"
  report scan-mariadb-1 mariadb-client "$bytes_mariadb"
  report scan-mariadb-2 mariadb-client "$bytes_mariadb"
fi
sort -n "$servers/peak" | awk 'END { printf "peak memory of the scans: %.0f MB at most\n", $1 * 1024 / 1e6 }'

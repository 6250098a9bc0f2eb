#!/bin/sh
# Scans a 1 GB demo database with a release build and prints size, wall time, processor time and peak memory, for one
# job and for two. The machine's `nice` and `steal` time meanwhile tells how far the wall time can be trusted.
#
#   benches/scan_1gb.sh [FOLDER]       FOLDER (default target/bench) keeps the database between runs: 1.1 GB
#   CUSTOMERS=25000 benches/scan_1gb.sh    a smaller one; MEMORY=64 for a scan under 64 MB
set -eu
cd "$(dirname "$0")/.."
mkdir -p "${1:-target/bench}"
folder=$(cd "${1:-target/bench}" && pwd)
customers=${CUSTOMERS:-400000}
database=$folder/$customers/booking.db
sanera=target/release/sanera
export XDG_CONFIG_HOME="$folder/config"

cargo build --release --quiet
if [ ! -f "$database" ]; then
    "$sanera" demo "$folder/$customers" --only-build --customers "$customers" --quiet
fi
bytes=$(stat -c %s "$database")
echo "$database: $bytes bytes, --memory ${MEMORY:-512}"

# Time that all processors spent on other people's and on niced work, in hundredths of seconds: user nice system idle
# iowait irq softirq steal.
stolen() { awk '/^cpu / { print $3, $9 }' /proc/stat; }

for jobs in 1 2; do
    before=$(stolen)
    /usr/bin/time -o "$folder/time" -f '%e %U %S %M' \
        "$sanera" scan "sqlite:$database" -o "$folder/scan.map" --jobs "$jobs" --memory "${MEMORY:-512}" --quiet
    after=$(stolen)
    echo "$before $after $(cat "$folder/time")" | awk -v jobs="$jobs" -v bytes="$bytes" '{
        printf "jobs %d: wall %.1f s, %.1f MB/s, user %.1f s, system %.1f s, peak %.0f MB, nice %.1f s, steal %.1f s\n",
            jobs, $5, bytes / 1e6 / $5, $6, $7, $8 * 1024 / 1e6, ($3 - $1) / 100, ($4 - $2) / 100 }'
done

#!/bin/sh
# Keystrokes saved by completions on held-out real titles, beside the most popular prefix, and times with an index mined from
# a million invented titles.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/titles.sh
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
cd "$root"
swift build -c release -Xswiftc -cross-module-optimization --product titles-benchmark >&2
for file in us_vintage_prices jp_used_clothing_titles; do
    if [ -f "$data/$file.tsv" ]; then
        .build/release/titles-benchmark "$data/$file.tsv" name
    else
        echo "titles.sh: skipped, $data has no $file.tsv; LISTING_DATA names the folder with it" >&2
    fi
done
.build/release/titles-benchmark --synthetic 1000000

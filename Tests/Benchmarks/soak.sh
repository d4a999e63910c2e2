#!/bin/sh
# Runs the price service at half of its peak for a long time: memory and descriptors must stay flat, and every request must
# be answered well. Outcomes are recorded, metrics read and connections opened and closed beside.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/soak.sh [SECONDS]
#
# The service has one thread on core 0, the client core 1. Needs a release build (`make build`).
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
seconds=${1:-600}
map=title=name+model,brand=brand,id=product_id
port=7171

if [ "$seconds" -lt 20 ]; then
    echo 'soak.sh: less than 20 seconds say nothing' >&2
    exit 64
fi
if [ ! -f "$data/jp_used_games_prices.tsv" ]; then
    echo "soak.sh: skipped, $data has no jp_used_games_prices.tsv; LISTING_DATA names the folder with real listings" >&2
    exit 0
fi
cd "$root"
. Tests/Benchmarks/load_functions.sh
for product in listing-assist price-service; do
    swift build -c release -Xswiftc -cross-module-optimization --product $product >&2
done
programs=$(swift build -c release -Xswiftc -cross-module-optimization --show-bin-path)
work=$(mktemp -d)
service= loads=
trap 'for each in $loads $service; do kill "$each" 2>/dev/null; done; rm -rf "$work"' EXIT

"$programs/listing-assist" import "$data/jp_used_games_prices.tsv" --store "$work/store" \
    --columns "$map,price=price_jpy,currency:=JPY" >&2
"$programs/listing-assist" train price --store "$work/store" --models "$work/models" >&2
taskset -c 0 "$programs/price-service" --model "$work/models/price/champion" --listen-port $port \
    --admin-port $((port + 1)) --threads 1 --log-level error --feedback-folder "$work/outcomes" \
    --feedback-file-bytes 1048576 --feedback-files 3 &
service=$!
wait_for "http://127.0.0.1:$((port + 1))/readyz" $service

load() {
    method=$1
    shift
    taskset -c $client "$programs/listing-assist" load "$method" --address "127.0.0.1:$port" --json \
        --file "$data/jp_used_games_prices.tsv" --columns "$map" "$@"
}

load SuggestPrice --connections 4 --in-flight 4 --duration 5 > "$work/peak.json"
half=$(python3 -c "print($(figure "$work/peak.json" requests_per_second) / 2)")
load SuggestPrice --connections 8 --rate "$half" --duration "$seconds" > "$work/prices.json" &
loads=$!
load RecordOutcome --connections 1 --rate 20 --duration "$seconds" > "$work/outcomes.json" &
loads="$loads $!"

# A line each few seconds: seconds, resident and anonymous kilobytes, descriptors.
step=$((seconds / 100 + 2))
elapsed=0
while [ $elapsed -lt "$seconds" ]; do
    sleep $step
    elapsed=$((elapsed + step))
    taskset -c $client "$programs/listing-assist" call SuggestPrice '{"draft": {"title": "ゲームソフト"}}' --address "127.0.0.1:$port" > /dev/null
    taskset -c $client curl -fs "http://127.0.0.1:$((port + 1))/metrics" > "$work/metrics"
    echo $elapsed "$(awk '/^(VmRSS|RssAnon)/ { print $2 }' /proc/$service/status | xargs)" \
        "$(find /proc/$service/fd -mindepth 1 | wc -l)" >> "$work/samples"
done
for each in $loads; do wait "$each"; done
loads=

python3 - "$work" <<'PYTHON'
import json, sys
work = sys.argv[1]
samples = [tuple(map(int, line.split())) for line in open(f"{work}/samples")]
prices, outcomes = (json.load(open(f"{work}/{name}.json")) for name in ("prices", "outcomes"))
# The first quarter fills caches and buffers.
before, after = samples[len(samples) // 4: len(samples) // 2], samples[-max(1, len(samples) // 4):]
failed = []
for name, column, slack in [("resident kB", 1, 2048), ("anonymous kB", 2, 2048), ("descriptors", 3, 2)]:
    first, last = (max(sample[column] for sample in part) for part in (before, after))
    print(f"{name}: at most {first} in the second quarter, {last} in the last")
    if last > first + slack:
        failed.append(f"{name} grew")
for name, report in [("SuggestPrice", prices), ("RecordOutcome", outcomes)]:
    accepted = report["accepted"]
    print(f"{name}: {report['requests_per_second']:.0f} a second for {report['seconds']:.0f} s, "
          f"p50 {accepted['p50']:.3f} ms, p99 {accepted['p99']:.3f}, max {accepted['max']:.1f}; {report['codes']}")
    if set(report["codes"]) != {"OK"}:
        failed.append(f"{name} failed, the first: {report.get('first_failure')}")
print("; ".join(failed) or "flat, without an error")
sys.exit(bool(failed))
PYTHON

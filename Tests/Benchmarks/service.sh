#!/bin/sh
# Measures the four services on real listings: start-up, memory, most requests a second and latency of every method on one
# core, three times as much as that, and the protocol alone.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/service.sh [SECONDS]
#
# Each service has one thread; see load_functions.sh for how latency is measured. KEEP_AWAKE is how many milliseconds cores
# are kept awake after a request (0). Needs a release build (`make build`).
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
seconds=${1:-5}
port=7191

if [ ! -f "$data/us_mixed_listings.tsv" ]; then
    echo "service.sh: skipped, $data has no us_mixed_listings.tsv; LISTING_DATA names the folder with real listings" >&2
    exit 0
fi
cd "$root"
for product in listing-assist price-service category-title-service tag-service violation-service service-load; do
    swift build -c release -Xswiftc -cross-module-optimization --product $product >&2
done
programs=$(swift build -c release -Xswiftc -cross-module-optimization --show-bin-path)
work=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null; rm -rf "$work"' EXIT

. Tests/Benchmarks/load_functions.sh

mixed=title=name,description=item_description,category=category_name,brand=brand_name
mixed=$mixed,condition=item_condition_id,shipping_payer=shipping
games=title=name+model,brand=brand,id=product_id

# Starts a program pinned to a core and waits until it listens.
start() {
    taskset -c 0 "$@" &
    service=$!
}

finish() {
    awk '/^(VmRSS|RssAnon|VmHWM)/ { printf "  %s %.1f MB", $1, $2 / 1024 } END { print " after the load" }' \
        "/proc/$service/status"
    kill "$service"
    wait "$service" || true
    service=
}

load() {
    ${priority:-} taskset -c $client "$programs/listing-assist" load "$@" --address "127.0.0.1:$port" --duration "$seconds"
}

# Peak of a method, latency at half of it, what becomes of three times as much, and latency at half right after that.
measure() {
    load "$@" --connections 4 --in-flight 4 --json > "$work/peak.json"
    peak=$(figure "$work/peak.json" requests_per_second)
    echo "$1: $peak a second with 16 in flight, p99 $(figure "$work/peak.json" accepted.p99) ms"
    quiet "$@" --connections 4 --rate "$(python3 -c "print($peak / 2)")"
    load "$@" --connections 16 --rate "$(python3 -c "print($peak * 3)")"
    quiet "$@" --connections 4 --warm-up 1 --rate "$(python3 -c "print($peak / 2)")"
}

# A load that leaves the service time to sleep.
quiet() {
    hurry $service
    priority=$real_time
    load "$@" $busy_wait
    priority=
    calm $service
}

# Trains TASK on the work's store, measures the start of its service, and starts it.
serve() {
    task=$1 program=$2 name=$3
    "$programs/listing-assist" train "$task" --store "$work/$name.sqlite" --models "$work/$name" >&2
    "$programs/service-load" startup --program "taskset -c 0 $programs/$program" \
        --model "$work/$name/$task/champion" --port $port
    start "$programs/$program" --model "$work/$name/$task/champion" --listen-port $port \
        --admin-port $((port + 1)) --threads 1 --keep-awake-milliseconds "${KEEP_AWAKE:-0}" --log-level error \
        --feedback-folder "$work/outcomes-$name-$task"
    wait_for "http://127.0.0.1:$((port + 1))/readyz" $service
}

echo "== the protocol alone: an echo of 64 bytes, 64 in flight"
start "$programs/service-load" echo-server --address "127.0.0.1:$port" >&2
sleep 1
load echo.v1.Echo/Echo --bytes 64 --connections 4 --in-flight 16
# One at a time, as a busy service has it, a request costs several times what it does among others.
load echo.v1.Echo/Echo --bytes 64 --connections 4 --rate 30000
finish

"$programs/listing-assist" import "$data/us_mixed_listings.tsv" --store "$work/mixed.sqlite" \
    --columns "$mixed,price=price,currency:=USD,id=train_id" >&2
"$programs/listing-assist" import "$data/jp_used_games_prices.tsv" --store "$work/games.sqlite" \
    --columns "$games,price=price_jpy,currency:=JPY" >&2
"$programs/listing-assist" synthesize --count 20000 --violation-rate 0.1 --seed 3 "$work/synthetic.tsv" >&2
"$programs/listing-assist" import "$work/synthetic.tsv" --store "$work/synthetic.sqlite" >&2

echo "== price-service: mixed goods, English, with descriptions"
serve price price-service mixed
set -- --file "$data/us_unlabelled_listings.tsv" --columns "$mixed"
measure SuggestPrice "$@"
"$programs/service-load" features --address "127.0.0.1:$port" --model "$work/mixed/price/champion" "$@" --count 10000
finish

echo "== price-service: used games, Japanese, titles and brands"
serve price price-service games
set -- --file "$data/jp_used_games_prices.tsv" --columns "$games"
measure SuggestPrice "$@"
load RecordOutcome "$@" --connections 4 --in-flight 16
"$programs/service-load" features --address "127.0.0.1:$port" --model "$work/games/price/champion" "$@" --count 10000
finish

echo "== category-title-service: mixed goods, English, with descriptions"
serve category-title category-title-service mixed
set -- --file "$data/us_unlabelled_listings.tsv" --columns "$mixed"
for method in SuggestCategories SuggestTitles SuggestAttributes; do measure $method "$@"; done
finish

echo "== tag-service: synthetic listings, Japanese"
serve tags tag-service synthetic
measure SuggestTags --file "$work/synthetic.tsv"
finish

echo "== violation-service: synthetic listings, Japanese"
serve violations violation-service synthetic
measure DetectViolations --file "$work/synthetic.tsv"
finish

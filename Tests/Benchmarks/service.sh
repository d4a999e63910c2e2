#!/bin/sh
# Measures the price service on real listings and prints one table: start-up, memory, peak throughput and latency on one
# core, and whether it computes the library's features.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/service.sh [SECONDS]
#
# The service has one thread on core 0, the client is on core 1. Needs a release build (`make build`); builds the client.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
seconds=${1:-10}
port=7191

if [ ! -f "$data/us_mixed_listings.tsv" ]; then
    echo "service.sh: skipped, $data has no us_mixed_listings.tsv; LISTING_DATA names the folder with real listings" >&2
    exit 0
fi
cd "$root"
for product in listing-assist price-service service-load; do
    swift build -c release -Xswiftc -cross-module-optimization --product $product >&2
done
programs=$(swift build -c release -Xswiftc -cross-module-optimization --show-bin-path)
work=$(mktemp -d)
service=
trap '[ -z "$service" ] || kill "$service" 2>/dev/null; rm -rf "$work"' EXIT

# The client has a core to itself where there are two.
client=$(($(nproc) > 1))

mixed=title=name,description=item_description,category=category_name,brand=brand_name
mixed=$mixed,condition=item_condition_id,shipping_payer=shipping
games=title=name+model,brand=brand,id=product_id

# Trains on a file, and starts the service on the bundle once its start-up has been measured.
serve() {
    name=$1 file=$2 map=$3
    "$programs/listing-assist" import "$file" --store "$work/$name.sqlite" --columns "$map" >&2
    "$programs/listing-assist" train price --store "$work/$name.sqlite" --models "$work/$name" >&2
    "$programs/service-load" startup --program "taskset -c 0 $programs/price-service" \
        --model "$work/$name/price/champion" --port $port
    taskset -c 0 "$programs/price-service" --model "$work/$name/price/champion" --listen-port $port \
        --admin-port $((port + 1)) --threads 1 --log-level error &
    service=$!
    until curl -fs "http://127.0.0.1:$((port + 1))/readyz" >/dev/null; do
        kill -0 $service
        sleep 0.1
    done
}

load() {
    verb=$1
    shift
    taskset -c $client "$programs/service-load" "$verb" --address "127.0.0.1:$port" "$@"
}

finish() {
    awk '/^(VmRSS|RssAnon|VmHWM)/ { printf "%s %.1f MB  ", $1, $2 / 1024 } END { print "after the load" }' \
        "/proc/$service/status"
    kill "$service"
    wait "$service" || true
    service=
}

# Peak, then latency at half of it, then half of the 8,000 requests a second that one core is to serve.
measure() {
    load peak "$@" --seconds "$seconds" | tee "$work/peak"
    peak=$(sed -n 's|.*: \([0-9]*\) requests/s.*|\1|p' "$work/peak")
    load paced "$@" --seconds "$seconds" --rate $((peak / 2))
    load paced "$@" --seconds "$seconds" --rate 4000
}

echo "== listings of mixed goods, English, with descriptions"
serve mixed "$data/us_mixed_listings.tsv" "$mixed,price=price,currency:=USD,id=train_id"
set -- --file "$data/us_unlabelled_listings.tsv" --columns "$mixed" \
    --file "$data/us_mixed_listings.tsv" --columns "$mixed"
measure "$@"
load features --model "$work/mixed/price/champion" "$@" --count 10000
finish

echo "== used games, Japanese, titles and brands"
serve games "$data/jp_used_games_prices.tsv" "$games,price=price_jpy,currency:=JPY"
set -- --file "$data/jp_used_games_prices.tsv" --columns "$games"
measure "$@"
load features --model "$work/games/price/champion" "$@" --count 10000
"$programs/listing-assist" synthesize --count 10000 --seed 3 "$work/synthetic.tsv" >&2
load features --model "$work/games/price/champion" --file "$work/synthetic.tsv"
finish

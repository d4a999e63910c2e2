#!/bin/sh
# The price service beside FastAPI, BentoML and MLServer, which do the same kind of model work (peers/serving/work.py):
# most requests a second on one core, and latency at half of that.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/serving.sh [SECONDS]
#
# All are loaded by one generator, with the same listings; see load_functions.sh for how latency is measured. Ours is
# measured twice, the second time with its core kept awake. Needs a release build (`make build`); makes Python environments
# in .build the first time.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
seconds=${1:-10}
peers=$root/Tests/Benchmarks/peers/serving
map=title=name+model,brand=brand,id=product_id
port=7181

if [ ! -f "$data/jp_used_games_prices.tsv" ]; then
    echo "serving.sh: skipped, $data has no jp_used_games_prices.tsv; LISTING_DATA names the folder with real listings" >&2
    exit 0
fi
cd "$root"
for product in listing-assist price-service service-load; do
    swift build -c release -Xswiftc -cross-module-optimization --product $product >&2
done
programs=$(swift build -c release -Xswiftc -cross-module-optimization --show-bin-path)

# MLServer pins versions that the others do not take.
environment() {
    folder=$root/.build/$1
    shift
    [ -x "$folder/bin/python" ] && return
    python3 -m venv "$folder"
    "$folder/bin/pip" install -q lightgbm scikit-learn fugashi ipadic "$@" >&2
}
environment serving.venv fastapi 'uvicorn[standard]' bentoml
environment mlserver.venv mlserver

work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; rm -rf "$work"' EXIT

python3 - "$data/jp_used_games_prices.tsv" "$work" <<'PYTHON'
import csv, json, sys
source, work = sys.argv[1:]
with open(source, encoding="utf-8") as file:
    rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
listings = [{"title": f"{row['name']} {row['model']}", "brand": row["brand"]} for row in rows]
with open(f"{work}/train.tsv", "w", encoding="utf-8") as file:
    print("title\tbrand\tprice", file=file)
    for listing, row in zip(listings, rows):
        print(listing["title"], listing["brand"], row["price_jpy"], sep="\t", file=file)
with open(f"{work}/bodies", "w", encoding="utf-8") as file:
    for listing in listings[:10000]:
        print(json.dumps(listing, ensure_ascii=False), file=file)
with open(f"{work}/inference", "w", encoding="utf-8") as file:
    for listing in listings[:10000]:
        inputs = [
            {"name": name, "shape": [1], "datatype": "BYTES", "parameters": {"content_type": "str"}, "data": [value]}
            for name, value in listing.items()]
        print(json.dumps({"inputs": inputs}, ensure_ascii=False), file=file)
PYTHON

"$programs/listing-assist" import "$data/jp_used_games_prices.tsv" --store "$work/store" \
    --columns "$map,price=price_jpy,currency:=JPY" >&2
"$programs/listing-assist" train price --store "$work/store" --models "$work/models" >&2
(cd "$peers" && PYTHONDONTWRITEBYTECODE=1 "$root/.build/serving.venv/bin/python" work.py "$work/train.tsv" "$work/first" &&
    PYTHONDONTWRITEBYTECODE=1 "$root/.build/mlserver.venv/bin/python" work.py "$work/train.tsv" "$work/second") >&2

# Peak with some requests in flight, then latency at half of that. $1 is the server's name, the rest the load's command.
measure() {
    name=$1
    shift
    taskset -c $client "$@" --in-flight "$depth" --duration "$seconds" > "$work/peak.json"
    peak=$(figure "$work/peak.json" requests_per_second)
    half=$(python3 -c "print(max(1, $peak / 2))")
    hurry "$server"
    $real_time taskset -c $client "$@" --rate "$half" $busy_wait --duration "$seconds" > "$work/half.json"
    printf '%-22s %9.0f %9.0f %9.3f %9.3f   %s\n' "$name" "$peak" "$half" "$(figure "$work/half.json" accepted.p50)" \
        "$(figure "$work/half.json" accepted.p99)" "$(figure "$work/half.json" codes)"
    kill "$server"
    wait "$server" 2>/dev/null || true
    server=
}

. "$root/Tests/Benchmarks/load_functions.sh"
printf '%-22s %9s %9s %9s %9s   %s\n' server 'peak /s' 'rate /s' 'p50 ms' 'p99 ms' 'answers at that rate'

depth=8
for awake in 0 1000; do
    taskset -c 0 "$programs/price-service" --model "$work/models/price/champion" --listen-port $port \
        --admin-port $((port + 1)) --threads 1 --log-level error --keep-awake-milliseconds $awake &
    server=$!
    wait_for "http://127.0.0.1:$((port + 1))/readyz" "$server"
    [ $awake = 0 ] && name=price-service || name='price-service, awake'
    measure "$name" "$programs/listing-assist" load SuggestPrice --address 127.0.0.1:$port --connections 4 --json \
        --file "$data/jp_used_games_prices.tsv" --columns "$map"
done

depth=16
cd "$peers"
PYTHONDONTWRITEBYTECODE=1 MODEL=$work/first taskset -c 0 "$root/.build/serving.venv/bin/uvicorn" \
    fastapi_service:app --port $port --workers 1 --log-level error --no-access-log &
server=$!
wait_for "http://127.0.0.1:$port/openapi.json" "$server"
measure FastAPI "$programs/service-load" http --address 127.0.0.1:$port --path /suggest --bodies "$work/bodies"

PYTHONDONTWRITEBYTECODE=1 MODEL=$work/first BENTOML_DO_NOT_TRACK=True BENTOML_HOME=$work/bento taskset -c 0 \
    "$root/.build/serving.venv/bin/bentoml" serve bentoml_service:Price --port $port >"$work/bento.log" 2>&1 &
server=$!
wait_for "http://127.0.0.1:$port/livez" "$server"
measure BentoML "$programs/service-load" http --address 127.0.0.1:$port --path /suggest --bodies "$work/bodies"

mkdir "$work/mlserver"
cat > "$work/mlserver/settings.json" <<JSON
{"parallel_workers": 0, "http_port": $port, "grpc_port": $((port + 2)), "metrics_port": $((port + 3)),
 "host": "127.0.0.1", "debug": false, "use_structured_logging": false}
JSON
printf '{"name": "price", "implementation": "mlserver_runtime.Price"}\n' > "$work/mlserver/model-settings.json"
PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$peers MODEL=$work/second taskset -c 0 \
    "$root/.build/mlserver.venv/bin/mlserver" start "$work/mlserver" >"$work/mlserver.log" 2>&1 &
server=$!
wait_for "http://127.0.0.1:$port/v2/models/price/ready" "$server"
measure MLServer "$programs/service-load" http --address 127.0.0.1:$port --path /v2/models/price/infer \
    --bodies "$work/inference"

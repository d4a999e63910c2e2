#!/bin/sh
# Compares the price suggester with its peers on real listings, in one run, and prints one table.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/price.sh [SPLIT...]
#
# A split is a number from 0 to 4: rows whose number leaves it as remainder by 5 are held out (4 unless told otherwise).
# Needs a release build (`make build`). Peers are installed from PyPI into a virtual environment of their own.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
program=$root/.build/release/listing-assist
peers=$root/Tests/Benchmarks/peers
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- 4

if [ ! -f "$data/us_mixed_listings.tsv" ]; then
    echo "price.sh: skipped, $data has no us_mixed_listings.tsv; LISTING_DATA names the folder with real listings" >&2
    exit 0
fi
if [ ! -x "$root/.build/peers.venv/bin/python" ]; then
    python3 -m venv "$root/.build/peers.venv"
    "$root/.build/peers.venv/bin/pip" install -q numpy scipy scikit-learn lightgbm pandas
fi

# The fields of the three files; the peers read the same map.
us=title=name,brand=brand_name,condition=item_condition_id,shipping_payer=shipping,price=price,currency:=USD
compare() { # compare SPLIT FILE MAP
    split=$1 file=$2 map=$3
    for part in train test; do
        awk -v split_by="$split" -v part=$part \
            'NR == 1 || ((NR - 2) % 5 == split_by) == (part == "test")' "$data/$file.tsv" >"$work/$part.tsv"
    done
    rm -rf "$work/store"* "$work/models"
    "$program" import "$work/train.tsv" --store "$work/store" --columns "$map" >&2
    "$program" train price --store "$work/store" --models "$work/models" >&2
    "$program" evaluate price --model "$work/models/price/champion" "$work/test.tsv" --columns "$map" --json \
        >"$work/ours.json"
    "$root/.build/peers.venv/bin/python" -W ignore "$peers/price_peers.py" "$work/train.tsv" "$work/test.tsv" \
        --columns "$map" >"$work/peers.json"
    python3 - "$file" "$split" "$work" <<'PY'
import json, sys
name, split, work = sys.argv[1:]
ours = json.load(open(work + "/ours.json"))
peers = json.load(open(work + "/peers.json"))
overall = ours["overall"]
fifths = " ".join("%.3f" % part["interval_coverage"] for part in ours["by_price_fifth"])
print("%-22s %5s %6d   %.4f   %.4f %.4f %.4f   %.3f   %s" % (
    name, split, overall["rows"], overall["rmsle"], peers["ridge"], peers["lgbm"], peers["stack"],
    overall["interval_coverage"], fifths), flush=True)
PY
}

echo "file                   split   rows     ours    ridge  trees  stack   cover   cover by fifth of the price"
for split in "$@"; do
    compare "$split" jp_used_games_prices title=name+model,brand=brand,price=price_jpy,currency:=JPY,id=product_id
    compare "$split" us_vintage_prices "$us,id=product_id"
    compare "$split" us_mixed_listings "$us,id=train_id,category=category_name,description=item_description"
done

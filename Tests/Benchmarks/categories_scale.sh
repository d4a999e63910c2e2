#!/bin/sh
# Category suggestions for a tree of real size: 7,600 leaves, a million invented listings, beside fastText on the same file;
# and, on the first 150 leaves, beside one-versus-rest support vector machines over all leaves.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/categories_scale.sh [ROWS]
#
# Needs a release build of listing-assist and categories-benchmark, 6 GB of memory and half an hour.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
program=$root/.build/release/listing-assist
python=$root/.build/peers.venv/bin/python
rows=${1:-1000000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

if [ ! -f "$data/jp_categories.csv" ]; then
    echo "categories_scale.sh: skipped, $data has no jp_categories.csv; LISTING_DATA names the folder with it" >&2
    exit 0
fi
[ -x "$python" ] || python3 -m venv "$root/.build/peers.venv"
"$python" -c 'import sklearn' 2>/dev/null || "$python" -m pip install -q numpy scipy scikit-learn pandas
"$python" -c 'import fasttext' 2>/dev/null || "$python" -m pip install -q fasttext-wheel || true

ours() { # ours NAME: trains on, and is measured by, the files in $work/NAME
    "$program" import "$work/$1/train.tsv" --store "$work/$1/store" >&2
    /usr/bin/time -f '%e s, %U s of processor time, %M KB' -o "$work/$1/time" \
        "$program" train category-title --store "$work/$1/store" --models "$work/$1/models" >&2
    "$program" evaluate category-title --model "$work/$1/models/category-title/champion" "$work/$1/test.tsv" --json \
        >"$work/$1/ours.json"
    echo "$1: ours trained in $(cat "$work/$1/time"); bundle $(du -sk "$(readlink -f "$work/$1/models/category-title"/m-*)" | cut -f1) KB"
    python3 -c 'import json, sys
figures = json.load(open(sys.argv[1]))["categories"]["overall"]
print("    top 1 %(top_1).4f, top 5 %(top_5).4f, ECE %(calibration_error).4f" % figures)' "$work/$1/ours.json"
    "$root/.build/release/categories-benchmark" "$work/$1/models/category-title/champion" "$work/$1/test.tsv"
}

python3 "$root/Tests/Benchmarks/Categories/make_listings.py" "$data" "$work/all" --rows "$rows"
ours all
"$python" "$root/Tests/Benchmarks/peers/category_scale_peers.py" fasttext "$work/all"
python3 "$root/Tests/Benchmarks/Categories/make_listings.py" "$data" "$work/some" --rows 60000 --test 10000 --leaves 150
ours some
"$python" "$root/Tests/Benchmarks/peers/category_scale_peers.py" svm,fasttext "$work/some"

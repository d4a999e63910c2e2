#!/bin/sh
# Compares the tag estimator with its peer on real listings, in one run, and prints one table.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/tags.sh [SPLIT...]
#
# A split is a number from 0 to 4: rows whose number leaves it as remainder by 5 are held out (4 unless told otherwise).
# Needs a release build (`make build`). The peer is installed from PyPI into a virtual environment of its own.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
program=${LISTING_ASSIST:-$root/.build/release/listing-assist}
python=$root/.build/peers.venv/bin/python
file=jp_used_clothing_titles.tsv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- 4

if [ ! -f "$data/$file" ]; then
    echo "tags.sh: skipped, $data has no $file; LISTING_DATA names the folder with real listings" >&2
    exit 0
fi
[ -x "$python" ] || python3 -m venv "$root/.build/peers.venv"
"$python" -c 'import pandas, sklearn' 2>/dev/null || "$python" -m pip install -q numpy scipy scikit-learn pandas

echo "split   rows  who        mean AP  micro F1  macro F1     ECE"
for split in "$@"; do
    for part in train test; do
        awk -v split_by="$split" -v part=$part \
            'NR == 1 || ((NR - 2) % 5 == split_by) == (part == "test")' "$data/$file" >"$work/$part.tsv"
    done
    rm -rf "$work/store"* "$work/models"
    map=id=goods_id,title=name,tags=groups
    "$program" import "$work/train.tsv" --store "$work/store" --columns "$map" >&2
    "$program" train tags --store "$work/store" --models "$work/models" >&2
    "$program" evaluate tags --model "$work/models/tags/champion" "$work/test.tsv" --columns "$map" --json \
        >"$work/ours.json"
    "$python" -W ignore "$root/Tests/Benchmarks/peers/tag_peers.py" "$work/train.tsv" "$work/test.tsv" \
        --columns title=name,tags=groups >"$work/peers.jsonl"
    python3 - "$split" "$work" <<'PY'
import json, sys
split, work = sys.argv[1:]
ours = json.load(open(work + "/ours.json"))["overall"]
names = ("average_precision", "micro_f1", "macro_f1")
rows = [("ours", [ours[name] for name in names], "%.4f" % ours["calibration_error"])]
for line in open(work + "/peers.jsonl"):
    peer = json.loads(line)
    rows.append(("peer C=%g" % peer["C"], [peer[name] for name in names], ""))
for who, figures, error in rows:
    print("%5s %6d  %-9s  %7.4f  %8.4f  %8.4f  %6s" % (split, ours["rows"], who, *figures, error), flush=True)
PY
done

#!/bin/sh
# Compares trees with their peers on the reference work, in one run with the programs taking turns, and prints one table.
#
#   TREES_DATA=FOLDER Tests/Benchmarks/trees.sh [REPETITIONS] [TRAIN...]
#
# TRAIN is train200k or train1m (both unless told otherwise). The folder holds what the generator of the reference work
# writes: TRAIN_X.npy, TRAIN_y.npy, TRAIN_X.f32 and TRAIN_y.f32, and the same for test100k; without TREES_DATA it is made,
# where the generator is found. Peers are installed from PyPI into a virtual environment of their own.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${TREES_DATA:-$root/.build/trees-data}
generator=${TREES_GENERATOR:-$root/../shared/bench/gbt_data.py}
peers=$root/Tests/Benchmarks/peers
python=$root/.build/peers.venv/bin/python
repetitions=${1:-5}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- train200k train1m

if [ ! -x "$python" ]; then
    python3 -m venv "$root/.build/peers.venv"
fi
"$python" -c 'import lightgbm, xgboost, catboost' 2>/dev/null ||
    "$root/.build/peers.venv/bin/pip" install -q numpy lightgbm xgboost catboost
if [ ! -f "$data/test100k_X.f32" ]; then
    if [ ! -f "$generator" ]; then
        echo "trees.sh: skipped, $data has no rows and there is no generator $generator; TREES_DATA names the folder" >&2
        exit 0
    fi
    "$python" "$generator" "$data" >&2
fi
cd "$root"
swift build -c release -Xswiftc -cross-module-optimization --product trees-benchmark >&2
program=$(swift build -c release -Xswiftc -cross-module-optimization --show-bin-path)/trees-benchmark
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# figures NAME TRAIN_X TEST_X COMMAND...: appends one run of a program to its figures.
figures() {
    name=$1
    shift
    "$@" >>"$work/$name"
}

compare() { # compare LABEL TRAIN_X TEST_X
    label=$1 train=$2 test=$3
    for repetition in $(seq "$repetitions"); do
        for peer in lightgbm lightgbm-quantised xgboost catboost; do
            figures "$label.$peer" "$python" -W ignore "$peers/tree_peers.py" train $peer "$train" "$test" "$work/$peer.model"
        done
        figures "$label.ours" "$program" learn "$train" "$test" "$work/ours.model"
        figures "$label.ours-symmetric" "$program" learn --levels 6 "$train" "$test" "$work/ours-symmetric.model"
        echo "trees.sh: $label, $repetition of $repetitions" >&2
    done
    for repetition in $(seq "$repetitions"); do
        for peer in lightgbm xgboost catboost; do
            figures "$label.$peer" "$python" -W ignore "$peers/tree_peers.py" evaluate $peer "$work/$peer.model" "$test"
        done
        for name in ours ours-symmetric; do
            figures "$label.$name" "$program" evaluate --repetitions 3 "$work/$name.model" "$test"
        done
    done
}

for train in "$@"; do
    [ -f "$data/${train}_means_X.f32" ] || "$python" "$peers/tree_rows.py" "$data" "$train"
    compare "$train codes" "$data/${train}_X.f32" "$data/test100k_X.f32"
    compare "$train means" "$data/${train}_means_X.f32" "$data/${train}_test_X.f32"
done
echo "damaged files: $("$program" fuzz)"
python3 - "$work" <<'PY'
import json, os, statistics, sys
folder = sys.argv[1]
print("%-18s %-20s %9s %8s %8s %10s %10s %10s" % (
    "rows, categories", "program", "train s", "peak MB", "RMSE", "one row ns", "batch ns", "explain us"))
for name in sorted(n for n in os.listdir(folder) if "." in n and not n.endswith(".model")):
    runs = [json.loads(line) for line in open(os.path.join(folder, name))]
    def median(key):
        values = [run[key] for run in runs if key in run]
        return statistics.median(values) if values else None
    label, program = name.split(".", 1)
    cells = [("%.2f", "train_s"), ("%.0f", "peak_mb"), ("%.4f", "rmse"), ("%.0f", "single_ns"), ("%.0f", "batch_ns"),
             ("%.0f", "explain_us")]
    text = [pattern % median(key) if median(key) is not None else "" for pattern, key in cells]
    print("%-18s %-20s %9s %8s %8s %10s %10s %10s" % (label, program, *text))
    if any(run.get("rows_that_differ") for run in runs):
        sys.exit("trees.sh: a fast path's predictions differ from the plain path's")
PY

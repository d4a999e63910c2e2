#!/bin/sh
# Compares trees with their peers on the reference work, in one run with the programs taking turns, and prints one table.
#
#   TREES_DATA=FOLDER Tests/Benchmarks/trees.sh [REPETITIONS] [TRAIN...]
#
# TRAIN is train200k or train1m (both unless told otherwise). The folder holds what the generator of the reference work
# writes: TRAIN_X.npy, TRAIN_y.npy, TRAIN_X.f32 and TRAIN_y.f32, and the same for test100k; without TREES_DATA it is made,
# where the generator is found. Peers are installed from PyPI into a virtual environment of their own. Five repetitions of
# both take about 45 minutes; an interrupted comparison goes on where it stopped when started again.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${TREES_DATA:-$root/.build/trees-data}
generator=${TREES_GENERATOR:-$root/../shared/bench/gbt_data.py}
peers=$root/Tests/Benchmarks/peers
python=$root/.build/peers.venv/bin/python
repetitions=${1:-5}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- train200k train1m

[ -x "$python" ] || python3 -m venv "$root/.build/peers.venv"
# One by one: a peer that cannot be installed is missing from the table, and only that one. lleaves needs an older
# llvmlite.
for package in numpy lightgbm xgboost catboost 'llvmlite<0.45' lleaves treelite tl2cgen; do
    "$python" -W ignore -c "import ${package%%[<=]*}" 2>/dev/null || "$python" -m pip install -q "$package" >&2 ||
        echo "trees.sh: $package cannot be installed" >&2
done
if [ ! -f "$data/test100k_X.f32" ]; then
    if [ ! -f "$generator" ]; then
        echo "trees.sh: skipped, $data has no rows and there is no generator $generator; TREES_DATA names the folder" >&2
        exit 0
    fi
    "$python" "$generator" "$data" >&2
fi
for train in "$@"; do
    [ -f "$data/${train}_test_y.f32" ] || "$python" "$peers/tree_rows.py" "$data" "$train"
done
cd "$root"
swift build -c release -Xswiftc -cross-module-optimization --product trees-benchmark >&2
program=$(swift build -c release -Xswiftc -cross-module-optimization --show-bin-path)/trees-benchmark
exec "$python" "$peers/tree_comparison.py" "$program" "$data" "$root/.build/trees-benchmark-runs" "$repetitions" "$@"

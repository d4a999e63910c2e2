#!/bin/sh
# Measures the violation detector, beside its peer where there is one.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/violations.sh [PART...]
#
# Parts, all unless told otherwise:
#   english    titles of prohibited goods against names of honest listings; rows whose number leaves 4 by 5 are held out
#   pages      legal and illegal sale pages, by their published split
#   japanese   invented listings: trained on known wording, judged on wording and disguises held out
#   times      time of a judgement, by kind of text and size
# Needs `swift build -c release -Xswiftc -cross-module-optimization --product violation-models`. The peer is installed
# from PyPI into a virtual environment of its own.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
program=$root/.build/release/violation-models
rules=$root/Services/ViolationService/rules.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- english pages japanese times

need() { # need FILE
    [ -e "$data/$1" ] && return
    echo "violations.sh: skipped, $data has no $1; LISTING_DATA names the folder with real listings" >&2
    return 1
}

# rows FILE COLUMN VIOLATION: the column of every row, held out or not.
rows() {
    awk -F '\t' -v column="$2" -v violation="$3" -v train="$work/train.tsv" -v test="$work/test.tsv" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) place = i; next }
        { print $place "\t" violation >> ((NR - 2) % 5 == 4 ? test : train) }' "$data/$1"
}

for part in "$@"; do
    echo "== $part"
    case $part in
    english)
        need prohibited_titles.tsv || continue
        if [ ! -x "$root/.build/peers.venv/bin/python" ]; then
            python3 -m venv "$root/.build/peers.venv"
            "$root/.build/peers.venv/bin/pip" install -q numpy scipy scikit-learn lightgbm pandas
        fi
        printf 'title\tviolation\n' | tee "$work/train.tsv" >"$work/test.tsv"
        rows prohibited_titles.tsv title prohibited
        rows us_vintage_prices.tsv name ''
        rows us_mixed_listings.tsv name ''
        "$program" files "$work/train.tsv" "$work/test.tsv" title=title,violation=violation "$rules"
        "$root/.build/peers.venv/bin/python" -W ignore "$root/Tests/Benchmarks/peers/violation_peers.py" \
            "$work/train.tsv" "$work/test.tsv"
        ;;
    pages)
        need legal_illegal_pages || continue
        "$program" pages "$data/legal_illegal_pages" | grep accuracy
        ;;
    japanese) "$program" synthetic 60000 0.03 "$rules" ;;
    times) "$program" times "$rules" ;;
    *)
        echo "violations.sh: no part $part" >&2
        exit 64
        ;;
    esac
done

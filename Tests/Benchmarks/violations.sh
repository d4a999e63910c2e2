#!/bin/sh
# Measures the violation detector, beside its peer where there is one.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/violations.sh [PART...]
#
# Parts, all unless told otherwise:
#   english    titles of prohibited goods against names of honest listings, on every split named by SPLITS: rows whose
#              number leaves it by 5 are held out
#   pages      legal and illegal sale pages, by their published split
#   japanese   invented listings: trained on known wording, judged on wording and disguises held out
#   times      time of a judgement, by kind of text and size
# Needs `swift build -c release -Xswiftc -cross-module-optimization --product violations-benchmark`. The peer is
# installed from PyPI into a virtual environment of its own.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
program=$root/.build/release/violations-benchmark
rules=$root/Services/ViolationService/rules.yaml
python=$root/.build/peers.venv/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- english pages japanese times

need() { # need FILE
    [ -e "$data/$1" ] && return
    echo "violations.sh: skipped, $data has no $1; LISTING_DATA names the folder with real listings" >&2
    return 1
}

# rows SPLIT FILE COLUMN VIOLATION: the column of every row, held out or not.
rows() {
    awk -F '\t' -v split_by="$1" -v column="$3" -v violation="$4" -v train="$work/train.tsv" -v test="$work/test.tsv" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == column) place = i; next }
        { print $place "\t" violation >> ((NR - 2) % 5 == split_by ? test : train) }' "$data/$2"
}

# pages FILE VIOLATION NAME...: every page of some classes.
pages() {
    file=$1
    violation=$2
    shift 2
    for name in "$@"; do tr '\t' ' ' <"$data/legal_illegal_pages/$name.txt" | sed "/^$/d; s/\$/\t$violation/" >>"$file"; done
}

# beside COLUMNS PENALTY...: the model and its peer on train.tsv and test.tsv.
beside() {
    columns=$1
    shift
    "$program" files "$work/train.tsv" "$work/test.tsv" "$columns" "$rules" | sed '/^    [a-z]/d'
    "$python" -W ignore "$root/Tests/Benchmarks/peers/violation_peers.py" "$work/train.tsv" "$work/test.tsv" \
        --columns "$columns" --penalty "$@" --table
}

[ -x "$python" ] || python3 -m venv "$root/.build/peers.venv"
"$python" -c 'import pandas, sklearn' 2>/dev/null || "$python" -m pip install -q numpy scipy scikit-learn pandas

for part in "$@"; do
    echo "== $part"
    case $part in
    english)
        need prohibited_titles.tsv || continue
        for split in ${SPLITS:-4 0 1 2 3}; do
            echo "-- split $split"
            printf 'title\tviolation\n' | tee "$work/train.tsv" >"$work/test.tsv"
            rows "$split" prohibited_titles.tsv title prohibited
            rows "$split" us_vintage_prices.tsv name ''
            rows "$split" us_mixed_listings.tsv name ''
            beside title=title,violation=violation 10 100
        done
        ;;
    pages)
        need legal_illegal_pages || continue
        while read -r legal illegal; do
            echo "-- $legal / $illegal"
            printf 'description\tviolation\n' | tee "$work/train.tsv" >"$work/test.tsv"
            for split in train validation test; do
                file=$work/train.tsv
                [ $split != test ] || file=$work/test.tsv
                for name in $(echo "$legal" | tr + ' '); do pages "$file" '' "$split/$name"; done
                for name in $(echo "$illegal" | tr + ' '); do pages "$file" illegal "$split/$name"; done
            done
            beside title=description,violation=violation 1 10 100
        done <<PAIRS
ebay onion_drugs_illegal
onion_drugs_legal onion_drugs_illegal
ebay+onion_drugs_legal onion_drugs_illegal
onion_forums_legal onion_forums_illegal
ebay+onion_drugs_legal+onion_forums_legal onion_drugs_illegal+onion_forums_illegal
PAIRS
        ;;
    japanese) "$program" synthetic 60000 0.03 "$rules" | sed '/^    [a-z]/d' ;;
    times) "$program" times "$rules" | sed '/^    [a-z]/d' ;;
    *)
        echo "violations.sh: no part $part" >&2
        exit 64
        ;;
    esac
done

#!/bin/sh
# Compares the category suggester with its peers on real listings, in one run, and prints one table.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/categories.sh [SPLIT...]
#
# A split is a number from 0 to 4: rows whose number leaves it as remainder by 5 are held out (4 unless told otherwise).
# Needs a release build (`make build`). Peers are installed from PyPI into a virtual environment of their own.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
program=$root/.build/release/listing-assist
python=$root/.build/peers.venv/bin/python
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ $# -gt 0 ] || set -- 4

if [ ! -f "$data/us_mixed_listings.tsv" ]; then
    echo "categories.sh: skipped, $data has no us_mixed_listings.tsv; LISTING_DATA names the folder with real listings" >&2
    exit 0
fi
[ -x "$python" ] || python3 -m venv "$root/.build/peers.venv"
"$python" -c 'import pandas, sklearn' 2>/dev/null || "$python" -m pip install -q numpy scipy scikit-learn pandas
"$python" -c 'import fasttext' 2>/dev/null || "$python" -m pip install -q fasttext-wheel || true
"$python" -c 'import MeCab' 2>/dev/null || "$python" -m pip install -q mecab-python3

compare() { # compare SPLIT FILE MAP PEER-TEXT PEER-LABEL [PEER-OPTION...]
    split=$1 file=$2 map=$3 text=$4 label=$5
    shift 5
    for part in train test; do
        awk -v split_by="$split" -v part=$part \
            'NR == 1 || ((NR - 2) % 5 == split_by) == (part == "test")' "$data/$file.tsv" >"$work/$part.tsv"
    done
    case "$*" in *title_words*) "$python" - "$work/train.tsv" "$work/test.tsv" <<'PY' ;; esac
import sys, unicodedata
import MeCab
tagger = MeCab.Tagger("-r /dev/null -d /var/lib/mecab/dic/ipadic-utf8 -Owakati")
for path in sys.argv[1:]:
    header, *rows = open(path, encoding="utf-8").read().split("\n")
    names = header.split("\t")
    with open(path, "w", encoding="utf-8") as file:
        file.write(header + "\ttitle_words\n")
        for row in rows:
            if row:
                title = unicodedata.normalize("NFKC", row.split("\t")[names.index("title")]).lower()
                file.write(row + "\t" + tagger.parse(title).strip() + "\n")
PY
    rm -rf "$work/store"* "$work/models"
    "$program" import "$work/train.tsv" --store "$work/store" --columns "$map" >&2
    "$program" train category-title --store "$work/store" --models "$work/models" >&2
    "$program" evaluate category-title --model "$work/models/category-title/champion" "$work/test.tsv" \
        --columns "$map" --json >"$work/ours.json"
    "$python" -W ignore "$root/Tests/Benchmarks/peers/category_peers.py" "$work/train.tsv" "$work/test.tsv" \
        --text "$text" --label "$label" "$@" | tail -n 1 >"$work/peers.json"
    python3 - "$file" "$split" "$work" "$text" <<'PY'
import json, sys
name, split, work, text = sys.argv[1:]
ours = json.load(open(work + "/ours.json"))["categories"]["overall"]
found = {"ours": [ours["rows"], ours["top_1"], ours["top_3"], ours["top_5"], ours["reliability"]["bins"]]}
for peer, figures in json.load(open(work + "/peers.json")).items():
    if isinstance(figures, dict):
        found[peer] = [ours["rows"]] + [figures[key] for key in ("top1", "top3", "top5", "bins")]
with open(work + "/all.jsonl", "a") as file:
    for who, figures in found.items():
        print(json.dumps([name, text, who, split, *figures]), file=file)
        error = sum(bin["rows"] * abs(bin["probability"] - bin["accuracy"]) for bin in figures[4]) / figures[0]
        print("%-20s %-22s %6s %6d  %-9s %.4f  %.4f  %.4f  %.4f" % (name, text, split, figures[0], who, *figures[1:4], error), flush=True)
PY
}

echo "file                 text                    split   rows  who        top 1   top 3   top 5   ECE"
us=id=train_id,title=name,category=category_name
for split in "$@"; do
    compare "$split" us_mixed_listings "$us" name category_name
    # Logistic regression over 480 classes and two texts would take 12 GB and many minutes for less accuracy.
    compare "$split" us_mixed_listings "$us,description=item_description" name,item_description category_name \
        --peers svm,fasttext
    compare "$split" jp_news_categories id=id,title=title,category=category title category --segmented title_words
done
[ $# -gt 1 ] || exit 0
# One split's rows are too few to judge the calibration by: over several, bins of one rank are taken together.
python3 - "$work" <<'PY'
import json, sys
pooled = {}
for line in open(sys.argv[1] + "/all.jsonl"):
    name, text, who, _, rows, *shares, bins = json.loads(line)
    total = pooled.setdefault((name, text, who), [0, [0, 0, 0], [[0, 0] for _ in range(15)]])
    total[0] += rows
    total[1] = [sum + rows * share for sum, share in zip(total[1], shares)]
    for sums, bin in zip(total[2], bins):
        sums[0] += bin["rows"] * bin["probability"]
        sums[1] += bin["rows"] * bin["accuracy"]
for (name, text, who), (rows, shares, bins) in pooled.items():
    error = sum(abs(forecast - hits) for forecast, hits in bins) / rows
    print("%-20s %-22s pooled %6d  %-9s %.4f  %.4f  %.4f  %.4f" % (name, text, rows, who, *[x / rows for x in shares], error))
PY

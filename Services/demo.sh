#!/usr/bin/env bash
# Makes listings, trains every task, starts the services, asks each one, prints the answers, and stops. Needs `make build`.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.build/release
work=$(mktemp -d)
up=
finish() {
    [ -z "$up" ] || { kill "$up" 2>/dev/null && wait "$up" 2>/dev/null; } || true
    rm -rf "$work"
}
trap finish EXIT

now() { date +%s%N; }
step() { # step NAME COMMAND...
    local started name=$1
    started=$(now)
    shift
    "$@"
    printf '   [%s: %d.%02d s]\n\n' "$name" $((($(now) - started) / 1000000000)) \
        $((($(now) - started) / 10000000 % 100))
}
ask() { # ask TITLE DRAFT
    echo "-- $1"
    echo "   $2"
    "$bin/listing-assist" call SuggestPrice "$2" --address 127.0.0.1:7101 | python3 -c '
import json, sys
answer = json.load(sys.stdin)
yen = lambda money: format(money["minor_units"], ",") + " " + money["currency"]
print("   price %s   range %s to %s   confidence %.0f %%" % (
    yen(answer["price"]), yen(answer["low"]), yen(answer["high"]), 100 * answer["confidence"]))
for reason in answer["reasons"]:
    print("   x %.2f  %s" % (reason["factor"], reason["text"]))'
}
ready() {
    for _ in $(seq 200); do
        curl -fs -o /dev/null "http://127.0.0.1:7102/readyz" && return
        kill -0 "$up" 2>/dev/null || break
        sleep 0.05
    done
    echo "the price service is not ready:" >&2
    curl -s "http://127.0.0.1:7102/readyz" >&2 || true
    cat "$work/up.log" >&2
    return 1
}

echo "== listings"
step synthesize "$bin/listing-assist" synthesize --count 10000 --seed 7 "$work/listings.tsv"
step import "$bin/listing-assist" import "$work/listings.tsv" --store "$work/listings.store" \
    --rejects "$work/rejects.tsv"

echo "== models"
step "train price" "$bin/listing-assist" train price --store "$work/listings.store" --models "$work/models"
"$bin/listing-assist" models list --models "$work/models"

echo "== services"
"$bin/listing-assist" up --models "$work/models" >"$work/up.log" 2>&1 &
up=$!
step "ready" ready

echo "== a price for one listing, as it is typed"
title='"title": "【美品】Primono HDDレコーダー LH573L 1TB"'
category='"category": "家電・スマホ・カメラ/テレビ・映像機器/ブルーレイレコーダー"'
rest='"brand": "Primono", "condition": "like_new", "shipping_payer": "seller", "description": "1年ほど使用しました。動作確認済みです。リモコンが付属します。"'
step "title" ask "title" "{$title}"
step "title and category" ask "title and category" "{$title, $category}"
step "everything" ask "everything" "{$title, $category, $rest}"
echo "The demo is done."

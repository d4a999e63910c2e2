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
ask() { # ask TITLE METHOD PORT DRAFT
    echo "-- $1"
    echo "   $4"
    "$bin/listing-assist" call "$2" "$4" --address "127.0.0.1:$3" | python3 Services/demo_answer.py
}
ready() { # ready NAME ADMIN-PORT
    for _ in $(seq 200); do
        curl -fs -o /dev/null "http://127.0.0.1:$2/readyz" && return
        kill -0 "$up" 2>/dev/null || break
        sleep 0.05
    done
    echo "the $1 service is not ready:" >&2
    curl -s "http://127.0.0.1:$2/readyz" >&2 || true
    cat "$work/up.log" >&2
    return 1
}

echo "== listings"
step synthesize "$bin/listing-assist" synthesize --count 5000 --seed 7 "$work/listings.tsv"
step import "$bin/listing-assist" import "$work/listings.tsv" --store "$work/listings.store" \
    --rejects "$work/rejects.tsv"

echo "== models"
step "train price" "$bin/listing-assist" train price --store "$work/listings.store" --models "$work/models"
step "train category-title" "$bin/listing-assist" train category-title --store "$work/listings.store" \
    --models "$work/models"
for task in tags violations; do
    step "train $task" "$bin/listing-assist" train "$task" --store "$work/listings.store" --models "$work/models"
done
"$bin/listing-assist" models list --models "$work/models"

echo "== services"
"$bin/listing-assist" up --models "$work/models" --rules Services/ViolationService/rules.yaml >"$work/up.log" 2>&1 &
up=$!
step "price ready" ready price 7102
step "category-title ready" ready category-title 7104
step "tags ready" ready tag 7106
step "violations ready" ready violation 7108

echo "== a price for one listing, as it is typed"
title='"title": "【美品】Primono HDDレコーダー LH573L 1TB"'
category='"category": "家電・スマホ・カメラ/テレビ・映像機器/ブルーレイレコーダー"'
rest='"brand": "Primono", "condition": "like_new", "shipping_payer": "seller", "description": "1年ほど使用しました。動作確認済みです。リモコンが付属します。"'
step "title" ask "title" SuggestPrice 7101 "{$title}"
step "title and category" ask "title and category" SuggestPrice 7101 "{$title, $category}"
step "everything" ask "everything" SuggestPrice 7101 "{$title, $category, $rest}"
echo "== category, title and attributes for a draft typed in three stages"
longer='"title": "プリモノ HDDレコーダー LH573L 1TB 黒"'
described='"description": "2回ほど使用しました。箱はありません。ゆうパックで送料込みです。"'
for method in SuggestCategories SuggestTitles SuggestAttributes; do
    step "first words" ask "$method, first words" "$method" 7103 '{"title": "プリモノ HDDレ"}'
    step "a title" ask "$method, a title" "$method" 7103 "{$longer}"
    step "title and description" ask "$method, title and description" "$method" 7103 "{$longer, $described}"
done
echo "== tags"
step "tags" ask "a jacket" SuggestTags 7105 \
    '{"title": "ライダースジャケット", "category": "メンズ/ジャケット・アウター/レザージャケット", "description": "平置き採寸で、着丈100cm 身幅62cm 肩幅37cmです。"}'
step "other" ask "a category without tags" SuggestTags 7105 "{$longer, $category, $described}"

echo "== does it break the rules: listings that are allowed, reviewed and blocked"
step "honest" ask "a recorder" DetectViolations 7107 "{$longer, $described}"
step "address" ask "an address to write to" DetectViolations 7107 \
    '{"title": "レザー トートバッグ", "description": "ご質問は shop@example.com までどうぞ"}'
step "contact" ask "a contact elsewhere" DetectViolations 7107 \
    '{"title": "レザー トートバッグ", "description": "詳しくはＬ I N Eで連絡ください"}'
step "disguised" ask "disguised goods" DetectViolations 7107 '{"title": "大 麻 リキッド", "description": "ｺｶｲﾝもあります"}'
echo "The demo is done."

#!/bin/sh
# Brands and other fields suggested for held-out listings, beside a look-up of brand names in the title.
#
#   LISTING_DATA=FOLDER Tests/Benchmarks/attributes.sh
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
data=${LISTING_DATA:-$root/../shared/data}
cd "$root"
swift build -c release -Xswiftc -cross-module-optimization --product attributes-benchmark >&2
if [ -f "$data/us_vintage_prices.tsv" ]; then
    .build/release/attributes-benchmark file "$data/us_vintage_prices.tsv" \
        title=name,brand=brand_name,condition=item_condition_id,id=product_id
else
    echo "attributes.sh: skipped, $data has no us_vintage_prices.tsv; LISTING_DATA names the folder with it" >&2
fi
.build/release/attributes-benchmark synthetic 40000

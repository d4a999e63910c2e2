#!/bin/sh
# Writes the C code of protos/ into Shared/CListingAssistProtos, where it is checked in.
#
#   protos/generate.sh           writes it
#   protos/generate.sh --check   writes nothing; fails, and shows the differences, when what is checked in is not current
#
# protoc-c is the one of Debian 12, so that everyone writes the same bytes.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
target=$root/Shared/CListingAssistProtos
pinned=1.4.1

usage() {
    echo "usage: protos/generate.sh [--check]" >&2
    exit 64
}

[ $# -le 1 ] || usage
[ $# -eq 0 ] || [ "$1" = --check ] || usage

if ! command -v protoc-c >/dev/null; then
    echo "generate.sh: protoc-c is not installed; run make setup, or install Debian's protobuf-c-compiler" >&2
    exit 69
fi
version=$(protoc-c --version | sed -n 's/^protobuf-c //p')
if [ "$version" != "$pinned" ]; then
    echo "generate.sh: protoc-c is ${version:-of an unknown version}; use $pinned, as Debian 12 has it" >&2
    exit 69
fi

output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
mkdir "$output/include" "$output/sources"
cd "$root/protos"
LC_ALL=C
export LC_ALL
protoc-c -I . --c_out="$output/sources" listing_assist/v1/*.proto

# Headers move to include/, where Swift sees them.
mkdir -p "$output/include/listing_assist/v1"
mv "$output"/sources/listing_assist/v1/*.h "$output/include/listing_assist/v1/"

if [ "${1-}" = --check ]; then
    status=0
    for folder in include sources; do
        diff -r -u "$target/$folder/listing_assist" "$output/$folder/listing_assist" >&2 || status=1
    done
    [ $status -eq 0 ] || echo "generate.sh: the checked-in C code is not current; run protos/generate.sh" >&2
    exit $status
fi

for folder in include sources; do
    mkdir -p "$target/$folder"
    rm -rf "$target/$folder/listing_assist"
    cp -R "$output/$folder/listing_assist" "$target/$folder/"
done

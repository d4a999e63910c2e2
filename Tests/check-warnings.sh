#!/usr/bin/env bash
# Fails when compiling this package's own targets prints a warning. Compiles again only what changed since the last time,
# and remembers what was printed, so that a warning is not lost in a build that had nothing to do.
set -euo pipefail
cd "$(dirname "$0")/.."
log=.build/warnings.log
mkdir -p .build
swift build --build-tests 2>&1 | tee .build/build.log
# Only a build that compiled a module says anything about it.
touch "$log"
grep -E "$PWD/(Services|Shared|Tests)/.*(warning|error):|^warning:" .build/build.log >"$log" || true
if [ -s "$log" ]; then
    echo "compiler warnings:" >&2
    cat "$log" >&2
    exit 1
fi

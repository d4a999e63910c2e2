#!/usr/bin/env bash
# Runs tests that read hostile bytes or share memory between threads, built with a sanitizer of the compiler.
#
#     Tests/sanitize.sh address|thread [TESTS...]
#
# TESTS are test targets of Package.swift; without them, those for which the sanitizer finds most. The build is kept in
# .build-address or .build-thread. LISTING_ASSIST_FUZZ_FRAMES says how many frames are made up.
set -euo pipefail
cd "$(dirname "$0")/.."

case "${1:-}" in
address) tests=(RPCTests WireFormatTests) frames=1000000 ;;
thread) tests=(RPCTests) frames=30000 ;;
*)
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 64
    ;;
esac
sanitizer=$1
shift
[ $# = 0 ] || tests=("$@")

export LISTING_ASSIST_ONLY_TESTS="${tests[*]}"
export LISTING_ASSIST_FUZZ_FRAMES=${LISTING_ASSIST_FUZZ_FRAMES:-$frames}
# A report makes the run fail, whatever the tests say. Leaks are left out: what Swift keeps for good counts as one.
export ASAN_OPTIONS=detect_leaks=0${ASAN_OPTIONS:+:$ASAN_OPTIONS}
export TSAN_OPTIONS=suppressions=$PWD/Tests/thread-sanitizer.supp${TSAN_OPTIONS:+:$TSAN_OPTIONS}

swift test --no-parallel --sanitize "$sanitizer" --scratch-path ".build-$sanitizer"

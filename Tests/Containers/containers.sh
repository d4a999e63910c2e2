#!/usr/bin/env bash
# Builds every image from a clean tree and runs the suite as it will run: from the compose file, on a private network,
# read-only, without rights. Prints what it measures; any expectation that does not hold ends it.
#
# IMAGES=kept uses the images that an earlier run built.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD here=$PWD/Tests/Containers
fail() { echo "containers-test: FAILED: $*" >&2; exit 1; }
step() { echo "== $*"; }
if ! command -v podman >/dev/null; then
    echo 'containers-test: SKIPPED: podman is not installed, nothing was run in a container' >&2
    exit 0
fi
# Without systemd there is no timer for health checks; the test asks for each itself.
[ -d /run/systemd/system ] || export DISABLE_HC_SYSTEMD=true

work=$(mktemp -d)
project=listing-assist-test
compose() { podman-compose --in-pod=false -p "$project" -f "$work/tree/docker/compose.yaml" "$@"; }
finish() {
    [ "${1:-0}" = 0 ] || for service in price category-title tags violations; do
        podman logs --tail 5 "${project}_${service}_1" 2>&1 | sed "s/^/   $service: /" >&2 || true
    done
    [ ! -f "$work/tree/docker/compose.yaml" ] || compose down -v >/dev/null 2>&1 || true
    podman rm -f -i -t 0 "$project-load" "$project-other" "$project-large" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap 'finish $?' EXIT
if ! command -v podman-compose >/dev/null; then
    python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q podman-compose
    PATH=$work/venv/bin:$PATH
fi

mkdir "$work/tree" && git archive HEAD | tar -x -C "$work/tree"
services='price category-title tags violations'
declare -A program=([price]=price-service [category-title]=category-title-service [tags]=tag-service
    [violations]=violation-service)
declare -A rpc=([price]=7101 [category-title]=7103 [tags]=7105 [violations]=7107)
declare -A ask=([price]=SuggestPrice [category-title]=SuggestCategories [tags]=SuggestTags
    [violations]=DetectViolations)

if [ "${IMAGES:-}" != kept ]; then
    step 'images'
    options=(--format docker --build-arg "REVISION=$(git rev-parse HEAD)")
    swift=docker.io/library/swift:6.3-bookworm
    podman image exists $swift || podman pull -q $swift >/dev/null 2>&1 || true
    if ! podman image exists $swift || podman image inspect -f '{{.Labels}}' $swift | grep -q stand-in; then
        mapfile -t mounts < <("$here/stand-ins.sh")
        options+=("${mounts[@]}" --network host)
    fi
    build() { podman build -q "${options[@]}" --target "$1" --build-arg "PRODUCT=$2" -t "listing-assist/$3" \
        -f "$work/tree/docker/Dockerfile" "$work/tree" >/dev/null; }
    build trainer listing-assist trainer
    for service in $services; do build service "${program[$service]}" "${program[$service]}"; done
fi

step 'what is in an image'
for service in $services; do
    image=listing-assist/${program[$service]}
    size=$(podman image inspect -f '{{.Size}}' "$image")
    echo "$image: $((size / 1000000)) MB in all, nothing under it"
    # Most of it is what the static Foundation brings, its Unicode data above all.
    [ "$size" -lt 130000000 ] || fail "$image has grown over 130 MB"
    mounted=$(podman image mount "$image")
    for name in sh bash dash busybox apt apt-get dpkg gcc cc clang swift swiftc ld python3 perl; do
        found=$(find "$mounted" -name "$name" \( -type f -o -type l \))
        [ -z "$found" ] || fail "$image holds $found"
    done
    [ ! -e "$mounted/var/lib/apt" ] && [ ! -e "$mounted/var/cache/apt" ] || fail "$image holds a package cache"
    writable=$(find "$mounted" ! -type l -perm -0002 ! -perm -1000)
    [ -z "$writable" ] || fail "$image: anyone can write $writable"
    podman image unmount "$image" >/dev/null
    [ "$(podman image inspect -f '{{.Config.User}}' "$image")" = 65532:65532 ] || fail "$image does not run as 65532"
done

step 'train, in the trainer'
trainer() { podman run --rm --read-only --cap-drop=all --security-opt=no-new-privileges --tmpfs /tmp \
    --network "${project}_suggestions" -v "${project}_models:/models" -v "${project}_data:/data" \
    listing-assist/trainer "$@"; }
compose --profile offline run --rm trainer synthesize --count 5000 --seed 7 /data/listings.tsv
trainer import /data/listings.tsv --store /data/listings.store --rejects /data/rejects.tsv
for task in $services; do trainer train "$task" --store /data/listings.store --models /models >/dev/null; done
trainer train price --store /data/listings.store --models /models --seed 2 --version second >/dev/null
trainer models list --models /models
first=$(trainer models history price --models /models --alias champion --json |
    python3 -c 'import json, sys; print(json.load(sys.stdin)[-1]["to"])')

container() { echo "${project}_$1_1"; }
address() { podman inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(container "$1")"; }
pid() { podman inspect -f '{{.State.Pid}}' "$(container "$1")"; }
readyz() { curl -s --max-time 1 "http://$(address "$1"):$((rpc[$1] + 1))/readyz"; }
# Seconds from the container's start, as the engine has it, to the first answer that it is ready.
until_ready() { python3 "$here/until_ready.py" "$1" "$2"; }

step 'start'
compose up -d price category-title tags violations >/dev/null 2>&1
for service in $services; do
    until_ready "$(container "$service")" "$((rpc[$service] + 1))" >/dev/null
    podman exec "$(container "$service")" /usr/local/bin/service --health >/dev/null || fail "$service: health check"
done
for service in $services; do
    best=
    for _ in 1 2 3; do
        podman restart -t 10 "$(container "$service")" >/dev/null
        seconds=$(until_ready "$(container "$service")" "$((rpc[$service] + 1))")
        best=$(printf '%s\n' ${best:-9} "$seconds" | sort -n | head -1)
    done
    echo "$service: ready $best s after the container's start (best of 3)"
    python3 -c "import sys; sys.exit($best >= 1)" || fail "$service took $best s"
done

step 'rights'
for service in $services; do
    status=/proc/$(pid "$service")/status
    grep -q '^CapEff:\s0000000000000000$' "$status" || fail "$service has capabilities"
    grep -q '^NoNewPrivs:\s1$' "$status" || fail "$service may gain privileges"
    grep -qE '^Uid:\s65532' "$status" || fail "$service does not run as 65532"
    # Through the container's own view of its files, as a user who could write them otherwise.
    for folder in /models /models/$service / /usr/local/bin; do
        ! touch "/proc/$(pid "$service")/root$folder/x" 2>/dev/null || fail "$service can write $folder"
    done
done
refused=$(podman run --rm --read-only -v "${project}_models:/models:ro" listing-assist/trainer models promote price \
    second --models /models --why 'must not be' 2>&1 || true)
grep -qi 'read-only file system' <<<"$refused" || fail "a reader may change the models: $refused"

step 'ask each from another container'
for service in $services; do
    trainer call "${ask[$service]}" '{"title": "ナイキ スニーカー 27cm"}' --address "$service:${rpc[$service]}" \
        >"$work/answer" || fail "$service did not answer"
    echo "$service: $(tr -d ' \n' <"$work/answer" | head -c 100)"
done

for service in $services; do
    awk -v name="$service" '/^RssAnon/ { anonymous = $2 } /^RssFile/ { file = $2 }
        END { printf "%s: %d MB of its own, %d MB of mapped files\n", name, anonymous / 1000, file / 1000 }' \
        "/proc/$(pid "$service")/status"
done

version() { curl -s "http://$(address price):7102/model" | python3 -c \
    'import json, sys; print(json.load(sys.stdin)["manifest"]["version"])'; }
serves() { for _ in $(seq 200); do [ "$(version 2>/dev/null)" != "$1" ] || return 0; sleep 0.05; done
    fail "price does not serve $1"; }
load() { podman run -d --name "$project-load" --read-only --network "${project}_suggestions" \
    -v "${project}_data:/data:ro" listing-assist/trainer load SuggestPrice --file /data/listings.tsv --count 500 \
    --address price:7101 --rate 300 --connections 2 --warm-up 0.5 --duration "$1" --json >/dev/null; }
loaded() { podman wait "$project-load" >/dev/null; podman logs "$project-load"; podman rm "$project-load" >/dev/null; }

step 'swap a model and roll it back, under load'
load 12; sleep 2
trainer models promote price second --models /models --by test --why 'another seed' && serves second
trainer models rollback price --models /models --by test --why 'back again' && serves "$first"
loaded | python3 -c '
import json, sys
report = json.load(sys.stdin)
print(report["codes"], "p99", round(report["accepted"]["p99"], 2), "ms")
sys.exit(set(report["codes"]) != {"OK"})' || fail 'requests failed'
trainer models history price --models /models

step 'kill a service in mid-load'
load 4; sleep 1
before=$(pid price)
kill -9 "$before"
for _ in $(seq 200); do
    [ "$(pid price)" != "$before" ] && readyz price | grep -q '"ready":true' && break
    sleep 0.05
done
readyz price | grep -q '"ready":true' || fail 'price did not come back'
echo 'price came back, ready'
loaded >/dev/null

step 'a bundle for another dictionary'
models=$(podman volume inspect -f '{{.Mountpoint}}' "${project}_models")
cp -r "$models" "$work/other"
python3 "$here/alter_bundle.py" dictionary "$work/other/price/$first"
podman run -d --name "$project-other" --read-only -v "$work/other:/models:ro" \
    -e LISTING_ASSIST_MODEL=/models/price/champion listing-assist/price-service >/dev/null
for _ in $(seq 100); do podman logs "$project-other" 2>&1 | grep -q 'model refused' && break; sleep 0.05; done
podman logs "$project-other" 2>&1 | grep 'model refused' | cut -c1-200
other=$(podman inspect -f '{{.NetworkSettings.IPAddress}}' "$project-other")
curl -s "http://$other:7102/readyz" | grep '"ready":false' | grep -i 'dictionary' || fail '/readyz does not say why'
! podman exec "$project-other" /usr/local/bin/service --health >/dev/null || fail 'the health check says all is well'

step 'a bundle of 2 GB'
cp -r "$models" "$work/large"
python3 "$here/alter_bundle.py" enlarge "$work/large/price/$first"
large() { podman run -d --name "$project-large" --read-only --memory 256m -v "$work/large:/models:ro" \
    -e LISTING_ASSIST_MODEL=/models/price/champion listing-assist/price-service >/dev/null; }
large
seconds=$(until_ready "$project-large" 7102)
anonymous=$(awk '/^RssAnon/ { print int($2 / 1000) }' "/proc/$(podman inspect -f '{{.State.Pid}}' "$project-large")/status")
echo "ready after $seconds s, anonymous memory $anonymous MB"
python3 -c "import sys; sys.exit($seconds >= 2 or $anonymous >= 150)" || fail 'too slow or too large'
for _ in $(seq 600); do podman logs "$project-large" 2>&1 | grep -q 'large files verified' && break; sleep 0.1; done
podman logs "$project-large" 2>&1 | grep -o '"large files verified".*\|.*large files verified.*' | head -1
podman rm -f -t 0 "$project-large" >/dev/null
python3 "$here/alter_bundle.py" flip "$work/large/price/$first"
large
until_ready "$project-large" 7102 >/dev/null
address=$(podman inspect -f '{{.NetworkSettings.IPAddress}}' "$project-large")
for _ in $(seq 600); do
    curl -s "http://$address:7102/readyz" >"$work/readyz"
    grep -q '"ready":false' "$work/readyz" && break
    sleep 0.1
done
grep 'SHA-256' "$work/readyz" | cut -c1-200 || fail 'a flipped byte was not found'
echo 'containers-test: all of it holds'

#!/usr/bin/env bash
# Builds every image from a clean tree and runs the suite as it will run: from the compose file, on a private network,
# read-only, without rights. Prints what it measures; any expectation that does not hold ends it.
#
# Everything it makes is its own and goes when it ends, however it ends; only the images stay, under
# listing-assist-test/, for the next build to start from. IMAGES=kept uses them as they are.
set -euo pipefail
self=$(readlink -f "$0")
cd "$(dirname "$self")/../.."
here=$PWD/Tests/Containers
failure='an unexpected one, see above'
fail() { failure=$*; exit 1; }
skip() { echo "containers-test: SKIPPED: $*; nothing was run in a container" >&2; exit 0; }
step() { echo "== $* ($SECONDS s)"; }
command -v podman >/dev/null || skip 'podman is not installed'
podman info >/dev/null 2>&1 || skip 'podman does not work here; podman info says why'
[ "$(id -u)" = 0 ] || skip 'it needs root, to look into images and to reach containers by their addresses'
# Without systemd there is no timer for health checks; the test asks for each itself.
[ -d /run/systemd/system ] || export DISABLE_HC_SYSTEMD=true

tag=listing-assist-test project=listing-assist-test
services='price category-title tags violations'
declare -A program=([price]=price-service [category-title]=category-title-service [tags]=tag-service
    [violations]=violation-service)
declare -A rpc=([price]=7101 [category-title]=7103 [tags]=7105 [violations]=7107)
declare -A ask=([price]=SuggestPrice [category-title]=SuggestCategories [tags]=SuggestTags
    [violations]=DetectViolations)

# One run at a time: they share names. The lock is not for the containers that are started to inherit.
if [ -z "${CONTAINERS_TEST_HAS_LOCK:-}" ]; then
    lock=${TMPDIR:-/tmp}/$project.lock
    flock --nonblock "$lock" true || echo 'containers-test: waits for another run to end' >&2
    CONTAINERS_TEST_HAS_LOCK=yes exec flock --close "$lock" "$self"
fi
work=$(mktemp -d)
ours() { podman ps -aq --filter "label=com.docker.compose.project=$project"; podman ps -aq --filter "name=^$project-"; }
clear_up() {
    ours | sort -u | xargs -r podman rm -f -i -t 0 >/dev/null 2>&1 || true
    podman network rm -f "${project}_suggestions" "${project}_apart" >/dev/null 2>&1 || true
    podman volume rm -f "${project}_models" "${project}_data" >/dev/null 2>&1 || true
}
finish() {
    [ "$1" = 0 ] || for id in $(ours); do
        podman logs --tail 5 "$id" 2>&1 | sed "s/^/   $(podman inspect -f '{{.Name}}' "$id"): /" | cut -c1-300 >&2 || true
    done
    clear_up
    rm -rf "$work"
    # Last, after the logs.
    [ "$1" = 0 ] || echo "containers-test: FAILED after $SECONDS s: $failure" >&2
}
trap 'finish $?' EXIT
trap 'exit 130' INT TERM HUP
clear_up
if ! command -v podman-compose >/dev/null; then
    python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q podman-compose ||
        skip 'podman-compose is missing and cannot be fetched'
    PATH=$work/venv/bin:$PATH
fi
mkdir "$work/tree"
git archive HEAD | tar -x -C "$work/tree"
for service in $services; do
    variable=${service^^}
    echo "${variable//-/_}_IMAGE=$tag/${program[$service]}"
done >"$work/tree/docker/.env"
echo "TRAINER_IMAGE=$tag/trainer" >>"$work/tree/docker/.env"
export COMPOSE_PROJECT_NAME=$project
compose() { podman-compose --in-pod=false --env-file "$work/tree/docker/.env" -f "$work/tree/docker/compose.yaml" "$@"; }
locked=(--read-only --cap-drop=all --security-opt=no-new-privileges)

. "$here/images.sh"
if [ "${IMAGES:-}" != kept ]; then
    step 'images'
    build_images
fi
step 'what is in an image'
for service in $services; do check_image "${program[$service]}" 60; done
check_image trainer 130

step 'train, in the trainer'
trainer() { podman run --rm "${locked[@]}" --tmpfs /tmp --network "${project}_suggestions" \
    -v "${project}_models:/models" -v "${project}_data:/data" "$tag/trainer" "$@"; }
compose --profile offline run --rm trainer synthesize --count 5000 --seed 7 /data/listings.tsv
trainer import /data/listings.tsv --store /data/listings.store --rejects /data/rejects.tsv
for task in $services; do trainer train "$task" --store /data/listings.store --models /models >/dev/null; done
trainer train price --store /data/listings.store --models /models --seed 2 --version second >/dev/null
trainer models list --models /models
first=$(trainer models history price --models /models --alias champion --json |
    python3 -c 'import json, sys; print(json.load(sys.stdin)[-1]["to"])')

# The one that runs now, and the newest where a release is under way.
container() { podman ps -q --filter "label=com.docker.compose.project=$project" \
    --filter "label=com.docker.compose.service=$1" | head -1; }
address() { podman inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$(container "$1")"; }
pid() { podman inspect -f '{{.State.Pid}}' "$(container "$1")" 2>/dev/null || echo 0; }
readyz() { curl -s --max-time 1 "http://$(address "$1"):$((rpc[$1] + 1))/readyz"; }
# Seconds from the container's start, as the engine has it, to the first answer that it is ready.
until_ready() { python3 "$here/until_ready.py" "$1" "$2"; }

# logged CONTAINER TEXT TENTHS: waits for a line with TEXT; what was logged is in $work/log.
logged() {
    for _ in $(seq "$3"); do
        podman logs "$1" >"$work/log" 2>&1
        ! grep -q "$2" "$work/log" || return 0
        sleep 0.1
    done
    return 1
}

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
    limits=$(podman inspect -f '{{.HostConfig.Memory}} {{.HostConfig.ReadonlyRootfs}}' "$(container "$service")")
    [ "$limits" = '268435456 true' ] || fail "$service: memory and read-only root are $limits"
    grep -q ' /models .* ro,\|/models ro,' "/proc/$(pid "$service")/mountinfo" || fail "$service: /models is not read-only"
    # Through the container's own view of its files, as a user who could write them otherwise.
    for folder in /models /models/$service / /usr/local/bin; do
        ! touch "/proc/$(pid "$service")/root$folder/x" 2>/dev/null || fail "$service can write $folder"
    done
done
refused=$(podman run --rm --read-only -v "${project}_models:/models:ro" "$tag/trainer" models promote price \
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
# load SECONDS [OPTION ...]: in another container, while the test goes on.
load() { podman run -d --name "$project-load" "${locked[@]}" --network "${project}_suggestions" \
    -v "${project}_data:/data:ro" "$tag/trainer" load SuggestPrice --file /data/listings.tsv --count 500 \
    --address price:7101 --rate 300 --connections 2 --warm-up 0.5 --duration "$1" --json "${@:2}" >/dev/null; }
loaded() { podman wait "$project-load" >/dev/null; podman logs "$project-load"; podman rm "$project-load" >/dev/null; }
all_answered() {
    loaded >"$work/load.json"
    python3 - "$work/load.json" >"$work/load.txt" 2>&1 <<'PYTHON' || fail "requests failed: $(cat "$work/load.txt")"
import json, sys
report = json.load(open(sys.argv[1]))
print(report["codes"], "p99", round(report["accepted"]["p99"], 2), "ms; longest", round(report["accepted"]["max"]),
      "ms; the caller was held up for", round(report["latest_send"]), "ms at most")
if set(report["codes"]) != {"OK"}: sys.exit(report["first_failure"])
PYTHON
    cat "$work/load.txt"
}

step 'swap a model and roll it back, under load'
load 12; sleep 2
trainer models promote price second --models /models --by test --why 'another seed'
serves second
trainer models rollback price --models /models --by test --why 'back again'
serves "$first"
all_answered
trainer models history price --models /models

step 'callers, then the service, stand still for a second, under load'
# stand_still PROCESS
stand_still() {
    [ "$1" -gt 0 ] || fail 'it does not run'
    kill -STOP "$1"; sleep 1; kill -CONT "$1"
}
load 6; sleep 3
stand_still "$(podman inspect -f '{{.State.Pid}}' "$project-load")"; sleep 1
stand_still "$(pid price)"
all_answered
python3 - "$work/load.json" <<'PYTHON' || fail 'one of them did not stand still'
import json, sys
report = json.load(open(sys.argv[1]))
sys.exit(report["latest_send"] < 900 or report["accepted"]["max"] < 900)
PYTHON

step 'kill a service in mid-load'
load 4; sleep 1
before=$(pid price)
[ "$before" -gt 0 ] || fail 'price does not run'
kill -9 "$before"
for _ in $(seq 200); do
    [ "$(pid price)" != "$before" ] && readyz price | grep '"ready":true' >/dev/null && break
    sleep 0.05
done
readyz price | grep '"ready":true' >/dev/null || fail 'price did not come back'
echo 'price came back, ready'
loaded >/dev/null

step 'a crash leaves a backtrace'
crashed=$(container price) faulty=$(pid price)
[ "$faulty" -gt 0 ] || fail 'price does not run'
kill -SEGV "$faulty"
logged "$crashed" 'Backtrace took' 200 || fail 'a crash leaves no backtrace'
grep -m1 'crashed:' "$work/log"
# Frames have the names of their functions, whichever library of the program's they are in.
for name in _dispatch_mgr_invoke 'SelectableEventLoop.run()'; do
    grep -m1 -F " $name" "$work/log" | cut -c1-150 || fail "the backtrace does not name $name"
done
# One that comes from outside does not come again when the handler returns, as that of a fault does; it is sent again.
[ "$(pid price)" != "$faulty" ] || kill -SEGV "$faulty" 2>/dev/null || true
for _ in $(seq 300); do [ "$(pid price)" != "$faulty" ] && [ "$(pid price)" != 0 ] && break; sleep 0.1; done
[ -n "$(container price)" ] || fail 'price did not come back'
until_ready "$(container price)" 7102 >/dev/null

# refuses SERVICE MODELS WORD: started with them, it is not ready, and says a line with WORD on /readyz and in its log.
refuses() {
    local name=$project-other address
    podman run -d --name "$name" "${locked[@]}" -v "$2:/models:ro" -e "LISTING_ASSIST_MODEL=/models/$1/champion" \
        "$tag/${program[$1]}" >/dev/null
    logged "$name" 'model refused' 100 || fail "$1 does not refuse it"
    grep 'model refused' "$work/log" | grep -qi "$3" || fail "$1: the log does not say why"
    address=$(podman inspect -f '{{.NetworkSettings.IPAddress}}' "$name")
    curl -s "http://$address:$((rpc[$1] + 1))/readyz" | grep '"ready":false' | grep -i "$3" | cut -c1-200 ||
        fail "$1: /readyz does not say why"
    ! podman exec "$name" /usr/local/bin/service --health >/dev/null || fail "$1: the health check says all is well"
    podman rm -f -t 0 "$name" >/dev/null
}
models=$(podman volume inspect -f '{{.Mountpoint}}' "${project}_models")

step 'bundles for another dictionary, and of a later format'
for what in dictionary format; do
    cp -r "$models" "$work/$what"
    for service in $services; do
        python3 "$here/alter_bundle.py" "$what" "$work/$what/$service/$(cat "$work/$what/$service/champion")"
        refuses "$service" "$work/$what" "$what"
    done
    rm -rf "${work:?}/$what"
done

step 'a bundle of 2 GB'
cp -r "$models" "$work/large"
python3 "$here/alter_bundle.py" enlarge "$work/large/price/$first"
large() { podman run -d --name "$project-large" --read-only --memory 256m -v "$work/large:/models:ro" \
    -e LISTING_ASSIST_MODEL=/models/price/champion "$tag/price-service" >/dev/null; }
large
seconds=$(until_ready "$project-large" 7102)
anonymous=$(awk '/^RssAnon/ { print int($2 / 1000) }' "/proc/$(podman inspect -f '{{.State.Pid}}' "$project-large")/status")
echo "ready after $seconds s, anonymous memory $anonymous MB"
python3 -c "import sys; sys.exit($seconds >= 2 or $anonymous >= 150)" || fail 'too slow or too large'
logged "$project-large" 'large files verified' 600 || fail 'its digest was not checked'
grep -m1 -o '.*large files verified.*' "$work/log" | cut -c1-250
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
podman rm -f -t 0 "$project-large" >/dev/null
rm -rf "$work/large"

step 'blue-green releases and their undoing, under load'
release() { ENGINE=podman COMPOSE='podman-compose --in-pod=false' PATIENCE=${patience:-60} \
    "$work/tree/docker/release.sh" price "$@"; }
image() { podman inspect -f '{{index .Config.Labels "org.opencontainers.image.version"}}' "$(container price)"; }
runs() { [ "$(image) $(version)" = "$1 $2" ] || fail "price runs code $(image), model $(version), not $1, $2"; }
cp -r "$models" "$work/models-2"
podman run --rm -v "$work/models-2:/models" --user 0 "$tag/trainer" models promote price second --models /models --why new >/dev/null
cp -r "$work/models-2" "$work/models-3"
python3 "$here/alter_bundle.py" format "$work/models-3/price/second"
load 110 --balanced; sleep 1
release --models "$work/models-2"
runs unknown second
release --image "$tag/price-service:next"
runs next second
release --back
runs unknown second
release --image "$tag/price-service:next" --models models
runs next "$first"
release --back
runs unknown second
before=$(container price)
! patience=5 release --models "$work/models-3" >"$work/refusal" 2>&1 || fail 'a bundle of a later format was released'
grep -m1 'format' "$work/refusal" | cut -c1-200 || fail "the refusal does not speak of the format: $(cat "$work/refusal")"
[ "$(container price)" = "$before" ] || fail 'the old container was replaced by one that is not ready'
runs unknown second
others=$(podman ps -aq --filter "label=com.docker.compose.project=$project" --filter label=com.docker.compose.service=price)
[ "$(wc -l <<<"$others")" = 1 ] || fail 'a refused container stays'
all_answered

echo "containers-test: all of it holds ($SECONDS s)"

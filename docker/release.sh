#!/usr/bin/env bash
# Releases one service of the compose suite, blue to green, without a dropped request:
#
#   docker/release.sh price --image listing-assist/price-service:1.4    new code, the model as it is
#   docker/release.sh price --models /srv/models-31                     a new models folder, the code as it is
#   docker/release.sh price --back                                      what ran before the last release
#   docker/release.sh price --status
#
# The new container is made beside the old one and started on a network of its own: no caller reaches it until it has
# loaded its model and says that it is ready. One that does not is removed, with its reason; nothing has changed then. One
# that does joins the callers' network; when they have had time to look the name up again (OVERLAP, 15 seconds: more than the
# 10 between a caller's look-ups) the old one is told to end, and answers what it has. What is live is kept in
# docker/.env, which compose reads.
#
# SERVICE is a service of the compose file. ENGINE (docker or podman), COMPOSE (its compose command) and
# COMPOSE_PROJECT_NAME may be set; PATIENCE is how many seconds the new container gets to become ready.
set -euo pipefail
self=$(readlink -f "$0")
cd "$(dirname "$self")"
usage() { sed -n '/^#   docker/s/^# //p' "$self" >&2; exit 2; }
fail() { echo "release: $*" >&2; exit 1; }

# One release at a time, as they share the file. The lock is not for the containers that are started to inherit.
if [ -z "${RELEASE_HAS_LOCK:-}" ] && [ "${2:-}" != --status ]; then
    status=0
    RELEASE_HAS_LOCK=yes flock --nonblock --close --conflict-exit-code 75 .release.lock "$self" "$@" || status=$?
    [ $status != 75 ] || fail 'another release is under way'
    exit $status
fi

service=${1:-} && shift || usage
export COMPOSE_PROJECT_NAME=${COMPOSE_PROJECT_NAME:-listing-assist}
engine=${ENGINE:-$(command -v docker >/dev/null && echo docker || echo podman)}
read -ra compose <<<"${COMPOSE:-$([ "$engine" = docker ] && echo 'docker compose' || echo 'podman-compose --in-pod=false')}"
network=${COMPOSE_PROJECT_NAME}_suggestions apart=${COMPOSE_PROJECT_NAME}_apart
state=.env variable=${service^^} variable=${variable//-/_}
patience=${PATIENCE:-60} overlap=${OVERLAP:-15}
case $service in price | category-title | tags | violations) ;; *) usage ;; esac

compose() { "${compose[@]}" --env-file "$1" -f compose.yaml "${@:2}"; }
# The service's containers, oldest first.
containers() {
    "$engine" ps "$@" -q --no-trunc --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" \
        --filter "label=com.docker.compose.service=$service" --format '{{.ID}}' |
        while read -r id; do "$engine" inspect -f '{{.Created}} {{.Id}}' "$id"; done | sort | sed 's/.* //'
}
is_reached() { "$engine" inspect -f '{{json .NetworkSettings.Networks}}' "$1" | grep -q "\"$network\""; }
is_running() { [ "$("$engine" inspect -f '{{.State.Running}}' "$1")" = true ]; }
# It answers what it has, for as long as compose.yaml grants.
end() { "$engine" stop -t 15 "$1" >/dev/null 2>&1 || true; "$engine" rm -f "$1" >/dev/null; }
value() { sed -n "s/^${variable}_$1=//p" "$state" 2>/dev/null | tail -1; }
image=$(value IMAGE) models=$(value MODELS) image_before=$(value IMAGE_BEFORE) models_before=$(value MODELS_BEFORE)

next_image=$image next_models=$models
while [ $# -gt 0 ]; do
    case $1 in
        --image) next_image=${2:-} && [ "$next_image" ] || usage; shift 2 ;;
        --models) next_models=${2:-} && [ "$next_models" ] || usage; shift 2 ;;
        --back)
            grep -qs "^${variable}_IMAGE_BEFORE=" "$state" || fail "nothing was released before: $PWD/$state says nothing"
            next_image=$image_before next_models=$models_before
            shift ;;
        --status)
            echo "image ${image:-as in compose.yaml}, models ${models:-the volume}"
            echo "before: image ${image_before:-as in compose.yaml}, models ${models_before:-the volume}"
            for id in $(containers); do "$engine" exec "$id" /usr/local/bin/service --health || true; done
            exit 0 ;;
        *) usage ;;
    esac
done
[ "$next_image/$next_models" != "$image/$models" ] || fail "that is what runs; give --image, --models or --back"
[ -z "$next_image" ] || "$engine" image inspect "$next_image" >/dev/null 2>&1 ||
    fail "there is no image $next_image here; build or pull it"
case $next_models in
    '' | models) ;;
    *[\$\#:\"\'\ ]*) fail "--models: compose cannot read the path $next_models" ;;
    /*) [ -d "$next_models/$service" ] || fail "$next_models has no folder $service; fill it with listing-assist models publish" ;;
    *) fail "--models takes an absolute path, or models for the suite's own volume" ;;
esac

# Where an earlier release was cut short there are two: the newest that callers reach is the live one.
live=
for id in $(containers -a | tac); do
    if [ -z "$live" ] && is_running "$id" && is_reached "$id"; then live=$id; else end "$id"; fi
done
[ "$live" ] || fail "$service does not run; start it with compose up -d"

{
    grep -v "^${variable}_" "$state" 2>/dev/null || true
    printf "${variable}_%s=%s\n" IMAGE "$next_image" MODELS "$next_models" IMAGE_BEFORE "$image" MODELS_BEFORE "$models"
} >"$state.$service"
green=
finish() {
    rm -f "$state.$service" "$state.log"
    [ -z "$green" ] || "$engine" rm -f "$green" >/dev/null 2>&1 || true
    "$engine" network rm "$apart" >/dev/null 2>&1 || true
}
trap finish EXIT
compose "$state.$service" up --no-start --no-deps --no-recreate --no-build --scale "$service=2" "$service" >"$state.log" 2>&1 || true
green=$(containers -a | grep -v "$live" || true)
[ "$green" ] || { tail -5 "$state.log" >&2; fail "compose made no second container of $service"; }
give_up() {
    "$engine" logs --tail 3 "$green" >&2 || true
    "$engine" exec "$green" /usr/local/bin/service --health >&2 || true
    fail "the new $service is not ready, and was removed; the old one serves as before"
}
# Without names: each change of a network with names has podman's name server begin anew, and one that is asked something
# just then may stay silent until the next change (seen with aardvark-dns 1.4.0).
"$engine" network inspect "$apart" >/dev/null 2>&1 ||
    "$engine" network create --internal $([ "$engine" != podman ] || echo --disable-dns) "$apart" >/dev/null
"$engine" network connect "$apart" "$green"
"$engine" network disconnect "$network" "$green"
"$engine" start "$green" >/dev/null || give_up
deadline=$((SECONDS + patience))
until "$engine" exec "$green" /usr/local/bin/service --health >/dev/null 2>&1; do
    [ $SECONDS -lt $deadline ] || give_up
    sleep 0.2
done
"$engine" network connect --alias "$service" "$network" "$green"
mv "$state.$service" "$state"
new=$green green=
"$engine" network disconnect "$apart" "$new" || true
echo "release: the new $service is ready and reached; the old one ends in $overlap s"
sleep "$overlap"
end "$live"
# Under the name that compose looks for.
name=$("$engine" inspect -f '{{.Name}}' "$new" | sed 's|^/||')
first=$(sed 's/[0-9]*$/1/' <<<"$name")
[ "$name" = "$first" ] || "$engine" rename "$new" "$first"
echo "release: $service runs image ${next_image:-as in compose.yaml}, models ${next_models:-the volume}"

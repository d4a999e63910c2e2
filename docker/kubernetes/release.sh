#!/usr/bin/env bash
# Releases one service of the cluster from blue to green, code, model, or both:
#
#   docker/kubernetes/release.sh price --image listing-assist/price-service:0.2.0   new code, the model as it is
#   docker/kubernetes/release.sh price --claim price-model-31                       a claim of a new model, the code as it is
#   docker/kubernetes/release.sh price --back                                       callers return to blue
#   docker/kubernetes/release.sh price --finish                                     blue becomes what green is; green ends
#
# The first two start green, a second deployment, and wait until its pods are ready; callers are sent there then, and not
# before. Blue goes on running until --finish, so that --back takes as long as callers need to look the name up. What is
# decided is written to services/SERVICE/release/kustomization.yaml, which belongs into version control: `kubectl apply -k`
# of the suite says the same as this script did.
#
# NAMESPACE, OVERLAP (seconds that callers get to look the name up again) and PATIENCE may be set. DRY_RUN=yes prints what
# would be asked of the cluster.
set -euo pipefail
self=$(readlink -f "$0")
cd "$(dirname "$self")"
usage() { sed -n '/^#   docker/s/^# //p' "$self" >&2; exit 2; }
fail() { echo "release: $*" >&2; exit 1; }

service=${1:-} && shift || usage
namespace=${NAMESPACE:-listing-assist} overlap=${OVERLAP:-15} patience=${PATIENCE:-120s}
folder=services/$service file=services/$service/release/kustomization.yaml
[ -f "$file" ] || usage

cluster() { if [ "${DRY_RUN:-}" ]; then echo "kubectl -n $namespace $*"; else kubectl -n "$namespace" "$@"; fi; }
wait_for_callers() { [ "${DRY_RUN:-}" ] || sleep "$overlap"; }
said() { sed -n "s/^# $1: //p" "$file"; }

# What a deployment runs: patch NAME IMAGE CLAIM
patch() {
    printf '  - target: {kind: Deployment, name: %s}\n    patch: |-\n' "$1"
    printf '      - {op: replace, path: /spec/template/spec/containers/0/image, value: "%s"}\n' "$2"
    [ -z "$3" ] || printf \
        '      - {op: replace, path: /spec/template/spec/volumes/0/persistentVolumeClaim/claimName, value: "%s"}\n' "$3"
}
# Writes what is decided, and applies it.
decide() {
    {
        echo '# Which image and claim run, and which slot callers reach. Written by docker/kubernetes/release.sh.'
        printf '# %s: %s\n' slot "$slot" blue-image "$blue_image" blue-claim "$blue_claim"
        [ "$slot" = none ] || printf '# %s: %s\n' replicas "$replicas" green-image "$green_image" green-claim "$green_claim"
        printf 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\n'
        [ "$slot" = none ] || echo 'components: [../../../components/blue-green]'
        echo 'patches:'
        patch service "$blue_image" "$blue_claim"
        [ "$slot" = none ] || patch green "$green_image" "$green_claim"
        [ "$slot" = none ] || echo "      - {op: replace, path: /spec/replicas, value: $replicas}"
        [ "$slot" != green ] || printf '  - target: {kind: Service}\n    patch: |-\n      - %s\n' \
            '{op: replace, path: /spec/selector/listing-assist~1slot, value: green}'
    } >"$file.new"
    mv "$file.new" "$file"
    cluster apply -k "$folder" || fail "not applied; run: kubectl apply -k $folder"
}
slot=$(said slot) blue_image=$(said blue-image) blue_claim=$(said blue-claim)
green_image=$(said green-image) green_claim=$(said green-claim) replicas=$(said replicas)

# Blue, which scaled itself down while it had nothing to do, gets as many pods as green has.
fill_blue() {
    cluster scale "deployment/$service-service" --replicas="$replicas"
    cluster rollout status "deployment/$service-service" --timeout="$patience" || fail 'blue is not ready; callers are where they were'
}

case ${1:-} in
    --image | --claim)
        [ "$slot" = none ] || fail "a release of $service is under way: --finish it; or --back, then --finish"
        green_image=$blue_image green_claim=$blue_claim
        while [ $# -gt 0 ]; do
            [ "${2:-}" ] || usage
            case $1 in
                --image) green_image=$2 ;;
                --claim) green_claim=$2 ;;
                *) usage ;;
            esac
            shift 2
        done
        # As many pods as blue has now.
        replicas=2
        [ "${DRY_RUN:-}" ] ||
            replicas=$(cluster get deployment "$service-service" -o 'jsonpath={.spec.replicas}')
        slot=stable && decide
        cluster rollout status "deployment/$service-green" --timeout="$patience" ||
            fail "green is not ready, callers were not sent there: kubectl -n $namespace logs deployment/$service-green; --finish removes it"
        slot=green && decide
        ;;
    --back)
        [ "$slot" = green ] || fail "callers of $service are not at green"
        fill_blue
        slot=stable && decide
        ;;
    --finish)
        case $slot in
            green)
                # Callers stay at green until blue is the same.
                blue_image=$green_image blue_claim=$green_claim && decide
                fill_blue
                slot=stable && decide
                ;;
            stable) ;;
            *) fail "no release of $service is under way" ;;
        esac
        # Those that are still at green look the name up again before it ends.
        wait_for_callers
        slot=none && decide
        cluster delete deployment "$service-green" --ignore-not-found
        ;;
    *) usage ;;
esac

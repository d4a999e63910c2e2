#!/usr/bin/env bash
# Builds the Kubernetes suite and each component with kustomize, and lets the checkers of others read the result. A
# checker that is missing is named, and what it would have checked is not.
set -euo pipefail
cd "$(dirname "$0")/../.."
manifests=$PWD/docker/kubernetes alerts=$PWD/Tests/Containers/alerts_test.yaml
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "kubernetes-test: $*" >&2; exit 1; }
skip() { echo "kubernetes-test: SKIPPED: $*" >&2; }

command -v kubectl >/dev/null || { skip 'needs kubectl'; exit 0; }
kubectl kustomize "$manifests/suite" >"$work/suite.yaml"
echo "suite: $(grep -c '^kind:' "$work/suite.yaml") objects"
for component in canary blue-green image-volume retraining; do
    # As an operator does it: in the service's own kustomization.
    cp -r "$manifests" "$work/$component"
    sed -i "s|^components: \[release\]|components: [release, ../../components/$component]|" \
        "$work/$component/services/price/kustomization.yaml"
    kubectl kustomize "$work/$component/services/price" >"$work/$component.yaml"
    echo "price with $component: $(grep -c '^kind:' "$work/$component.yaml") objects"
done

# What the components are for.
grep -q 'listing-assist/slot: canary' "$work/canary.yaml" || fail 'the canary has no pods'
grep -q 'claimName: price-canary-model' "$work/canary.yaml" || fail 'the canary has no model of its own'
[ "$(grep -c 'image: listing-assist/price-service:0.1.0' "$work/canary.yaml")" = 2 ] || fail 'the canary has no image'
cat >>"$work/canary/services/price/kustomization.yaml" <<'END'
  - target: {kind: Deployment, name: canary}
    patch: |-
      - {op: replace, path: /spec/template/spec/containers/0/image, value: "listing-assist/price-service:0.2.0"}
END
kubectl kustomize "$work/canary/services/price" >"$work/canary.yaml"
[ "$(grep -c 'image: listing-assist/price-service:0.[12].0' "$work/canary.yaml")" = 2 ] &&
    grep -q 'price-service:0.2.0' "$work/canary.yaml" || fail 'the canary cannot try another image'
grep -q 'reference: listing-assist/models' "$work/image-volume.yaml" || fail 'the model is no image'
! grep -q 'kind: PersistentVolumeClaim' "$work/image-volume.yaml" || fail 'an image volume needs no claim'
# The same pod in each slot, but for its name, size and model.
for slot in canary blue-green; do
    diff <(sed 's/claimName: [a-z-]*,/claimName: X,/; s/slot: [a-z]*/slot: X/; s/^  name: .*/  name: X/; /replicas:/d' \
        "$manifests/components/$slot/deployment.yaml") \
        <(sed 's/claimName: [a-z-]*,/claimName: X,/; s/slot: [a-z]*/slot: X/; s/^  name: .*/  name: X/' \
            "$manifests/base/deployment.yaml") || fail "the $slot deployment has drifted from the base"
done

# A release, step by step, as release.sh writes it: what would be asked of a cluster, and what that would be given.
cp -r "$manifests" "$work/release"
release() { (cd "$work" && DRY_RUN=yes "$work/release/release.sh" price "$@"); }
# expect LABEL SLOT BLUE-IMAGE GREEN-IMAGE BLUE-CLAIM GREEN-CLAIM
expect() {
    kubectl kustomize "$work/release/services/price" >"$work/release-$1.yaml"
    found=$(awk '/^kind:/ { kind = $2 } /^  name:/ { name = $2 } /^  selector:/ { inside = kind == "Service" }
        inside && /slot:/ { print "slot", $2 } kind == "Deployment" && / image:/ { print name, $NF }
        kind == "Deployment" && /claimName:/ { print name, $NF }' "$work/release-$1.yaml" | sort | xargs)
    [ "$found" = "$2" ] || fail "release, $1: $found"
}
old='price-service listing-assist/price-service:0.1.0 price-service price-model'
green='price-green listing-assist/price-service:0.2.0 price-green price-model-31'
new='price-service listing-assist/price-service:0.2.0 price-service price-model-31'
expect before "$old"
release --image listing-assist/price-service:0.2.0 --claim price-model-31 >"$work/asked"
[ "$(grep -n 'rollout status deployment/price-green' "$work/asked" | cut -d: -f1)" = 2 ] || fail 'green is not waited for'
expect released "$green $old slot green"
! release --claim price-model-32 2>/dev/null || fail 'a release begins while another is under way'
release --back >/dev/null
expect back "$green $old slot stable"
release --finish >/dev/null
expect undone "$old"
cmp "$work/release/services/price/release/kustomization.yaml" "$manifests/services/price/release/kustomization.yaml" ||
    fail 'a release that is taken back leaves something'
release --image listing-assist/price-service:0.2.0 --claim price-model-31 >/dev/null
release --finish >/dev/null
expect finished "$new"
echo 'release: released, taken back, finished'

python=${PYTHON:-python3}
if ! "$python" -c 'import kubernetes_validate, yaml' 2>/dev/null; then
    python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q kubernetes-validate PyYAML && python=$work/venv/bin/python
fi
if "$python" -c 'import kubernetes_validate, yaml' 2>/dev/null; then
    # Kinds of other projects have no schema in Kubernetes; kustomize has read them.
    "$python" - "$work" <<'END'
import pathlib, sys, yaml
work = pathlib.Path(sys.argv[1])
for path in sorted(work.glob("*.yaml")):
    objects = [o for o in yaml.safe_load_all(path.read_text()) if "monitoring.coreos.com" not in o["apiVersion"]]
    path.with_suffix(".own").write_text(yaml.safe_dump_all(objects))
rules = [o["spec"] for o in yaml.safe_load_all((work / "suite.yaml").read_text()) if o["kind"] == "PrometheusRule"]
(work / "rules").write_text(yaml.safe_dump(rules[0]))
END
    for built in "$work"/*.own; do
        "$python" -m kubernetes_validate --strict "$built" >"$work/log" 2>&1 || { cat "$work/log"; fail "$built"; }
    done
    echo 'kubernetes-validate: nothing wrong'
    if command -v promtool >/dev/null; then
        promtool check rules "$work/rules"
        cp "$alerts" "$work/alerts_test"
        promtool test rules "$work/alerts_test"
    else
        skip 'promtool is missing'
    fi
else
    skip 'kubernetes-validate and PyYAML are missing (pip install kubernetes-validate)'
fi

# Sourced by containers.sh: builds every image from the tree in $work/tree, and looks at what is in each.
# Wants: work, here, tag, services, program, fail, skip.

build_images() {
    local options swift=docker.io/library/swift:6.3-bookworm old
    options=(--format docker --build-arg "REVISION=$(git rev-parse HEAD)")
    podman image exists $swift || podman pull -q $swift >/dev/null 2>&1 || true
    if ! podman image exists $swift || [ "$(podman image inspect -f '{{index .Labels "stand-in"}}' $swift)" = true ]; then
        "$here/stand-ins.sh" >"$work/mounts" || skip 'no registry gives the base images, and no stand-ins can be made'
        mapfile -t mounts <"$work/mounts"
        options+=("${mounts[@]}" --network host)
    fi
    old=$(podman images -q --no-trunc "$tag/*" | sort -u)
    # build TARGET PROGRAM NAME
    build() { podman build "${options[@]}" --target "$1" --build-arg "PRODUCT=$2" -t "$tag/$3" \
        -f "$work/tree/docker/Dockerfile" "$work/tree" >"$work/build.log" 2>&1 ||
        { tail -50 "$work/build.log" >&2; fail "$3 was not built"; }; }
    build trainer listing-assist trainer
    for service in $services; do build service "${program[$service]}" "${program[$service]}"; done
    # What a release of the price service's code is tried with.
    printf 'FROM %s\nLABEL org.opencontainers.image.version=next\n' "localhost/$tag/price-service" |
        podman build -q --format docker -t "$tag/price-service:next" - >/dev/null
    # The new ones stay, for the next build to start from; those they replaced go.
    for image in $old; do
        podman images -q --no-trunc "$tag/*" | grep "$image" >/dev/null || podman rmi "$image" >/dev/null 2>&1 || true
    done
}

# check_image NAME MEGABYTES
check_image() {
    local image=$tag/$1 mounted size found
    size=$(podman image inspect -f '{{.Size}}' "$image")
    mounted=$(podman image mount "$image")
    echo "$1: $(awk "BEGIN { print $size / 1e6 }") MB in all, nothing under it:" \
        "$(cd "$mounted" && find . -type f -size +1000k -printf '%s %f\n' | sort -rn |
            awk '{ printf "%s%s %.1f", (NR == 1 ? "" : ", "), $2, $1 / 1e6 }')"
    [ "$size" -lt $(($2 * 1000000)) ] || fail "$image has grown over $2 MB"
    for name in sh bash dash ash busybox apt apt-get dpkg gcc cc clang swift swiftc ld as python3 perl; do
        found=$(find "$mounted" -name "$name" \( -type f -o -type l \))
        [ -z "$found" ] || fail "$image holds $found"
    done
    for folder in var/lib/apt var/lib/dpkg var/cache; do
        [ ! -e "$mounted/$folder" ] || fail "$image holds /$folder"
    done
    found=$(find "$mounted" ! -type l -uid 0 -perm /0022)
    [ -z "$found" ] || fail "$image: others than root can write $found"
    found=$(cd "$mounted" && find . ! -uid 0 -printf '%u %y %P\n' | sort | xargs)
    [ "$found" = '65532 d data 65532 d models 65532 d tmp' ] || fail "$image: not root's are $found"
    # A crash names these.
    found=$(nm "$mounted/usr/local/bin/service" 2>/dev/null | grep -cE '(Suggesters|ServiceHost|ModelBundles|3RPC)' || true)
    [ "$found" -gt 500 ] || fail "$image: $found functions of this package have names"
    podman image unmount "$image" >/dev/null
    [ "$(podman image inspect -f '{{.Config.User}}' "$image")" = 65532:65532 ] || fail "$image does not run as 65532"
}

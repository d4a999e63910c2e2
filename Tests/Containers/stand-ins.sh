#!/usr/bin/env bash
# For a machine that reaches no image registry: makes what the Dockerfile starts from out of Debian packages and the
# Swift toolchain of this machine, and prints the options that `podman build` then needs, one a line.
set -euo pipefail
command -v mmdebstrap >/dev/null || { echo 'stand-ins.sh: needs mmdebstrap' >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
toolchain=$(dirname "$(dirname "$(dirname "$(readlink -f "$(command -v swift)")")")")

if ! podman image exists docker.io/library/debian:bookworm-slim; then
    mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$work/base.tar"
    podman import -q "$work/base.tar" docker.io/library/debian:bookworm-slim >&2
fi
if ! podman image exists docker.io/library/swift:6.3-bookworm; then
    # The toolchain itself is mounted into the build.
    cat >"$work/Dockerfile" <<END
FROM docker.io/library/debian:bookworm-slim
LABEL stand-in=true
RUN apt-get update -q && apt-get install -y -q --no-install-recommends binutils git gnupg2 libc6-dev \
    libcurl4-openssl-dev libedit2 libgcc-12-dev libncurses6 libpython3.11 libsqlite3-0 libstdc++-12-dev libxml2-dev \
    libz3-dev pkg-config tzdata zlib1g-dev
ENV PATH=$toolchain/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN git config --system safe.directory '*'
$(git config --get-regexp '^url\./.*\.insteadof$' | while read -r key value; do
        printf "RUN git config --system --add '%s' '%s'\n" "$key" "$value"
    done)
END
    podman build -q --network host -t docker.io/library/swift:6.3-bookworm "$work" >&2
fi
# With a layer over it, as the build makes a library of the toolchain smaller.
printf -- '--volume\n%s:%s:O\n' "$toolchain" "$toolchain"
# Copies of packages that git reads in place of their addresses.
git config --get-regexp '^url\./.*\.insteadof$' | sed 's/^url\.\(.*\)\.insteadof .*/\1/' | sort -u |
    while read -r folder; do printf -- '--volume\n%s:%s:ro\n' "${folder%/}" "${folder%/}"; done

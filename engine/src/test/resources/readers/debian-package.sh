#!/bin/sh
# debian-package.sh DIR PACKAGE: unpacks a Debian package, and those it needs and the system lacks, into DIR/root. Needs no
# root. Packages come from the mirrors the system knows; apt checks them against the signed lists.
set -eu
target=$1 package=$2

if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
    echo "$package is taken from Debian's packages, and apt-get or dpkg is missing" >&2
    exit 3
fi
mkdir -p "$(dirname "$target")"
work=$(mktemp -d "$(dirname "$target")/.install-XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work"

own_lists() {
    mkdir -p lists/partial cache/archives/partial
    echo "Dir::State::lists \"$work/lists\"; Dir::Cache \"$work/cache\"; APT::Sandbox::User \"\";" >apt.conf
    export APT_CONFIG="$work/apt.conf"
    apt-get -qq update
}

needs() {
    apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
        "$package" | grep '^[a-z0-9]' | grep -v ":" | sort -u
}

is_installed() {
    dpkg-query -W -f '${Status}\n' "$1" 2>/dev/null | grep -q 'ok installed'
}

download() {
    missing=$package
    for each in $(needs); do
        case $each in
        "$package" | libc6 | gcc-*-base) ;;
        *) is_installed "$each" || missing="$missing $each" ;;
        esac
    done
    # shellcheck disable=SC2086 # a list
    apt-get -qq -o APT::Sandbox::User= download $missing
}

# Lists that are absent or too old for the mirror are fetched anew, for this call alone.
apt-cache show "$package" >/dev/null 2>&1 && download || { own_lists && download; }

for each in ./*.deb; do
    dpkg -x "$each" root
done
rm -rf ./*.deb lists cache apt.conf
chmod 755 .
rm -rf "$target"
mv "$work" "$target"
trap - EXIT

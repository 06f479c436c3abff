#!/usr/bin/env bash
# Runs every test: the engine without a window, the same bits on an emulated processor without FMA
# and AVX, and the window, driven by label and once for real under a virtual display.
# On Debian and Ubuntu it installs what the window's tests need, or says what to install.
set -euo pipefail
cd "$(dirname "$0")/.."

packages=(xvfb xauth x11-utils openbox libgl1 libegl1 libgl1-mesa-dri libxkbcommon-x11-0
    libx11-xcb1 libxcursor1 libxi6 libxrandr2 qemu-user)
missing=()
if command -v dpkg-query >/dev/null; then
    for package in "${packages[@]}"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
else
    echo "This is not Debian or Ubuntu; the tests need these, by whatever name: ${packages[*]}" >&2
fi
if [ ${#missing[@]} -gt 0 ]; then
    as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    echo "Installing ${missing[*]}"
    if ! "${as_root[@]}" apt-get update -q || ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "${missing[@]}"; then
        echo "Please install these packages, then run this again: ${missing[*]}" >&2
        exit 1
    fi
fi

step() { printf '\n== %s\n' "$*"; }

step "The engine and the command line, without the window"
cargo test --no-default-features

if [ "$(uname -m)" = x86_64 ] && command -v qemu-x86_64 >/dev/null; then
    step "The same bits on a processor without FMA and AVX"
    CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER="qemu-x86_64 -cpu Nehalem" \
        cargo test --no-default-features --test processors
    CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUNNER="qemu-x86_64 -cpu Nehalem" \
        cargo test --no-default-features --test replay for_ever
fi

step "The window"
cargo test --features window-tests --lib --bins --test window --test views --test window_smoke

#!/usr/bin/env bash
# Makes a machine ready: Debian packages, a private Python environment, the open assets.
# Safe to repeat; when everything is there it takes a second and needs no network.
#   tools/setup.sh            what the generator needs
#   tools/setup.sh --lint     and the formatters and linters
#   tools/setup.sh --python   and what the Python module and its tests need
#   tools/setup.sh --fuzz     and the compiler with which the readers of files are fuzzed
#   tools/setup.sh --browser  and a browser and what builds web/page.html, to change and test the page
#   tools/setup.sh --torch    and libtorch (545 MB), for training and the tests of learn/
#   tools/setup.sh --cuda     and the CUDA compiler (350 MB), to see that the renderer compiles for it
set -euo pipefail
cd "$(dirname "$0")/.."
wants() { [[ " $options " == *" --$1 "* ]]; }
options=$*

packages=(
    g++ cmake ninja-build ccache mold pkg-config
    libarchive-dev libcli11-dev libcpp-httplib-dev libeigen3-dev libembree-dev libfmt-dev libgmock-dev libgmp-dev
    libgtest-dev libopenexr-dev libosd-dev libpng-dev libssl-dev libtbb-dev libtinygltf-dev
    libtomlplusplus-dev libturbojpeg0-dev libwebp-dev libzip-dev nlohmann-json3-dev zlib1g-dev
)
wants lint && packages+=(clang-format-19 clang-tidy-19)
wants fuzz && packages+=(clang-19 libclang-rt-19-dev)
if wants browser; then
    packages+=(chromium fonts-dejavu-core)
    command -v npm >/dev/null || packages+=(npm)
fi
command -v python3 >/dev/null || packages+=(python3)
python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
if wants python && ! python3 -c '
import os, sysconfig
raise SystemExit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' 2>/dev/null; then
    packages+=(python3-dev)
fi
# npm fetches four of the asset packages; once they are cached it is not needed.
if ! command -v npm >/dev/null && [ ! -e build/assets/assets.json ]; then packages+=(npm); fi

missing=()
for package in "${packages[@]}"; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
    install="apt-get install -y --no-install-recommends ${missing[*]}"
    if ! command -v apt-get >/dev/null; then
        echo "setup: these Debian packages are missing and there is no apt-get here: ${missing[*]}" >&2
        exit 1
    elif [ "$(id -u)" = 0 ]; then
        echo "setup: installing ${#missing[@]} Debian packages: ${missing[*]}"
        log=$(mktemp)
        export DEBIAN_FRONTEND=noninteractive
        if ! { apt-get update && $install; } >"$log" 2>&1; then
            tail -n 15 "$log" >&2
            echo "setup: apt-get failed; the whole log is in $log" >&2
            exit 1
        fi
        rm -f "$log"
    else
        echo "setup: ${#missing[@]} Debian packages are missing. Install them, then run this again:" >&2
        echo "  sudo apt-get update && sudo $install" >&2
        exit 1
    fi
fi

# A private Python with pinned packages: numpy and Pillow build the assets and check results in
# tests, scipy reads and writes hand files there, an independent mesh library checks the measures.
requirements=(tools/assets/requirements.txt tests/requirements.txt tests/parity/requirements.txt)
wants python && requirements+=(python/requirements.txt)
# What is there beyond them stays.
wanted=$(cat "${requirements[@]}")
if [ "$(head -c ${#wanted} build/venv/requirements.txt 2>/dev/null)" != "$wanted" ]; then
    echo "setup: installing Python packages: $(cat "${requirements[@]}" | grep -oE '^[A-Za-z0-9-]+==[0-9.]+' | tr '\n' ' ')"
    mkdir -p build
    rm -rf build/venv
    python3 -m venv build/venv
    build/venv/bin/python -m pip install --quiet --disable-pip-version-check \
        --require-hashes "${requirements[@]/#/--requirement=}"
    cat "${requirements[@]}" > build/venv/requirements.txt
fi
build/venv/bin/python tools/assets/build_assets.py --out build/assets
if [ "${1:-}" = --browser ]; then
    npm ci --prefix web --no-audit --no-fund
fi

# libtorch, apart from every Python: its CPU libraries and headers are all that is used.
if wants torch && ! cmp -s tools/torch/requirements.txt build/torch/requirements.txt; then
    echo "setup: fetching libtorch (545 MB): $(grep -oE '^[a-z-]+==[0-9.]+' tools/torch/requirements.txt | tr '\n' ' ')"
    rm -rf build/torch
    build/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-compile --require-hashes --target build/torch --requirement tools/torch/requirements.txt
    rm -f build/torch/torch/lib/libtorch_{cuda,python}*.so build/torch/torch/lib/libc10_cuda.so
    cp tools/torch/requirements.txt build/torch/requirements.txt
fi

if wants cuda && ! cmp -s tools/cuda/requirements.txt build/cuda/requirements.txt; then
    echo "setup: fetching the CUDA compiler (350 MB)"
    rm -rf build/cuda
    build/venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-compile --require-hashes --target build/cuda --requirement tools/cuda/requirements.txt
    cp tools/cuda/requirements.txt build/cuda/requirements.txt
fi

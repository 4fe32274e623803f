#!/usr/bin/env bash
# Fails when a source file is not as .clang-format would write it. Exit 77: no clang-format here.
cd "$(dirname "$0")/.." || exit 1
formatter=$(command -v clang-format-19) || {
    echo "skipped: clang-format-19 is not installed (tools/setup.sh --lint installs it)"
    exit 77
}
git ls-files -z -- '*.h' '*.cpp' | xargs -0 "$formatter" --dry-run -Werror && echo "ok"

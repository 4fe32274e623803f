#!/usr/bin/env bash
# Runs each fuzz target for a while, one at a time, and says how many inputs each has tried.
#   fuzz/run.sh SECONDS [TARGET ...]     (after: cmake --preset fuzz && ninja -C build/fuzz)
# What a target tried with success it keeps in build/fuzz/corpus/TARGET and begins with next time;
# an input that shows a fault lies in build/fuzz/findings, and the exit status is 1.
set -euo pipefail
cd "$(dirname "$0")/../build/fuzz"
duration=$1
shift
targets=("$@")
if [ ${#targets[@]} = 0 ]; then
    for program in fuzz/fuzz_*; do
        name=${program#fuzz/fuzz_}
        if [ -x "$program" ] && [ "$name" != seeds ]; then targets+=("$name"); fi
    done
fi
mkdir -p findings logs
fuzz/fuzz_seeds seeds
../venv/bin/python ../../fuzz/pickle_seeds.py seeds
total=0
status=0
for target in "${targets[@]}"; do
    mkdir -p "corpus/$target"
    if "fuzz/fuzz_$target" -max_total_time="$duration" -timeout=20 -rss_limit_mb=3072 -max_len=65536 \
        -print_final_stats=1 -artifact_prefix="findings/$target-" \
        "corpus/$target" "seeds/$target" >"logs/$target" 2>&1; then
        outcome=clean
    else
        outcome="FAULT, see build/fuzz/logs/$target"
        status=1
    fi
    count=$(sed -n 's/^stat::number_of_executed_units: *//p' "logs/$target")
    covered=$(grep -oE 'cov: [0-9]+' "logs/$target" | tail -n 1 | cut -d' ' -f2)
    total=$((total + ${count:-0}))
    printf '%-10s %12s inputs %8s edges  %s\n' "$target" "${count:-?}" "${covered:-?}" "$outcome"
done
echo "total      $(printf '%12s' "$total") inputs"
exit $status

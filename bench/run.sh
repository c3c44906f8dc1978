#!/usr/bin/env bash
# Measures the product beside what a user would pick instead, one at a time, the server on one core and the load on another.
#   bench/run.sh [calls|tokens] [--rounds N] [--seconds N] [--warm-up N] [--connections 1,16,64,256] [--only NAME,NAME] [--out FOLDER]
#   bench/run.sh calls [--work who_am_i,first_use,authenticated] …
#   bench/run.sh tokens [--work client_credentials,code,refresh,consent] …
#   bench/run.sh starts [--rounds N] [--only NAME,NAME] [--out FOLDER]
#   bench/run.sh growth [--rows N] [--databases sqlite,postgres] [--only calls,code,refresh,client_credentials] [--cleanup] …
# Without a name it runs calls, tokens and starts.
# Needs wrk, taskset, python3, npm and the .NET SDK, and for the servers on PostgreSQL Debian's postgresql and openssl.
# docs/performance.md says what the figures mean.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=TestResults/bench
export PYTHONDONTWRITEBYTECODE=1
benches=(calls tokens starts)
if [[ " ${benches[*]} growth " == *" ${1:-none} "* ]]; then
    benches=("$1")
    shift
fi

publish() {
    dotnet publish "$1" -c Release -o "$out/$2" -v q --nologo "${@:3}" >&2
}

publish src/Api product
if [[ ${benches[*]} == *calls* || ${benches[*]} == *starts* ]]; then
    publish bench/Peers peers
    publish src/Api product-r2r --use-current-runtime --self-contained -p:PublishReadyToRun=true -p:PublishReadyToRunComposite=true
fi
[[ ${benches[*]} != *tokens* ]] || publish bench/OpenIddict openiddict
[[ ${benches[*]} == starts ]] || publish bench/Load load
mkdir -p $out/node
cp bench/NodePeers/* $out/node
if [[ ${benches[*]} == *calls* || ${benches[*]} == *tokens* ]] && ! cmp -s $out/node/package-lock.json $out/node/installed; then
    npm ci --prefix $out/node --no-audit --no-fund --silent >&2
    cp $out/node/package-lock.json $out/node/installed
fi
# A kernel that shares a core out by sessions leaves a database beside a busy server a three-hundredth of it, so that it writes nothing.
groups=/proc/sys/kernel/sched_autogroup_enabled
if [[ -w $groups && $(<$groups) != 0 ]]; then
    echo 0 >$groups
    trap 'echo 1 >$groups' EXIT
fi
for bench in "${benches[@]}"; do
    python3 "bench/$bench.py" "$@"
done

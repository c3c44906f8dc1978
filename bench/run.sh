#!/usr/bin/env bash
# Measures the product beside what a user would pick instead, one at a time, the server on one core and the load on another.
#   bench/run.sh [--rounds N] [--seconds N] [--connections 1,16,64,256] [--only NAME,NAME] [--out FILE]
# Needs wrk, taskset, python3 and the .NET SDK. docs/performance.md says what the figures mean.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=TestResults/bench
dotnet publish src/Api -c Release -o $out/product -v q --nologo >&2
dotnet publish bench/Peers -c Release -o $out/peers -v q --nologo >&2
exec python3 bench/calls.py "$@"

#!/usr/bin/env python3
"""Does the time of an answer tell an unknown client from a wrong secret? (T-24)

Start a server with --Limits:FailedClientsPerMinute=0 --Limits:TokenPerMinute=0 --log-level Error, then

    bench/token_timing.py PORT CLIENT_ID

with the id of a confidential client. Prints median and 90th percentile of each, in microseconds, asked in turn.
"""
import base64
import http.client
import statistics
import sys
import time

ROUNDS = 2000
port, client_id = int(sys.argv[1]), sys.argv[2]
kinds = {"unknown client": "cli_" + "A" * 24, "wrong secret": client_id}
times = {kind: [] for kind in kinds}
server = http.client.HTTPConnection("localhost", port)
for _ in range(ROUNDS):
    for kind, name in kinds.items():
        headers = {
            "Authorization": "Basic " + base64.b64encode(f"{name}:{'x' * 43}".encode()).decode(),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        start = time.perf_counter()
        server.request("POST", "/token", "grant_type=client_credentials", headers)
        answer = server.getresponse()
        answer.read()
        times[kind].append((time.perf_counter() - start) * 1e6)
        assert answer.status == 401, answer.status
for kind, values in times.items():
    print(f"{kind:15} median {statistics.median(values):6.0f}  p90 {statistics.quantiles(values, n=10)[8]:6.0f}")

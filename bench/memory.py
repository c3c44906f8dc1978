#!/usr/bin/env python3
"""Does the resident set of the product stay where it is while 10,000 live tokens go round?

    bench/memory.py [--minutes 30] [--rate 100] [--tokens 10000] [--program TestResults/bench/product] [--port 18580]

Calls who_am_i at a fixed rate, each time with the next token, looks at VmRSS each ten seconds, and prints the first, the last and the
highest value, and the slope over the second half. The program is what `dotnet publish src/Api -c Release` wrote.
"""
import argparse
import http.client
import itertools
import statistics
import threading
import time

import mcp
import stores

CALLERS = 4
TOOL = "who_am_i"
BODY = mcp.body(TOOL, {})


class Caller(threading.Thread):
    """One connection, which calls at its times. A call that is late is made at once, and not twice."""

    def __init__(self, product, tokens, pause, until):
        super().__init__(daemon=True)
        self.product, self.tokens, self.pause, self.until = product, tokens, pause, until
        self.good = self.bad = 0

    def run(self):
        server = http.client.HTTPConnection("localhost", self.product.port)
        next_call = time.monotonic()
        for token in itertools.cycle(self.tokens):
            next_call = max(next_call + self.pause, time.monotonic())
            time.sleep(next_call - time.monotonic() if next_call > time.monotonic() else 0)
            if time.monotonic() >= self.until:
                return
            server.request("POST", "/mcp", BODY, mcp.headers(TOOL, token))
            answer = server.getresponse()
            if answer.status == 200 and b'"isError":true' not in answer.read():
                self.good += 1
            else:
                self.bad += 1
                answer.read()


options = argparse.ArgumentParser()
options.add_argument("--minutes", type=float, default=30)
options.add_argument("--rate", type=float, default=100)
options.add_argument("--tokens", type=int, default=10_000)
options.add_argument("--program", default=stores.OUT / "product")
options.add_argument("--port", type=int, default=18580)
options = options.parse_args()
with stores.Product(options.program, options.port, name="memory", core=None) as product:
    tokens = product.make_tokens(options.tokens)
    until = time.monotonic() + options.minutes * 60
    callers = [Caller(product, tokens[part::CALLERS], CALLERS / options.rate, until) for part in range(CALLERS)]
    for caller in callers:
        caller.start()
    samples = []
    while time.monotonic() < until:
        samples.append((time.monotonic(), product.resident()))
        time.sleep(min(10, max(0, until - time.monotonic())))
    for caller in callers:
        caller.join()
second = samples[len(samples) // 2:]
slope = statistics.linear_regression([moment / 60 for moment, _ in second], [size for _, size in second]).slope
print("| calls | errors | tokens | first MiB | last MiB | highest MiB | MiB a minute, second half |\n|---|---|---|---|---|---|---|")
print(
    f"| {sum(caller.good for caller in callers)} | {sum(caller.bad for caller in callers)} | {len(tokens)} | {samples[0][1]:.0f} "
    f"| {samples[-1][1]:.0f} | {max(size for _, size in samples):.0f} | {slope:+.3f} |"
)

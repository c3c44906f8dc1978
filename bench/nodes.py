#!/usr/bin/env python3
"""What does a request ask of the database, with one node and with two?

    bench/nodes.py [--seconds 5] [--connections 8] [--idle 30] [--program TestResults/bench/product]
                   [--load TestResults/bench/load/OAuthMcp.Load.dll]

Two processes of the product on one PostgreSQL, which counts statements (pg_stat_statements); the kernel counts the bytes of their
connections to it (ss). Requests are shared out to the nodes. What the nodes do by themselves is measured first, while they are idle,
and taken off.
"""
import argparse
import re
import subprocess
import tempfile
import threading
import time

import database
import stores

PORTS, POSTGRES, DATABASE = (18520, 18521), 18522, "nodes"
TRAIL = 3  # seconds in which the last events of the trail are written: a request's, though after its answer
WORKS = ("calls", "code", "refresh", "client_credentials")
COUNT = f"""SELECT coalesce(sum(calls), 0) FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
            WHERE datname = '{DATABASE}'"""


def transferred():
    """Bytes to the database and from it, for each connection by its own port."""
    text = subprocess.run(["ss", "-tinH", "dst", f"127.0.0.1:{POSTGRES}"], capture_output=True, text=True, check=True).stdout
    found = {}
    for local, rest in re.findall(r"127\.0\.0\.1:(\d+)\s+127\.0\.0\.1:\d+[^\n]*\n([^\n]*)", text):
        found[local] = tuple(int((re.search(name + r":(\d+)", rest) or [0, 0])[1]) for name in ("bytes_sent", "bytes_received"))
    return found


def counted(postgres, run):
    """What it returns, and how many seconds, statements, bytes sent and bytes received it took."""
    postgres.psql("postgres", "SELECT pg_stat_statements_reset()")
    before, began = transferred(), time.monotonic()
    result = run()
    seconds, after = time.monotonic() - began, transferred()
    statements = int(postgres.psql("postgres", COUNT))
    sent, received = (sum(now[way] - before.get(port, (0, 0))[way] for port, now in after.items()) for way in (0, 1))
    return result, (seconds, statements, sent, received)


def shared(products, run):
    """The same on each node at once."""
    results = []
    threads = [threading.Thread(target=lambda part=part: results.append(run(part))) for part in products]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def measure(postgres, products, options):
    """Rows of the table for so many nodes."""
    products[0].make_tokens(100)
    for product in products:  # each has seen every token and every kind of request before
        product.tokens = products[0].tokens
        product.calls(8, 3)
        for work in WORKS[1:]:
            product.load(options.load, work, 4, 2, "--count=50")
    _, idle = counted(postgres, lambda: time.sleep(options.idle))
    yield f"| nothing, each second of a node | {len(products)} | | " + " | ".join(
        f"{value / idle[0] / len(products):.1f}" for value in idle[1:]) + " | |"
    share = options.connections // len(products)
    for work in WORKS:
        loads = [stores.Load(product, options.load, work, share, options.seconds, "--count=300")
                 for product in products if work != "calls"]
        for load in loads:
            load.__enter__()

        def run():
            results = shared(loads, stores.Load.run) if loads else shared(products, lambda product: product.calls(share, options.seconds))
            time.sleep(TRAIL)
            return results

        results, spent = counted(postgres, run)
        for load in loads:
            load.__exit__()
        good = sum(result["good"] for result in results)
        own = [value / idle[0] * spent[0] for value in idle[1:]]
        cells = " | ".join(f"{max(0, value - taken) / good:.1f}" for value, taken in zip(spent[1:], own))
        yield f"| {work} | {len(products)} | {good} | {cells} | {sum(result['errors'] for result in results)} |"


options = argparse.ArgumentParser()
options.add_argument("--seconds", type=int, default=5)
options.add_argument("--connections", type=int, default=8)
options.add_argument("--idle", type=int, default=30)
options.add_argument("--program", default=stores.OUT / "product")
options.add_argument("--load", default=stores.OUT / "load/OAuthMcp.Load.dll")
options = options.parse_args()
with database.Postgres(POSTGRES, "shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track=all") as postgres:
    postgres.psql("postgres", "CREATE EXTENSION pg_stat_statements")
    address, folder = postgres.create(DATABASE), tempfile.mkdtemp(prefix="bench-nodes-")
    nodes = [stores.Product(options.program, port, folder=folder, database=address, name=f"node{port}", url=f"http://localhost:{PORTS[0]}")
             for port in PORTS]
    rows = []
    with nodes[0]:
        rows += measure(postgres, nodes[:1], options)
        with nodes[1]:
            rows += measure(postgres, nodes, options)
print("| work | nodes | requests | statements a request | bytes to the database | bytes from it | errors |\n|---|---|---|---|---|---|---|")
print("\n".join(sorted(rows, key=lambda row: row.split("|")[1])))

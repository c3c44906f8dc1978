#!/usr/bin/env python3
"""Does it matter how much there is in the store?

    bench/growth.py [--rows 1000000] [--databases sqlite,postgres] [--rounds 2] [--seconds 5] [--warm-up 12] [--connections 16,64]
                    [--only calls,code,refresh,client_credentials] [--cleanup] [--program TestResults/bench/product]
                    [--load TestResults/bench/load/OAuthMcp.Load.dll] [--out FILE]

Measures the product on an empty store and on one with 1,000,000 refresh tokens of 200,000 grants, 100,000 clients and 100,000
accounts, in turn, server and database on one core, load on another. With --cleanup it lets all of these grants end instead, and looks
at calls and refreshes before and while the product throws them away, which it begins two minutes after its start. With fewer --rows
there is less of everything. bench/run.sh growth builds what it needs first.
"""
import argparse
import contextlib
import pathlib
import sqlite3
import statistics
import tempfile
import threading
import time

import database
import seed
import stores
from results import warm_up

PORT, POSTGRES = 18500, 18510
WORKS = ("calls", "code", "refresh", "client_credentials")
SLICE = 10  # seconds
MOST_CODES = 30_000


class Store:
    """A database of either kind, and a folder for the server on it."""

    def __init__(self, kind, name, postgres, program):
        folder = pathlib.Path(tempfile.mkdtemp(prefix=f"bench-{name}-"))
        self.kind, self.name, self.postgres = kind, f"{kind}_{name}", postgres
        address = postgres.create(self.name) if postgres else None
        self.product = stores.Product(program, PORT, folder=folder, database=address, name=self.name)
        with self.product:
            pass  # which makes its tables and keys

    def fill(self, rows):
        if self.postgres:
            seed.into_postgres(self.postgres, self.name, rows)
        else:
            seed.into_sqlite(self.product.file, rows)

    def ask(self, statement):
        if self.postgres:
            return self.postgres.psql(self.name, "SET search_path TO oauthmcp; " + statement)
        with contextlib.closing(sqlite3.connect(self.product.file)) as db, db:
            return str((db.execute(statement).fetchone() or [""])[0])

    def end_all(self):
        """As if everything had ended yesterday."""
        yesterday = int(time.time()) - seed.DAY
        moment = f"to_timestamp({yesterday})" if self.postgres else str(seed.ticks(yesterday))
        for table in "Grants", "Consents":
            self.ask(f'UPDATE "{table}" SET "ExpiresAt" = {moment}')
        self.ended = f'SELECT COUNT(*) FROM "Grants" WHERE "ExpiresAt" <= {moment}'
        if self.postgres:
            self.postgres.psql(self.name, "VACUUM ANALYZE")  # alone, since it runs in no transaction

    def left(self):
        return int(self.ask(self.ended))


def measure(store, options, results):
    """One round on one store."""
    with store.product as product:
        results.setdefault((store.name, "start", 0), []).append({"started": product.started})
        product.make_tokens(2000)
        for work in WORKS:
            if work not in options.only.split(","):
                continue
            fastest = warm_up(lambda seconds, fastest: run(product, work, 16, seconds, fastest, options)["rate"], options.warm_up)
            for connections in map(int, options.connections.split(",")):
                result = run(product, work, connections, options.seconds, fastest, options)
                results.setdefault((store.name, work, connections), []).append(result)


def run(product, work, connections, seconds, fastest, options):
    if work == "calls":
        return product.calls(connections, seconds)
    codes = min(MOST_CODES, max(200, int(fastest * seconds * 1.3)))  # so many that they last
    return product.load(options.load, work, connections, seconds, f"--count={codes}")


def compare(kind, empty, full, options):
    results = {}
    for _ in range(options.rounds):
        for store in empty, full:
            measure(store, options, results)

    def median(store, work, connections, what):
        return statistics.median(result[what] for result in results[store.name, work, connections])

    for _, work, connections in [key for key in results if key[0] == full.name and key[1] != "start"]:
        rates, waits, cpu = ([median(store, work, connections, what) for store in (empty, full)] for what in ("rate", "p99", "cpu"))
        errors = sum(result["errors"] for store in (empty, full) for result in results[store.name, work, connections])
        yield (
            f"| {kind} | {work} | {connections} | {rates[0]:.0f} | {rates[1]:.0f} | {rates[1] / rates[0]:.2f} "
            f"| {waits[0]:.1f} | {waits[1]:.1f} | {cpu[0]:.0f} | {cpu[1]:.0f} | {errors} |"
        )
    started = [median(store, "start", 0, "started") for store in (empty, full)]
    yield f"| {kind} | start, s | | {started[0]:.2f} | {started[1]:.2f} | {started[0] / started[1]:.2f} | | | | | |"


def clean_up(kind, full, options):
    """Slices of calls and refreshes side by side, until all that has ended is gone."""
    full.end_all()
    slices = {"before": [], "during": [], "after": []}
    with full.product as product:
        product.make_tokens(2000)
        for work in "refresh", "calls":  # which leaves time enough until it begins
            run(product, work, 4, options.warm_up, 0, options)
        left = first = full.left()
        while len(slices["after"]) < 3 and len(slices["during"]) * SLICE < options.most_seconds:
            with stores.Load(product, options.load, "refresh", 4, SLICE) as load:
                found = {}
                refreshes = threading.Thread(target=lambda: found.update(refresh=load.run()))
                refreshes.start()
                found["calls"] = product.calls(4, SLICE)
                refreshes.join()
            before, left = left, full.left()
            slices["after" if before == 0 else "before" if left == first else "during"].append(found)
    for work in "calls", "refresh":
        waits = {phase: [found[work]["p99"] for found in kept] for phase, kept in slices.items()}
        errors = sum(found[work]["errors"] for kept in slices.values() for found in kept)
        cells = " | ".join(
            f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})" if values else "–" for values in waits.values())
        ratio = statistics.median(waits["during"]) / statistics.median(waits["before"])
        yield f"| {kind} | {work} | {cells} | {ratio:.2f} | {len(slices['during']) * SLICE} | {errors} |"


options = argparse.ArgumentParser()
options.add_argument("--rows", type=int, default=1_000_000, help="refresh tokens; clients and accounts are a tenth of them each")
options.add_argument("--databases", default="sqlite,postgres")
options.add_argument("--rounds", type=int, default=2)
options.add_argument("--seconds", type=int, default=5)
options.add_argument("--warm-up", type=int, default=12)
options.add_argument("--connections", default="16,64")
options.add_argument("--only", default=",".join(WORKS))
options.add_argument("--cleanup", action="store_true")
options.add_argument("--most-seconds", type=int, default=3600, help="of a clean-up")
options.add_argument("--program", default=stores.OUT / "product")
options.add_argument("--load", default=stores.OUT / "load/OAuthMcp.Load.dll")
options.add_argument("--out")
options = options.parse_args()
lines = (
    ["| database | p99, ms | before | during | after | during / before | seconds | errors |", "|---|---|---|---|---|---|---|---|"]
    if options.cleanup
    else [
        "| database | work | connections | empty a second | full a second | full / empty | p99 empty ms | p99 full ms | µs CPU empty "
        "| µs CPU full | errors |", "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
)
print(*lines, sep="\n", flush=True)
for kind in options.databases.split(","):
    with database.Postgres(POSTGRES) if kind == "postgres" else contextlib.nullcontext() as postgres:
        full = Store(kind, "full", postgres, options.program)
        full.fill(options.rows)
        found = (
            clean_up(kind, full, options)
            if options.cleanup
            else compare(kind, Store(kind, "empty", postgres, options.program), full, options)
        )
        for line in found:
            print(line, flush=True)
            lines.append(line)
if options.out:
    pathlib.Path(options.out).write_text("\n".join(lines) + "\n")

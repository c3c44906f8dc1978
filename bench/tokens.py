#!/usr/bin/env python3
"""Codes, refreshes and tokens of machines, from the product and its peers. Started by run.sh, which builds them."""
import contextlib
import json
import subprocess
import threading

from postgres import Postgres
from results import Results, arguments, warm_up
from targets import LOAD, MACHINE, NODE, OUT, QUIET, SECRET, USERS, Product, Target, folder

WORKS = ("client_credentials", "code", "refresh", "consent")
MOST_CODES = 30_000
PATIENCE = 1200  # most of it for the codes


def openiddict(name, port, kind, address, database=None):
    command = ["dotnet", OUT / "openiddict/OAuthMcp.OpenIddictPeer.dll", kind, f"--database={address}", f"--urls=http://localhost:{port}"]
    target = Target(name, command, port, database)
    target.load = {"scope": "mcp.read offline_access", "users": USERS}  # without this scope it gives no refresh token
    return target


def oidc_provider(port):
    target = Target("oidc-provider", [NODE, OUT / "node/oidc-provider.mjs", port], port)
    target.load = {"users": USERS}
    return target


def made(name, postgres):
    """A fresh server, with a database of its own."""
    match name:
        case "product":
            return Product(name, 18420, QUIET)
        case "product-postgres":
            return Product(name, 18421, QUIET, database=postgres)
        case "oidc-provider":
            return oidc_provider(18422)
        case "openiddict":
            return openiddict(name, 18423, "sqlite", f"Data Source={folder()}/openiddict.db")
        case "openiddict-postgres":
            return openiddict(name, 18424, "postgres", postgres.create(), postgres)


SERVERS = ("product", "oidc-provider", "openiddict", "product-postgres", "openiddict-postgres")


@contextlib.contextmanager
def ended(load):
    """Ends it where a server lets it wait for ever."""
    timer = threading.Timer(PATIENCE, load.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def measure(target, work, connections, seconds, codes):
    options = {"url": f"http://localhost:{target.port}", "connections": connections, "seconds": seconds, "count": codes, **target.load}
    if work == "client_credentials":
        options |= {"client": MACHINE, "secret": SECRET, "scope": "mcp.read"}
    command = ["taskset", "-c", LOAD, "env", "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1", "dotnet", f"{OUT}/load/OAuthMcp.Load.dll"]
    command += [work, "--wait=true", *(f"--{key}={value}" for key, value in options.items())]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as load, ended(load):
        if load.stdout.readline() != "ready\n":
            raise SystemExit(f"{target.name} cannot be loaded with {work}")
        server, database = target.cpu()
        load.stdin.write("\n")
        load.stdin.flush()
        if not (line := load.stdout.readline()):
            raise SystemExit(f"{target.name} does not answer {work}")
        measured = json.loads(line)
        after = target.cpu()
    answers = max(measured["good"], 1)
    return {**measured, "cpu": (after[0] - server) / answers * 1e6, "database_cpu": (after[1] - database) / answers * 1e6}


def measure_all(results, round_, target, options):
    for work in options.work:
        if work == "consent" and not isinstance(target, Product):
            continue  # their pages ask nothing

        def run(connections, seconds, fastest):
            # So many codes that they last, as far as the time to make them allows.
            codes = min(MOST_CODES, max(200, int(fastest * seconds * 1.3)))
            return measure(target, work, connections, seconds, codes)

        fastest = warm_up(lambda seconds, fastest: run(16, seconds, fastest)["rate"], options.warm_up)
        for connections in options.connections:
            measured = run(connections, options.seconds, fastest)
            fastest = max(fastest, measured["rate"])
            results.add(round_, target, work, connections, measured)


def main():
    options = arguments(SERVERS, WORKS)
    results = Results("answers")
    with Postgres(18425) if any("postgres" in name for name in options.only) else contextlib.nullcontext() as postgres:
        for round_ in range(1, options.rounds + 1):
            for name in options.only:
                with made(name, postgres) as target:
                    measure_all(results, round_, target, options)
                    results.add_server(round_, target, "all")
    results.write(options.out, "tokens")


main()

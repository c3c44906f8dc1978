#!/usr/bin/env python3
"""Calls of a tool at the product and its peers. Started by run.sh, which builds them."""
import contextlib
import subprocess
import urllib.request

import mcp
from postgres import Postgres
from results import Results, arguments, warm_up
from targets import ECHO, LOAD, MACHINE, NODE, OUT, QUIET, SECRET, Product, Target, folder

PEERS = OUT / "peers/OAuthMcp.Peers.dll"
READ, WRITE = "mcp.read", "mcp.read mcp.write"
# A tool, its arguments, and the scope of the tokens.
WORKS = {
    "who_am_i": ("who_am_i", {}, READ),
    "first_use": ("who_am_i", {}, READ),
    "authenticated": ("make_authenticated_request", {"message": "hello"}, WRITE),
}
SERVERS = {
    "who_am_i": ("bare", "sdk", "sdk+jwt", "typescript", "product", "product-r2r", "product+log", "product-postgres"),
    "first_use": ("sdk+jwt", "product", "product-postgres"),
    "authenticated": ("sdk+echo", "product"),
}
TOKENS = 2000  # that go round
FIRST_USES, MOST = 6000, 100_000  # tokens that are used once: at least a second, and at most at a time
PATIENCE = 300


class Called(Target):
    """A server whose tool is called, with tokens from a file if it takes any."""

    tokens = None
    makes_tokens = False

    def __init__(self, work, *more, **options):
        super().__init__(*more, **options)
        self.tool, self.arguments, self.scope = WORKS[work]
        self.once = work == "first_use"

    def probe(self):
        with urllib.request.urlopen(self.request()) as answer:
            text = answer.read()
        assert b'"structuredContent":{' in text and b'"isError":true' not in text, text
        self.bytes = len(text)

    def request(self):
        token = None
        if self.tokens:
            if not self.tokens.exists() or not (token := self.tokens.read_text().split("\n", 1)[0]):
                raise OSError("no tokens yet")
        headers, body = mcp.headers(self.tool, token), mcp.body(self.tool, self.arguments)
        return urllib.request.Request(f"http://localhost:{self.port}/mcp", body.encode(), headers)

    def make_tokens(self, count):
        """Of a machine, each of them another one."""
        options = {
            "url": f"http://localhost:{self.port}", "client": MACHINE, "secret": SECRET, "scope": self.scope, "count": count,
            "seconds": PATIENCE, "file": self.tokens,
        }
        command = ["taskset", "-c", LOAD, "dotnet", f"{OUT}/load/OAuthMcp.Load.dll", "tokens"]
        subprocess.run([*command, *(f"--{key}={value}" for key, value in options.items())], check=True, stdout=subprocess.DEVNULL)


class CalledProduct(Called, Product):
    makes_tokens = True

    def probe(self):
        if self.tokens is None:
            (self.data / "tokens").write_text(self.token(self.scope))
            self.tokens = self.data / "tokens"
        super().probe()


class Echo(Target):
    """The API behind the tools, on the core of the load."""

    core = LOAD

    def probe(self):
        with urllib.request.urlopen(f"{ECHO}/anything") as answer:
            answer.read()


def peer(work, name, mode, port, *more):
    return Called(work, name, ["dotnet", PEERS, mode, f"--urls=http://localhost:{port}", *more], port)


def made(name, work, postgres=None):
    """A fresh server."""
    match name:
        case "bare":
            return peer(work, name, "bare", 18401)
        case "sdk":
            return peer(work, name, "sdk", 18402)
        case "sdk+echo":
            return peer(work, name, "sdk", 18409, f"--echo={ECHO}")
        case "product":
            return CalledProduct(work, name, 18400, QUIET)
        case "product-r2r":
            return CalledProduct(work, name, 18408, QUIET, program=name)
        case "product-postgres":
            return CalledProduct(work, name, 18407, QUIET, database=postgres)
        case "product+log":
            return CalledProduct(work, name, 18404)
    tokens = folder() / "tokens"
    match name:
        case "sdk+jwt":
            target = peer(work, name, "jwt", 18403, f"--tokens={tokens}")
        case "typescript":
            target = Called(work, name, [NODE, OUT / "node/typescript.mjs", 18405, tokens], 18405)
    target.tokens = tokens
    return target


def measure(target, connections, seconds):
    """What wrk says, and the CPU of the server in µs for each request."""
    before = target.cpu()
    measured = mcp.wrk(
        f"http://localhost:{target.port}", connections, seconds, target.tokens, target.once, target.tool, target.arguments,
        ["taskset", "-c", LOAD],
    )
    after, count = target.cpu(), max(measured["good"], 1)
    return {**measured, "cpu": (after[0] - before[0]) / count * 1e6, "database_cpu": (after[1] - before[1]) / count * 1e6}


def measure_all(results, round_, target, work, options):
    if target.makes_tokens and not target.once:
        target.make_tokens(TOKENS)

    def run(connections, seconds, fastest):
        if target.once:
            target.make_tokens(min(MOST, int(max(FIRST_USES, 1.5 * fastest)) * seconds))  # so many that they last
        return measure(target, connections, seconds)

    fastest = warm_up(lambda seconds, fastest: run(16, seconds, fastest)["rate"], options.warm_up)
    for connections in options.connections:
        results.add(round_, target, work, connections, run(connections, options.seconds, fastest))


def main():
    options = arguments(dict.fromkeys(sum(SERVERS.values(), ())), WORKS)
    results = Results("calls")
    with contextlib.ExitStack() as stack:
        postgres = stack.enter_context(Postgres(18406)) if "product-postgres" in options.only else None
        if "authenticated" in options.work:
            stack.enter_context(Echo("echo", ["dotnet", PEERS, "echo", f"--urls={ECHO}"], ECHO.rsplit(":", 1)[1]))
        for round_ in range(1, options.rounds + 1):
            for work, name in ((work, name) for work in options.work for name in options.only if name in SERVERS[work]):
                with made(name, work, postgres) as target:
                    measure_all(results, round_, target, work, options)
                    results.add_server(round_, target, work)
    results.write(options.out, "calls")


if __name__ == "__main__":
    main()

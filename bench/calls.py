#!/usr/bin/env python3
"""Calls of a tool at the product and its peers. Started by run.sh, which builds them."""
import contextlib
import os
import pathlib
import re
import subprocess
import urllib.request

from postgres import Postgres
from results import Results, arguments
from targets import LOAD, NODE, OUT, QUIET, Product, Target, folder

LUA = pathlib.Path(__file__).with_name("calls.lua")
PEERS = OUT / "peers/OAuthMcp.Peers.dll"
TOKENS = 2000


class Called(Target):
    """A server whose tool is called, with tokens from a file if it takes any."""

    tokens = None

    def probe(self):
        with urllib.request.urlopen(self.request()) as answer:
            text = answer.read()
        assert b'"structuredContent":{"sub' in text, text
        self.bytes = len(text)

    def request(self):
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2026-07-28",
            "Mcp-Method": "tools/call",
            "Mcp-Name": "who_am_i",
        }
        if self.tokens:
            if not self.tokens.exists() or not (token := self.tokens.read_text().split("\n", 1)[0]):
                raise OSError("no tokens yet")
            headers["Authorization"] = "Bearer " + token
        body = re.search(r"local body = (.*?)\nlocal", LUA.read_text(), re.S).group(1)
        body = "".join(re.findall(r"'(.*?)'", body))
        return urllib.request.Request(f"http://localhost:{self.port}/mcp", body.encode(), headers)

    def make_tokens(self):
        pass  # the peers have written theirs


class CalledProduct(Product, Called):
    """The product, with tokens of a machine; each of them is another one."""

    def probe(self):
        if self.tokens is None:
            (self.data / "tokens").write_text(self.token())
            self.tokens = self.data / "tokens"
        Called.probe(self)

    def make_tokens(self):
        self.tokens.write_text("\n".join(self.token() for _ in range(TOKENS)))


def made(name, postgres):
    """A fresh server."""
    tokens = folder() / "tokens"
    match name:
        case "bare" | "sdk":
            port = 18401 if name == "bare" else 18402
            return Called(name, ["dotnet", PEERS, name, f"--urls=http://localhost:{port}"], port)
        case "sdk+jwt":
            target = Called(name, ["dotnet", PEERS, "jwt", "--urls=http://localhost:18403", f"--tokens={tokens}"], 18403)
        case "typescript":
            target = Called(name, [NODE, OUT / "node/typescript.mjs", 18405, tokens], 18405)
        case "product":
            return CalledProduct(name, 18400, QUIET)
        case "product-r2r":
            return CalledProduct(name, 18408, QUIET, program=name)
        case "product-postgres":
            return CalledProduct(name, 18407, QUIET, database=postgres)
        case "product+log":
            return CalledProduct(name, 18404)
    target.tokens = tokens
    return target


SERVERS = ("bare", "sdk", "sdk+jwt", "typescript", "product", "product-r2r", "product+log", "product-postgres")


def measure(target, connections, seconds):
    """Requests a second, milliseconds, CPU of the server in µs for each request, errors."""
    environment = {**os.environ, **({"BENCH_TOKENS": str(target.tokens)} if target.tokens else {})}
    command = ["taskset", "-c", LOAD, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(LUA)]
    before = target.cpu()
    run = subprocess.run([*command, f"http://localhost:{target.port}"], capture_output=True, text=True, check=True, env=environment)
    after, text = target.cpu(), run.stdout
    count = max(int(re.search(r"(\d+) requests in", text).group(1)), 1)
    bad = sum(map(int, re.findall(r"(?:Non-2xx or 3xx responses: |connect |read |write |timeout )(\d+)", text)))
    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)),
        "p50": milliseconds(re.search(r"50%\s+([\d.]+\w+)", text).group(1)),
        "p99": milliseconds(re.search(r"99%\s+([\d.]+\w+)", text).group(1)),
        "max": milliseconds(re.search(r"Latency\s+\S+\s+\S+\s+([\d.]+\w+)", text).group(1)),
        "cpu": (after[0] - before[0]) / count * 1e6,
        "database_cpu": (after[1] - before[1]) / count * 1e6,
        "errors": bad,
    }


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def main():
    options = arguments(SERVERS)
    results = Results("calls")
    with Postgres(18406) if "product-postgres" in options.only else contextlib.nullcontext() as postgres:
        for round_ in range(1, options.rounds + 1):
            for name in options.only:
                with made(name, postgres) as target:
                    target.make_tokens()
                    measure(target, 16, options.warm_up)
                    for connections in options.connections:
                        results.add(round_, target, "who_am_i", connections, measure(target, connections, options.seconds))
                    results.add_server(round_, target)
    results.write(options.out, "calls")


if __name__ == "__main__":
    main()

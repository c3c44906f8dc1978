#!/usr/bin/env python3
"""Calls of a tool at the product and its peers. Started by run.sh, which builds them."""
import argparse
import base64
import json
import os
import pathlib
import re
import signal
import statistics
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

OUT = pathlib.Path("TestResults/bench").resolve()
LUA = pathlib.Path(__file__).with_name("calls.lua")
SERVER, LOAD = "0", "1"  # cores
TICK = os.sysconf("SC_CLK_TCK")
MACHINE, SECRET = "bench", "s" * 43


class Target:
    """A server on the first core, from its start to its end."""

    def __init__(self, name, arguments, port, tokens=None):
        self.name, self.arguments, self.port, self.tokens = name, arguments, port, tokens

    def __enter__(self):
        environment = {**os.environ, "ASPNETCORE_ENVIRONMENT": "Production", "DOTNET_gcServer": "0"}
        began = time.monotonic()
        self.log = open(OUT / f"{self.name}.log", "w")
        self.process = subprocess.Popen(["taskset", "-c", SERVER, "dotnet", *self.arguments], stdout=self.log, stderr=self.log, env=environment)
        while True:
            try:
                self.prepare()
                break
            except urllib.error.HTTPError as refusal:
                self.stop()
                raise SystemExit(f"{self.name} answers {refusal.code}: {refusal.read()}")
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"{self.name} does not start: see {OUT}/{self.name}.log")
                time.sleep(0.005)
        self.started = time.monotonic() - began
        return self

    def prepare(self):
        with urllib.request.urlopen(self.request()) as answer:
            assert b"sub" in answer.read()

    def request(self):
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "MCP-Protocol-Version": "2026-07-28",
            "Mcp-Method": "tools/call",
            "Mcp-Name": "who_am_i",
        }
        if self.tokens:
            if not self.tokens.exists():
                raise OSError("no tokens yet")
            headers["Authorization"] = "Bearer " + self.tokens.read_text().split("\n", 1)[0]
        body = re.search(r"local body = (.*?)\nlocal", LUA.read_text(), re.S).group(1)
        body = "".join(re.findall(r"'(.*?)'", body))
        return urllib.request.Request(f"http://localhost:{self.port}/mcp", body.encode(), headers)

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def resident(self):
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text()).group(1)) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.log.close()

    def measure(self, connections, seconds):
        """Requests a second, p50 and p99 in ms, CPU of the server in µs for each request, errors."""
        environment = {**os.environ, **({"BENCH_TOKENS": str(self.tokens)} if self.tokens else {})}
        before = self.cpu()
        text = subprocess.run(
            ["taskset", "-c", LOAD, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", LUA, f"http://localhost:{self.port}"],
            capture_output=True, text=True, check=True, env=environment,
        ).stdout
        used = self.cpu() - before
        count = int(re.search(r"(\d+) requests in", text).group(1))
        bad = sum(map(int, re.findall(r"(?:Non-2xx or 3xx responses: |connect |read |write |timeout )(\d+)", text)))
        return {
            "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)),
            "p50": milliseconds(re.search(r"50%\s+([\d.]+\w+)", text).group(1)),
            "p99": milliseconds(re.search(r"99%\s+([\d.]+\w+)", text).group(1)),
            "cpu": used / count * 1e6,
            "errors": bad,
        }

    def __exit__(self, *_):
        self.stop()


class Product(Target):
    """The product, with tokens of a machine; each of them is another one."""

    def __init__(self, name, folder, port, *more):
        data = pathlib.Path(tempfile.mkdtemp(prefix="bench-"))
        super().__init__(name, [
            f"{OUT}/{folder}/OAuthMcp.Api.dll", f"--Server:Address=localhost:{port}", f"--Server:DataDirectory={data}",
            f"--OAuth:Clients:0:ClientId={MACHINE}", f"--OAuth:Clients:0:ClientSecret={SECRET}", "--OAuth:Clients:0:Scopes=mcp.read",
            "--OAuth:Clients:0:GrantTypes:0=client_credentials", "--Downstream:BaseAddress=http://localhost:9", "--Limits:TokenPerMinute=0",
            "--Limits:McpConcurrentPerUser=0", "--OAuth:AccessTokenLifetime=02:00:00", *more,
        ], port)
        self.file = data / "tokens"

    def __enter__(self):
        super().__enter__()  # makes the database
        self.stop()
        return super().__enter__()

    def prepare(self):
        if self.tokens is None:
            self.file.write_text(self.token() + "\n")
            self.tokens = self.file
        super().prepare()

    def token(self):
        headers = {"Authorization": "Basic " + base64.b64encode(f"{MACHINE}:{SECRET}".encode()).decode()}
        request = urllib.request.Request(f"http://localhost:{self.port}/token", b"grant_type=client_credentials", headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["access_token"]

    def make_tokens(self, count):
        self.file.write_text("\n".join(self.token() for _ in range(count)))


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--connections", default="1,16,64,256")
    options.add_argument("--only", default="")
    options.add_argument("--out")
    options = options.parse_args()
    peers = f"{OUT}/peers/OAuthMcp.Peers.dll"

    def targets():
        jwt = pathlib.Path(tempfile.mkdtemp(prefix="bench-")) / "tokens"
        yield Target("bare", [peers, "bare", "--urls", "http://localhost:18401"], 18401)
        yield Target("sdk", [peers, "sdk", "--urls", "http://localhost:18402"], 18402)
        yield Target("sdk+jwt", [peers, "jwt", "--urls", "http://localhost:18403", f"--tokens={jwt}"], 18403, jwt)
        yield Product("product", "product", 18400, "--Serilog:MinimumLevel:Default=Warning")
        yield Product("product, log", "product", 18404)

    wanted = [name for name in options.only.split(",") if name]
    results = {}
    for _ in range(options.rounds):
        for target in targets():
            if wanted and target.name not in wanted:
                continue
            with target:
                if isinstance(target, Product):
                    target.make_tokens(2000)
                target.measure(16, 5)  # compiled and warm
                for connections in map(int, options.connections.split(",")):
                    results.setdefault((target.name, connections), []).append(target.measure(connections, options.seconds))
                results.setdefault((target.name, "start"), []).append(target.started)
                results.setdefault((target.name, "resident"), []).append(target.resident())

    lines = ["| server | connections | calls/s | spread | p50 ms | p99 ms | µs CPU a call | errors |", "|---|---|---|---|---|---|---|---|"]
    for (name, what), values in results.items():
        if isinstance(what, int):
            rates = [value["rate"] for value in values]
            median = {key: statistics.median(value[key] for value in values) for key in ("p50", "p99", "cpu")}
            lines.append(
                f"| {name} | {what} | {statistics.median(rates):.0f} | {min(rates):.0f} to {max(rates):.0f} | {median['p50']:.2f} "
                f"| {median['p99']:.2f} | {median['cpu']:.0f} | {sum(value['errors'] for value in values)} |"
            )
    lines += ["", "| server | first good answer s | resident MiB after load |", "|---|---|---|"]
    for name in dict.fromkeys(name for name, _ in results):
        lines.append(f"| {name} | {statistics.median(results[name, 'start']):.2f} | {statistics.median(results[name, 'resident']):.0f} |")
    text = "\n".join(lines)
    print(text)
    if options.out:
        pathlib.Path(options.out).write_text(text + "\n")


main()

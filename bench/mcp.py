"""Calls of a tool at revision 2026-07-28, as wrk makes them with calls.lua, and programs by themselves."""
import json
import os
import pathlib
import re
import subprocess

REVISION = "2026-07-28"
LUA = pathlib.Path(__file__).with_name("calls.lua")


def body(tool, arguments):
    meta = {"protocolVersion": REVISION, "clientInfo": {"name": "bench", "version": "1"}, "clientCapabilities": {}}
    parameters = {"name": tool, "arguments": arguments, "_meta": {f"io.modelcontextprotocol/{key}": value for key, value in meta.items()}}
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": parameters}, separators=(",", ":"))


def headers(tool, token=None):
    return {
        "Content-Type": "application/json", "Accept": "application/json, text/event-stream",
        "MCP-Protocol-Version": REVISION, "Mcp-Method": "tools/call", "Mcp-Name": tool,
        **({"Authorization": "Bearer " + token} if token else {}),
    }


def wrk(url, connections, seconds, tokens=None, once=False, tool="who_am_i", arguments={}, pin=()):
    """Requests a second, milliseconds, good answers, errors. Tokens are in a file, and go round; once lets each of them be used once."""
    environment = {
        **os.environ, "BENCH_TOOL": tool, "BENCH_BODY": body(tool, arguments),
        **({"BENCH_TOKENS": str(tokens)} if tokens else {}), **({"BENCH_ONCE": "1"} if once else {}),
    }
    command = [*pin, "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(LUA), url]
    text = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    bad = re.findall(r"(?:Non-2xx or 3xx responses: |connect |read |write |timeout |failed in the tool: )(\d+)", text)
    return {
        "rate": float(re.search(r"Requests/sec:\s+([\d.]+)", text).group(1)),
        "p50": milliseconds(re.search(r"50%\s+([\d.]+\w+)", text).group(1)),
        "p99": milliseconds(re.search(r"99%\s+([\d.]+\w+)", text).group(1)),
        "max": milliseconds(re.search(r"Latency\s+\S+\s+\S+\s+([\d.]+\w+)", text).group(1)),
        "good": int(re.search(r"(\d+) requests in", text).group(1)),
        "errors": sum(map(int, bad)),
    }


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit]

"""What was measured, as JSON and as tables for people."""
import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import tempfile
import time
import xml.etree.ElementTree

import plot

BENCH = pathlib.Path(__file__).parent


def machine():
    """Where it was measured, and what."""
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    packages = xml.etree.ElementTree.parse(BENCH.parent / "Directory.Packages.props").iter("PackageVersion")
    wanted = ("ModelContextProtocol.AspNetCore", "Microsoft.AspNetCore.Authentication.JwtBearer", "OpenIddict.AspNetCore")
    versions = {package.get("Include"): package.get("Version") for package in packages if package.get("Include") in wanted}
    versions |= json.loads((BENCH / "NodePeers/package.json").read_text())["dependencies"]
    versions["product"] = said("git", "describe", "--always", "--dirty")
    runtimes = re.findall(r"Microsoft\.AspNetCore\.App ([\d.]+)", said("dotnet", "--list-runtimes"))
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d"),
        "cpu": model.group(1) if model else platform.machine(),
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "durable writes a second": round(syncs()),
        "versions": {"ASP.NET Core": runtimes[-1] if runtimes else "?", **versions},
    }


def said(*command):
    return subprocess.run(command, capture_output=True, text=True, cwd=BENCH).stdout.strip()


def syncs():
    """How often a file of the disk below can be made durable: what no database can be faster than, one commit at a time."""
    with tempfile.TemporaryFile() as file:
        began = time.monotonic()
        for count in range(200):
            file.write(b"x" * 4096)
            file.flush()
            os.fdatasync(file.fileno())
        return 200 / (time.monotonic() - began)


class Results:
    """Runs of a work on a target, and what is known of the targets themselves."""

    def __init__(self, unit):
        self.unit, self.machine, self.runs, self.servers = unit, machine(), [], []

    def add(self, round_, target, work, connections, measured):
        run = {"round": round_, "target": target.name, "work": work, "connections": connections, **measured}
        self.runs.append(run)
        said = f"{run['rate']:.0f}/s, p99 {run['p99']:.1f} ms, {run['errors']} errors"
        print(f"{round_} {target.name} {work} c={connections}: {said}", flush=True)

    def add_server(self, round_, target, work, **more):
        server = {"round": round_, "target": target.name, "work": work, "resident": target.resident(), "bytes": target.bytes, **more}
        self.servers.append(server)

    def write(self, folder, name):
        text = self.markdown()
        print(text)
        if folder:
            folder = pathlib.Path(folder)
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{name}.json").write_text(json.dumps(self.__dict__, indent=1) + "\n")
            (folder / f"{name}.md").write_text(text)
            plot.draw(folder)

    def markdown(self):
        return "\n".join([*self.head(), *self.table(), *self.ratios(), *self.memory(), ""])

    def head(self):
        of = self.machine
        versions = ", ".join(f"{name} {version}" for name, version in of["versions"].items())
        writes = f"{of['durable writes a second']} durable writes a second"
        yield f"{of['date']}, {of['cpu']}, {of['cores']} cores, Linux {of['kernel']}, {writes}."
        yield ""
        yield f"Versions: {versions}."

    def table(self):
        yield ""
        yield f"| work | server | connections | {self.unit}/s | spread | p50 ms | p99 ms | µs CPU each | of its database | errors |"
        yield "|---|---|---|---|---|---|---|---|---|---|"
        for (work, target, connections), runs in grouped(self.runs, "work", "target", "connections"):
            rates = [run["rate"] for run in runs]
            median = {key: statistics.median(run[key] for run in runs) for key in ("p50", "p99", "cpu", "database_cpu")}
            database = f"{median['database_cpu']:.0f}" if median["database_cpu"] else "–"
            yield (
                f"| {work} | {target} | {connections} | {statistics.median(rates):.0f} | {min(rates):.0f} to {max(rates):.0f} "
                f"| {median['p50']:.2f} | {median['p99']:.2f} | {median['cpu']:.0f} | {database} | {sum(run['errors'] for run in runs)} |"
            )

    def ratios(self):
        """How many times as fast the product is as each peer, in the same round."""
        yield ""
        yield "| work | connections | server | against | times as fast | spread |"
        yield "|---|---|---|---|---|---|"
        rates = {(run["work"], run["connections"], run["target"], run["round"]): run["rate"] for run in self.runs}
        names = list(dict.fromkeys(run["target"] for run in self.runs))
        ours = [name for name in names if name.startswith("product")]
        for (work, connections), _ in grouped(self.runs, "work", "connections"):
            for own, peer in ((own, peer) for own in ours for peer in names if peer not in ours):
                rounds = dict.fromkeys(run["round"] for run in self.runs)
                pairs = [(rates.get((work, connections, own, number)), rates.get((work, connections, peer, number))) for number in rounds]
                times = [rate / other for rate, other in pairs if rate and other]
                if times:
                    spread = f"{min(times):.2f} to {max(times):.2f}"
                    yield f"| {work} | {connections} | {own} | {peer} | {statistics.median(times):.2f} | {spread} |"

    def memory(self):
        yield ""
        yield "| work | server | resident MiB after load | bytes of the first answer |"
        yield "|---|---|---|---|"
        for (work, target), runs in grouped(self.servers, "work", "target"):
            yield f"| {work} | {target} | {statistics.median(run['resident'] for run in runs):.0f} | {runs[0]['bytes']} |"


def warm_up(measure, seconds):
    """Measures in pieces until it gets no faster, and for so many seconds at least, so that all is compiled. Returns the best rate."""
    rates = [0]
    while len(rates) <= 3 or (len(rates) <= 15 and rates[-1] > 1.05 * max(rates[:-1])):
        rates.append(measure(max(1, seconds // 3), max(rates)))
    return max(rates)


def grouped(runs, *keys):
    groups = {}
    for run in runs:
        groups.setdefault(tuple(run[key] for key in keys), []).append(run)
    return groups.items()


def arguments(servers, works=(), rounds=3):
    """The command line of a bench: a subset of servers, works and connections, and for how long."""
    options = argparse.ArgumentParser()
    options.add_argument("--rounds", type=int, default=rounds)
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--warm-up", type=int, default=12, help="seconds before each work at least; in 5 too little is compiled")
    options.add_argument("--connections", type=numbers, default=[1, 16, 64, 256])
    options.add_argument("--only", type=names(servers), default=list(servers), help=",".join(servers))
    if works:
        options.add_argument("--work", type=names(works), default=list(works), help=",".join(works))
    options.add_argument("--out", help="a folder for tables, JSON and plot")
    return options.parse_args()


def numbers(text):
    return [int(part) for part in text.split(",")]


def names(known):
    def parse(text):
        given = text.split(",")
        if unknown := [name for name in given if name not in known]:
            raise argparse.ArgumentTypeError(f"{unknown[0]} is none of {', '.join(known)}")
        return given

    return parse

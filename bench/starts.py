#!/usr/bin/env python3
"""From the start of a process to its first good answer to a call with a token. Started by run.sh, which builds the servers."""
import statistics

from calls import made
from results import Results, arguments, grouped

SERVERS = ("product", "product-r2r", "sdk+jwt")


class Starts(Results):
    def markdown(self):
        return "\n".join([*self.head(), *self.table(), ""])

    def table(self):
        yield ""
        yield "| server | first good answer s | fastest | slowest | resident MiB after it | bytes of it |"
        yield "|---|---|---|---|---|---|"
        for (target,), runs in grouped(self.servers, "target"):
            times = [run["start"] for run in runs]
            resident = statistics.median(run["resident"] for run in runs)
            yield (
                f"| {target} | {statistics.median(times):.2f} | {min(times):.2f} | {max(times):.2f} | {resident:.0f} | {runs[0]['bytes']} |"
            )


def main():
    options = arguments(SERVERS, rounds=7)
    results = Starts("starts")
    targets = [made(name, "who_am_i") for name in options.only]
    for target in targets:
        target.settings = {}  # a start as it is: what shortens a warm-up makes it slower
        with target:
            pass  # which makes its database, key and tokens
    for round_ in range(1, options.rounds + 1):
        for target in targets:
            with target:
                results.add_server(round_, target, "who_am_i", start=target.started)
                print(f"{round_} {target.name}: {target.started:.2f} s", flush=True)
    results.write(options.out, "starts")


main()

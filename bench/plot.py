#!/usr/bin/env python3
"""Draws what was measured at 16 connections:

    bench/plot.py FOLDER

reads calls.json and tokens.json in the folder, as far as they are there, and writes plot.svg beside them.
"""
import html
import json
import pathlib
import statistics
import sys

CONNECTIONS = 16
PANELS = (
    ("calls", "who_am_i", "Calls of a tool a second"),
    ("tokens", "code", "Codes exchanged for tokens a second"),
    ("tokens", "refresh", "Tokens refreshed a second"),
    ("tokens", "client_credentials", "Tokens for machines a second"),
)
NAMES = {
    "calls": {
        "sdk": "C# SDK, without tokens",
        "sdk+jwt": "C# SDK, JwtBearer",
        "typescript": "TypeScript SDK, jose",
        "product": "OAuthMcp",
        "product+log": "OAuthMcp, log to a file",
    },
    "tokens": {
        "product": "OAuthMcp, SQLite",
        "product-postgres": "OAuthMcp, PostgreSQL",
        "oidc-provider": "oidc-provider, in memory",
        "openiddict": "OpenIddict, SQLite",
        "openiddict-postgres": "OpenIddict, PostgreSQL",
    },
}
WIDTH, LEFT, RIGHT, ROW, BAR = 760, 230, 80, 26, 18
# A background of its own, so that it reads the same on a dark page.
BACKGROUND, TEXT, OURS, THEIRS = "#ffffff", "#1f2328", "#1f6feb", "#9198a1"


def medians(measured, work, names):
    """The rate of each server that a user might pick, the fastest first."""
    rates = {}
    for run in measured["runs"]:
        if run["work"] == work and run["connections"] == CONNECTIONS and run["target"] in names:
            rates.setdefault(run["target"], []).append(run["rate"])
    return sorted(((statistics.median(values), target) for target, values in rates.items()), reverse=True)


def text(x, y, words, size=13, more=""):
    return f'<text x="{x}" y="{y}" font-size="{size}"{more}>{html.escape(words)}</text>'


def panel(title, names, rates, y):
    yield text(20, y + 16, title, 15, ' font-weight="600"')
    y += 28
    scale = (WIDTH - LEFT - RIGHT) / max(rates[0][0], 1)
    for rate, target in rates:
        length = max(rate * scale, 1)
        yield text(LEFT - 10, y + 14, names[target], more=' text-anchor="end"')
        yield f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" fill="{OURS if target.startswith("product") else THEIRS}"/>'
        yield text(round(LEFT + length + 8), y + 14, f"{rate:,.0f}")
        y += ROW


def draw(folder):
    folder, lines, y = pathlib.Path(folder), [], 16
    foot = ""
    for file, work, title in PANELS:
        if not (folder / f"{file}.json").exists():
            continue
        measured = json.loads((folder / f"{file}.json").read_text())
        foot = f"{CONNECTIONS} connections, server on one core of {measured['machine']['cpu']}, {measured['machine']['date']}"
        if rates := medians(measured, work, NAMES[file]):
            lines += panel(title, NAMES[file], rates, y)
            y += 28 + ROW * len(rates) + 16
    if not lines:
        return
    lines.append(text(20, y + 8, foot, 12))
    height = y + 24
    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}" role="img"',
        f'  font-family="system-ui, sans-serif" fill="{TEXT}">',
        f"<title>{html.escape('; '.join(title for _, _, title in PANELS))}: OAuthMcp beside its peers</title>",
        f'<rect width="{WIDTH}" height="{height}" rx="8" fill="{BACKGROUND}"/>',
        *lines,
        "</svg>",
    ]
    (folder / "plot.svg").write_text("\n".join(svg) + "\n")


if __name__ == "__main__":
    draw(sys.argv[1])

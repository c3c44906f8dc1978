"""The product on a database of either kind, and load for it. For the programs beside it; it is none by itself."""
import base64
import concurrent.futures
import json
import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import urllib.request

import mcp
from database import pinned
from targets import TIERING

BENCH = pathlib.Path(__file__).parent
OUT = BENCH.parent / "TestResults/bench"
MACHINE, APPLICATION, SECRET, PASSWORD, USERS = "bench", "application", "s" * 43, "correct horse battery", 4
CALLBACK = "http://127.0.0.1:7777/callback"
TICK = os.sysconf("SC_CLK_TCK")


class Product:
    """One process of the product, on a SQLite file of its folder or on the database that an address names."""

    def __init__(self, program, port, folder=None, database=None, core="0", name="product", url=None, arguments=()):
        self.port, self.core, self.name = port, core, name
        self.url = f"http://localhost:{port}"
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="bench-"))
        self.file, self.tokens = self.folder / "oauthmcp.db", self.folder / "tokens"
        self.command = [
            "dotnet", f"{program}/OAuthMcp.Api.dll", f"--Server:Address=localhost:{port}", f"--Server:DataDirectory={self.folder}",
            f"--OAuth:Clients:0:ClientId={MACHINE}", f"--OAuth:Clients:0:ClientSecret={SECRET}", "--OAuth:Clients:0:Scopes=mcp.read",
            "--OAuth:Clients:0:GrantTypes:0=client_credentials",
            f"--OAuth:Clients:1:ClientId={APPLICATION}", f"--OAuth:Clients:1:RedirectUris:0={CALLBACK}",
            "--Downstream:BaseAddress=http://localhost:9", "--OAuth:AccessTokenLifetime=02:00:00", "--OAuth:CodeLifetime=00:10:00",
            "--log-level=Warning",
            *(f"--Limits:{limit}=0" for limit in (
                "TokenPerMinute", "McpConcurrentPerUser", "AuthorizePerMinute", "SignInPerMinute", "PagesPerMinute",
                "FailedClientsPerMinute", "OpenAuthorizationsPerPeer", "OpenAuthorizations",
            )),
            *(f"--Accounts:Seed:{user}:UserName=bench{user}" for user in range(USERS)),
            *(f"--Accounts:Seed:{user}:Password={PASSWORD}" for user in range(USERS)),
            *([f"--OAuth:PublicUrl={url}"] if url else []), *arguments,
        ]
        if database:
            key = self.folder / "key.pem"
            if not key.exists():
                subprocess.run(["openssl", "genrsa", "-out", key, "2048"], check=True, capture_output=True)
            self.command += [f"--database={database}", f"--Protection:KeyFile={key}"]

    def __enter__(self):
        OUT.mkdir(parents=True, exist_ok=True)
        environment = {**os.environ, "ASPNETCORE_ENVIRONMENT": "Production", "DOTNET_gcServer": "0", **TIERING}
        self.log, began = open(OUT / f"{self.name}.log", "w"), time.monotonic()
        self.process = subprocess.Popen(pinned(self.core, self.command), stdout=self.log, stderr=self.log, env=environment)
        while True:
            try:
                with urllib.request.urlopen(self.url + "/health/ready"):
                    self.started = time.monotonic() - began
                    return self
            except OSError:
                if self.process.poll() is not None:
                    raise SystemExit(f"The product does not start: see {self.log.name}")
                time.sleep(0.01)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.log.close()

    def cpu(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICK

    def resident(self):
        """MiB."""
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text()).group(1)) / 1024

    def token(self, _=None):
        headers = {"Authorization": "Basic " + base64.b64encode(f"{MACHINE}:{SECRET}".encode()).decode()}
        request = urllib.request.Request(self.url + "/token", b"grant_type=client_credentials", headers)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)["access_token"]

    def make_tokens(self, count):
        with concurrent.futures.ThreadPoolExecutor(4) as makers:
            tokens = list(makers.map(self.token, range(count)))
        self.tokens.write_text("\n".join(tokens))
        return tokens

    def counted(self, measure):
        """Adds what the server spent of its core, in µs for each request."""
        before = self.cpu()
        result = measure()
        result["cpu"] = (self.cpu() - before) / max(result["good"], 1) * 1e6
        return result

    def calls(self, connections, seconds, core="1"):
        """Tool calls with the tokens that were made before."""
        return self.counted(lambda: mcp.wrk(self.url, connections, seconds, self.tokens, pin=pinned(core, [])))

    def load(self, program, work, connections, seconds, *more, core="1"):
        """Requests to the token endpoint by bench/Load: code, refresh or client_credentials."""
        with Load(self, program, work, connections, seconds, *more, core=core) as load:
            return self.counted(load.run)


class Load:
    """The load generator, from where it has prepared all that it needs."""

    def __init__(self, product, program, work, connections, seconds, *more, core="1"):
        client = [f"--client={MACHINE}", f"--secret={SECRET}"] if work == "client_credentials" else [
            f"--client={APPLICATION}", f"--users={USERS}", f"--password={PASSWORD}"]
        command = ["dotnet", program, work, f"--url={product.url}", f"--connections={connections}", f"--seconds={seconds}", "--wait=true"]
        self.work, self.command = work, pinned(core, [*command, *client, *more])

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "ready\n":
            raise SystemExit(f"The load for {self.work} cannot be prepared.")
        return self

    def run(self):
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()

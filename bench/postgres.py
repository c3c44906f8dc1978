"""Debian's PostgreSQL with its defaults, as an ordinary user, on the core of the server that uses it: what a database costs is paid."""
import os
import pathlib
import shutil
import signal
import subprocess
import time

from targets import OUT, SERVER, folder, ticks

PROGRAMS = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), default=None)
NOBODY = 65534


class Postgres:
    def __init__(self, port):
        self.port, self.databases = port, 0

    def __enter__(self):
        self.folder = folder()
        self.key = self.folder / "seal.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.key, "2048"], check=True, capture_output=True)
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        if os.geteuid() == 0:
            self.folder.chmod(0o755)
            os.chown(data, NOBODY, NOBODY)
        # Its memory does for everybody: 300 connections, so that no pool has to wait for a place.
        self.run("initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8").wait()
        self.process = self.run("postgres", "-D", data, "-h", "127.0.0.1", "-p", self.port, "-k", data, "-c", "max_connections=300")
        for _ in range(600):
            if self.sql("SELECT 1").returncode == 0:
                return self
            time.sleep(0.1)
        raise SystemExit(f"PostgreSQL does not start: see {OUT}/postgres.log")

    def create(self):
        """A connection string for a database that is empty."""
        self.databases += 1
        made = self.sql(f"CREATE DATABASE bench{self.databases}")
        if made.returncode:
            raise SystemExit(made.stderr)
        return f"Host=127.0.0.1;Port={self.port};Database=bench{self.databases};Username=bench"

    def cpu(self):
        return ticks(self.process.pid, children=True)

    def sql(self, statement):
        address = f"host=127.0.0.1 port={self.port} user=bench dbname=postgres"
        return subprocess.run([PROGRAMS / "psql", address, "-qc", statement], capture_output=True, text=True)

    def run(self, program, *arguments):
        user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"] if os.geteuid() == 0 else []
        with open(OUT / "postgres.log", "a") as log:
            command = [*user, "taskset", "-c", SERVER, PROGRAMS / program, *arguments]
            return subprocess.Popen([str(part) for part in command], stdout=log, stderr=log)

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        shutil.rmtree(self.folder)

"""A PostgreSQL of one's own, with settings. For the programs beside it; it is none by itself."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

OWNER, NOBODY = "oauthmcp", "65534"


def pinned(core, command):
    return command if core is None else ["taskset", "-c", core, *command]


class Postgres:
    """Debian's PostgreSQL with a folder of its own, as an ordinary user, since it runs as no other."""

    def __init__(self, port, *settings, core="0"):
        self.port, self.core = port, core
        self.programs = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-postgres-"))
        if os.geteuid() == 0:
            os.chown(self.folder, int(NOBODY), int(NOBODY))
        self.settings = ["max_connections=200", "shared_buffers=256MB", *settings]

    def __enter__(self):
        data = str(self.folder / "data")
        made = [self.programs / "initdb", "-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(self.ordinary(made), check=True, stdout=subprocess.DEVNULL, cwd="/")
        settings = [part for setting in self.settings for part in ("-c", setting)]
        command = [self.programs / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(self.port), "-k", str(self.folder), *settings]
        self.log = open(self.folder.with_suffix(".log"), "w")
        self.process = subprocess.Popen(pinned(self.core, self.ordinary(command)), stdout=self.log, stderr=self.log, cwd="/")
        while subprocess.run([self.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode:
            if self.process.poll() is not None:
                raise SystemExit(f"PostgreSQL does not start: see {self.log.name}")
            time.sleep(0.1)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        self.log.close()
        shutil.rmtree(self.folder)

    @staticmethod
    def ordinary(command):
        command = [str(part) for part in command]
        return command if os.geteuid() else ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--", *command]

    def psql(self, database, statement, **options):
        """What a statement answers, a line a row, with tabs between the columns."""
        command = ["psql", "-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-d", database, "-qAtF\t", "-v", "ON_ERROR_STOP=1"]
        return subprocess.run([*command, "-c", statement], check=True, capture_output=True, text=True, **options).stdout

    def address(self, database):
        return f"Host=127.0.0.1;Port={self.port};Database={database};Username={OWNER};Maximum Pool Size=40"

    def create(self, database):
        self.psql("postgres", f"CREATE DATABASE {database}")
        return self.address(database)

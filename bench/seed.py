"""Rows as real ones are, for a store that has grown: accounts, clients, and grants with their codes, consents and refresh tokens."""
import datetime
import random
import sqlite3
import subprocess
import time

import database

FAMILY = 5  # refresh tokens of a grant
RESOURCE, SCOPE = "http://localhost:18500/mcp", "mcp.read mcp.write"
EPOCH = 62_135_596_800  # from the year 1 to 1970, in seconds
DAY = 86_400


def text(maker, length):
    return f"{maker.getrandbits(length * 4):0{length}x}"


def rows(count, moment, flag):
    """Each table with its columns and rows, for so many refresh tokens; times and booleans as the database writes them."""
    maker, now, people = random.Random(1), int(time.time()), count // 10
    users = [f"usr_{text(maker, 24)}" for _ in range(people)]
    clients = [f"cli_{text(maker, 24)}" for _ in range(people)]
    grants = [f"grt_{text(maker, 24)}" for _ in range(count // FAMILY)]
    owners = [(users[i % people], clients[(i * 7919 + i // people) % people]) for i in range(len(grants))]
    given = [now - maker.randrange(1, 80) * DAY - maker.randrange(DAY) for _ in grants]
    yield "AspNetUsers", (
        "Id", "UserName", "NormalizedUserName", "EmailConfirmed", "PasswordHash", "SecurityStamp", "ConcurrencyStamp",
        "PhoneNumberConfirmed", "TwoFactorEnabled", "LockoutEnabled", "AccessFailedCount", "FailedBeforeSignIn", "FailedSinceSignIn",
    ), (
        (user, f"person{i}", f"PERSON{i}", flag(False), text(maker, 84), text(maker, 32), text(maker, 36), flag(False), flag(False),
         flag(True), 0, 0, 0) for i, user in enumerate(users)
    )
    yield "Clients", (
        "Id", "Name", "RedirectUris", "GrantTypes", "TokenEndpointAuthMethod", "OtherAuthMethods", "MachineScope", "CreatedAt", "Origin",
        "RegistrationTokenHash",
    ), (
        (client, f"Application {i}", f'["https://application-{i}.example/oauth/callback"]', '["authorization_code","refresh_token"]',
         "none", "[]", "", moment(now - 85 * DAY + i), "Registered", text(maker, 43)) for i, client in enumerate(clients)
    )
    yield "Grants", ("Id", "Subject", "ClientId", "Scope", "Resource", "CreatedAt", "ExpiresAt"), (
        (grant, *owners[i], SCOPE, RESOURCE, moment(given[i]), moment(given[i] + 90 * DAY)) for i, grant in enumerate(grants)
    )
    yield "Consents", ("Subject", "ClientId", "Scope", "ClientDigest", "GivenAt", "ExpiresAt"), (
        (*owners[i], SCOPE, text(maker, 64), moment(given[i]), moment(given[i] + 90 * DAY)) for i in range(len(grants))
    )
    yield "AuthorizationCodes", ("Hash", "GrantId", "ClientId", "RedirectUri", "CodeChallenge", "ExpiresAt", "RedeemedAt"), (
        (text(maker, 43), grant, owners[i][1], "https://application.example/oauth/callback", text(maker, 43), moment(given[i] + 60),
         moment(given[i] + 5)) for i, grant in enumerate(grants)
    )

    def tokens():
        for i, grant in enumerate(grants):
            family = text(maker, 43)
            for generation in range(FAMILY):
                is_newest = generation == FAMILY - 1
                yield (text(maker, 43), grant, owners[i][1], moment(given[i] + 30 * DAY), None if is_newest else moment(given[i] + DAY),
                       None if is_newest else text(maker, 43), family, generation)

    yield "RefreshTokens", ("Hash", "GrantId", "ClientId", "ExpiresAt", "RotatedAt", "SuccessorSalt", "Family", "Generation"), tokens()


def ticks(moment):
    return (moment + EPOCH) * 10_000_000


def into_sqlite(file, count):
    with sqlite3.connect(file) as db:
        for table, columns, values in rows(count, ticks, int):
            names, marks = ", ".join(f'"{column}"' for column in columns), ",".join("?" * len(columns))
            db.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', values)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def into_postgres(server, name, count):
    """PostgreSQL looks at its tables by itself soon after; here it does so at once."""
    def moment(seconds):
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).isoformat()

    for table, columns, values in rows(count, moment, str):
        names = ", ".join(f'"{column}"' for column in columns)
        copy = subprocess.Popen(
            ["psql", "-h", "127.0.0.1", "-p", str(server.port), "-U", database.OWNER, "-d", name, "-q", "-v", "ON_ERROR_STOP=1", "-c",
             f'COPY oauthmcp."{table}" ({names}) FROM STDIN'],
            stdin=subprocess.PIPE, text=True,
        )
        with copy.stdin as lines:
            for row in values:
                lines.write("\t".join("\\N" if value is None else str(value) for value in row) + "\n")
        if copy.wait():
            raise SystemExit(f"{table} cannot be filled.")
    server.psql(name, "VACUUM ANALYZE")
    server.psql(name, "CHECKPOINT")  # which would else be at work while we measure

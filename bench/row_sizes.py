#!/usr/bin/env python3
"""How many bytes does a row of each table cost, its indexes included?

    bench/row_sizes.py path/to/oauthmcp.db

The schema is read from a database that the server has made; the rows are made up, as long as real ones are, in a copy that is
thrown away. Prints bytes a row and gigabytes a million.
"""
import os
import secrets
import sqlite3
import sys
import tempfile

ROWS = 20_000
TICKS = 639_000_000_000_000_000

# What is typical, in characters; other text columns are empty. Names that rows have in common are of one of a thousand.
TYPICAL = {
    "Clients": {"Id": 28, "Name": 20, "RedirectUris": 60, "GrantTypes": 40, "TokenEndpointAuthMethod": 18, "OtherAuthMethods": 2,
                "MachineScope": 0, "SecretHash": 43, "Origin": 10, "RegistrationTokenHash": 43},
    "AuthorizationRequests": {"Id": 43, "ClientId": -28, "RedirectUri": 40, "State": 180, "Scope": 18, "Resource": 27,
                              "CodeChallenge": 43, "Browser": 43},
    "Consents": {"Subject": 28, "ClientId": -28, "Scope": 18, "ClientDigest": 64},
    "Grants": {"Id": 28, "Subject": -28, "ClientId": -28, "Scope": 18, "Resource": 27},
    "AuthorizationCodes": {"Hash": 43, "GrantId": -28, "ClientId": -28, "RedirectUri": 40, "CodeChallenge": 43},
    "RefreshTokens": {"Hash": 43, "Family": -43, "GrantId": -28, "ClientId": -28, "SuccessorSalt": 43},
    "RevokedAccessTokens": {"JwtId": 27},
    "Revocations": {"Kind": 5, "Id": 27},
    "UsedOnce": {"Kind": 9, "Id": 65},
    "UpstreamSignIns": {"State": 43, "Provider": 6, "Nonce": 43, "SealedCodeVerifier": 180, "Browser": 43, "RequestId": 43},
    "UpstreamTokens": {"Subject": 28, "Provider": 6, "SealedAccessToken": 400, "SealedRefreshToken": 400, "Scope": 30},
    "FailedSignIns": {"Subject": 28, "Place": 21},
    "FailureCounts": {"Kind": 8, "Peer": 14},
    "ProtocolSessions": {"Id": 43, "Subject": -28, "Opening": 180},
    "Audit": {"Id": 32, "What": 9, "Decision": 7, "Act": 26, "ClientId": -28, "Subject": -28, "Scope": 18, "TraceId": 32, "Peer": 14},
    "RecoveryCodes": {"Subject": -28, "Hash": 43},
    "AspNetUsers": {"Id": 28, "UserName": 12, "NormalizedUserName": 12, "PasswordHash": 84, "SecurityStamp": 32, "ConcurrencyStamp": 36},
}


def text(length: int, pool: dict) -> str:
    if length >= 0:
        return secrets.token_urlsafe(length)[:length]
    return pool.setdefault((length, secrets.randbelow(1000)), secrets.token_urlsafe(-length)[:-length])


def bytes_a_row(schema: list[str], table: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(os.path.join(folder, "rows.db"))
        for statement in schema:
            db.execute(statement)
        db.commit()
        before = db.execute("PRAGMA page_count").fetchone()[0]
        columns = db.execute(f'PRAGMA table_info("{table}")').fetchall()
        pool: dict = {}
        for row in range(ROWS):
            values = []
            for _, name, kind, required, _, _ in columns:
                if name in TYPICAL[table]:
                    values.append(text(TYPICAL[table][name], pool))
                elif kind == "INTEGER":
                    values.append(TICKS + row * 10_000_000 if name.endswith("At") else row if name == "Number" else row % 5)
                else:
                    values.append("" if required else None)
            marks = ",".join("?" * len(values))
            db.execute(f'INSERT INTO "{table}" VALUES ({marks})', values)
        db.commit()
        pages = db.execute("PRAGMA page_count").fetchone()[0] - before
        return pages * db.execute("PRAGMA page_size").fetchone()[0] / ROWS


source = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
statements = [sql for (sql,) in source.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'")]
for name in TYPICAL:
    size = bytes_a_row(statements, name)
    print(f"{name:24}{size:8.0f} B a row {size / 1000:8.2f} GB a million")

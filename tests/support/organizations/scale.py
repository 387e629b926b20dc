"""A big organization, and what a question costs in it.

``python -m tests.support.organizations.scale FOLDER [ACCOUNTS] [ROLES]`` writes FOLDER (500 accounts of 200 roles) and
measures: a denial over two accounts, of which one has a bucket, and the same in a folder of those two accounts alone;
accounts opened, seconds and the memory at its most. Each is measured in a process of its own: without look-ups on disk,
with those that opening every account leaves, and with one file changed since.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

from diagnostics.diagnose import collect, read_text
from diagnostics.view import view_of
from iam.sources.organization.folder import open_folder
from tests.support.accounts import scale
from tests.support.organizations.generate import FULL_ACCESS, ORG, document

FIRST = 200_000_000_000


def account_id(number: int) -> str:
    return str(FIRST + number)


def snapshot(number: int, roles: int) -> dict[str, Any]:
    """One account: its roles, and a bucket whose policy names a role of the account before."""
    account, before = account_id(number), account_id(number - 1)
    made, _ = scale.make(roles, seed=number)
    made = json.loads(json.dumps(made).replace(scale.ACCOUNT, account))
    bucket = f"arn:aws:s3:::org-data-{number}"
    reader = {"AWS": f"arn:aws:iam::{before}:role/{first_role(made)}"}
    allow = {"Effect": "Allow", "Principal": reader, "Action": "s3:GetObject", "Resource": f"{bucket}/in/*"}
    made["Rolescope"]["ResourcePolicies"] = {bucket: document(allow)}
    made["Rolescope"]["Account"]["Id"] = account
    made["Rolescope"].pop("Organization", None)
    return dict(made)


def first_role(made: dict[str, Any]) -> str:
    return str(made["RoleDetailList"][0]["RoleName"])


def write(folder: Path, accounts: int, roles: int) -> None:
    (folder / "accounts").mkdir(parents=True)
    ids = [account_id(number) for number in range(1, accounts + 1)]
    tree = {
        "Format": "rolescope-organization",
        "Version": 1,
        "Id": ORG,
        "ManagementAccountId": ids[0],
        "Root": "r-plan",
        "Units": [],
        "Accounts": [{"Id": id, "Name": f"team-{id[-3:]}", "Parent": "r-plan", "Status": "ACTIVE"} for id in ids],
        "ServiceControlPolicies": [
            {
                "Arn": FULL_ACCESS,
                "Name": "FullAWSAccess",
                "Document": document({"Effect": "Allow", "Action": "*", "Resource": "*"}),
                "Targets": ["r-plan", *ids],
            }
        ],
        "ResourceControlPolicies": [],
    }
    (folder / "organization.json").write_text(json.dumps(tree))
    for number, id in enumerate(ids, start=1):
        (folder / "accounts" / f"{id}.json").write_text(json.dumps(snapshot(number, roles)))


def denial(folder: Path, number: int) -> str:
    made = json.loads((folder / "accounts" / f"{account_id(number)}.json").read_text())
    session = f"arn:aws:sts::{account_id(number)}:assumed-role/{first_role(made)}/x"
    return (
        f"User: {session} is not authorized to perform: s3:GetObject on resource: "
        f"arn:aws:s3:::org-data-{number + 1}/out/file"
    )


def ask(folder: str, text: str) -> int:
    """Diagnose a text in this process, and print what that cost."""
    began = perf_counter()
    accounts = open_folder(folder)
    (failure,) = read_text(text)
    opened = view_of(failure, accounts)
    assert opened is not None
    verdict = collect(failure, opened).verdict
    seconds = perf_counter() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # KB on Linux
    cost = f"{accounts.opened_count} accounts opened, {seconds:.2f} s, {most:.0f} MB"
    print(f"{cost}: {verdict.cause} in {verdict.account}")
    return 0


def learn(folder: str) -> int:
    """Open every account once, as the list of roles does."""
    accounts = open_folder(folder)
    began = perf_counter()
    for id in accounts.ids:
        accounts.opened(id)
    print(f"{accounts.opened_count} accounts opened, {perf_counter() - began:.2f} s")
    return 0


def measured(name: str, *arguments: str) -> None:
    command = [sys.executable, "-m", "tests.support.organizations.scale", *arguments]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    print(f"{name:<36} {said}", flush=True)


def main(folder: Path, accounts: int = 500, roles: int = 200) -> int:
    if not folder.exists():
        write(folder, accounts, roles)
    middle = accounts // 2
    text = denial(folder, middle)
    with tempfile.TemporaryDirectory() as place:
        os.environ["XDG_CACHE_HOME"] = f"{place}/cache"
        two = Path(place) / "two"
        (two / "accounts").mkdir(parents=True)
        for number in (middle, middle + 1):
            shutil.copy(folder / "accounts" / f"{account_id(number)}.json", two / "accounts")
        shutil.copy(folder / "organization.json", two)
        for name, asked in ((f"{accounts} accounts", folder), ("2 accounts", two)):
            measured(f"{name}, without look-ups", "ask", str(asked), text)
            measured(f"{name}, every account", "learn", str(asked))
            measured(f"{name}, with look-ups", "ask", str(asked), text)
            file = asked / "accounts" / f"{account_id(middle)}.json"
            os.utime(file)
            measured(f"{name}, one file changed", "ask", str(asked), text)
    return 0


if __name__ == "__main__":
    if sys.argv[1] == "learn":
        sys.exit(learn(sys.argv[2]))
    if sys.argv[1] == "ask":
        sys.exit(ask(*sys.argv[2:4]))
    sys.exit(main(Path(sys.argv[1]), *map(int, sys.argv[2:4])))

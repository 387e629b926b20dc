"""A role with many recorded calls, right-sized, and every call asked again of another engine::

    python -m tests.support.oracles.right_sizing [EVENTS] [FILE]      (default 10000)

Writes the calls of a role with a wide policy, among as many of others, into a trail of gzip files; right-sizes the role
by it; prints the numbers, time and memory. With FILE, the recorded calls under the draft are written there as lines for
``rolescope evaluate`` (and for any other engine that reads them).
"""

from __future__ import annotations

import gzip
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from diagnostics.right_size.report import headline
from diagnostics.right_size.run import RightSized, right_size
from diagnostics.right_size.trail import TrailFiles
from iam.account import Account, Role
from iam.service_reference import services
from iam.sources.reader.account_reader import AccountReader
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts.questions import ID, allow, deny, document, role
from tests.support.accounts.reviewing import snapshot
from tests.support.accounts.trail_records import record

ROLE = role(
    "busy",
    allow(["s3:*", "dynamodb:*", "sqs:*", "lambda:*", "kms:*", "logs:*", "secretsmanager:Get*", "iam:PassRole"]),
    allow("ec2:*", "*", Condition={"StringEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}}),
    deny("s3:DeleteBucket"),
)
OTHER = {"role": f"arn:aws:iam::{ID}:role/other", "role_id": "AROAOTHER"}
BEGINS = datetime(2026, 8, 25, tzinfo=UTC)
PER_FILE = 20_000


def events(count: int, chance: random.Random, *, data: bool = True) -> Iterator[dict[str, Any]]:
    """Half of the role's, half of others'; over 90 days. ``data``: with S3's and DynamoDB's data events."""
    for number in range(count):
        when = BEGINS + timedelta(days=90) * number / count
        more: dict[str, Any] = {
            "time": f"{when:%Y-%m-%dT%H:%M:%SZ}",
            "region": chance.choice(["us-east-1", "eu-west-1"]),
        }
        if number % 2:
            yield record("ec2", chance.choice(["DescribeVpcs", "CreateVpc"]), reads=number % 4 == 1, **OTHER, **more)
            continue
        more |= {"role": ROLE["Arn"], "role_id": ROLE["RoleId"]}
        yield _own(chance, number, more, data)


def _own(chance: random.Random, number: int, more: dict[str, Any], data: bool) -> dict[str, Any]:
    key = f"in/{chance.randrange(10**6)}.csv"
    kinds = ["ec2", "lambda", "sqs", "secret", "kms", "run"] + (["get", "put", "query"] * 2 if data else [])
    match chance.choice(kinds):
        case "get":
            return record("s3", "GetObject", {"bucketName": "lake", "key": key}, data=True, reads=True, **more)
        case "put":
            place = f"out/{number % 28 + 1:02}/{key}"
            return record("s3", "PutObject", {"bucketName": "lake", "key": place}, data=True, **more)
        case "query":
            return record("dynamodb", "Query", {"tableName": "orders"}, data=True, reads=True, **more)
        case "ec2":
            return record("ec2", "DescribeInstances", reads=True, **more)
        case "lambda":
            function = f"job-{chance.randrange(3)}"
            return record("lambda", "GetFunction20150331v2", {"functionName": function}, reads=True, **more)
        case "sqs":
            url = f"https://sqs.{more['region']}.amazonaws.com/{ID}/jobs"
            return record("sqs", "SetQueueAttributes", {"queueUrl": url}, **more)
        case "secret":
            return record("secretsmanager", "GetSecretValue", {"secretId": "orders/db"}, reads=True, **more)
        case "kms":
            key_arn = f"arn:aws:kms:{more['region']}:{ID}:key/1234abcd-12ab-34cd-56ef-1234567890ab"
            return record("kms", "Decrypt", resources=[{"ARN": key_arn}], reads=True, **more)
    return record("ec2", "StopInstances", {"instancesSet": {"items": [{"instanceId": "i-0abc1234de"}]}}, **more)


def write_trail(folder: Path, count: int, *, data: bool = True) -> None:
    listed = events(count, random.Random(7), data=data)
    for number in range(0, count, PER_FILE):
        with gzip.open(folder / f"{number:09}.json.gz", "wt", compresslevel=1, encoding="utf-8") as file:
            file.write('{"Records":[')
            for at in range(min(PER_FILE, count - number)):
                file.write("," * bool(at) + json.dumps(next(listed)))
            file.write("]}")


def opened(folder: Path) -> tuple[Account, AccountReader, Role]:
    used = ("s3", "dynamodb", "sqs", "lambda", "kms", "secretsmanager", "ec2")
    saved = snapshot([ROLE])
    rows = [
        {"ServiceNamespace": name, **({"LastAuthenticated": "2026-11-20T00:00:00Z"} if name in used else {})}
        for name in services()
    ]
    own = saved.setdefault("Rolescope", {})
    own.setdefault("Account", {})["CapturedAt"] = "2026-11-27T00:00:00Z"
    own["LastAccessed"] = {ROLE["Arn"]: rows}
    path = folder / "account.snapshot"
    path.write_text(json.dumps(saved), encoding="utf-8")
    reader = open_snapshot(str(path))
    account = list(reader.accounts())[-1]
    found = account.role("busy")
    assert found is not None
    return account, reader, found


def sized(count: int, folder: Path, *, data: bool = True) -> tuple[RightSized, float]:
    """The role right-sized by so many events, and the seconds of the processor that it took."""
    trail = folder / "trail"
    trail.mkdir()
    write_trail(trail, count, data=data)
    account, reader, busy = opened(folder)
    began = time.process_time()
    found = right_size(busy, account, reader, trail=TrailFiles((trail,), busy, account))
    return found, time.process_time() - began


def lines(found: RightSized) -> Iterator[str]:
    """The recorded calls under the draft, one request a line, equal ones once."""
    after = [each.document.value for each in found.draft.identity()]
    seen: set[object] = set()
    for call in found.trail.calls():
        context = {key: list(values) for key, values in call.context.items()}
        for one in call.resources or ("*",):
            key = (call.action, one, call.context.get("aws:RequestedRegion"))
            if call.refused or call.dependent or key in seen:
                continue
            seen.add(key)
            asked = {
                "id": len(seen),
                "principal": found.role.arn,
                "action": call.action,
                "resource": one.replace("??????", "AbCdEf"),
                "resourceAccount": ID,
                "identityPolicies": after,
                "contextVariables": context,
            }
            if call.action.startswith("kms:"):  # a key's own policy must let the account's policies speak
                root = {"AWS": f"arn:aws:iam::{ID}:root"}
                asked["resourcePolicy"] = document({**allow("kms:*"), "Principal": root})
            yield json.dumps(asked)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        found, seconds = sized(count, Path(name))
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(headline(found))
        print(f"{found.coverage.events:,} events, {found.coverage.of_role:,} of the role, {seconds:.1f} s, {memory} MB")
        for each in found.draft.changed:
            print(each.after.text if each.after else "nothing left")
        if len(sys.argv) > 2:
            Path(sys.argv[2]).write_text("\n".join(lines(found)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

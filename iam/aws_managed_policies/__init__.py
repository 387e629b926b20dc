"""AWS managed policies, from a list that comes with the program. It is used for saved accounts and for the demo.

The first line of ``policies.jsonl.gz`` says where the list comes from (`Provenance`). Each further line is a policy,
sorted by name: its ARN in the partition ``aws``, the default version's ID and document, and when AWS created and last
changed it. ``python -m iam.aws_managed_policies.refresh`` creates the file again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from iam.account import ManagedPolicy, PolicyVersion
from iam.lazy_pattern import regex
from iam.policy.document import Document

FILE = Path(__file__).with_name("policies.jsonl.gz")
LIST = "rolescope's list of AWS's policies"
_LINE = re.compile(rb'^{"Arn": "(?P<arn>[^"]+)".*$', re.MULTILINE)
_ARN = regex(r"arn:(?P<partition>[\w-]+):(?P<rest>iam::aws:policy/[\w/-]+)")


@dataclass(frozen=True, slots=True)
class Provenance:
    """The list's source, the day on which it was taken, and the day of the latest change in it (``YYYY-MM-DD``)."""

    source: str
    taken: str
    newest: str


def provenance() -> Provenance:
    about = json.loads(_list()[0].partition(b"\n")[0])
    return Provenance(about["Source"], about["Taken"], about["Newest"])


def arns() -> tuple[str, ...]:
    """Return the ARN of every policy in the list, in the partition ``aws``, sorted by name."""
    return tuple(_list()[1])


def attachable(arns: Iterable[str]) -> tuple[str, ...]:
    """Return the ARNs of policies that can be attached to a role, a user or a group, sorted.

    Policies of service-linked roles are left out.
    """
    return tuple(sorted(arn for arn in arns if ":policy/aws-service-role/" not in arn))


@lru_cache(maxsize=256)
def find(arn: str) -> ManagedPolicy | None:
    """Return the policy with this ARN, in any partition, with its default version; None if the list lacks it.

    AWS's policies are the same in every partition, except for the ARNs in them.
    """
    match = _ARN.fullmatch(arn)
    text, places = _list()
    place = places.get(f"arn:aws:{match['rest']}") if match else None
    if match is None or place is None:
        return None
    entry = json.loads(text[place].decode().replace('"arn:aws:', f'"arn:{match["partition"]}:'))
    created, updated = (datetime.fromisoformat(entry[date]) for date in ("CreateDate", "UpdateDate"))
    return aws_managed_policy(entry["Arn"], entry["DefaultVersionId"], entry["Document"], created, updated)


def named(name: str) -> ManagedPolicy | None:
    """Return the policy with this name, in any folder; None if the list lacks it."""
    arn = next((each for each in _list()[1] if each.endswith(f"/{name}")), None)
    return find(arn) if arn is not None else None


def aws_managed_policy(arn: str, version: str, document: object, created: datetime, updated: datetime) -> ManagedPolicy:
    """Return an AWS managed policy with its default version. ``document`` is decoded JSON."""
    path, _, name = arn.partition(":policy")[2].rpartition("/")
    return ManagedPolicy(
        name,
        arn,
        f"{path}/",
        versions=(PolicyVersion(version, Document.from_value(json.dumps(document)), True),),
        default_version_id=version,
        created=created,
        updated=updated,
    )


def packed(source: str, taken: str, policies: list[ManagedPolicy]) -> bytes:
    """Return the content of the list's file for these policies. Each has the document of its default version."""
    entries = [
        {
            "Arn": policy.arn,
            "DefaultVersionId": policy.default_version_id,
            "CreateDate": policy.created and policy.created.isoformat(),
            "UpdateDate": policy.updated and policy.updated.isoformat(),
            "Document": policy.document and policy.document.value,
        }
        for policy in sorted(policies, key=lambda policy: policy.name)
    ]
    newest = max(str(entry["UpdateDate"]) for entry in entries)[:10]
    about = {"Source": source, "Taken": taken, "Newest": newest, "Policies": len(entries)}
    # The file contains no time, so that the same list always gives the same bytes.
    import gzip

    return gzip.compress("".join(f"{json.dumps(line)}\n" for line in (about, *entries)).encode(), mtime=0)


@lru_cache(maxsize=1)
def _list() -> tuple[bytes, dict[str, slice]]:
    """Return the full list, and the position of each ARN's line. A line is parsed only when it is needed."""
    import gzip

    text = gzip.decompress(FILE.read_bytes())
    return text, {line["arn"].decode(): slice(*line.span()) for line in _LINE.finditer(text)}

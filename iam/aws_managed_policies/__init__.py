"""AWS's own managed policies, out of a list that comes with the program: for saved accounts, and for the demo.

``policies.jsonl.gz`` says in its first line where it comes from (`Provenance`). Then a policy a line, by name: its ARN
in the partition ``aws``, the default version's id and document, and when AWS made and last changed it.
``python -m iam.aws_managed_policies.refresh`` makes it again.
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
    """Whose copy the list is, the day it was taken, and the day of AWS's last change that it has (``YYYY-MM-DD``)."""

    source: str
    taken: str
    newest: str


def provenance() -> Provenance:
    about = json.loads(_list()[0].partition(b"\n")[0])
    return Provenance(about["Source"], about["Taken"], about["Newest"])


def arns() -> tuple[str, ...]:
    """Of every policy in the list, in the partition ``aws``, by name."""
    return tuple(_list()[1])


def attachable(arns: Iterable[str]) -> tuple[str, ...]:
    """Those that can be attached to a role, a user or a group, in order: none of service-linked roles."""
    return tuple(sorted(arn for arn in arns if ":policy/aws-service-role/" not in arn))


@lru_cache(maxsize=256)
def find(arn: str) -> ManagedPolicy | None:
    """The policy of that ARN, in any partition, with its default version; None where the list does not have it.

    AWS's policies are the same in every partition, but for the ARNs in them.
    """
    match = _ARN.fullmatch(arn)
    text, places = _list()
    place = places.get(f"arn:aws:{match['rest']}") if match else None
    if match is None or place is None:
        return None
    entry = json.loads(text[place].decode().replace('"arn:aws:', f'"arn:{match["partition"]}:'))
    created, updated = (datetime.fromisoformat(entry[date]) for date in ("CreateDate", "UpdateDate"))
    return aws_managed_policy(entry["Arn"], entry["DefaultVersionId"], entry["Document"], created, updated)


def aws_managed_policy(arn: str, version: str, document: object, created: datetime, updated: datetime) -> ManagedPolicy:
    """A policy of AWS with its default version, whose ``document`` is decoded JSON."""
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
    """The file's content for these policies, each with the document of its default version."""
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
    # No time in the file: the same list gives the same bytes.
    import gzip

    return gzip.compress("".join(f"{json.dumps(line)}\n" for line in (about, *entries)).encode(), mtime=0)


@lru_cache(maxsize=1)
def _list() -> tuple[bytes, dict[str, slice]]:
    """The whole list, and where in it each ARN's line is. Objects are made only of the lines that are asked for."""
    import gzip

    text = gzip.decompress(FILE.read_bytes())
    return text, {line["arn"].decode(): slice(*line.span()) for line in _LINE.finditer(text)}

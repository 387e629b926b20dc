"""The s3:// addresses on lines that report a denial."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.json_in_text import MOST_CHARACTERS
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.access_denied.pasted.request_resource import PARTITION
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing

_REFUSED_ADDRESS = regex(
    r"(?P<before>[^\n\"]{1,80}\"?)(?<=[\s'\"(])"
    r"s3[an]?://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/(?P<key>[^\s'\"<>),;]*[^\s'\"<>),;.:])"
    r"(?P<to_write>\W{1,3}for writ)?",
    re.IGNORECASE,
)
"""Messages of data-processing programs about an object to which S3 denied access."""


_VERB = regex(r"\b(?:(?P<writes>writ|put|upload|sav)|read|get|load|open|fetch|download)", re.IGNORECASE)


_SAYS_REFUSED = regex(r"access ?denied|forbidden|\b403\b", re.IGNORECASE)


def of_a_bucket_left_out(denial: Denial, shown: Sequence[PastedPolicy]) -> Finding | None:
    """Return a finding if no Allow in the text names the bucket of a denied s3:// address; None otherwise.

    For denials whose call is unknown.
    """
    refused = refused_buckets(denial)
    named = {
        resource
        for one in shown
        for statement in one.document.statements
        if statement.effect == "Allow" and one.label in ("", "identity")
        for resource in statement.resource or ()
    }
    buckets = {found[1] for each in named if (found := re.match(r"arn:[\w-]+:s3:::([^/]+)", each))}
    if len(refused) != 1 or not buckets or "*" in named:
        return None
    bucket = refused.pop()
    if any(fnmatchcase(bucket, each) for each in buckets):
        return None
    partition = next(iter(named)).split(":")[1]
    arn = f"arn:{partition}:s3:::{bucket}"
    said = f"the policy names {listing(sorted(buckets))}, but not {bucket}, to which access was denied"
    note = Note(
        "the policy in the text",
        f"Add {arn} and {arn}/* to the statement's Resource, or write to a bucket that the policy names. Change the "
        "policy of the role that makes this call, not the policy of a run that works.",
    )
    fix = Fix(f"Allow {bucket}, too", Who.ACCOUNT_ADMIN, note)
    return Finding("identity.resource-mismatch", said, f"In the text, {said}.", fix=fix)


def _refusing_lines(text: str) -> list[str]:
    """Return the lines that report a denial; if none of them has an address, the lines next to them."""
    lines = text.splitlines()
    at = [number for number, line in enumerate(lines) if _SAYS_REFUSED.search(line)]
    own = [lines[number] for number in at]
    if any("://" in line for line in own):
        return own
    return [lines[beside] for number in at for beside in (number - 1, number + 1) if 0 <= beside < len(lines)]


def refused_buckets(denial: Denial) -> set[str]:
    """Return the buckets of the s3:// addresses on lines that report a denial."""
    return {
        found["bucket"]
        for line in denial.text[:MOST_CHARACTERS].splitlines()
        if _SAYS_REFUSED.search(line)
        for found in _S3_ADDRESS.finditer(line)
    }


_S3_ADDRESS = regex(r"s3[an]?://(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?=[/\s\"'<>),;]|$)")


def of_an_address(denial: Denial) -> Denial:
    """Return the denial with the action and the object from a line that reports a denial and has an s3:// address.

    The verb before the address shows the action. An address contains no partition, so the partition of the text's ARNs
    is used.
    """
    text = denial.text[:MOST_CHARACTERS]
    found = [
        (one, verbs[-1])
        for line in _refusing_lines(text)
        if (one := _REFUSED_ADDRESS.search(line)) and (verbs := list(_VERB.finditer(one["before"])))
    ]
    partitions = set(PARTITION.findall(denial.principal or f"{text}\n{denial.pasted or ''}")) or {"aws"}
    if len({one["bucket"] for one, _ in found}) != 1 or len(partitions) != 1:
        return denial
    one, verb = found[0]
    action = "s3:PutObject" if verb["writes"] or one["to_write"] else "s3:GetObject"
    resource = f"arn:{partitions.pop()}:s3:::{one['bucket']}/{one['key']}"
    return replace(denial, action=action, resource=denial.resource or resource)

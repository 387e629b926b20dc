"""``rolescope permissions DEPTH``: print the least-privilege policy that rolescope itself needs."""

from __future__ import annotations

import argparse
import json
import re
import sys

from iam.arn import Arn
from iam.own_permissions import MANAGED_POLICY_LENGTH, depths, length, policy, terraform
from iam.sources.aws.read_calls import Depth
from iam.sources.aws.reader import AwsReader
from iam.sources.source_error import SourceError
from tui.exit_status import ANSWERED, UsageError
from tui.open_account import open_reader

ANY = "*"
"""A wildcard in place of an account ID.

In a policy that is attached in an account, it means that account's own IAM resources.
"""


def run(options: argparse.Namespace) -> int:
    if options.depth is None:
        print(_list())
        return ANSWERED
    depth = Depth(options.depth)
    try:
        account, partition = _where(options)
    except SourceError as error:
        raise SourceError(f"{error} --account NUMBER needs no credentials.") from error
    if account == ANY and Depth.USE in depths(depth):
        raise UsageError("There are no credentials that identify the account: add --account NUMBER.")
    if account != ANY and not re.fullmatch(r"\d{12}", account):
        raise UsageError("--account takes the 12 digits of an account.")
    if not re.fullmatch(r"[\w+=,.@/*-]+", options.roles):
        raise UsageError("--roles takes a role's path and name, with * for any characters: teams/web/*")
    if options.buckets is not None and not re.fullmatch(r"[a-z0-9.*-]+", options.buckets):
        raise UsageError("--buckets takes a bucket's name, with * for any characters: trail-*")
    if depth is Depth.TRAIL and options.buckets is None:
        raise UsageError("Name the buckets that contain the trail and Athena's results: --buckets 'trail-*'")
    given = {
        "account": account,
        "partition": partition,
        "roles": options.roles.lstrip("/"),
        "buckets": options.buckets or "*",
    }
    if options.format == "terraform":
        print("\n".join(terraform(each, policy(each, **given)) for each in depths(depth)), end="")
        return ANSWERED
    document = policy(*([depth] if options.only else depths(depth)), **given)
    print(json.dumps(document, indent=2))
    if length(document) > MANAGED_POLICY_LENGTH:
        print(
            "This policy exceeds the size limit of a managed policy. Add it to a role as an inline policy, or "
            f"create a separate policy for each of {' and '.join(depths(depth))} with --only (--format terraform "
            "creates these policies).",
            file=sys.stderr,
        )
    return ANSWERED


def _list() -> str:
    lines = [f"{depth:<9} {depth.words}" for depth in Depth]
    return "\n".join((*lines, "", "rolescope permissions DEPTH prints the policy; --format terraform declares it."))


def _where(options: argparse.Namespace) -> tuple[str, str]:
    """Return the account and its partition: as given, or else the caller's; `ANY` without credentials.

    Raises `SourceError`.
    """
    if options.account:
        return options.account, options.partition or "aws"
    reader = open_reader(options)
    if isinstance(reader, AwsReader) and not reader.has_credentials():
        print(
            "No AWS credentials were found, so this policy fits any account; --account NUMBER narrows it.",
            file=sys.stderr,
        )
        return ANY, options.partition or "aws"
    reading = reader.caller()
    if reading.value is None:
        raise SourceError(reading.why or "The account number is unknown.")
    arn = Arn.parse(reading.value.arn)
    return reading.value.account, options.partition or (arn.partition if arn else "aws")

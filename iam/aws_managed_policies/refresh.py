"""Create the list of AWS managed policies again, in a checkout: ``python -m iam.aws_managed_policies.refresh``.

==================  ==================================================================================================
``--profile NAME``  read the policies from AWS with this profile's credentials, by default with the default ones. Any
                    account will do, because AWS's policies are the same in each. Requires iam:ListPolicies and
                    iam:GetPolicyVersion (as in the policy `IAMReadOnlyAccess`); takes a few minutes for 1,600 calls
``--moto``          copy the policies from moto (the extra ``demo``): needs no credentials and no network, but the copy
                    is as old as the installed moto
==================  ==================================================================================================

Then run the tests, and commit ``policies.jsonl.gz``.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from iam.account import ManagedPolicy
from iam.aws_managed_policies import FILE, aws_managed_policy, packed

_AT_ONCE = 8


def main(argv: Sequence[str] | None = None, file: Path = FILE) -> int:
    """Write the list to ``file``. Returns the exit status: 3 if AWS could not be read, so that nothing was written."""
    parser = argparse.ArgumentParser(
        prog="python -m iam.aws_managed_policies.refresh",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--profile", metavar="NAME", help="a profile of the AWS configuration")
    parser.add_argument("--moto", action="store_true", help="from moto's copy, not from AWS")
    options = parser.parse_args(argv)
    try:
        source, policies = from_moto() if options.moto else from_aws(boto3.Session(profile_name=options.profile))
    except (BotoCoreError, ClientError) as error:
        print(f"AWS's policies could not be read: {error}", file=sys.stderr)
        return 3
    content = packed(source, datetime.now(UTC).date().isoformat(), policies)
    file.write_bytes(content)
    print(f"{file}: {len(policies):,} policies from {source}, {len(content):,} bytes")
    return 0


def from_aws(session: boto3.Session) -> tuple[str, list[ManagedPolicy]]:
    """Return a description of the source, and every AWS managed policy.

    Raises botocore's errors if a policy cannot be read.
    """
    retries = {"mode": "adaptive", "max_attempts": 10}
    iam = session.client("iam", config=Config(retries=retries, max_pool_connections=_AT_ONCE))

    def with_document(listed: dict[str, Any]) -> ManagedPolicy:
        arn, default = listed["Arn"], listed["DefaultVersionId"]
        document = iam.get_policy_version(PolicyArn=arn, VersionId=default)["PolicyVersion"]["Document"]
        return aws_managed_policy(arn, default, document, listed["CreateDate"], listed["UpdateDate"])

    pages = iam.get_paginator("list_policies").paginate(Scope="AWS")
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return "AWS", list(pool.map(with_document, (policy for page in pages for policy in page["Policies"])))


def from_moto() -> tuple[str, list[ManagedPolicy]]:
    """Return the same as `from_aws`, from the copy of AWS's responses that moto contains."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    policies = [
        aws_managed_policy(
            f"arn:aws:iam::aws:policy{entry['Path']}{name}",
            entry["DefaultVersionId"],
            entry["Document"],
            datetime.fromisoformat(entry["CreateDate"]),
            datetime.fromisoformat(entry["UpdateDate"]),
        )
        for name, entry in json.loads(aws_managed_policies_data).items()
    ]
    return f"moto {version('moto')}", policies


if __name__ == "__main__":
    sys.exit(main())

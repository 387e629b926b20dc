"""AWS's own managed policies: from AWS itself, or where there is no AWS (snapshots) from moto's list."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from iam.account import ManagedPolicy, PolicyVersion
from iam.policy.document import Document
from iam.sources.reader import AccountReader, Reading

CALL = "iam:ListPolicies"


def aws_managed_policies(reader: AccountReader) -> Reading[tuple[str, ...]]:
    """ARNs of the policies of AWS that can be attached (none of service-linked roles). May take some seconds."""
    connection = getattr(reader, "aws", None)
    if connection is not None:
        from iam.sources import aws_errors
        from iam.sources.aws_session import FAILURES

        try:
            pages = connection.client("iam").get_paginator("list_policies").paginate(Scope="AWS")
            arns = [str(each["Arn"]) for page in pages for each in page["Policies"]]
            return Reading(CALL, _attachable(arns))
        except FAILURES as error:
            return Reading(CALL, _listed(), note=aws_errors.why(CALL, error, None))
    return Reading("moto's list", _listed())


@lru_cache(maxsize=256)
def listed_policy(arn: str) -> ManagedPolicy | None:
    """A managed policy of AWS as moto has it, in any partition, or None for one that it does not know.

    AWS's policies are the same in every partition, but for the ARNs in them.
    """
    match = re.fullmatch(r"arn:(?P<partition>[\w-]+):iam::aws:policy(?P<path>/(?:[\w-]+/)*)(?P<name>[\w-]{1,128})", arn)
    if match is None:
        return None
    from moto.iam.aws_managed_policies import aws_managed_policies_data as listed

    at = listed.find(f'\n "{match["name"]}":{{')  # each name stands at the beginning of a line, one space in
    if at < 0:
        return None
    data, _ = json.JSONDecoder().raw_decode(listed, listed.index("{", at))
    if data["Path"] != match["path"]:
        return None
    text = json.dumps(data["Document"]).replace('"arn:aws:', f'"arn:{match["partition"]}:')
    version = PolicyVersion(data["DefaultVersionId"], Document.from_value(text), True)
    return ManagedPolicy(match["name"], arn, data["Path"], versions=(version,), default_version_id=version.id)


def _listed() -> tuple[str, ...]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    listed = json.loads(aws_managed_policies_data)
    return _attachable([f"arn:aws:iam::aws:policy{data['Path']}{name}" for name, data in listed.items()])


def _attachable(arns: list[str]) -> tuple[str, ...]:
    return tuple(sorted(arn for arn in arns if ":policy/aws-service-role/" not in arn))

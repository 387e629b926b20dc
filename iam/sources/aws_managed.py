"""The names of AWS's own managed policies: from AWS itself, or where there is no AWS (snapshots) from moto's list."""

from __future__ import annotations

import json

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


def _listed() -> tuple[str, ...]:
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    listed = json.loads(aws_managed_policies_data)
    return _attachable([f"arn:aws:iam::aws:policy{data['Path']}{name}" for name, data in listed.items()])


def _attachable(arns: list[str]) -> tuple[str, ...]:
    return tuple(sorted(arn for arn in arns if ":policy/aws-service-role/" not in arn))

"""The AWS-managed policies that can be attached: from AWS, or where there is none from the program's own list."""

from __future__ import annotations

from collections.abc import Iterable

from iam import aws_managed_policies as listed
from iam.sources.reader import AccountReader, Reading

CALL = "iam:ListPolicies"
LIST = "rolescope's list of AWS's policies"


def aws_managed_policies(reader: AccountReader) -> Reading[tuple[str, ...]]:
    """ARNs of the policies of AWS that can be attached (none of service-linked roles). May take some seconds."""
    connection = getattr(reader, "aws", None)
    if connection is not None:
        from iam.sources.aws import errors as aws_errors
        from iam.sources.aws.session import FAILURES

        try:
            pages = connection.client("iam").get_paginator("list_policies").paginate(Scope="AWS")
            arns = [str(each["Arn"]) for page in pages for each in page["Policies"]]
            return Reading(CALL, _attachable(arns))
        except FAILURES as error:
            return Reading(CALL, _attachable(listed.arns()), note=aws_errors.why(CALL, error, None))
    return Reading(LIST, _attachable(listed.arns()))


def _attachable(arns: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(arn for arn in arns if ":policy/aws-service-role/" not in arn))

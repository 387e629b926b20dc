"""The principals of a trust policy are read from a query of get-role, and from a role in the AWS CDK."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

DENIED = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:sts::618204557391:"
    "assumed-role/runner/x is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::902215587730:role/"
    "deploy\n\n"
)
QUERY = "$ aws iam get-role --role-name deploy --query {}\n{}"
STATEMENTS = "Role.AssumeRolePolicyDocument.Statement"


@pytest.mark.parametrize(
    "shown",
    [
        QUERY.format(f"'{STATEMENTS}[0].Principal.AWS' --output text", "arn:aws:iam::618204557391:role/gh-builder"),
        QUERY.format(f"{STATEMENTS}[].Principal", '[\n  { "AWS": "arn:aws:iam::618204557391:role/gh-builder" }\n]'),
        "new iam.Role(this, 'D', { roleName: 'deploy', assumedBy: new iam.ArnPrincipal("
        "'arn:aws:iam::618204557391:role/gh-builder') })",
    ],
)
def test_a_caller_that_the_shown_principals_leave_out_is_named(shown: str) -> None:
    assert "names arn:aws:iam::618204557391:role/gh-builder, not" in diagnosed(f"{DENIED}{shown}").verdict.summary


@pytest.mark.parametrize(
    "shown",
    [
        QUERY.format(f"'{STATEMENTS}[0].Principal.AWS' --output text", "arn:aws:iam::618204557391:root"),
        QUERY.format(f"'{STATEMENTS}[0].Principal.AWS' --output text", "arn:aws:iam::618204557391:role/runner"),
        QUERY.format("Role.Arn --output text", "arn:aws:iam::902215587730:role/deploy"),
    ],
)
def test_a_trusted_caller_and_another_query_are_no_mismatch(shown: str) -> None:
    assert diagnosed(f"{DENIED}{shown}").verdict.cause != "trust.principal-mismatch"

"""A session policy or boundary that the text shows limits a refused call, although the message names no layer."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import allow, diagnosed, policy, refused

REFUSED = (
    "$ aws s3 cp a.bin s3://tenants/acme/a.bin\nupload failed: An error occurred (AccessDenied) when calling the "
    "PutObject operation: Access Denied\n\n"
)
READS = policy(allow(["s3:GetObject"], "arn:aws:s3:::tenants/*"))
OPEN_READS = policy({**allow(["s3:GetObject"], "arn:aws:s3:::tenants/*"), "Principal": "*"})
WRITES = policy(allow(["s3:PutObject"], "arn:aws:s3:::tenants/*"))
CALL = (
    '  scoped = Template(open("{file}").read()).substitute(t=tenant)\n'
    '  sts.assume_role(RoleArn="arn:aws:iam::111122223333:role/tenants", RoleSessionName=t, {argument}=scoped)\n\n'
)


@pytest.mark.parametrize(
    ("shown", "layer"),
    [
        (f"{CALL.format(file='tenant.tmpl', argument='Policy')}tenant.tmpl\n{READS}", "session"),
        (f"{CALL.format(file='conf/scope.txt', argument='Policy')}scope.txt:\n{READS}", "session"),
        (f"session policy:\n{READS}", "session"),
        (f"permissions boundary of the role:\n{READS}", "boundary"),
    ],
)
def test_what_a_limit_does_not_allow_is_the_cause(shown: str, layer: str) -> None:
    assert diagnosed(f"{REFUSED}{shown}").verdict.cause == f"{layer}.no-action"


@pytest.mark.parametrize(
    "shown",
    [
        f"{CALL.format(file='tenant.tmpl', argument='Policy')}tenant.tmpl\n{WRITES}",
        # Another file, and another argument.
        f"{CALL.format(file='other.tmpl', argument='Policy')}tenant.tmpl\n{READS}",
        f"{CALL.format(file='tenant.tmpl', argument='Tags')}tenant.tmpl\n{READS}",
        f"permissions boundary of the role:\n{WRITES}",
    ],
)
def test_a_limit_that_allows_the_call_and_another_file_are_not(shown: str) -> None:
    assert diagnosed(f"{REFUSED}{shown}").verdict.cause not in ("session.no-action", "boundary.no-action")


@pytest.mark.parametrize(
    ("record", "trusts", "cause"),
    [
        ("invokedBy servicecatalog.amazonaws.com", "cloudformation", "trust.principal-mismatch"),
        ('"invokedBy": "servicecatalog.amazonaws.com"', "ec2", "trust.principal-mismatch"),
        ("invokedBy servicecatalog.amazonaws.com", "servicecatalog", "unreadable"),
    ],
)
def test_the_service_that_cloudtrail_recorded_is_compared_with_the_trust_policy(
    record: str, trusts: str, cause: str
) -> None:
    trust = policy({"Effect": "Allow", "Principal": {"Service": f"{trusts}.amazonaws.com"}, "Action": "sts:AssumeRole"})
    refused = "Access denied while assuming the role arn:aws:iam::111122223333:role/launch\n"
    assert diagnosed(f"{refused}\nCloudTrail: AssumeRole, {record}\n{trust}").verdict.cause == cause


NO_ENDPOINT = (
    "User: arn:aws:sts::111122223333:assumed-role/app/i-1 is not authorized to perform: s3:PutObject on resource: "
    "arn:aws:s3:::tenants/a because no VPC endpoint policy allows the s3:PutObject action\n\n"
)


@pytest.mark.parametrize(
    ("label", "is_named"),
    [
        ("endpoint vpce com.amazonaws.eu-west-1.s3 policy:", True),
        ("policy on the S3 gateway endpoint:", True),
        ("vpce-0a1b2c3d4e5f60718 policy", True),
        ("VPC endpoint (vpce-0a1b2c3d4e5f60718) policy:", True),
        ("bucket policy for the VPC endpoint:", False),
        ("behind the VPC endpoint; the bucket's policy:", False),
    ],
)
def test_a_labelled_endpoint_policy_is_compared(label: str, *, is_named: bool) -> None:
    summary = diagnosed(f"{NO_ENDPOINT}{label}\n{OPEN_READS}").verdict.summary
    assert summary.startswith("The endpoint policy in the text does not allow s3:PutObject") == is_named


def test_a_function_whose_boundary_leaves_out_the_destinations_action() -> None:
    text = (
        "InvalidParameterValueException when calling the PutFunctionEventInvokeConfig operation: The function's "
        "execution role does not have permissions to call SendMessage on arn:aws:sqs:eu-west-1:111122223333:done\n"
        f"role policy: {policy(allow('sqs:SendMessage', 'arn:aws:sqs:eu-west-1:111122223333:done'))}\n"
        f"permissions boundary:\n{policy(allow('s3:*', '*'))}"
    )
    assert diagnosed(text).verdict.cause == "boundary.no-action"
    assert diagnosed(text.replace('"s3:*"', '"*"')).verdict.cause != "boundary.no-action"


OFFICE = {
    "Sid": "FromTheOffice",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Condition": {"NotIpAddress": {"aws:SourceIp": ["198.51.100.0/24"]}},
}
OF_THE_QUERY = (
    'Permission denied on S3 path: s3://{bucket}/year=2026/part-0.orc\n\nThis query ran against the "{bucket}" '
    "database, unless qualified by the query.\n"
)


def test_a_deny_by_address_in_the_buckets_policy_hits_what_athena_reads() -> None:
    document = policy({**OFFICE, "Resource": ["arn:aws:s3:::sales-raw", "arn:aws:s3:::sales-raw/*"]})
    found = diagnosed(f"{OF_THE_QUERY.format(bucket='sales-raw')}bucket policy:\n{document}").verdict
    assert found.cause == "resource.explicit-deny"
    assert "the Deny FromTheOffice refuses" in found.summary and "aws:ViaAWSService" in found.summary


@pytest.mark.parametrize(
    "document",
    [
        policy({**OFFICE, "Resource": "arn:aws:s3:::hr-archive/*"}),
        policy(
            {
                **OFFICE,
                "Resource": "arn:aws:s3:::sales-raw/*",
                "Condition": {**OFFICE["Condition"], "Bool": {"aws:ViaAWSService": "false"}},  # type: ignore[dict-item]
            }
        ),
    ],
    ids=["another-bucket", "without-services"],
)
def test_a_deny_that_does_not_match_athenas_reads_is_not_the_cause(document: str) -> None:
    found = diagnosed(f"{OF_THE_QUERY.format(bucket='sales-raw')}bucket policy:\n{document}").verdict
    assert "makes the call for you" not in found.summary


BY_ADDRESS = json.dumps({key: value for key, value in OFFICE.items() if key != "Principal"} | {"Resource": "*"})
REFUSED_LISTING = refused(
    "s3:ListBucket", "arn:aws:s3:::sales-raw", "with an explicit deny in an identity-based policy"
)


@pytest.mark.parametrize(
    "before",
    [
        "On the VPN aws s3 ls works, but not the same in the Athena console:\n",
        "$ aws athena start-query-execution --query-string file://q.sql\nFAILED\n",
        "A query with Athena fails from our own network:\n",
    ],
)
def test_a_query_of_athena_does_not_come_from_the_callers_address(before: str) -> None:
    found = diagnosed(f"{before}{REFUSED_LISTING}\n{BY_ADDRESS}")
    assert "Athena makes the call for you" in found.verdict.summary
    assert "aws:ViaAWSService" in found.fixes[0].change.text


@pytest.mark.parametrize(
    "before",
    [
        "From home:\n",
        "Athena queries work. From home:\n$ aws s3 ls s3://sales-raw\nAn error occurred (AccessDenied) when calling "
        "the ListObjectsV2 operation: ",
    ],
)
def test_a_direct_call_from_another_address_is_made_by_no_service(before: str) -> None:
    assert "makes the call for you" not in diagnosed(f"{before}{REFUSED_LISTING}\n{BY_ADDRESS}").verdict.summary

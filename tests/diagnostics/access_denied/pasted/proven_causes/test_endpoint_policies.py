"""An endpoint policy that leaves out the bucket of a refused address is the cause."""

from __future__ import annotations

import json

import pytest

from tests.support.denials.pasted import allow, diagnosed, policy

PULL = (
    "Failed to pull image: failed open: unexpected status code "
    "https://prod-eu-west-3-starport-layer-bucket.s3.eu-west-3.amazonaws.com/1a2b: 403 Forbidden\n"
)
YUM = (
    "https://packages-eu-west-3.s3.dualstack.eu-west-3.amazonaws.com/2/core/mirror.list error was\n"
    "14: HTTPS Error 403 - Forbidden\n"
)
PIP = "urllib.error.HTTPError: HTTP Error 403: Forbidden https://s3.eu-west-3.amazonaws.com/wheels/a.whl (403)\n"
SHOWN = "$ aws ec2 describe-vpc-endpoints --filters Name=service-name,Values=com.amazonaws.eu-west-3.s3 --query x\n"


def named(*resources: str) -> str:
    return policy(allow("s3:*", list(resources), Principal="*"))


HEAD = (
    "An error occurred (403) when calling the HeadObject operation: Forbidden, "
    "https://s3.eu-west-3.amazonaws.com/wheels/a.whl\n"
)


@pytest.mark.parametrize("refused", [PULL, YUM, PIP, HEAD])
@pytest.mark.parametrize("shown", ["S3 gateway endpoint policy:\n", SHOWN])
def test_an_endpoint_policy_that_leaves_out_the_bucket_is_the_cause(refused: str, shown: str) -> None:
    answer = diagnosed(f"{refused}\n{shown}{named('arn:aws:s3:::tide-data', 'arn:aws:s3:::tide-data/*')}")
    assert answer.verdict.cause == "vpce.resource-mismatch"
    assert "the endpoint policy does not allow" in answer.verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        f"{YUM}\nendpoint policy:\n{named('arn:aws:s3:::tide-data/*', 'arn:aws:s3:::packages-*/*')}",
        f"{YUM}\nbucket policy:\n{named('arn:aws:s3:::tide-data/*')}",
        f"https://packages.s3.eu-west-3.amazonaws.com/a downloaded\nAccess Denied\n\nendpoint policy:\n{named('*')}",
    ],
)
def test_another_policy_or_an_allowed_bucket_is_not(text: str) -> None:
    assert not diagnosed(text).verdict.cause.startswith("vpce.")


REFUSED = "AccessDeniedException when calling the GetSecretValue operation, since the interface endpoint was locked\n"
OUTSIDE = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*"}
OUTSIDE |= {"Condition": {"StringNotEquals": {"aws:SourceVpc": "vpc-0a1b2c3d4e5f60718"}}}
HCL = """
data "aws_iam_policy_document" "ecr_endpoint_policy" {
  statement {
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
    principals { type = "*" identifiers = ["*"] }
    condition {
      test     = "StringNotEquals"
      variable = "aws:SourceVpc"
      values   = [module.vpc.vpc_id]
    }
  }
}
"""


@pytest.mark.parametrize(
    "text",
    [
        f"{REFUSED}endpoint policy:\n{policy(OUTSIDE)}",
        f"{REFUSED}$ aws ec2 describe-vpc-endpoints --query 'VpcEndpoints[].PolicyDocument'\n{policy(OUTSIDE)}",
        f"{REFUSED}{HCL}",
        f"{REFUSED}Endpoint policy of today:\n\n{policy(OUTSIDE)}",
        f"{REFUSED}The VPC has interface endpoints for sts and ecr.dkr, whose policy is\n{policy(OUTSIDE)}",
        f"{PULL}We share interface endpoints (ecr.api, ecr.dkr) with a policy:\n\n{policy(OUTSIDE)}",
    ],
)
def test_an_endpoint_policy_without_an_allow_refuses_everything(text: str) -> None:
    answer = diagnosed(text)
    assert answer.verdict.cause == "vpce.no-action"
    assert "Keep the Deny" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "text",
    [
        f"{REFUSED}endpoint policy:\n{policy(allow('*', '*', Principal='*'), OUTSIDE)}",
        f"{REFUSED}a statement of the endpoint policy:\n{json.dumps(OUTSIDE)}",
        f"{REFUSED}resource policy of the secret:\n{policy(OUTSIDE)}",
        f"{REFUSED}We use interface endpoints, and the VPC's own policy. Policy of the secret:\n\n{policy(OUTSIDE)}",
        f"{REFUSED}We looked at the endpoint policy.\n\n{policy(OUTSIDE)}",
    ],
)
def test_a_deny_beside_an_allow_or_in_another_policy_is_no_such_policy(text: str) -> None:
    assert diagnosed(text).verdict.cause != "vpce.no-action"


DNF = (
    "Errors during downloading metadata for repository 'amazonlinux':\n"
    "  - Status code: 403 for https://al2023-repos-eu-west-3-de612dc2.s3.dualstack.eu-west-3.amazonaws.com/core/mirrors/"
    "2023.6/x86_64/mirror.list (IP: 192.0.2.9)\n"
    "Error: Failed to download metadata for repo 'amazonlinux': Cannot prepare internal mirrorlist\n"
)


@pytest.mark.parametrize("refused", [PULL, DNF])
def test_a_bucket_of_aws_is_refused_by_the_endpoint_without_its_policy_in_the_text(refused: str) -> None:
    answer = diagnosed(f"{refused}\nthe node's role has AmazonEC2ContainerRegistryReadOnly")
    assert answer.verdict.cause == "vpce.no-action"
    assert "most likely the policy of the VPC's S3 endpoint" in answer.verdict.summary
    assert "s3:GetObject on arn:aws:s3:::" in str(answer.fixes[0].change)


def test_a_long_heading_labels_the_endpoint_policy() -> None:
    heading = (
        "vpce-0a9f8e7d6c5b4a321 (com.amazonaws.eu-west-3.s3, Gateway) policy, as the network's team wrote it today:\n"
    )
    answer = diagnosed(f"{DNF}\n{heading}{named('arn:aws:s3:::tide-*')}")
    assert answer.verdict.cause == "vpce.resource-mismatch"
    assert "AWS's own bucket with the packages of Amazon Linux 2023" in answer.verdict.summary


def test_a_bucket_of_a_customer_is_none_of_awss() -> None:
    answer = diagnosed(PULL.replace("prod-eu-west-3-starport-layer-bucket", "prod-eu-west-3-layers"))
    assert "AWS's own bucket" not in answer.verdict.summary


BLOB = (
    "Failed to pull image: unexpected status code "
    "https://111122223333.dkr.ecr.eu-west-3.amazonaws.com/v2/api/blobs/sha256:7d3f: 403 Forbidden\n"
)


def test_a_refused_layer_beside_an_s3_endpoint_is_of_awss_bucket() -> None:
    answer = diagnosed(f"{BLOB}the s3 gateway endpoint only lets our buckets through since monday")
    assert answer.verdict.cause == "vpce.no-action"
    assert "prod-eu-west-3-starport-layer-bucket" in answer.verdict.summary


def test_a_refused_layer_without_an_endpoint_may_have_other_causes() -> None:
    assert diagnosed(BLOB).verdict.cause != "vpce.no-action"


READS = policy(allow("s3:GetObject", "arn:aws:s3:::ledger/*", Principal="*"))
ALL = policy(allow("s3:*", "arn:aws:s3:::ledger/*", Principal="*"))
ROLE = "Role policy of glue:\n" + policy(allow("s3:*Object", "arn:aws:s3:::ledger/*"))
SHOWN = (
    "$ aws ec2 describe-vpc-endpoints --query 'VpcEndpoints[].[VpcEndpointId,PolicyDocument]' --output text\n"
    "vpce-0d9f1c2b3a4e5f607\t"
)
REFUSED = "Access Denied (Service: Amazon S3; Status Code: 403; Error Code: AccessDenied; Request ID: 9Z)\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{REFUSED}writing s3://ledger/2026/p.parquet\n\n{SHOWN}{READS}\n\n{ROLE}",
        f"upload to s3://ledger/a.csv\n{REFUSED}\nendpoint policy: {READS}\n\n{ROLE}",
    ],
)
def test_an_endpoint_policy_without_the_action_is_named_although_s3_states_no_reason(text: str) -> None:
    assert "endpoint policy in the text does not allow s3:PutObject" in diagnosed(text).verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        f"{REFUSED}writing s3://ledger/2026/p.parquet\n\n{SHOWN}{ALL}\n\n{ROLE}",
        f"{REFUSED}reading s3://ledger/2026/p.parquet\n\n{SHOWN}{READS}\n\n{ROLE}",
    ],
)
def test_an_endpoint_policy_with_the_action_is_not(text: str) -> None:
    assert "endpoint policy in the text does not allow" not in diagnosed(text).verdict.summary


_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>\\n<Error><Code>AccessDenied</Code><Message>Access Denied</Message>'
    "<RequestId>ABCDEFGHIJ123456</RequestId><HostId>aBcDeFgHiJ=</HostId></Error>"
)
_IMAGE = "111122223333.dkr.ecr.us-west-2.amazonaws.com/tools/lint:7"
_OWN_ONLY = (
    '\nS3 gateway endpoint policy:\n{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",'
    '"Action":"s3:*","Resource":"arn:aws:s3:::acme-*"}]}\n'
)


@pytest.mark.parametrize(
    "pull",
    [
        f"Pulling {_IMAGE}\nerror pulling image configuration: error parsing HTTP 403 response body: {_XML}",
        f"{_OWN_ONLY}$ podman pull {_IMAGE}\nError: copying system image: reading blob sha256:0a1b: {_XML}",
    ],
)
def test_s3s_answer_to_a_pull_is_of_the_bucket_with_the_layers(pull: str) -> None:
    text = pull if _OWN_ONLY in pull else pull + _OWN_ONLY
    answer = diagnosed(text)
    assert "the endpoint policy does not allow prod-us-west-2-starport-layer-bucket" in answer.verdict.summary
    assert "arn:aws:s3:::prod-us-west-2-starport-layer-bucket/*" in str(answer.fixes[0].change)


@pytest.mark.parametrize(
    "text",
    [
        f"Pulling {_IMAGE}\nStatus: Downloaded newer image\nupload of report.csv failed: {_XML}{_OWN_ONLY}",
        f"error pulling image configuration: error parsing HTTP 403 response body: {_XML}{_OWN_ONLY}",  # no ECR
    ],
)
def test_s3s_answer_to_another_call_is_not_of_the_layers(text: str) -> None:
    assert "starport" not in diagnosed(text).verdict.summary


def test_a_deny_that_compares_an_endpoint_with_a_vpc_is_no_missing_allow() -> None:
    denied = (
        "User: arn:aws:sts::111122223333:assumed-role/app/i-1 is not authorized to perform: dynamodb:GetItem on "
        "resource: arn:aws:dynamodb:eu-west-1:111122223333:table/t with an explicit deny in a VPC endpoint policy\n"
    )
    summary = diagnosed(denied + HCL.replace("aws:SourceVpc", "aws:sourceVpce")).verdict.summary
    assert "no Allow statement" not in summary and "for a vpc ID use aws:SourceVpc" in summary

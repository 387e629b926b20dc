"""Policies that a text gives without the word Effect, under a former prefix, or for a caller that it does not name."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import diagnosed

CLUSTER = "arn:aws:neptune-db:us-east-1:111122223333:cluster-5TQ7WMVX3C2Y4JH6BRN/*"
REFUSED = (
    f"User: arn:aws:sts::111122223333:assumed-role/graph/app is not authorized to perform: {{}} on resource: {CLUSTER} "
    "because no identity-based policy allows the {} action\n\n"
)
FIELDS = f'Action: "{{}}"\nResource: "{CLUSTER}"\n'


def refused(action: str, fields: str) -> str:
    return REFUSED.format(action, action) + FIELDS.format(fields)


def test_an_action_and_a_resource_beside_another_refused_action_are_a_statement() -> None:
    answer = diagnosed(refused("neptune-db:ReadDataViaQuery", "neptune-db:connect"))
    assert answer.verdict.cause == "identity.no-action"
    assert "names neptune-db:connect, not neptune-db:ReadDataViaQuery" in answer.verdict.summary


def test_the_fields_of_the_message_itself_are_no_statement() -> None:
    answer = diagnosed(refused("neptune-db:connect", "neptune-db:connect"))
    assert "policy in the text" not in answer.verdict.summary


CONNECTION = "eu-west-1:111122223333:connection/3b9d5e1a-6b0c-4f65-93c1-9e7f1c2d8a40"
PIPELINE = (
    f"Unable to use Connection: arn:aws:codeconnections:{CONNECTION}. The provided role does not have sufficient "
    "permissions.\n\n"
    '{{"Effect":"Allow","Action":"{prefix}:UseConnection","Resource":"arn:aws:{prefix}:eu-west-1:111122223333:connection/*"}}'
)


def test_the_former_prefix_of_connections_does_not_cover_the_present_one() -> None:
    answer = diagnosed(PIPELINE.format(prefix="codestar-connections"))
    assert "names codestar-connections:UseConnection, not codeconnections:UseConnection" in answer.verdict.summary


def test_the_present_prefix_of_connections_is_enough() -> None:
    assert "names codestar" not in diagnosed(PIPELINE.format(prefix="codeconnections")).verdict.summary


RESULTS = (
    "Access denied when writing output to url: s3://{bucket}/finance/1.csv . Please ensure you are allowed to access "
    "the S3 bucket. If you are encrypting query results with KMS key, please ensure you are allowed to access your KMS "
    "key\n\n"
    "policy of Analyst:\n"
    '{{"Statement":[{{"Effect":"Allow","Action":"s3:*","Resource":"arn:aws:s3:::results/*"}}]}}\n'
)


def test_the_policy_of_a_named_owner_is_compared_if_the_caller_is_not_named() -> None:
    answer = diagnosed(RESULTS.format(bucket="out"))
    assert answer.verdict.cause == "identity.resource-mismatch"
    assert "not arn:aws:s3:::out/finance/1.csv" in answer.verdict.summary


@pytest.mark.parametrize("bucket", ["out", "results"])
def test_what_awss_message_only_supposes_is_no_change_of_the_key(bucket: str) -> None:
    assert "only the key has changed" not in diagnosed(RESULTS.format(bucket=bucket)).verdict.summary


def test_a_switch_to_a_key_is_one() -> None:
    said = RESULTS.format(bucket="results").replace("If you are encrypting query results", "We encrypt query results")
    assert "only the key has changed" in diagnosed(said).verdict.summary

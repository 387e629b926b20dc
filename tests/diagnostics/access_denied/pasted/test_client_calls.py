"""A client, library or controller makes the denied call by itself, and needs more than this call."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

METRICS = "arn:aws:dynamodb:eu-west-2:111122223333:table/orders-reader-CoordinatorState"
DEFAULT = "arn:aws:glue:eu-west-2:111122223333:database/default"
CLUSTER = "arn:aws:eks:eu-west-2:111122223333:cluster/main"


def test_the_default_database_is_looked_up_by_the_client_itself() -> None:
    answer = diagnosed(f"pyspark AnalysisException: MetaException(message:{no_identity('glue:GetDatabase', DEFAULT)})")
    assert "client of the Glue Data Catalog looks up the database default" in answer.verdict.summary


@pytest.mark.parametrize(
    ("resource", "text"),
    [(DEFAULT, "aws glue get-database --name default"), (DEFAULT.replace("default", "sales"), "pyspark, hive")],
)
def test_another_database_or_caller_is_not_the_client_s_own_call(resource: str, text: str) -> None:
    answer = diagnosed(f"{no_identity('glue:GetDatabase', resource)}\n{text}")
    assert "by itself" not in answer.verdict.summary
    assert "looks up" not in answer.verdict.summary


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            no_identity("dynamodb:DescribeTable", METRICS)
            + policy(allow(["dynamodb:DescribeTable"], METRICS.removesuffix("-CoordinatorState"))),
            "orders-reader-WorkerMetricStats and orders-reader-CoordinatorState",
        ),
        (
            no_identity("eks:CreateAccessEntry", CLUSTER)
            + '\nresource "aws_eks_access_entry" "ops"\n'
            + policy(allow(["eks:DescribeCluster"], CLUSTER)),
            "eks:DescribeAccessEntry, UpdateAccessEntry, DeleteAccessEntry",
        ),
    ],
)
def test_the_fix_names_what_the_program_needs_in_all(text: str, said: str) -> None:
    assert said in diagnosed(text).fixes[0].change.text  # type: ignore[union-attr]


def test_an_access_entry_made_by_hand_needs_no_more() -> None:
    text = no_identity("eks:CreateAccessEntry", CLUSTER) + policy(allow(["eks:DescribeCluster"], CLUSTER))
    assert "UpdateAccessEntry" not in diagnosed(text).fixes[0].change.text  # type: ignore[union-attr]

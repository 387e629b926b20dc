"""A client, library or controller makes the denied call by itself, and needs more than this call."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

METRICS = "arn:aws:dynamodb:eu-west-2:111122223333:table/orders-reader-CoordinatorState"
DEFAULT = "arn:aws:glue:eu-west-2:111122223333:database/default"
CLUSTER = "arn:aws:eks:eu-west-2:111122223333:cluster/main"


def test_the_default_database_is_looked_up_by_the_client_itself() -> None:
    answer = diagnosed(f"pyspark AnalysisException: MetaException(message:{no_identity('glue:GetDatabase', DEFAULT)})")
    assert "client of the Glue Data Catalog starts, it looks up the database named default" in answer.verdict.summary


_ATHENA = "Athena itself needs glue:GetDatabase on the catalog and on the database named default"


@pytest.mark.parametrize(
    ("resource", "words", "own"),
    [
        (DEFAULT, "dbt: Athena query ID 0a1b failed in model sales.orders", True),
        (DEFAULT, "aws athena start-query-execution --query-string 'SELECT 1'", True),
        (DEFAULT, "aws glue get-database --name default", False),
        (DEFAULT.replace("default", "sales"), "Athena query ID 0a1b failed", False),
    ],
)
def test_athena_looks_up_the_default_database_itself(resource: str, words: str, own: bool) -> None:
    answer = diagnosed(f"{words}\n{no_identity('glue:GetDatabase', resource)}")
    assert (_ATHENA in answer.verdict.summary + str([each.change for each in answer.fixes])) is own


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


REPOSITORY = "arn:aws:ecr:eu-north-1:111122223333:repository/lab/web"
SET = ("InitiateLayerUpload", "UploadLayerPart", "CompleteLayerUpload", "PutImage", "BatchCheckLayerAvailability")
ID = "anthropic.claude-sonnet-4-20250514-v1:0"
PROFILE = f"arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.{ID}"
MODEL = f"arn:aws:bedrock:eu-north-1::foundation-model/{ID}"


@pytest.mark.parametrize(
    "text",
    [
        f"denied: {no_identity('ecr:PutImage', REPOSITORY)}",
        f"kaniko: {no_identity('ecr:UploadLayerPart', REPOSITORY)}",
        f"$ docker push\n{no_identity('ecr:BatchCheckLayerAvailability', REPOSITORY)}",
        "PATCH https://111122223333.dkr.ecr.eu-north-1.amazonaws.com/v2/lab/web/blobs/uploads/1: 403 Forbidden: User: "
        f"arn:aws:iam::111122223333:user/ci is not authorized to perform: ecr:CompleteLayerUpload on resource: "
        f"{REPOSITORY}",
    ],
)
def test_a_push_that_is_refused_at_one_action_needs_the_others_too(text: str) -> None:
    said = diagnosed(text).verdict.summary
    assert [each for each in SET if f"ecr:{each}" not in said] == []
    assert 'ecr:GetAuthorizationToken on "*"' in said


def test_the_fix_of_a_policy_names_the_actions_of_a_push() -> None:
    text = no_identity("ecr:CompleteLayerUpload", REPOSITORY) + policy(allow(["ecr:InitiateLayerUpload"], REPOSITORY))
    assert "A push of an image needs" in str(diagnosed(text).fixes[0].change)


def test_a_pull_is_no_push() -> None:
    for action in ("ecr:BatchCheckLayerAvailability", "ecr:GetDownloadUrlForLayer"):
        assert "push" not in diagnosed(f"kubelet pulls\n{no_identity(action, REPOSITORY)}").verdict.summary


@pytest.mark.parametrize(
    "text",
    [
        no_identity("bedrock:InvokeModel", PROFILE),
        no_identity("bedrock:GetInferenceProfile", PROFILE),
        f"model: eu.{ID}, region eu-west-1\n{no_identity('bedrock:InvokeModelWithResponseStream', MODEL)}",
    ],
)
def test_an_inference_profile_needs_the_action_on_itself_and_its_model(text: str) -> None:
    said = diagnosed(text).verdict.summary
    assert "on the profile's ARN, and on the ARN of its foundation model in every Region" in said
    assert "bedrock:GetInferenceProfile" in said


@pytest.mark.parametrize(
    "text",
    [no_identity("bedrock:InvokeModel", MODEL), f"model us.{ID}\n{no_identity('bedrock:InvokeModel', PROFILE)}"],
)
def test_a_model_without_profile_and_a_profile_of_another_area_are_something_else(text: str) -> None:
    assert "through an inference profile" not in diagnosed(text).verdict.summary


DOMAIN = "arn:aws:ses:eu-west-2:111122223333:identity/mail.example.org"


@pytest.mark.parametrize(
    ("identity", "around", "of_recipient"),
    [
        ("kim@example.net", "from news@mail.example.org to kim@example.net", True),
        ("kim@example.net", '"Destination": {"ToAddresses": ["kim@example.net"]}', True),
        ("kim@example.net", "the sender is kim@example.net", False),
        ("shop.example.org", "from news@mail.example.org to kim@example.net", False),
    ],
)
def test_a_recipients_identity_is_checked_too(identity: str, around: str, of_recipient: bool) -> None:
    on = DOMAIN.replace("mail.example.org", identity)
    change = diagnosed(f"{no_identity('ses:SendEmail', on)}\n{around}\n{policy(allow('ses:SendEmail', DOMAIN))}").fixes[
        0
    ]
    assert ("Most likely this identity is a recipient" in str(change.change)) is of_recipient
    assert ("If the call was meant for" in str(change.change)) is (identity == "shop.example.org")

"""The resource's ARN and what is made, read against the action: each look names what this resource asks for."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis, FirstLook

ROLE = "arn:aws:sts::111122223333:assumed-role/ops/x"


def diagnosed(text: str) -> Diagnosis:
    (failure,) = read_text(text)
    return collect_offline(failure)


def looks(action: str, on: str, layer: str = "", before: str = "") -> tuple[FirstLook, ...]:
    why = f"because no {layer} policy allows the {action} action" if layer else ""
    text = f"{before}User: {ROLE} is not authorized to perform: {action} on resource: {on} {why}".strip()
    return diagnosed(text).first_look


def causes(*args: str) -> str:
    return "\n".join(look.cause for look in looks(*args))


@pytest.mark.parametrize(
    ("action", "kind", "name", "parameter"),
    [
        (
            "firehose:PutRecordBatch",
            "arn:aws:firehose:eu-north-1:111122223333:deliverystream/",
            "clicks",
            "DeliveryStr",
        ),
        ("kinesis:PutRecord", "arn:aws:kinesis:eu-west-1:111122223333:stream/", "orders", "StreamName"),
        ("iam:GetRole", "arn:aws:iam::111122223333:role/", "deploy", "RoleName"),
    ],
)
def test_an_arn_within_an_arn_is_a_name_that_was_given_as_an_arn(
    action: str, kind: str, name: str, parameter: str
) -> None:
    (look,) = looks(action, f"{kind}{kind}{name}", "identity-based")
    assert f"Pass the plain name ({name}) as {parameter}" in look.cause
    assert "second ARN" not in causes(action, f"{kind}{name}", "identity-based")


@pytest.mark.parametrize("action", ["logs:ListTagsForResource", "logs:TagResource", "logs:UntagResource"])
def test_the_tags_of_a_log_group_are_allowed_without_a_star(action: str) -> None:
    found = causes(action, "arn:aws:logs:us-east-1:111122223333:log-group:/aws/lambda/a", "identity-based")
    assert "without a trailing :*" in found
    assert "Log streams" not in found


def test_other_actions_on_a_log_group_keep_the_star() -> None:
    found = causes("logs:PutLogEvents", "arn:aws:logs:us-east-1:111122223333:log-group:/a:log-stream:b")
    assert "Log streams" in found
    assert "without a trailing" not in found


@pytest.mark.parametrize(
    ("action", "on"),
    [
        ("s3:ListBucket", "arn:aws:s3:us-east-1:111122223333:accesspoint/reports-ap"),
        ("s3:GetObject", "arn:aws:s3:us-east-1:111122223333:accesspoint/reports-ap/object/a"),
    ],
)
def test_an_access_point_is_no_bucket(action: str, on: str) -> None:
    text = (
        f"User: {ROLE} is not authorized to perform: {action} on resource: {on} with an explicit deny in a "
        "resource-based policy"
    )
    first = diagnosed(text).first_look[0]
    assert "access point" in first.cause
    assert "VPC" in first.cause
    assert first.check == (
        "aws s3control get-access-point-policy --account-id 111122223333 --name reports-ap --region us-east-1"
    )


def test_a_bucket_of_that_name_is_a_bucket() -> None:
    text = (
        f"User: {ROLE} is not authorized to perform: s3:ListBucket on resource: arn:aws:s3:::accesspoints with an "
        "explicit deny in a resource-based policy"
    )
    assert "get-bucket-policy --bucket accesspoints" in (diagnosed(text).first_look[0].check or "")


@pytest.mark.parametrize(
    ("action", "on", "named"),
    [
        ("eks:DeletePodIdentityAssociation", "eks:us-west-2:111122223333:podidentityassociation/c1/a-1", "c1/*"),
        ("eks:DescribeNodegroup", "eks:us-west-2:111122223333:nodegroup/c1/blue/0a1b", "nodegroup/c1/*"),
        ("ecs:UpdateService", "ecs:us-west-2:111122223333:service/c1/web", "service/c1/*"),
    ],
)
def test_what_a_cluster_holds_is_not_covered_by_the_clusters_arn(action: str, on: str, named: str) -> None:
    found = causes(action, f"arn:aws:{on}")
    assert named in found
    assert "the cluster's ARN does not cover it" in found


LAYER = "arn:aws:lambda:us-west-2:444455556666:layer:tools:7"


@pytest.mark.parametrize(
    "before", ["", "stack arn:aws:cloudformation:us-west-2:111122223333:stack/a: ", "deploying to eu-west-2: "]
)
def test_a_layer_is_opened_version_by_version(before: str) -> None:
    (only,) = found = looks("lambda:GetLayerVersion", LAYER, "resource-based", before)
    assert (
        "not shared with this account, or not published in us-west-2" in only.cause
        and "add-layer-version-permission" in only.cause
    )
    checks = [look.check for look in found if look.check]
    assert not [check for check in checks if "lambda get-policy" in check]
    assert (
        f"aws lambda get-layer-version-policy --layer-name {LAYER.rpartition(':')[0]} --version-number 7 "
        "--region us-west-2"
    ) in checks


def test_a_function_is_no_layer() -> None:
    found = looks("lambda:InvokeFunction", "arn:aws:lambda:us-west-2:444455556666:function:f", "resource-based")
    assert "aws lambda get-policy" in (found[0].check or "")


ATHENA = (
    "You are not authorized to perform: athena:{} on the resource. After your AWS administrator or you have updated "
)
ATHENA += "your permissions, please try again."


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ("", "Where a call names none"),
        ("SERVICE_EXCEPTION\n", "Where a call names none"),
        ('$ aws athena start-query-execution --query-string "SELECT 1"\n\n', "The command names no workgroup"),
        ('$ aws athena start-query-execution --work-group bi --query-string "SELECT 1"\n\n', "names its workgroup"),
    ],
)
@pytest.mark.parametrize("action", ["StartQueryExecution", "GetWorkGroup"])
def test_athena_decides_on_a_workgroup_and_the_action_comes_first(action: str, before: str, said: str) -> None:
    diagnosis = diagnosed(before + ATHENA.format(action))
    assert " by " not in diagnosis.steps[0].summary  # no caller is made of an error code
    (first,) = diagnosis.first_look
    assert f"athena:{action} on the workgroup" in first.cause
    assert said in first.cause


def test_an_athena_action_on_a_catalog_is_not_one_on_a_workgroup() -> None:
    on = "arn:aws:athena:eu-west-1:111122223333:datacatalog/hive"
    assert "workgroup" not in causes("athena:GetDataCatalog", on)


@pytest.mark.parametrize(
    ("before", "service"),
    [
        ("Failed to register task definition in ECS: ", "ecs-tasks.amazonaws.com"),
        ("creating Lambda Function (orders): ", "lambda.amazonaws.com"),
        ("creating Step Functions state machine: ", "states.amazonaws.com"),
        ("An error occurred (AccessDenied) when calling the CreateProject operation: ", "codebuild.amazonaws.com"),
        ("", None),
        ("the state machine starts a Glue job: ", None),  # two services: which is given the role is not said
    ],
)
def test_the_service_that_is_given_the_role_is_the_texts(before: str, service: str | None) -> None:
    first = looks("iam:PassRole", "arn:aws:iam::111122223333:role/lambda-exec", "identity-based", before)[0].cause
    assert f"here it is {service}" in first if service else "here it is" not in first


def test_a_source_identity_asks_for_its_own_action() -> None:
    identity = causes("sts:SetSourceIdentity", "arn:aws:iam::444455556666:role/r")
    assert "sends a source identity" in identity
    assert "sts:SetSourceIdentity in addition to sts:AssumeRole" in identity
    assert "the caller's own policies must allow that action" in identity and "across accounts" not in identity
    assert "session tags" not in identity
    assert "source identity" not in causes("sts:TagSession", "arn:aws:iam::444455556666:role/r").lower()


PULL = "444455556666.dkr.ecr.us-west-2.amazonaws.com/web:1: unexpected status from HEAD request: 403 Forbidden"


@pytest.mark.parametrize("code", ["CannotPullContainerError", "CannotPullECRContainerError"])
def test_a_task_that_cannot_pull_has_no_docker_login(code: str) -> None:
    diagnosis = diagnosed(f"{code}: pull image manifest has been retried 1 time(s): failed to resolve ref {PULL}")
    said = f"{diagnosis.verdict.summary} {' '.join(look.cause for look in diagnosis.first_look)}"
    assert "docker" not in said.lower()
    assert "execution role" in said
    assert "repository's policy" in said
    assert "logged in" in diagnosed(f"docker: Error response from daemon: {PULL}").first_look[0].cause


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Unable to assume the service linked role. Please verify that the ECS service linked role exists.", "ForECS"),
        ("InvalidParameterException: Unable to assume the service-linked role for ECS in this account", "ForECS"),
    ],
)
def test_a_service_linked_role_has_no_trust_policy_to_mend(text: str, role: str) -> None:
    diagnosis = diagnosed(text)
    assert diagnosis.verdict.cause == "principal.not-found"
    assert role in diagnosis.first_look[0].cause
    assert "--aws-service-name ecs.amazonaws.com" in diagnosis.first_look[0].cause


@pytest.mark.parametrize(
    "said",
    [
        "MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.",
        'MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::111122223333:role/gone"',
        "MalformedPolicyDocumentException: This resource policy contains an unsupported principal.",
    ],
)
def test_a_principal_that_is_not_there_is_no_broken_document(said: str) -> None:
    diagnosis = diagnosed(f"An error occurred when calling the PutKeyPolicy operation: {said}")
    assert diagnosis.verdict.cause == "principal.not-found"
    shown = f"{diagnosis.verdict.summary} {' '.join(look.cause for look in diagnosis.first_look)}"
    assert "JSON" not in shown
    assert "grammar" not in shown
    assert "service-linked role" in shown


@pytest.mark.parametrize(
    "text",
    [
        "The AWS Access Key Id you provided does not exist in our records.",
        "<Error><Message>The AWS Access Key Id you provided does not exist in our records.</Message></Error>",
        "fatal error: S3 upload: The AWS Access Key Id you provided does not exist in our\nrecords.",
    ],
)
def test_a_key_that_aws_does_not_know_may_lack_its_session_token(text: str) -> None:
    diagnosis = diagnosed(text)
    assert diagnosis.verdict.cause == "credentials.invalid"
    assert "session token" in diagnosis.verdict.summary
    assert "partition" in diagnosis.verdict.summary


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("Statement IDs (SID) in a single policy have to be different.", "differ"),
        ("Resource vendor must be fully qualified and cannot contain regexes", "what AWS does not accept"),
    ],
)
@pytest.mark.parametrize(
    "code",
    ["MalformedPolicyDocumentException: ", "(MalformedPolicyDocument) when calling the PutRolePolicy operation: "],
)
def test_the_reason_for_which_a_policy_is_refused_comes_before_its_grammar(code: str, said: str, quoted: str) -> None:
    diagnosis = diagnosed(f"An error occurred {code}{said}")
    assert said[:40] in diagnosis.verdict.summary
    shown = f"{diagnosis.verdict.summary} {' '.join(look.cause for look in diagnosis.first_look)}"
    assert quoted in shown
    assert "broken JSON" not in shown


def test_a_policy_that_breaks_the_grammar_is_linted() -> None:
    diagnosis = diagnosed("MalformedPolicyDocument: Syntax errors in policy.")
    assert "breaks the policy grammar" in diagnosis.verdict.summary
    assert "rolescope lint FILE" in diagnosis.first_look[0].cause


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        ("key-pair/builds", "covers the key pair"),
        ("launch-template/lt-0a1b", "covers the launch template"),
        ("arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-0a", "covers the subnet"),
        ("*", "One of them is not covered"),
    ],
)
def test_a_launch_names_the_kind_of_resource_that_was_refused(on: str, kind: str) -> None:
    found = causes("ec2:RunInstances", on)
    assert kind in found


@pytest.mark.parametrize(
    "text", ["Role with name ops-manager already exists", "EntityAlreadyExists: User with name robin already exists."]
)
def test_a_taken_name_has_three_ways_out(text: str) -> None:
    found = " ".join(look.cause for look in diagnosed(text).first_look)
    for way in ("generated name", "import", "delete it once nothing uses it"):
        assert way in found


def test_an_objects_key_may_contain_an_arn() -> None:
    said = causes("s3:GetObject", "arn:aws:s3:::audit-logs/arn:aws:iam::123456789012:role/x.json")
    assert "second ARN" not in said


_LISTS = (
    "User: arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Team_{suffix}/eva is not authorized to perform: "
    "s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action"
)


@pytest.mark.parametrize(
    ("beside", "bucket"),
    [
        ("ich brauche nur den bucket team-2026", "team-2026"),
        ("$ aws s3 ls s3://team-2026/", "team-2026"),
        ("Bucket: team.reports", "team.reports"),
        ("I need the bucket list", ""),
        ("bucket team-a or bucket team-b", ""),
    ],
)
def test_one_wanted_bucket_needs_no_list_of_all(beside: str, bucket: str) -> None:
    said = " ".join(
        each.cause for each in diagnosed(f"{_LISTS.format(suffix='0a1b2c3d4e5f6a7b')}\n{beside}").first_look
    )
    assert ("/s3/buckets/" in said) == bool(bucket)
    assert f"/s3/buckets/{bucket}" in said or not bucket


@pytest.mark.parametrize("suffix", ["0a1b2c3d4e5f6a7b", "2ee0a4", "xxxx", "0a1bxxxxxxxx"])
def test_a_permission_set_is_named_though_its_suffix_is_shortened(suffix: str) -> None:
    assert "of the permission set Team allows" in diagnosed(_LISTS.format(suffix=suffix)).verdict.summary


@pytest.mark.parametrize(
    ("action", "resource", "says"),
    [
        (
            "wafv2:UpdateWebACL",
            "arn:aws:wafv2:us-east-1:111122223333:global/rulegroup/own/1a2b",
            "on the webacl, but also on the rulegroup",
        ),
        ("kendra:DescribeThesaurus", "arn:aws:kendra:eu-west-1:111122223333:index/1a2b3c", "also on the index"),
        ("wafv2:CreateWebACL", "arn:aws:wafv2:us-east-1:111122223333:global/webacl/own/1a2b", ""),
        ("s3:RestoreObject", "arn:aws:s3:eu-west-1:111122223333:accesspoint/own/object/k", ""),
    ],
)
def test_a_resource_that_the_call_refers_to_is_told_from_its_own(action: str, resource: str, says: str) -> None:
    found = causes(action, resource)
    assert says in found
    assert bool(says) is ("is checked not only on" in found)

"""What is wrong with a principal, an operator or a session is said from the text, and no stock cause beside it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Confidence, Diagnosis

INVALID = (
    "An error occurred (MalformedPolicyDocument) when calling the CreateRole operation: Invalid principal in policy"
)
SET = "AWSReservedSSO_Ops_00112233445566aa"


def answer(text: str) -> Diagnosis:
    return collect_offline(read_text(text)[0])


@pytest.mark.parametrize("name", ["role/ci-*", "user/app-?"])
def test_a_wildcard_is_no_part_of_a_principal(name: str) -> None:
    found = answer(f'{INVALID}: "AWS":"arn:aws:iam::111122223333:{name}"')
    assert found.verdict.summary.startswith("A principal's ARN cannot contain a wildcard")
    assert "aws:PrincipalArn" in found.fixes[0].title
    assert not any("created a moment ago" in each.cause for each in found.first_look)


@pytest.mark.parametrize(
    ("path", "words"),
    [("", "lacks the path"), ("aws-reserved/sso.amazonaws.com/", "Identity Center's Region")],
)
def test_a_permission_sets_arn_has_a_path(path: str, words: str) -> None:
    found = answer(f'{INVALID}: "AWS":"arn:aws:iam::111122223333:role/{path}{SET}" (eu-central-1)')
    assert words in found.verdict.summary
    assert "eu-central-1" in found.verdict.summary


def test_a_complete_arn_has_no_such_fault() -> None:
    arn = f"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-central-1/{SET}"
    assert "does not accept" in answer(f'{INVALID}: "AWS":"{arn}"').verdict.summary


@pytest.mark.parametrize(
    ("written", "meant"),
    [("StringEqual", "write StringEquals"), ("ForAnyValueStringLike", "ForAnyValue:StringLike"),
     ("ArnLikes", "write ArnLike")],
)  # fmt: skip
def test_an_operator_that_iam_does_not_have(written: str, meant: str) -> None:
    assert meant in answer(f"MalformedPolicyDocument: Invalid Condition type : {written}").verdict.summary


KEYS = "Error: Credentials could not be loaded: Could not load credentials from any providers"


@pytest.mark.parametrize("source", ["secrets.DEPLOY_ROLE", "env.ROLE_ARN"])
def test_an_empty_role_of_a_workflow_comes_first(source: str) -> None:
    text = f"permissions:\n  id-token: write\nwith:\n  role-to-assume: ${{{{ {source} }}}}\n{KEYS}"
    causes = [each.cause for each in answer(text).first_look]
    assert causes[0].startswith(f"role-to-assume comes from {source}")
    assert not any("is missing in the workflow" in each for each in causes)


def test_a_job_without_the_permission_lacks_it() -> None:
    assert "“permissions: id-token: write” is missing" in answer(KEYS).first_look[0].cause
    block = "permissions:\n  contents: read\n  pull-requests: write\nwith:\n  role-to-assume: ${{ secrets.ROLE }}"
    (only,) = answer(f"{block}\n{KEYS}").first_look
    assert only.cause.startswith("The workflow's permissions block in the text lacks “id-token:")


MFA = [
    "assume role with MFA enabled, but AssumeRoleTokenProvider session option not set.",
    "failed to refresh cached credentials, assume role with MFA enabled, but TokenProvider is not set",
]  # fmt: skip


@pytest.mark.parametrize("text", MFA)
def test_a_program_that_asks_for_no_code(text: str) -> None:
    found = answer(f"error: {text}")
    assert "does not ask for a code" in found.verdict.summary
    assert not any("finds no credentials" in each.cause for each in found.first_look)


UNKNOWN = (
    "An error occurred (AuthFailure) when calling the DescribeVolumes operation: AWS was not able to validate the \
provided access credentials"
)


@pytest.mark.parametrize("before", ["the job assumed the role worker", "$ aws sts assume-role --role-arn x"])
def test_a_token_of_the_global_endpoint_in_an_opt_in_region(before: str) -> None:
    found = answer(f"{before}\n{UNKNOWN} in af-south-1")
    assert "global endpoint" in found.verdict.summary
    assert "regional" in found.fixes[0].title


@pytest.mark.parametrize("shown", ["sts get-caller-identity works in the same pod", "$ aws sts get-caller-identity\n{"])
def test_a_program_without_credentials_where_the_cli_has_some(shown: str) -> None:
    found = answer(f"{shown}\nERROR NoCredentialProviders: no valid providers in chain")
    assert "although the AWS CLI" in found.verdict.summary
    assert found.verdict.confidence is not Confidence.CERTAIN


def test_a_cli_that_does_not_work_either_has_no_credentials() -> None:
    found = answer(
        "sts get-caller-identity doesn't work either\nERROR NoCredentialProviders: no valid providers in chain"
    )
    assert "although the AWS CLI" not in found.verdict.summary


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("InvalidParameterValueException: export-role should have the service principal 'export.rds.amazonaws.com' as "
         "trusted entity", "must let export.rds.amazonaws.com perform sts:AssumeRole"),
        ("Error: backup-vault must trust the principal 'backup.amazonaws.com' to assume it",
         "must let backup.amazonaws.com perform sts:AssumeRole"),
    ],
)  # fmt: skip
def test_a_service_that_names_the_principal_it_needs(text: str, words: str) -> None:
    assert words in answer(text).first_look[0].cause


@pytest.mark.parametrize("role", ["arn:aws:iam::111122223333:role/ship", "arn:aws:iam::444455556666:role/ci/web"])
def test_the_input_role_to_assume_is_no_claim_of_a_service(role: str) -> None:
    found = answer(f"{KEYS}\npermissions:\n  id-token: write\nwith:\n  role-to-assume: {role}")
    assert found.verdict.cause == "credentials.invalid"
    assert "a reusable workflow also needs its caller" in found.first_look[0].cause


@pytest.mark.parametrize("code", ["MalformedPolicyDocument: ", 'Resource handler returned message: "'])
def test_a_region_in_an_arn_of_iam_is_left_out(code: str) -> None:
    arn = "arn:aws:iam:us-west-2:373737373737:role/mlspace-*"
    found = answer(f"{code}IAM resource {arn} cannot contain region information. (Service: Iam, Status Code: 400)")
    assert found.verdict.cause == "not-iam"
    assert "write arn:aws:iam::373737373737:role/mlspace-*." in found.verdict.summary
    assert [fix.title for fix in found.fixes] == ["Leave the Region out of the ARNs"]
    assert not found.first_look


def test_a_permission_sets_old_role_is_said_to_be_gone() -> None:
    new = SET.replace("00112233445566aa", "99aa88bb77cc66dd")
    arn = f"arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-central-1/{SET}"
    found = answer(f'{INVALID}: "AWS":"{arn}"\nI am arn:aws:sts::111122223333:assumed-role/{new}/rui')
    assert found.verdict.summary.startswith(f"The policy names {SET}, but the text also has {new}")
    assert found.fixes[0].title == "Name the permission set's current role"


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        (f'{INVALID}: "AWS":"AROAIOSFODNN7EXAMPLE1"', "AROAIOSFODNN7EXAMPLE1"),
        ("MalformedPolicy: Invalid principal in policy\nstatements with the principal\n  AIDAIOSFODNN7EXAMPLE2",
         "of a deleted user"),
        ('InvalidParameter: Invalid principal in policy\n- Principal: { AWS: [ "AROAIOSFODNN7EXAMPLE1" ] }',
         "of a deleted role"),
        # Near misses: a session's ID, an answer that shows the caller's.
        (f'{INVALID}\n"UserId": "AROAIOSFODNN7EXAMPLE1:ci"', ""),
        (f'{INVALID}\n{{ "UserId": "AIDAIOSFODNN7EXAMPLE2" }}', ""),
    ],
)  # fmt: skip
def test_a_unique_id_is_a_deleted_principal(text: str, gone: str) -> None:
    said = answer(text).verdict.summary
    assert gone in said if gone else "unique ID" not in said, said


@pytest.mark.parametrize(
    ("beside", "named"),
    [
        ("CreateAccessEntry: (mine:arn:aws:iam::111122223333:role/Admin): The specified principalArn is invalid", True),
        ("CreateAccessEntry: arn:aws:iam::111122223333:user/eva: principalArn is invalid: invalid principal", True),
        ("CreateRole: arn:aws:iam::111122223333:role/Admin was created", False),
    ],
)
def test_another_refusal_names_the_principal(beside: str, named: bool) -> None:
    text = (
        f"MalformedPolicyDocumentException: Policy contains a statement with one or more invalid principals.\n{beside}"
    )
    assert ("Another error in the text" in answer(text).verdict.summary) is named


@pytest.mark.parametrize(
    ("words", "again"),
    [
        ("when running apply for the 2nd time it works", True),
        ("The second run succeeds.", True),
        ("Running it again works", True),
        ("it fails each time", False),
        ("it worked last week", False),
    ],
)
def test_a_principal_that_a_later_run_finds(words: str, again: bool) -> None:
    found = answer(f'{INVALID}: "AWS":"arn:aws:iam::111122223333:user/eva"\n{words}')
    assert found.verdict.summary.startswith(("The call works when it is run again", "The call works again")) is again


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ("Terraform apply creates an IAM user and, right after it in the same run, a bucket with a policy.", True),
        ("The stack creates the role and then the bucket policy that names it.", True),
        ("aws_iam_role.app: Creation complete after 1s [id=app]\naws_s3_bucket_policy.b: Creating...", True),
        ("We created the IAM user last week and then the bucket.", False),
        ("The role exists already in another account.", False),
        ("aws_iam_policy.app: Creation complete after 1s [id=app]", False),
    ],
)
def test_a_principal_of_the_same_run_is_not_found_yet(before: str, found: bool) -> None:
    (failure,) = read_text(f"{before}\nMalformedPolicy: Invalid principal in policy")
    assert collect_offline(failure).verdict.summary.startswith("Most likely AWS could not find the new") is found


def test_snss_own_word_for_an_unknown_principal_is_read() -> None:
    (failure,) = read_text(
        "An error occurred (InvalidParameter) when calling the SetTopicAttributes operation: Invalid parameter: Policy "
        "Error: PrincipalNotFound"
    )
    assert collect_offline(failure).verdict.cause == "principal.not-found"


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ('cn-north-1\n{}\n"arn:aws-cn:sts::111122223333:assumed-role/deploy/tf"\n"AWS" = "{}"', "aws-cn"),
        ('Host: state.s3.us-gov-west-1.amazonaws.com\n{}\n"Principal": {{"AWS": "{}"}}', "aws-us-gov"),
        ("aws iam create-role --region us-gov-east-1\n{}\nprincipal | {}", "aws-us-gov"),
    ],
)
@pytest.mark.parametrize("identity", ["root", "role/reader"])
def test_a_principal_of_another_partition(text: str, home: str, identity: str) -> None:
    found = answer(text.format(INVALID, f"arn:aws:iam::444455556666:{identity}"))
    assert f"the policy is in the partition {home}" in found.verdict.summary
    own = answer(text.format(INVALID, f"arn:{home}:iam::444455556666:{identity}"))
    assert "partition" not in own.verdict.summary


@pytest.mark.parametrize(
    ("rejected", "shown"),
    [
        (
            "role/ci-deployer",
            '$ aws iam get-role --role-name ci-deployer --query Role.Arn\n"{}role/pipelines/ci-deployer"',
        ),
        ("user/Ops", '$ aws iam get-user --user-name ops\n{{"User": {{"Arn": "{}user/ops"}}}}'),
        ("role/a/scan", "$ aws iam list-roles --query 'Roles[].Arn' --output text\n{}role/other {}role/b/scan"),
    ],
)
def test_the_arn_that_iam_printed_is_the_right_one(rejected: str, shown: str) -> None:
    account = "arn:aws:iam::111122223333:"
    printed = shown.replace("{}", account).replace("{{", "{").replace("}}", "}")
    summary = answer(f'{INVALID}: "AWS":"{account}{rejected}"\n\n{printed}').verdict.summary
    assert f"names {account}{rejected}, but in IAM the ARN is {account}" in summary


@pytest.mark.parametrize(
    "printed",
    ["arn:aws:iam::111122223333:role/ci-deployer", "arn:aws:iam::444455556666:role/pipelines/ci-deployer"],
)
def test_a_principal_that_iam_printed_so_or_in_another_account_is_not_corrected(printed: str) -> None:
    text = f'{INVALID}: "AWS":"arn:aws:iam::111122223333:role/ci-deployer"\n\n'
    text += f'$ aws iam get-role --role-name ci-deployer --query Role.Arn\n"{printed}"'
    assert "in IAM the ARN is" not in answer(text).verdict.summary


HANDLED = (
    'CREATE_FAILED AWS::KMS::Key Key Resource handler returned message: "Policy contains a statement with one or more '
    'invalid principals. (Service: Kms, Status Code: 400)"\n'
)


@pytest.mark.parametrize(
    ("principals", "only"),
    [
        ('Principal: { AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/KeyAdmin" }\nAction: kms:*', "role KeyAdmin"),
        (
            '"Principal": {"AWS": ["arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:user/ops/ana"]}',
            "user ops/ana",
        ),
        ('"Principal": {"AWS": ["arn:aws:iam::111122223333:role/a", "arn:aws:iam::111122223333:role/b"]}', ""),
        ('"Principal": {"AWS": "arn:aws:iam::111122223333:root"}', ""),
    ],
)
def test_the_only_role_among_the_principals_is_named(principals: str, only: str) -> None:
    summary = answer(f"{HANDLED}{principals}").verdict.summary
    assert bool(only) is ("the only role or user" in summary)
    assert only in summary


@pytest.mark.parametrize(
    ("rejected", "wanted"),
    [
        ('"SERVICE":"ecs-tasks"', "Write ecs-tasks.amazonaws.com in place of ecs-tasks"),
        ('"SERVICE":"codepipelin"', "Write codepipeline.amazonaws.com in place of codepipelin"),
        ('"AWS":"firehose.amazonaws.com"', '"Principal": {"Service": "firehose.amazonaws.com"}'),
    ],
)
def test_a_service_without_its_domain_or_under_another_type_is_named(rejected: str, wanted: str) -> None:
    found = answer(f"{INVALID}: {rejected} (Service: Iam, Status Code: 400)")
    assert wanted in found.verdict.summary
    assert "create it first" not in " ".join(each.title for each in found.fixes)


@pytest.mark.parametrize("rejected", ['"SERVICE":"lamda.amazonaws.com"', '"AWS":"arn:aws:iam::111122223333:role/ecs"'])
def test_a_full_name_of_a_service_and_a_role_are_other_faults(rejected: str) -> None:
    assert "with its domain" not in answer(f"{INVALID}: {rejected}").verdict.summary


@pytest.mark.parametrize(
    "shown",
    [
        "The role ci was created again as /build/ci",
        'resource "aws_iam_role" "ci" {\n  name = "ci"\n  path = "/build/"\n}',
        "Properties:\n  RoleName: ci\n  Path: /build/\n",
    ],
)
def test_a_principal_without_the_path_that_the_text_shows(shown: str) -> None:
    found = answer(f'{INVALID}: "AWS":"arn:aws:iam::111122223333:role/ci"\n{shown}')
    assert "write arn:aws:iam::111122223333:role/build/ci" in found.verdict.summary


def test_a_file_with_the_name_of_a_role_is_no_path() -> None:
    found = answer(
        f'{INVALID}: "AWS":"arn:aws:iam::111122223333:role/ci"\nthe role script is ./build/ci, see src/build/ci'
    )
    assert "/build/ci" not in found.verdict.summary

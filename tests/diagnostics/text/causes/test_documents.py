"""IAM's own sentences on a document, handed on without their code, and what they need."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

HANDLER = 'CREATE_FAILED AWS::IAM::Role R Resource handler returned message: "{} (Service: Iam, Status Code: 400)"'


@pytest.mark.parametrize(
    ("sentence", "cause"),
    [
        ("Has prohibited field Resource", "A trust policy has no Resource"),
        ("Policy statement must contain resources.", "A statement has no Resource"),
        ("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.", "lacks its service"),
        ("The policy failed legacy parsing", "is not an ARN"),
        ("Statement IDs (SID) in a single policy must be unique.", "Sids of one policy"),
        ("Vendor s4 is not valid", "before its colon: correct the spelling"),
    ],
)
def test_the_sentence_is_no_permission(sentence: str, cause: str) -> None:
    diagnosis = collect_offline(read_text(HANDLER.format(sentence))[0])
    assert diagnosis.verdict.cause == "not-iam"
    assert cause in diagnosis.first_look[0].cause


@pytest.mark.parametrize(
    ("sentence", "says"),
    [
        ("Resource logs must be in ARN format", "The Resource logs is a name"),
        (
            'putting the policy of the S3 bucket: Resource acme-raw/* must be in ARN format or "*".',
            "write arn:aws:s3:::acme-raw/* if",
        ),
        ("Resource orders-table must be in ARN format", "write the ARN of what has this name"),
        ('Partition "${PART}" is not valid for resource "arn:${PART}:s3:::lake".', "Its value is aws (aws-cn"),
        ("Resource ${aws_s3_bucket.raw.arn} must be in ARN format", "is a placeholder of a template"),
        ("Resource {{bucket_arn}} must be in ARN format", "{{bucket_arn}} is a placeholder"),
        ("Vendor <SERVICE> is not valid", "<SERVICE> is a placeholder"),
    ],
)
def test_the_rejected_value_that_the_sentence_shows_is_the_verdict(sentence: str, says: str) -> None:
    assert says in collect_offline(read_text(HANDLER.format(sentence))[0]).verdict.summary


def test_a_policy_variable_is_no_placeholder() -> None:
    text = HANDLER.format("Resource arn:aws:s3:::home/${aws:username} must be in ARN format")
    assert "placeholder" not in collect_offline(read_text(text)[0]).verdict.summary


TRUST = '{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}'
GRANT = '{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}'
OTHER_TYPE = "The provided policy document does not meet the requirements of the specified policy type."


@pytest.mark.parametrize(
    ("sentence", "beside", "cause"),
    [
        ("Policy statement must contain resources.", f'{{"Statement": [{TRUST}]}}', "is a trust policy"),
        ("Policy statement must contain resources.", f'{{"Statement": [{TRUST}, {GRANT}]}}', "has no Resource or Act"),
        ("Policy statement must contain resources.", '{"Statement": [{"Action": "s3:*"}]}', "has no Resource or Act"),
        (OTHER_TYPE, "--type RESOURCE_CONTROL_POLICY", "only statements with Effect Deny"),
        (OTHER_TYPE, "--type SERVICE_CONTROL_POLICY", "has no Principal and no NotPrincipal"),
    ],
)
def test_a_document_of_another_kind_is_named(sentence: str, beside: str, cause: str) -> None:
    said = f"An error occurred (MalformedPolicyDocument) when calling the CreatePolicy operation: {sentence}\n{beside}"
    assert cause in collect_offline(read_text(said)[0]).first_look[0].cause


def test_the_action_that_a_trust_policy_cannot_have_is_named() -> None:
    text = (
        f'{HANDLER.format("AssumeRole policy may only specify STS AssumeRole actions.")}\nAction: ["sts:AssumeRole", '
    )
    diagnosis = collect_offline(read_text(f'{text}"eks:TagResource"]')[0])
    assert diagnosis.first_look[0].cause.startswith("Move eks:TagResource out of the trust policy")


@pytest.mark.parametrize(
    "text", ["Error: Resource limit must be a number", "the coupon is not valid", "field is missing"]
)
def test_another_programs_sentence_is_none_of_iams(text: str) -> None:
    assert collect_offline(read_text(text)[0]).verdict.cause == "unreadable"


def test_an_action_cut_before_its_colon_is_said_to_be_cut() -> None:
    caller = "arn:aws:sts::158830924470:assumed-role/pdf-role/pdf"
    for cut in ("textr", "textr…", "dynamo"):
        diagnosis = collect_offline(read_text(f"ALERT User: {caller} is not authorized to perform: {cut}")[0])
        assert diagnosis.verdict.summary.startswith("The line is cut off")


def test_a_token_audience_behind_a_providers_words_is_read() -> None:
    text = "WebIdentityErr: failed to retrieve credentials caused by: InvalidIdentityToken: Incorrect token audience"
    assert "audience (aud) is not in the list" in collect_offline(read_text(text)[0]).verdict.summary


def test_a_custom_resource_creates_a_service_linked_role_with_its_functions_role() -> None:
    text = (
        "Received response status [FAILED] from custom resource. Message returned: ValidationException: Failed "
        "creating service linked role. Please verify that the calling role has sufficient permissions to create a "
        "service linked role."
    )
    diagnosis = collect_offline(read_text(text)[0])
    assert "iam:CreateServiceLinkedRole" in diagnosis.verdict.summary
    assert "role of its Lambda function" in diagnosis.first_look[0].cause


def test_googles_sentence_names_who_lacks_what() -> None:
    text = (
        "s3://raw -> gcs FAILED PERMISSION_DENIED: job@x.iam.gserviceaccount.com does not have storage.buckets.get "
        "access to the Google Cloud Storage bucket."
    )
    verdict = collect_offline(read_text(text)[0]).verdict.summary
    assert "job@x.iam.gserviceaccount.com does not have storage.buckets.get" in verdict


def test_an_audience_that_is_written_in_words_is_compared() -> None:
    text = (
        'InvalidIdentityToken: Incorrect token audience\naud="https://gitlab.fjord.example"\n'
        "IAM > identity providers > gitlab.fjord.example   audience: sts.amazonaws.com"
    )
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert "audience is https://gitlab.fjord.example, but the identity provider lists sts.amazonaws.com" in summary


@pytest.mark.parametrize(
    "sign",
    [
        "# guard is attached to reader, and to runner as its permissions boundary",
        "Failed to detach: operation error IAM: DetachRolePolicy, https response error StatusCode: 404, RequestID: 1, "
        "NoSuchEntity: Policy arn:aws:iam::612340987765:policy/guard was not found.",
    ],
)
def test_a_policy_that_is_a_permissions_boundary_blocks_its_deletion_as_one(sign: str) -> None:
    text = (
        f"{sign}\nFailed to delete policy arn:aws:iam::612340987765:policy/guard: operation error IAM: DeletePolicy, "
        "https response error StatusCode: 409, RequestID: 2, DeleteConflict: Cannot delete a policy attached to "
        "entities."
    )
    first = collect_offline(read_text(text)[0]).first_look[0]
    assert "as its permissions boundary" in first.cause
    assert first.check == "aws iam list-entities-for-policy --policy-arn arn:aws:iam::612340987765:policy/guard"


def test_a_misspelled_action_of_a_trust_policy_is_named() -> None:
    trust = TRUST.replace('"sts:AssumeRole"', '["sts:AssumeRole", "sts:TagSessions"]')
    text = (
        "An error occurred (MalformedPolicyDocument) when calling the CreateRole operation: AssumeRole policy may only "
        f'specify STS AssumeRole actions.\n{{"Version": "2012-10-17", "Statement": [{trust}]}}'
    )
    assert "most likely sts:TagSession is meant" in collect_offline(read_text(text)[0]).verdict.summary

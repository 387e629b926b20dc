"""ARNs that AWS rejects for their shape are said to be that, and how they are written."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.answer.policy_documents.arn_shape import shape_fault

ROOT, ROLE = "arn:aws:iam::111122223333:root", "arn:aws:iam::111122223333:role/deploy"


@pytest.mark.parametrize(
    ("arn", "wrong", "meant"),
    [
        ("arn:aws::iam::111122223333:root", "one colon too many after aws", ROOT),
        ("arn:aws-cn::iam::111122223333:root", "one colon too many", ROOT.replace("aws:", "aws-cn:")),
        ("arn:aws:iam:111122223333:root", "one colon instead of two", ROOT),
        ("arn:aws:iam:111122223333:role/deploy", "one colon instead of two", ROLE),
        ("arn:iam::111122223333:role/deploy", "the partition is missing", ROLE),
        ("arn::iam::111122223333:role/deploy", "the partition is missing", ROLE),
        ("arn:aws:iam:eu-west-1:111122223333:role/deploy", "iam has no Regions", ROLE),
        ("arn:aws:iam::11112222333:root", "has 11 digits", ""),
        ("arn:aws:iam::1111222233334:role/deploy", "has 13 digits", ""),
        ("arn:aws:iam:::role/deploy", "the account number is missing", ""),
        ("arn:aws:iam::111122223333:roles/deploy", "must begin with role/, not roles/", ROLE),
        ("arn:aws:iam::111122223333:role:deploy", "a slash, not a colon, must follow role", ROLE),
        ("arn:aws:iam::111122223333:/role/deploy", "begins with a slash", ROLE),
        ("arn:aws:iam::111122223333/role/deploy", "a colon, not a slash, must follow the account number", ROLE),
        ("arn:aws:iam::111122223333:role/", "the name after role/ is missing", ""),
    ],
)
def test_a_wrong_shape(arn: str, wrong: str, meant: str) -> None:
    fault = shape_fault(arn)
    assert fault is not None
    assert wrong in fault.wrong
    assert fault.meant == meant


@pytest.mark.parametrize(
    "arn",
    [
        ROOT,
        ROLE,
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
        "arn:aws:iam::111122223333:role/a/b/c",
        "arn:aws:iam::111122223333:user/*",
        "arn:aws:iam::${AWS::AccountId}:root",
        "arn:aws:sts::111122223333:assumed-role/a/b",
        "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/AB",
        "arn:aws:iam::111122223333:mfa/jo",
        "arn:aws:s3:::bucket/key",
        "arn:aws:lambda:eu-west-1:111122223333:function:f",
    ],
)
def test_a_right_shape(arn: str) -> None:
    assert shape_fault(arn) is None


REFUSED = "An error occurred ({}) when calling the {} operation: "
INVALID = REFUSED.format("MalformedPolicyDocument", "CreateRole") + "Invalid principal in policy: "


@pytest.mark.parametrize(
    "text",
    [
        f'{INVALID}"AWS":"arn:aws::iam::111122223333:root"',
        f'Resource handler returned message: "{INVALID}"AWS":"arn:aws:iam:111122223333:root" (Service: Iam)',
        REFUSED.format("ValidationError", "AssumeRole") + "arn:aws:iam:111122223333:root is invalid",
        REFUSED.format("InvalidParameterValueException", "CreateFunction") + "1 validation error detected: Value "
        "'arn:aws:iam:111122223333:root' at 'role' failed to satisfy constraint",
    ],
)
def test_the_shape_comes_first(text: str) -> None:
    found = collect_offline(read_text(text)[0])
    assert f"Write {ROOT}" in found.verdict.summary
    assert "create it first" not in " ".join(fix.title for fix in found.fixes)


@pytest.mark.parametrize(
    ("name", "own"),
    [("TeamReadAll", True), ("AWSLoadBalancerControllerIAMPolicy", True), ("ReadOnlyAccess", False)],
)
def test_an_own_policy_has_no_aws_in_place_of_its_account(name: str, own: bool) -> None:
    text = (
        "An error occurred (NoSuchEntity) when calling the AttachRolePolicy operation: Policy "
        f"arn:aws:iam::aws:policy/{name} does not exist or is not attachable."
    )
    found = collect_offline(read_text(text)[0])
    assert (f"its ARN is arn:aws:iam::ACCOUNT:policy/{name}" in found.verdict.summary) is own


S3 = "Invalid principal in policy (Service: Amazon S3; Status Code: 400; Error Code: MalformedPolicy)\n"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('AWS: !Sub "arn:aws:iam::${Beta}/role/publish"', "arn:aws:iam::${Beta}:role/publish"),
        ("AWS: !Sub 'arn:${AWS::Partition}::iam::${AWS::AccountId}:root'", "arn:aws:iam::${AWS::AccountId}:root"),
        ('"Principal": {"AWS": "arn:aws:iam:111122223333:root"}', ROOT),
        ('identifiers = ["arn:aws:iam::111122223333:roles/deploy"]', ROLE),
    ],
)
def test_the_template_shows_the_shape_where_the_message_has_no_arn(written: str, meant: str) -> None:
    assert f"Write {meant}" in collect_offline(read_text(f"{S3}{written}")[0]).verdict.summary


@pytest.mark.parametrize(
    "written",
    [
        'AWS: !Sub "arn:aws:iam::${Beta}:role/publish"',
        'Resource: "arn:aws:iam::111122223333/role/x"',
        'AWS: "arn:${A}:iam::${B}:${C}"',
    ],
)
def test_a_template_without_a_wrong_principal(written: str) -> None:
    assert " is not a valid ARN" not in collect_offline(read_text(f"{S3}{written}")[0]).verdict.summary


FORBIDDEN = (
    "An error occurred (NotAuthorizedException) when calling the SetIdentityPoolRoles operation: Access to Role "
    "'arn:aws:iam::111122223333{}' is forbidden."
)


@pytest.mark.parametrize(("rest", "meant"), [("ole/kiosk", ":role/kiosk"), ("oot", ":root"), ("ser/ann", ":user/ann")])
def test_a_letter_that_the_shell_took_for_a_modifier(rest: str, meant: str) -> None:
    summary = collect_offline(read_text(FORBIDDEN.format(rest))[0]).verdict.summary
    assert f"Write arn:aws:iam::111122223333{meant}" in summary
    assert f"braces, as in ${{ACCOUNT}}{meant.partition('/')[0]}" in summary


@pytest.mark.parametrize("rest", [":role/ole/kiosk", ":role/oot", "-ole/kiosk"])
def test_an_arn_with_its_type_lost_no_letter(rest: str) -> None:
    assert "modifier" not in collect_offline(read_text(FORBIDDEN.format(rest))[0]).verdict.summary

"""Which credentials a call really used: the environment's, a bearer token, a profile's own permission set."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.denials.pasted import diagnosed

ACCOUNT = "555081364420"
REFUSED = (
    "An error occurred (AccessDeniedException) when calling the DescribeCluster operation: User: "
    f"arn:aws:iam::{ACCOUNT}:user/sandbox is not authorized to perform: eks:DescribeCluster on resource: "
    f"arn:aws:eks:eu-west-1:{ACCOUNT}:cluster/blue because no identity-based policy allows the eks:DescribeCluster "
    f"action"
)
ENVIRONMENT = "AWS_PROFILE=prod-admin\nAWS_ACCESS_KEY_ID=AKIA…\nAWS_SECRET_ACCESS_KEY=9sd2…\n"


def test_keys_of_the_environment_come_before_the_profile() -> None:
    found = diagnosed(
        f"$ env\n{ENVIRONMENT}$ aws eks update-kubeconfig --name blue\n{REFUSED}\nprod-admin is in 777035519208"
    )
    assert found.verdict.summary.startswith("The keys in the environment (AWS_ACCESS_KEY_ID) made the call, as sandbox")
    assert found.fixes[0].title == "Remove the keys from the environment"
    assert len(found.first_look) == 1


def test_listed_keys_of_the_environment_are_seen() -> None:
    listed = "      profile    prod   env    ['AWS_PROFILE']\naccess_key     ****************7QPL              env\n"
    found = diagnosed(f"$ aws configure list\n{listed}$ aws eks describe-cluster --name blue\n{REFUSED}")
    assert "made the call, as sandbox: they override AWS_PROFILE=prod." in found.verdict.summary
    assert len(found.first_look) == 1


SHOWN = f'{{"Account": "{ACCOUNT}", "Arn": "arn:aws:sts::{ACCOUNT}:assumed-role/Admin/me"}}'


@pytest.mark.parametrize(
    ("asked", "command", "said"),
    [
        (
            "aws sts get-caller-identity --profile prod",
            "aws eks list-clusters",
            "same profile: --profile prod.",
        ),
        ("aws sts get-caller-identity", "sudo aws eks list-clusters", "sudo drops the environment"),
        (
            "aws sts get-caller-identity",
            "aws eks list-clusters",
            "used different credentials. The text says",
        ),
    ],
)
def test_another_command_shows_another_caller(asked: str, command: str, said: str) -> None:
    summary = diagnosed(f"$ {asked}\n{SHOWN}\n$ {command}\n\n{REFUSED}").verdict.summary
    assert summary.startswith("The call was made by sandbox, not by Admin/me, whom get-caller-identity shows")
    assert said in summary


HUB = '{"Arn": "arn:aws:sts::444455556666:assumed-role/hub/run"}'
TO_PROD = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: "
    "arn:aws:sts::555566667777:assumed-role/staging/run is not authorized to perform: sts:AssumeRole on resource: "
    "arn:aws:iam::666677778888:role/prod"
)
STAGING = "assumed arn:aws:iam::555566667777:role/staging"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"[03:18] ci > aws sts get-caller-identity\n{HUB}\n{STAGING}\n{TO_PROD}", True),
        (
            f"$ aws sts get-caller-identity\n{HUB}\n$ eval $(assume --arn {STAGING})\nok\n$ ./assume prod\n{TO_PROD}",
            True,
        ),
        (f"$ aws sts get-caller-identity\n{HUB}\n{STAGING.replace('role/', 'role/ci/')}\n{TO_PROD}", True),
        (f"$ aws sts get-caller-identity\n{HUB}\n{STAGING}-2\n{TO_PROD}", False),
        (f"{STAGING}\n{TO_PROD}", False),
        (f"{TO_PROD}\n$ aws sts get-caller-identity\n{HUB}\n{STAGING}", False),
    ],
)
def test_a_session_that_is_left_in_use_is_named(text: str, left: bool) -> None:
    found = diagnosed(text)
    assert ("The session of staging, which the text assumes before, is still in use" in found.verdict.summary) == left
    assert bool(found.first_look) != left


ASSUMED = "aws sts assume-role --role-arn arn:aws:iam::666677778888:role/deployer --role-session-name x"
KEYS = '{ "Credentials": { "AccessKeyId": "ASIAX" } }'


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        (f"$ {ASSUMED}\n{KEYS}\n$ aws eks list-clusters\n\n{REFUSED}", True),
        (f"+ {ASSUMED}\n{KEYS}\n+ aws eks list-clusters\n{REFUSED}", True),
        (f"$ {ASSUMED}\n{KEYS}\n$ export AWS_ACCESS_KEY_ID=ASIAX\n$ aws eks list-clusters\n{REFUSED}", False),
        (f"$ {ASSUMED}\n{KEYS}\n$ aws eks list-clusters --profile deployer\n{REFUSED}", False),
        (f"$ {ASSUMED} > keys.json\n{KEYS}\n$ aws eks list-clusters\n{REFUSED}", False),
        (f"$ {ASSUMED}\n\n{TO_PROD}\n$ aws eks list-clusters\n{REFUSED}", False),
    ],
)
def test_credentials_that_are_only_printed_are_not_used(text: str, printed: bool) -> None:
    summaries = [each.verdict.summary for each in map(collect_offline, read_text(text))]
    said = "The call was made by sandbox, not by deployer, whose credentials assume-role returned"
    assert any(each.startswith(said) for each in summaries) == printed


def test_a_service_that_calls_is_not_compared_with_the_person() -> None:
    summary = diagnosed(f"CREATE_FAILED {REFUSED}\n$ aws sts get-caller-identity\n{SHOWN}").verdict.summary
    assert "get-caller-identity shows" not in summary


def test_an_account_that_was_meant_is_told() -> None:
    found = diagnosed(f"{REFUSED}\nthis should be in prod (777035519208)")
    assert found.verdict.summary.startswith(
        f"The call was made in account {ACCOUNT}, but the text says that it should be 777035519208"
    )


def test_a_named_profile_comes_before_the_keys_of_the_environment() -> None:
    found = diagnosed(f"$ env\n{ENVIRONMENT}$ aws eks describe-cluster --name blue --profile prod-admin\n{REFUSED}")
    assert "keys in the environment (AWS_ACCESS_KEY_ID) made" not in found.verdict.summary


@pytest.mark.parametrize(
    ("command", "named"),
    [("aws bedrock-runtime converse --profile dev --model-id x   # ok", True),
     ("aws bedrock-runtime converse --profile other --model-id x   # ok", False),
     ("aws bedrock-runtime converse --profile dev --model-id x   # fails too", False)],
)  # fmt: skip
def test_a_profile_that_works_in_the_cli_is_not_what_the_program_used(command: str, named: bool) -> None:
    found = diagnosed(
        f"$ export AWS_PROFILE=dev\n$ pi --provider bedrock -p hi\nAccessDeniedException: 403\n$ {command}"
    )
    causes = " ".join(look.cause for look in found.first_look)
    assert ("works in the AWS CLI" in causes) is named
    assert ("AWS_BEARER_TOKEN_BEDROCK" in causes) is named


def test_a_profile_chooses_one_permission_set() -> None:
    refused = REFUSED.replace(":iam:", ":sts:").replace(
        "user/sandbox", "assumed-role/AWSReservedSSO_ReadOnly_a1b2c3d4e5f60718/t"
    )
    found = diagnosed(f"{refused}\nI have ReadOnly and Release. [profile rel] sso_role_name = ReadOnly")
    assert found.first_look[0].cause.startswith("Profile rel chooses the permission set ReadOnly (sso_role_name)")
    assert not any("lacks the action, or this is the wrong profile" in look.cause for look in found.first_look)


MFA = '{"Effect":"Deny","NotAction":["sts:GetSessionToken"],"Resource":"*","Condition":{"BoolIfExists":'
MFA += '{"aws:MultiFactorAuthPresent":"false"}}}'
DENIED = REFUSED.partition(" because")[0] + " with an explicit deny in an identity-based policy"


@pytest.mark.parametrize(
    ("beside", "said"),
    [
        ("", "Get a session with MFA"),
        ("logged in to the console with my yubikey", "call from CloudShell"),
        (
            "$ aws sts get-session-token --serial-number x --token-code 1 > t.json",
            "was not used: set AWS_ACCESS_KEY_ID",
        ),
        (
            "$ aws sts get-session-token > t.json  # exported all three",
            "A session of get-session-token without the device's code also has no MFA",
        ),
    ],
)
def test_keys_carry_no_mfa(beside: str, said: str) -> None:
    summary = diagnosed(f"{beside}\n{DENIED}\n{MFA}").verdict.summary
    assert summary.startswith(
        "Calls with the access keys of sandbox are made without MFA, even if the console sign-in used MFA."
    )
    assert said in summary


def test_a_session_of_a_role_is_not_told_so() -> None:
    role = DENIED.replace(":iam:", ":sts:").replace("user/sandbox", "assumed-role/app/s")
    assert "carry no MFA" not in diagnosed(f"{role}\n{MFA}").verdict.summary


REFUSED_KEY = "InvalidClientTokenId: The security token included in the request is invalid."
SSO = "UnauthorizedException: Session token not found or invalid\n[profile dev]\nregion = eu-west-1\n[sso-session c]\n"
OTHERS = [
    (f"update-access-key --access-key-id AKIAX --status Inactive\n{REFUSED_KEY}", "still uses a key that is no longer"),
    (f"$ export AWS_PROFILE=work\n{REFUSED_KEY}\n# works: aws configure export-credentials --profile work",
     "does not use the working credentials"),
    (f"{SSO}sso_region = us-east-1\n$ aws sts get-caller-identity --profile dev   # ok",
     "asks the portal in eu-west-1 (region) instead of us-east-1"),
    ("$ export AWS_ACCESS_KEY_ID=ASIAEXAMPLE\n$ export AWS_SECRET_ACCESS_KEY=x AWS_SESSION_TOKEN=FwoG\nAn error "
     "occurred (InvalidToken) when calling the ListBuckets operation: The provided token is "
     "malformed or otherwise invalid.",
     "The session token does not belong to the access key"),
    ("PS C:\\> Get-SECSecretValue -SecretId a\nGet-SECSecretValue: No credentials specified or obtained from "
     "persisted/shell defaults.\nPS C:\\> aws sts get-caller-identity --profile app", "This PowerShell session has no"),
    ("Task log 01:30 (Run as: NT AUTHORITY\\SYSTEM):\nWrite-S3Object : No credentials specified or obtained from "
     "persisted/shell defaults.", "The task runs as another Windows account"),
    ("Username: ACME\\FS01$\nRead-S3Object : No credentials specified or obtained from persisted/shell defaults.\nI "
     "ran Set-AWSCredential -AccessKey x -SecretKey y -StoreAs backup as ann", "a Windows account other than the one"),
    ("Get-S3Bucket : No credentials specified or obtained from persisted/shell defaults.\nThe scheduled task fails, by "
     "hand it works.\nbackup  NetSDKCredentialsFile", "a Windows account other than the one"),
    ("Username: ACME\\ann\nRead-S3Object : No credentials specified or obtained from persisted/shell defaults.\nPS> "
     "Get-AWSCredential -ListProfileDetail\nbackup  NetSDKCredentialsFile", "This PowerShell session has no"),
    ("Error when retrieving credentials from custom-process: saml2aws: session expired, run saml2aws login",
     "credential_process failed with this reason: “saml2aws: session expired, run saml2aws login”."),
    (f"{SSO}sso_region = us-east-1", "run aws sso login with this profile"),
    ("error: This behavior requires following cargo feature(s) enabled: sso. ", "built without this feature"),
    ("WARN profile `sso-session corp` ignored because `sso-session corp` was not a valid identifier\n"
     "error: `sso_region` was missing", "too old for [sso-session] sections"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), OTHERS)
def test_what_the_program_used_is_told(text: str, said: str) -> None:
    assert said in diagnosed(text).verdict.summary


def test_a_sign_in_names_the_profile() -> None:
    text = "$ aws s3 ls --profile corp\nError when retrieving token from sso: Token has expired and refresh failed"
    assert "aws sso login --profile corp" in str(diagnosed(text).fixes[0].change)


def test_an_administrator_who_did_not_call_makes_no_difference() -> None:
    asked = f'$ aws sts get-caller-identity --query Arn\n"arn:aws:iam::{ACCOUNT}:user/bjorn"'
    text = f"I have AdministratorAccess!\n{REFUSED}\n{asked}"
    assert diagnosed(text).first_look[0].cause.startswith("bjorn is not the caller: the call was made by sandbox")


def test_a_permission_set_in_other_letter_case_comes_first() -> None:
    text = (
        "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access\n[profile p]\n"
        f"sso_account_id = {ACCOUNT}\nsso_role_name = LakeReadonly\nportal shows: LakeReadOnly\nis "
        "s3:ListAllMyBuckets missing?"
    )
    found = diagnosed(text)
    assert found.first_look[0].cause.startswith("The profile says sso_role_name = LakeReadonly, but the text also has")
    assert "s3:ListAllMyBuckets" not in found.steps[0].summary


LISTED = "$ aws sso list-account-roles --access-token T --account-id {} --query 'roleList[].roleName' --output text\n"


@pytest.mark.parametrize(
    ("shown", "sets"),
    [
        (LISTED.format("390118842765") + "PowerUser\tBilling\n", "PowerUser or Billing"),
        ('portal of 390118842765: "Ops-Reader"', "Ops-Reader"),
        (LISTED.format("111122223333") + "PowerUser\tBilling\n", ""),
        (LISTED.format("390118842765") + "PowerUser\tDataOps\n", ""),
        ('account "390118842765"', ""),
    ],
)
def test_the_permission_sets_that_the_text_shows_are_named(shown: str, sets: str) -> None:
    text = (
        "An error occurred (ForbiddenException) when calling the GetRoleCredentials operation: No access\n[profile p]\n"
    )
    cause = diagnosed(f"{text}sso_account_id = 390118842765\nsso_role_name = DataOps\n{shown}").first_look[0].cause
    assert cause.startswith(f"Write sso_role_name = {sets} in the profile") if sets else "Write" not in cause


def test_a_lock_table_of_terraform_needs_its_own_actions() -> None:
    text = f"Error: Error acquiring the state lock\n{REFUSED}".replace("eks:DescribeCluster", "dynamodb:PutItem")
    causes = [look.cause for look in diagnosed(text).first_look]
    assert "dynamodb:GetItem, dynamodb:PutItem or dynamodb:DeleteItem on the lock table" in causes[0]
    assert "s3:ListBucket" not in causes[0]
    other = text.replace("Error acquiring the state lock", 'Unable to retrieve item from DynamoDB table "locks"')
    assert next(look.cause for look in diagnosed(other).first_look) == causes[0]


@pytest.mark.parametrize(("option", "told"), [("", True), (" --serial-number x --token-code 1", False)])
def test_a_command_without_a_code_does_not_pass_a_trust_policy_that_wants_mfa(option: str, told: bool) -> None:
    refused = f"User: arn:aws:iam::{ACCOUNT}:user/priya is not authorized to perform: sts:AssumeRole on resource: "
    text = (
        f"{refused}arn:aws:iam::{ACCOUNT}:role/glass\ntrust policy requires aws:MultiFactorAuthPresent true; cmd was "
    )
    found = diagnosed(f"{text}`aws sts assume-role --role-arn arn:aws:iam::{ACCOUNT}:role/glass{option}`")
    assert found.verdict.summary.startswith("The role's trust policy requires MFA, but the command sends none") is told


PRINTED = (
    "$ aws sts get-session-token --serial-number arn:aws:iam::111122223333:mfa/dev --token-code 123456\n"
    '{\n "Credentials": {\n  "SessionToken": "x",\n  "Expiration": "2026-05-18T21:14:05+00:00"\n }\n}\n'
)


@pytest.mark.parametrize(
    ("before", "after", "only_printed"),
    [
        (PRINTED, "", True),
        ("$ aws s3 ls\nAn error occurred (AccessDenied) when calling the ListBuckets operation\n" + PRINTED, "", True),
        (PRINTED + "$ export AWS_SESSION_TOKEN=x\n", "", False),
        (PRINTED.replace("--serial-number arn:aws:iam::111122223333:mfa/dev --token-code 123456", ""), "", False),
        ("", PRINTED, False),
    ],
)
def test_a_session_that_was_only_printed_is_said_to_be_unused(before: str, after: str, only_printed: bool) -> None:
    answers = [collect_offline(each).verdict.summary for each in read_text(f"{before}$ aws x y\n{DENIED}\n{after}")]
    assert any("was only printed" in each for each in answers) is only_printed


UNREADABLE = (
    "OSError: When reading information for key 'db/t/metadata/1.json' in bucket 'lake': AWS Error ACCESS_DENIED during "
    "HeadObject operation: No response body."
)


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("load_catalog('c', **{'glue.profile-name': 'etl'})", "AWS_PROFILE set to that profile"),
        ("glue.access-key-id: AKIA\nglue.secret-access-key: x", "set s3.access-key-id"),
        ("load_catalog('c', **{'glue.profile-name': 'etl', 's3.access-key-id': key})", ""),
        ("load_catalog('c', **{'glue.region': 'eu-west-1'})", ""),
    ],
)
def test_the_catalogs_credentials_do_not_read_the_files(settings: str, said: str) -> None:
    first = diagnosed(f"from pyiceberg.catalog import load_catalog\n{settings}\n{UNREADABLE}").first_look[0].cause
    assert ("applies to the catalog's client only" in first) is bool(said)
    assert said in first


@pytest.mark.parametrize(
    ("loaded", "variable", "other"),
    [
        ("load_catalog('prod')", "PYICEBERG_CATALOG__DEFAULT__S3__ACCESS_KEY_ID", True),
        ("load_catalog()", "PYICEBERG_CATALOG__LAKE__CLIENT__ACCESS_KEY_ID", True),
        ("load_catalog('prod')", "PYICEBERG_CATALOG__PROD__S3__ACCESS_KEY_ID", False),
        ("load_catalog(name='prod')", "PYICEBERG_CATALOG__PROD__URI", False),
    ],
)
def test_keys_of_another_catalog_do_not_read_the_files(loaded: str, variable: str, other: bool) -> None:
    first = diagnosed(f"catalog = {loaded}\n{variable}=x\n{UNREADABLE}").first_look[0].cause
    assert ("The keys in the environment are for the catalog" in first) is other


EXISTS = "OSError: When testing for existence of bucket 'lake': AWS Error ACCESS_DENIED during HeadBucket operation"
ANONYMOUS = (
    "OSError: When initiating multiple part upload for key 'a' in bucket 'lake': AWS Error ACCESS_DENIED during "
    "CreateMultipartUpload operation: Anonymous users cannot initiate multipart uploads. Please authenticate."
)
FORBIDDEN = "HTTP Error: HTTP GET error on 'https://lake.s3.amazonaws.com/a.parquet' (HTTP 403)"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"pd.read_parquet('s3://lake/a')\naws sso login --profile dev\n{UNREADABLE}", "s3fs.S3FileSystem()"),
        (f"[profile dev]\nsso_session = acme\n{EXISTS}", "Most likely pyarrow did not use that session"),
        (f"S3FileSystem(role_arn=role)\n{ANONYMOUS}", "pyarrow sent the request without credentials"),
        (
            f"CREATE SECRET s3 (TYPE S3, PROVIDER CREDENTIAL_CHAIN, PROFILE 'dev');\nsso_session = acme\n{FORBIDDEN}",
            "Most likely DuckDB did not use that session",
        ),
        (f"AWS_ACCESS_KEY_ID is set\n{UNREADABLE}", ""),
        (f"S3FileSystem(access_key=key, secret_key=secret)\naws sso login\n{UNREADABLE}", ""),
        ("[profile dev]\nsso_session = acme\naws s3 cp s3://lake/a .\nfatal error: (403) HeadObject: Forbidden", ""),
    ],
)
def test_programs_with_their_own_sdk_do_not_use_the_sign_in(text: str, said: str) -> None:
    first = " ".join(look.cause for look in diagnosed(text).first_look[:1])
    assert ("not as the AWS CLI and boto3 do" in first) is bool(said)
    assert said in first


@pytest.mark.parametrize(
    ("role", "of_aws"), [("AmazonLightsailInstanceRole", True), ("shop-lightsail-instance-role", False)]
)
def test_the_role_of_a_lightsail_instance_cannot_be_changed(role: str, of_aws: bool) -> None:
    found = diagnosed(
        "An error occurred (AccessDenied) when calling the ListBuckets operation: User: "
        f"arn:aws:sts::777035519208:assumed-role/{role}/i-0a1b2c3d4e5f60718 is not authorized to perform: "
        "s3:ListAllMyBuckets\nour account is 111122223333"
    )
    causes = [each.cause for each in found.first_look]
    assert ("account 777035519208, which belongs to AWS" in causes[0]) is of_aws
    assert not of_aws or len(causes) == 1


@pytest.mark.parametrize(
    ("shown", "works"),
    [
        ('$ aws bedrock-runtime converse --model-id m1\n{"output": {"message": {"role": "assistant"}}}\n', True),
        ('$ aws sts get-caller-identity\n{"Account": "111122223333"}\n', False),
        ("", False),
    ],
)
def test_a_newer_version_whose_call_works_in_the_cli_lacks_no_permission(shown: str, works: bool) -> None:
    text = f"After the update to the version 2.3 my agent fails, before it worked:\nAccessDeniedException: 403\n{shown}"
    causes = " ".join(each.cause for each in diagnosed(text).first_look)
    assert ("signs or sends the call in another way" in causes) is works

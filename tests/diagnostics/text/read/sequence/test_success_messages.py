"""What the answers of services and controllers show about an earlier failure: it is over, or its thing is missing."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial

ROLE = "arn:aws:iam::444455556666:role/vendor/scan"
REFUSED = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: "
    f"arn:aws:iam::111122223333:user/eva is not authorized to perform: sts:AssumeRole on resource: {ROLE}"
)
TRUST = '[10:05] bea  the trust has "StringEquals": {"sts:ExternalId": "fjord-771"}'
TAKES = "[10:12] jon  $ aws sts assume-role --role-arn ROLE --role-session-name t"


def user(role: str, account: str = "444455556666") -> str:
    return (
        '             {\n                 "AssumedRoleId": "AROA4ZK7EXAMPLE9TQWD:t",\n'
        f'                 "Arn": "arn:aws:sts::{account}:assumed-role/{role}/t"\n             }}'
    )


@pytest.mark.parametrize(
    ("text", "over", "why"),
    [
        (f"{REFUSED}\n{TRUST}\n{TAKES} --external-id fjord-771\n{user('scan')}", True, "external ID fjord-771"),
        (f"{REFUSED}\n{TRUST}\n{TAKES} --external-id other\n{user('scan')}", True, ""),
        (f"{REFUSED}\n{TAKES}\n{user('scan')}", True, ""),
        (f"{REFUSED}\n{TAKES}\n{user('other')}", False, ""),
        (f"{REFUSED}\n{TAKES}\n{user('scan', '111122223333')}", False, ""),
        (f"{user('scan')}\n{TAKES}\n{REFUSED}", False, ""),
        (f'{REFUSED}\n"Arn": "arn:aws:sts::444455556666:assumed-role/scan/t"', False, ""),
        (f"{REFUSED}\n02:11 assumed arn:aws:sts::444455556666:assumed-role/scan/t", True, ""),
        (f"{REFUSED}\n02:11 assumed arn:aws:sts::444455556666:assumed-role/other/t", False, ""),
        (f"{REFUSED}\n02:11 error: assumed arn:aws:sts::444455556666:assumed-role/scan/t, denied", False, ""),
    ],
)
def test_the_session_of_the_role_shows_that_it_can_be_assumed(text: str, over: bool, why: str) -> None:
    (failure,) = read_text(text)
    assert bool(failure.sequel and failure.sequel.succeeded) == over
    diagnosis = collect_offline(failure)
    assert not over or not diagnosis.fixes
    assert why in diagnosis.verdict.summary
    assert not why or diagnosis.verdict.cause == "unreadable"


WARNED = (
    "Failed deploy model due to operation error Elastic Load Balancing v2: CreateLoadBalancer, https response error "
    "StatusCode: 403, RequestID: e0b1, api error AccessDenied: User: arn:aws:sts::444455556666:assumed-role/alb/1 is "
    "not authorized to perform: elasticloadbalancing:AddTags on resource: "
    "arn:aws:elasticloadbalancing:us-east-2:444455556666:loadbalancer/app/k8s-a/* because no identity-based policy "
    "allows the elasticloadbalancing:AddTags action"
)
BY_AGE = f"  Warning  FailedDeployModel  3m  ingress  {WARNED}"
FIRST_AGE = f"3m  Warning  FailedDeployModel  ingress/web  {WARNED}"


@pytest.mark.parametrize(
    ("text", "over"),
    [
        (f"{BY_AGE}\n  Normal   SuccessfullyReconciled  41s  ingress  Successfully reconciled", True),
        (f"{BY_AGE}\n  Normal   SuccessfullyReconciled  41s (x2 over 9m)  ingress  Successfully reconciled", True),
        (f"{FIRST_AGE}\n41s  Normal  SuccessfullyReconciled  ingress/web  Successfully reconciled", True),
        (f"41s  Normal  SuccessfullyReconciled  ingress/web  Successfully reconciled\n{FIRST_AGE}", True),
        (f"shop  {FIRST_AGE}\nshop  41s  Normal  ReconciliationSucceeded  ingress/web  Done", True),
        (f"{BY_AGE}\n  Normal   SuccessfullyReconciled  9m  ingress  Successfully reconciled", False),
        (f"{FIRST_AGE}\n41s  Normal  SuccessfullyReconciled  ingress/api  Successfully reconciled", False),
        (f"{BY_AGE}\n  Normal   Scheduled  41s  ingress  Assigned", False),
        (
            f"{BY_AGE}\n  Normal   SuccessfullyReconciled  41s  ingress  ok\n  Warning  Failed  2s  ingress  again",
            False,
        ),
    ],
)
def test_a_younger_good_event_of_the_same_controller_shows_that_it_is_over(text: str, over: bool) -> None:
    failure = read_text(text)[0]
    assert isinstance(failure, Denial)
    assert bool(failure.sequel and failure.sequel.over) == over


ATHENA = (
    "An error occurred (InvalidRequestException) when calling the StartQueryExecution operation: Unable to verify/"
    "create output bucket athena-results-plat"
)
HEAD = "An error occurred (403) when calling the HeadObject operation: Forbidden, s3://curlew-out/a/b.csv"
NO_BUCKET = "An error occurred (NoSuchBucket) when calling the GetBucketLocation operation: It does not exist"
NO_KEY = "An error occurred (404) when calling the HeadObject operation: Not Found"
LOOKS = "$ aws s3api get-bucket-location --bucket"


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        (f"{ATHENA}\naws s3api get-bucket-location --bucket athena-results-plat\n{NO_BUCKET}", True),
        (f"{ATHENA}\n{LOOKS} athena-results-plat\n\n{NO_BUCKET}", True),
        (f"{ATHENA}\n{LOOKS} other-bucket\n{NO_BUCKET}", False),
        (f"{ATHENA}\n{LOOKS} athena-results-plat --region eu-west-3\n{NO_BUCKET}", False),
        (f"{LOOKS} athena-results-plat\n{NO_BUCKET}\n{ATHENA}", False),
        (f"{REFUSED}\n$ aws iam get-role --role-name vendor/scan\n{NO_BUCKET}", False),
    ],
)
def test_a_thing_that_a_later_command_does_not_find_explains_the_failure(text: str, explained: bool) -> None:
    found = read_text(text)
    missing = [each for each in found if each.sequel is not None and each.sequel.missing]
    assert bool(missing) == explained
    assert not explained or found[-1] is missing[0]
    assert not explained or "A later command shows why" in collect_offline(found[-1]).verdict.summary


MOUNT = (
    'Warning  FailedMount  pod/a-1-x  MountVolume.SetUp failed for volume "s" : failed to mount secrets store objects '
    "for pod shop/a-1-x: AccessDeniedException: User: arn:aws:sts::444455556666:assumed-role/a/csi is not authorized "
    "to perform: secretsmanager:GetSecretValue on resource: a because no identity-based policy allows the "
    "secretsmanager:GetSecretValue action"
)
RUNS = "NAME    READY   STATUS    RESTARTS   AGE\na-1-x   {}     {}   0          51m"


@pytest.mark.parametrize(
    ("text", "over"),
    [
        (f"47m  {MOUNT}\n39m  Normal  Started  pod/a-1-x  Started container a", True),
        (f"47m  {MOUNT}\n{RUNS.format('1/1', 'Running')}", True),
        (f"47m  {MOUNT}\n{RUNS.format('2/2', 'Running')}", True),
        (f"47m  {MOUNT}\n39m  Normal  Started  pod/b-1-x  Started container b", False),
        (f"39m  {MOUNT}\n47m  Normal  Started  pod/a-1-x  Started container a", False),
        (f"47m  {MOUNT}\n39m  Normal  Scheduled  pod/a-1-x  Successfully assigned", False),
        (f"47m  {MOUNT}\n{RUNS.format('0/1', 'ContainerCreating')}", False),
        (f"47m  {MOUNT}\n{RUNS.format('0/1', 'Running')}", False),
    ],
)
def test_a_pod_that_runs_has_its_volumes(text: str, over: bool) -> None:
    (failure,) = read_text(text)
    assert bool(failure.sequel and failure.sequel.succeeded) == over


TOPIC = "arn:aws:sns:us-west-2:111122223333:exports"
PUBLISH = (
    f"User: arn:aws:iam::111122223333:user/exp is not authorized to perform: SNS:Publish on resource: {TOPIC} "
    "because no identity-based policy allows the SNS:Publish action"
)
ROWS = "eventtime  eventname  errorcode  errormessage\n2026-04-02T02:00:04Z  Publish  AccessDenied  " + PUBLISH


@pytest.mark.parametrize(
    ("text", "over"),
    [
        (f"01:15 {PUBLISH}\n01:15 exit 4\n01:45 start\n01:47 published MessageId=1 to {TOPIC}\n01:47 exit 0", True),
        (f"{ROWS}\n2026-04-02T02:01:41Z  Publish  (null)  (null)", True),
        (f"{ROWS}\n2026-04-02T02:01:41Z  Publish  null  null", True),
        (f"01:15 {PUBLISH}\n01:47 published MessageId=1 to {TOPIC}-two", False),
        (f"01:15 {PUBLISH}\n01:47 could not be published to {TOPIC}", False),
        (f"01:15 {PUBLISH}\nit should be published to {TOPIC}", False),
        (f"01:14 published MessageId=1 to {TOPIC}\n01:15 {PUBLISH}", False),
        (f"{ROWS}\n2026-04-02T02:01:41Z  Subscribe  (null)  (null)", False),
        (f"{ROWS}\n2026-04-02T02:01:41Z  Publish  AccessDenied  (same)", False),
    ],
)
def test_a_later_line_or_row_reports_the_refused_call(text: str, over: bool) -> None:
    (failure,) = read_text(text)
    assert bool(failure.sequel and failure.sequel.succeeded) == over


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        (f"pipeline 90211, project a:\n{PUBLISH}\npipeline 90214, project b: Job succeeded", False),
        (f"run #4411\n{PUBLISH}\nrun #4412: Job succeeded", False),
        (f"{PUBLISH}\nexit 4, again at 01:45\n01:47 exit 0", False),
        (f"pipeline 90211, project a:\n{PUBLISH}\npipeline 90211: Job succeeded", True),
        (f"{PUBLISH}\nJob succeeded", True),
    ],
)
def test_a_good_end_is_of_the_run_that_was_refused(text: str, ended: bool) -> None:
    (failure,) = read_text(text)
    assert bool(failure.sequel and failure.sequel.ended) == ended


def test_a_quotas_code_is_not_a_denials() -> None:
    quota, denial = read_text(
        "VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 0 allows\nin "
        f"another account:\n {PUBLISH}"
    )
    assert quota.code == "VcpuLimitExceeded" and isinstance(denial, Denial) and denial.code is None
    (alone,) = read_text(f"AuthorizationError: {PUBLISH}")
    assert alone.code == "AuthorizationError"


PUT = (
    "An error occurred (AccessDenied) when calling the PutObject operation: User: arn:aws:iam::111122223333:user/eva "
    "is "
    'not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::site/a/x" because no identity-based policy '
    "allows the s3:PutObject action"
)
GET = PUT.replace("PutObject", "GetObject")


@pytest.mark.parametrize(
    ("text", "over"),
    [
        (f"09:12 {PUT}\n09:40 (again) upload: ./x to s3://site/a/x", True),
        (f"{PUT}\nlater:\nmove: ./x to s3://site/a/x", True),
        (f"{GET}\nand then download: s3://site/a/x to ./x", True),
        (f"{PUT}\nupload: ./x to s3://site/a/xy", False),
        (f"{PUT}\ndownload: s3://site/a/x to ./x", False),
        (f"upload: ./x to s3://site/a/x\n{PUT}", False),
    ],
)
def test_the_transfer_of_the_refused_object_shows_that_the_refusal_is_over(text: str, over: bool) -> None:
    (failure,) = read_text(text)
    assert bool(failure.sequel and failure.sequel.succeeded) == over


@pytest.mark.parametrize(
    ("error", "missing"),
    [
        ("An error occurred (404) when calling the HeadBucket operation: Not Found", True),
        ("An error occurred (403) when calling the HeadBucket operation: Forbidden", False),
    ],
)
def test_a_lone_failure_may_name_what_does_not_exist(error: str, missing: bool) -> None:
    denied = "An error occurred (AccessDenied) when calling the PutObject operation to out-7-data: Access Denied"
    first, *_ = read_text(f"{denied}\n$ aws s3api head-bucket --bucket out-7-data\n{error}")
    assert bool(first.sequel and first.sequel.missing) == missing


REFUSED_ROLE = (
    "StsException: User: arn:aws:sts::111122223333:assumed-role/emr/i-0123456789abcdef0 is not authorized to perform: "
    "sts:AssumeRole on resource: arn:aws:iam::444455556666:role/lake (Service: Sts, Status Code: 403)\n"
)


@pytest.mark.parametrize(
    ("line", "works"),
    [
        ("fs.s3a.assumed.role.arn=arn:aws:iam::444455556666:role/lake", False),
        ("assumed = arn:aws:iam::444455556666:role/lake", False),
        ("10:02 assumed arn:aws:iam::444455556666:role/lake", True),
    ],
)
def test_the_name_of_a_setting_reports_no_success(line: str, works: bool) -> None:
    (failure,) = read_text(REFUSED_ROLE + line)
    assert bool(failure.sequel is not None and failure.sequel.succeeded) is works


@pytest.mark.parametrize("principal", ["arn:aws:sts::111122223333:assumed-role/build/a-1", "assumed-role/build/a-1"])
def test_a_session_in_a_trust_policy_is_no_later_success(principal: str) -> None:
    refused = (
        "User: arn:aws:sts::111122223333:assumed-role/build/a-3 is not authorized to perform: sts:AssumeRole on "
        f"resource: {ROLE}"
    )
    trust = f'{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":"sts:AssumeRole"}}'
    assert "works again" not in collect_offline(read_text(f"{refused}\ntrust policy:\n{trust}")[0]).verdict.summary

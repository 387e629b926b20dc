"""The command that failed compared with others: the same call, in another Region, at another path, or run again."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from diagnostics.text.read.sequence.same_command_elsewhere import worked_elsewhere
from tests.support.denials.pasted import refused_call

PS = "PS C:\\ops>"
DENY = " with an explicit deny in a service control policy"
USER = "User: arn:aws:iam::444455556666:user/eva is not authorized to perform:"
TABLE = "aws dynamodb create-table --table-name t --region"
TOPIC = f"New-SNSTopic : {USER} sns:CreateTopic on resource: arn:aws:sns:us-east-1:444455556666:t{DENY}"
LAUNCH = f"New-EC2Instance : {USER} ec2:RunInstances on resource: *{DENY}"
CODE = f"An error occurred (AuthorizationError) when calling the CreateTopic operation: {USER} sns:CreateTopic{DENY}"
ANSWER = '{"TableDescription": {"TableName": "t"}}'
CREATE = refused_call("CreateTable", "dynamodb:CreateTable")
MACIE = "An error occurred (AccessDeniedException) when calling the GetMacieSession operation: Macie is not enabled"


@pytest.mark.parametrize(
    ("text", "there", "creates"),
    [
        (f"$ {TABLE} us-east-1\n{CREATE}\n$ {TABLE} eu-west-1\n{ANSWER}", "eu-west-1", True),
        (f"{PS} New-SNSTopic -Name t -Region us-east-1\n{TOPIC}\n{PS} New-SNSTopic -Name t -Region eu-north-1\n"
         "arn:aws:sns:eu-north-1:444455556666:t", "eu-north-1", True),
        # What is in one Region differs with it: an image, a Zone.
        (f"{PS} New-EC2Instance -ImageId ami-0a1b2c3d4e5f60718 -Placement_AvailabilityZone us-east-1a -Region us-east-1"
         f"\n{LAUNCH}\n{PS} New-EC2Instance -ImageId ami-1a1b2c3d4e5f60718 -Placement_AvailabilityZone eu-west-1b "
         "-Region eu-west-1\nInstances : {i-1}", "eu-west-1", True),
        (f">>> boto3.client('sns', region_name='us-west-1').create_topic(Name='t')\n{CODE}\n>>> boto3.client('sns', "
         "region_name='eu-west-3').create_topic(Name='t')\n{'TopicArn': 'arn:aws:sns:eu-west-3:444455556666:t'}",
         "eu-west-3", True),
        (f"In [1]: boto3.client('sns', 'us-west-1').create_topic(Name='t')\n{CODE}\nIn [2]: boto3.client('sns', "
         "'eu-west-3').create_topic(Name='t')\n{'TopicArn': 'arn:aws:sns:eu-west-3:444455556666:t'}",
         "eu-west-3", True),
        (f">>> boto3.client('sns', region_name='us-west-1').create_topic(Name='t')\n{CODE}\n>>> boto3.client('sns', "
         "region_name='eu-west-3').list_topics()\n{'Topics': []}", "", False),
        # A service that is off in one Region, another name, another failure: no policy limits the Region.
        (f"$ aws macie2 get-macie-session --region us-east-1\n{MACIE}\n$ aws macie2 get-macie-session --region "
         'eu-west-1\n{"status": "ENABLED"}\n$ aws sts get-caller-identity\n"arn:aws:iam::444455556666:user/e"',
         "", False),
        (f"[10:02] ann: $ {TABLE} us-east-1\n{CREATE}\n[10:04] bob: $ {TABLE} eu-west-1\n{ANSWER}", "", False),
        (f"$ {TABLE} us-east-1\n{CREATE}\n$ {TABLE.replace(' t ', ' u ')} eu-west-1\n{ANSWER}", "", False),
        (f"$ {TABLE} us-east-1\n{CREATE}\n$ {TABLE} eu-west-1\n{CREATE}", "", False),
    ],
)  # fmt: skip
def test_a_call_that_works_in_another_region_shows_what_its_policy_limits(text: str, there: str, creates: bool) -> None:
    failure = read_text(text)[0]
    assert (failure.sequel.there if failure.sequel else "") == there
    said = collect_offline(failure).verdict.summary
    assert said.startswith(f"The same command worked in {there}, so most likely the refusing policy limits") == bool(
        there
    )
    assert ("It created the resource there." in said) == creates


API = "https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com"
NO_TOKEN = '{"message":"Missing Authentication Token"}'


@pytest.mark.parametrize(
    ("text", "otherwise"),
    [
        (f"$ curl -s {API}/prod/users\n{NO_TOKEN}\n$ curl -s {API}/prod/v2/users\n[]", "path"),
        (f"> curl -X PUT {API}/dev/a -d 1\n{NO_TOKEN}\n> curl -X PUT {API}/dev/b -d 1\n{{\"id\": 1}}", "path"),
        (f"$ curl -s {API}/prod/users\n{NO_TOKEN}\n$ curl -s {API}/prod/health\n{NO_TOKEN}", ""),
        (f"$ curl -s {API}/prod/users\n{NO_TOKEN}\n$ curl -s https://example.com/prod/v2/users\n[]", ""),
        (f"$ curl -s {API}/prod/users\n{NO_TOKEN}\n$ curl -s --aws-sigv4 aws:amz {API}/prod/v2/users\n[]", ""),
    ],
)  # fmt: skip
def test_a_request_that_works_at_another_path_needs_no_credentials(text: str, otherwise: str) -> None:
    failure = read_text(text)[0]
    assert (failure.sequel.otherwise if failure.sequel else "") == otherwise
    diagnosis = collect_offline(failure)
    assert ("The API does not have this path" in diagnosis.verdict.summary) == bool(otherwise)
    assert bool(otherwise) != any("is not signed" in look.cause for look in diagnosis.first_look)


EXPIRED = "The security token included in the request is expired"
QUEUES = f"Get-SQSQueue : {USER} sqs:ListQueues because no identity-based policy allows the sqs:ListQueues action"
BUCKETS = f"Get-S3Bucket : {USER} s3:ListAllMyBuckets because no identity-based policy allows it"


@pytest.mark.parametrize(
    ("text", "superseded"),
    [
        (f"{PS} Get-SQSQueue\n{QUEUES}\n{PS} # a colleague added the policy, 1h later:\n{PS} Get-SQSQueue\n"
         f"Get-SQSQueue : {EXPIRED}", True),
        (f"{PS} Get-S3Bucket -Region eu-west-1\n{BUCKETS}\n{PS} Get-S3Bucket -Region eu-west-1\n"
         f"Get-S3Bucket : {EXPIRED}", True),
        (f"{PS} Get-SQSQueue\n{QUEUES}\n{PS} Get-SQSQueue\n{QUEUES}", False),
    ],
)  # fmt: skip
def test_a_later_failure_of_the_same_cmdlet_is_the_present_one(text: str, superseded: bool) -> None:
    first, *_ = read_text(text)
    assert ("expired" in collect_offline(first).verdict.summary) == superseded


UP = "pulumi up --yes"
NOT_YET = refused_call("CreateQueue", "sqs:CreateQueue").replace("An error", " +  aws:sqs:Queue q error: an error")
DONE = "Resources:\n    + 2 created"


@pytest.mark.parametrize(
    ("text", "over"),
    [
        (f"{UP}\n{NOT_YET}\n$ {UP}\n{DONE}", True),
        (f"$ {UP}\n{NOT_YET}\n$ {UP}\n{DONE}", True),
        (f"{UP} --stack a\n{NOT_YET}\n$ {UP} --stack b\n{DONE}", False),
        (f"{UP}\n{NOT_YET}\n$ {UP}\n{NOT_YET}", False),
    ],
)
def test_a_command_without_a_prompt_is_run_again_at_one(text: str, over: bool) -> None:
    failure = read_text(text)[0]
    assert bool(failure.sequel and failure.sequel.over) == over


MODEL = "arn:aws:sagemaker:us-east-1:444455556666:model/m"
REFUSED_MODEL = refused_call("CreateModel", "sagemaker:CreateModel", MODEL)
METADATA = "'ResponseMetadata': {'RequestId': 'a', 'HTTPStatusCode': 200}"


@pytest.mark.parametrize(
    ("answer", "over"),
    [
        (f"{{'ModelArn': '{MODEL}', {METADATA}}}", True),
        (f"{{'ModelArn': '{MODEL}-2', {METADATA}}}", False),
        (f"{{'ModelName': 'm', 'ModelArn': '{MODEL}', {METADATA}}}", False),
        (f"{{'ModelArn': '{MODEL}', {METADATA.replace('200', '400')}}}", False),
    ],
)
def test_a_response_with_the_arn_alone_is_of_the_call_that_creates_it(answer: str, over: bool) -> None:
    failure = read_text(f"{REFUSED_MODEL}\n-- today --\n{answer}")[0]
    assert bool(failure.sequel and failure.sequel.over) == over


RUN = "An error occurred (UnauthorizedOperation) when calling the RunInstances operation: You are not authorized."
LIMIT = (
    "An error occurred (VcpuLimitExceeded) when calling the RunInstances operation: You have requested more vCPU "
    "capacity than your current vCPU limit of 0 allows for the instance bucket."
)


@pytest.mark.parametrize(
    ("note", "superseded"), [("09:40 (platform attached the policy)", True), ("09:40 still the same", False)]
)
def test_an_error_with_another_code_after_a_change_supersedes_the_refusal(note: str, superseded: bool) -> None:
    found = read_text(f"09:31 {RUN}\n{note}\n09:42 {LIMIT}")
    assert any(each.sequel is not None and each.sequel.fails_otherwise for each in found) == superseded


PUT_REFUSED = (
    "2026-11-30T10:01:02Z uploader: ERROR AccessDenied: User: arn:aws:iam::444455556666:user/eva is not authorized to "
    'perform: s3:PutObject on resource: "arn:aws:s3:::in/x.csv" because no identity-based policy allows it'
)
UPLOADED = "2026-11-30T10:05:02Z uploader: uploaded s3://in/x.csv"
TOO_OLD = "2026-11-30T10:06:00Z uploader: ERROR ExpiredToken: The provided token has expired."


@pytest.mark.parametrize(
    ("lines", "over"),
    [
        ((PUT_REFUSED, UPLOADED, TOO_OLD), True),
        ((PUT_REFUSED, UPLOADED), True),
        ((PUT_REFUSED, TOO_OLD, UPLOADED), False),
        ((PUT_REFUSED, UPLOADED, TOO_OLD.replace("provided", "x.csv")), False),
    ],
)
def test_a_success_stays_one_whatever_else_fails_after_it(lines: tuple[str, ...], over: bool) -> None:
    found = read_text("\n".join(lines))
    (refused,) = (each for each in found if isinstance(each, Denial))
    assert bool(refused.sequel and refused.sequel.succeeded) == over


WHO = "aws sts get-caller-identity"
NONE_FOUND = '\nUnable to locate credentials. You can configure credentials by running "aws configure".'
ARN = "arn:aws:sts::111122223333:assumed-role/ci/i-09b8a7c6d5e4f3a21"


@pytest.mark.parametrize(
    ("between", "over"),
    [
        ("", True),
        ("$ exit\n", False),
        ("/ # exit\n", False),
        ("$ docker exec -it agent sh\n", False),
        ("$ ssh build-2\n", False),
        ("$ kubectl -n web exec -it api-0 -- sh\n", False),
        ("$ docker ps --all\n", True),
    ],
)
def test_a_command_that_works_on_another_machine_is_not_run_again(between: str, over: bool) -> None:
    failure = read_text(f"$ {WHO}\n{NONE_FOUND}\n{between}$ {WHO} --query Arn --output text\n{ARN}")[0]
    assert bool(failure.sequel and failure.sequel.over) == over


PERSON = "arn:aws:iam::444455556666:user/eva"
RUNS = "arn:aws:glue:us-east-1:444455556666:job/daily"
RUNS_REFUSED = refused_call("GetJobRuns", "glue:GetJobRuns", RUNS, caller=PERSON)
QUEUE_REFUSED = refused_call("ListQueues", "sqs:ListQueues", caller=PERSON)
READ = "aws glue get-job-runs --job-name daily"
FAILED_RUN = '"FAILED"'


@pytest.mark.parametrize(
    ("text", "profile"),
    [
        (f"$ aws sqs list-queues\n{QUEUE_REFUSED}\n$ aws sqs list-queues --profile ops\n{{}}", "ops"),
        (f"$ aws sqs list-queues\n{QUEUE_REFUSED}\n$ export AWS_PROFILE=ops\n$ aws sqs list-queues\n{{}}", "ops"),
        # Without the command that failed: the same operation on the same resource.
        (f"{RUNS_REFUSED}\n$ export AWS_PROFILE=data\n$ {READ}\n{FAILED_RUN}", "data"),
        (f"{RUNS_REFUSED}\n$ {READ} --profile data\n{{\"JobRuns\": []}}", "data"),
        (f"{RUNS_REFUSED}\n$ {READ} --profile data\n{RUNS_REFUSED}", ""),
        (f"{RUNS_REFUSED}\n$ {READ.replace('daily', 'weekly')} --profile data\n{{\"JobRuns\": []}}", ""),
        (f"{RUNS_REFUSED}\n$ {READ}\n{{\"JobRuns\": []}}", ""),
        # A program's role is not the person at the prompt.
        (f"{RUNS_REFUSED.replace(PERSON, ARN)}\n$ {READ} --profile data\n{{\"JobRuns\": []}}", ""),
    ],
)  # fmt: skip
def test_a_call_that_works_with_another_profile_needs_that_profile(text: str, profile: str) -> None:
    failure = read_text(text)[0]
    assert (failure.sequel.profile if failure.sequel else "") == profile
    diagnosis = collect_offline(failure)
    assert diagnosis.verdict.summary.startswith(f"The same call works with the profile {profile}:") == bool(profile)
    assert bool(diagnosis.first_look) != bool(profile)


AUTH = (
    "An error occurred (AuthFailure) when calling the DescribeVpcs operation: AWS was not able to validate the provided"
)
AUTH += " access credentials"


@pytest.mark.parametrize(
    ("text", "works"),
    [
        (f"== eu-west-1\n3\n== eu-south-1\n\n{AUTH}\n== us-east-1\n1\nare my keys broken", True),
        (f"eu-south-1:\n{AUTH}\neu-west-1:\n[]\n", True),
        (f"--- Region: me-central-1 ---\n{AUTH}\n--- Region: us-east-2 ---\nvpc-0a1b2c3d\n", True),
        (f"== eu-south-1\n{AUTH}\n== us-east-1\n{AUTH}\n", False),
        (f"== eu-south-1\n{AUTH}\n== us-east-1\n", False),
        (AUTH, False),
    ],
)
def test_a_loop_over_regions_shows_where_the_call_works(text: str, works: bool) -> None:
    assert worked_elsewhere(text, "DescribeVpcs") == works


NO_TRUST = (
    "error: operation error Lambda: CreateFunction, https response error StatusCode: 400, "
    "InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda."
)
NEW_ROLE = " +  aws:iam:Role worker created (1s)\n"


@pytest.mark.parametrize(
    ("text", "over"),
    [
        (f"{NEW_ROLE} +  aws:lambda:Function jobs creating (1s) {NO_TRUST}\nagain:\n"
         " +  aws:lambda:Function jobs creating (0s)\n +  aws:lambda:Function jobs created (7s)\n", True),
        (f"aws:lambda/function:Function mail **creating failed** {NO_TRUST}\n"
         "aws:lambda/function:Function mail created (12s)\nResources:\n    + 1 created", True),
        # Near misses: only another function is made, the same one was there before, and it fails again.
        (f"aws:lambda:Function jobs creating (1s) {NO_TRUST}\naws:lambda:Function mail created (7s)\n", False),
        (f"{NEW_ROLE}aws:lambda:Function jobs creating (1s) {NO_TRUST}\nerror: update failed", False),
        (f"aws:lambda:Function jobs creating (1s) {NO_TRUST}\naws:lambda:Function jobs creating {NO_TRUST}", False),
    ],
)  # fmt: skip
def test_pulumi_reports_each_resource_that_it_made_later(text: str, over: bool) -> None:
    failure = read_text(text)[0]
    assert bool(failure.sequel and failure.sequel.over) == over
    answer = collect_offline(failure)
    assert ("take a few seconds to take effect" in answer.verdict.summary) == over
    assert ("First read the role's trust policy" in answer.verdict.summary) != over

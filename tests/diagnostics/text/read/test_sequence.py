"""A paste is a sequence: what succeeded later, what follows from another failure, and many failures by their causes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Confidence
from diagnostics.failure import Denial, OtherFailure
from diagnostics.failure_details import Sequel
from diagnostics.text.answer.grouped_by_cause import causes_of, causes_text
from diagnostics.text.read.parse import parse
from tests.support.denials.pasted import refused_call as refused
from tests.support.timing import in_proportion

EVA = "arn:aws:iam::444455556666:user/eva"
LIST = "aws s3api list-objects-v2 --bucket b"
LISTED = refused("ListObjectsV2", "s3:ListBucket")
TERRAFORM = f"│ Error: creating S3 Bucket: AccessDenied: User: {EVA} is not authorized to perform: s3:CreateBucket"
APPLIED = "Apply complete! Resources: 1 added, 0 changed, 0 destroyed."
OIDC = "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity"
PULL = f"Failed to pull image: {refused('BatchGetImage', 'ecr:BatchGetImage')}"


def cdk(stack: str) -> str:
    return f"❌ {stack} failed: CREATE_FAILED: {refused('CreateVpc', 'ec2:CreateVpc')}"


PUSH = refused("InitiateLayerUpload", "ecr:InitiateLayerUpload")
LOGGED = "Authenticated as assumedRoleId AROAXX:ci"

NOT_TAKEN = (
    "service web failed to launch a task with (error ECS was unable to assume the role "
    "'arn:aws:iam::444455556666:role/web' that was provided for this task.)."
)

STARTED = "service web has started 1 tasks: task 0a1b"
SUCCEEDED = [
    (f"2026-01-02 10:00:00 {NOT_TAKEN}\n2026-01-02 10:00:30 {STARTED}.", Sequel(f"{STARTED}.", recent=True)),
    (f"2026-01-02 10:00:30 {STARTED}.\n2026-01-02 10:00:00 {NOT_TAKEN}", Sequel(f"{STARTED}.", recent=True)),
    (f"2026-01-02 10:00:00 {STARTED}.\n2026-01-02 10:00:30 {NOT_TAKEN}", None),
    (f"2026-01-02 10:00:00 {NOT_TAKEN}\n2026-01-02 10:00:30 {STARTED.replace('web', 'api')}.",
     Sequel(later=f"{STARTED.replace('web', 'api')}.")),
    (f"$ terraform apply\n{TERRAFORM}\n$ terraform apply\n{APPLIED}", Sequel(APPLIED)),
    (f"$ terraform apply\n{TERRAFORM}\n$ terraform apply\n{APPLIED}\n{TERRAFORM}", None),
    (f"$ terraform apply\n{TERRAFORM}\n$ cd ../other\n$ terraform apply\n{APPLIED}", Sequel(later=APPLIED)),
    (f"$ terraform apply -target=a.b\n{TERRAFORM}\n$ terraform apply\n{APPLIED}", Sequel(later=APPLIED)),
    (f"$ terraform apply\n{TERRAFORM}\n$ terraform destroy\nDestroy complete! Resources: 2 destroyed.",
     Sequel(later="Destroy complete! Resources: 2 destroyed.")),
    (f"{APPLIED}\n$ terraform apply\n{TERRAFORM}", None),
    (f"$ {LIST}\n\n{LISTED}\n$ {LIST}\n{{}}\n$ ", Sequel(LIST)),
    (f"$ {LIST}\n\n{LISTED}\n$ {LIST} --profile op\n{{}}\n", Sequel(f"{LIST} --profile op", "profile", profile="op")),
    (f"$ {LIST}\n\n{LISTED}\n$ export AWS_PROFILE=x\n$ {LIST}\n{{}}\n", Sequel(LIST, "profile", profile="x")),
    (f"$ {LIST}\n\n{LISTED}\n$ aws sso login\n$ {LIST}\n{{}}\n", Sequel(later=LIST)),
    (f"laptop $ {LIST}\n\n{LISTED}\nbastion $ {LIST}\n{{}}\n", Sequel(f"bastion: {LIST}", "host")),
    (f"[ana@web-1 ~]$ {LIST}\n\n{LISTED}\n[ana@web-2 ~]$ {LIST}\n{{}}\n", Sequel(f"ana@web-2: {LIST}", "host")),
    (f"[ana@web-1 a]$ {LIST}\n\n{LISTED}\n[ana@web-1 b]$ {LIST}\n{{}}\n", Sequel(LIST)),
    (f"{TERRAFORM}\n│\n│   with aws_s3_bucket.b,\naws_s3_bucket.b: Creation complete after 2s",
     Sequel("aws_s3_bucket.b: Creation complete after 2s")),
    (f"{LISTED}\n│\n│   with aws_s3_bucket_policy.b,\naws_s3_bucket_policy.b: Creation complete after 2s",
     Sequel("aws_s3_bucket_policy.b: Creation complete after 2s")),
    (f"{LISTED}\n  with module.a.aws_iam_role_policy.b[0]\nmodule.a.aws_iam_role_policy.b[0]: Modifications complete",
     Sequel("module.a.aws_iam_role_policy.b[0]: Modifications complete")),
    (f"{TERRAFORM}\n│\n│   with aws_s3_bucket.b,\naws_s3_bucket.c: Creation complete after 2s",
     Sequel(later="aws_s3_bucket.c: Creation complete after 2s")),
    (f"$ {LIST}\n\n{LISTED}\n$ {LIST.replace(' b', ' c')}\n{{}}\n", None),
    (f"$ {LIST}\n\n{LISTED}\n$ {LIST}\n\n{LISTED}\n", None),
    *((f"$ {LIST}\n\n{LISTED}\n$ {LIST}{end}", None)
      for end in ("", "\n^C\n$ aws s3 ls x\n", "\n$ aws s3 ls x\n", '\n{"Contents": [\n', "\nKilled\n$ ")),
    (f"{OIDC}\nretrying\n{LOGGED}", Sequel(later=LOGGED)),
    (f'{PULL}\nFailed to pull image "x:1"\nSuccessfully pulled image "x:1"', Sequel('Successfully pulled image "x:1"')),
    (f'{PULL}\nFailed to pull image "x:1"\nSuccessfully pulled image "y:1"',
     Sequel(later='Successfully pulled image "y:1"')),
    (f"{cdk('Net')}\n✅ Net", Sequel("✅ Net")),
    (f"{cdk('Net')}\n✅ Other", Sequel(later="✅ Other")),
    (f"$ docker push 1.dkr.ecr/app\ndenied: {PUSH}\n$ docker login 1.dkr.ecr\nLogin Succeeded",
     Sequel(later="Login Succeeded")),
    (f"{LISTED}\n{APPLIED}", None),
    (f"delete failed: s3://b/a {refused('DeleteObject', 's3:DeleteObject')}\ndelete: s3://c/a", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sequel"), SUCCEEDED)
def test_what_succeeds_later_is_said_to(text: str, sequel: Sequel | None) -> None:
    failure = read_text(text)[0]
    assert failure.sequel == sequel
    diagnosis = collect_offline(failure)
    assert any(step.id == "sequence" for step in diagnosis.steps) == (sequel is not None)
    if sequel is not None and sequel.succeeded:
        assert sequel.succeeded.rstrip(".") in diagnosis.verdict.summary
        assert ".”." not in diagnosis.verdict.summary
        assert diagnosis.verdict.confidence is not Confidence.CERTAIN
    elif sequel is not None:
        assert "works again" not in diagnosis.verdict.summary
        assert diagnosis.fixes == collect_offline(replace(failure, sequel=None)).fixes


QUEUE = "arn:aws:sqs:eu-west-1:444455556666:orders"
SEND = refused("SendMessage", "sqs:SendMessage", QUEUE)
SSO = "The SSO session associated with this profile has expired or is otherwise invalid."
SIGNED = "Successfully logged into Start URL: https://x.awsapps.com/start"
NO_TRUST = (
    "An error occurred (InvalidParameterValueException) when calling the CreateFunction operation: "
    "The role defined for the function cannot be assumed by Lambda."
)
GOT = refused("GetObject", "s3:GetObject", "arn:aws:s3:::raw/day/1.csv")
ECR = "444455556666.dkr.ecr.eu-west-1.amazonaws.com"
OIDC_REFUSED = "Not authorized to perform sts:AssumeRoleWithWebIdentity"
ASSUME = refused("AssumeRole", "sts:AssumeRole", "arn:aws:iam::444455556666:role/drill")
LOOP = "+ for i in 1 2 3 4 5; do aws sts assume-role --role-arn r > /tmp/c && break; sleep 8; done"
OVERCOME = [
    (f"  Warning  CannotCreateExternalResource 58m {LISTED}\n  Normal   CreatedExternalResource 52m Requested",
     "CreatedExternalResource 52m Requested"),
    (f"E1201 00:20:02 cert-manager/challenges {LISTED}\nNormal Issuing The certificate has been successfully issued",
     "certificate has been successfully issued"),
    (f"WARN retry 1/5: {SEND}\nINFO queue orders connected", "INFO queue orders connected"),
    (f'level=warning msg="retrying: {SEND}"\nlevel=info msg="message to orders succeeded"',
     'level=info msg="message to orders succeeded"'),
    (f"aws_sqs_queue.o: Creating...\n[DEBUG] retrying: {SEND}\naws_sqs_queue.o: Creation complete after 9s",
     "aws_sqs_queue.o: Creation complete after 9s"),
    (f"{SEND}\nsecond try 10 s later went through", "second try 10 s later went through"),
    (f"Step 4 -> {SEND}\nStep 4 retried after 30s -> Success", "Step 4 retried after 30s -> Success"),
    (f"$ aws s3 ls\n{SSO}\n$ aws sso login --profile p\n{SIGNED}\n", SIGNED),
    ("pull 1: no basic auth credentials\nLogin Succeeded\nok", "Login Succeeded"),
    (f"Step 4 -> {SEND}\nStep 4 retried after 9s -> id 77aa.. Success",
     "Step 4 retried after 9s -> id 77aa.. Success"),
    (f"10:00:01 {SEND}\n10:00:01 retry 1/5 in 4s\n10:00:06 OK id=7\n10:00:07 next step", "10:00:06 OK id=7"),
    (f"attempt 1 of 3: {SEND}\nattempt 2 of 3: succeeded", "attempt 2 of 3: succeeded"),
    (f"run 881: {SEND}\nrun 882: Success in 4m", "run 882: Success in 4m"),
    (f"Mar  1 02:00:01 a mail[1]: {SEND}\nMar  2 02:00:01 a mail[2]: connected to orders, 40 read",
     "Mar 2 02:00:01 a mail[2]: connected to orders, 40 read"),
    (f"sync attempt 1: {SEND}\nsync attempt 2: Synced, Healthy", "sync attempt 2: Synced, Healthy"),
    (f"09:00 POST /upload 500 {SEND}\n09:12 POST /upload 200\n09:13 POST /x 200", "POST /upload 200"),
    (f"TaskFailed {SEND}\nTaskScheduled retry 1 of 3\nTaskSucceeded id=8", "TaskSucceeded id=8"),
    ("2026-01-02 10:00:03 service web has reached a steady state\n2026-01-02 10:00:01 task 1 stopped: "
     f"ResourceInitializationError: {SEND}", "service web has reached a steady state"),
    ("2026-01-02 10:00:03 Queue UPDATE_COMPLETE AWS::SQS::Queue\n2026-01-02 10:00:01 Queue UPDATE_FAILED "
     f"AWS::SQS::Queue {SEND}", "Queue UPDATE_COMPLETE AWS::SQS::Queue"),
    (f"[Container] Phase context status code: CLIENT_ERROR {SEND}\n[Container] Phase complete: BUILD State: SUCCEEDED",
     "Phase complete: BUILD State: SUCCEEDED"),
    ("current credentials could not be used to assume 'arn:aws:iam::444455556666:role/cdk-x-deploy-role-1', but are "
     "for the right account. Proceeding anyway.\n\n ✅  Shop\n", "✅ Shop"),
    (f"10:00:01 aws_lambda_function.a: Creating...\n10:00:03 [DEBUG] {NO_TRUST} (retrying)\n"
     "10:00:09 aws_lambda_function.a: Creation complete after 8s",
     "10:00:09 aws_lambda_function.a: Creation complete after 8s"),
    (f"[DEBUG] {NO_TRUST} (retrying)\naws_lambda_function.a: Still creating... [10s elapsed]\n"
     f"[DEBUG] {NO_TRUST}\naws_lambda_function.a: Creation complete after 17s",
     "aws_lambda_function.a: Creation complete after 17s"),
    (f"+ aws lambda create-function --role arn:aws:iam::444455556666:role/a\n{NO_TRUST}\nretry 1/5 in 5s\n"
     '{"FunctionArn": "arn:aws:lambda:eu-west-1:444455556666:function:a"}',
     '{"FunctionArn": "arn:aws:lambda:eu-west-1:444455556666:function:a"}'),
    (f"2026-01-02 10:00:01 ERROR etl {GOT}\n2026-01-02 10:09:00 INFO etl GET s3://raw/day/1.csv 200",
     "2026-01-02 10:09:00 INFO etl GET s3://raw/day/1.csv 200"),
    (f"{LOOP}\n{ASSUME}\n{ASSUME}\n+ export AWS_ACCESS_KEY_ID=ASIA", "+ export AWS_ACCESS_KEY_ID=ASIA"),
    (f"{LOOP.replace('1 2 3 4 5', '{1..9}')}\n{ASSUME}\n+ echo go", "+ echo go"),
    (f"+ until aws sts assume-role --role-arn r; do sleep 5; done\n{ASSUME}\n+ ./go", "+ ./go"),
    (f"10:00:01 warning Could not assume role with OIDC: {OIDC_REFUSED}. Retrying (1/12)\n10:00:02 Assuming role with "
     f"OIDC\n10:00:03 {LOGGED}", f"10:00:03 {LOGGED}"),
    (f"job[1]: upload failed: a to s3://b/a {refused('CreateMultipartUpload', 's3:PutObject')}\njob[1]: attempt 2\n"
     "job[1]: upload: a to s3://b/a", "upload: a to s3://b/a"),
    (f"delete failed: s3://b/a {refused('DeleteObject', 's3:DeleteObject')}\ndelete: s3://b/a", "delete: s3://b/a"),
    (f'{PULL}\nFailed to pull image "x:1"\nSuccessfully pulled image in 4.9s', "Successfully pulled image in 4.9s"),
    (f"$ cdk deploy Api --region eu-west-1\n❌ Api failed: {SEND}\n$ cdk deploy Api --region eu-west-1 --force\n✅ Api",
     "✅ Api"),
    (f"$ cdk deploy Api\n❌ Api failed: {SEND}\n$ cdk deploy Api --verbose\n✅ Api", "✅ Api"),
]  # fmt: skip
NOT_OVERCOME = [
    f"{LISTED}\n$ aws iam simulate-principal-policy ...\nListBucket: success",
    f"{LISTED}\nstaging: ListBucket ok",
    f"{LISTED}\nyesterday: ListBucket ok",
    f"{LISTED}\naws sts get-caller-identity works now",
    f"  Normal   CreatedExternalResource 52m Requested\n  Warning  CannotCreateExternalResource 5m {LISTED}",
    f"E1201 00:20:02 cert-manager/challenges {LISTED}\nI1201 00:24:40 certificate not yet issued",
    f"run 881: Success\nrun 882: {SEND}",
    "2026-01-02 10:00:02 service api has reached a steady state.\n2026-01-02 10:00:01 service web was unable to place "
    f"a task: {SEND}",
    f"Mar  1 02:00:01 a mail[1]: {SEND}\nMar  2 02:00:01 b mail[2]: connected to orders, 40 read",
    f"09:00 POST /upload 500 {SEND}\n09:12 POST /other 200",
    f"run 881: {SEND}\nstep 882: Success",
    f"upload 1: {SEND}\nupload 2: done",  # side by side
    f"10:00:01 {SEND}\n10:00:01 retry 1/5 in 4s\n10:00:06 connected to the cache",
    f"10:00:01 {SEND}\n10:00:01 retry 1/5 in 4s\n10:00:06 ERROR giving up\n10:00:07 OK cleaned",
    "2026-01-02 10:00:01 task 1 stopped: ResourceInitializationError: "
    f"{SEND}\nservice web has reached a steady state.\nservice api has reached a steady state.",
    "$ aws sqs list-queues --region us-east-1\nThe security token included in the request is invalid.\n"
    '$ aws sts get-caller-identity --region cn-north-1\n{"Arn": "arn:aws-cn:iam::444455556666:user/ops"}\n',
    f"WARN retry 1/5: {SEND}\nINFO queue events connected",
    f"WARN retry 1/5: {SEND}\nERROR queue orders: giving up, access denied",
    f"{SEND}\nINFO queue orders connected",  # nothing says that the program tries again
    f"{SEND}\n{LISTED}\nsecond try 10 s later went through",  # which one is not said
    f"$ aws s3 ls\n{SIGNED}\n$ aws s3 ls\n{SSO}\n",
    f"{LISTED}\nLogin Succeeded",
    f"{LISTED}\nIt works now with my admin profile",
    f"{LISTED}\nit works again when I use my own user",
    f"{LISTED}\nThe same call works now from my laptop",
    f"{LISTED}\nthe retry succeeded in reaching the endpoint, then it was denied",
    f"{LISTED}\na rerun of the unit tests passed",
    f"INFO {SEND}\nINFO queue orders connected",  # no level of a program that goes on
    f"WARN retry 1/5: {SEND}\nINFO orders could have been read from the cache",
    "$ docker pull 1.dkr.ecr/app\nno basic auth credentials\n$ docker pull alpine\nStatus: Downloaded newer image for "
    "alpine:3",
    f"{refused('RunInstances', 'iam:PassRole', 'arn:aws:iam::444455556666:role/app')}\n"
    '{"Arn": "arn:aws:sts::444455556666:assumed-role/app/s"}',
    "denied: Your authorization token has expired. Reauthenticate and try again.\ndocker login "
    f"{ECR.replace('eu-west', 'us-east')} -> Login Succeeded\ndocker push {ECR}/a",
    f"$ docker push {ECR}/a:1\nno basic auth credentials\n$ history | tail -2\n  Login Succeeded",
    f"$ docker push {ECR}/a:1\nno basic auth credentials\n$ docker login {ECR.replace('west', 'north')}\n"
    "Login Succeeded",
    f"10:00:01 aws_lambda_function.a: Creating...\n10:00:01 aws_sqs_queue.b: Creating...\n"
    f"10:00:03 [DEBUG] {NO_TRUST} (retrying)\n10:00:09 aws_sqs_queue.b: Creation complete after 8s",
    f'{NO_TRUST}\n{{"FunctionArn": "arn:aws:lambda:eu-west-1:444455556666:function:a"}}',  # nothing is tried again
    f"2026-01-02 10:00:01 ERROR etl {GOT}\n2026-01-02 10:09:00 INFO web GET s3://raw/day/1.csv 200",
    f"2026-01-02 10:00:01 ERROR etl {GOT}\n2026-01-02 10:09:00 INFO etl GET s3://raw/day/2.csv 200",
    f"{LOOP.replace('1 2 3 4 5', '1 2')}\n{ASSUME}\n{ASSUME}\n+ export AWS_ACCESS_KEY_ID=ASIA",  # all tries failed
    f"{LOOP.replace('assume-role ', 'get-session-token ')}\n{ASSUME}\n+ export AWS_ACCESS_KEY_ID=ASIA",
    f"{LOOP}\n{ASSUME}",
    f"upload failed: a to s3://b/a {refused('PutObject', 's3:PutObject')}\nupload: c to s3://b/c",
    f'{PULL}\nFailed to pull image "x:1"\nPulling image "y:1"\nSuccessfully pulled image in 4.9s',
    # The success is of another Region, environment or account.
    f"$ cdk deploy Api --region eu-south-2\n❌ Api failed: {SEND}\n$ cdk deploy Api --region eu-west-1\n✅ Api",
    f"$ cdk deploy Api -c env=prod\n❌ Api failed: {SEND}\n$ cdk deploy Api -c env=dev\n✅ Api",
    f"$ STAGE=prod npx sls deploy\nstack web CREATE_FAILED {SEND}\n$ STAGE=dev npx sls deploy\n"
    "Successfully created/updated stack - web",
    f"{ASSUME}\nSuccessfully assumed role arn:aws:iam::111122223333:role/drill",
]


@pytest.mark.parametrize(("text", "said"), OVERCOME)
def test_what_was_overcome_is_said_first_and_changes_nothing(text: str, said: str) -> None:
    (failure, *_) = read_text(text)
    assert failure.sequel is not None
    assert replace(failure.sequel, recent=False, run_again=False) == Sequel(said)
    diagnosis = collect_offline(failure)
    begin = f"The call works again: the text later says “{said}”."
    if "Proceeding anyway" in text:
        begin = "Nothing has to change: the program could not assume the role, continued with other credentials, and "
        begin += f"succeeded (“{said}”)."
    assert diagnosis.verdict.summary.startswith(begin)
    assert diagnosis.verdict.confidence is not Confidence.CERTAIN
    assert not diagnosis.fixes
    assert not diagnosis.first_look


@pytest.mark.parametrize("text", NOT_OVERCOME)
def test_another_success_overcomes_nothing(text: str) -> None:
    assert all(each.sequel is None or not each.sequel.succeeded for each in read_text(text))


PULLED = 'Successfully pulled image "x:1" in 2s'


@pytest.mark.parametrize(
    ("text", "now", "meant"),
    [
        (f'{PULL}\nFailed to pull image "x:1"\n{PULLED}\nLiveness probe failed: HTTP probe failed with statuscode: 403',
         "Liveness probe failed: HTTP probe failed with statuscode: 403",
         "not IAM, refuses this check: give the check a path"),
        (f"{NOT_TAKEN}\n{STARTED}\n(service web) is unhealthy due to (reason Health checks failed with these codes: "
         "[403])\nis it the role?",
         "(service web) is unhealthy due to (reason Health checks failed with these codes: [403])",
         "not IAM, refuses this check: give the check a path"),
        (f"{refused('AssumeRole', 'sts:AssumeRole', 'arn:aws:iam::444455556666:role/pay')}\nOK session pay/eva "
         "valid until 05:31Z\nfatal error: An error occurred (404) when calling the HeadObject operation: "
         'Key "a" does not exist',
         'fatal error: An error occurred (404) when calling the HeadObject operation: Key "a" does not exist',
         "No object has this key"),
        (f"Could not assume role with OIDC: {OIDC_REFUSED}. Retrying (1/12)\n{LOGGED}\nError: UPGRADE FAILED: context "
         "deadline exceeded", "Error: UPGRADE FAILED: context deadline exceeded", "Helm waited for pods"),
        (f'E1201 00:20:02 cert-manager/challenges {LISTED}\nI1201 00:24:40 acme.go:233] "certificate issued" cert="a"\n'
         'W1201 00:31:15 failed to list: pods is forbidden: User "system:serviceaccount:a:b" cannot list pods',
         'W1201 00:31:15 failed to list: pods is forbidden: User "system:serviceaccount:a:b" cannot list pods',
         "Kubernetes refuses this: allow it in a Role"),
    ],
)  # fmt: skip
def test_what_fails_after_the_success_leads(text: str, now: str, meant: str) -> None:
    failure = read_text(text)[0]
    assert failure.sequel is not None
    assert failure.sequel.now == now
    diagnosis = collect_offline(failure)
    assert f"Something else fails now: “{now}”. First look at the current failure." in diagnosis.verdict.summary
    assert meant in diagnosis.verdict.summary
    assert "works again" not in diagnosis.verdict.summary
    assert not diagnosis.fixes
    assert not diagnosis.first_look


def test_a_failure_that_is_over_too_does_not_fail_now() -> None:
    alerts = refused("Publish", "sns:Publish", "arn:aws:sns:eu-west-1:444455556666:alerts")
    found = read_text(
        f"WARN retry 1/5: {SEND}\nINFO queue orders connected\nERROR retry 1/5: {alerts}\nINFO topic alerts connected"
    )
    said = [Sequel("INFO queue orders connected"), Sequel("INFO topic alerts connected")]
    assert [each.sequel for each in found] == said


def test_a_session_of_a_role_that_fails_again_overcomes_nothing() -> None:
    assume = refused("AssumeRole", "sts:AssumeRole", "arn:aws:iam::444455556666:role/pay")
    (failure,) = read_text(f"{assume}\nOK session pay/eva valid until 05:31Z\n{assume}")
    assert failure.sequel is None


def test_a_warning_does_not_lead_where_the_program_ends_after_another_failure() -> None:
    first, second = read_text(f"WARNING: cache download failed: {GOT}\n{SEND}\nERROR: Job failed: exit code 254")
    assert isinstance(first, Denial)
    assert first.action == "sqs:SendMessage"
    assert second.sequel is not None
    assert second.sequel.aside


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"WARN {SEND} (badge hidden)\nTopic AWS::SNS::Topic CREATE_FAILED {GOT}", "badge hidden"),
        (f"{SEND}\n{GOT}\n(first one just to look around)", "first one just to look around"),
        (f"{SEND}\n{GOT}\nthe first one is not harmless", ""),
        (f"{SEND}\n{GOT}\nis the first one harmless?", ""),
    ],
)
def test_what_the_text_sets_apart_comes_last(text: str, said: str) -> None:
    first, second = read_text(text)
    assert isinstance(first, Denial)
    assert (first.action == "s3:GetObject") == bool(said)
    assert (second.sequel.aside if second.sequel else "") == said
    assert not said or "other failure" in collect_offline(second).verdict.summary


NOT_DELETED = "An error occurred (DeleteConflict) when calling the DeleteRole operation: Cannot delete entity, must"
GET_FIRST, GET_KEY = refused("GetObject", "s3:GetObject"), refused("GetObject", "kms:Decrypt")
DELETES = "$ aws iam delete-role --role-name"


SECRET_OF_ANOTHER = (
    "An error occurred (InvalidRequestException) when calling the GetSecretValue operation: You can't access a secret "
    "from a different AWS account if you encrypt the secret with the default KMS service key."
)
DEPLOYS = "$ aws cloudformation deploy --stack-name web --template-file t.yml"
NO_CAPABILITY = (
    "An error occurred (InsufficientCapabilitiesException) when calling the CreateChangeSet operation: Requires "
    "capabilities : [CAPABILITY_NAMED_IAM]"
)
OTHER_KEY = 'so I did\n$ aws secretsmanager update-secret --secret-id s --kms-key-id alias/a\n{ "Name": "s" }'
NO_KEY = "Access to KMS is not allowed"
NO_REASON = "Error: reading S3 Bucket (acme-raw): AccessDenied: Access Denied status code: 403"


@pytest.mark.parametrize(
    ("text", "superseded"),
    [
        (f"{DELETES} a\n{NOT_DELETED} detach all first.\n{DELETES} a\n{NOT_DELETED} delete policies first.", True),
        (f"{DELETES} a\n{NOT_DELETED} detach all first.\n{DELETES} b\n{NOT_DELETED} delete policies first.", False),
        (f"{GET_FIRST}\nthen the DBA added a policy\n{GET_KEY}", True),
        (f"{GET_FIRST}\n{GET_KEY}", False),
        # A message without an operation: the same command is run again after a change.
        (f"$ terraform plan\n{NO_REASON}\nok, role fixed by Priya\n$ terraform plan\n{SSO}", True),
        (f"$ make deploy\n{NO_REASON}\n11:02 ops attached a policy\n$ make deploy\n{SSO}", True),
        (f"$ terraform plan\n{NO_REASON}\n$ terraform plan\n{SSO}", False),
        (f"$ terraform plan\n{NO_REASON}\nok, role fixed by Priya\n$ aws s3 ls\n{SSO}", False),
        (f"{GET_FIRST}\n>> added AmazonS3ReadOnlyAccess 11:02\n>> 11:04 retry:\n{GET_KEY}", True),
        (f"{GET_FIRST}\n[11:02] ops attached a policy\n[11:04] mia\n{GET_KEY}", True),
        (f"{GET_FIRST}\nops has not added it yet\n{GET_KEY}", False),
        (f"{GET_FIRST}\nadded it, is that right?\n{GET_KEY}", False),
        (f"{DEPLOYS}\n{NO_CAPABILITY}\n{DEPLOYS} --capabilities X\nFailed to create the stack.\nRole {GOT}", True),
        (f"{DEPLOYS}\n{NO_CAPABILITY}\n{DEPLOYS}\nFailed to create the stack. {GOT}", True),
        (f"{DEPLOYS}\n{NO_CAPABILITY}\n$ aws s3 ls\n{GOT}", False),
        (f"{DEPLOYS}\n{NO_CAPABILITY}\n{DEPLOYS}\n{NO_CAPABILITY}\n{GOT}", False),
        (f"{DEPLOYS}\n{NO_CAPABILITY}\n{DEPLOYS} --profile ops\nFailed to create the stack. {GOT}", False),
        (f"{SECRET_OF_ANOTHER}\n{OTHER_KEY}\nnow their error is: AccessDeniedException ... {NO_KEY}", True),
        (f"{SECRET_OF_ANOTHER}\n{OTHER_KEY}\nand now the other error: AccessDeniedException ... {NO_KEY}", False),
    ],
)  # fmt: skip
def test_the_later_reason_of_the_same_call_leads(text: str, superseded: bool) -> None:
    last = read_text(text)[-1]
    diagnosis = collect_offline(last)
    assert (last.sequel is not None and bool(last.sequel.fails_otherwise)) == superseded
    assert diagnosis.verdict.summary.startswith("The same call later fails for another reason") == superseded


@pytest.mark.parametrize(
    ("answer", "asked", "another"),
    [
        ('{"error":"tenant suspended"}', "the API returns 403s", True),
        ('{"error":"tenant suspended"}', "why no logs", False),
        ('{"error":"Access denied"}', "the API returns 403s", False),
    ],
)
def test_what_a_program_answers_itself_is_another_failure(answer: str, asked: str, another: bool) -> None:
    api = "2026-01-02T02:40:13Z app[1] WARN GET /v1/orders -> 403"
    (failure,) = read_text(f"2026-01-02T02:40:12Z fluent-bit[31] [error] {SEND}\n{api} {answer}\n\n{asked}")
    said = collect_offline(failure).verdict.summary
    assert ("First look at app, which returned that status itself" in said) == another


def test_expired_credentials_of_one_program_are_one_failure() -> None:
    put = "operation error S3: PutObject, https response error StatusCode: 400, api error ExpiredToken: expired"
    (failure,) = read_text(f"│ Error: creating x: {put}\n╵\n│ Error: Failed to save state: {put.replace('Put', 'Get')}")
    assert failure.count == 2
    assert "terraform state push errored.tfstate" in collect_offline(failure).first_look[0].cause


@pytest.mark.parametrize("swallowed", ["...ignoring", "+ true", "\n+ :", "(continue-on-error: true)"])
def test_a_failure_that_the_program_ignores_comes_last(swallowed: str) -> None:
    first, second = read_text(f"+ aws s3 cp\n{GOT}\n{swallowed}\n+ aws sqs\n{SEND}\nscript returned exit code 254")
    assert isinstance(first, Denial)
    assert first.action == "sqs:SendMessage"
    assert second.sequel == Sequel(aside=swallowed.strip())


def test_a_failure_before_an_ignored_one_is_not_ignored() -> None:
    first = read_text(f"+ aws s3 cp\n{GOT}\n+ aws sqs\n{SEND}\n...ignoring")[0]
    assert isinstance(first, Denial)
    assert first.action == "s3:GetObject"


@pytest.mark.parametrize(
    ("asked", "settled"), [("do I still need a ticket?", True), ("why do I still get this?", False), ("", False)]
)
def test_what_worked_with_another_profile_is_settled_where_the_author_says_so(asked: str, settled: bool) -> None:
    (failure,) = read_text(f"$ {LIST}\n\n{LISTED}\n$ export AWS_PROFILE=x\n$ {LIST}\n{{}}\n\n{asked}")
    assert failure.sequel == Sequel(LIST, "profile", profile="x", settled=settled)
    diagnosis = collect_offline(failure)
    assert diagnosis.verdict.summary.endswith("Use that identity; then no policy has to change.") == settled
    assert diagnosis.first_look == ()


DRY = "An error occurred (DryRunOperation) when calling the StopInstances operation: Request would have succeeded."
STOP = refused("StopInstances", "ec2:StopInstances")
CMDLET = "Stop-EC2Instance : Request would have succeeded, but DryRun flag is set."


@pytest.mark.parametrize("dry", [DRY, CMDLET])
def test_a_later_dry_run_of_the_same_call_shows_that_it_is_allowed_now(dry: str) -> None:
    (failure,) = read_text(f"{STOP}\n$ aws ec2 stop-instances --dry-run\n{dry}\nwhich one is failing now")
    assert failure.sequel is not None and failure.sequel.dry
    found = collect_offline(failure)
    assert found.verdict.summary.startswith("The call is allowed now: its later dry run says")
    assert not found.fixes and not found.first_look


@pytest.mark.parametrize("text", [f"{DRY}\n{STOP}", f"{STOP}\n{DRY.replace('Stop', 'Start')}"])
def test_an_earlier_dry_run_or_one_of_another_call_overcomes_nothing(text: str) -> None:
    assert read_text(text)[0].sequel is None


CURL = "curl: (22) The requested URL returned error: 403"
UPLOAD = f"upload failed: ./a to s3://b/a {refused('PutObject', 's3:PutObject', 'arn:aws:s3:::b/a')}"


def test_what_worked_with_another_profile_is_over_where_something_else_fails_after_it() -> None:
    cp = "+ aws s3 cp a s3://b/ --profile"
    (failure,) = read_text(
        f"{cp} old\n{UPLOAD}\n{cp} new\nupload: ./a to s3://b/a\n+ curl -f https://h/x\n{CURL}\nfailed"
    )
    assert failure.sequel is not None and failure.sequel.now == CURL
    found = collect_offline(failure)
    assert "with another profile" in found.verdict.summary
    assert found.verdict.summary.endswith("or the server's allow list, not these policies.")
    assert not found.first_look


def test_a_sign_in_that_succeeds_later_leaves_what_fails_after_it() -> None:
    login = refused("GetAuthorizationToken", "ecr:GetAuthorizationToken")
    (failure,) = read_text(f"[login] {login}\n[login] retry\n[login] Login Succeeded\n[test] FAIL a/cart.ts")
    assert failure.sequel is not None and failure.sequel.now == "[test] FAIL a/cart.ts"
    (failure,) = read_text(f"[login] {login}\n[login] retry\n[login] Login Succeeded\nrun FAILED (exit on first error)")
    assert failure.sequel is not None and not failure.sequel.now


def test_the_last_step_of_a_traced_shell_is_what_stopped_it() -> None:
    (failure,) = read_text(f"+ aws s3 cp a s3://b/\n{UPLOAD}\n+ curl -f https://h/x\n{CURL}\njob failed")
    assert failure.sequel == Sequel(stopped_by=CURL)
    (captured,) = read_text(f"++ aws s3 cp a s3://b/\n{UPLOAD}\n+ curl -f https://h/x\n{CURL}\njob failed")
    assert captured.sequel is None


CREATE_THUMBS = "aws lambda create-function --function-name thumbs --role arn:aws:iam::444455556666:role/fn"
OTHER_MADE = '"FunctionName": "other",'
THUMBS_MADE = '"FunctionName": "thumbs",'
NOT_ASSUMED = "Error: creating Lambda Function (thumbs): The role defined for the function cannot be assumed by Lambda."
MADE = "aws_lambda_function.thumbs: Creation complete after 23s [id=thumbs]"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"02:10:03 {NOT_ASSUMED}\n02:10:14 {NOT_ASSUMED}\nretrying in 10s (2/5)\n02:10:26 {MADE}", f"02:10:26 {MADE}"),
        (f"{NOT_ASSUMED}\nretrying in 10s (1/5)\n{APPLIED}", APPLIED),
        (f'try 1: {STOP}\ntry 2: {{ "StoppingInstances": [] }}', 'try 2: { "StoppingInstances": [] }'),
        (f"{NOT_ASSUMED}\n{MADE.replace('thumbs', 'other')}", ""),
        (
            "POST https://sts/ AssumeRole role=a -> 403 AccessDenied\nPOST https://sts/ AssumeRole role=a -> 200 OK",
            "POST https://sts/ AssumeRole role=a -> 200 OK",
        ),
        ("POST https://sts/ AssumeRole role=a -> 403 AccessDenied\nPOST https://sts/ AssumeRole role=b -> 200 OK", ""),
        (f"+ {CREATE_THUMBS}\n{NOT_ASSUMED}\nattempt 1/5 failed, sleeping 10\n{{\n  {THUMBS_MADE}", THUMBS_MADE),
        (
            f"+ {CREATE_THUMBS}\n{NOT_ASSUMED}\nattempt 1/5 failed, sleeping 10\n{{\n  {OTHER_MADE}",
            "",
        ),
        (f"{STOP}\n(same command again) -> ok", "(same command again) -> ok"),
        (f"{STOP}\nfrom my laptop the same command again: ok", ""),
        (f"{STOP}\nis it the same command again -> ok?", ""),
        (f'try 1: {STOP}\ntry 2: {{ "error": "denied again" }}', ""),
    ],
)
def test_the_next_try_of_a_creation_overcomes_the_failure(text: str, said: str) -> None:
    sequel = read_text(text)[0].sequel
    assert (sequel.succeeded if sequel else "") == said


ASSUMED = '{{"eventTime":"2026-01-02T02:1{}Z","eventName":"AssumeRole","userIdentity":{{"arn":"{}"}}{}}}'
AGAIN = "(same command again) -> ok"
SECOND_APPLY = "# second `terraform apply`: Apply complete! Resources: 1 added, 0 changed, 0 destroyed."
SERIAL = ',"requestParameters":{"serialNumber":"arn:aws:iam::444455556666:mfa/eva"}'
FAILED = f',"errorCode":"AccessDenied","errorMessage":"{ASSUME.partition("operation: ")[2]}"'


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"policy attached at 02:10 by me (no, yes)\n{STOP}\n{AGAIN}", "a few seconds"),
        (f"+ aws iam put-user-policy --user-name eva\n{STOP}\n{AGAIN}", "a few seconds"),
        (f"{STOP}\n{AGAIN}", ""),
        (f"{STOP}\n{SECOND_APPLY}", "add depends_on to the failed resource"),
        (f"the policy was changed yesterday\n{STOP}\n{AGAIN}", ""),
        (f"nobody changed the policy\n{STOP}\n{AGAIN}", ""),
        (f"{STOP}\n{AGAIN}\nthen the policy was changed", ""),
        (f"{ASSUMED.format('0:00', EVA, FAILED)}\n{ASSUMED.format('2:00', EVA, SERIAL)}", "made with MFA"),
        (f"{ASSUMED.format('0:00', EVA, FAILED)}\n{ASSUMED.format('2:00', EVA, '')}", ""),
        (f"{ASSUMED.format('0:00', EVA, FAILED + SERIAL)}\n{ASSUMED.format('2:00', EVA, SERIAL)}", ""),
    ],
)
def test_why_it_failed_before_is_said_only_where_the_text_shows_it(text: str, why: str) -> None:
    said = collect_offline(read_text(text)[0]).verdict.summary
    assert said.startswith("The call works again")
    assert why in said if why else said.endswith("unless it fails again.")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("EDIT: solved, I had the wrong profile exported", True),
        ("it's fixed now", True),
        ("is it solved?", False),
        ("fixed in PR 12", False),
        ("fixed IP is 10.0.0.4 btw", False),
    ],
)
def test_the_authors_word_that_it_is_solved_is_said(line: str, told: bool) -> None:
    (failure,) = read_text(f"{LISTED}\n{line}")
    assert (failure.sequel is not None and failure.sequel.stated) == told
    said = collect_offline(failure).verdict.summary.startswith("The author says that this is solved")
    assert said == told


def test_what_is_over_names_the_failure_that_is_not() -> None:
    first, second = read_text(f"upload failed: ./a to s3://b/a {EXPIRED_UPLOAD}\nupload: ./a to s3://b/a\n{SEND}")
    assert isinstance(first, Denial) and first.action == "sqs:SendMessage"
    assert collect_offline(second).verdict.summary.endswith("The other failure is the current one.")


EXPIRED_UPLOAD = (
    "An error occurred (ExpiredToken) when calling the PutObject operation: The provided token has expired."
)


def test_what_remains_comes_before_what_was_overcome() -> None:
    found = read_text(f"WARN retry 1/5: {SEND}\nINFO queue orders connected\n\n{LISTED}")
    assert [each.action for each in found if isinstance(each, Denial)] == ["s3:ListBucket", "sqs:SendMessage"]


METRIC = refused("PutMetricData", "cloudwatch:PutMetricData")


def test_what_stopped_the_program_comes_before_what_it_went_on_after() -> None:
    first, second = read_text(f"api WARN {METRIC} -- dropping 12, continuing\nworker ERROR {SEND}\nworker FATAL bye")
    assert isinstance(first, Denial)
    assert first.action == "sqs:SendMessage"
    assert first.sequel is None
    assert second.sequel is not None
    assert second.sequel.aside.endswith("dropping")
    assert collect_offline(second).verdict.summary.startswith("The program continued after this refusal: “")


@pytest.mark.parametrize(
    ("line", "stopped_by"),
    [
        ("FATAL config: DB_HOST is not set", "FATAL config: DB_HOST is not set"),
        ("FATAL giving up after 3 attempts", ""),
        ("INFO ready", ""),
    ],
)
def test_what_else_stopped_the_program_is_named(line: str, stopped_by: str) -> None:
    (failure,) = read_text(f"WARN metrics: {METRIC} (ignored)\n{line}\nexit 1")
    found = failure.sequel.stopped_by if failure.sequel else ""
    assert found == (stopped_by or ("exit 1" if "INFO" in line or "giving" in line else ""))


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        (f"[WARN] {METRIC}\n[INFO] Job completed, errors=0", "[INFO] Job completed, errors=0"),
        (f"{METRIC}\ndone rc=0\nis this bad?", "done rc=0"),
        (f"{METRIC}\ndone rc=1", ""),
        (f"[WARN] {METRIC}\n{APPLIED}", APPLIED),
        (f"done rc=0\n{METRIC}", ""),
        (f"$ make a\n{METRIC}\n$ make b\ndone rc=0", ""),
        (f"== a\nrc=0\n== b\n{METRIC}\nrc=1\n== c\nrc=0", ""),
        (f"[ship] {METRIC}\n[sweep] exit code: 0", ""),
        (f"{METRIC}\nit should say rc=0", ""),
        (f"{METRIC}\n(the step ends with exit 0, the next one finds no out.json)", ""),
        (f"{METRIC}\nexit status 0\nbut the file is missing", ""),
        (f"{METRIC}\nexit code 0, found no errors", "exit code 0, found no errors"),
        (f"{METRIC}\ndone: updated=0 errors=12", ""),
        (f"{METRIC}\nsync completed, 12 failed", ""),
        (f"{METRIC}\njob completed with failures: 3", ""),
        (f"{METRIC}\ndone: updated=12 errors=0", "done: updated=12 errors=0"),
    ],
)
def test_a_run_that_ended_well_is_said_to(text: str, ended: str) -> None:
    (failure,) = read_text(text)
    assert (failure.sequel.ended if failure.sequel else "") == ended


@pytest.mark.parametrize(
    "text", [f"{APPLIED}\nanything to do?", f"{APPLIED}\ndo we lack s3:PutBucketAcl?", "job done\nexit code 0"]
)
def test_a_text_that_reports_success_alone_is_said_to(text: str) -> None:
    (failure,) = read_text(text)
    assert collect_offline(failure).verdict.summary.startswith("Nothing in the text failed: it says “")


@pytest.mark.parametrize("text", [f"{APPLIED}\nERROR: it broke", "all seems fine", f"Error: no luck\n{APPLIED}"])
def test_a_text_with_a_failure_is_not_said_to_report_success(text: str) -> None:
    (failure,) = read_text(text)
    assert "Nothing in the text failed" not in collect_offline(failure).verdict.summary


def event(operation: str, time: str, code: str = "", caller: str = EVA) -> str:
    said = f', "errorCode": "{code}", "errorMessage": "{SEND}"' if code else ""
    return (
        f'{{"eventVersion": "1.08", "eventSource": "sqs.amazonaws.com", "eventName": "{operation}", "eventTime": '
        f'"2026-01-02T{time}Z", "userIdentity": {{"type": "IAMUser", "arn": "{caller}"}}{said}}}'
    )


@pytest.mark.parametrize(
    ("events", "worked"),
    [
        ((event("SendMessage", "10:05:00"), event("SendMessage", "10:00:00", "AccessDenied")), True),
        ((event("SendMessage", "09:05:00"), event("SendMessage", "10:00:00", "AccessDenied")), False),
        ((event("ListQueues", "10:05:00"), event("SendMessage", "10:00:00", "AccessDenied")), False),
        ((event("SendMessage", "10:05:00", caller=EVA.replace("eva", "ann")),
          event("SendMessage", "10:00:00", "AccessDenied")), False),
    ],
)  # fmt: skip
def test_a_later_event_of_the_same_call_overcomes_it(events: tuple[str, ...], worked: bool) -> None:
    for text in ("\n".join(events), '{"Records": [' + ",\n".join(events) + "]}"):
        (failure,) = read_text(text)
        assert bool(failure.sequel and failure.sequel.succeeded) is worked


def test_sessions_of_one_role_fold_and_programs_with_refused_keys_do_not() -> None:
    by = [SEND.replace(EVA, f"arn:aws:sts::444455556666:assumed-role/web/i-{number}") for number in range(3)]
    assert [each.count for each in read_text("\n".join(by))] == [3]
    on = [refused("PutObject", "s3:PutObject", f"arn:aws:s3:::in/{key}") for key in ("a/1", "a/2", "b/1")]
    assert [each.count for each in read_text("\n".join(on))] == [2, 1]
    refusal = "InvalidClientTokenId: The security token included in the request is invalid."
    lines = [f"10:00:0{number} {name}: {refusal}" for number, name in enumerate(("mail", "cron(b)", "mail", "cron(b)"))]
    still, over = read_text("\n".join([*lines, "10:00:09 mail: sent 14"]))
    assert (still.count, still.sequel) == (2, None)
    assert (over.count, over.sequel) == (2, Sequel("10:00:09 mail: sent 14", overcome=True))


BUCKET, OTHER = "arn:aws:s3:::b", "arn:aws:s3:::c"
FALLBACK = (
    "current credentials could not be used to assume 'arn:aws:iam::444455556666:role/cdk-hnb659fds-deploy-role-"
    "444455556666-eu-west-1', but are for the right account. Proceeding anyway."
)
TAKEN = (
    "An error occurred (BucketAlreadyExists) when calling the CreateBucket operation: The requested bucket name is not "
    "available: s3://backups-prod"
)
HEAD = "An error occurred (AccessDenied) when calling the ListObjectsV2 operation: Access Denied"
FOLLOWS = [
    ([refused("CreateBucket", "s3:CreateBucket", BUCKET),
      "Rolling back: " + refused("DeleteBucket", "s3:DeleteBucket", BUCKET)], ["", "s3:CreateBucket"]),
    ([refused("CreateBucket", "s3:CreateBucket", BUCKET),
      "Rolling back: " + refused("DeleteBucket", "s3:DeleteBucket", OTHER)], ["", ""]),
    ([refused("CreateBucket", "s3:CreateBucket", BUCKET),
      "Rolling back: " + refused("DeleteBucket", "s3:DeleteBucket", BUCKET).replace("user/eva", "user/ann")], ["", ""]),
    ([refused("CreateBucket", "s3:CreateBucket"), "Rolling back: " + refused("DeleteQueue", "sqs:DeleteQueue")],
     ["", ""]),
    (["Rolling back the release", refused("CreateBucket", "s3:CreateBucket"),
      refused("DeleteBucket", "s3:DeleteBucket")], ["", ""]),
    ([refused("CreateBucket", "s3:CreateBucket"), refused("DescribeStacks", "cloudformation:DescribeStacks")],
     ["", ""]),
    ([refused("StartSession", "ssm:StartSession"), refused("TerminateSession", "ssm:TerminateSession")],
     ["", "ssm:StartSession"]),
    ([refused("CreateLogGroup", "logs:CreateLogGroup"), refused("PutLogEvents", "logs:PutLogEvents")],
     ["", "logs:CreateLogGroup"]),
    ([refused("PutLogEvents", "logs:PutLogEvents"), refused("CreateLogGroup", "logs:CreateLogGroup")], ["", ""]),
    ([refused("AssumeRole", "sts:AssumeRole", "arn:aws:iam::444455556666:role/d"), "Unable to locate credentials. You "
      "can configure credentials by running aws configure."], ["", "sts:AssumeRole"]),
    ([FALLBACK, refused("GetParameter", "ssm:GetParameter")], ["", "sts:AssumeRole"]),
    ([TAKEN, "$ aws s3 ls s3://backups-prod", HEAD], ["", "s3:CreateBucket"]),
    ([TAKEN, "$ aws s3 ls s3://another-one", HEAD], ["", ""]),
]  # fmt: skip


def test_what_a_bootstrap_role_is_refused_does_not_follow_from_the_callers_fallback() -> None:
    own = refused("CreateQueue", "sqs:CreateQueue").replace(
        EVA, "arn:aws:sts::444455556666:assumed-role/cdk-hnb659fds-cfn-exec-role-444455556666-eu-west-1/s"
    )
    first, second = read_text(f"{FALLBACK}\n{own}")
    assert isinstance(first, Denial)
    assert (first.action, first.sequel) == ("sqs:CreateQueue", None)
    assert second.sequel is not None
    assert second.sequel.aside


@pytest.mark.parametrize(("lines", "causes"), FOLLOWS)
def test_a_failure_names_the_one_from_which_it_follows(lines: list[str], causes: list[str]) -> None:
    found = read_text("\n\n".join(lines))
    assert [each.sequel.caused_by if each.sequel else "" for each in found] == causes


def test_many_failures_fold_into_causes() -> None:
    lines = [
        refused("PutObject", "s3:PutObject"),
        refused("GetObject", "s3:GetObject"),
        refused("SendMessage", "sqs:SendMessage"),
        refused("StartSession", "ssm:StartSession"),
        refused("TerminateSession", "ssm:TerminateSession"),
    ]
    failures = read_text("\n\n".join(lines))
    found = causes_of(failures)
    assert [len(each.failures) for each in found] == [2, 1, 1]
    assert len(found[2].follows) == 1
    text = causes_text(failures)
    assert "5 failures, 3 causes:" in text
    assert "eva may not call s3:PutObject and s3:GetObject, no Allow in an identity-based policy (2 times)" in text
    assert "ssm:TerminateSession only followed from it" in text
    assert causes_text(failures[:1]) == ""


def test_what_a_later_failure_supersedes_is_not_counted() -> None:
    queues = "$ aws sqs list-queues\n"
    expired = "An error occurred (ExpiredToken) when calling the ListQueues operation: The token has expired"
    failures = read_text(f"{queues}{refused('ListQueues', 'sqs:ListQueues')}\n{queues}{expired}")
    assert [bool(each.sequel and each.sequel.fails_otherwise) for each in failures] == [False, True]
    assert causes_text(failures) == ""


def test_the_sentence_of_a_success_is_quoted_without_the_one_before_it() -> None:
    (failure,) = read_text(f"{refused('SendMessage', 'sqs:SendMessage')}\n\nThe policy is new. A second apply worked.")
    assert failure.sequel is not None
    assert failure.sequel.succeeded.startswith("A second apply worked")


def test_the_same_words_with_a_good_result_are_of_one_step() -> None:
    step = "10:0{}:00 step 1/4 describe ... "
    (over,) = read_text(f"{step.format(1)}{SEND}\n10:02:00 step 2/4 next ... ok\n{step.format(3)}ok (2 s)")
    assert over.sequel is not None and over.sequel.succeeded.startswith("10:03:00 step 1/4")
    (one_of_many,) = read_text(f"{step.format(1)}ok\n{step.format(2)}{SEND}\n{step.format(3)}ok")
    assert one_of_many.sequel is None
    present = refused("GetObject", "s3:GetObject")
    assert causes_text(read_text(f"{step.format(1)}{SEND}\n{step.format(3)}ok\n\n{present}")) == ""


def test_a_change_between_a_denial_and_its_success_is_quoted() -> None:
    queues = "$ aws sqs list-queues\n"
    listed = '{ "QueueUrls": [ "https://sqs.eu-west-1.amazonaws.com/444455556666/q" ] }'
    text = f"{queues}{refused('ListQueues', 'sqs:ListQueues')}\nattached a policy to eva\n{queues}{listed}"
    (over,) = read_text(text)
    assert "the text has a change, which may be the reason: “attached a policy to eva”" in (
        collect_offline(over).verdict.summary
    )


def test_a_head_request_with_keys_that_are_not_accepted_has_no_reason_of_its_own() -> None:
    keys = (
        "$ aws --profile cn sts get-caller-identity\nAn error occurred (InvalidClientTokenId) when calling the "
        "GetCallerIdentity operation: The security token included in the request is invalid.\n"
    )
    head = "s3 cp s3://b/k .\nfatal error: An error occurred (403) when calling the HeadObject operation: Forbidden\n"
    follows = read_text(f"{keys}$ aws --profile cn {head}")[1]
    assert follows.sequel is not None and follows.sequel.caused_by == "GetCallerIdentity"
    assert all(each.sequel is None for each in read_text(f"{keys}$ aws --profile other {head}"))


def test_a_question_about_the_call_is_not_where_it_failed() -> None:
    refusal = SEND.replace("An error", "WARN An error")
    ended = "ERROR scrape failed: ThrottlingException: Rate exceeded"
    text = f"{refusal}; continuing without it\n{ended}\nis it sqs:SendMessage"
    (failure,) = read_text(text)
    assert failure.sequel is not None
    assert failure.sequel.stopped_by.startswith("ERROR scrape failed")


def test_an_example_of_aws_beside_an_error_of_one_s_own_is_not_the_failure() -> None:
    example = SEND.replace(EVA, "arn:aws:iam::123456789012:user/mateojackson")
    found = read_text(
        f"{example}\nmine: ValidationException: One or more parameter values were invalid: Missing the key"
    )
    assert not any(isinstance(each, Denial) for each in found)


def test_many_denials_take_time_in_proportion() -> None:
    pairs = [(verb, f"b{number}") for number in range(200) for verb in ("Create", "Delete")]
    lines = [refused(f"{verb}Bucket", f"s3:{verb}Bucket", f"arn:aws:s3:::{name}") for verb, name in pairs]
    assert in_proportion(lambda count: parse("\n".join(["$ aws s3 ls x", *lines[:count]])), 50, 400)


def test_each_failure_has_its_own_command() -> None:
    one = refused("RunInstances", "ec2:RunInstances")
    other = refused("CreateQueue", "sqs:CreateQueue")
    text = f"$ aws ec2 run-instances --instance-type t3.nano\n\n{one}\n\n$ aws sqs create-queue --tags a=b\n\n{other}\n"
    found = [collect_offline(each).request for each in read_text(text)]
    assert found[0]["ec2:InstanceType"].words == "t3.nano"
    assert "aws:RequestTag/a" not in found[0]
    assert found[1]["aws:RequestTag/a"].words == "b"
    assert "ec2:InstanceType" not in found[1]


RECORD = (
    '{"eventTime":"2026-03-02T11:09:55Z","eventSource":"sqs.amazonaws.com","eventName":"SendMessage","errorCode":'
    '"AccessDenied","errorMessage":"User: arn:aws:iam::111122223333:user/other is not authorized to perform: '
    "sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111122223333:q because no VPC endpoint policy allows the "
    'sqs:SendMessage action","requestID":"%s"}'
)
MESSAGE = (
    "An error occurred (AccessDenied) when calling the SendMessage operation: User: arn:aws:iam::111122223333:user/ann "
    "is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111122223333:q because no "
    "identity-based policy allows the sqs:SendMessage action\nRequestId: 5d2a7c11-90aa-5b1e-8e21-2b0c1f7e3344\n"
)


def test_a_record_of_another_request_does_not_come_before_the_message() -> None:
    first, *_ = read_text(MESSAGE + RECORD % "e1a7f5a0-0000-4c3e-b1f7-3d5b8e6f9a01")
    assert isinstance(first, Denial)
    assert first.principal == "arn:aws:iam::111122223333:user/ann"
    assert first.stated_reason == "implicit:identity"


ASSUME = refused("AssumeRole", "sts:AssumeRole", "arn:aws:iam::444455556666:role/deploy")
LAMBDA = "Error: InvalidParameterValueException: The role defined for the function cannot be assumed by Lambda."


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        (f"{ASSUME}\nSuccessfully assumed role deploy", True),
        (f"{ASSUME}\nSuccessfully assumed role other", False),
        (f'{ASSUME}\n{{"AssumedRoleUser": {{"Arn": "arn:aws:sts::444455556666:assumed-role/deploy/ci"}}}}', True),
        (f"{LAMBDA}\nthen I ran apply again and it worked", True),
        (f"{LAMBDA}\nsecond terraform apply 20 seconds later: Apply complete! Resources: 1 added", True),
        (f"{LAMBDA}\nit works again since noon", True),
        (f"{LAMBDA}\nI ran it again and it still does not work", False),
        (f"{LAMBDA}\nwhy is it that a retry never worked?", False),
    ],
)
def test_words_that_say_that_it_worked_again_are_read(text: str, worked: bool) -> None:
    sequel = parse(text)[0].sequel
    assert bool(sequel and sequel.succeeded) is worked


def test_the_refused_operation_that_is_later_said_to_work_is_over() -> None:
    (failure,) = parse(
        f"02:14:07Z scaler ERROR User: {EVA} is not authorized to perform: kms:CreateGrant because no identity-based "
        "policy allows the kms:CreateGrant action\n02:14:37Z scaler WARN retry 1/20 kms:CreateGrant AccessDenied\n"
        "-- 02:21 dana attached scaler-kms to the role --\n02:22:10Z scaler INFO CreateGrant ok grantId=e1b0"
    )
    assert failure.sequel is not None
    assert failure.sequel.succeeded == "02:22:10Z scaler INFO CreateGrant ok grantId=e1b0"


def test_what_worked_with_another_profile_comes_after_what_failed_there() -> None:
    get = "aws ssm get-parameter --name"
    first, last = read_text(
        f"$ {get} /shop/smtp\nAn error occurred (AccessDeniedException) when calling the GetParameter operation: User: "
        f"{EVA} is not authorized to perform: ssm:GetParameter because no identity-based policy allows the "
        f"ssm:GetParameter action\n$ export AWS_PROFILE=rescue\n$ {get} /shop/smtp --query Parameter.Version\n7\n"
        f"$ {get} /shop/mail\nAn error occurred (ParameterNotFound) when calling the GetParameter operation:"
    )
    assert first.code == "ParameterNotFound"
    assert last.sequel is not None
    assert (last.sequel.otherwise, last.sequel.overcome) == ("profile", True)
    assert collect_offline(last).first_look == ()


def test_the_short_copy_of_a_refusal_is_not_the_shells_own() -> None:
    (failure,) = read_text(
        f"An error occurred (AccessDeniedException) when calling the PutItem operation: User: {EVA} is not "
        "authorized to perform: dynamodb:PutItem because no identity-based policy allows the dynamodb:PutItem action\n"
        '+ cat out.json\n{"errorMessage": "An error occurred (AccessDeniedException) when calling the PutItem '
        'operation: ..."}\n+ aws sts get-caller-identity --query Arn --output text\narn:aws:iam::222233334444:user/ops'
    )
    assert isinstance(failure, Denial)
    assert failure.principal == EVA


AGENT = "arn:aws:sts::905512340077:assumed-role/base/i-0a"
JOB = "arn:aws:sts::905512340077:assumed-role/settle/nightly"


def denied(caller: str, action: str) -> str:
    return (
        f"AccessDeniedException: User: {caller} is not authorized to perform: {action} because no identity-based "
        f"policy allows the {action} action"
    )


PROGRAMS = {
    "syslog": (
        f"Mar 04 03:00:01 ip-10 cloudwatch-agent[811]: {denied(AGENT, 'logs:PutLogEvents')}\n"
        f"Mar 04 03:00:05 ip-10 settle[22910]: {denied(JOB, 'dynamodb:ConditionCheckItem')}\n"
        "Mar 04 03:00:06 ip-10 settle[22910]: exit 1",
        ("cloudwatch-agent", "settle"),
    ),
    "a service's own role": (
        "time      source              event            caller  error\n"
        "02:06:11  s3.amazonaws.com    GetBucketAcl     "
        "arn:aws:sts::905512340077:assumed-role/AWSServiceRoleForConfig/x  AccessDenied\n"
        f"02:10:02  kms.amazonaws.com   GenerateDataKey  {JOB}  AccessDenied",
        ("AWS's own role AWSServiceRoleForConfig", "settle"),
    ),
}


@pytest.mark.parametrize(("text", "names"), PROGRAMS.values(), ids=PROGRAMS)
def test_what_another_program_or_caller_met_comes_last_in_one_sentence(text: str, names: tuple[str, str]) -> None:
    first, last = read_text(text)
    assert isinstance(first, Denial)
    assert first.principal == JOB
    assert last.sequel is not None
    assert (last.sequel.made_by, last.sequel.stopped) == names
    diagnosis = collect_offline(last)
    assert diagnosis.verdict.summary == (
        f"This is a failure of {names[0]}, not of {names[1]}: explain the other failure first."
    )
    assert not diagnosis.first_look
    assert not diagnosis.fixes


def test_a_refused_decoding_is_a_missing_permission_of_its_own() -> None:
    first, last = read_text(
        f"{denied(JOB, 'sts:DecodeAuthorizationMessage')}\n\n"
        "An error occurred (UnauthorizedOperation) when calling the AcceptVpcPeeringConnection operation: You are not "
        "authorized to perform this operation. Encoded authorization failure message: 9sFq..."
    )
    assert isinstance(first, Denial)
    assert first.action == "ec2:AcceptVpcPeeringConnection"
    assert "encoded message contains the reason" in collect_offline(first).verdict.summary
    assert last.sequel is None
    assert "of the role settle allows sts:DecodeAuthorizationMessage" in collect_offline(last).verdict.summary


_PLAY = (
    'FAILED - RETRYING: [web1]: make queue (3 retries left).\nmsg: "An error occurred (InvalidAttributeValue) when '
    'calling the SetQueueAttributes operation: Invalid value for the parameter Policy."\n'
)


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        (
            "03:02:12 sts get-caller-identity (AKIAEXAMPLE9)   InvalidClientTokenId: The security token included in "
            "the request is invalid.\n03:02:21 sts get-caller-identity ({})   arn:aws:iam::111122223333:user/robot",
            ("AKIAEXAMPLE9", "AKIAEXAMPLE8"),
        ),
        (
            "15:40:03 worker: AccessDenied s3:GetObject on arn:aws:s3:::brine/a [assumed-role/reader]\n"
            "15:40:19 worker: GET {} 200",
            ("brine/a", "brine/b"),
        ),
        (_PLAY + "{}: [web1]\nTASK [send] ****\nok: [web1]", ("changed", "fatal")),
        (_PLAY + "changed: [{}]\nTASK [send] ****\nok: [web1]", ("web1", "web2")),
        (
            'time="01:00:07" level=error msg="Failed to do run once: soft error: operation error STS: '
            "AssumeRoleWithWebIdentity, api error AccessDenied: Not authorized to perform "
            'sts:AssumeRoleWithWebIdentity"\ntime="01:02:09" level=info msg="{}"',
            ("All records are already up to date", "Applying provider record filter"),
        ),
    ],
)
def test_a_later_success_is_of_the_same_key_object_host_or_program(text: str, worked: tuple[str, str]) -> None:
    found = [read_text(text.format(each))[0].sequel for each in worked]
    assert [bool(each and each.succeeded) for each in found] == [True, False]


def test_a_variable_that_a_failure_leaves_empty_is_named() -> None:
    (failure,) = read_text(
        "++ aws ssm get-parameter --name /web/db_url --query Parameter.Value --output text\n\n"
        f"An error occurred (AccessDeniedException) when calling the GetParameter operation: User: {JOB} is not "
        "authorized to perform: ssm:GetParameter because no identity-based policy allows the ssm:GetParameter action\n"
        "+ DB_URL=\n+ /srv/migrate --url ''\npsql: error: connection to server failed\n\nis it the security group?"
    )
    assert failure.sequel == Sequel(emptied="DB_URL")
    assert collect_offline(failure).verdict.summary.startswith("After this failure, DB_URL is empty")


def test_the_failure_of_the_time_that_is_asked_about_comes_first() -> None:
    rows = (
        f"2026-11-04T02:06:02Z,sqs.amazonaws.com,SendMessage,{AGENT},AccessDenied\n"
        f"2026-11-04T02:10:02Z,kms.amazonaws.com,GenerateDataKey,{JOB},AccessDenied\nwhy did it stop at 02:10"
    )
    assert next(each.action for each in read_text(rows) if isinstance(each, Denial)) == "kms:GenerateDataKey"


WHO = "User: arn:aws:sts::111122223333:assumed-role/{} is not authorized to perform: {} on resource: {}"
TWO_REFUSED = (
    f"{WHO.format('web/i', 's3:GetObject', 'arn:aws:s3:::a/b')}\n"
    f"{WHO.format('fh-x/FirehoseSession', 'kms:GenerateDataKey', 'arn:aws:kms:eu-west-1:111122223333:key/1')}"
)


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("firehose stopped delivering, which one matters?", "kms:GenerateDataKey"),
        ("firehose stopped delivering", "s3:GetObject"),
        ("the crawler stopped, which one matters?", "s3:GetObject"),
    ],
)
def test_the_refusal_of_what_stopped_is_first_where_the_text_asks(asked: str, first: str) -> None:
    failures = parse(f"{asked}\n{TWO_REFUSED}")
    assert isinstance(failures[0], Denial)
    assert failures[0].action == first


def test_the_action_of_another_refusal_is_not_said_to_be_named() -> None:
    for failure in parse(TWO_REFUSED):
        assert "The text names" not in collect_offline(failure).verdict.summary


WHO = '$ aws sts get-caller-identity\n{\n    "Arn": "arn:aws:sts::444455556666:assumed-role/dev/bo"\n}'


@pytest.mark.parametrize(
    ("failed", "worked"),
    [
        ("An error occurred (ExpiredToken) when calling the ListBuckets operation: The token has expired", True),
        ("An error occurred (InvalidClientTokenId) when calling the GetCallerIdentity operation: it is invalid", True),
        ("An error occurred (InvalidClientTokenId) when calling the ListBuckets operation: it is invalid", False),
        ("An error occurred (UnrecognizedClientException) when calling the PutRecord operation: it is invalid", False),
        ("denied: Your authorization token has expired. Reauthenticate and try again.", False),
        ("no basic auth credentials", False),
        ("Error: configuring Terraform AWS Provider: api error ExpiredToken: The security token has expired", False),
        ("botocore.exceptions: ExpiredTokenException: The security token included in the request is expired", False),
    ],
)
def test_an_identity_shows_only_that_the_keys_of_the_cli_are_valid(failed: str, worked: bool) -> None:
    (failure,) = read_text(f"{failed}\n{WHO}")
    assert bool(failure.sequel and failure.sequel.succeeded) == worked


CREATED = refused("CreateBucket", "s3:CreateBucket")
RUN = refused("RunTask", "iam:PassRole", "arn:aws:iam::444455556666:role/task")
UNKNOWN = "An error occurred (ClientException) when calling the RunTask operation: The type is not supported."


@pytest.mark.parametrize(
    ("text", "later"),
    [
        (f"1st attempt\n{RUN}\n2nd attempt (after PassRole was added)\n{UNKNOWN}", UNKNOWN),
        (f"{RUN}\nops attached the policy\n{UNKNOWN}", UNKNOWN),
        (f"[Mon 14:10] ops: {CREATED}\n[Mon 14:31] ops: policy attached\n[Mon 16:02] ops: rerun now gives: Error: "
         "BucketAlreadyExists: not available", "BucketAlreadyExists"),
        (f"{RUN}\n{UNKNOWN}", ""),
        (f"{UNKNOWN}\nops attached the policy\n{RUN}", ""),
        (f"{RUN}\nops attached the policy\n{UNKNOWN.replace('RunTask', 'StopTask')}", ""),
        (f"{RUN}\nops attached the policy, does that matter?\n{UNKNOWN}", ""),
        (f"{RUN}\nops attached the policy\nagain: Error: AccessDenied: iam:PassRole", ""),
    ],
)  # fmt: skip
def test_a_later_error_that_is_no_known_failure_supersedes_the_first(text: str, later: str) -> None:
    failure = read_text(text)[0]
    said = failure.sequel.fails_otherwise if failure.sequel else ""
    assert (later.rstrip(".") in said) if later else not said
    assert not later or "Continue with the later failure" in collect_offline(failure).verdict.summary


def test_what_an_unknown_later_error_means_is_said() -> None:
    (failure,) = read_text(f"{RUN}\nops attached the policy\n{UNKNOWN}")
    assert "RunTask failed with ClientException" in collect_offline(failure).verdict.summary


def test_the_second_run_of_a_command_supersedes_the_first() -> None:
    first = f"{TERRAFORM.replace('s3:CreateBucket', 'iam:CreateRole')} because no identity-based policy allows it"
    found = read_text(f"$ terraform apply\n{first}\n$ terraform apply\n{TERRAFORM}")
    assert [each.action for each in found if isinstance(each, Denial)] == ["s3:CreateBucket", "iam:CreateRole"]
    assert found[1].sequel is not None
    assert found[1].sequel.fails_otherwise


READ_CLUSTER = (
    "$ aws eks update-kubeconfig --name batch\nAn error occurred ({}) when calling the DescribeCluster operation: {}"
)
NO_CONFIG = (
    "$ kubectl get ns\nThe connection to the server localhost:8080 was refused - did you specify the right host or "
    "port?"
)
NOT_ALLOWED = (
    "User: arn:aws:sts::444455556666:assumed-role/sre/bo is not authorized to perform: eks:DescribeCluster on "
    "resource: arn:aws:eks:eu-west-3:444455556666:cluster/batch because no identity-based policy "
    "allows the eks:DescribeCluster action"
)


def test_a_missing_kubeconfig_follows_from_the_call_that_reads_the_cluster() -> None:
    first, second = read_text(f"{READ_CLUSTER.format('AccessDeniedException', NOT_ALLOWED)}\n{NO_CONFIG}")
    assert isinstance(first, Denial) and first.sequel is None
    assert second.sequel is not None and second.sequel.caused_by == "eks:DescribeCluster"
    first, second = read_text(
        f"{READ_CLUSTER.format('ExpiredTokenException', 'The security token included in the request is expired')}\n"
        f"{NO_CONFIG}"
    )
    assert second.sequel is not None and second.sequel.caused_by == "DescribeCluster"


def test_a_missing_kubeconfig_alone_or_after_another_call_follows_from_nothing() -> None:
    (alone,) = read_text(NO_CONFIG)
    assert alone.sequel is None
    assert "no kubeconfig" in collect_offline(alone).verdict.summary
    found = read_text(f"{refused('CreateBucket', 's3:CreateBucket')}\n{NO_CONFIG}")
    assert not any(each.sequel and each.sequel.caused_by for each in found)


def test_an_answer_without_a_body_is_not_the_operation_of_a_later_sentence() -> None:
    (failure,) = read_text(
        "[stderr]fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden\n"
        "agent(2114): Aws::CodeDeployCommand::Errors::AccessDeniedException - User: arn:aws:sts::444455556666:"
        "assumed-role/node/i-05ad is not authorized to perform: codedeploy-commands-secure:PollHostCommand because no "
        "identity-based policy allows the codedeploy-commands-secure:PollHostCommand action"
    )
    assert isinstance(failure, Denial)
    assert (failure.operation, failure.code) == (None, "AccessDeniedException")


@pytest.mark.parametrize("indent", ["", "  ", "    "])
def test_an_indented_message_is_one_of_its_own(indent: str) -> None:
    text = (
        f"$ aws s3api create-bucket --bucket b\n{refused('CreateBucket', 's3:CreateBucket')}\nthe policy was attached\n"
        "$ aws s3api create-bucket --bucket b\nAn error occurred (ExpiredToken) when calling the CreateBucket "
        "operation: The provided token has expired."
    )
    first, second = read_text("\n".join(f"{indent}{line}" for line in text.split("\n")))
    assert isinstance(first, OtherFailure) and first.code == "ExpiredToken"
    assert second.sequel is not None and "ExpiredToken" in second.sequel.fails_otherwise


SIGNED = (
    "ERROR: NotAuthorizedError - The request signature we calculated does not match the signature you provided. Check "
    "your AWS Secret Access Key and signing method."
)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("Gestern 17:40", "Heute 09:02 (nach Policy-Update)"),
        ("2026-11-30:", "2026-12-01, after the deploy:"),
        ("Mon 30 Nov", "Tue 1 Dec"),
        ("## Yesterday", "## Today"),
        ("hier 18:30", "ce matin 9:10"),
    ],
)
def test_the_failure_of_the_latest_day_comes_first(earlier: str, later: str) -> None:
    for text in (
        f"{earlier}\n{RUN}\n{later}\n$ eb deploy\n{SIGNED}",
        f"{later}\n$ eb deploy\n{SIGNED}\n{earlier}\n{RUN}",
    ):
        first, second = read_text(text)
        assert isinstance(first, OtherFailure) and first.sequel is None
        assert second.sequel is not None and second.sequel.earlier
        summary = collect_offline(second).verdict.summary
        assert summary.startswith("This failure is from an earlier time")
        assert second.sequel.aside in text


@pytest.mark.parametrize(
    "text",
    [
        f"Today 09:00\n{RUN}\nToday 09:05\n{SIGNED}",
        f"yesterday it worked\n{RUN}\n{SIGNED}",
        f"2026-12-01T09:00:00Z {RUN}\n2026-12-01T09:40:00Z {SIGNED}",
        f"Yesterday we deployed the app.\n{RUN}\n{SIGNED}",
        f"30 Nov:\n{RUN}\n{SIGNED}",
        f"now the log:\n{RUN}\nnow the other log:\n{SIGNED}",
    ],
)
def test_failures_of_one_day_are_all_present(text: str) -> None:
    assert all(each.sequel is None or not each.sequel.earlier for each in read_text(text))


TAKEN = (
    "An error occurred (InvalidInput) when calling the CreateServiceLinkedRole operation: Service role name "
    "AWSServiceRoleForElasticLoadBalancing has been taken in this account, please try a different suffix."
)
LINKED = refused(
    "CreateServiceLinkedRole",
    "iam:CreateServiceLinkedRole",
    "arn:aws:iam::444455556666:role/aws-service-role/elasticloadbalancing.amazonaws.com/"
    "AWSServiceRoleForElasticLoadBalancing",
)
ROLE = refused("CreateRole", "iam:CreateRole", "arn:aws:iam::444455556666:role/app")
ROLE_EXISTS = (
    "An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name {} already exists."
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{TAKEN}\n(I ran this because of this:)\n{LINKED}", "AWSServiceRoleForElasticLoadBalancing has been taken"),
        (f"{LINKED}\nthe admin ran it:\n{TAKEN}", "AWSServiceRoleForElasticLoadBalancing has been taken"),
        (f"{ROLE}\nan admin tried\n{ROLE_EXISTS.format('app')}", "Role with name app already exists"),
        (f"{ROLE}\nan admin tried\n{ROLE_EXISTS.format('app2')}", ""),
        (f"{ROLE.replace('CreateRole', 'DeleteRole')}\nan admin tried\n{ROLE_EXISTS.format('app')}", ""),
    ],
)
def test_a_refused_creation_of_what_exists_is_moot(text: str, said: str) -> None:
    found = read_text(text)
    denied = next(each for each in found if isinstance(each, Denial))
    assert (denied.sequel.exists if denied.sequel else "").endswith(said) and bool(said) == bool(
        denied.sequel and denied.sequel.exists
    )
    if said:
        assert found[-1] is denied
        diagnosis = collect_offline(denied)
        assert diagnosis.verdict.summary.startswith("The resource that this call creates exists already")
        assert not any("does not exist yet" in each.cause for each in diagnosis.first_look)


GROUP = (
    "Error: creating CloudWatch Logs Log Group (/canary): operation error CloudWatch Logs: CreateLogGroup, https "
    "response error StatusCode: 400, RequestID: 71d9, ResourceAlreadyExistsException: The specified log group "
    "already exists"
)
CANARY = (
    "Error: reading Synthetics Canary (c): AccessDeniedException: User: arn:aws:iam::444455556666:user/ci is not "
    "authorized to perform: synthetics:GetCanary on resource: arn:aws:synthetics:us-east-1:444455556666:canary:c "
    "because no identity-based policy allows the synthetics:GetCanary action"
)


def test_another_error_of_terraform_beside_a_denial_is_a_failure_too() -> None:
    first, second = read_text(f"{GROUP}\n  with aws_cloudwatch_log_group.home,\n\n{CANARY}")
    assert isinstance(first, Denial) and isinstance(second, OtherFailure)
    assert "ResourceAlreadyExistsException" in collect_offline(second).verdict.summary
    assert "synthetics" not in second.text


@pytest.mark.parametrize(
    "text",
    [
        f"{CANARY}\n\n{CANARY.replace('canary:c', 'canary:d')}",
        f"{CANARY}\n\nError: failed to run: exit status 1",
        f"{CANARY}\n\nError: reading it: operation error Synthetics: GetCanary, https response error StatusCode: 403, "
        "RequestID: 1a, AccessDeniedException: denied by a policy",
    ],
)
def test_no_other_error_of_terraform_is_invented(text: str) -> None:
    assert all(isinstance(each, Denial) for each in read_text(text))


GO_ERROR = (
    "Error: creating EKS Node Group: operation error EKS: CreateNodegroup, https response error StatusCode: {}, "
    "RequestID: 1a, {}"
)
NODES = GO_ERROR.format(
    403,
    "api error AccessDeniedException: User: arn:aws:sts::444455556666:assumed-role/tf/x is not authorized to perform: "
    "iam:PassRole on resource: arn:aws:iam::444455556666:role/node because no identity-based policy allows the "
    "iam:PassRole action",
)
SUBNETS = GO_ERROR.format(400, "InvalidParameterException: Subnets specified must be in two AZs")
BUSY = "An error occurred (ResourceConflictException) when calling the RunTask operation: An update is in progress"


@pytest.mark.parametrize(
    ("text", "later"),
    [
        (f"run 1:\n{NODES}\nafter adding PassRole, run 2:\n{SUBNETS}", SUBNETS),
        (f"Hier 18h30 :\n{RUN}\nCe matin (avec la policy) :\n{BUSY}", BUSY),
        (f"30 Nov:\n{RUN}\n1 Dec:\n{BUSY}", BUSY),
        (f"run 1:\n{NODES}\n\n{SUBNETS}", ""),
        (f"Today 9:00\n{RUN}\nToday 9:10\n{BUSY}", ""),
        (f"30 Nov:\n{RUN}\n1 Dec:\n{BUSY.replace('RunTask', 'StopTask')}", ""),
    ],
)
def test_an_unlisted_later_error_of_the_same_call_is_named(text: str, later: str) -> None:
    denied = next(each for each in read_text(text) if isinstance(each, Denial))
    said = denied.sequel.fails_otherwise if denied.sequel else ""
    assert said == later[:240]


def test_a_call_with_another_profile_after_expired_keys_is_the_later_one() -> None:
    expired = (
        "$ aws s3 mb s3://b --profile old\nAn error occurred (ExpiredToken) when calling the CreateBucket operation: x"
    )
    first, second = read_text(f"{expired}\n$ aws s3 mb s3://b --profile new\n{CREATED}")
    assert isinstance(first, Denial)
    assert second.sequel is not None and second.sequel.fails_otherwise


NO_KEYS = "[init] aws: Unable to locate credentials"


@pytest.mark.parametrize(
    ("line", "worked"),
    [
        ("[init] + curl -s http://169.254.169.254/latest/meta-data/", False),
        ("[init] docker run --rm amazon/aws-cli s3 ls s3://boot", False),
        ("[init] 401", False),
        ("[init] s3://boot/app.tgz downloaded", True),
    ],
)
def test_a_repeated_command_is_no_success_of_a_program(line: str, worked: bool) -> None:
    (failure,) = parse(f"{NO_KEYS}\n{line}")
    assert bool(failure.sequel and failure.sequel.succeeded) is worked


STEP = "2026-11-30T07:02:11Z ship[2]: sqs send orders-in"
SENT = "arn:aws:sqs:eu-north-1:444455556666:orders-in"
NOT_SENT = (
    f"2026-11-30T07:02:12Z ship[2]: User: {EVA} is not authorized to perform: sqs:SendMessage on resource: {SENT}"
)
AGAIN = STEP.replace(":02:11", ":03:11")
SENT_NOW = '2026-11-30T07:03:12Z ship[2]: {"MessageId": "1"}'
BACKUP = "[2026-12-01 03:00:07] borg: s3://hh-borg: Access Denied.\n[2026-12-01 03:00:07] backup.sh: exit 1"
ENDED_WELL = "[2026-12-01 03:05:53] backup.sh: exit 0"


@pytest.mark.parametrize(
    ("text", "worked"),
    [
        (f"{STEP}\n{NOT_SENT}\n{AGAIN}\n{SENT_NOW}", True),
        (f"{STEP}\n{NOT_SENT}\n{AGAIN}\n{NOT_SENT}", False),
        (f"{STEP}\n{NOT_SENT}\n{AGAIN.replace('-in', '-out')}\n{SENT_NOW}", False),
        (f"{STEP}\n{NOT_SENT}\n{AGAIN}\n{SENT_NOW.replace('ship', 'pack')}", False),
        (f"{STEP}\n{NOT_SENT}\n{AGAIN}", False),
        (f"{BACKUP}\n[2026-12-01 03:05:09] retry 1\n{ENDED_WELL}", True),
        (f"{BACKUP}\n[2026-12-01 03:05:09] retry with the admin profile\n{ENDED_WELL}", False),
        (f"{BACKUP}\n[2026-12-01 03:05:09] retry 1 (dry run)\n{ENDED_WELL}", False),
        (f"{BACKUP}\n{ENDED_WELL}", False),
        (f"{BACKUP}\n[2026-12-01 03:05:09] retry 1\n{ENDED_WELL.replace('backup', 'prune')}", False),
    ],
)
def test_a_step_that_a_program_repeats_and_ends_well_is_over(text: str, worked: bool) -> None:
    failure = parse(text)[0]
    assert bool(failure.sequel and failure.sequel.succeeded) is worked


@pytest.mark.parametrize(
    "line",
    ["Rolling back to 2.2.1 -> works again at once.", "downgraded the chart to 1.6.2: it works again"],
)
def test_an_older_version_that_works_is_no_success_of_the_newer(line: str) -> None:
    assert read_text(f"{STOP}\n{line}")[0].sequel is None


@pytest.mark.parametrize(
    "then",
    ["The service keeps throwing the same exception on each call.", "the worker still fails", "same error again"],
)
def test_a_success_after_which_the_program_still_fails_ends_nothing(then: str) -> None:
    expired = (
        "ExpiredTokenException: The SSO session associated with this profile has expired or is otherwise invalid.\n"
    )
    signed_in = "$ aws sso login --profile dev\nSuccessfully logged into Start URL: https://a.awsapps.com/start\n"
    assert read_text(f"{expired}{signed_in}")[0].sequel is not None
    assert read_text(f"{expired}{signed_in}{then}\n")[0].sequel is None

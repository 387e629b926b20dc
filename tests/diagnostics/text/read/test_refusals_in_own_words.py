"""Refusals in prose of no table: who was refused, which actions, on what, from the text alone."""

from __future__ import annotations

import re
from itertools import count

import pytest

from diagnostics.claims.kinds import Quotes
from diagnostics.commands import SIMULATION_QUERY
from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from diagnostics.text.read.refusals_in_own_words import PartyKind, granted_in, prose_in, refusal_in, simulation
from tests.support.timing import in_proportion

ROLE = "arn:aws:iam::444455556666:role"
TOPIC = "arn:aws:sns:eu-west-1:444455556666:alarms"

# The text; who was refused; the actions that the text names; the thing.
REFUSALS = [
    (
        "DataSync location access test failed: could not perform s3:ListObjectsV2 in bucket finance-export. Access "
        "denied. Ensure bucket access role has s3:ListBucket permission.",
        "the bucket access role", ("s3:ListBucket",), "the bucket finance-export",
    ),
    (
        "Amazon AppFlow does not have permission to access the destination bucket crm-sync-eu. Add a bucket policy "
        "that allows s3:PutObject and s3:GetBucketAcl to appflow.amazonaws.com.",
        "Amazon AppFlow", ("s3:PutObject", "s3:GetBucketAcl"), "the bucket crm-sync-eu",
    ),
    (
        f"DataAccessRole {ROLE}/comprehend-read does not have permission to access S3 bucket nlp-input",
        "the role comprehend-read", (), "the S3 bucket nlp-input",
    ),
    (
        "Insufficient privileges for accessing data in S3. Please make sure that personalize.amazonaws.com can perform "
        "s3:GetObject and s3:ListBucket.",
        "personalize.amazonaws.com", ("s3:GetObject", "s3:ListBucket"), "S3",
    ),
    (
        "You do not have permission to perform the 'autoscaling:CreateLaunchConfiguration' action. Verify that your S3 "
        "policies and your ACLs allow you to perform these actions.",
        "the caller", ("autoscaling:CreateLaunchConfiguration",), "",
    ),
    ("Terminated with errors: Service role EMR_DefaultRole has insufficient EC2 permissions",
     "the service role EMR_DefaultRole", (), ""),
    (
        f"Job failed: The execution role {ROLE}/emr-jobs does not have permission to perform s3:GetObject on "
        "s3://spark-code/main.py",
        "the execution role emr-jobs", ("s3:GetObject",), "s3://spark-code/main.py",
    ),
    (
        "The IAM role for your flow logs does not have sufficient permissions to send flow log records to the "
        "CloudWatch log group.",
        "the role for your flow logs", (), "the CloudWatch log group",
    ),
    ("The instance profile role image-builder-role lacks permission ssm:UpdateInstanceInformation.",
     "the instance profile role image-builder-role", ("ssm:UpdateInstanceInformation",), ""),
    ("Instance profile EMR_EC2_DefaultRole is missing permission elasticmapreduce:ListInstances",
     "the role of the instance profile EMR_EC2_DefaultRole", ("elasticmapreduce:ListInstances",), ""),
    ("Canary failed: Failed to upload artifacts: No permission to PutObject to bucket cw-syn-results-1",
     "", ("s3:PutObject",), "the bucket cw-syn-results-1"),
    (
        f"The pipe's role {ROLE}/pipe-orders cannot read from the source queue: sqs:ReceiveMessage, sqs:DeleteMessage "
        "and sqs:GetQueueAttributes are required.",
        "the pipe's role pipe-orders", ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
        "the queue",
    ),
    ("The execution role doesn't have permission to airflow:PublishMetrics.",
     "the execution role", ("airflow:PublishMetrics",), ""),
    ("The channel role's guardrail policies do not allow lambda:InvokeFunction.",
     "the channel role", ("lambda:InvokeFunction",), ""),
    (f"Failed to publish to {TOPIC}: CloudWatch Alarms is not authorized to perform: SNS:Publish on resource",
     "CloudWatch Alarms", ("sns:Publish",), TOPIC),
    ("CloudWatch Alarms does not have authorization to access the SNS topic encryption key.",
     "CloudWatch Alarms", (), "the encryption key"),
    ("Missing required permissions: ['iam:GetRole', 'iam:PassRole'] for user arn:aws:iam::444455556666:user/eva",
     "the caller arn:aws:iam::444455556666:user/eva", ("iam:GetRole", "iam:PassRole"), ""),
    (
        "WorkSpaces: Access is denied because the directory's service role workspaces_DefaultRole needs "
        "ec2:CreateNetworkInterface, ec2:DeleteNetworkInterface.",
        "the directory's service role workspaces_DefaultRole",
        ("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface"), "",
    ),
    ("[fluentd] unable to write to Kinesis stream clicks: caller not allowed to kinesis:PutRecords",
     "the caller", ("kinesis:PutRecords",), "the Kinesis stream clicks"),
    ("Nicht berechtigt: dem Benutzer fehlt die Berechtigung ec2:StopInstances (AccessDenied)",
     "", ("ec2:StopInstances",), ""),
    ("QuickSight: We can't access the S3 bucket dash-data. Make sure QuickSight has permission to read it.",
     "QuickSight", (), "the S3 bucket dash-data"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "who", "actions", "thing"), REFUSALS)
def test_a_refusal_in_prose_says_who_what_and_on_what(
    text: str, who: str, actions: tuple[str, ...], thing: str
) -> None:
    found = refusal_in(text)
    assert found is not None
    assert (found.party.words if found.party else "") == who
    assert found.actions == actions
    assert (found.thing.words if found.thing else "") == thing


@pytest.mark.parametrize(("text", "who", "actions", "thing"), REFUSALS)
def test_its_answer_names_them(text: str, who: str, actions: tuple[str, ...], thing: str) -> None:
    failures = read_text(text)
    assert len(failures) == 1
    assert isinstance(failures[0], Denial)
    diagnosis = collect_offline(failures[0])
    said = " ".join([diagnosis.verdict.summary, *(each.cause for each in diagnosis.first_look)])
    for part in (who, thing, *actions[:3]):
        assert part.lower() in said.lower()
    assert diagnosis.first_look
    assert actions == () or not re.search("[Nn]o (?:refused )?action was found", said)
    words = " ".join(text.split())
    claims = [claim for look in diagnosis.first_look for claim in look.because.claims]
    assert all(claim.words in words for claim in claims if isinstance(claim, Quotes))


OF_NO_ROLE = [
    "Error: authorization failed: action 'Microsoft.Compute/virtualMachines/read' denied",
    "google.api_core.exceptions.Forbidden: 403 Missing permission compute.instances.get on project x",
    "Your role needs: Editor. You don't have permission to view this dashboard in Grafana.",
    '{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"*"}',
    "vault: permission denied: need capability read on path secret:Data",
    "FATAL: permission denied for table orders",
    "You must have permission to publish under scope @acme: read:packages is required",
    f"User: {ROLE}/w is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::b/k",
    "Not authorized to perform sts:AssumeRoleWithWebIdentity",
]


@pytest.mark.parametrize("text", OF_NO_ROLE)
def test_what_is_another_systems_or_has_iams_own_grammar_is_not_read(text: str) -> None:
    assert refusal_in(text) is None


@pytest.mark.parametrize(
    "question",
    [
        "so there are no policies left. do I lack iam:DeleteRole?",
        "The call failed with code 7. Do we need sts:GetCallerIdentity in that partition?",
        "reader has s3:GetObject on *, and the database refused. What is missing in IAM",
        "The role says ec2:Delete* on *. Security wants to know which permission is missing for the two",
    ],
)
def test_a_question_refuses_nothing(question: str) -> None:
    assert refusal_in(question) is None


def test_the_simulation_is_built_from_the_texts_values_and_quoted() -> None:
    assert simulation(f"{ROLE}/a b;c", ("s3:GetObject",), "arn:aws:s3:::b/k y") == (
        f"aws iam simulate-principal-policy --policy-source-arn '{ROLE}/a b;c' --action-names s3:GetObject "
        f"--resource-arns 'arn:aws:s3:::b/k y' {SIMULATION_QUERY}"
    )
    assert simulation("deploy", ("s3:GetObject",), None) is None
    assert simulation(f"{ROLE}/<name>", ("s3:GetObject",), None) is None


def test_a_service_is_refused_by_the_resources_policy_first() -> None:
    found = refusal_in("Amazon Connect is not authorized to put objects in the S3 bucket call-recordings-eu.")
    assert found is not None
    assert found.party is not None
    assert found.party.kind is PartyKind.SERVICE
    causes = collect_offline(
        read_text("Amazon Connect is not authorized to put objects in the S3 bucket b-1.")[0]
    ).first_look
    assert causes[0].cause.startswith("The bucket policy must let")
    assert "s3:PutObject" in causes[0].cause


GRANTED = {
    "prose": "The import is denied glue:GetTags. The role has glue:GetTable, glue:GetTags and glue:GetJob.",
    "statement": 'It fails: access denied for sqs:ReceiveMessage.\n"Action": "sqs:ReceiveMessage",\n"Resource": "x"',
}


@pytest.mark.parametrize("label", ["Policy", "IAM", "role policy", "Task role's policy"])
def test_the_actions_behind_a_policys_label_are_not_called_missing(label: str) -> None:
    text = f"{label}: logs:CreateLogStream, logs:PutLogEvents on *. The plugin logs an AccessDeniedException."
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert "are needed" not in summary
    assert "the policy in the text has logs:CreateLogStream and logs:PutLogEvents" in summary


def test_the_actions_behind_a_wished_policys_label_are_not_had() -> None:
    assert not granted_in("Required policy: logs:PutLogEvents on *. Access denied.")


@pytest.mark.parametrize(
    ("text", "had"),
    [
        ("gets AccessDenied on CopyObject. s3:GetObject and s3:PutObject are allowed on both.", 2),
        ("s3:GetObject is already granted", 1),
        ("AccessDenied. Check whether s3:GetObject is allowed", 0),
        ("s3:GetObject is not allowed", 0),
        ("s3:GetObject is allowed only from the office", 0),
    ],
)
def test_actions_that_are_said_to_be_allowed_are_had(text: str, had: int) -> None:
    assert len(granted_in(text)) == had


def test_the_actions_of_a_policy_are_not_those_of_a_refusal_that_names_none() -> None:
    assert refusal_in("The role has only lambda:InvokeFunction. The validation ends in an AccessDenied error.") is None


@pytest.mark.parametrize("text", GRANTED.values(), ids=GRANTED)
def test_an_action_that_a_policy_has_is_not_called_missing(text: str) -> None:
    found = refusal_in(text)
    assert found is not None
    assert found.granted
    sentence = prose_in(text)
    assert sentence is not None
    assert "lacks" not in str(sentence)


MISSING = (
    "Access denied. Make sure the role has sqs:ReceiveMessage on the queue.",
    "The role does not have glue:GetTags, so access is denied.",
    "Access denied: the role needs a policy that includes sns:Publish.",
)


@pytest.mark.parametrize("text", MISSING)
def test_an_action_that_is_asked_for_is_not_granted(text: str) -> None:
    found = refusal_in(text)
    assert found is not None
    assert not found.granted


def test_the_role_that_is_to_be_passed_is_not_who_was_refused() -> None:
    found = refusal_in("The deploy fails with iam:PassRole denied, task role shop-taskRole.")
    assert found is not None
    assert found.party is None


SETTLED = (
    "The role app-role is no longer denied s3:GetObject on the bucket.",
    "The role app-role does not need s3:GetObject on the bucket.",
    "The permission s3:GetObject was added to role app-role. Please make sure your queue is not denied.",
    "The role app-role used to be refused s3:GetObject.",
    "The role app-role is now allowed to call s3:GetObject.",
    "Deployment finished. To enable logging, grant the role app-role the logs:PutLogEvents action.",
    "No permissions are required for sts:GetCallerIdentity by the role app-role.",
)
OPEN = (
    "The role app-role is no longer allowed to call s3:GetObject.",
    "The permission s3:PutObject was added to the role app-role, but it still lacks s3:GetObject.",
    "The export failed. Grant the role app-role the s3:GetObject action.",
    "I do not know why the role app-role cannot read from the bucket shop-data: access denied.",
    "Why is the role app-role denied s3:GetObject on the bucket shop-data?",
)


@pytest.mark.parametrize("text", [*SETTLED, *OPEN])
def test_what_is_over_or_not_needed_is_not_refused(text: str) -> None:
    assert (refusal_in(text) is not None) == (text in OPEN)


@pytest.mark.parametrize("unit", ["A", "Amazon ", "role ", "arn:aws:iam::", "'", "ensure that ", "no longer ", "not "])
def test_prose_takes_time_in_proportion(unit: str) -> None:
    different = count()  # a text is read once: the next time, the answer is remembered
    assert in_proportion(
        lambda times: refusal_in(f"the role {unit * times} cannot read the bucket {next(different)}"), 500, 4_000
    )


def test_the_value_of_a_condition_is_no_caller() -> None:
    found = refusal_in(
        'Access denied: the deployer lacks iam:PassRole, with iam:PassedToService = ["eks.amazonaws.com"]'
    )
    assert found is not None
    assert found.party is None or found.party.kind is not PartyKind.SERVICE


@pytest.mark.parametrize("label", ["User policy: ", "role tf-cloud: "])
def test_a_label_has_actions_on_several_resources(label: str) -> None:
    assert granted_in(f"{label}s3:GetObject on *, iam:GetRole ... on role/*, iam:PassRole on role/*") == {
        "s3:getobject",
        "iam:getrole",
        "iam:passrole",
    }


def test_no_denied_call_is_no_refusal() -> None:
    assert refusal_in("User policy: iam:PassRole on role/b. No denied bedrock call in CloudTrail.") is None


def test_the_operation_that_is_refused_is_not_an_action_that_the_role_has() -> None:
    text = "its log says denied on DeleteObject. role cleanup-1 has s3:ListBucket and s3:GetObject only, bucket tmp-9"
    found = refusal_in(text)
    assert found is not None
    assert (found.actions, found.granted) == (("s3:DeleteObject",), False)

"""Refusals in prose of no table: who was refused, which actions, on what, from the text alone."""

from __future__ import annotations

from itertools import count

import pytest

from diagnostics.claims.kinds import Quotes
from diagnostics.commands import SIMULATION_QUERY
from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from diagnostics.text.read.messages.refusals_in_own_words import refusal_in, simulation
from tests.support.timing import in_proportion

ROLE = "arn:aws:iam::444455556666:role"

# The text; who was refused; the actions that the sentence names.
REFUSALS: list[tuple[str, str, tuple[str, ...]]] = [
    ("Terminated with errors: Service role EMR_DefaultRole has insufficient EC2 permissions",
     "the service role EMR_DefaultRole", ()),
    ("The IAM role for your flow logs does not have sufficient permissions to send records to the log group.",
     "the role for your flow logs", ()),
    ("DataSync location access test failed: could not perform s3:ListObjectsV2 in bucket finance-export.",
     "", ("s3:ListBucket",)),
    ("You do not have permission to perform the 'autoscaling:CreateLaunchConfiguration' action. Verify that your S3 "
     "policies and your ACLs allow you to perform these actions.",
     "", ("autoscaling:CreateLaunchConfiguration",)),
    (f"Job failed: The execution role {ROLE}/emr-jobs does not have permission to perform s3:GetObject on s3://b/main.py",
     "the execution role emr-jobs", ("s3:GetObject",)),
    ("The instance profile role image-builder-role lacks permission ssm:UpdateInstanceInformation.",
     "the instance profile role image-builder-role", ("ssm:UpdateInstanceInformation",)),
    ("Instance profile EMR_EC2_DefaultRole is missing permission elasticmapreduce:ListInstances",
     "the role of the instance profile EMR_EC2_DefaultRole", ("elasticmapreduce:ListInstances",)),
    (f"The pipe's role {ROLE}/pipe-orders cannot read from the source queue: sqs:ReceiveMessage, sqs:DeleteMessage "
     "and sqs:GetQueueAttributes are required.",
     "the pipe's role pipe-orders", ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")),
    ("The channel role's guardrail policies do not allow lambda:InvokeFunction.",
     "the channel role", ("lambda:InvokeFunction",)),
    ("Missing required permissions: ['iam:GetRole', 'iam:PassRole'] for user arn:aws:iam::444455556666:user/eva",
     "the caller arn:aws:iam::444455556666:user/eva", ("iam:GetRole", "iam:PassRole")),
    ("WorkSpaces: Access is denied because the directory's service role workspaces_DefaultRole needs "
     "ec2:CreateNetworkInterface, ec2:DeleteNetworkInterface.",
     "the directory's service role workspaces_DefaultRole",
     ("ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface")),
    ("[fluentd] unable to write to Kinesis stream clicks: caller not allowed to kinesis:PutRecords",
     "", ("kinesis:PutRecords",)),
    ("Nicht berechtigt: dem Benutzer fehlt die Berechtigung ec2:StopInstances (AccessDenied)",
     "", ("ec2:StopInstances",)),
    # The other role's list beside it is not what is compared: it has other actions.
    (f"AccessDenied. The IAM role {ROLE}/dms-s3 doesn't have s3:ListBucket\n\ndms-s3:  s3:PutObject,s3:DeleteObject",
     "the role dms-s3", ("s3:ListBucket",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "who", "actions"), REFUSALS)
def test_one_sentence_says_who_lacks_which_action(text: str, who: str, actions: tuple[str, ...]) -> None:
    found = refusal_in(text)
    assert found is not None
    assert (found.party.words if found.party else "") == who
    assert found.actions == actions


@pytest.mark.parametrize(("text", "who", "actions"), REFUSALS)
def test_its_answer_names_them_and_no_usual_cause(text: str, who: str, actions: tuple[str, ...]) -> None:
    failures = read_text(text)
    assert len(failures) == 1
    assert isinstance(failures[0], Denial)
    diagnosis = collect_offline(failures[0])
    said = " ".join([diagnosis.verdict.summary, *(each.cause for each in diagnosis.first_look)])
    for part in (who, *actions[:3]):
        assert part.lower() in said.lower()
    assert diagnosis.first_look
    words = " ".join(text.split())
    claims = [claim for look in diagnosis.first_look for claim in look.because.claims]
    assert all(claim.words in words for claim in claims if isinstance(claim, Quotes))


# What the sentence itself does not say is not taken from those around it.
UNSAID = [
    "Access denied. Make sure the role has sqs:ReceiveMessage on the queue.",
    "The export failed with 403.\nIAM policy of the role:\n  s3:ListBucket arn:aws:s3:::b",
    "PERMISSION_DENIED: Access Denied (S3)\nPolicy of the runtime role:\n results bucket: s3:GetObject, s3:PutObject",
    "error from States. Not allowed to invoke it.\n# pipe role (by the module): states:StartExecution on the machine",
    "protected by object lock, access denied.\nroot can't either?! policy: s3:* + s3:BypassGovernanceRetention",
    "The source snapshot KMS key [arn:aws:kms:eu-central-1:444455556666:key/77ab] does not exist, is not enabled or "
    "you do not have permissions to access it.",
]


@pytest.mark.parametrize("text", UNSAID)
def test_an_action_that_no_sentence_denies_is_not_lacking(text: str) -> None:
    assert refusal_in(text) is None
    causes = [look.cause for each in read_text(text) for look in collect_offline(each).first_look]
    assert not any(cause.startswith("Allow") for cause in causes)


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


def test_the_actions_of_a_policy_are_not_those_of_a_refusal_that_names_none() -> None:
    assert refusal_in("The role has only lambda:InvokeFunction. The validation ends in an AccessDenied error.") is None


@pytest.mark.parametrize(
    "text",
    [
        "The import is denied glue:GetTags. The role has glue:GetTable, glue:GetTags and glue:GetJob.",
        'The runner role\'s policy has, on Resource "*":\nsqs:ListQueues\n(the run before was missing permissions)',
        'It fails: access denied for sqs:ReceiveMessage.\n"Action": "sqs:ReceiveMessage",\n"Resource": "x"',
    ],
)
def test_an_action_that_a_policy_has_is_not_called_missing(text: str) -> None:
    assert refusal_in(text) is None


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
    "The role app-role lacks s3:GetObject in the first run, that is granted now.",
    "Deployment finished. To enable logging, grant the role app-role the logs:PutLogEvents action.",
    "No permissions are required for sts:GetCallerIdentity by the role app-role.",
)
OPEN = (
    "The role app-role is no longer allowed to call s3:GetObject.",
    "The permission s3:PutObject was added to the role app-role, but it still lacks s3:GetObject.",
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


def test_no_denied_call_is_no_refusal() -> None:
    assert refusal_in("User policy: iam:PassRole on role/b. No denied bedrock call in CloudTrail.") is None


def test_the_role_that_is_to_be_assumed_lacks_nothing() -> None:
    assert refusal_in(f"API Gateway does not have permission to assume the provided role {ROLE}") is None


def test_an_action_that_a_simulation_allows_is_not_missing() -> None:
    text = "role of the host has AgentPolicy, simulate says logs:PutLogEvents allowed. attached more. still Forbidden!"
    assert refusal_in(text) is None
    assert refusal_in("role of the host has AgentPolicy. still Forbidden, it lacks logs:PutLogEvents!") is not None

"""The answer of an offered command, pasted after the failure, is the next part of the same diagnosis."""

from __future__ import annotations

import json

import jmespath
import pytest

from diagnostics.commands import SIMULATION_QUERY
from diagnostics.diagnose import collect_offline, read_text
from diagnostics.diagnosis import Diagnosis, LookState
from diagnostics.text.read.command_outputs import Decision, identity_answered, is_answer, simulations

ROLE = "arn:aws:sts::444455556666:assumed-role/deploy/ci"
DENIED = (
    f"An error occurred (AccessDenied) when calling the GetObject operation: User: {ROLE} is not authorized to "
    "perform: s3:GetObject on resource: arn:aws:s3:::media/a.txt"
)
COMMAND = (
    'aws iam simulate-principal-policy --policy-source-arn "$(aws iam get-role --role-name deploy --query Role.Arn '
    '--output text)" --action-names s3:GetObject --resource-arns arn:aws:s3:::media/a.txt ' + SIMULATION_QUERY
)


def answered(answer: str) -> Diagnosis:
    failures = read_text(f"{DENIED}\n{answer}\n")
    assert len(failures) == 1
    return collect_offline(failures[0])


def as_json(decision: str, *missing: str) -> str:
    result = {"EvalActionName": "s3:GetObject", "EvalDecision": decision, "MissingContextValues": list(missing)}
    return json.dumps({"EvaluationResults": [result]}, indent=2)


def test_the_first_cause_of_a_named_caller_is_confirmed_by_the_simulator() -> None:
    denied = DENIED.replace("s3:GetObject", "sqs:SendMessage").replace("GetObject", "SendMessage")
    denied = denied.replace("arn:aws:s3:::media/a.txt", "arn:aws:sqs:eu-west-1:444455556666:jobs")
    check = collect_offline(read_text(denied)[0]).first_look[0].check or ""
    assert check.startswith(
        'aws iam simulate-principal-policy --policy-source-arn "$(aws iam get-role --role-name deploy'
    )
    assert "--action-names sqs:SendMessage --resource-arns arn:aws:sqs:eu-west-1:444455556666:jobs" in check


@pytest.mark.parametrize(
    ("answer", "cause", "says", "step"),
    [
        ("s3:GetObject\timplicitDeny\t", "identity.no-action", "simulator confirms that none", "identity"),
        (
            f"$ {COMMAND}\ns3:GetObject\timplicitDeny\t",
            "identity.no-action",
            "simulator confirms that none",
            "identity",
        ),
        (as_json("implicitDeny"), "identity.no-action", "simulator confirms that none", "identity"),
        ("s3:GetObject\texplicitDeny\t", "identity.explicit-deny", "finds a Deny", "explicit-denies"),
        ("s3:GetObject\tallowed\t", "unreadable", "own policies allow s3:GetObject", "identity"),
        (as_json("allowed"), "unreadable", "own policies allow s3:GetObject", "identity"),
        ("s3:GetObject\timplicitDeny\tNone\tTrue\t", "identity.no-action", "simulator confirms that none", "identity"),
        ("s3:GetObject\timplicitDeny\tFalse\tTrue\t", "boundary.no-action", "permissions boundary", "boundary"),
        ("s3:GetObject\timplicitDeny\tNone\tFalse\t", "scp.no-action", "organization's SCPs", "scp"),
        ("s3:GetObject\timplicitDeny\tTrue\tNone\taws:RequestTag/team", "unreadable", "was refused", "identity"),
        ("s3:GetObject\timplicitDeny\taws:RequestTag/team", "unreadable", "s3:GetObject was refused", "identity"),
        ("s3:PutObject\timplicitDeny\t", "unreadable", "s3:GetObject was refused", ""),
    ],
)
def test_the_simulators_answer_decides(answer: str, cause: str, says: str, step: str) -> None:
    diagnosis = answered(answer)
    assert diagnosis.verdict.cause == cause
    assert says in diagnosis.verdict.summary
    assert [each.id for each in diagnosis.steps if each.title == "The simulator's answer"] == ([step] if step else [])


def test_a_cause_that_the_answer_confirms_or_excludes_is_marked() -> None:
    states = {
        decision: {
            look.state for look in answered(f"s3:GetObject\t{decision}\t").first_look if "identity" in look.shown_by
        }
        for decision in ("implicitDeny", "allowed")
    }
    assert states == {"implicitDeny": {LookState.FOUND}, "allowed": {LookState.RULED_OUT}}


@pytest.mark.parametrize(
    ("arn", "same"), [(ROLE.replace("/ci", "/else"), True), (ROLE.replace("deploy", "node"), False)]
)
def test_who_calls_now_is_compared_with_the_text(arn: str, same: bool) -> None:
    answer = json.dumps({"UserId": "AROAEXAMPLEEXAMPLE1:x", "Account": "444455556666", "Arn": arn}, indent=4)
    assert identity_answered(answer) == arn
    step = next(each for each in answered(answer).steps if each.id == "caller-check")
    assert ("not the caller" in step.summary) is not same


def test_what_is_no_answer_is_not_read_as_one() -> None:
    assert not is_answer(DENIED)
    assert not is_answer("s3:GetObject allowed in the policy of the role, I checked")
    assert not is_answer("s3:GetObject allowed.\ns3:PutObject: explicitDeny by the SCP")
    assert not is_answer('{"Effect": "Allow", "Action": "s3:GetObject"}')
    found = simulations("s3:GetObject\timplicitDeny\taws:SourceIp,aws:RequestTag/a\nsqs:SendMessage\tallowed\t")
    assert [(each.decision, each.missing) for each in found] == [
        (Decision.IMPLICIT_DENY, ("aws:SourceIp", "aws:RequestTag/a")),
        (Decision.ALLOWED, ()),
    ]


def test_the_offered_command_prints_what_the_simulator_says_of_one_resource() -> None:
    query = SIMULATION_QUERY.removeprefix("--query '").partition("'")[0]
    of_resource = {
        "MissingContextValues": ["aws:SourceIp"],
        "PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False},
    }
    result = {
        "EvalActionName": "s3:GetObject",
        "EvalDecision": "implicitDeny",
        "MissingContextValues": [],
        "OrganizationsDecisionDetail": {"AllowedByOrganizations": True},
        "ResourceSpecificResults": [of_resource],
    }
    without = {"EvalActionName": "s3:ListAllMyBuckets", "EvalDecision": "allowed", "ResourceSpecificResults": []}
    rows = jmespath.search(query, {"EvaluationResults": [result, without]})
    printed = "\n".join("\t".join(map(str, row)) for row in rows)
    first, second = simulations(printed)
    assert (first.boundary, first.organization, first.missing) == (False, True, ("aws:SourceIp",))
    assert (second.boundary, second.organization, second.missing) == (None, None, ())


SNS = "arn:aws:sns:eu-west-1:440055006600:alerts"


@pytest.mark.parametrize(
    ("caller", "action", "resource", "words"),
    [
        ("arn:aws:sts::440055006600:assumed-role/notifier/app", "sns:Publish", SNS,
         f"Allow the action on {SNS} in the policies of the role notifier, or in the resource's own policy"),
        ("arn:aws:sts::120034005600:assumed-role/notifier/app", "sns:Publish", SNS,
         f"the policy of {SNS} itself, in account 440055006600, must allow the role notifier of account 120034005600"),
        ("events.amazonaws.com", "sns:Publish", SNS,
         f"the policy of {SNS} itself must allow the principal events.amazonaws.com"),
        ("arn:aws:sts::440055006600:assumed-role/notifier/app", "s3:GetObject", "arn:aws:s3:::a/b",
         "no resource-based policy allows s3:GetObject"),
    ],
)  # fmt: skip
def test_a_missing_resource_policy_says_which_side_has_to_allow_it(
    caller: str, action: str, resource: str, words: str
) -> None:
    text = (
        f"User: {caller} is not authorized to perform: {action} on resource: {resource} because no resource-based "
        f"policy allows the {action} action"
    )
    assert words in collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("shown", "named"),
    [
        ('aws lambda get-function-configuration --function-name f --query Role\n"{}"', True),
        ("aws lambda create-function --function-name f --role {}", True),
        ("the deploy role is {}", False),
    ],
)
def test_the_execution_role_is_named_where_the_text_shows_it(shown: str, named: bool) -> None:
    role = "arn:aws:iam::440055006600:role/worker-exec"
    text = (
        "An error occurred (InvalidParameterValueException) when calling the CreateEventSourceMapping operation: The "
        f"provided execution role does not have permissions to call ReceiveMessage on SQS\n{shown.format(role)}"
    )
    assert (f"In the text that role is {role}." in collect_offline(read_text(text)[0]).verdict.summary) is named

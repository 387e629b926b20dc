"""Values that a display cuts off carry a mark, and go into no command, policy or fix."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.failure import Denial
from diagnostics.text.read.messages.cut_off import CutMessage, cut_caller

USER = "User: arn:aws:sts::111122223333:assumed-role/app/i-0 is not authorized to perform: "
TABLE = f"{USER}dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:111122223333:table/"
OBJECT = f'{USER}s3:GetObject on resource: "arn:aws:s3:::reports/2026/'
BORDER = "+----------------+-----------+------\n"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        (f"{TABLE}ord\u2026", "ord"),
        (f"the log view cuts the line\n{TABLE}ord...", "ord"),
        (f"{OBJECT}we...", "we"),
        (f'"errorMessage": "{TABLE}ord[truncated]"', "ord"),
        (f"{TABLE}ord <snip>", "ord"),
        (f"{TABLE}ord (truncated, 512 bytes)", "ord"),
        (f"the line is cut in my log view\n{TABLE}ord", "ord"),
        (f"{TABLE}ord\nlines are cut after 120 columns", "ord"),
        (f"{OBJECT}we", "we"),
        (f"{OBJECT}we\n(screen ends here)", "we"),
        (f"{USER}ec2:RunInstances on resource: arn:aws:ec2:us-east-1:111122223333:subn", "subn"),
        (f"{BORDER}| message | act\n{BORDER}| {TABLE}ord | rep\n{BORDER}", "ord"),
    ],
)
def test_a_cut_resource_is_marked_and_used_nowhere(text: str, begins: str) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, Denial)
    assert (failure.resource or "").endswith(f"{begins}\u2026")
    found = collect_offline(failure)
    assert "cut off before its reason" in found.verdict.summary
    assert "no Allow can help" not in found.verdict.summary
    used = [look.check or "" for look in found.first_look] + [getattr(each.change, "text", "") for each in found.fixes]
    assert not any(f"/{begins}" in each for each in used)
    assert not any("get-caller-identity" in look.cause for look in found.first_look)


@pytest.mark.parametrize(
    "text",
    [
        f"{TABLE}orders because no identity-based policy allows the dynamodb:GetItem action",
        f"{TABLE}orders",
        f'{OBJECT}we.csv" because no identity-based policy allows the s3:GetObject action\nthe line is cut',
        f'{OBJECT}we.csv"',
        f"$ ./run | cut -d: -f2\n{TABLE}orders",
        f"after the cut-over\n{TABLE}orders",
        f"| {TABLE}orders |",
    ],
)
def test_a_whole_resource_has_no_mark(text: str) -> None:
    (failure,) = read_text(text)
    assert isinstance(failure, Denial)
    assert "\u2026" not in (failure.resource or "")
    assert "cut off" not in collect_offline(failure).verdict.summary


def test_a_cut_caller_is_found_by_get_caller_identity() -> None:
    text = TABLE.replace("app/i-0", "app-serv\u2026") + "orders because no identity-based policy allows the "
    found = collect_offline(read_text(f"{text}dynamodb:GetItem action")[0])
    assert "get-caller-identity" in found.first_look[0].cause
    assert not any("app-serv" in (look.check or "") for look in found.first_look)


ROLE = "arn:aws:sts::111122223333:assumed-role/eks-n"


@pytest.mark.parametrize(
    "text",
    [
        f"{BORDER}| time | message | act\n{BORDER}| 06:10:08 | User: {ROLE} | rep\n{BORDER}",
        f"2026-04-21 06:10:08 User: {ROLE}\u2026",
        f"denied for User: {ROLE}...",
        f"06:10:08 User: {ROLE}\n06:10:09 User: {ROLE}",
    ],
)
def test_a_message_may_be_cut_within_its_caller(text: str) -> None:
    assert cut_caller(text) == CutMessage(f"{ROLE}\u2026", "")
    found = collect_offline(read_text(text)[0])
    assert found.verdict.summary.startswith(f"The message is cut off within its caller, {ROLE}\u2026")
    assert found.verdict.cause == "unreadable"


@pytest.mark.parametrize(
    "text",
    [f"User: {ROLE}/i-0c4", "User: arn:aws:iam::111122223333:user/jo", f"{USER}s3:GetObject", f"role: {ROLE}"],
)
def test_other_callers_are_whole(text: str) -> None:
    assert not cut_caller(text)


@pytest.mark.parametrize("resource", ["ord...", "ord\u2026"])
def test_no_command_contains_an_elided_name(resource: str) -> None:
    found = collect_offline(read_text(f"{TABLE}{resource}")[0])
    assert not any("table/ord" in (look.check or "") for look in found.first_look)


OPERATION = (
    "An error occurred (AccessDenied) when calling the CreateFunction operation: User: arn:aws:iam::444455556666:"
)


@pytest.mark.parametrize(
    "text",
    [
        f"{OPERATION}user/ci is not auth\nJob's log exceeded limit of 4194304 bytes.",
        f"{OPERATION}user/ci is not authorized to perf",
        f"{OPERATION}user/c",
        "Error: creating Lambda Function (x): operation error Lambda: CreateFunction, https response error StatusCode: "
        "403, api error AccessDenied: User: arn:aws:sts::444455556666:assumed-role/ci/x is no\u2026",
    ],
)
def test_a_sentence_may_be_cut_before_its_action_although_the_call_is_known(text: str) -> None:
    (failure,) = read_text(text)
    found = collect_offline(failure)
    assert found.verdict.cause == "unreadable"
    assert found.verdict.summary.startswith(
        "Get the full message before you change a policy: this message is cut off before its action"
    )
    assert found.first_look[0].cause.startswith("Get the full message")


@pytest.mark.parametrize(
    "text",
    [
        f"{OPERATION}user/ci is not authorized to perform: lambda:CreateFunction",
        f"{OPERATION}user/ci is not authorized to perform: lambda:CreateFunction on resource: * because no "
        "identity-based policy allows the lambda:CreateFunction action",
        f"{OPERATION}user/ci may not do that here",
    ],
)
def test_a_complete_sentence_is_not_cut_before_its_action(text: str) -> None:
    (failure,) = read_text(text)
    assert "cut off before its action" not in collect_offline(failure).verdict.summary


NOT_TAKEN = "current credentials could not be used to assume 'arn:aws:iam::111122223333:role/"


@pytest.mark.parametrize(
    "text",
    [
        f"$ cdk deploy edge | cut -c1-80\n{NOT_TAKEN}\nedge: fail: User: arn:aws:sts::111122223333:assumed-role/ro/k "
        "is not au",
        f"{NOT_TAKEN}\nweb: failed with exit 1",
        f"{NOT_TAKEN}\nstack-a: AccessDenied",
    ],
)
def test_a_line_that_is_truncated_within_quotes_ends_there(text: str) -> None:
    resources = [each.resource or "" for each in read_text(text) if isinstance(each, Denial)]
    assert not any(name in each for each in resources for name in ("edge", "web", "stack-a"))


@pytest.mark.parametrize("rest", ["deploy-role'", "edge', but"])
def test_a_name_that_continues_within_quotes_is_joined(rest: str) -> None:
    text = f"{NOT_TAKEN}\n{rest} are for the right account. AccessDenied"
    assert rest.partition("'")[0] in " ".join(each.text.replace("\n", "") for each in read_text(text))

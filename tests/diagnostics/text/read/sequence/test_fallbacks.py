"""A denial of the credentials that a program goes on with follows from the role that it could not assume."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

EXPIRED = "An error occurred (ExpiredToken) when calling the AssumeRole operation: The security token is expired\n"
REFUSED = (
    "An error occurred (AccessDenied) when calling the AssumeRole operation: User: arn:aws:sts::111122223333:"
    "assumed-role/base/ci is not authorized to perform: sts:AssumeRole on resource: "
    "arn:aws:iam::111122223333:role/deploy\n"
)
LATER = (
    "An error occurred (AccessDenied) when calling the DescribeStacks operation: User: arn:aws:sts::111122223333:"
    "assumed-role/base/ci is not authorized to perform: cloudformation:DescribeStacks because no identity-based policy "
    "allows the cloudformation:DescribeStacks action\n"
)
FOLLOWS = "This failure follows from the failure of "


def summaries(text: str) -> list[str]:
    return [collect_offline(each).verdict.summary for each in read_text(text)]


@pytest.mark.parametrize(
    "text",
    [
        f"{EXPIRED}{LATER}deploy.sh: line 14: assume failed, continuing with current credentials",
        f"{REFUSED}falling back to the instance role\n{LATER}",
        f"{EXPIRED}WARN using default credentials instead\n{LATER}",
    ],
)
def test_what_the_other_credentials_may_not_do_follows(text: str) -> None:
    found = [each for each in summaries(text) if each.startswith(FOLLOWS)]
    assert len(found) == 1
    assert "Do not grant cloudformation:DescribeStacks to " in found[0]


@pytest.mark.parametrize("text", [f"{EXPIRED}{LATER}", f"{LATER}continuing with current credentials\n{EXPIRED}"])
def test_another_denial_does_not_follow(text: str) -> None:
    assert not any(each.startswith(FOLLOWS) for each in summaries(text))


NONE_FOUND = 'Unable to locate credentials. You can configure credentials by running "aws configure".\n'
EXPIRED_SESSION = (
    "An error occurred (ExpiredToken) when calling the {} operation: The security token included in the request is "
    "expired\n"
)


@pytest.mark.parametrize("call", ["AssumeRole", "GetSessionToken", "AssumeRoleWithWebIdentity"])
@pytest.mark.parametrize("between", ["", "export AWS_ACCESS_KEY_ID= AWS_SECRET_ACCESS_KEY= AWS_SESSION_TOKEN=\n"])
def test_missing_credentials_follow_from_the_session_that_was_not_made(call: str, between: str) -> None:
    text = f"{EXPIRED_SESSION.format(call)}{between}{NONE_FOUND}dump: FAILED\nfatal error: {NONE_FOUND}sync: FAILED\n"
    first, *later = summaries(text)
    assert "expired" in first
    assert later
    for each in later:
        assert each.startswith(f"{FOLLOWS}{call}")
        assert "set -e" in each


def test_credentials_that_were_never_there_follow_from_no_other_call() -> None:
    own = summaries(f"{EXPIRED_SESSION.format('ListBuckets')}{NONE_FOUND}")
    assert not any(FOLLOWS in each for each in own)


def test_empty_variables_of_the_aws_cli_are_no_keys_that_it_signs_with() -> None:
    told = summaries(f"env: AWS_ACCESS_KEY_ID= AWS_SECRET_ACCESS_KEY=\n$ aws sqs list-queues\n{NONE_FOUND}")
    assert not any("signs with keys" in each for each in told)

"""A boundary, SCP or session policy that allows the call, without an identity policy that does."""

from __future__ import annotations

import pytest

from tests.support.denials.pasted import allow, diagnosed, no_identity, policy

QUEUE = "arn:aws:sqs:ca-central-1:111122223333:jobs"


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("its permissions boundary:", "permissions boundary"),
        ("SCP of the OU:", "SCP"),
        ("the boundary of all developers is", "permissions boundary"),
    ],
)
def test_a_policy_that_only_limits_grants_nothing(heading: str, kind: str) -> None:
    shown = policy(allow(["sqs:*", "sns:*"], "*"))
    answer = diagnosed(f"{no_identity('sqs:SendMessage', QUEUE)}\n\n{heading}\n{shown}\nit is allowed there!")
    assert f"The {kind} in the text allows sqs:SendMessage, but grants nothing" in answer.verdict.summary
    change = str(answer.fixes[0].change)
    assert answer.fixes[0].title.startswith("Allow sqs:SendMessage in an identity policy")
    assert f'"Resource": "{QUEUE}"' in change and f"Keep the {kind}" in change


@pytest.mark.parametrize(
    "text",
    [
        f"{no_identity('sqs:SendMessage', QUEUE)}\nits policy:\n{policy(allow('sqs:*', '*'))}",  # no limit
        f"{no_identity('sqs:SendMessage', QUEUE)}\nboundary:\n{policy(allow('sns:*', '*'))}",  # does not allow it
        f"{no_identity('sqs:SendMessage', QUEUE).replace('identity-based', 'session')}\n"
        f"boundary:\n{policy(allow('sqs:*', '*'))}",  # another policy decided
    ],
)
def test_other_texts_name_no_limit_that_grants_nothing(text: str) -> None:
    assert "grants nothing" not in diagnosed(text).verdict.summary

"""The headline of a plan names what is lost and what is gained, the loss first."""

from __future__ import annotations

import pytest

from diagnostics.plans.changes import Change, EditPolicy, EditTrust
from diagnostics.plans.role_change import change_plan
from iam.policy.document import Document
from iam.sources.aws.reader import AwsReader
from iam.sources.reader.opened import OpenedAccount
from screens.plan.state import PlanState
from screens.plan.words import head_of, summary_texts
from screens.session import Session
from tests.support.accounts.documents import policy, trust

ROLE = "web-frontend-ec2"
WRITES = policy({"Effect": "Allow", "Action": "s3:PutObject", "Resource": "arn:aws:s3:::harbor-assets/*"})


@pytest.mark.parametrize(
    ("change", "lost", "gained"),
    [
        (
            EditPolicy("arn:aws:iam::111122223333:policy/app-assets-read", Document(WRITES.text)),
            f"{ROLE} loses s3:GetObject",
            f"{ROLE} gains s3:PutObject",
        ),
        (
            EditTrust(Document(trust("lambda.amazonaws.com").text)),
            f"ec2.amazonaws.com can no longer assume {ROLE}",
            f"lambda.amazonaws.com can now assume {ROLE}",
        ),
    ],
    ids=["permissions", "trust"],
)
def test_the_headline_names_the_loss_before_the_gain(
    demo_reader: AwsReader, change: Change, lost: str, gained: str
) -> None:
    *_, account = demo_reader.accounts()
    plan = change_plan([ROLE], change, OpenedAccount(account, demo_reader))
    state, session = PlanState.of(plan, None), Session(account=account, reader=demo_reader, may_write=True)
    _, headline, trouble = head_of(state, session)
    assert headline.startswith(lost) and gained in headline and not trouble
    below = [text for text, _ in summary_texts(state, session)[0]]
    assert not any(text.startswith((lost, gained)) for text in below)

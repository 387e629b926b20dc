"""A foreign caller is shown the role of this account that trusts its account."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.accounts import alder
from tests.support.demo.opened import opened
from tests.support.denials.invented import denied, diagnosis_of, read

QUEUE = alder.arn("sqs", "jobs")
FEED = "121212121212"
CALLER = alder.session("feed", account=FEED)
WHY = "because no resource-based policy allows the sqs:SendMessage action"


def trusting(account: str, **condition: Any) -> dict[str, Any]:
    return alder.trust({"AWS": f"arn:aws:iam::{account}:root"}, **condition)


READER = alder.role("reader", trusting(FEED), inline={"p": alder.document(alder.allow("sqs:ReceiveMessage"))})
SENDER = alder.role(
    "sender",
    trusting(FEED, StringEquals={"sts:ExternalId": "x"}),
    inline={"p": alder.document(alder.allow("sqs:SendMessage", QUEUE))},
)
STRANGER = alder.role("stranger", trusting("999900001111"))
OTHERS = alder.role("others", alder.trust({"AWS": f"arn:aws:iam::{FEED}:role/other"}))
NAMED = alder.role("named", alder.trust({"AWS": f"arn:aws:iam::{FEED}:role/feed"}))


@pytest.mark.parametrize(
    ("roles", "first", "says"),
    [
        (
            [READER, SENDER, STRANGER],
            "Assume sender:",
            ["--external-id ID", "sender is allowed to perform"],
        ),
        ([READER, STRANGER], "Assume reader:", ["is not allowed to perform sqs:SendMessage either"]),
        ([STRANGER, OTHERS], "", []),
        ([OTHERS, NAMED], "Assume named:", []),
    ],
)
def test_a_role_that_trusts_the_callers_account_is_offered(
    roles: list[dict[str, Any]], first: str, says: list[str], tmp_path: Path
) -> None:
    content = alder.snapshot()
    content["RoleDetailList"] += roles
    found = diagnosis_of(denied(CALLER, "sqs:SendMessage", QUEUE, WHY), read(tmp_path / "account.json", content))
    offered = [each for each in found.fixes if each.title.startswith("Assume ")]
    assert len(offered) == bool(first)
    if first:
        assert offered[0].title.startswith(first)
        text = getattr(offered[0].change, "text", "")
        assert all(each in text for each in says), text


def test_it_comes_first_where_an_rcp_may_refuse_outsiders() -> None:
    text = (
        "aws s3api get-object --bucket harbor-assets --key a b\n"
        "An error occurred (AccessDenied) when calling the GetObject operation: User: "
        "arn:aws:sts::999988887777:assumed-role/collector/s1 is not authorized to perform: s3:GetObject"
    )
    found = diagnosis_of(text, opened(None))
    assert found.fixes[0].title == "Assume vendor-cost-auditor: it trusts account 999988887777"


def test_no_way_round_a_deny_of_the_owner_is_offered(tmp_path: Path) -> None:
    content = alder.snapshot()
    content["RoleDetailList"] += [SENDER]
    denying = alder.document({**alder.deny("sqs:*", QUEUE), "Principal": {"AWS": f"arn:aws:iam::{FEED}:root"}})
    content["Rolescope"]["ResourcePolicies"][QUEUE] = denying
    found = diagnosis_of(denied(CALLER, "sqs:SendMessage", QUEUE), read(tmp_path / "account.json", content))
    assert found.verdict.cause == "resource.explicit-deny"
    assert not [each for each in found.fixes if each.title.startswith("Assume ")]

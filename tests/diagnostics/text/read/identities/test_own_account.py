"""The account of the caller's side, as words beside a failure say it."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from diagnostics.text.read.identities.own_account import own_accounts

HOME, OWNER = "330912457781", "771120934568"
PULL = (
    f'Failed to pull image "{OWNER}.dkr.ecr.us-east-1.amazonaws.com/search/indexer:2.9.0": unexpected status from HEAD '
    f"request to https://{OWNER}.dkr.ecr.us-east-1.amazonaws.com/v2/search/indexer/manifests/2.9.0: 403 Forbidden"
)


@pytest.mark.parametrize(
    "words",
    [
        f"cluster + nodes are in account {HOME}",
        f"we are in {HOME}",
        f"asg account: {HOME}",
        f"ECS tasks run in the workload account {HOME}",
        f"our side is {HOME}",
        f"the pipeline lives in acct {HOME}",
    ],
)
def test_the_account_of_what_pulls(words: str) -> None:
    assert own_accounts(words) == {HOME}
    found = collect_offline(read_text(f"Warning  Failed  kubelet  {PULL}\n{words}")[0])
    assert f"registry of account {OWNER}, and it is pulled from account {HOME}" in found.verdict.summary
    command = getattr(found.fixes[0].change, "text", "")
    assert command.startswith(f"aws ecr get-repository-policy --registry-id {OWNER} --repository-name search/indexer")


@pytest.mark.parametrize(
    "words",
    [
        f"our EKS cluster runs in {OWNER}",
        f"the nodes are not in {HOME}",
        f"another cluster in {HOME} works",
        f"order {HOME}",
    ],
)
def test_no_other_account_pulls(words: str) -> None:
    found = collect_offline(read_text(f"Warning  Failed  kubelet  {PULL}\n{words}")[0])
    assert "is pulled from account" not in found.verdict.summary

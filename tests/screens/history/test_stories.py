"""The demo's stories by keys: a denial, the change that made it, its revert, and the same asked again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from iam.demo.account.load import DEMO
from iam.demo.aws.authorization.callers import organization_levels
from iam.demo.aws.world import World
from iam.demo.open import reader as open_reader
from tests.support.demo.asked_before import forget
from tests.support.driving.diagnosing import NARROW, WIDE, answered, diagnose_screen, until, until_seen

SCP = "arn:aws:organizations::777788889999:policy/o-exampleorgid/service_control_policy/p-denyregions1"
IN_FRANKFURT = (
    "$ aws ec2 describe-instances --region eu-central-1\n"
    "An error occurred (UnauthorizedOperation) when calling the DescribeInstances operation: You are not authorized to "
    "perform this operation. User: arn:aws:sts::111122223333:assumed-role/platform-operator/alice is not authorized "
    f"to perform: ec2:DescribeInstances with an explicit deny in a service control policy: {SCP}"
)
INVOICES = (
    "An error occurred (AccessDenied) when calling the PutObject operation: User: "
    "arn:aws:sts::111122223333:assumed-role/invoice-render-lambda/render is not authorized to perform: s3:PutObject on "
    'resource: "arn:aws:s3:::harbor-reports/exports/x.pdf" because no identity-based policy allows the s3:PutObject '
    "action"
)
SIZES = pytest.mark.parametrize("size", [NARROW, WIDE])


@SIZES
async def test_a_detached_policy_is_attached_again_and_asked_again(demo_world: World, size: tuple[int, int]) -> None:
    async with diagnose_screen(open_reader(demo_world), size, write=True) as (_, pilot, screen):
        run = await answered(pilot, INVOICES)
        assert run.verdict is not None and run.verdict.since is not None
        assert run.verdict.since.event == "DetachRolePolicy"
        await pilot.press("f", "p")
        await until_seen(pilot, "AttachRolePolicy")
        await pilot.press("ctrl+r")
        await until_seen(pilot, "carry out 1 call")
        await pilot.press("y")
        await until(pilot, lambda: screen.run_shown is not run and screen.run_shown.ended, "asked again")
        assert screen.run_shown is not None and screen.run_shown.verdict is not None
        assert screen.run_shown.verdict.cause == "allowed.now"


@pytest.fixture
def detached(monkeypatch: pytest.MonkeyPatch, demo_world: World) -> Iterator[Callable[[], None]]:
    """What the management account's administrator does: detach the SCP."""
    at = type(DEMO).organization_policies_at

    def left(self: Any, target: str, kind: str) -> tuple[Any, ...]:
        return tuple(each for each in at(self, target, kind) if each.id != "p-denyregions1")

    def detach() -> None:
        monkeypatch.setattr(type(DEMO), "organization_policies_at", left)
        organization_levels.cache_clear()
        forget(demo_world)

    yield detach
    monkeypatch.undo()
    organization_levels.cache_clear()


async def test_a_new_scp_is_named_with_the_command_that_detaches_it(
    demo_world: World, detached: Callable[[], None]
) -> None:
    """The command is for the management account; once its administrator ran it, the request is allowed."""
    async with diagnose_screen(open_reader(demo_world), NARROW) as (_, pilot, screen):
        run = await answered(pilot, IN_FRANKFURT)
        await until_seen(pilot, "deny-leave-regions")
        assert run.verdict is not None and run.verdict.since is not None
        assert run.verdict.since.what == "attached deny-leave-regions to ou-demo-prodprod"
        await pilot.press("f", "G")
        await until_seen(pilot, "Undo what saml-admin/org-admin did")
        assert run.fixes[-1].text.endswith("detach-policy --policy-id p-denyregions1 --target-id ou-demo-prodprod")
        await pilot.press("p")
        await until_seen(pilot, "the management account 777788889999: run the command in that account")
        detached()
        read = screen.session.account
        await pilot.press("r")
        await until(pilot, lambda: screen.session.account is not read and not screen.session.loading, "the account")
        await pilot.press("ctrl+r")
        await until(pilot, lambda: screen.run_shown is not run and screen.run_shown.ended, "asked again")
        assert screen.run_shown is not None and screen.run_shown.verdict is not None
        assert screen.run_shown.verdict.cause == "allowed.now"

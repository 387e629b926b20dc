"""Changes where AWS shows what was done only 90 seconds later: each is made once, and ends as planned."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iam.account import Account
from iam.changes.apply import CallStatus, Writer
from iam.changes.journal import read_journal
from iam.changes.plan import Plan, plan_from_value, plan_to_value
from iam.sources.reader.reading import Reading
from tests.support.accounts.dump import dump
from tests.support.changes.applied import Counting, Killed
from tests.support.changes.killed import BARE, CHANGES, bare, planned
from tests.support.gate.let_through import apply, resume, roll_back

if TYPE_CHECKING:
    from iam.sources.aws.reader import AwsReader

LAG = 90.0
KINDS = (
    "trust",
    "a copy of AWS's",
    "a sixth version",
    "into a new profile",
    "to an instance with another profile",
    "to an instance without a profile",
    "provider",
)
READS = ("role", "user", "group", "instance_profile", "managed_policy", "oidc_provider", "instance_association")


class Lagging:
    """A reader that shows what was there `LAG` seconds ago. Time passes in ``sleep`` alone."""

    def __init__(self, reader: AwsReader) -> None:
        self._reader, self.now = reader, 0.0
        self._seen: dict[tuple[str, str], list[tuple[float, Reading[Any]]]] = {}

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._reader, name)
        return self._late(name, found) if name in READS else found

    def _late(self, name: str, ask: Callable[[str], Reading[Any]]) -> Callable[[str], Reading[Any]]:
        def answer(which: str) -> Reading[Any]:
            seen = self._seen.setdefault((name, which), [(-LAG, self._before(name, which))])
            seen.append((self.now, ask(which)))
            return [reading for when, reading in seen if when <= self.now - LAG][-1]

        answer.__name__ = name
        return answer

    def _before(self, name: str, which: str) -> Reading[Any]:
        """What was there at the beginning: nothing else was asked before."""
        return self.first.get((name, which)) or Reading(name, note="There was no such thing.")

    first: dict[tuple[str, str], Reading[Any]]


def late(reader: AwsReader, plan: Plan) -> Lagging:
    """From now on the account is shown late, beginning with what the plan meets."""
    lagging = Lagging(reader)
    lagging.first = {}
    for call in plan.calls:
        named = (
            ("role", call.text("RoleName")),
            ("instance_profile", call.text("InstanceProfileName")),
            ("managed_policy", call.text("PolicyArn")),
            ("managed_policy", call.target),
            ("oidc_provider", call.text("OpenIDConnectProviderArn") or call.target),
            ("instance_association", call.target),
        )
        for name, which in named:
            if which:
                lagging.first[name, which] = getattr(reader, name)(which)
    return lagging


def test_ninety_seconds_of_lag(reader: AwsReader, account: Account, tmp_path: Path) -> None:
    bare(reader, BARE)
    before = dump(reader)
    for kind in KINDS:
        _made_and_taken_back(kind, reader, account, tmp_path)
    assert dump(reader) == before


def _made_and_taken_back(kind: str, reader: AwsReader, account: Account, directory: Path) -> None:
    """The change made until the end of the process right after its last call, taken up again at once, while the call is
    not shown yet; then taken back."""
    name, change = CHANGES[kind]
    # A plan that waited, as it comes back from where it was kept.
    plan = plan_from_value(plan_to_value(planned(name, change, reader, account)))
    slow: Any = late(reader, plan)
    iam = Counting(reader.aws.client("iam"), len(plan.calls) - 1, True)

    def dying(service: str, region: str) -> Counting:
        other = Counting(reader.aws.client(service, region), len(plan.calls) - 1, True)
        other.made = iam.made
        return other

    with pytest.raises(Killed):
        list(apply(plan, slow, writable=False, directory=directory, writer=Writer(iam, slow.sleep, regional=dying)))
    path = directory / f"{plan.id}.jsonl"
    writer = Writer(reader.aws.client("iam"), slow.sleep, regional=reader.aws.client)
    *_, last = resume(path, slow, writable=False, writer=writer)
    assert last.status is CallStatus.VERIFIED, f"{kind}: {last.sentence}"
    list(roll_back(path, reader, writable=False, writer=writer))
    assert not read_journal(path).half_done

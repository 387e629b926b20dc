"""What AWS's simulator tells of layers that cannot be read from here, by what it answers without them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from diagnostics.diagnose import collect, read_text
from diagnostics.diagnosis import Confidence, Diagnosis
from iam.policy.decision import Outcome
from iam.simulator import SimulationFailure, SimulationRequest, SimulationResult
from iam.sources.reader import OpenedAccount
from iam.sources.snapshot.reader import open_snapshot
from tests.support.accounts import alder

TEXT = (
    f"User: {alder.session('porter')} is not authorized to perform: sqs:SendMessage on resource: "
    f"{alder.arn('sqs', 'parcels')}"
)


@dataclass
class Simulator:
    """``answers`` by the policy type that is left out; "" for none."""

    answers: dict[str, Outcome]
    by_boundary: bool | None = None
    by_organization: bool | None = None
    asked: list[str] = field(default_factory=list)

    def simulate(self, request: SimulationRequest) -> SimulationResult | SimulationFailure:
        left_out = ",".join(request.exclude)
        self.asked.append(left_out)
        if left_out not in self.answers:
            return SimulationFailure("AWS kept slowing it down.")
        return SimulationResult(
            self.answers[left_out], allowed_by_boundary=self.by_boundary, allowed_by_organization=self.by_organization
        )


def diagnosis(tmp_path: Path, simulator: Simulator, *, organization: bool = True) -> Diagnosis:
    """Of a role that its own policy lets send, whose boundary and SCPs are not in the file."""
    content: dict[str, Any] = alder.snapshot()
    document = alder.document(alder.allow("sqs:SendMessage", alder.arn("sqs", "parcels")))
    role = alder.role("porter", alder.service("lambda.amazonaws.com"), inline={"send": document}, boundary="not-here")
    content["RoleDetailList"].append(role)
    content["Rolescope"].get("ResourcePolicies", {}).pop(alder.arn("sqs", "parcels"), None)
    if not organization:
        content["Rolescope"].pop("Organization", None)
    reader = open_snapshot(alder.write(tmp_path / "account.json", content))
    account = list(reader.accounts())[-1]
    reader.simulator = lambda: simulator  # type: ignore[method-assign]
    return collect(read_text(TEXT)[0], OpenedAccount(account, reader), {})


def test_a_boundary_that_cannot_be_read_is_told_by_what_is_allowed_without_it(tmp_path: Path) -> None:
    simulator = Simulator({"": Outcome.IMPLICIT_DENY, "permission-boundary": Outcome.ALLOWED}, by_boundary=False)
    found = diagnosis(tmp_path, simulator)
    assert (found.verdict.cause, found.verdict.confidence) == ("unreadable", Confidence.UNKNOWN)
    assert "boundary" in found.verdict.summary
    assert "control policy" not in found.verdict.summary
    step = next(step for step in found.steps if step.id == "boundary")
    assert "with it left out, AWS's simulator says allowed" in step.witnesses


def test_a_deny_in_a_boundary_that_cannot_be_read_is_the_cause(tmp_path: Path) -> None:
    simulator = Simulator({"": Outcome.EXPLICIT_DENY, "permission-boundary": Outcome.ALLOWED}, by_boundary=False)
    verdict = diagnosis(tmp_path, simulator).verdict
    assert (verdict.cause, verdict.confidence) == ("boundary.explicit-deny", Confidence.LIKELY)


def test_a_deny_of_the_organization_is_told_apart_from_the_boundary_s(tmp_path: Path) -> None:
    answers = {"": Outcome.EXPLICIT_DENY, "permission-boundary": Outcome.EXPLICIT_DENY, "scp": Outcome.ALLOWED}
    simulator = Simulator(answers, by_boundary=True, by_organization=False)
    verdict = diagnosis(tmp_path, simulator, organization=False).verdict
    assert (verdict.cause, verdict.confidence) == ("scp.explicit-deny", Confidence.LIKELY)


@pytest.mark.parametrize("outcome", [Outcome.ALLOWED, Outcome.IMPLICIT_DENY])
def test_what_the_simulator_does_not_say_is_not_guessed(tmp_path: Path, outcome: Outcome) -> None:
    simulator = Simulator({"": outcome})
    verdict = diagnosis(tmp_path, simulator).verdict
    assert (verdict.cause, verdict.confidence) == ("unreadable", Confidence.UNKNOWN)
    assert simulator.asked[0] == ""
    if outcome is Outcome.ALLOWED:
        assert simulator.asked == [""], "nothing is left out where nothing refuses"

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
from iam.sources.reader.opened import OpenedAccount
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


def diagnosis(tmp_path: Path, simulator: Simulator, *, organization: bool = True, text: str = TEXT) -> Diagnosis:
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
    return collect(read_text(text)[0], OpenedAccount(account, reader), {})


def test_a_boundary_that_cannot_be_read_is_told_by_what_is_allowed_without_it(tmp_path: Path) -> None:
    simulator = Simulator({"": Outcome.IMPLICIT_DENY, "permission-boundary": Outcome.ALLOWED}, by_boundary=False)
    found = diagnosis(tmp_path, simulator)
    assert (found.verdict.cause, found.verdict.confidence) == ("unreadable", Confidence.UNKNOWN)
    assert "boundary" in found.verdict.summary
    assert "control policy" not in found.verdict.summary
    step = next(step for step in found.steps if step.id == "boundary")
    assert "without this layer, AWS's simulator says allowed" in step.witnesses


def test_a_deny_in_a_boundary_that_cannot_be_read_is_the_cause(tmp_path: Path) -> None:
    simulator = Simulator({"": Outcome.EXPLICIT_DENY, "permission-boundary": Outcome.ALLOWED}, by_boundary=False)
    verdict = diagnosis(tmp_path, simulator).verdict
    assert (verdict.cause, verdict.confidence) == ("boundary.explicit-deny", Confidence.LIKELY)


def test_a_deny_of_the_organization_is_told_apart_from_the_boundary_s(tmp_path: Path) -> None:
    answers = {"": Outcome.EXPLICIT_DENY, "permission-boundary": Outcome.EXPLICIT_DENY, "scp": Outcome.ALLOWED}
    simulator = Simulator(answers, by_boundary=True, by_organization=False)
    verdict = diagnosis(tmp_path, simulator, organization=False).verdict
    assert (verdict.cause, verdict.confidence) == ("scp.explicit-deny", Confidence.LIKELY)


@pytest.mark.parametrize(
    ("reason", "cause", "confidence"),
    [
        ("with an explicit deny in a service control policy", "scp.explicit-deny", Confidence.CERTAIN),
        ("with an explicit deny", "scp.explicit-deny", Confidence.LIKELY),
        # What the simulator sees is not what the text states: neither confirms the other.
        ("with an explicit deny in a resource-based policy", "resource.explicit-deny", Confidence.LIKELY),
    ],
)
def test_a_simulator_that_sees_the_unread_layer_that_the_text_states_confirms_it(
    tmp_path: Path, reason: str, cause: str, confidence: Confidence
) -> None:
    simulator = Simulator({"": Outcome.EXPLICIT_DENY, "scp": Outcome.ALLOWED}, by_boundary=True, by_organization=False)
    verdict = diagnosis(tmp_path, simulator, organization=False, text=f"{TEXT} {reason}").verdict
    assert (verdict.cause, verdict.confidence) == (cause, confidence)
    assert "AWS's policy simulator says explicitDeny, the local engine" in verdict.summary


@pytest.mark.parametrize("outcome", [Outcome.ALLOWED, Outcome.IMPLICIT_DENY])
def test_what_the_simulator_does_not_say_is_not_guessed(tmp_path: Path, outcome: Outcome) -> None:
    simulator = Simulator({"": outcome})
    verdict = diagnosis(tmp_path, simulator).verdict
    assert (verdict.cause, verdict.confidence) == ("unreadable", Confidence.UNKNOWN)
    assert simulator.asked[0] == ""
    if outcome is Outcome.ALLOWED:
        assert simulator.asked == [""], "nothing is left out where nothing refuses"


DENIED_BY_IDENTITY = f"{TEXT} because no identity-based policy allows the sqs:SendMessage action"


def disagreeing(tmp_path: Path, text: str, outcome: Outcome, **changes: Any) -> Diagnosis:
    """Of a role without the action, about which the simulator says ``outcome``."""
    content: dict[str, Any] = alder.snapshot()
    document = alder.document(alder.allow("sqs:ReceiveMessage", alder.arn("sqs", "parcels")))
    content["RoleDetailList"].append(
        alder.role("porter", alder.service("lambda.amazonaws.com"), inline={"x": document})
    )
    content["Rolescope"].update(changes)
    reader = open_snapshot(alder.write(tmp_path / "account.json", content))
    account = list(reader.accounts())[-1]
    reader.simulator = lambda: Simulator({"": outcome})  # type: ignore[method-assign]
    return collect(read_text(text)[0], OpenedAccount(account, reader), {"aws:RequestedRegion": (alder.REGION,)})


@pytest.mark.parametrize("text", [TEXT, DENIED_BY_IDENTITY], ids=["bare", "stated"])
def test_where_simulator_and_engine_disagree_both_are_named_and_nothing_is_certain(tmp_path: Path, text: str) -> None:
    found = disagreeing(tmp_path, text, Outcome.ALLOWED)
    assert found.verdict.confidence is not Confidence.CERTAIN
    assert "AWS's policy simulator says allowed, the local engine implicitDeny" in found.verdict.summary


def test_a_known_limit_of_the_simulator_is_named(tmp_path: Path) -> None:
    queue = alder.arn("sqs", "parcels")
    statement = {"Effect": "Allow", "Principal": {"AWS": alder.role_arn("other")}, "Action": "sqs:*", "Resource": queue}
    found = disagreeing(
        tmp_path, DENIED_BY_IDENTITY, Outcome.ALLOWED, ResourcePolicies={queue: alder.document(statement)}
    )
    assert "The simulator does not model the resource policy" in found.verdict.summary


def test_where_they_agree_it_is_certain(tmp_path: Path) -> None:
    found = disagreeing(tmp_path, DENIED_BY_IDENTITY, Outcome.IMPLICIT_DENY)
    assert found.verdict.confidence is Confidence.CERTAIN
    assert "policy simulator" not in found.verdict.summary

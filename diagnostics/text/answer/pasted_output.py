"""Use the output of a suggested command, pasted after a failure, as the next part of the same diagnosis."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.claims.kinds import Sentence
from diagnostics.diagnosis import Evidence, Status, Step, Verdict
from diagnostics.failure import Denial
from diagnostics.text.read.command_outputs import Decision, Simulated, identity_answered, simulated
from iam.arn import identity_of
from iam.claims import Ground, confidence
from iam.words import listing


def answer_of(denial: Denial) -> Simulated | None:
    """Return the policy simulator's result for the denied action; None if the text has none."""
    return simulated(denial.text, denial.missing_action or denial.action)


def answer_steps(denial: Denial, *, decides: bool) -> Iterator[Step]:
    """Yield the steps on pasted command output.

    With ``decides``, the simulator's result replaces the step that reads the caller's policies, because none was read.
    """
    if (found := answer_of(denial)) is not None:
        id, status, said = _read(found)
        step = Step(id if decides else "check", "The simulator's answer", status, said, (_evidence(found.words),))
        yield step
    called = identity_answered(denial.text)
    if called is not None and denial.principal:
        same = identity_of(called) == identity_of(denial.principal)
        said = f"{called}, {'which' if same else 'which is not the caller that'} the text names"
        status = Status.PASS if same else Status.FAIL
        yield Step("caller-check", "The current caller", status, said, (_evidence(said),))


def _evidence(words: str) -> Evidence:
    return Evidence(text=words, layer="message")


def _read(found: Simulated) -> tuple[str, Status, str]:
    """The step of the procedure that the answer represents, its status, and the sentence."""
    match found.decision:
        case Decision.EXPLICIT_DENY:
            return "explicit-denies", Status.FAIL, f"a Deny matches {found.action}: no Allow can help"
        case Decision.ALLOWED:
            return "identity", Status.PASS, f"the caller's policies allow {found.action}"
        case _ if found.organization is False:
            return "scp", Status.FAIL, f"the organization's SCPs do not allow {found.action}"
        case _ if found.boundary is False:
            return "boundary", Status.FAIL, f"the permissions boundary does not allow {found.action}"
        case _ if found.missing:
            keys = listing(found.missing)
            return "identity", Status.UNKNOWN, f"{found.action} is not allowed without values for {keys}"
        case _:
            return "identity", Status.FAIL, f"none of the caller's policies allows {found.action}"


def answered_verdict(denial: Denial) -> Verdict | None:
    """Return the verdict that the simulator's result implies; None if there is none, or if the text names the layer."""
    found = answer_of(denial)
    kind, _, layer = (denial.stated_reason or "").partition(":")
    if found is None or (kind == "explicit" and layer not in ("", "unknown")):
        return None
    match found.decision:
        case Decision.IMPLICIT_DENY if found.organization is False:
            said = f"AWS's simulator: the organization's SCPs do not allow {found.action}."
            return _verdict("scp.no-action", Ground.EVALUATED, said)
        case Decision.IMPLICIT_DENY if found.boundary is False:
            said = f"AWS's simulator: the permissions boundary does not allow {found.action}."
            return _verdict("boundary.no-action", Ground.EVALUATED, said)
        case Decision.IMPLICIT_DENY if not found.missing:
            said = f"AWS's simulator confirms that none of the caller's policies allows {found.action}."
            return _verdict("identity.no-action", Ground.EVALUATED, said)
        case Decision.EXPLICIT_DENY:
            said = (
                f"AWS's simulator finds a Deny that matches {found.action}: no Allow can help while that Deny exists."
            )
            return _verdict("identity.explicit-deny", Ground.EVALUATED, said)
        case Decision.ALLOWED:
            said = (
                f"The caller's own policies allow {found.action}, so something else refused the call. Check the "
                "resource's policy, a session policy, the endpoint, and which identity really makes the call."
            )
            return _verdict("unreadable", Ground.NOTHING, said)
    return None


def _verdict(cause: str, ground: Ground, said: str) -> Verdict:
    return Verdict(cause, confidence(ground), said, sentences=(Sentence(said),))

"""Answer a text without a failure that asks about a policy, or that shows a faulty one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.diagnosis import PASTED, FirstLook, Status, Step, Verdict
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.fix import Fix, Note
from diagnostics.text.policy_questions.mistakes import ineffective_name, policy_checked, policy_faults
from diagnostics.text.policy_questions.questions import policy_answer
from diagnostics.text.policy_questions.replicas import replica_fault
from diagnostics.text.read.author.questions import answers
from diagnostics.text.read.messages.required_or_invalid_values import CALL_UNKNOWN, NOTHING_PRINTED
from diagnostics.who import Who
from iam.claims import Ground, confidence


def policy_answered(failure: OtherFailure, looks: Sequence[FirstLook]) -> Iterator[Step | Verdict | Fix]:
    """Yield what a policy in the text allows, or what is wrong with it, if the text asks about it; else nothing.

    ``looks`` are the common causes of the text. Such a cause, or a question with its own answer, applies if the policy
    has no error.
    """
    if failure.trouble is not Trouble.UNRECOGNIZED:
        return
    known = bool(looks) and not looks[0].cause.startswith((CALL_UNKNOWN, NOTHING_PRINTED))
    asked = known or bool(answers(failure.text))

    if (answer := policy_answer(failure.text)) is not None:
        yield Step(PASTED, "The policy in the text", Status.PASS, answer.about)
        yield Verdict("unreadable", confidence(Ground.LIKENESS), answer.sentence)
        return

    if (fault := replica_fault(failure.text)) is not None:
        yield Step(PASTED, "The policy in the text", Status.FAIL, "compared with the KMS keys of the replication")
        yield Verdict("identity.no-action", confidence(Ground.LIKENESS), fault.sentence)
        yield Fix("Allow the replication role the key", Who.ACCOUNT_ADMIN, Note("the policy in the text", fault.change))
        return
    if "Effect" not in failure.text:
        return

    if not known and (fault := ineffective_name(failure.text)) is not None:
        yield Step(PASTED, "The policy in the text", Status.FAIL, fault.sentence.rstrip("."))
        sentence = f"{fault.sentence} Most likely AWS refuses that call: {fault.change[0].lower()}{fault.change[1:]}"
        yield Verdict("identity.no-action", confidence(Ground.LIKENESS), sentence)
        yield Fix("Correct the action's name", Who.ACCOUNT_ADMIN, Note("the policy in the text", fault.change))
        return
    said, faults = policy_checked(failure.text), policy_faults(failure.text)
    if not said or (asked and not faults):
        return
    yield Verdict("unreadable", confidence(Ground.NOTHING), said)
    if faults:
        note = Note("the policy in the text", " ".join(each.change for each in faults))
        title = "Correct the policy"
        yield Fix(title, Who.ACCOUNT_ADMIN, note)

"""EC2's write calls that change the instance profile of an instance. Their target is the instance's ARN.

EC2 User Guide, "Attach an IAM role to an instance": an instance has at most one profile; it can be replaced while the
instance is running.
"""

from __future__ import annotations

from iam.arn import name_of
from iam.changes.call import AnswerValue, Call
from iam.changes.entity_facts import PROFILE_PART
from iam.changes.operations.operation import Existing, Operation, ParameterKind, Parts, inverse
from iam.changes.operations.seen import DONE, NOT_DONE, EntityReader, Seen, State, done_if, unread

ASSOCIATION = "IamInstanceProfileAssociation.AssociationId"
"""The path of the association ID in the responses. Replacing an association creates one with a new ID."""


def _name(call: Call) -> str:
    return call.target.rpartition("/")[2]


def _look_has(call: Call, reader: EntityReader) -> Seen:
    reading = reader.instance_association(call.target)
    if reading.value is None:
        return unread(reading) if reading.unreadable else Seen(State.OTHER, f"There is no instance {_name(call)}.")
    found = reading.value
    if found.profile_arn is None:
        return NOT_DONE
    if name_of(found.profile_arn) == call.text("IamInstanceProfile"):
        return Seen(State.DONE, answer={ASSOCIATION: found.id or ""})
    if call.operation == "AssociateIamInstanceProfile":
        return Seen(State.OTHER, f"{_name(call)} has the instance profile {name_of(found.profile_arn)}.")
    return NOT_DONE


def _look_has_not(call: Call, reader: EntityReader) -> Seen:
    reading = reader.instance_association(call.target)
    if reading.value is None:
        return unread(reading) if reading.unreadable else DONE
    return done_if(reading.value.id != call.text("AssociationId"))


def _disassociate(call: Call, held: Existing, index: int) -> Call:
    why = f"Remove the instance profile {call.text('IamInstanceProfile')} from {_name(call)}."
    return inverse(call, "DisassociateIamInstanceProfile", why, AssociationId=AnswerValue(index, ASSOCIATION))


def _replace_back(call: Call, held: Existing, index: int) -> Call | None:
    if held.association is None or held.association.profile_arn is None:
        return None
    name = name_of(held.association.profile_arn)
    why = f"Give {_name(call)} the instance profile {name} again."
    given = {"AssociationId": AnswerValue(index, ASSOCIATION), "IamInstanceProfile": name}
    return inverse(call, "ReplaceIamInstanceProfileAssociation", why, **given)


def _has(call: Call, parts: Parts) -> None:
    parts[PROFILE_PART] = {call.text("IamInstanceProfile"): ""}


OPERATIONS = (
    Operation(
        "AssociateIamInstanceProfile",
        {"InstanceId": ParameterKind.TEXT, "IamInstanceProfile": ParameterKind.PROFILE},
        _look_has,
        _disassociate,
        {"instance": _has},
        service="ec2",
        passes_to="ec2.amazonaws.com",
    ),
    Operation(
        "ReplaceIamInstanceProfileAssociation",
        {"AssociationId": ParameterKind.TEXT, "IamInstanceProfile": ParameterKind.PROFILE},
        _look_has,
        _replace_back,
        {"instance": _has},
        service="ec2",
        passes_to="ec2.amazonaws.com",
    ),
    Operation(
        "DisassociateIamInstanceProfile",
        {"AssociationId": ParameterKind.TEXT},
        _look_has_not,
        effects={"instance": lambda call, parts: parts.update({PROFILE_PART: {}})},
        service="ec2",
        undo_note="No plan begins with this call: it only undoes a plan that gave an instance a profile.",
    ),
)

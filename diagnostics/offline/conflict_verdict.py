"""The verdict on a name that already exists, from the text alone: who owns it, such as a CloudFormation stack."""

from __future__ import annotations

from diagnostics.diagnosis import Verdict
from diagnostics.failure import Conflict
from iam.claims import Ground, confidence
from iam.lazy_pattern import regex


def conflict_words(conflict: Conflict) -> str:
    """Return what the text says: the kind and name of what already exists."""
    kind = (conflict.entity_type or ("" if conflict.name else "something")).replace("-", " ")
    return f"{kind} {conflict.name or '(no name in the text)'} already exists".strip()


_LOOKS_FOR_OWNER = "If the account can be read, rolescope looks for the owner and the users of the existing entity."
_KEPT_BY_AWS = regex(r"AWSServiceRoleFor|AWSReservedSSO_")


def conflict_verdict(conflict: Conflict) -> Verdict:
    """Return the verdict on a name conflict, without reading the account."""
    kinds = {"policy": "policy.taken", "oidc-provider": "provider.taken", "saml-provider": "provider.taken"}
    if _KEPT_BY_AWS.match(conflict.name or "") or conflict.entity_type == "service-linked-role":
        return Verdict(
            "role.service-owned",
            confidence(Ground.STATED),
            f"{conflict.name or 'The service-linked role'} already exists and belongs to AWS: its service creates "
            "one such role per account, and manages the role's policies. Use the role as it is.",
        )
    from diagnostics.text.read.messages.context import speaks_of_aws

    if not speaks_of_aws(conflict.text) and conflict.code is None:
        return Verdict(
            "name.taken",
            confidence(Ground.NOTHING),
            f"The text says: {conflict_words(conflict)}. IAM uses these words, but nothing else in the text shows "
            "that they come from IAM.",
        )
    from diagnostics.text.causes.conflicts.letter_case import same_in_other_case

    if (other := same_in_other_case(conflict)) is not None:
        return Verdict(
            "name.taken", confidence(Ground.PARTLY), f"{other.sentence} Choose another name, or use {other.name}."
        )
    from diagnostics.text.answer.unique_names import unique_in_the_account

    if said := unique_in_the_account(conflict):
        return Verdict(kinds.get(conflict.entity_type or "", "name.taken"), confidence(Ground.PARTLY), said)
    from diagnostics.text.causes.conflicts.other_terraform_states import other_state

    if (other_place := other_state(conflict)) is not None:
        return Verdict(
            kinds.get(conflict.entity_type or "", "name.taken"),
            confidence(Ground.PARTLY),
            f"Do not import the existing entity, but choose another name here: {conflict_words(conflict)}, and the "
            f"state of {other_place.place} manages it.",
        )
    if conflict.owner_stack:
        said = f"{conflict_words(conflict)}, and the stack {conflict.owner_stack} manages it"
        advice = "Change the existing entity there, or give the new entity another name."
    else:
        said = conflict_words(conflict)
        advice = _LOOKS_FOR_OWNER
    return Verdict(
        kinds.get(conflict.entity_type or "", "name.taken"),
        confidence(Ground.PARTLY),
        f"The text says: {said}. {advice}",
        general=advice == _LOOKS_FOR_OWNER,
        advice=advice,
    )

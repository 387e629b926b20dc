"""Find that a boundary, SCP or session policy in the text allows the call, which grants nothing by itself."""

from __future__ import annotations

import json
from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import identity_of
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.service_reference import spelled

_LIMITS = ("boundary", "scp", "session")


def of_a_limit_without_grants(denial: Denial, action: str, documents: Sequence[PastedPolicy]) -> Finding | None:
    """Return the finding that a policy that only limits has the Allow, if AWS says that no identity policy allows.

    ``documents`` are those of the text. IAM User Guide, "Permissions boundaries for IAM entities", and AWS
    Organizations User Guide, "Service control policies (SCPs)": such policies grant no permissions
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html,
    https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html).
    """
    if denial.stated_reason != "implicit:identity":
        return None
    limit = next((one for one in documents if one.label in _LIMITS and _allows(one, action)), None)
    if limit is None or any(not one.label and not one.names_principals and _allows(one, action) for one in documents):
        return None
    kind, name = LAYERS_IN_WORDS[limit.label], identity_of(denial.principal or "")[2]
    whose = f" of {name}" if name else ""
    said = (
        f"the {kind} in the text allows {action}, but grants nothing: it only limits what identity policies grant, "
        f"and no identity policy{whose} allows the action"
    )
    statement = {"Effect": "Allow", "Action": spelled(action), "Resource": denial.resource or "*"}
    note = Note(
        f"an identity policy{whose}",
        f"Attach an identity policy with the statement {json.dumps(statement)}, and with what else the caller needs. "
        f"Keep the {kind}: a call has to be allowed by both. Waiting does not help.",
    )
    fix = Fix(f"Allow {spelled(action)} in an identity policy{whose}", Who.ACCOUNT_ADMIN, note)
    return Finding(f"identity.{Fault.NO_ACTION.value}", said, f"{said[0].upper()}{said[1:]}.", fix=fix)


def _allows(one: PastedPolicy, action: str) -> bool:
    return any(each.effect == "Allow" and names_action(each.action or (), action) for each in one.document.statements)

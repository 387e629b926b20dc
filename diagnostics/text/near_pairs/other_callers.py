"""Find the role or user whose policies a text shows, if the denied call was made by a different role or user."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.failure import Denial
from diagnostics.text.answer.other_identity_than_meant import starts_a_task
from diagnostics.text.near_pairs.deciding_policies import layer_of
from diagnostics.text.near_pairs.difference_and_advice import CALLER, Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from diagnostics.text.near_pairs.request_or_policy import COMMAND
from diagnostics.text.near_pairs.similarity import slip
from iam.arn import Arn, identity_of
from iam.lazy_pattern import regex

_INSTANCE = regex(r"/i-[0-9a-f]{3,17}$")
"""A machine's session. A pod or task on the machine may have been meant to make the call with its own role."""
_ROLE_OPTION = regex(r"--(?P<type>role|user)-name[ =][\"']?(?P<name>[\w+=,.@-]+)")
_SHOWS = regex(
    r"get-(?:role|user)-policy|list-(?:attached-)?(?:role|user)-policies|(?:put|attach)-(?:role|user)-policy"
)


def of_holders(paste: Paste) -> Iterator[NearPair]:
    """Yield the role or user whose policies a command in the text shows or attaches, if it is not the caller.

    IAM User Guide, "Managed policies and inline policies": a policy applies to the identities that have it
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html).
    """
    denial = paste.denial
    if denial is None or Arn.parse(denial.principal or "") is None:
        return
    _, type_, name = identity_of(denial.principal or "")
    holders: dict[str, str] = {}
    for found in COMMAND.finditer(paste.text):
        if found["service"] == "iam" and _SHOWS.fullmatch(found["operation"]):
            line = paste.text[found.end() :].partition("\n")[0]
            option = _ROLE_OPTION.search(line)
            if option is not None and option["type"] == type_:
                holders.setdefault(option["name"], f"aws iam {found['operation']}")
    if name in holders:
        return
    # Another role's policies beside the denial are taken for the caller's, unless the call is about that role.
    other = len(holders) == 1 and not _INSTANCE.search(denial.principal or "") and not _is_about(denial, *holders)
    for holder, command in holders.items():
        if difference := slip(name, holder, parts=True) or ("their names differ" if other else ""):
            code = layer_of(paste, "holder")
            basis = Basis.STARTER if starts_a_task(denial) else Basis.HOLDER
            yield NearPair(type_, name, CALLER, holder, f"the command {command}", difference, basis, code)


def _is_about(denial: Denial, holder: str) -> bool:
    """Whether the refused call names the role or user, or the call changes policies."""
    action = (denial.missing_action or denial.action or "iam:").lower()
    return (
        action.startswith("iam:")
        or holder in (denial.resource or "")
        or (denial.stated_reason or "") not in _OF_THE_CALLER
    )


_OF_THE_CALLER = ("implicit:identity", "")

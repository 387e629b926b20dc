"""Parts of an entity that must be removed before IAM deletes the entity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import OtherFailure, Trouble
from diagnostics.text.causes.build_causes import affirmed, contains, quoted, reading
from diagnostics.who import Who
from iam.arn import name_of
from iam.lazy_pattern import regex


@dataclass(frozen=True, slots=True)
class _Blocker:
    """A kind of dependent part that, according to IAM, an entity still has.

    ``of`` is the entity's kind, ``option`` an option of ``call``.

    ``listed`` is the field in the output of ``call`` that lists what is left; a text may contain that output.
    """

    of: str
    words: str
    cause: str
    call: str
    option: str
    listed: str = ""

    def shown(self, text: str) -> str:
        """Return the words with which the text lists something of this kind; "" if it lists nothing."""
        return quoted(text, rf"\"{self.listed}\"\s*:\s*\[\s*[^\s\]]") if self.listed else ""

    def shown_empty(self, text: str) -> bool:
        """Whether the text shows that no part of this kind is left."""
        return bool(self.listed and quoted(text, rf"\"{self.listed}\"\s*:\s*\[\s*\]"))


_CONSOLE = "The console does this automatically; the API and most tools do not."


# IAM User Guide, "Delete roles or instance profiles", "Remove an IAM user", "Delete IAM policies", "Delete an IAM user
# group": what has to go first, which the calls do not do by themselves.
_DELETED_FIRST = (
    # IAM API Reference, "DetachRolePolicy" (NoSuchEntity) and "DeleteRolePermissionsBoundary"
    # (https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRolePermissionsBoundary.html).
    _Blocker(
        "policy",
        r"NoSuchEntity[^\n]{0,80}\bdetach|\bdetach[^\n]{0,80}NoSuchEntity",
        "Most likely a role or user still has the policy as its permissions boundary, which detaching does not "
        "remove. Set another boundary (aws iam put-role-permissions-boundary), or remove the boundary "
        "(delete-role-permissions-boundary), which widens what the role may do. Detach the policy elsewhere, then "
        "delete it.",
        "list-entities-for-policy",
        "policy-arn",
    ),
    _Blocker(
        "policy",
        r"policy attached to entities|\battached to (?:an entity|entities)",
        "The policy is still attached somewhere, often by another tool or person: detach it from the roles, users and "
        "groups that the check lists, and from those that have it as their permissions boundary.",
        "list-entities-for-policy",
        "policy-arn",
    ),
    _Blocker(
        "policy",
        r"more than one version|delete the policy'?s versions",
        "The policy has other versions: first delete those that are not the default (aws iam delete-policy-version).",
        "list-policy-versions",
        "policy-arn",
    ),
    _Blocker(
        "instance-profile",
        r"remove roles from instance profile",
        "The instance profile still contains a role: remove the role first (aws iam "
        "remove-role-from-instance-profile).",
        "get-instance-profile",
        "instance-profile-name",
    ),
    _Blocker(
        "group",
        r"remove (?:all )?users|users? (?:from|in) (?:the )?group",
        f"The group still has members: remove them first. {_CONSOLE}",
        "get-group",
        "group-name",
    ),
    _Blocker(
        "user",
        r"access keys?",
        f"The user still has access keys: delete them first. {_CONSOLE}",
        "list-access-keys",
        "user-name",
        "AccessKeyMetadata",
    ),
    _Blocker(
        "user",
        r"login profile",
        f"The user still has a console password: delete the login profile first. {_CONSOLE}",
        "get-login-profile",
        "user-name",
    ),
    _Blocker(
        "user",
        r"\bMFA\b",
        f"The user still has an MFA device: deactivate it first. {_CONSOLE}",
        "list-mfa-devices",
        "user-name",
        "MFADevices",
    ),
    _Blocker(
        "user",
        r"remove (?:the )?user from|\bgroups?\b",
        f"The user is still in groups: remove the user from them first. {_CONSOLE}",
        "list-groups-for-user",
        "user-name",
        "Groups",
    ),
    _Blocker(
        "",
        r"instance profile",
        f"Instance profiles still contain the role: first remove the role from the profiles. {_CONSOLE}",
        "list-instance-profiles-for-role",
        "role-name",
        "InstanceProfiles",
    ),
    _Blocker(
        "role",
        r"detach|attached",
        "Managed policies are still attached to the role, often by another tool or person: detach them first. "
        f"{_CONSOLE} Terraform detaches them if the role has force_detach_policies = true.",
        "list-attached-role-policies",
        "role-name",
        "AttachedPolicies",
    ),
    _Blocker(
        "",
        r"detach|attached",
        "Managed policies are still attached to the entity, often by another tool or person: detach them first. "
        f"{_CONSOLE}",
        "list-attached-{kind}-policies",
        "{kind}-name",
        "AttachedPolicies",
    ),
    _Blocker(
        "",
        r"delete (?:all )?policies|inline",
        f"The entity still has inline policies: delete them first. {_CONSOLE}",
        "list-{kind}-policies",
        "{kind}-name",
        "PolicyNames",
    ),
)


# Karpenter, "NodeClasses", spec.role: Karpenter creates the instance profile
# (https://karpenter.sh/docs/concepts/nodeclasses/#specrole), and deletes it with the EC2NodeClass.
_KARPENTER = regex(r"karpenter", re.IGNORECASE)
_POLICY_ARN = regex(r"arn:[\w-]+:iam::\d{12}:policy/[\w+=,.@/-]*[\w+=@-]")
_AS_BOUNDARY = (
    r"\bdetach[^\n]{0,300}NoSuchEntity: Policy\b[^\n]{0,140}"
    r"|\bas (?:(?:its|the|their|a|an) )?permissions? boundary\b|\bPermissionsBoundary(?:Arn)?\W{1,6}arn:[^\s\"]{1,140}"
)
"""Signs in another error, in the author's words or in an output that the policy is a permissions boundary."""
_OF_KARPENTER = (
    "Karpenter created an instance profile with this role, and perhaps still has nodes that use it and hold subnets: "
    "terminate its left-over instances, remove the role from its profiles (aws iam list-instance-profiles-for-role), "
    "and delete those. Then delete the stacks again. Next time, delete NodePools and EC2NodeClasses before the cluster."
)
_DELETES = regex(
    r"\bdelet(?:e|ing) ?(?:AWS )?(?:an? |the )?(?:IAM )?(?P<kind>role|user|group|policy|instance ?profile)",
    re.IGNORECASE,
)


def deletion(failure: OtherFailure) -> Iterator[FirstLook]:
    """Yield the parts that must be removed before IAM deletes the entity."""
    if failure.trouble is not Trouble.DELETE_CONFLICT:
        return
    named = _DELETES.search(f"{failure.operation or ''} {failure.text}")
    kind = named["kind"].lower().replace(" ", "") if named else "role"
    kind = "instance-profile" if kind == "instanceprofile" else kind
    # The message's own sentence decides, then what the text lists, which also has the commands of earlier tries.
    rows = [row for row in _DELETED_FIRST if row.of == kind or (not row.of and kind != "policy")]
    left = [row for row in rows if not row.shown_empty(failure.text)]
    found = next(((row, said) for row in left if (said := quoted(failure.detail or failure.text, row.words))), None)
    found = _as_boundary(failure, rows, found)
    found = found or next(((row, said) for row in left if (said := row.shown(failure.text))), None)
    if found is None and any(row.listed == "AttachedPolicies" for row in rows if row not in left):
        inline = next((row for row in left if row.listed == "PolicyNames"), None)
        likely = replace(inline, cause=f"Most likely {inline.cause[0].lower()}{inline.cause[1:]}") if inline else None
        found = (likely, "[]") if likely is not None else None
    if found is not None:
        row, said = found
        if row.words == r"instance profile" and _KARPENTER.search(failure.text):
            row = replace(row, cause=_OF_KARPENTER)
        plain = kind if kind in ("role", "user", "group") else "role"
        yield FirstLook(
            row.cause,
            contains(said),
            reading("iam", row.call.format(kind=plain), (row.option.format(kind=plain), _identifier(row, failure))),
            Who.CALLER,
        )


def _as_boundary(
    failure: OtherFailure, rows: list[_Blocker], found: tuple[_Blocker, str] | None
) -> tuple[_Blocker, str] | None:
    """Return the row of a permissions boundary if the text shows that the attached policy is one; else ``found``."""
    if found is None or found[0] not in _DELETED_FIRST[:2]:
        return found
    said = affirmed(failure.text, _AS_BOUNDARY) or quoted(failure.text, _AS_BOUNDARY.partition("|")[0])
    return (rows[0], said) if said else found


def _identifier(row: _Blocker, failure: OtherFailure) -> str | None:
    """Return the policy's ARN or the plain name that the command needs; None if the text does not contain it."""
    name = failure.name or ""
    if row.option == "policy-arn":
        if name.startswith("arn:"):
            return name
        named = set(_POLICY_ARN.findall(failure.detail or "")) or set(_POLICY_ARN.findall(failure.text))
        return named.pop() if len(named) == 1 else None
    return name_of(name) if name.startswith("arn:") else name or None

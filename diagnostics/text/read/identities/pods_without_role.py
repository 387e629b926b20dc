"""Find that a pod has no role of its own: its service account names none, and its cluster has no association.

Amazon EKS User Guide, "Grant Kubernetes workloads access to AWS using Kubernetes Service Accounts": a service account
gets its role by the annotation eks.amazonaws.com/role-arn or by a Pod Identity association
(https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html).
"""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.text.read.printed_values import Output, outputs
from iam.lazy_pattern import regex

_ACCOUNTS = ("sa", "serviceaccount", "serviceaccounts")
_ROLE = "eks.amazonaws.com/role-arn"
_ARN = regex(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+$")


@dataclass(frozen=True, slots=True)
class Unbound:
    """What commands printed about a pod without a role.

    ``account`` is its service account, if it was printed without the annotation, or ""; ``no_association``: whether the
    cluster has no association. ``role`` is the only other role that the text lists, or ""; ``misplaced`` is the wrong
    annotation under which the service account names its role, or "".
    """

    account: str
    no_association: bool
    role: str
    misplaced: str = ""

    @property
    def certain(self) -> bool:
        """Whether it is certain that the pod gets no role, neither by an annotation nor by an association."""
        return bool(self.account) and self.no_association

    @property
    def why(self) -> str:
        """Return a clause that says why the pod uses its node's role."""
        names = f"the service account {self.account} has no annotation {_ROLE}" if self.account else ""
        names += f" (its role is under {self.misplaced})" if self.misplaced else ""
        lacks = "the cluster has no Pod Identity association" if self.no_association else ""
        return " and ".join(filter(None, (names, lacks)))

    @property
    def remedy(self) -> str:
        """A sentence that says how the pod gets a role."""
        named = f" ({self.role} is in the text)" if self.role else ""
        return (
            f"Give the pod's service account its role{named}, with the annotation {_ROLE} or a Pod Identity "
            "association, and with a matching trust policy; then restart the pods."
        )


def unbound_pod(text: str) -> Unbound | None:
    """Return what the text shows about a pod without a role; None if it shows a role.

    Also None if it shows neither the service account's annotations nor the cluster's associations.
    """
    made = outputs(text)
    if any(_ROLE in each.path or _ROLE in each.value for one in made for each in one.fields):
        return None
    accounts = {name for each in made if (name := _without_a_role(each))}
    associations = [each for each in made if each.operation == "list-pod-identity-associations"]
    none = bool(associations) and all(each.nothing for each in associations)
    if not none and (associations or not accounts):
        return None
    roles = {name for each in made if each.operation == "list-roles" for name in each.values("RoleName")}
    account = accounts.pop() if len(accounts) == 1 else ""
    shown = [each for one in made if _without_a_role(one) for each in one.fields]
    under = {each.name: each.value for each in shown if _ARN.match(each.value)}
    misplaced, arn = next(iter(under.items())) if len(under) == 1 else ("", "")
    role = arn.rpartition("/")[2] or (roles.pop() if len(roles) == 1 else "")
    return Unbound(account, none, role, misplaced) if account or none else None


def _without_a_role(made: Output) -> str:
    """Return the service account that kubectl printed with its annotations, none of which is its role; or ""."""
    kind, _, name = made.operation.partition("/")
    name = name or (made.words[0] if made.words else "")
    if made.program != "kubectl" or made.service not in ("get", "describe") or kind not in _ACCOUNTS:
        return ""
    annotated = any("annotations" in each for each in (*(one.path for one in made.fields), *made.empty))
    complete = "ServiceAccount" in made.values("kind") or bool(made.values("Annotations"))
    return name if annotated or complete else ""

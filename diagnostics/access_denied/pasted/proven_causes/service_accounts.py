"""Find the service account without a role, in a table in which other service accounts have one."""

from __future__ import annotations

import re

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.identities.listed_service_accounts import ListedAccount, listed_service_accounts
from diagnostics.who import Who
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.words import listing

_ANNOTATION = "eks.amazonaws.com/role-arn"
_INSTANCE = regex(r"/i-[0-9a-fxX*]{3,17}$")
_ASSOCIATION = regex(r"\bpod[_ -]?identit", re.IGNORECASE)


def of_an_unbound_account(denial: Denial) -> Finding | None:
    """Return a finding if the failing program's service account names no role, while others in the table do.

    Without a role of its own, a pod gets other credentials, such as those of its node. Amazon EKS User Guide, "IAM
    roles for service accounts" (https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html).
    """
    text = denial.pasted or denial.text
    if denial.claims_trust or _ASSOCIATION.search(text):
        return None
    accounts = listed_service_accounts(text)
    having = [each for each in accounts if each.role]
    lacking = [each for each in accounts if not each.role and _is_spoken_of(each, text)]
    roles = {each.role for each in having}
    caller = denial.principal or ""
    if len(lacking) != 1 or not having or identity_of(caller)[2] in {each.rpartition("/")[2] for each in roles}:
        return None
    if caller and not _INSTANCE.search(caller):
        return None
    return _finding(lacking[0], having, next(iter(roles)) if len(roles) == 1 else "ROLE-ARN")


def _is_spoken_of(account: ListedAccount, text: str) -> bool:
    """Whether the text names the account or its pods, apart from the table and the command that printed it."""
    name = re.compile(rf"(?<![\w./-]){re.escape(account.name)}(?![\w.])")
    lines = (line for line in text.splitlines() if "kubectl" not in line and "<none>" not in line)
    return any(name.search(line) for line in lines)


def _finding(account: ListedAccount, having: list[ListedAccount], role: str) -> Finding:
    others = listing([each.name for each in having])
    said = f"the service account {account.name} has no annotation {_ANNOTATION}, but {others} {_have(having)}"
    where = account.namespace or "NAMESPACE"
    sentence = (
        f"In the text, {said}: most likely the pods of {account.name} call AWS without its role. Annotate "
        f"{account.name} with its role, and restart the pods. Check this before any policy."
    )
    steps = (
        f"kubectl -n {where} annotate serviceaccount {account.name} {_ANNOTATION}={role} (or set the annotation "
        "where the service account is defined, such as in the chart's values). The role's trust policy must accept "
        f"system:serviceaccount:{where}:{account.name}. Then: kubectl -n {where} rollout restart the workload of "
        "the pods."
    )
    fix = Fix(f"Give the service account {account.name} its role", Who.CALLER, Note("the cluster", steps))
    return Finding(None, said, sentence, settles=True, fix=fix)


def _have(accounts: list[ListedAccount]) -> str:
    return "has one" if len(accounts) == 1 else "have one"

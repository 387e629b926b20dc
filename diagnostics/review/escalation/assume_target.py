"""Find the ways to assume another role: directly, with session tags, by federation, or with a changed trust policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain

from diagnostics.diagnosis import Evidence
from diagnostics.review.escalation.asking import Asking, can_name, is_omitted
from diagnostics.review.escalation.create_principals import trust_of
from diagnostics.review.escalation.step import EscalationStep, not_of
from diagnostics.review.escalation.tags_of_itself import tags_itself, untags_itself
from diagnostics.review.subject import ReviewedAccount
from iam.account import Role
from iam.policy.layer import Layer
from iam.policy.match import covers
from iam.policy.request import NamedPolicy
from iam.questions.index import Principal
from iam.risks.judged_account import statements


def assumes(reviewed: ReviewedAccount, principal: Principal, target: Role) -> EscalationStep | None:
    trust = reviewed.trust(target)
    asking = Asking(reviewed, principal)
    named = reviewed.named_by(target)
    by_account = reviewed.account.id in named and can_name(reviewed, principal, ("sts:AssumeRole",))
    if trust is None or not (by_account or principal.entity.arn in named):
        return None
    if not asking.may("sts:AssumeRole", target.arn, trust=trust):
        return None
    gives = f"a session of {target.name}"
    by_name = principal.entity.arn in named or _means_role(asking.evidence, principal, target)
    return asking.step(["sts:AssumeRole"], target.arn, gives, target.arn, ids=("sts-001",), deliberate=by_name)


def assumes_with_tags(reviewed: ReviewedAccount, principal: Principal, target: Role) -> Iterator[EscalationStep]:
    """Yield steps that add or remove a tag of the principal so that the principal may assume the role."""
    trust = reviewed.trust(target)
    if trust is None:
        return
    values = tuple((target.tags or {}).values())
    asked = statements(trust, Layer.RESOURCE)
    changes = chain(tags_itself(reviewed, principal, asked, values), untags_itself(reviewed, principal, asked))
    for change in changes:
        second = assumes(reviewed, change.principal, target)
        if second is not None:
            yield change.then(second)


def federates(reviewed: ReviewedAccount, principal: Principal, target: Role) -> Iterator[EscalationStep]:
    """Yield steps that give the principal's own metadata to a SAML provider that the role trusts."""
    trust = reviewed.trust(target)
    for provider in saml_providers(trust) if trust is not None else ():
        listed = reviewed.account.saml_providers
        missing = listed is not None and all(each.arn != provider for each in listed)
        action = "iam:CreateSAMLProvider" if missing else "iam:UpdateSAMLProvider"
        asking = Asking(reviewed, principal)
        if trust is None or not can_name(reviewed, principal, (action,)):
            continue
        if not asking.may(action, provider, exists=not missing):
            continue
        found = reviewed.lets_in(target, trust, provider, "sts:AssumeRoleWithSAML", {}, lambda _: False)
        if found.allowed:
            # Whoever signs the assertion chooses what it says.
            hangs = (key for key in reviewed.hangs_on(found) if not key.lower().startswith("saml:"))
            gives = f"sessions of {target.name} by assertions of the principal's own"
            page = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateSAMLProvider.html"
            yield asking.step([action], provider, gives, target.arn, hangs, page=page)


def saml_providers(trust: NamedPolicy) -> tuple[str, ...]:
    """Return the ARNs of the SAML providers that the Allow statements of a trust policy name."""
    return tuple(
        dict.fromkeys(
            value
            for one in statements(trust, Layer.RESOURCE)
            for kind, value in (one.principal.pairs if one.principal is not None and not one.deny else ())
            if kind == "Federated" and ":saml-provider/" in value
        )
    )


def _means_role(given: Iterable[Evidence], principal: Principal, target: Role) -> bool:
    """Return whether an identity statement in the evidence was written for roles like this one.

    Such a statement names STS actions, rather than all actions or all except some, and does not name every role of the
    account.
    """
    proofs = {(one.policy, one.arn, one.statement) for one in given}
    every = f"{target.arn.partition(':role/')[0]}:role/*"
    return any(
        (policy.name, policy.arn, one.statement.index) in proofs
        and not one.action.negated
        and any(pattern.lower().startswith("sts:") for pattern in one.action.patterns)
        and not any(covers(each, every) for each in one.statement.resource or (every,))
        for policy in principal.identity
        for one in statements(policy)
    )


def opens(reviewed: ReviewedAccount, principal: Principal, target: Role) -> EscalationStep | None:
    """Return the step that changes the role's trust policy so that the principal may assume it; None if denied."""
    asking = Asking(reviewed, principal)
    if target.service_owned or not can_name(reviewed, principal, ("iam:UpdateAssumeRolePolicy",)):
        return None
    if not asking.may("iam:UpdateAssumeRolePolicy", target.arn, not_of(target)):
        return None
    own = trust_of(principal.entity.arn)
    then = reviewed.may(principal, "sts:AssumeRole", target.arn, absent=is_omitted, trust=own)
    if not then.allowed:
        return None
    gives = f"a trust policy of {target.name} that allows it"
    hangs = reviewed.hangs_on(then, principal)
    return asking.step(["iam:UpdateAssumeRolePolicy"], target.arn, gives, target.arn, hangs, ("iam-012",))

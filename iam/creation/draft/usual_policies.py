"""The AWS managed policies that AWS's documentation attaches to a service's role, offered while a role is created."""

from __future__ import annotations

from dataclasses import dataclass

from iam.creation.draft.role_draft import RoleDraft
from iam.creation.recipes.recipe import AccountFacts
from iam.facts.service_roles.lookup import service_role, uses_of
from iam.facts.service_roles.service_role import ServiceRole
from iam.words import listing


@dataclass(frozen=True, slots=True)
class UsualPolicy:
    """A managed policy that AWS's documentation lists for a service role.

    ``always``: every such role needs it; otherwise ``purpose`` says what it is for.
    """

    arn: str
    use: ServiceRole
    always: bool
    purpose: str = ""

    @property
    def words(self) -> str:
        """A few words about the policy, for a list of suggestions."""
        return self.purpose or f"{self.use.title}: attached on AWS's page"


def usual_policies(draft: RoleDraft, facts: AccountFacts) -> tuple[UsualPolicy, ...]:
    """Return the policies for the services that may assume the role. Those for the chosen use come first."""
    chosen = service_role(draft.answers_to_trust.get("service", "")) if draft.trust_kind == "service" else None
    uses = ([chosen] if chosen is not None else []) + [
        use for principal in draft.principals(facts) for use in uses_of(principal)
    ]
    found: dict[str, UsualPolicy] = {}
    for use in uses:
        first = use is uses[0]
        rows = [(name, "") for name in use.policies] + list(use.further_policies)
        for name, purpose in rows:
            arn = f"arn:{facts.partition}:iam::aws:policy/{name}"
            found.setdefault(arn, UsualPolicy(arn, use, first and not purpose, purpose))
    return tuple(found.values())


def missing_policies(draft: RoleDraft, facts: AccountFacts) -> tuple[UsualPolicy, ...]:
    """Return the policies that AWS's documentation always attaches for the chosen use but that the draft lacks."""
    return tuple(each for each in usual_policies(draft, facts) if each.always and each.arn not in draft.attached)


def offer(missing: tuple[UsualPolicy, ...]) -> str:
    """Return a sentence that offers to add the missing policies, with AWS's page."""
    names = listing([each.arn.rpartition("/")[2] for each in missing])
    page = missing[0].use.url.removeprefix("https://")
    return f"ctrl+t adds {names}, as on {page}"

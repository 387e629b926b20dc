"""The specification of a new role, whatever source it comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from iam import field_rules as fields
from iam.account import InlinePolicy
from iam.foreign_text import shortened
from iam.policy.document import Document
from iam.policy.named_principals import principals


@dataclass(frozen=True, slots=True)
class NewPolicy:
    """A customer managed policy that is created together with the role and attached to it."""

    name: str
    document: Document
    path: str = "/"
    description: str = ""


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role to be created.

    ``attached`` are ARNs of existing managed policies; ``new_policies`` are created first. ``instance_profile`` is the
    name of the profile through which EC2 uses the role; an existing empty profile is reused.
    """

    name: str
    trust: Document
    path: str = "/"
    description: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    max_session_seconds: int = 3600
    boundary_arn: str | None = None
    inline: tuple[InlinePolicy, ...] = ()
    attached: tuple[str, ...] = ()
    new_policies: tuple[NewPolicy, ...] = ()
    instance_profile: str | None = None

    def arn(self, partition: str, account_id: str) -> str:
        return f"arn:{partition}:iam::{account_id}:role{self.path}{self.name}"

    def all_attached(self, partition: str, account_id: str) -> tuple[str, ...]:
        """Return the ARNs of all managed policies that the role will have, including the new ones."""
        made = (f"arn:{partition}:iam::{account_id}:policy{each.path}{each.name}" for each in self.new_policies)
        return tuple(dict.fromkeys((*self.attached, *made)))

    def faults(self) -> tuple[str, ...]:
        """Return a sentence for each reason why IAM would reject the role, whatever the account."""
        return tuple(sentence for _, sentence in self.field_faults())

    def field_faults(self) -> Iterator[tuple[str, str]]:
        """Yield the field and a sentence for each reason why IAM would reject the role, so that forms can show them."""
        checks: list[tuple[str, str | None]] = [
            ("name", fields.name_fault(self.name)),
            ("path", fields.path_fault(self.path)),
            ("description", fields.description_fault(self.description)),
            ("tags", fields.tags_fault(self.tags)),
            ("max_session_seconds", fields.session_fault(self.max_session_seconds)),
            ("boundary", fields.boundary_fault(self.boundary_arn) if self.boundary_arn is not None else None),
            ("trust", fields.trust_fault(self.trust)),
        ]
        seen: set[str] = set()
        for inline in self.inline:
            shown = shortened(inline.name)
            checks.append(("inline", fields.name_fault(inline.name, "policy")))
            checks.append(("inline", fields.permissions_fault(inline.document, f"inline policy {shown}")))
            if inline.name in seen:
                checks.append(("inline", f"Two inline policies have the name {shown}."))
            seen.add(inline.name)
        checks.append(("inline", fields.inline_total_fault([each.document for each in self.inline])))
        checks += [("attached", fields.policy_arn_fault(arn)) for arn in self.attached]
        made: set[str] = set()
        for policy in self.new_policies:
            if policy.name.lower() in made:
                checks.append(("policies", f"Two policies have the name {shortened(policy.name)}: IAM ignores case."))
            made.add(policy.name.lower())
            shown = shortened(policy.name)
            checks.append(("policies", fields.name_fault(policy.name, "policy")))
            checks.append(("policies", fields.path_fault(policy.path)))
            checks.append(("policies", fields.managed_fault(policy.document, shown)))
        if self.instance_profile is not None:
            checks.append(("instance_profile", fields.name_fault(self.instance_profile, "instance profile")))
        yield from ((name, sentence) for name, sentence in checks if sentence)


def numbered(name: str, taken: Collection[str]) -> str:
    """Return the name of a policy, with a number appended if the role already has a policy with this name."""
    number, found = 2, name
    while found in taken:
        found, number = f"{name}-{number}", number + 1
    return found


def trusts_ec2(trust: Document) -> bool:
    """Whether EC2 instances may assume the role, so that it needs an instance profile."""
    return any(kind == "Service" and value.startswith("ec2.amazonaws.com") for kind, value in principals(trust))

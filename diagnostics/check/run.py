"""The whole check of a role that is to be: what would fail, then what the role would be once it is there."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.check.reach import reach_findings
from diagnostics.check.reviewed import review_findings
from diagnostics.check.useful import abilities, use_findings
from diagnostics.check.ways_in import way_findings
from diagnostics.plans.effects import with_policy, with_role
from diagnostics.review.subject import ReviewedAccount
from iam.account import Account, AttachedPolicy, ManagedPolicy, PolicyVersion, Role
from iam.arn import name_of
from iam.changes.plan import Plan
from iam.creation.preflight.run import PreflightFinding, preflight
from iam.creation.spec import RoleSpec
from iam.sources.reader import AccountReader


def check(
    spec: RoleSpec,
    account: Account,
    reader: AccountReader,
    change: Plan | None = None,
    *,
    beside: frozenset[str] = frozenset(),
) -> Iterator[PreflightFinding]:
    """Everything that can be known of a role before it is made, as it is found. May block between findings.

    ``change`` is the plan that makes a role that is there like the spec (see `preflight`). ``beside`` are ARNs of roles
    and URLs of providers that are made before it, by the same plan; ``account`` has them already.
    """
    for finding in preflight(spec, account, reader, change):
        if finding.code not in ("principal.missing", "provider.missing") or finding.value not in beside:
            yield finding
    if any(True for _ in spec.field_faults()):
        return
    role = role_of(spec, account)
    reviewed = ReviewedAccount(account_with(spec, role, account), reader, whole=False)
    yield from way_findings(spec, role, reviewed)
    able = abilities(role, reviewed)
    yield from use_findings(spec, role, able, reviewed)
    yield from reach_findings(spec, reviewed)
    yield from review_findings(spec, role, reviewed, writes=isinstance(able, str) or able.writes != 0)


def role_of(spec: RoleSpec, account: Account) -> Role:
    """The role as it would be."""
    attached = spec.all_attached(account.partition, account.id)
    return Role(
        spec.name,
        spec.arn(account.partition, account.id),
        spec.path,
        created=account.now,
        trust=spec.trust,
        inline=spec.inline,
        attached=tuple(AttachedPolicy(name_of(arn), arn) for arn in attached),
        boundary_arn=spec.boundary_arn,
        tags=dict(spec.tags),
        description=spec.description,
        max_session_seconds=spec.max_session_seconds,
        instance_profiles=(spec.instance_profile,) if spec.instance_profile else (),
    )


def account_with(spec: RoleSpec, role: Role, account: Account) -> Account:
    """The account with the role in it, and with the policies that are made for it."""
    for made in spec.new_policies:
        arn = f"arn:{account.partition}:iam::{account.id}:policy{made.path}{made.name}"
        versions = (PolicyVersion("v1", made.document, True),)
        policy = ManagedPolicy(made.name, arn, made.path, versions=versions, default_version_id="v1")
        account = with_policy(account, policy)
    return with_role(account, role)

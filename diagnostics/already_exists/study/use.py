"""Determine whether an entity is used: when it was last used, what uses it, and what names it.

An entity whose use could not be read is never reported as unused.
"""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.already_exists.find.search import Found, list_is_complete
from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.study.mentions import mentions
from diagnostics.already_exists.words import age, counted, few, names_arn, refusal, refused, unread_evidence
from diagnostics.commands import shown
from diagnostics.diagnosis import Evidence, Status, Step
from iam.account import Account, InstanceProfile, ManagedPolicy, Role, User
from iam.changes.in_use import LONG_UNUSED, TRACKING_DELAY, role_use
from iam.changes.in_use import profiles_of as profiles_of
from iam.sources.reader.account_reader import AccountReader
from iam.sources.reader.entities import MfaDevice
from iam.sources.reader.opened import OpenedAccount
from iam.words import joined


@dataclass(frozen=True, slots=True)
class Use:
    """The use of an entity.

    ``users`` are the resources that run with the entity or contain it now, ``named_in`` are policies that name it,
    ``recent`` is a sentence about its last use if that is recent. ``gaps`` are kinds of use that could not be read.
    ``unseen`` are places that were not searched for the entity's name; the entity may be known to be unused even so.
    """

    users: tuple[str, ...] = ()
    named_in: tuple[str, ...] = ()
    recent: str = ""
    asleep: str = ""
    gaps: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def used(self) -> bool:
        return bool(self.users or self.recent)

    @property
    def unused(self) -> bool:
        """Whether everything was read and nothing uses the entity."""
        return not self.used and not self.gaps


# No IAM call returns who uses a certificate. These calls list possible users; only AWS's own check, in which CloudFront
# and load balancers take part, makes IAM deny the deletion.
_CERTIFICATE_USERS = {
    "elasticloadbalancing:DescribeListeners": "load balancers: each listener's certificates",
    "elasticloadbalancing:DescribeListenerCertificates": "load balancers: further certificates of a listener",
    "elasticloadbalancing:DescribeLoadBalancers": "classic load balancers: the SSLCertificateId of their listeners",
    "cloudfront:ListDistributions": "CloudFront: the IAMCertificateId of ViewerCertificate",
}
_CERTIFICATE = (
    "IAM does not show what uses the certificate: search the listeners of load balancers "
    "(elasticloadbalancing:DescribeListeners) and CloudFront's distributions (cloudfront:ListDistributions)"
)


def find_use(found: Found, opened: OpenedAccount) -> tuple[Use, Step]:
    """Return the use of the entity, and the step that shows it. Data that the account does not contain yet is read."""
    evidence: list[Evidence] = []
    entity = found.entity
    if isinstance(entity, Role):
        use = _of_role(entity, opened, evidence)
    elif isinstance(entity, InstanceProfile):
        use = _of_profile(entity, opened.reader, evidence)
    elif isinstance(entity, ManagedPolicy):
        use = _of_policy(entity, opened.account, evidence)
    elif isinstance(entity, User):
        use = _of_user(entity, opened, evidence)
    elif found.kind is EntityKind.GROUP:
        use = _of_group(found, opened.account, evidence)
    elif found.kind in (EntityKind.OIDC_PROVIDER, EntityKind.SAML_PROVIDER):
        use = _of_provider(found, opened.account, evidence)
    elif isinstance(entity, MfaDevice):
        assigned = f"user {entity.user}" if entity.user else ""
        use = Use(users=(assigned,) if assigned else ())
        evidence.append(Evidence(f"assigned to {shown(assigned)}" if assigned else "assigned to nobody"))
    elif found.kind is EntityKind.LOGIN_PROFILE:
        use = Use(users=(f"user {found.name}",))
    elif found.kind is EntityKind.SERVER_CERTIFICATE:
        use = Use(gaps=(_CERTIFICATE,))
        evidence += [Evidence(f"{words}: not asked", call=call) for call, words in _CERTIFICATE_USERS.items()]
    else:
        use = Use(gaps=("no call shows what uses it",))
    return use, _step(use, tuple(evidence))


def _of_role(role: Role, opened: OpenedAccount, evidence: list[Evidence]) -> Use:
    users: list[str] = []
    gaps: list[str] = []
    recent, asleep = _last_used(role, opened.account, gaps, evidence)

    use = role_use(role, opened.account, opened.reader)
    instances, bindings, running = use.instances, use.bindings, use.running
    if use.profiles is None:
        gaps.append("the instance profiles that contain the role could not be read")
        evidence.append(Evidence("could not look: instance profiles were not read", call="iam:ListInstanceProfiles"))
    elif instances is not None:
        evidence.append(Evidence(f"in instance profile {few(use.profiles)}", call="iam:ListInstanceProfilesForRole"))
        if instances.unreadable:
            gaps.append(refused(instances))
            evidence.append(unread_evidence(instances))
        elif instances.note:
            gaps.append(refusal(instances.note, instances.call))
            evidence.append(Evidence(f"could not look everywhere: {shown(instances.note, 500)}", call=instances.call))
        if running:
            users.append(counted(len(running), "instance"))
            evidence.append(Evidence(f"instances with that profile: {few(running)}", call=instances.call))

    if bindings.unreadable:
        gaps.append(f"what uses it ({refused(bindings)})")
        evidence.append(unread_evidence(bindings))
    elif bindings.note:
        gaps.append(f"some resources that may use the role ({refusal(bindings.note, bindings.call)})")
        evidence.append(Evidence(f"could not look everywhere: {shown(bindings.note, 500)}", call=bindings.call))
    for binding in use.bound:
        said = f"{binding.service} {shown(binding.name)} ({binding.use})"
        users.append(said)
        evidence.append(Evidence(said, call=bindings.call))
    # An entity in use is not deleted, so it need not be searched thoroughly for policies that a deletion would break.
    named, unseen = mentions(role, opened, evidence, thorough=not users and not recent)
    return Use(tuple(users), named, recent, asleep, tuple(gaps), unseen)


def _last_used(role: Role, account: Account, gaps: list[str], evidence: list[Evidence]) -> tuple[str, str]:
    if role.last_used is None:
        gaps.append("its last use could not be read")
        evidence.append(Evidence("could not look: its last use was not read", call="iam:GetRole"))
        return "", ""
    when = role.last_used.when
    if when is None:
        if role.created is not None and account.now - role.created < TRACKING_DELAY:
            evidence.append(
                Evidence(
                    f"created {age(role.created, account.now)}, which is too recent to say whether the role is used"
                )
            )
            gaps.append("the role is too new for usage data")
            return "", ""
        evidence.append(Evidence("not used in the 400 days that IAM tracks", call="iam:GetRole"))
        return "", "not used in the 400 days that IAM tracks"
    said = f"last used {age(when, account.now)}" + (f" in {role.last_used.region}" if role.last_used.region else "")
    evidence.append(Evidence(said, call="iam:GetRole"))
    return ("", said) if account.now - when > LONG_UNUSED else (said, "")


def _of_profile(profile: InstanceProfile, reader: AccountReader, evidence: list[Evidence]) -> Use:
    evidence.append(Evidence(f"contains role {few(profile.roles)}" if profile.roles else "contains no role"))
    instances = reader.instances()
    if instances.unreadable:
        evidence.append(unread_evidence(instances))
        return Use(gaps=(refused(instances),))
    running = [each.id for each in instances.value or () if each.instance_profile_arn == profile.arn]
    evidence.append(Evidence(f"instances with it: {few(running) or 'none'}", call=instances.call))
    return Use(users=(counted(len(running), "instance"),) if running else ())


def _of_policy(policy: ManagedPolicy, account: Account, evidence: list[Evidence]) -> Use:
    holders = [
        f"{word} {holder.name}"
        for word, holders in (("role", account.roles), ("user", account.users or ()), ("group", account.groups or ()))
        for holder in holders
        if any(each.arn == policy.arn for each in holder.attached or ())
    ]
    bounded = [f"boundary of role {role.name}" for role in account.roles if role.boundary_arn == policy.arn]
    bounded += [f"boundary of user {user.name}" for user in account.users or () if user.boundary_arn == policy.arn]
    evidence += [Evidence(f"attached to {shown(each)}") for each in holders]
    evidence += [Evidence(shown(each)) for each in bounded]
    users = holders + bounded
    if not users:
        if policy.attachment_count is None:
            return Use(gaps=("the entities to which the policy is attached could not be read",))
        total = policy.attachment_count + (policy.boundary_usage_count or 0)
        evidence.append(Evidence(f"attached {policy.attachment_count} times", call="iam:GetPolicy"))
        users = [counted(total, "attachment")] if total else []
    return Use(users=tuple(users))


def _of_user(user: User, opened: OpenedAccount, evidence: list[Evidence]) -> Use:
    users = [f"group {name}" for name in user.groups or ()]
    gaps: list[str] = ["its last use is recorded only in the credential report"]
    profile = opened.reader.login_profile(user.name)
    if profile.found:
        users.append("console password")
    keys = opened.reader.access_keys(user.name)
    active = [key.id for key in keys.value or () if key.active]
    if active:
        users.append(counted(len(active), "active access key"))
    unread = [reading for reading in (profile, keys) if reading.unreadable]
    gaps += [refused(reading) for reading in unread]
    evidence += [Evidence(shown(each)) for each in users]
    evidence += [unread_evidence(reading) for reading in unread]
    trusting_roles = [
        f"the trust policy of role {role.name}" for role in opened.account.roles if names_arn(role.trust, user.arn)
    ]
    evidence += [Evidence(f"named in {shown(each)}") for each in trusting_roles]
    return Use(tuple(users), tuple(trusting_roles), gaps=tuple(gaps))


def _of_group(found: Found, account: Account, evidence: list[Evidence]) -> Use:
    if account.users is None or any(user.groups is None for user in account.users):
        evidence.append(Evidence("could not look: its members could not be read", call="iam:GetGroup"))
        return Use(gaps=("its members could not be read",))
    members = [user.name for user in account.users if found.name in (user.groups or ())]
    evidence.append(Evidence(f"members: {few(members) or 'none'}", call="iam:GetGroup"))
    return Use(users=tuple(f"user {name}" for name in members))


def _of_provider(found: Found, account: Account, evidence: list[Evidence]) -> Use:
    roles = [f"the trust policy of role {role.name}" for role in account.roles if names_arn(role.trust, found.arn)]
    evidence += [Evidence(f"named in {shown(each)}") for each in roles]
    unread = any(role.trust is None for role in account.roles) or not list_is_complete(account, "roles")
    gaps = ("not every role's trust policy could be read",) if unread else ()
    return Use(
        users=tuple(each.removeprefix("the trust policy of ") for each in roles), named_in=tuple(roles), gaps=gaps
    )


def _step(use: Use, evidence: tuple[Evidence, ...]) -> Step:
    parts = [use.recent or use.asleep] if use.recent or use.asleep else []
    if use.users:
        parts.append(f"used by {few(use.users)}")
    if use.named_in:
        parts.append(f"named in {few(use.named_in)}")
    if use.gaps:
        parts.append(f"unknown: {joined(use.gaps)}")
    if use.unused:
        parts.append("nothing uses it")
    if use.unseen:
        parts.append(f"not searched for its name: {joined(use.unseen)}")
    status = Status.UNKNOWN if not use.used and use.gaps else Status.PASS
    return Step("use", "Whether it is used", status, "; ".join(parts), evidence)

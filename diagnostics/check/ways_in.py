"""Check whether anyone can assume a role that is about to be created."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

from diagnostics.review.subject import ReviewedAccount
from diagnostics.use.way import CHAINED_SECONDS, Method
from diagnostics.use.ways import role_ways
from iam.account import Account, Role
from iam.arn import Arn
from iam.context import with_context
from iam.creation.spec import RoleSpec, trusts_ec2
from iam.foreign_text import shortened
from iam.gate.finding import GateFinding
from iam.key_presence import key_presence, kind_of
from iam.policy.compiled import CompiledStatement
from iam.policy.condition_keys import KeyPresence, without
from iam.policy.conditions import Condition
from iam.policy.layer import Layer
from iam.policy.match import overlap
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import always_perhaps, possible
from iam.policy.values import instant
from iam.questions.change.callers_of_resource import who_may
from iam.risks.judged_account import EVERYTHING, statements
from iam.words import listing


def way_findings(spec: RoleSpec, role: Role, reviewed: ReviewedAccount) -> Iterator[GateFinding]:
    """Yield a finding for each way to assume the role that nobody can use, and an error if no way is left."""
    trust = reviewed.trust(role)
    if trust is None:
        return  # lint reports what is wrong with it
    yield from _profile(spec)
    yield from _session(spec, trust)
    never = [why for one in statements(trust, Layer.RESOURCE) if not one.deny and (why := _never_together(one))]
    ways = _ways(spec, role, trust, reviewed)
    if not ways:
        yield _closed("trust.closed", "With this trust policy, nobody can assume the role.")
    opening = _openings(ways, spec, role, trust, reviewed)
    for moment, who in opening.values():
        yield _closed(
            "trust.way-closed", f"{shortened(who)} cannot assume the role before {moment:%Y-%m-%d %H:%M} UTC."
        )
    # A missing or expired provider is reported by the check of the principals in the trust policy.
    closed = [*never, *(why for way, why in ways.items() if why and way not in opening)]
    every = len(closed) + sum(why is None for why in ways.values()) >= len(ways)
    for why in dict.fromkeys(closed):
        yield _closed("trust.closed" if every else "trust.way-closed", why)


_WayIn = tuple[Method, str, int | None]
"""A method, a principal, and the index of the statement that allows it."""


def _ways(spec: RoleSpec, role: Role, trust: NamedPolicy, reviewed: ReviewedAccount) -> dict[_WayIn, str | None]:
    """Return, for each way to assume the role, why nobody can use it.

    The reason is "" if somebody can, and None if the way's identity provider is missing or has expired.
    """
    account = reviewed.account
    without_profile = spec.instance_profile is None and trusts_ec2(spec.trust)
    found: dict[_WayIn, str | None] = {}
    for way in role_ways(role, None, account).ways:
        why: str | None = ""
        if way.method is Method.ASSUME_ROLE:
            why = way.why if way.works is False else _account_closed(trust, role, way.principal, reviewed)
        elif way.works is False and not (without_profile and way.principal.startswith("ec2.")):
            gone = _is_gone(way.principal, account)
            why = None if gone else f"{shortened(way.principal)} cannot assume the role: {way.why}"
        found[way.method, way.principal, way.statement] = why
    return found


def _openings(
    ways: Mapping[_WayIn, str | None], spec: RoleSpec, role: Role, trust: NamedPolicy, reviewed: ReviewedAccount
) -> dict[_WayIn, tuple[datetime, str]]:
    """Return the ways to assume the role that do not work yet, but will after a date in the trust policy.

    For each, return that date and the principal.
    """
    now, found = reviewed.account.now, dict[_WayIn, tuple[datetime, str]]()
    begins = sorted(set(_begins(trust))) if any(ways.values()) else []
    for begin in (each for each in begins if each > now):
        # A second later, because the condition may require a time after the date itself.
        later = replace(reviewed, account=replace(reviewed.account, now=begin + timedelta(seconds=1)))
        then = _ways(spec, role, trust, later)
        for way, why in ways.items():
            if why and then.get(way) == "":
                found.setdefault(way, (begin, way[1]))
    return found


def _begins(trust: NamedPolicy) -> Iterator[datetime]:
    """Yield the dates in the trust policy on which a statement begins to allow access."""
    for one in statements(trust, Layer.RESOURCE):
        for each in one.conditions:
            if each.key in _TIMES and "GreaterThan" in each.operator.base:
                for value in each.block.values:
                    seconds = instant(value)
                    if seconds is not None and seconds < _LAST:
                        yield datetime.fromtimestamp(float(seconds), UTC)


_LAST = datetime(9000, 1, 1, tzinfo=UTC).timestamp()


def _closed(code: str, why: str) -> GateFinding:
    way_out = (
        "If somebody should assume the role, name a principal in the trust policy." if code == "trust.closed" else ""
    )
    return GateFinding(code, why, way_out, "trust")


def _is_gone(provider: str, account: Account) -> bool:
    """Return whether an identity provider of this account is missing, or its metadata has expired."""
    listed = account.saml_providers if ":saml-provider/" in provider else account.oidc_providers
    if f":{account.id}:" not in provider or listed is None:
        return False
    saml = next((each for each in account.saml_providers or () if each.arn == provider), None)
    until = saml.valid_until if saml is not None else None
    known = saml is not None or any(each.arn == provider for each in account.oidc_providers or ())
    return not known or (until is not None and until <= account.now)


def _account_closed(trust: NamedPolicy, role: Role, principal: str, reviewed: ReviewedAccount) -> str:
    """Return why no principal named by an ARN, account ID or ``*`` can assume the role; "" if that is not certain."""
    account, arn = reviewed.account, Arn.parse_principal(principal)
    if arn is not None and arn.partition != account.partition:
        here = account.partition
        return (
            f"{shortened(principal)} is in the partition {arn.partition}, and no principal there can assume a role in "
            f"{here}."
        )
    entity = account.role(principal) or (account.user(arn.name) if arn is not None and arn.type == "user" else None)
    named = arn is not None and arn.type in ("role", "user", "assumed-role", "federated-user")
    # An account, or everybody, represents its users, because the root user itself cannot call AssumeRole.
    owner = arn.account if arn is not None else principal if principal.isdigit() else account.id
    asked = principal if named else f"arn:{account.partition}:iam::{owner}:user/rolescope-probe"
    request = with_context(Request(asked, "sts:AssumeRole", role.arn), account, entity)
    own: KeyPresence = always_perhaps
    if entity is not None:
        own = key_presence(kind_of(entity), entity, account, "sts:assumerole")
    else:  # only the time of the call is known about the represented principals
        known = {key: values for key, values in request.context.items() if key in ("aws:CurrentTime", "aws:EpochTime")}
        request = replace(request, context=known)
    if arn is not None and arn.type in ("role", "assumed-role"):
        # "The temporary credentials returned by AssumeRole do not include MFA information" (IAM User Guide, "Secure
        # API access with MFA").
        own = without(lambda key: key.startswith("aws:multifactorauth"), own)
    found = possible(request, Policies(identity=(EVERYTHING,), resource=trust), own)
    if found.allowed or (not named and _some_get_in(trust, role, None if principal == "*" else owner, account)):
        return ""
    return f"{shortened(principal)} cannot assume it: {found.decision.rule}"


def _some_get_in(trust: NamedPolicy, role: Role, owner: str | None, account: Account) -> bool:
    """Return whether some role or user in the account ``owner`` (in any if None) can assume the role.

    The role or user is assumed to have the ARN, organization and tags that the conditions require.
    """
    asked = Request(None, "sts:AssumeRole", role.arn, account.id)
    for one in who_may(Policies(resource=trust), asked, account).found:
        timed = any(block.key.lower() in _TIMES for block in (*one.conditions, *one.unless))
        callers = [arn.account for who in one.principals if (arn := Arn.parse_principal(who)) is not None]
        if one.action == "sts:AssumeRole" and not timed and (owner in callers or (owner is None and callers)):
            return True
    return False


_TIMES = ("aws:currenttime", "aws:epochtime")


def _never_together(one: CompiledStatement) -> str:
    """Return a sentence if two conditions of a statement on one key can never both be true, else ""."""
    blocks = [each for each in one.conditions if _compares_texts(each)]
    for index, first in enumerate(blocks):
        for second in blocks[index + 1 :]:
            pairs = product(first.block.values, second.block.values)
            if first.key == second.key and not any(overlap(*pair) for pair in pairs):
                wanted = f"{listing(first.block.values, 'or')} and also {listing(second.block.values, 'or')}"
                return (
                    f"Statement {one.statement.index + 1} requires {first.block.key} to be {wanted}, so it never "
                    "allows anyone."
                )
    return ""


def _compares_texts(condition: Condition) -> bool:
    parts = condition.operator
    exact = parts.base.lower().startswith(("string", "arn")) and not parts.base.lower().endswith("ignorecase")
    plain = not parts.negated and not parts.if_exists and parts.over is None
    return exact and plain and not any("$" in value for value in condition.block.values)


def _profile(spec: RoleSpec) -> Iterator[GateFinding]:
    for_ec2 = trusts_ec2(spec.trust)
    if for_ec2 and spec.instance_profile is None:
        text = "EC2 uses a role only through an instance profile, and no instance profile contains this role."
        way = "Create an instance profile, unless something else creates one."
        yield GateFinding("profile.missing", text, way, "instance_profile")
    elif spec.instance_profile is not None and not for_ec2:
        text = f"The instance profile {spec.instance_profile} is for EC2, which the trust policy does not allow."
        way = "Leave out the profile, or trust ec2.amazonaws.com."
        yield GateFinding("profile.useless", text, way, "instance_profile")


def _session(spec: RoleSpec, trust: NamedPolicy) -> Iterator[GateFinding]:
    """Yield a finding about a long session duration of a role that only other roles assume.

    With role chaining, no session lasts longer than an hour, whatever the role's maximum is (IAM User Guide, "Roles
    terms and concepts", role chaining).
    """
    kinds = [
        (kind, value)
        for one in statements(trust, Layer.RESOURCE)
        if not one.deny and one.principal is not None
        for kind, value in one.principal.pairs
    ]
    chained = kinds and all(kind == "AWS" and ":role/" in value for kind, value in kinds)
    if chained and spec.max_session_seconds > CHAINED_SECONDS:
        text = (
            f"No session lasts {spec.max_session_seconds / 3600:g} h, because only roles can assume this role, and "
            "role chaining limits such sessions to one hour."
        )
        yield GateFinding("session.chained", text, "Write 3600.", "max_session_seconds")

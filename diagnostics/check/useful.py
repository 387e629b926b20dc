"""Check whether a new role could do anything, what its boundary and organization remove, and what it could write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from diagnostics.review.subject import ReviewedAccount
from iam.account import Role
from iam.arn import is_aws_managed, name_of
from iam.creation.spec import RoleSpec
from iam.gate.finding import GateFinding
from iam.gate.rule import Outcome
from iam.layers import principal_layers
from iam.policy.document import PolicyError
from iam.policy.layer import Layer
from iam.policy.principal import Kind, caller
from iam.policy.request import NamedPolicy, Policies
from iam.policy.shared_providers import COGNITO, GITHUB, issuer_of
from iam.questions.access import access
from iam.questions.catalogue import catalogue
from iam.risks.judged_account import statements
from iam.words import listing

_MOST_NAMED = 3
_WRITING = ("Write", "Permissions management", "Tagging")
_WEB = "sts:AssumeRoleWithWebIdentity"
_PROBE = "rolescope-probe"


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a role may do, as sets of actions (bit masks, see `Catalogue`).

    ``alone``: by its policies alone; ``written``: by those written for this role; ``bounded``: also within its
    boundary; ``in_all``: also within the organization's policies.
    """

    alone: int
    written: int
    bounded: int
    in_all: int

    @property
    def writes(self) -> int:
        known = catalogue()
        return self.in_all & sum(known.level(level) for level in _WRITING)


def abilities(role: Role, reviewed: ReviewedAccount) -> Abilities | str:
    """Return what the role could do, or why its policies could not all be read or evaluated. May block."""
    layers = principal_layers(role, reviewed.account, reviewed.reader, {})
    whys = [each.why for each in layers.readings if each.unread and each.layer in (Layer.IDENTITY, Layer.BOUNDARY)]
    if whys:
        return " ".join(dict.fromkeys(whys))
    own = replace(layers.policies, unread=frozenset())
    limited = replace(own, scps=reviewed.shared.scps)
    try:
        alone = _actions(role, replace(own, boundary=None), reviewed)
        bounded = alone if own.boundary is None else _actions(role, own, reviewed)
        written = tuple(each for each in own.identity if not is_aws_managed(each.arn))
        by_written = _actions(role, replace(own, identity=written, boundary=None), reviewed)
        in_all = bounded if limited.scps is None else _actions(role, limited, reviewed)
        return Abilities(alone, by_written, bounded, in_all)
    except PolicyError as error:
        return str(error)


def _actions(role: Role, policies: Policies, reviewed: ReviewedAccount) -> int:
    found = access(role, policies, reviewed.account)
    return found.allowed | found.conditional


def use_findings(spec: RoleSpec, role: Role, able: Abilities | str, reviewed: ReviewedAccount) -> Iterator[GateFinding]:
    if not (role.inline or role.attached):
        text = "The role has no permissions yet: no policy is attached to it."
        yield GateFinding("permission.none", text, "Choose what the role is for.", "inline")
    elif isinstance(able, str):
        text = f"The permissions of the role are unknown: {able}"
        yield GateFinding.unseen("permission.unknown", text)
    else:
        yield from _lost(spec, able)
        if able.bounded and reviewed.unread_above(Layer.SCP):
            text = (
                "It is unknown what the organization's policies (SCPs) deny to the role, because they could not be "
                "read."
            )
            yield GateFinding.unseen("organization.unknown", text)
        yield from _guests(role, able, reviewed)


def _lost(spec: RoleSpec, able: Abilities) -> Iterator[GateFinding]:
    """Yield findings about what the role's own policies deny, and what the boundary and the organization remove."""
    boundary = name_of(spec.boundary_arn) if spec.boundary_arn else ""
    if not able.alone:
        text = (
            "The role would have no permissions: its policies allow no action on any resource, or deny every "
            "action that they allow."
        )
        yield GateFinding("permission.nothing", text, "Correct its policies.", "inline")
        return
    if cut := able.alone & ~able.bounded:
        text = f"The boundary {boundary} excludes {_named(cut)}, which the role's policies allow."
        if not able.bounded:
            text = (
                f"The role would have no permissions: the boundary {boundary} excludes every action that the "
                "role's policies allow."
            )
        way = "Allow these actions in the boundary, or remove them from the role's policies."
        finding = GateFinding("boundary.cuts", text, way, "boundary", spec.boundary_arn or "")
        yield _weighed(finding, cut, able)
    if cut := able.bounded & ~able.in_all:
        text = f"The organization's policies (SCPs) deny {_named(cut)}, which the role's own policies allow."
        finding = GateFinding("organization.cuts", text, "Ask the owners of these policies.", "inline")
        yield _weighed(finding, cut, able)


def _weighed(finding: GateFinding, cut: int, able: Abilities) -> GateFinding:
    """Return the finding, marked as harmless if the boundary limits only AWS's wide policies.

    The finding is not harmless if the boundary limits policies written for the role.
    """
    return finding if cut & able.written or not able.in_all else replace(finding, known=Outcome.FINE)


def _named(actions: int) -> str:
    names = tuple(catalogue().actions(actions))
    shown = listing(names[:_MOST_NAMED]) if len(names) <= _MOST_NAMED else ", ".join(names[:_MOST_NAMED])
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED:,} more actions"


# Unidentified principals that can assume the role, and that could then write.


def _guests(role: Role, able: Abilities, reviewed: ReviewedAccount) -> Iterator[GateFinding]:
    trust = reviewed.trust(role)
    if not able.writes or trust is None:
        return
    for provider, who, context in _unknown_people(trust):
        found = reviewed.lets_in(role, trust, provider, _WEB, context, lambda _: False)
        if found.allowed:
            text = f"{who} can assume the role, and may {_named(able.writes)}."
            way = "Allow these principals only to read, or name the intended principals."
            yield GateFinding("trust.guests-write", text, way, "trust", provider)


def _unknown_people(trust: NamedPolicy) -> Iterator[tuple[str, str, Mapping[str, tuple[str, ...]]]]:
    """Yield (provider, who, the claims in their token) for people whom nobody selected.

    These are guests, every account of a provider whose subjects are people, and whoever opens a pull request.
    """
    for one in statements(trust, Layer.RESOURCE):
        if one.deny or one.principal is None:
            continue
        wanted = {each.key: each.block.values for each in one.conditions if not each.operator.negated}
        for kind, provider in one.principal.pairs:
            issuer = issuer_of(provider).lower()
            audience = {f"{issuer}:aud": wanted.get(f"{issuer}:aud", (_PROBE,))[:1]}
            if kind != "Federated":
                continue
            if issuer == COGNITO:
                yield provider, "Guests, without any sign-in,", {**audience, f"{issuer}:amr": ("unauthenticated",)}
            elif caller(provider).kind is Kind.PROVIDER and not provider.startswith("arn:"):
                people = {**audience, f"{issuer}:app_id": wanted.get(f"{issuer}:app_id", (_PROBE,))[:1]}
                subject = {f"{issuer}:{key}": (_PROBE,) for key in ("sub", "id", "user_id")}
                yield provider, f"Everybody with an account of {issuer}", {**people, **subject}
            elif issuer == GITHUB:
                for value in wanted.get(f"{issuer}:sub", ()):
                    repository = ":".join(value.split(":")[:2]).replace("*", _PROBE)
                    subject = {f"{issuer}:sub": (f"{repository}:pull_request",)}
                    yield provider, "Pull requests, before anybody has merged them,", {**audience, **subject}

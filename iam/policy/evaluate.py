"""Evaluate a request against its policies, in AWS's order.

IAM User Guide, "How AWS enforcement code logic evaluates requests to allow or deny access".

An explicit deny in any layer is final. Next, every layer that only limits access must allow the action: SCPs at every
level, and the VPC endpoint's policy. Then the caller must be granted the action: in its own account by the resource
policy or by its identity policies, in another account by both. If the resource policy grants access directly to the
user, the session or everyone, an implicit deny in the boundary or the session policy does not limit that access. If it
grants access to a role, such an implicit deny limits it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from iam.policy.compiled import Asked, Compiled, CompiledStatement, account_of_resource, compiled
from iam.policy.decision import Decision, Outcome, Reason
from iam.policy.document import PolicyError
from iam.policy.layer import Layer, LayerResult
from iam.policy.match import overlap
from iam.policy.principal import TRUST_ACTIONS, WITH_IDENTITY, Kind, Named, RequestCaller
from iam.policy.request import EndpointType, NamedPolicy, Policies, Request
from iam.policy.reserved import allowed_by_aws, reached_by_rcps, refused_by_aws
from iam.policy.statements import shortened

ORDER = (Layer.RCP, Layer.SCP, Layer.VPC_ENDPOINT, Layer.RESOURCE, Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION)
"""The order in which layers are checked to find the layer that denies, if several layers deny."""

Holds = Callable[[CompiledStatement, Asked], bool]
"""A function that tests whether a statement's resource and conditions match.

   It is called only if action and principal match already.
"""

_kms_key = re.compile(r"arn:[^:]*:kms:[^:]*:[^:]*:key/")


@dataclass
class Matched:
    """The statements of one layer that match a request.

    ``partial`` are Deny statements that apply to some of the resources in a request with wildcards, or to none.
    ``named`` says how closely the Allow statements of a resource policy name the caller.
    """

    result: LayerResult = LayerResult.IMPLICIT_DENY
    allows: list[tuple[NamedPolicy, CompiledStatement, int | None]] = field(default_factory=list)
    denies: list[tuple[NamedPolicy, CompiledStatement, int | None]] = field(default_factory=list)
    partial: list[tuple[NamedPolicy, CompiledStatement, int | None]] = field(default_factory=list)
    named: Named = Named.NOT

    def reasons(self, layer: Layer, deny: bool) -> list[Reason]:
        return [
            Reason(layer, one.statement.effect, policy, one.statement.index, one.statement.sid, level)
            for policy, one, level in (self.denies if deny else self.allows)
        ]


@dataclass
class Setting:
    """The properties of a request that decide which evaluation rules apply to it."""

    caller: RequestCaller
    same_account: bool
    is_trust: bool
    is_key: bool

    @property
    def must_be_granted_by_resource(self) -> bool:
        """Whether the resource's policy must allow the request, even in the caller's own account.

        This is true for trust policies and KMS key policies.
        """
        return self.is_trust or self.is_key


def setting(request: Request, who: RequestCaller) -> Setting:
    account = request.resource_account or account_of_resource(request.resource) or who.account
    action = request.action.lower()
    same = who.account is not None and who.account == account
    is_key = action.startswith("kms:") and _kms_key.match(request.resource) is not None
    return Setting(who, same, action in TRUST_ACTIONS, is_key)


def evaluate(request: Request, policies: Policies) -> Decision:
    """Return the decision on a request. A condition key without a value counts as absent, as in AWS.

    If an incomplete ARN or a request with wildcards makes it uncertain whether a statement applies, the outcome is the
    one that allows less, and the decision's ``otherwise`` is the other possible outcome. Raises `PolicyError`, with the
    layer and the policy's name, for a document that AWS would reject.
    """
    asked = Asked(request)
    where = setting(request, asked.caller)
    matched = match_layers(asked, policies, where)
    decision = decide(request, policies, where, matched, asked)
    if not asked.doubtful:
        return decision
    doubtful = frozenset(asked.doubtful)

    def at_best(one: CompiledStatement, asked: Asked) -> bool:
        return not one.deny if id(one) in doubtful else one.holds(asked)

    matched = match_layers(asked, policies, where, at_best)
    best = decide(request, policies, where, matched, asked)
    if best.allowed and asked.wild and not _touched(asked, matched, _granting(where, matched, best.decided_by)):
        return best
    return decision if best.outcome is decision.outcome else replace(decision, otherwise=best.outcome)


_COMPLETING = frozenset({Layer.IDENTITY, Layer.BOUNDARY})
"""The layers whose policies have the form of identity policies, in which AWS completes incomplete ARNs.

For other layers, AWS's documentation says only that AssumeRole* rejects session policies with incomplete ARNs.
"""


def match_layers(
    asked: Asked, policies: Policies, where: Setting, holds: Holds = CompiledStatement.holds
) -> dict[Layer, Matched]:
    """Return the matching statements of every layer that the request has, in the order of `ORDER`.

    ``holds`` replaces the test whether resource and conditions match, which by default uses the request's own values
    (see `iam.policy.unknown_keys`).
    """
    who = where.caller
    own = who.kind in WITH_IDENTITY
    bounded = own and policies.boundary is not None
    matched: dict[Layer, Matched] = {}
    # Neither SCPs nor RCPs apply to service-linked roles, and SCPs apply only to principals of an account.
    if policies.rcps is not None and reached_by_rcps(who, asked.action, asked.folded):
        matched[Layer.RCP] = _match_levels(asked, Layer.RCP, policies.rcps, holds)
    if policies.scps is not None and own and not who.service_linked:
        matched[Layer.SCP] = _match_levels(asked, Layer.SCP, policies.scps, holds)
    if policies.vpc_endpoint is not None:
        accounts = accounts_are_named(policies, Layer.VPC_ENDPOINT)
        matched[Layer.VPC_ENDPOINT] = _match(asked, Layer.VPC_ENDPOINT, policies.vpc_endpoint, holds, accounts)
    if policies.resource is not None:
        matched[Layer.RESOURCE] = _match_resource(asked, policies.resource, bounded, where, holds)
    if own:
        matched[Layer.IDENTITY] = _match(asked, Layer.IDENTITY, policies.identity, holds)
        if policies.boundary is not None:
            matched[Layer.BOUNDARY] = _match(asked, Layer.BOUNDARY, policies.boundary, holds)
        if policies.session is not None:
            matched[Layer.SESSION] = _match(asked, Layer.SESSION, policies.session, holds)
        elif who.kind is Kind.FEDERATED_USER and Layer.SESSION not in policies.unread:
            # "If you do not pass a policy with the GetFederationToken API call, the resulting temporary security
            # credentials have no permissions" but those of resource policies that name the session (IAM User Guide,
            # "Permissions for GetFederationToken",
            # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_getfederationtoken.html).
            matched[Layer.SESSION] = Matched()
    return matched


def accounts_are_named(policies: Policies, layer: Layer) -> bool:
    """Whether an account in this layer's policies represents all principals of the account.

    In a gateway endpoint's policy "access is granted to the AWS account root user only" (AWS PrivateLink Guide,
    "Principals for gateway endpoints").
    """
    return layer is not Layer.VPC_ENDPOINT or policies.vpc_endpoint_type is not EndpointType.GATEWAY


def _match(asked: Asked, layer: Layer, policies: Iterable[NamedPolicy], holds: Holds, accounts: bool = True) -> Matched:
    found = Matched()
    _collect(asked, layer, policies, None, found, holds, accounts)
    if found.denies:
        found.result = LayerResult.EXPLICIT_DENY
    elif found.allows:
        found.result = LayerResult.ALLOWED
    return found


def _collect(
    asked: Asked,
    layer: Layer,
    policies: Iterable[NamedPolicy],
    level: int | None,
    found: Matched,
    holds: Holds,
    accounts: bool = True,
) -> None:
    action = asked.action
    for policy in policies:
        document = ready(policy, layer)
        for one in document.naming(action):
            if one.principal is not None and one.names_caller(asked, False, accounts) is Named.NOT:
                continue
            if holds(one, asked):
                (found.denies if one.deny else found.allows).append((policy, one, level))
            elif id(one) in asked.partial:
                found.partial.append((policy, one, level))


def _match_levels(asked: Asked, layer: Layer, levels: Iterable[Iterable[NamedPolicy]], holds: Holds) -> Matched:
    """Return the matching statements of organization policies: every level must allow.

    RCPs need no Allow, because RCPFullAWSAccess is always attached.
    """
    found = Matched()
    everywhere = True
    for number, level in enumerate(levels):
        before = len(found.allows)
        _collect(asked, layer, level, number, found, holds)
        everywhere = everywhere and len(found.allows) > before
    if found.denies:
        found.result = LayerResult.EXPLICIT_DENY
    elif everywhere or layer is Layer.RCP:
        found.result = LayerResult.ALLOWED
    return found


def _match_resource(asked: Asked, policy: NamedPolicy, has_boundary: bool, where: Setting, holds: Holds) -> Matched:
    found = Matched()
    for one in ready(policy, Layer.RESOURCE).naming(asked.action):
        named = one.names_caller(asked, has_boundary)
        if named is Named.NOT:
            continue
        if not holds(one, asked):
            if id(one) in asked.partial:
                found.partial.append((policy, one, None))
        elif one.deny:
            found.denies.append((policy, one, None))
        else:
            found.allows.append((policy, one, None))
            found.named = max(found.named, named)
    if found.denies:
        found.result = LayerResult.EXPLICIT_DENY
    elif found.named > Named.ACCOUNT or (found.named is Named.ACCOUNT and suffices(where)):
        found.result = LayerResult.ALLOWED
    return found


def suffices(where: Setting) -> bool:
    """Whether a resource policy that names only the caller's account grants access by itself.

    It grants access if the resource is in another account, or if the caller is the account's root user. Otherwise the
    account's identity policies decide.
    """
    return not where.same_account or where.caller.kind is Kind.ROOT


_NO_PRINCIPAL = frozenset({Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION, Layer.SCP})


def ready(policy: NamedPolicy, layer: Layer) -> Compiled:
    """Return a policy's compiled document.

    Raises `PolicyError`, with the policy's name, if AWS would reject the document in this layer.
    """
    try:
        document = compiled(policy.document, completes=layer in _COMPLETING)
        if layer not in document.good_in:
            _check(document, layer)
            document.good_in += (layer,)
    except PolicyError as error:
        name = f" {policy.name}" if policy.name else ""
        raise PolicyError(f"The {layer.policy}{name} cannot be evaluated: {error}") from None
    return document


def _check(document: Compiled, layer: Layer) -> None:
    bare = layer in _NO_PRINCIPAL
    must_name, own_forms = layer is Layer.RESOURCE, layer in (Layer.RESOURCE, Layer.VPC_ENDPOINT)
    for one in document.sources:
        named = one.principal is not None or one.not_principal is not None
        resources = one.not_resource if one.resource is None else one.resource
        if bare and named:
            raise PolicyError(f"Statement {one.index + 1} names a principal, which this type of policy cannot have.")
        if bare and resources is None:
            raise PolicyError(f"Statement {one.index + 1} has neither Resource nor NotResource.")
        if must_name and not named:
            raise PolicyError(f"Statement {one.index + 1} has neither Principal nor NotPrincipal.")
        if resources and not own_forms:
            _check_resources(resources, one.index + 1)


def _check_resources(patterns: Iterable[str], number: int) -> None:
    """Raise `PolicyError` for a resource that is neither an ARN nor a wildcard: IAM and Organizations reject it.

    Other services accept forms of their own in their resource policies (``execute-api:/stage/*``).
    """
    for pattern in patterns:
        if not _may_be_arn.match(pattern):
            raise PolicyError(
                f'Statement {number} has the resource {shortened(pattern)}, which is neither an ARN nor "*".'
            )


_may_be_arn = re.compile(r"arn:|[*?]|\$\{", re.IGNORECASE)


def decide(
    request: Request, policies: Policies, where: Setting, matched: dict[Layer, Matched], asked: Asked
) -> Decision:
    """Return the decision that follows from the statements that match in each layer."""
    layers = {layer: found.result for layer, found in matched.items()}
    missing = tuple(asked.missing.values())

    def answer(outcome: Outcome, by: Layer | None, rule: str) -> Decision:
        deny = outcome is Outcome.EXPLICIT_DENY
        wanted = LayerResult.EXPLICIT_DENY if deny else LayerResult.ALLOWED
        reasons: list[Reason] = []
        for layer, found in matched.items():
            if found.result is wanted:
                reasons += found.reasons(layer, deny)
        return Decision(outcome, layers, by, rule, tuple(reasons), (), missing)

    if free := allowed_by_aws(where.caller, asked.action):
        return answer(Outcome.ALLOWED, None, free)
    for layer in ORDER:
        if layers.get(layer) is LayerResult.EXPLICIT_DENY:
            return answer(
                Outcome.EXPLICIT_DENY,
                layer,
                f"An explicit deny in the {layer.policy} overrides every allow.",
            )
    limit, rule = _limits(layers)
    if limit is not None:
        return answer(Outcome.IMPLICIT_DENY, limit, rule)
    outcome, by, rule = _grant(policies, where, matched)
    if outcome is Outcome.ALLOWED and (refused := refused_by_aws(where.caller, asked.action, asked.folded)):
        return replace(answer(Outcome.IMPLICIT_DENY, None, refused), by_aws=True)
    granting = _granting(where, matched, by) if outcome is Outcome.ALLOWED and asked.wild else ()
    if closed := _closed_everywhere(asked, matched, granting):
        layer, denies = closed
        if not denies:
            return answer(
                Outcome.IMPLICIT_DENY,
                layer,
                f"The {layer.policies} allow none of the resources that other policies allow.",
            )
        layers[layer] = LayerResult.EXPLICIT_DENY
        decision = answer(
            Outcome.EXPLICIT_DENY,
            layer,
            f"Every allowed resource is also denied explicitly, the last one by the {layer.policy}.",
        )
        reasons = tuple(
            Reason(layer, one.statement.effect, policy, one.statement.index, one.statement.sid, level)
            for policy, one, level in denies
        )
        return replace(decision, reasons=reasons)
    return answer(outcome, by, rule)


_Closed = tuple[Layer, list[tuple[NamedPolicy, CompiledStatement, int | None]]]
_LIMITING = (Layer.SCP, Layer.VPC_ENDPOINT, Layer.BOUNDARY, Layer.SESSION)


def _granting(where: Setting, matched: dict[Layer, Matched], by: Layer | None) -> tuple[Layer | None, ...]:
    """Return each layer that grants access by itself.

    These are ``by`` and, if a resource policy of the same account also grants access, the identity policies. In a
    request with wildcards, each of these layers may cover other resources.
    """
    if by is not Layer.RESOURCE or not where.same_account or where.must_be_granted_by_resource:
        return (by,)
    if where.caller.kind not in WITH_IDENTITY or _grant_by_identity(where, matched)[0] is not Outcome.ALLOWED:
        return (by,)
    return (by, Layer.IDENTITY)


def _closed_everywhere(
    asked: Asked, matched: dict[Layer, Matched], granting: tuple[Layer | None, ...]
) -> _Closed | None:
    """Return the layer that denies the last allowed resource of a request with wildcards.

    The layer comes with its Deny statements; they are empty for an implicit deny. Return None if a resource stays
    allowed.
    """
    closed: _Closed | None = None
    for by in granting:
        for part in _granted(asked, matched, by):
            closed = _closed(asked, matched, part, by)
            if closed is None:
                return None
    return closed


def _granted(asked: Asked, matched: dict[Layer, Matched], by: Layer | None) -> tuple[str, ...]:
    """Return the patterns that the granting layer's Allow statements cover.

    If the layer has no Allow statements, return the entire requested resource; likewise if the caller is the root user,
    who needs no identity policy.
    """
    if by is None or by not in matched or (by is Layer.IDENTITY and asked.caller.kind is Kind.ROOT):
        return (asked.resource,)
    parts = [part for _, one, _ in matched[by].allows for part in _parts(one, asked)]
    return tuple(dict.fromkeys(parts)) or (asked.resource,)


def _touched(asked: Asked, matched: dict[Layer, Matched], granting: tuple[Layer | None, ...]) -> bool:
    """Whether a Deny statement may apply to an allowed resource of a request with wildcards."""
    parts = [part for by in granting for part in _granted(asked, matched, by)]
    doubtful = [one for found in matched.values() for _, one, _ in found.partial]
    return len(doubtful) < len(asked.doubtful) or any(
        one.resource is None or one.resource.touches(asked, part) for one in doubtful for part in parts
    )


def _closed(asked: Asked, matched: dict[Layer, Matched], part: str, by: Layer | None) -> _Closed | None:
    for layer, found in matched.items():
        denies = [each for each in found.partial if each[1].resource is None or each[1].resource.denies(asked, part)]
        if denies:
            return layer, denies
    # Access that a resource policy grants directly is not limited by the boundary or the session policy.
    for layer in _LIMITING if by is Layer.IDENTITY else _LIMITING[:2]:
        found = matched.get(layer, _NOTHING)
        for level in dict.fromkeys(level for _, _, level in found.allows):
            allowed = [text for _, one, its in found.allows if its == level for text in _parts(one, asked)]
            if not any(overlap(text, part) for text in allowed):
                return layer, []
    return None


_NOTHING = Matched()


def _parts(one: CompiledStatement, asked: Asked) -> tuple[str, ...]:
    return (asked.resource,) if one.resource is None else one.resource.parts(asked)


def _limits(layers: dict[Layer, LayerResult]) -> tuple[Layer | None, str]:
    if layers.get(Layer.SCP) is LayerResult.IMPLICIT_DENY:
        return Layer.SCP, "The service control policies of every level of the organization must allow the action."
    if layers.get(Layer.VPC_ENDPOINT) is LayerResult.IMPLICIT_DENY:
        return Layer.VPC_ENDPOINT, "The policy of the VPC endpoint that the request passes must allow the action."
    return None, ""


Ruling = tuple[Outcome, Layer | None, str]


def _grant(policies: Policies, where: Setting, matched: dict[Layer, Matched]) -> Ruling:
    """Return the outcome, the layer that determines it, and the rule.

    The request must have no explicit deny, and every guardrail must allow it.
    """
    kind = where.caller.kind
    resource = matched.get(Layer.RESOURCE)
    named = resource.named if resource is not None else Named.NOT
    by_resource = resource is not None and resource.result is LayerResult.ALLOWED
    if kind not in WITH_IDENTITY:
        who = {Kind.SERVICE: "A service", Kind.PROVIDER: "A caller with a provider's token"}.get(
            kind, "An anonymous caller"
        )
        if by_resource:
            rule = (
                f"{who} has no identity policies: the {_resource_name(where)} alone decides, and it allows the request."
            )
            return Outcome.ALLOWED, Layer.RESOURCE, rule
        return (
            Outcome.IMPLICIT_DENY,
            Layer.RESOURCE,
            f"{who} has no identity policies: the {_resource_name(where)} must allow the request, but does not.",
        )
    if not where.same_account:
        return _grant_across(policies, where, matched, by_resource)
    if by_resource:
        if named is Named.ROLE:
            limited = _limited(matched)
            if limited is not None:
                return (
                    Outcome.IMPLICIT_DENY,
                    limited,
                    f"The {_resource_name(where)} names the role, but the {limited.policy} must also allow every "
                    "action that a resource-based policy grants to a role.",
                )
            return (
                Outcome.ALLOWED,
                Layer.RESOURCE,
                f"In the role's own account, the {_resource_name(where)} that names the role grants access without "
                "identity policies.",
            )
        return (
            Outcome.ALLOWED,
            Layer.RESOURCE,
            f"Within one account, the {_resource_name(where)} that names {_named_words(named, kind)} grants access "
            "directly; implicit denies in identity policies, the permissions boundary and the session policy do not "
            "matter.",
        )
    if where.must_be_granted_by_resource and named is not Named.ACCOUNT and not _unread(policies, where):
        missing = "does not exist" if resource is None else "does not"
        return (
            Outcome.IMPLICIT_DENY,
            Layer.RESOURCE,
            f"The {_resource_name(where)} must allow the action, or leave it to the account's identity policies, but "
            f"{missing}.",
        )
    return _grant_by_identity(where, matched)


def _grant_across(policies: Policies, where: Setting, matched: dict[Layer, Matched], by_resource: bool) -> Ruling:
    outcome, by, rule = _grant_by_identity(where, matched)
    if outcome is not Outcome.ALLOWED:
        return outcome, by, f"Across accounts, both sides must allow the request. {rule}"
    if by_resource or (Layer.RESOURCE not in matched and _unread(policies, where)):
        return Outcome.ALLOWED, by, "Across accounts, both sides must allow the request, and both do."
    return (
        Outcome.IMPLICIT_DENY,
        Layer.RESOURCE,
        f"Across accounts, both sides must allow the request, but the {_resource_name(where)} does not.",
    )


def _grant_by_identity(where: Setting, matched: dict[Layer, Matched]) -> Ruling:
    identity = matched[Layer.IDENTITY]
    if identity.result is not LayerResult.ALLOWED and where.caller.kind is not Kind.ROOT:
        return Outcome.IMPLICIT_DENY, Layer.IDENTITY, "No identity policy allows the action."
    limited = _limited(matched)
    if limited is not None:
        return (
            Outcome.IMPLICIT_DENY,
            limited,
            f"The {limited.policy} must allow what the identity policies allow, but does not.",
        )
    if where.caller.kind is Kind.ROOT:
        return Outcome.ALLOWED, Layer.IDENTITY, "The account's root user needs no identity policy."
    return Outcome.ALLOWED, Layer.IDENTITY, "An identity policy allows the action, and nothing limits it."


def _limited(matched: dict[Layer, Matched]) -> Layer | None:
    for layer in (Layer.BOUNDARY, Layer.SESSION):
        found = matched.get(layer)
        if found is not None and found.result is not LayerResult.ALLOWED:
            return layer
    return None


def _unread(policies: Policies, where: Setting) -> bool:
    """Whether a resource policy could not be read, so that it must not be treated as absent."""
    return bool(policies.unread & {"resource", "trust"}) if where.is_trust else "resource" in policies.unread


def _resource_name(where: Setting) -> str:
    if where.is_trust:
        return "role's trust policy"
    return "key policy" if where.is_key else "resource policy"


def _named_words(named: Named, kind: Kind) -> str:
    if named is Named.EVERYONE:
        return "everyone"
    return {Kind.USER: "the user", Kind.ROOT: "the account"}.get(kind, "the session")

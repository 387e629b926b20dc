"""Predict the next denial: other actions that the operation needs, evaluated with the caller's policies.

Once the first denial is fixed, an operation often fails at the next action that it needs, at another resource, or at
the trust policy of the role that it passes. All of these denials are reported at once, with one set of statements. Only
the policies that were read are evaluated.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from diagnostics.access_denied.case import Case, generous_identity_policy
from diagnostics.access_denied.fixes.copied_conditions import PASSED_TO
from diagnostics.access_denied.fixes.place import own_holder
from diagnostics.access_denied.fixes.proof import with_identity
from diagnostics.access_denied.fixes.statements import sid_for
from diagnostics.access_denied.request.operation import Operation, operation_needs, operation_of, receiving_service
from diagnostics.access_denied.request.trust_principals import trusted_services
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.fix import Fix, Note, OtherPlace, PolicyChange, TrustChange
from diagnostics.text.read.one_message import is_alone
from diagnostics.text.tokens.find import beside_tokens
from diagnostics.who import Who
from iam.account import Role
from iam.arn import Arn, name_of, service_of
from iam.facts.next_actions import ROLE, SAME, Need, next_actions
from iam.facts.service_roles.lookup import trust_needs
from iam.lazy_pattern import regex
from iam.policy.document import PolicyError
from iam.policy.edits import with_statement
from iam.policy.layer import Layer, LayerResult
from iam.policy.request import Holder, NamedPolicy, Policies, Request
from iam.policy.unknown_keys import possible
from iam.service_reference import action as known_action
from iam.sources.resource_policies import has_no_policy
from iam.words import listing

_OWN = (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION, Layer.SCP)
_MOST = 14


@dataclass(frozen=True, slots=True)
class NextDenial:
    """An action that the caller's policies do not allow.

    ``resource`` is the resource to put into a statement for it; ``known`` is True if the text identifies it.
    ``own_policy``: the resource may have an unread policy that allows the action. ``by_key`` is the key policy without
    an Allow for the action.
    """

    need: Need
    resource: str
    own_policy: bool = False
    known: bool = False
    by_key: NamedPolicy | None = None

    @property
    def words(self) -> str:
        if self.by_key is not None:
            return f"{self.need.action} by the policy of {name_of(self.resource)}"
        said = self.need.words
        if self.known and self.need.on == ROLE:
            said += f" on role {name_of(self.resource)}"
        return f"{said} (unless the {self.need.kind}'s own policy allows it)" if self.own_policy else said

    @property
    def certain(self) -> bool:
        return not self.need.when and not self.own_policy


def next_denials(case: Case) -> tuple[NextDenial, ...]:
    """Return what else the operation needs but the caller's policies, boundary or organization do not allow.

    Empty if some of the caller's policies were not read, because an unread policy may allow anything.
    """
    if not case.resource_known or "identity" in case.unread or (case.caller.role or case.caller.user) is None:
        return ()
    found: dict[tuple[str, str, str], NextDenial] = {}
    for need in operation_needs(case.denial, case.request.action):
        own = need.action.lower() == case.request.action.lower()
        if own and (need.on == SAME or (need.on not in ("", "*", ROLE) and f":{need.on}" in case.request.resource)):
            continue
        for each in _refused(case, need):
            if not own or each.resource != case.request.resource:
                found.setdefault((need.action, need.on, each.resource if each.known else ""), each)
    return tuple(sorted(found.values(), key=lambda each: not each.certain)[:_MOST])


def _refused(case: Case, need: Need) -> Iterator[NextDenial]:
    """Yield the denials of one needed action.

    There is one for each resource that the text names, or else for each that the policies name.
    """
    named = tuple(dict.fromkeys(_named_resources(case, need)))
    for resource in named:
        if _allowed(case, case.effective_policies, need, resource):
            key = _key_policy(case, need, resource)
            if key is not None and not _allowed_by_key(case, need, resource, key):
                yield NextDenial(need, resource, known=True, by_key=key)
            continue
        own_policy = _has_policy(need, resource) and _only_identity_lacks(case, need, resource)
        own_policy = own_policy and not resource.startswith(f"arn:{case.account.partition}:kms:")
        yield NextDenial(need, resource, own_policy, known=True)
    if named:
        return
    candidates = tuple(_candidates(need, case))
    if candidates and not any(_allowed(case, case.effective_policies, need, each) for each in candidates):
        own_policy = _has_policy(need, candidates[0]) and _only_identity_lacks(case, need, candidates[0])
        yield NextDenial(need, candidates[0], own_policy)


def next_step(case: Case) -> Step | None:
    """Return the step that says what would be denied once this request is allowed; None if nothing is known."""
    refused = next_denials(case)
    certain = [each for each in refused if each.certain]
    said = _grouped(refused)
    trust = [_trust_words(role, service) for role, service in _distrusted(case)]
    if not said and not trust:
        return None
    parts = [f"not allowed either: {listing(said, limit=_MOST)}"] if said else []
    known = next_actions(operation_of(case.denial, case.request.action).action)
    evidence = tuple(Evidence(text=each, layer="identity") for each in said)
    if known is not None and said:
        evidence += (Evidence(text=f"what the operation needs: {known.page}", layer="message"),)
    status = Status.FAIL if certain or trust else Status.UNKNOWN
    return Step("next", "What would be refused next", status, "; ".join((*parts, *trust)), evidence)


def _grouped(denials: Sequence[NextDenial]) -> list[str]:
    """Describe the denials in words. Actions on one kind of resource under one condition form one item."""
    groups: dict[tuple[object, ...], list[NextDenial]] = {}
    for each in denials:
        place = each.resource if (each.known and each.need.on == ROLE) or each.by_key else each.need.kind
        groups.setdefault((place, each.need.when, each.own_policy, each.by_key is None), []).append(each)
    said = []
    for group in groups.values():
        actions = tuple(dict.fromkeys(each.need.action for each in group))
        said.append(group[0].words.replace(actions[0], listing(actions, limit=_MOST), 1))
    return said


def next_fixes(case: Case) -> Iterator[Fix]:
    """Yield fixes for everything that the operation needs: the denied action, and all that is denied next for certain.

    The first fix is one set of statements for the caller, evaluated together. The other fixes are for the trust
    policies of passed roles and for key policies.
    """
    every = [each for each in next_denials(case) if not each.need.when]
    service = _passed_to(case)
    certain = [
        each for each in every if each.by_key is None and (each.need.on != ROLE or (_role_known(each) and service))
    ]
    holder = own_holder(case.caller)
    if certain and holder is not None:
        yield _statements_fix(case, certain, every, service, holder)
    for role, receiver in _distrusted(case):
        yield _trust_fix(role, receiver)
    by_key: dict[str, list[NextDenial]] = {}
    for each in every:
        key = each.by_key or _key_policy_too(case, each)
        if key is not None:
            by_key.setdefault(each.resource, []).append(replace(each, by_key=key))
    for resource, lacking in by_key.items():
        yield _key_fix(case, resource, lacking)


def _role_known(denial: NextDenial) -> bool:
    return denial.known or "example" not in denial.resource


def _statements_fix(
    case: Case, certain: list[NextDenial], every: list[NextDenial], service: str, holder: Holder
) -> Fix:
    first = NextDenial(Need(case.request.action, SAME), case.request.resource, known=True)
    wanted = [first, *certain]
    statements = list(_statements(wanted, service))
    policies = case.effective_policies
    for statement in statements:
        document = with_statement(None, statement)
        policies = with_identity(policies, NamedPolicy(document, statement["Sid"], holder=holder))
    policies = replace(policies, resource=None)
    allowed = [each for each in wanted if _allowed(case, policies, each.need, each.resource)]
    names = listing(_grouped([replace(each, own_policy=False) for each in certain]), limit=_MOST)
    left = [each.need.action for each in wanted if each not in allowed]
    proof = (
        f"Evaluated: with these statements, {holder.name}'s own policies allow all {len(wanted)}."
        if not left
        else f"Evaluated: another policy of the caller still refuses {listing(left)}."
    )
    if any(each.need.on == ROLE and each not in certain for each in every):
        proof += (
            " The role or its service is unknown: add iam:PassRole on the role's ARN, with a condition on "
            "iam:PassedToService."
        )
    text = f"{proof}\n{json.dumps(statements, indent=2)}"
    return Fix(
        f"In the same change, also allow the calls that follow: {names}", Who.ACCOUNT_ADMIN, Note(holder.arn, text)
    )


def _trust_fix(role: Role, service: str) -> Fix:
    assert role.trust is not None  # the principals that it names were read
    needs = trust_needs(service)
    action = list(needs) if len(needs) > 1 else needs[0]
    after = with_statement(role.trust, {"Effect": "Allow", "Principal": {"Service": service}, "Action": action})
    asked = Request(service, "sts:AssumeRole", role.arn)
    allows = possible(asked, Policies(identity=(), resource=NamedPolicy(after, role.name))).allowed
    title = f"In the same change, let {service} assume {role.name}"
    return Fix(title, Who.ACCOUNT_ADMIN, TrustChange(role.arn, role.trust, after), verified=None if allows else False)


def _key_fix(case: Case, resource: str, lacking: list[NextDenial]) -> Fix:
    policy = lacking[0].by_key
    assert policy is not None
    caller = case.caller.entity_arn or case.caller.arn
    first = [case.request.action] if case.request.resource == resource else []
    actions = list(dict.fromkeys((*first, *(each.need.action for each in lacking))))
    statement = {
        "Sid": sid_for(actions[0]),
        "Effect": "Allow",
        "Principal": {"AWS": caller},
        "Action": actions,
        "Resource": "*",
    }
    after = with_statement(policy.document, statement)
    title = f"In the same change, allow {listing(actions)} in the policy of {name_of(resource)}"
    return Fix(title, Who.RESOURCE_OWNER, PolicyChange(OtherPlace(resource), statement, policy.document, after))


def _passed_to(case: Case) -> str:
    """Return the service that the operation passes the role to, or "" if it is unknown."""
    services = next((had for key, had in case.request.context.items() if key.lower() == PASSED_TO.lower()), ())
    assumed = {key.lower() for key in case.assumed}
    stated = services[0] if len(services) == 1 and PASSED_TO.lower() not in assumed else ""
    return receiving_service(case.denial, case.request.action) or stated


def _statements(wanted: list[NextDenial], service: str) -> Iterator[dict[str, Any]]:
    """Yield one statement for each set of resources. A statement that passes a role names the service."""
    by_resource: dict[str, list[str]] = {}
    for each in wanted:
        by_resource.setdefault(_pattern(each), []).append(each.need.action)
    for number, (resource, actions) in enumerate(by_resource.items(), start=1):
        named = list(dict.fromkeys(actions))
        yield {
            "Sid": sid_for(named[0]) + (str(number) if number > 1 else ""),
            "Effect": "Allow",
            "Action": named[0] if len(named) == 1 else named,
            "Resource": resource,
            **({"Condition": {"StringEquals": {PASSED_TO: service}}} if named == ["iam:PassRole"] and service else {}),
        }


def _pattern(denial: NextDenial) -> str:
    if denial.known:
        return denial.resource
    return denial.resource.replace("example", "*") if denial.need.on != ROLE else denial.resource


_OF_RESOURCE = regex(r"aws:resource|[\w-]+:resourcetag/|[\w-]+:existing", re.IGNORECASE)
"""Condition keys that are properties of the resource. Another resource has other values."""


def _request(request: Request, need: Need, resource: str) -> Request:
    """Return the request for another needed action.

    Values of the denied resource are treated as unknown for a different resource.
    """
    if need.on == SAME:
        return replace(request, action=need.action)
    context = {key: values for key, values in request.context.items() if not _OF_RESOURCE.match(key)}
    if need.on != ROLE:
        context = {key: values for key, values in context.items() if key.lower() != PASSED_TO.lower()}
    return replace(request, action=need.action, resource=resource, resource_account=None, context=context)


def _has_policy(need: Need, resource: str) -> bool:
    """Return whether a needed resource, if not the denied one, may have a policy that allows the action."""
    arn = Arn.parse(resource)
    return need.on not in (SAME, ROLE, "*") and arn is not None and not has_no_policy(arn)


def _only_identity_lacks(case: Case, need: Need, resource: str) -> bool:
    """Return whether an identity policy's Allow is all that is missing.

    Then the resource's own policy could allow the request instead.
    """
    return _allowed(case, with_identity(case.effective_policies, generous_identity_policy()), need, resource)


def _allowed(case: Case, policies: Policies, need: Need, resource: str) -> bool:
    """Return whether the policies allow the action, as far as keys are known.

    For the denied resource, its own policy counts as well; the policies of other resources were not read.
    """
    request = _request(case.request, need, resource)
    if need.on == SAME and policies.resource is not None and possible(request, policies).allowed:
        return True
    layers = possible(request, replace(policies, resource=None)).decision.layers
    results = [layers.get(layer, LayerResult.NOT_APPLICABLE) for layer in _OWN]
    return results[0] is LayerResult.ALLOWED and all(
        each in (LayerResult.ALLOWED, LayerResult.NOT_APPLICABLE) for each in results[1:]
    )


_ARN = regex(r"arn:aws[\w-]*:[^\s\"',{}\]]+")
_NAME = regex(r"[\w.+=@/-]+")


def _named_resources(case: Case, need: Need) -> Iterator[str]:
    """Yield the resources of a needed action that the parameters of the call name."""
    operation = operation_of(case.denial, case.request.action)
    service = "iam" if need.on == ROLE else service_of(need.action)
    if need.on == SAME:
        if (
            case.request.action.lower() == operation.action.lower()
            or need.action.lower() == case.request.action.lower()
        ):
            yield case.request.resource
        elif (own := _own_resource(case, operation)) is not None and "example" not in own:
            yield own
        return
    for name in need.given:
        for value in operation.parameters.get(name, ()):
            arns = [each for each in _ARN.findall(value) if each.split(":")[2] == service]
            if need.on == ROLE:
                yield from _roles_of(case, value, arns)
            elif service == "s3" and (bucket := re.match(r"s3://([^/\s]+)/?(\S*)", value)):
                key = f"/{bucket[2].rstrip('/')}/*".replace("//", "/") if "Bucket" not in need.action else ""
                yield f"arn:{case.account.partition}:s3:::{bucket[1]}{key}"
            elif arns:
                yield from arns
            elif need.on.endswith("/") and "=" not in value and "alias/" not in value and _NAME.fullmatch(value):
                yield f"{_begins(case, need)}{value}"


def _roles_of(case: Case, value: str, arns: list[str]) -> Iterator[str]:
    """Yield the roles that a parameter names, by ARN, by name or by an instance profile."""
    for arn in arns:
        if ":role/" in arn:
            yield arn
    profile = next((each for each in arns if ":instance-profile/" in each), None)
    name = profile or (re.sub(r"^Name=", "", value) if value.startswith("Name=") else "")
    if name:
        found = case.account.instance_profile_ignoring_case(name_of(name) if profile else name)
        for each in found.roles if found is not None else ():
            if (role := case.account.role_ignoring_case(each)) is not None:
                yield role.arn
    elif not arns and _NAME.fullmatch(value) and (role := case.account.role_ignoring_case(value.rpartition("/")[2])):
        yield role.arn


def _own_resource(case: Case, operation: Operation) -> str | None:
    """Return the ARN that the operation itself works on, or None if it is unknown.

    The ARN is built from the pattern in the Service Authorization Reference and the call's parameters; a part without a
    parameter becomes ``example``.
    """
    known = known_action(operation.action)
    if known is None:
        return None
    if operation.action.lower().startswith("s3:"):
        if is_alone(case.denial):
            return None
        from diagnostics.access_denied.request.command import command_resource

        found = command_resource(
            beside_tokens(case.denial.text), operation.action, case.denial.operation, case.account.partition
        )
        return found.words if found is not None else None
    kinds = [each for each in known.resource_types if each.name in known.required] or list(known.resource_types)
    if not kinds:
        return "*"
    thing = re.sub(r"[^a-z0-9]", "", kinds[0].name.lower())
    place = {"partition": case.account.partition, "account": case.account.id, "region": _region(case)}

    def fill(match: re.Match[str]) -> str:
        word = match[1].lower()
        if word in place:
            return place[word]
        stem = word.removesuffix("name").removesuffix("id")
        names = [
            word,
            f"{stem}identifier",
            f"{stem}name",
            f"{thing}name",
            *(["name"] if word.startswith(thing) else []),
        ]
        values = next((operation.parameters[name] for name in names if name in operation.parameters), ())
        value = values[0].strip("/") if len(values) == 1 and _NAME.fullmatch(values[0]) else ""
        if value and thing == "secret":
            return f"{value}-??????"
        return value or "example"

    return re.sub(r"\$\{(\w+)\}", fill, kinds[0].arn)


def _region(case: Case) -> str:
    """Return the call's Region, or ``*`` if unknown."""
    arn = Arn.parse(case.request.resource)
    return (arn.region if arn is not None else "") or next(
        (values[0] for key, values in case.request.context.items() if key.lower() == "aws:requestedregion"), "*"
    )


def _begins(case: Case, need: Need) -> str:
    """Return the common prefix of all ARNs of the needed action's resource type."""
    service, partition = service_of(need.action), case.account.partition
    home = {"iam": "", "route53": ""}.get(service, _region(case))
    owner = {"route53": ""}.get(service, case.account.id)
    if service == "ec2" and need.on in ("image/", "snapshot/"):
        owner = ""
    return f"arn:{partition}:{service}:{home}:{owner}:{need.on}"


def _key_policy(case: Case, need: Need, resource: str) -> NamedPolicy | None:
    """Return the policy of the KMS key that the needed action works on, or None if it was not read."""
    if service_of(need.action) != "kms" or need.on == SAME:
        return None
    from diagnostics.access_denied.gather import gathered_for

    found, _ = gathered_for(_request(case.request, need, resource), case.opened)
    return found.policies.resource


def _allowed_by_key(case: Case, need: Need, resource: str, key: NamedPolicy) -> bool:
    """Return whether the key's policy lets the caller use the key, directly or through the caller's own policies."""
    policies = case.effective_policies
    policies = replace(policies, resource=key, unread=policies.unread - {Layer.RESOURCE})
    policies = with_identity(policies, generous_identity_policy())
    return possible(_request(case.request, need, resource), policies).allowed


def _key_policy_too(case: Case, denial: NextDenial) -> NamedPolicy | None:
    """Return the key's policy if both that policy and the caller's own do not allow the action; else None."""
    key = _key_policy(case, denial.need, denial.resource) if denial.known else None
    return key if key is not None and not _allowed_by_key(case, denial.need, denial.resource, key) else None


def _candidates(need: Need, case: Case) -> Iterator[str]:
    """Yield resources of the needed type: a made-up one, and those that the caller's own statements name.

    The action counts as denied only if it is denied on all of them.
    """
    request, policies = case.request, case.effective_policies
    if need.on == "*":
        yield "*"
        return
    if need.on == SAME:
        own = _own_resource(case, operation_of(case.denial, request.action)) or "*"
        yield own
        begins = own.partition("example")[0]
        yield from (each.replace("*", "example") for each in _named(policies) if each == "*" or each.startswith(begins))
        return
    partition = case.account.partition
    service = service_of(need.action)
    if need.on == ROLE:
        begins = f"arn:{partition}:iam::{case.account.id}:role/"
        passed = [each for each in _named(policies) if each.startswith(begins)]
        if not passed:
            yield f"{begins}example"
        yield from (each.replace("*", "example") for each in passed)
        return
    if service == "s3":
        yield f"arn:{partition}:s3:::example/example"
        yield from (each.replace("*", "example") for each in _named(policies) if ":s3:::" in each)
        return
    begins = _begins(case, need)
    yield begins if need.on == "catalog" else f"{begins}example"
    for each in _named(policies):
        if each.startswith(f"arn:{partition}:{service}:") and f":{need.on}" in each:
            yield each.replace("*", "example")


def _named(policies: Policies) -> Iterator[str]:
    """Yield the resources that the caller's own Allow statements name."""
    for policy in policies.identity:
        try:
            document = policy.document.value
        except PolicyError:
            continue
        statements = document.get("Statement", []) if isinstance(document, dict) else []
        for statement in statements if isinstance(statements, list) else [statements]:
            named = statement.get("Resource", []) if isinstance(statement, dict) else []
            yield from (each for each in (named if isinstance(named, list) else [named]) if isinstance(each, str))


def _distrusted(case: Case) -> Iterator[tuple[Role, str]]:
    """Yield the roles that the operation passes to a service that their trust policies do not name."""
    passes = case.request.action.lower() == "iam:passrole"
    arns = [case.request.resource] if passes else []
    for need in operation_needs(case.denial, case.request.action):
        if need.on == ROLE and not need.when:
            arns += _named_resources(case, need)
    service = _passed_to(case)
    for arn in dict.fromkeys(arns) if service else ():
        role = case.owner_side.account.role(arn) or case.account.role(arn)
        if role is not None and role.trust is not None and not {service, "*"} & set(trusted_services(role)):
            yield role, service


def _trust_words(role: Role, service: str) -> str:
    return f"the trust policy of {role.name} does not name {service}, which receives the role"

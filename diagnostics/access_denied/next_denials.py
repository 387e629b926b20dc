"""The next denial: what else the same operation needs, evaluated with the caller's policies that were read.

Once the first denial is fixed, an operation often fails at the next action that it needs, at another resource, or at
the trust policy of the role that it passes. What would still refuse is said at once, with one set of statements.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from diagnostics.access_denied.case import Case, generous_identity_policy
from diagnostics.access_denied.fixes.modelled import PASSED_TO
from diagnostics.access_denied.fixes.place import own_holder
from diagnostics.access_denied.fixes.proof import with_identity
from diagnostics.access_denied.fixes.statements import sid_for
from diagnostics.access_denied.request.trust_principals import trusted_services
from diagnostics.diagnosis import Evidence, Status, Step
from diagnostics.fix import Fix, Note, Who
from iam.arn import Arn, name_of, service_of
from iam.facts.next_actions import ROLE, SAME, Need, next_actions
from iam.passed_roles import principal_of_operation, principal_passed_to
from iam.policy.decision import Layer, LayerResult
from iam.policy.edits import with_statement
from iam.policy.request import NamedPolicy, Policies, Request
from iam.policy.unknown_keys import possible
from iam.sources.resource_policies import has_no_policy
from iam.words import listing

_OWN = (Layer.IDENTITY, Layer.BOUNDARY, Layer.SESSION, Layer.SCP)
_MOST = 8


@dataclass(frozen=True, slots=True)
class NextDenial:
    """An action that the caller's policies do not allow. ``resource`` is what a statement for it names; ``own_policy``:
    the resource may have a policy that allows it, which was not read.
    """

    need: Need
    resource: str
    own_policy: bool = False

    @property
    def words(self) -> str:
        said = self.need.words
        return f"{said} (unless the {self.need.kind}'s own policy allows it)" if self.own_policy else said


def next_denials(case: Case) -> tuple[NextDenial, ...]:
    """What else the operation needs and the caller's own policies, boundary or organization do not allow.

    Empty where the caller's policies were not all read: unread is not refused.
    """
    known = next_actions(case.request.action)
    if (
        known is None
        or not case.resource_known
        or "identity" in case.unread
        or (case.caller.role or case.caller.user) is None
    ):
        return ()
    found: dict[tuple[str, str], NextDenial] = {}
    for need in known.needs:
        own = need.action.lower() == case.request.action.lower()
        if own and (need.on == SAME or f":{need.on}" in case.request.resource):
            continue
        candidates = tuple(_candidates(need, case))
        if candidates and not any(_allowed(case, case.effective_policies, need, each) for each in candidates):
            own_policy = _has_policy(need, candidates[0]) and _only_identity_lacks(case, need, candidates[0])
            found.setdefault((need.action, need.on), NextDenial(need, candidates[0], own_policy))
    return tuple(found.values())[:_MOST]


def next_step(case: Case) -> Step | None:
    """What would refuse once this request is allowed; None where nothing is known to."""
    refused = next_denials(case)
    certain = [each for each in refused if not each.need.when and not each.own_policy]
    said = [each.words for each in (*certain, *(each for each in refused if each not in certain))]
    trust = _trust_words(case)
    if not said and not trust:
        return None
    parts = [f"not allowed either: {listing(said, limit=_MOST)}"] if said else []
    parts += [trust] if trust else []
    known = next_actions(case.request.action)
    evidence = tuple(Evidence(text=each, layer="identity") for each in said)
    if known is not None and said:
        evidence += (Evidence(text=f"what the operation needs: {known.page}", layer="message"),)
    status = Status.FAIL if certain or trust else Status.UNKNOWN
    return Step("next", "What would be refused next", status, "; ".join(parts), evidence)


def next_fix(case: Case) -> Fix | None:
    """One set of statements for the first action and all that follow for certain, evaluated together."""
    every = [each for each in next_denials(case) if not each.need.when]
    service = _passed_to(case)
    certain = [each for each in every if each.need.on != ROLE or ("example" not in each.resource and service)]
    holder = own_holder(case.caller)
    if not certain or holder is None:
        return None
    first = NextDenial(Need(case.request.action, SAME), case.request.resource)
    wanted = [first, *certain]
    statements = list(_statements(wanted, service))
    policies = case.effective_policies
    for statement in statements:
        document = with_statement(None, statement)
        policies = with_identity(policies, NamedPolicy(document, statement["Sid"], holder=holder))
    policies = replace(policies, resource=None)
    allowed = [each for each in wanted if _allowed(case, policies, each.need, each.resource)]
    names = listing(tuple(dict.fromkeys(replace(each, own_policy=False).words for each in certain)))
    left = [each.need.action for each in wanted if each not in allowed]
    proof = (
        f"Evaluated: with these statements, {holder.name}'s own policies allow all {len(wanted)}."
        if not left
        else f"Evaluated: another policy of the caller still refuses {listing(left)}."
    )
    if len(certain) < len(every):
        proof += " The role or its service is unknown: add iam:PassRole on the role's ARN, with iam:PassedToService."
    text = f"{proof}\n{json.dumps(statements, indent=2)}"
    return Fix(f"In the same change, also allow what follows: {names}", Who.ACCOUNT_ADMIN, Note(holder.arn, text))


def _passed_to(case: Case) -> str:
    """The service that gets the role which the operation passes; empty where it is unknown."""
    by_operation = principal_of_operation(case.denial.operation or "")
    return principal_passed_to(case.request.action) or by_operation or ""


def _statements(wanted: list[NextDenial], service: str) -> Iterator[dict[str, Any]]:
    """One statement for each set of resources; a role may be passed to the service alone."""
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
    return denial.resource.replace("example", "*") if denial.need.on not in (SAME, ROLE) else denial.resource


_OF_RESOURCE = re.compile(r"aws:resource|[\w-]+:resourcetag/|[\w-]+:existing", re.IGNORECASE)
"""Condition keys that are properties of the resource: another resource has other values."""


def _request(request: Request, need: Need, resource: str) -> Request:
    """The request for a further need: what is known of the first resource is unknown of another one."""
    if need.on == SAME:
        return replace(request, action=need.action)
    context = {key: values for key, values in request.context.items() if not _OF_RESOURCE.match(key)}
    return replace(request, action=need.action, resource=resource, resource_account=None, context=context)


def _has_policy(need: Need, resource: str) -> bool:
    """Whether the resource, which is not the one of the denial, may have a policy of its own that allows the action."""
    arn = Arn.parse(resource)
    return need.on not in (SAME, ROLE, "*") and arn is not None and not has_no_policy(arn)


def _only_identity_lacks(case: Case, need: Need, resource: str) -> bool:
    """Whether nothing but an identity policy's Allow is missing: what the resource's own policy can stand in for."""
    return _allowed(case, with_identity(case.effective_policies, generous_identity_policy()), need, resource)


def _allowed(case: Case, policies: Policies, need: Need, resource: str) -> bool:
    """Whether the policies let the action through, as far as keys are known.

    For the denial's own resource its policy counts as well; of others it was not read.
    """
    request = _request(case.request, need, resource)
    if need.on == SAME and policies.resource is not None and possible(request, policies).allowed:
        return True
    layers = possible(request, replace(policies, resource=None)).decision.layers
    results = [layers.get(layer, LayerResult.NOT_APPLICABLE) for layer in _OWN]
    return results[0] is LayerResult.ALLOWED and all(
        each in (LayerResult.ALLOWED, LayerResult.NOT_APPLICABLE) for each in results[1:]
    )


def _candidates(need: Need, case: Case) -> Iterator[str]:
    """Resources of the need's kind: a made-up one, and those that the caller's own statements name.

    The action counts as refused only where it is refused on all of them.
    """
    request, policies = case.request, case.effective_policies
    if need.on == "*":
        yield "*"
        return
    if need.on == SAME:
        yield request.resource
        return
    arn = Arn.parse(request.resource)
    partition = case.account.partition
    service = service_of(need.action)
    # "*" where the Region is unknown: then only a statement for every Region, or one that is named, allows it.
    region = (arn.region if arn is not None else "") or next(
        (values[0] for key, values in request.context.items() if key.lower() == "aws:requestedregion"), "*"
    )
    account = case.account.id
    if need.on == ROLE:
        begins = f"arn:{partition}:iam::{account}:role/"
        passed = [each for each in _named(policies) if each.startswith(begins)]
        if not passed:
            yield f"{begins}example"
        yield from (each.replace("*", "example") for each in passed)
        return
    if service == "s3":
        yield f"arn:{partition}:s3:::example/example"
        yield from (each.replace("*", "example") for each in _named(policies) if ":s3:::" in each)
        return
    home = {"iam": "", "route53": ""}.get(service, region)
    owner = {"route53": ""}.get(service, account)
    if service == "ec2" and need.on in ("image/", "snapshot/"):
        owner = ""
    begins = f"arn:{partition}:{service}:{home}:{owner}:{need.on}"
    yield begins if need.on == "catalog" else f"{begins}example"
    for each in _named(policies):
        if each.startswith(f"arn:{partition}:{service}:") and f":{need.on}" in each:
            yield each.replace("*", "example")


def _named(policies: Policies) -> Iterator[str]:
    """The resources that the caller's own Allow statements name."""
    for policy in policies.identity:
        try:
            document = json.loads(policy.document.text)
        except (ValueError, AttributeError):
            continue
        statements = document.get("Statement", []) if isinstance(document, dict) else []
        for statement in statements if isinstance(statements, list) else [statements]:
            named = statement.get("Resource", []) if isinstance(statement, dict) else []
            yield from (each for each in (named if isinstance(named, list) else [named]) if isinstance(each, str))


def _trust_words(case: Case) -> str:
    """That the role to be passed does not trust the service which gets it; empty where it does, or is not known."""
    if case.request.action.lower() != "iam:passrole":
        return ""
    told = next((had for key, had in case.request.context.items() if key.lower() == "iam:passedtoservice"), ())
    by_operation = principal_of_operation(case.denial.operation or "")
    assumed = {key.lower() for key in case.assumed}
    service = by_operation or (told[0] if len(told) == 1 and "iam:passedtoservice" not in assumed else "")
    role = case.owner_side.account.role(case.request.resource)
    if not service or role is None or role.trust is None:
        return ""
    named = trusted_services(role)
    if service in named or "*" in named:
        return ""
    return f"the trust policy of {name_of(role.arn)} does not name {service}, which receives the role"

"""The problem with a condition in the closest statement."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import replace

from diagnostics.access_denied.near_misses import condition_words
from diagnostics.access_denied.pasted.condition_mistakes import out_of_form
from diagnostics.access_denied.pasted.fixes.caller_arn import NOBODY
from diagnostics.access_denied.pasted.fixes.service_calls import OF_SERVICES
from diagnostics.access_denied.pasted.nearest_statement.lack import Closest, Lack, Rule
from diagnostics.access_denied.pasted.nearest_statement.lack_in_words import unmet_words
from diagnostics.access_denied.pasted.principal_arns import misnamed
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.claims import Keys, Source
from iam.policy.decision import ConditionFailure, Fault, NearMiss
from iam.policy.operators import operator
from iam.policy.request import Request
from iam.policy.words import wish
from iam.service_reference import action as known_action
from iam.services import endpoint_region
from iam.words import listing

_UNMET = Fault.CONDITION_UNMET.value


def tests_a_missing_tag(closest: Closest) -> Lack | None:
    """The condition tests a tag, and the text shows that the resource has no tags."""
    untagged = _untagged(closest.near, closest.keys)
    if untagged is None:
        return None
    tag = untagged.key.partition("/")[2]
    text = (
        f"Set the tag to the value that the statement requires, {listing(untagged.wanted, 'or')}. If the policy "
        f"means a tag that the resource already has, correct the tag key {tag} in the condition instead. Keep the "
        "condition."
    )
    title = f"Give the resource the tag {tag}, or correct this tag key in the condition"
    return Lack(
        f": {closest.keys[untagged.key].read_from}",
        f"needs {wish(untagged.operator, untagged.key, untagged.wanted)}, but the resource has no such tag",
        _UNMET,
        Fix(title, Who.RESOURCE_OWNER, Note("the resource of the call", text)),
    )


def has_an_unmet_condition(closest: Closest) -> Lack | None:
    """Only conditions keep the statement from matching: they are not met, or the text does not show their values."""
    if closest.near.fault not in (Fault.CONDITION_UNKNOWN, Fault.CONDITION_UNMET):
        return None
    lack = next((found for rule in _RULES if (found := rule(closest)) is not None), Lack())
    return lack if lack.lacks is not None else replace(lack, lacks="; ".join(map(unmet_words, closest.near.conditions)))


def _compares_wildcards_literally(closest: Closest) -> Lack | None:
    """The operator compares * and ? literally."""
    literal = next(filter(_takes_letter_by_letter, closest.near.conditions), None)
    if literal is None:
        return None
    more = ", which takes * and ? literally: StringLike would treat them as wildcards"
    return Lack(more, f"compares {literal.key} with {listing(literal.wanted)} by {literal.operator}", _UNMET)


def _requires_plain_http(closest: Closest) -> Lack | None:
    """The Allow requires calls without TLS.

    IAM User Guide, "AWS global condition context keys", aws:SecureTransport
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    conditions = closest.near.conditions
    if not any(each.key.lower() == "aws:securetransport" and each.wanted == ("false",) for each in conditions):
        return None
    return Lack(", but calls over HTTPS, the default of AWS's tools, have the value true: an Allow needs true here")


def _tests_tags_of_no_resource(closest: Closest) -> Lack | None:
    """The condition tests a resource's tag, but the action, like most List actions, has no resource.

       Service Authorization Reference, "Actions, resources, and condition keys for AWS services": an action without
    resource types has none of their condition keys
    (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html).
    """
    known = known_action(closest.request.action)
    tags = [each.key for each in closest.near.conditions if ":resourcetag/" in each.key.lower() and not each.had]
    if known is None or known.resource_types or not tags or closest.word != "identity":
        return None
    if any(":resourcetag/" in key.lower() for key in known.keys):
        return None
    statement = json.dumps({"Effect": "Allow", "Action": closest.request.action, "Resource": "*"})
    note = Note(
        closest.place, f"Add the statement {statement}. Keep the condition for the actions on tagged resources."
    )
    return Lack(
        ", but the request has no resource tag, because this action is on no particular resource",
        f"requires {listing(tags)}",
        _UNMET,
        Fix(f"Allow {closest.request.action} in a statement without that condition", closest.owner, note),
    )


def _requires_a_key_of_services(closest: Closest) -> Lack | None:
    """The caller's policy requires a key that only AWS services' requests have."""
    if closest.word != "identity" or closest.request.principal in (None, NOBODY):
        return None
    of_service = _of_a_service(closest.near)
    if not of_service:
        return None
    more = (
        ", which only requests from AWS services have. The caller's own requests do not have this key, so the "
        "statement never matches. Remove the condition here (it belongs in trust policies and resource policies)"
    )
    return Lack(more, f"requires {listing(of_service)}", _UNMET)


def _requires_an_impossible_value(closest: Closest) -> Lack | None:
    """The condition's value has a form that the key's values never have."""
    odd = out_of_form((each.operator, each.key, each.wanted) for each in closest.near.conditions)
    if odd is None:
        return None
    lacks = f"requires {odd.key} to be {listing(odd.values, 'or')}"
    return Lack(f"; {odd.why}", lacks, _UNMET, odd.fix(closest.which, closest.owner))


def _misnames_the_role(closest: Closest) -> Lack | None:
    """The condition names a session, or names a role in a form that aws:PrincipalArn never has."""
    tried = (misnamed(each, closest.request, closest.word) for each in closest.near.conditions)
    role = next(filter(None, tried), None)
    return None if role is None else Lack(f"; {role.problem}", fault=_UNMET, fix=role.fix)


def _names_the_own_resource(closest: Closest) -> Lack | None:
    """The condition on aws:SourceArn names the policy's own resource."""
    own = _names_itself(closest.near, closest.named)
    if own is None:
        return None
    more = ", which is the resource itself, but the key's value is the resource for which the service calls"
    return Lack(more, f"requires {own.key} to be {listing(own.wanted)}", _UNMET)


def _names_services_of_another_region(closest: Closest) -> Lack | None:
    """The condition on kms:ViaService names only services in Regions other than the key's."""
    via = _of_another_region(closest.near, closest.request)
    if via is None:
        return None
    region = closest.request.resource.split(":")[3]
    right = listing([each.replace(endpoint_region(each) or region, region) for each in via.wanted])
    note = Note("the policy in the text", f"Write {right} for {via.key}. Keep the condition.")
    return Lack(
        f", but the key is in {region}, and a service in another Region cannot use it",
        f"requires {via.key} to be {listing(via.wanted, 'or')}",
        _UNMET,
        Fix(f"Write the key's Region in {closest.which}", closest.owner, note),
    )


def _requires_another_key_of_a_family(closest: Closest) -> Lack | None:
    """The request has a different key of the required key's family, such as another tag."""
    sent = _sent_instead(closest.near, closest.request)
    if not sent:
        return None
    missing = tuple(replace(each, had=()) for each in closest.near.conditions)
    return Lack(
        f"; the request sends {listing(sent)} in its place",
        "; ".join(map(condition_words, missing)),
        _UNMET,
        near=replace(closest.near, conditions=missing),
    )


def _has_a_determined_value(closest: Closest) -> Lack | None:
    """The source of the value explains why the request has the value."""
    whys = (closest.keys[each.key].read_from for each in closest.near.conditions if _is_determined(each, closest.keys))
    why = next(whys, "")
    return Lack(f": {why}") if why else None


_RULES: tuple[Rule, ...] = (
    _compares_wildcards_literally,
    _tests_tags_of_no_resource,
    _requires_plain_http,
    _requires_a_key_of_services,
    _requires_an_impossible_value,
    _misnames_the_role,
    _names_the_own_resource,
    _names_services_of_another_region,
    _requires_another_key_of_a_family,
    _has_a_determined_value,
)


def _untagged(near: NearMiss, keys: Keys) -> ConditionFailure | None:
    """Return the condition on a tag of the resource, if the text shows that the resource has no tags."""
    if near.fault not in (Fault.CONDITION_UNMET, Fault.UNRESOLVED_VARIABLE):
        return None
    return next(
        (
            each
            for each in near.conditions
            if ":resourcetag/" in each.key.lower()
            and (had := keys.get(each.key)) is not None
            and had.source is Source.TEXT
            and each.had == ()
        ),
        None,
    )


def _names_itself(near: NearMiss, named: Collection[str]) -> ConditionFailure | None:
    """Return the condition on aws:SourceArn whose only value is the statement's own resource.

    IAM User Guide, "The confused deputy problem": the key has the ARN of the resource for which the service calls
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html).
    """
    own = {re.sub(r"/\*$|\$\{|\}", "", each) for each in named}
    return next(
        (each for each in near.conditions if each.key.lower() == "aws:sourcearn" and set(each.wanted) <= own), None
    )


def _of_another_region(near: NearMiss, request: Request) -> ConditionFailure | None:
    """Return the condition on kms:ViaService that names only services in a different Region from the key's.

    AWS KMS Developer Guide, "AWS KMS condition keys", kms:ViaService: its value has the service and the Region
    (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html).
    """
    parts = request.resource.split(":")
    region = parts[3] if len(parts) > 3 and parts[2] == "kms" else ""
    for each in near.conditions:
        regions = set(filter(None, map(endpoint_region, each.wanted)))
        if region and each.key.lower() == "kms:viaservice" and regions and region not in regions:
            return each
    return None


def _is_determined(condition: ConditionFailure, keys: Keys) -> bool:
    """Return whether the value's source explains the key's value, or explains why the request lacks the key."""
    return condition.key in keys and (not keys[condition.key].known or condition.had == ())


def _of_a_service(near: NearMiss) -> list[str]:
    """Return the keys of the conditions that only a service principal's requests have.

    IAM User Guide, "AWS global condition context keys"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
    """
    return [each.key for each in near.conditions if each.key.lower() in OF_SERVICES and each.had is None]


def _takes_letter_by_letter(condition: ConditionFailure) -> bool:
    """Return whether only a value that itself contains * or ? can meet the condition.

    IAM User Guide, "String condition operators"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
    """
    parts = operator(condition.operator)
    if parts is None or parts.negated or parts.base not in ("StringEquals", "StringEqualsIgnoreCase"):
        return False
    texts = [re.sub(r"\$\{[^}]*\}", "", each) for each in condition.wanted]
    return bool(texts) and all("*" in each or "?" in each for each in texts)


def _sent_instead(near: NearMiss, request: Request) -> list[str]:
    """Return the keys of the same family that the request has instead of the required one."""
    families = {each.key.lower().rpartition("/")[0] for each in near.conditions if "/" in each.key and each.had is None}
    return sorted(key for key in request.context if key.lower().rpartition("/")[0] in families)

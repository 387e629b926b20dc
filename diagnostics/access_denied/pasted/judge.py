"""Evaluate the denied request against the policy documents of a text."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any

from diagnostics.access_denied.near_misses import farthest_first
from diagnostics.access_denied.pasted.asked import known_caller, without
from diagnostics.access_denied.pasted.denies import denied, denied_perhaps, numbered, other_denies, with_a_boundary
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.fixes import NOBODY
from diagnostics.access_denied.pasted.lacking import of_near_misses
from diagnostics.access_denied.pasted.placeholders import resource_texts, told_name, told_pattern
from diagnostics.access_denied.pasted.relevant_policies import PastedPolicy, document_of, policies_of
from diagnostics.access_denied.pasted.unsure import (
    allowed_if_absent,
    naming,
    naming_on,
    on_some_resource,
    without_the_path,
)
from diagnostics.access_denied.request.command import command_resource, listed_tag, told_no_tags, told_tags
from diagnostics.access_denied.request.determined import determined_keys
from diagnostics.access_denied.request.subject import with_known
from diagnostics.access_denied.request.templates import descriptions
from diagnostics.access_denied.request.values import DEFAULTS, keys_around
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.cut_off import MARK, resource_is_cut
from diagnostics.text.read.refusals_in_own_words import held_by_caller
from diagnostics.text.read.text_time import time_of_text
from diagnostics.who import Who
from iam.arn import account_of
from iam.claims import AskedValues, Keys, Source, Sourced, only
from iam.facts.service_principals import short_principal
from iam.lazy_pattern import regex
from iam.policy.compiled import wildcard_only
from iam.policy.decision import Fault
from iam.policy.document import PolicyError
from iam.policy.explain import LayerExplanation, explain_layer
from iam.policy.layer import Layer, LayerResult
from iam.policy.match import names_action, overlap
from iam.policy.operators import operator
from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller
from iam.policy.request import NamedPolicy, Policies, Request
from iam.service_reference import action as known_action
from iam.services import A_REGION
from iam.words import listing


@dataclass(frozen=True, slots=True)
class _Asked(AskedValues):
    """The condition keys that the text gives, as the engine takes them."""

    keys: Keys


@dataclass(frozen=True, slots=True)
class _OnResource(AskedValues):
    """The resource of a command, as the engine takes it."""

    on: Sourced[str] | None


def judge(
    denial: Denial,
    action: str,
    pasted: Sequence[PastedPolicy],
    layer: Layer,
    word: str,
    values: tuple[tuple[int, int, Any], ...],
    *,
    whole: bool,
) -> Iterator[Finding]:
    """Yield what the documents say about the request. ``whole``: they deny what they do not allow."""
    policies = policies_of([one.document for one in pasted], layer)
    presumed = False
    caller = known_caller(denial) or (_provider(policies.resource, denial) if layer is Layer.RESOURCE else None)
    if (
        caller is None
        and not any(map(_asks_for_caller, pasted))
        and (layer is Layer.IDENTITY or all(map(_is_for_everyone, pasted)))
    ):
        caller = NOBODY
    if caller is None and layer is Layer.RESOURCE and word in ("resource", "trust"):
        caller = _only_principal(pasted)  # whose policy somebody shows beside the refusal of a caller without a name
        beside = without(denial.pasted or denial.text, [one.span for one in pasted])
        presumed = caller is not None and not _is_spoken_of(caller, beside)
    if caller is None and word == "trust" and layer is Layer.RESOURCE:
        beside = without(denial.pasted or denial.text, [one.span for one in pasted])
        caller = _only_account(pasted) if _other_external_id(beside, pasted) else None
    if caller is None:
        return
    alone = wildcard_only(action)
    part = "*" in (denial.resource or "") and not alone  # a pattern, of which a statement may cover a part
    reason = (denial.stated_reason or "").partition(":")[0]
    explicit = reason == "explicit"
    shown = resource_of(denial) or _shown_resource(denial, action) or _object_in_code(denial, action)
    outside = without(denial.pasted or denial.text, [one.span for one in pasted])
    shown = shown or _labelled_resource(outside, action) or _object_by_address(denial, outside, action)
    shown = shown or _of_a_cmdlet(denial, action)
    shown = _secret_by_name(shown, denial, pasted) if shown is not None else None
    if shown is not None and layer is Layer.IDENTITY and not reason and resource_is_cut(denial):
        yield from _of_a_cut_resource(shown, action, pasted)
        return
    on = shown or _only_resource(pasted, action, deny=explicit) or _suspected_resource(pasted, action) or "*"
    called = replace(denial, principal=caller)
    keys = with_known(keys_around(denial), determined_keys(called, action, on, _asked_keys(pasted)))
    outside = without(denial.pasted or denial.text, [one.span for one in pasted])
    keys = with_known(keys, _source_of(caller, on, outside))
    keys = with_known(keys, _simulated(outside, _asked_keys(pasted)))
    keys = with_known(keys, {**settings_of(outside, _asked_keys(pasted)), **told_tags(outside)})
    keys = with_known(keys, listed_tag(outside, on))
    keys = with_known(keys, told_no_tags(outside, _asked_keys(pasted)))
    keys = with_known(keys, told_ids(denial.pasted or denial.text, outside, _asked_keys(pasted)))
    keys = with_known(keys, _other_external_id(outside, pasted))
    keys = with_known(keys, _time_of_the_call(outside, pasted))
    context = {**_role_of_session(caller, policies, outside), **_Asked(keys).context, **_claims(values)}
    pasted = [_with_open_conditions(one, {key.lower() for key, had in context.items() if had}) for one in pasted]
    policies = policies_of([one.document for one in pasted], layer)
    request = Request(caller, action, "*" if alone else on, context=context)
    try:
        explained = explain_layer(request, policies, layer)
        sure = explain_layer(request, policies_of([one.sure for one in pasted], layer), layer)
    except PolicyError:
        return
    if (
        layer is Layer.IDENTITY
        and explained.result is not LayerResult.ALLOWED
        and action.lower() in held_by_caller(outside)
        and not any(names_action(each.action or (), action) for one in pasted for each in one.document.statements)
    ):
        return  # another identity's policy: the text says that the caller has the action
    if presumed and explained.result is LayerResult.ALLOWED:
        return
    # Where AWS says that nothing allows it, no Deny matched.
    if explained.denials and reason != "implicit":
        known = {*DEFAULTS, *(key.lower() for key in context)}
        others = other_denies(pasted, explained.denials, action, known)
        yield denied(explained.denials, request, word, keys, others)
        return
    if perhaps := denied_perhaps(pasted, request, layer, context) if reason != "implicit" else []:
        yield denied(perhaps, request, word, keys)
        if explicit:
            return
    if explicit and (always := with_a_boundary(numbered(pasted), denial, action, word)) is not None:
        yield always
    elif part and word == "identity" and (narrower := _narrower(action, on, pasted)):
        yield _of_all(action, on, narrower)
    elif part and explained.result is LayerResult.ALLOWED:
        return
    elif (
        explained.result is LayerResult.ALLOWED
        and reason == "implicit"
        and (open_ := allowed_if_absent(pasted, action, request, word)) is not None
    ):
        yield open_
    elif (
        explained.result is LayerResult.ALLOWED
        and (pathless := without_the_path(pasted, action, word)) is not None
        and word == "identity"
    ):
        yield pathless
    elif explained.result is LayerResult.ALLOWED and all(one.filled for one in pasted):
        return
    elif explained.result is LayerResult.ALLOWED and shown is None and not alone and word != "trust":
        yield from on_some_resource(pasted, action, word)
    elif sure.result is LayerResult.ALLOWED:
        if only_in := _region_of_a_name(denial, on):
            said = f"it allows {action} in {only_in} only: check that the call is made there"
            sentence = (
                f"The policy in the text allows {action} in {only_in} only. Check that the call is made there: with a "
                "name in place of an ARN, a call is for the Region that the program or shell has set."
            )
            yield Finding(None, said, sentence)
            return
        yield replace(naming(action), covers=True)
    elif explained.result is LayerResult.ALLOWED:
        yield from naming_on(pasted, action)
    elif (
        (whole and (shown is not None or alone or word == "trust" or _for_any(pasted, action)))
        or ((whole or _is_listed(pasted, denial, word)) and not _is_named(pasted, action))
        or presumed
        or _fails_by_condition(explained)
    ):
        named = [each for one in pasted for had in one.written for each in resource_texts(had.get("Resource", []))]
        lacking = of_near_misses(_as_written(explained, pasted), action, word, request, keys, named)
        wanted = Fault.CONDITION_UNMET.value if presumed else ""
        meets = not whole or any(overlap(told_pattern(each), on) for each in named)
        yield from (
            one
            for one in lacking
            if (one.code or "").endswith(wanted)
            and not (part and meets and (one.code or "").endswith(Fault.RESOURCE_MISMATCH.value))
        )


def _of_a_cut_resource(shown: str, action: str, pasted: Sequence[PastedPolicy]) -> Iterator[Finding]:
    """Yield that the text has only the beginning of the resource, if its policies allow the action on some resource."""
    begins = MARK.sub("", shown)
    allows = [
        (
            each.effect == "Allow" and names_action(each.action or (), action),
            resource_texts(written.get("Resource", "*")),
        )
        for one in pasted
        for written, each in zip(one.written, one.document.statements, strict=True)
    ]
    named = dict.fromkeys(told_name(each) for allowed, some in allows if allowed for each in some)
    if not named or "*" in named:
        return
    allowed_on = listing(list(named)[:_FEW])
    said = f"it allows {action} on {allowed_on}; the text has only the beginning of the resource: {begins}"
    sentence = (
        f"The text cuts off the resource {begins} and the reason: get the whole message first. The policy in the text "
        f"allows {action} on {allowed_on}. If the call was on another resource, the policy has to "
        "name that; if it was on this one, the rest of the message tells what refuses."
    )
    yield Finding(None, said, sentence, settles=True)


_FEW = 3


def _narrower(action: str, on: str, pasted: Sequence[PastedPolicy]) -> list[str]:
    """Return the patterns that the Allows of a call name, if it was checked on * or on all of a type; else [].

    A call that lists without an ID is checked on the pattern itself, which a narrower one does not match (IAM User
    Guide, "IAM JSON policy elements: Resource":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
    """
    known = known_action(action)
    named = [
        each
        for one in pasted
        for statement in one.document.statements
        if statement.effect == "Allow" and names_action(statement.action or (), action)
        for each in statement.resource or ()
    ]
    all_of_a_type = known is not None and known.level == "List" and re.search(r"[:/]\*$", on) is not None
    return named if (all_of_a_type or on == "*") and not any(fnmatchcase(on, each) for each in named) else []


def _of_all(action: str, on: str, named: Sequence[str]) -> Finding:
    names = only(listing(list(named)), complete=True)
    whole = "" if on == "*" else ", all of them,"
    said = f"the call was checked on {on}{whole} and the statement names {names}"
    statement = json.dumps({"Effect": "Allow", "Action": action, "Resource": "*"})
    text = f"Add the statement {statement}. Keep the other actions on {listing(list(named))}."
    note = Note("the policy in the text", text)
    fix = Fix(f"Allow {action} on all resources, in a statement of its own", Who.ACCOUNT_ADMIN, note)
    why = "Only a statement with Resource * matches that." if on == "*" else "A call that lists needs a statement on *."
    sentence = f"The policy in the text does not allow {action}: {said}. {why}"
    return Finding("identity.resource-mismatch", said, sentence, fix=fix)


_ARN = regex(r"arn:[\w-]+:[a-z0-9-]+:[a-z0-9-]*:\d{12}:[^\s\"'\\,;)\]}>]*[\w/*-]|arn:[\w-]+:s3:::[a-z0-9.-]+[a-z0-9]")


def _source_of(caller: str, on: str, outside: str) -> Keys:
    """Return what a service calls for: the only resource of the service that the text names outside its policies."""
    if request_caller(caller).kind is not Kind.SERVICE:
        return {}
    own = short_principal(caller).rpartition(".")[2]
    named = {each for each in _ARN.findall(outside) if each.split(":")[2] == own and each != on}
    if len(named) != 1:
        return {}
    arn = named.pop()
    keys: dict[str, Sourced[tuple[str, ...]]] = {"aws:SourceArn": Sourced((arn,), Source.TEXT, arn)}
    if account := account_of(arn):
        keys["aws:SourceAccount"] = Sourced((account,), Source.TEXT, arn)
    return keys


_SETTING = regex(
    r"(?<![\w.-])[\"']?(?P<name>[A-Za-z][\w-]{2,60})[\"']?[ \t]*[:=](?!=)[ \t]*[\"']?(?P<value>[\w./:*-]{1,200})[\"']?"
)


# The option of S3's clients, of which s5cmd and s3cmd are no AWS CLI.
_ENCRYPTION_OPTION = regex(r"--(?:sse|server-side-encryption)[ =](?P<value>AES256|aws:kms(?::dsse)?)(?![\w:])")
_SAYS_ENOUGH = 8
"""The fewest letters of a key's name that a setting may share: shorter names have other meanings, too."""


def settings_of(outside: str, asked: Collection[str]) -> Keys:
    """Return a service's condition keys whose value the text's settings give: ``encrypted: false`` is ec2:Encrypted.

    Services name such keys after the parameters of their calls (Service Authorization Reference).
    """
    wanted = {
        name: key
        for key in asked
        if len(name := re.sub(r"[^a-z0-9]", "", key.partition(":")[2].lower())) >= _SAYS_ENOUGH
        and not key.lower().startswith("aws:")
        and "/" not in key
        and "." not in key.partition(":")[0]
    }
    found: dict[str, dict[str, str]] = {}
    if (encryption := wanted.get("xamzserversideencryption")) is not None:
        for each in _ENCRYPTION_OPTION.finditer(outside):
            found.setdefault(encryption, {})[each["value"]] = each[0]
    for each in _SETTING.finditer(outside) if wanted else ():
        if (key := wanted.get(re.sub(r"[^a-z0-9]", "", each["name"].lower()))) is not None:
            value = each["value"].lower() if each["value"] in ("True", "False") else each["value"]
            found.setdefault(key, {})[value] = " ".join(each[0].split())
    return {
        key: Sourced((value,), Source.TEMPLATE, said)
        for key, values in found.items()
        if len(values) == 1
        for value, said in values.items()
        if not value.startswith(("var.", "local.", "module."))
    }


def _time_of_the_call(outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return the time of the call by the text, if the policies ask for it and the text has it with its time zone."""
    if not any(key.lower() == "aws:currenttime" for key in _asked_keys(pasted)):
        return {}
    at = time_of_text(outside)
    if at is None or at.earliest != at.latest:
        return {}
    value = f"{at.earliest:%Y-%m-%dT%H:%M:%SZ}"
    return {"aws:CurrentTime": Sourced((value,), Source.TEXT, "the time in the text")}


_EXTERNAL_ID_TOLD = regex(
    r"(?<![A-Za-z])external[ _-]?id\b(?![\"'])[^\n:={}|]{0,30}(?:[:=]|\|(?:[ \t]*String[ \t]*\|)?)[ \t]*[\"'`]?"
    r"(?P<value>[\w+=,.@:/-]{4,})",
    re.IGNORECASE,
)


def _other_external_id(outside: str, pasted: Sequence[PastedPolicy]) -> Keys:
    """Return the external ID that the text tells beside the policies, if they ask for another one."""
    told = {each["value"].rstrip(".,:"): each[0] for each in _EXTERNAL_ID_TOLD.finditer(outside)}
    wanted = {
        value
        for one in pasted
        for each in one.document.statements
        for block in each.conditions
        if block.key.lower() == "sts:externalid"
        for value in block.values
    }
    if len(told) != 1 or not wanted or wanted & set(told):
        return {}
    ((value, said),) = told.items()
    return {"sts:ExternalId": Sourced((value,), Source.TEMPLATE, " ".join(said.split()))}


_IDS = {
    "aws:sourcevpce": regex(r"(?<![\w-])vpce-[0-9a-f]{8,17}(?![\w-])"),
    "aws:sourcevpc": regex(r"(?<![\w-])vpc-[0-9a-f]{8,17}(?![\w-])"),
    "aws:principalorgid": regex(r"(?<![\w-])o-[a-z0-9]{10,32}(?![\w-])"),
}
"""The forms of the IDs that these keys have: IAM User Guide, "AWS global condition context keys"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html).
"""
_NOT_OF_TODAY = regex(
    r"\b(?:old|previous\w*|former\w*|deleted|removed|was|were|should|must|want\w*|need\w*|not|no|add\w*)\b|n['’]t\b",
    re.IGNORECASE,
)


def told_ids(text: str, outside: str, asked: Collection[str]) -> Keys:
    """Return the keys whose value the text names beside its policies: ``our organization is o-…``.

    Only an ID that no policy of the text has counts: whether a call goes through the endpoint that a policy names is
    unknown even where the text names it.
    """
    found: Keys = {}
    for key in asked:
        ids = _IDS.get(key.lower())
        if ids is None:
            continue
        places = {each[0]: each.start() for each in ids.finditer(outside)}
        if len(places) != 1 or not {each[0] for each in ids.finditer(text)} > set(places):
            continue
        ((one, at),) = places.items()
        line = outside[outside.rfind("\n", 0, at) + 1 :].partition("\n")[0]
        begin = max(line.rfind(mark, 0, line.find(one)) for mark in (", ", "; ", ". "))
        if not _NOT_OF_TODAY.search(line[max(begin, 0) :]):
            found = {**found, key: Sourced((one,), Source.TEXT, one)}
    return found


def _asked_keys(pasted: Sequence[PastedPolicy]) -> list[str]:
    """The condition keys of the statements, as the text has them."""
    asked = dict.fromkeys(block.key for one in pasted for each in one.document.statements for block in each.conditions)
    asked |= dict.fromkeys(key for one in pasted for each in one.written for _, key, _ in _conditions(each))
    return list(asked)


def _conditions(statement: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    blocks = statement.get("Condition")
    for kind, block in blocks.items() if isinstance(blocks, dict) else ():
        for key, values in block.items() if isinstance(block, dict) else ():
            if operator(str(kind)) is not None and ":" in str(key) and "${" not in str(key):
                yield str(kind), str(key), values


def _with_open_conditions(one: PastedPolicy, known: Collection[str]) -> PastedPolicy:
    """The policy with its conditions whose values a deployment computes, too, if the request's value is unknown.

    Whatever the computed values are, the request may not have the key.
    """
    statements = []
    value = one.document.value
    for written, filled in zip(one.written, value["Statement"] if isinstance(value, dict) else (), strict=True):
        conditions = {kind: dict(block) for kind, block in (filled.get("Condition") or {}).items()}
        for kind, key, values in _conditions(written):
            left_out = written.get("Effect") == "Allow" and resource_texts(values) == ["..."]
            if key.lower() not in known and not left_out:
                conditions.setdefault(kind, {}).setdefault(key, [_as_name(each) for each in resource_texts(values)])
        statements.append({**filled, "Condition": conditions} if conditions else filled)
    return replace(one, document=document_of(statements))


def _as_name(value: str) -> str:
    """The name of a reference, which the engine does not take for a policy variable."""
    return re.sub(r"\$\{([^}:]*)\}", r"\1", value)


def _suspected_resource(pasted: Sequence[PastedPolicy], action: str) -> str:
    """Return the resource of the first conditional statement that names the action, if the text names no resource."""
    suspects = (
        each
        for one in pasted
        for each in one.document.statements
        if each.conditions and names_action(each.action or ("*",), action)
    )
    first = next(suspects, None)
    resources = first.resource or () if first is not None else ()
    known = known_action(action)
    kinds = known.resource_types if known is not None else ()
    return next((each for each in resources if any(kind.fits(each) for kind in kinds)), next(iter(resources), ""))


def _fails_by_condition(explained: LayerExplanation) -> bool:
    """Return whether the closest statement allows the request except for a condition."""
    nearest = farthest_first(explained.near_misses)
    return bool(nearest) and nearest[0].fault in (Fault.CONDITION_UNMET, Fault.CONDITION_UNKNOWN)


def resource_of(denial: Denial) -> str | None:
    """Return the resource of the request, as an ARN if IAM's message names a role or user without one."""
    named, account = _ENTITY.fullmatch(denial.resource or ""), account_of(denial.principal or "")
    if named is None or account is None:
        return denial.resource
    partition = (denial.principal or "").split(":")[1]
    return f"arn:{partition}:iam::{account}:{named[1]}/{named[2]}"


_SECRET = regex(
    r"arn:[\w-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:(?P<name>[^*]+?)(?:-(?:\?{6}|[A-Za-z0-9]{6}|\*)|\*)?"
)


_SUFFIX = "??????"
"""The six characters that end a secret's ARN, where the text does not show them."""
# AWS CLI User Guide, "Environment variables"
# (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html).
_SHELL_REGION = regex(
    r"(?:\bAWS(?:_DEFAULT)?_REGION[ \t]*=[ \t]*[\"']?|\bSet-DefaultAWSRegion[ \t]+(?:-Region[ \t]+)?"
    r"|\baws configure get region[ \t]*\n|\bIsShellDefault[ \t]*\n[- \t]*\n)"
    rf"({A_REGION.pattern})(?![\w-])"
)


def _region_of_a_name(denial: Denial, on: str) -> str:
    """Return the Region of the ARN that the policy has for a name in the message; "" if that is an ARN."""
    parts = on.split(":")
    if ":" in (denial.resource or ":") or len(parts) < 6 or parts[2] != "secretsmanager":
        return ""
    region = keys_around(denial).get("aws:RequestedRegion")
    return "" if (region is not None and region.known) or _regions_set(denial) else parts[3]


def _regions_set(denial: Denial) -> set[str]:
    """Return the Regions that the text shows as set in the shell."""
    return set(_SHELL_REGION.findall(denial.pasted or denial.text))


def _secret_by_name(resource: str, denial: Denial, pasted: Sequence[PastedPolicy]) -> str:
    """Return the ARN of the message's secret by its name, if a statement names a secret of this name.

    The Region is that of the call, as far as the text shows it. Any other resource is returned unchanged.

    Secrets Manager User Guide, "Permissions policy examples": six characters follow the name
    (https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_examples.html).
    """
    if not (denial.action or "").lower().startswith("secretsmanager:") or ":" in resource or resource == "*":
        return resource
    named = {
        each
        for one in pasted
        for statement in one.document.statements
        for each in statement.resource or ()
        if (found := _SECRET.fullmatch(each)) is not None and found["name"] == resource
    }
    if len(named) != 1:
        return resource
    parts = named.pop().split(":", 6)
    region = keys_around(denial).get("aws:RequestedRegion")
    set_ = _regions_set(denial)
    if region is not None and region.known:
        parts[3] = region.words
    elif len(set_) == 1:
        parts[3] = set_.pop()
    return ":".join([*parts[:6], f"{resource}-{re.sub(r'[?*]+', _SUFFIX, parts[6][len(resource) + 1 :]) or _SUFFIX}"])


def with_arn(denial: Denial) -> Denial:
    return replace(denial, resource=resource_of(denial))


_ENTITY = regex(r"(role|user|group|policy) ([\w+=,.@-]+)")


def _for_any(pasted: Sequence[PastedPolicy], action: str) -> bool:
    """Return whether every Allow of the action covers every resource, so that the call's resource does not matter."""
    named = [
        each.resource
        for one in pasted
        for each in one.document.statements
        if each.effect == "Allow" and names_action(each.action or (), action)
    ]
    return bool(named) and all("*" in (resources or ()) for resources in named)


def _is_listed(pasted: Sequence[PastedPolicy], denial: Denial, word: str) -> bool:
    """Whether all documents are lists in words, and AWS says that no policy of the layer allows the request.

    Such a list may be incomplete, but what it leaves out does not allow the request either.
    """
    return denial.stated_reason == f"implicit:{word}" and all(one.listed for one in pasted)


def _only_resource(pasted: Sequence[PastedPolicy], action: str, *, deny: bool) -> str:
    """Return the resource that the statements name for the action, if all name the same.

    Of a bucket and its objects, it is the one that the action is on. The result is "" if they differ, and for Allow
    statements of a request whose resource matters.
    """
    effect = "Deny" if deny else "Allow"
    named = {
        each.resource
        for one in pasted
        for each in one.document.statements
        if each.effect == effect and names_action(each.action or ("*",), action)
    }
    resources = next(iter(named)) if len(named) == 1 else None
    if not resources or (not deny and not action.lower().startswith("s3express:")):
        return ""
    known = known_action(action)
    kinds = known.resource_types if known is not None else ()
    fitting = [each for each in resources if any(kind.fits(each) for kind in kinds)]
    inner = [each for each in fitting if each.endswith("/*")] or fitting
    return resources[0] if len(resources) == 1 else inner[0] if inner else ""


PARTITION = regex(r"\barn:(aws[a-z-]*):")


def _shown_resource(denial: Denial, action: str) -> str | None:
    """The bucket or object of the command in the text."""
    partition = next(iter(PARTITION.findall(denial.text)), "aws")
    shown = _OnResource(command_resource(denial.text, action, denial.operation, partition))
    return shown.resource


def _object_in_code(denial: Denial, action: str) -> str | None:
    """The only object that calls in code name by bucket and key."""
    if not action.lower().startswith("s3:"):
        return None
    partition = next(iter(PARTITION.findall(denial.text)), "aws")
    found = {
        f"arn:{partition}:s3:::{each.parameters['bucket'][0][0]}/{each.parameters['key'][0][0]}"
        for each in descriptions(denial.text)
        if each.operation and {"bucket", "key"} <= each.parameters.keys()
    }
    found |= copied_objects(denial) if action == "s3:GetObject" else set()
    return found.pop() if len(found) == 1 else None


def copied_objects(denial: Denial) -> set[str]:
    """Return the ARNs of the objects that the text names as the source of a copy."""
    partition = next(iter(PARTITION.findall(denial.text)), "aws")
    return {f"arn:{partition}:s3:::{each}" for each in _COPIED.findall(denial.text)}


# Amazon S3 API Reference, "CopyObject": the source is a bucket and a key
# (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
_COPIED = regex(
    r"\b(?:copy_?source|x-amz-copy-source|copy-source)[\"']?[ \t]*[:=]?[ \t]*[\"']?/?"
    r"(?!arn:)([a-z0-9][a-z0-9.-]{2,62}/[^\s\"',;)}]+)",
    re.IGNORECASE,
)
# AWS Tools for PowerShell, "Get-S3Object" (https://docs.aws.amazon.com/powershell/latest/reference/items/Get-S3Object.html).
_BUCKET_OF_CMDLET = regex(
    r"\b(?P<verb>Get|Remove|Write|Read|Copy)-S3\w*[^\n|;]*?-BucketName[ "
    r"\t:]+[\"']?(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])"
)


def _of_a_cmdlet(denial: Denial, action: str) -> str | None:
    """Return the bucket that the text's PowerShell cmdlets for S3 list, if they all name one; else None."""
    if action.lower() != "s3:listbucket":
        return None
    named = {each["bucket"] for each in _BUCKET_OF_CMDLET.finditer(denial.pasted or denial.text)}
    partition = next(iter(PARTITION.findall(denial.text)), "aws")
    return f"arn:{partition}:s3:::{named.pop()}" if len(named) == 1 else None


_LABELLED = regex(
    r"^[ \t>|*-]*resource(?: arn)?[ \t]*[:=][ \t]*[\"'`]?(arn:[^\s\"'`,;)*]+)[\"'`]?[ \t]*$", re.MULTILINE
)


def _labelled_resource(outside: str, action: str) -> str | None:
    """Return the only resource that a line outside the policies names for the call: ``resource: arn:…``."""
    known = known_action(action)
    kinds = known.resource_types if known is not None else ()
    found = {each for each in _LABELLED.findall(outside) if any(kind.fits(each) for kind in kinds)}
    return found.pop() if len(found) == 1 else None


_ADDRESS = regex(r"(?<![\w/])s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/([^\s\"'`,;)*]*[^\s\"'`,;)*./])(?=[\s\"'`,;).]|$)")


def _object_by_address(denial: Denial, outside: str, action: str) -> str | None:
    """Return the object of a read that failed: the only one, or the first of one folder, whose address the text has."""
    if action.lower() != "s3:getobject" or denial.operation not in ("HeadObject", "GetObject"):
        return None
    found = list(dict.fromkeys(_ADDRESS.findall(outside)))
    if len({(bucket, key.rpartition("/")[0]) for bucket, key in found}) != 1:
        return None
    partition = next(iter(PARTITION.findall(denial.text)), "aws")
    return f"arn:{partition}:s3:::{'/'.join(found[0])}"


def _is_for_everyone(one: PastedPolicy) -> bool:
    """Return whether a document tests no principal."""
    values = {value for each in one.document.statements for _, value in each.principal or (("", ""),)}
    return values == {"*"}


def _only_principal(pasted: Sequence[PastedPolicy]) -> str | None:
    """Return the only role or user that the documents name; None if they name several, or another kind of principal."""
    values = {value for one in pasted for each in one.document.statements for _, value in each.principal or ()}
    only_one = values.pop() if len(values) == 1 else ""
    return only_one if re.fullmatch(r"arn:[\w-]+:iam::\d{12}:(?:role|user)/[^*?]+", only_one) else None


def _only_account(pasted: Sequence[PastedPolicy]) -> str | None:
    """Return the root of the only account that the documents trust, for a caller of it; None for other principals."""
    values = {value for one in pasted for each in one.document.statements for _, value in each.principal or ()}
    only_one = values.pop() if len(values) == 1 else ""
    return only_one if re.fullmatch(r"arn:[\w-]+:iam::\d{12}:root", only_one) else None


def _is_spoken_of(arn: str, text: str) -> bool:
    """Return whether the text outside its policies names this role or user."""
    name = re.escape(arn.rpartition("/")[2])
    words = rf"\b(?:role|user)[ /:]+[\"'`]?{name}(?![\w-])|(?<![\w-]){name}[\"'`]? (?:role|user)\b"
    return re.search(words, text, re.IGNORECASE) is not None


def _simulated(text: str, asked: Collection[str]) -> Keys:
    """Return the values with which a simulation in the text is denied, for keys that the policies test."""
    found: dict[str, Sourced[tuple[str, ...]]] = {}
    for key in asked:
        name = re.escape(key.partition(":")[2])
        refused = re.findall(
            rf"(?<![\w-]){name}[\"']?\s*[=:]\s*[\"']?([\w.:/-]+)[\"']?\s*(?:->|=>|→|:)\s*(?:implicit|explicit)Deny",
            text,
            re.I,
        )
        if len(set(refused)) == 1:
            said = f"the simulation with {refused[0]} is refused"
            found[key] = Sourced((refused[0],), Source.GUESS, said)
    return found


def _asks_for_caller(one: PastedPolicy) -> bool:
    """Return whether a document tests what only the caller's ARN shows."""
    keys = r"aws:(?:principal(?:arn|account|type|isawsservice)|user(?:id|name))"
    return re.search(keys, one.document.text, re.IGNORECASE) is not None


def _is_named(pasted: Sequence[PastedPolicy], action: str) -> bool:
    """Whether an Allow statement covers the action on some resource."""
    allows = [each for one in pasted for each in one.document.statements if each.effect == "Allow"]
    return any(
        names_action(each.action, action)
        if each.action is not None
        else not names_action(each.not_action or (), action)
        for each in allows
    )


def _as_written(explained: LayerExplanation, pasted: Sequence[PastedPolicy]) -> LayerExplanation:
    """Return the near misses with the resources as in the text, instead of those that match the request best."""
    originals: dict[str, str] = {}
    for one in pasted:
        for statement, filled in zip(one.written, one.document.statements, strict=True):
            if "Resource" in statement:
                originals.update(zip(filled.resource or (), resource_texts(statement["Resource"]), strict=False))
    misses = tuple(
        replace(
            near,
            wanted=tuple(dict.fromkeys(told_name(originals.get(each, each)) for each in near.wanted)),
            part=near.part if near.part == "region" else None,
            sentence="",
        )
        if any(originals.get(each, each) != each for each in near.wanted)
        else near
        for near in explained.near_misses
    )
    return replace(explained, near_misses=misses)


def of_another(
    denial: Denial, action: str, pasted: Sequence[PastedPolicy], caller: str, values: tuple[tuple[int, int, Any], ...]
) -> Iterator[Finding]:
    """Yield that a policy which may allow the request is attached to another role than the caller's."""
    judged = judge(denial, action, pasted, Layer.IDENTITY, "identity", values, whole=False)
    if not any(one.code is None for one in judged):
        return
    holders = listing(tuple(sorted({name for one in pasted for name in one.holders})))
    said = f"the policy that names {action} is attached to {holders}, not to {caller}"
    names = {re.escape(name) for one in pasted for name in one.holders}
    users = any(re.search(rf"user/{name}\b|serName\W+{name}\b", denial.text) for name in names)
    session = users and ":assumed-role/" in (denial.principal or "")
    only_its = " A session has the permissions of its role, not those of who assumed it." if session else ""
    chosen = not (_BY_A_SERVICE.search(denial.principal or "") or _STARTS.search(denial.pasted or denial.text))
    otherwise = f"Make the call as {holders}, or, if {caller} should make it, allow it there."
    sentence = (
        f"In the text, {said}. {otherwise if chosen else f'Allow it to {caller}, which makes this call.'}{only_its}"
    )
    yield Finding("identity.no-action", said, sentence)


# The service chooses the role: CloudFormation's, "AWS CloudFormation service role"
# (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html); ECS, "Task
# execution role" (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html).
_BY_A_SERVICE = regex(
    r":assumed-role/[^/\s]+/(?:AWSCloudFormation|AWSCodeBuild-\S*|GlueJobRunnerSession|AWS-Crawler|SageMaker)(?![\w-])"
)
_STARTS = regex(
    r"\bEMR step failed\b|\[FAILED\] from custom resource|ResourceInitializationError|CannotPull(?:ECR)?Container"
    r"|execution resource retrieval failed"
)
_ROLE_WITH_PATH = regex(r":role/[^\"]*/")


def _role_of_session(caller: str, policies: Policies, outside: str) -> dict[str, tuple[str, ...]]:
    """Return the ARN of a session's role, with the path that the text ``outside`` the policies has for it.

    The session's ARN gives it without the path: unknown if a path matters.
    """
    who = request_caller(caller)
    if who.kind is Kind.SESSION and who.name:
        shown = re.findall(
            rf"arn:{who.partition}:iam::{who.account}:role/(?:[\w+=,.@-]+/)*{re.escape(who.name)}(?![\w+=,.@/-])",
            outside,
        )
        if len(set(shown)) == 1:
            return {"aws:PrincipalArn": (shown[0],)}
    documents = [one.document for one in (*policies.identity, policies.resource) if one is not None]
    if who.kind is not Kind.SESSION or any(_ROLE_WITH_PATH.search(document.text) for document in documents):
        return {}
    path = "aws-reserved/sso.amazonaws.com/[REGION/]" if (who.name or "").startswith("AWSReservedSSO_") else ""
    return {"aws:PrincipalArn": (f"arn:{who.partition}:iam::{who.account}:role/{path}{who.name}",)}


def _claims(values: tuple[tuple[int, int, Any], ...]) -> dict[str, tuple[str, ...]]:
    """The condition keys of a token whose claims the text shows decoded."""
    found: dict[str, tuple[str, ...]] = {}
    for *_, value in values:
        if isinstance(value, dict) and isinstance(issuer := value.get("iss"), str) and "sub" in value:
            host = issuer.removeprefix("https://")
            for claim in ("sub", "aud", "amr"):
                if claim in value:
                    had = value[claim]
                    found[f"{host}:{claim}"] = tuple(map(str, had)) if isinstance(had, list) else (str(had),)
    return found


def _provider(policy: NamedPolicy | None, denial: Denial) -> str | None:
    """Return the identity provider that a trust policy names: web identity and SAML calls have no other caller."""
    if policy is None or not (denial.action or "").lower().startswith("sts:assumerolewith"):
        return None
    pairs = (pair for statement in policy.document.statements for pair in statement.principal or ())
    return next((value for kind, value in pairs if kind == "Federated"), None)

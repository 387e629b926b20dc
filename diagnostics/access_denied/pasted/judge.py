"""Evaluate the denied request against the policy documents of a text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Any

from diagnostics.access_denied.near_misses import farthest_first
from diagnostics.access_denied.pasted.asked import known_caller, without
from diagnostics.access_denied.pasted.denies import denied, denied_perhaps, numbered, other_denies, with_a_boundary
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.fixes import NOBODY
from diagnostics.access_denied.pasted.nearest_statement import of_near_misses
from diagnostics.access_denied.pasted.placeholders import resource_texts, stated_name, stated_pattern
from diagnostics.access_denied.pasted.relevant_policies import PastedPolicy, policies_of
from diagnostics.access_denied.pasted.request_ids import other_external_id
from diagnostics.access_denied.pasted.request_keys import (
    Asked,
    claims,
    role_of_session,
    stated_keys,
    with_open_conditions,
)
from diagnostics.access_denied.pasted.request_resource import (
    called_resource,
    only_resource,
    region_of_a_name,
    suspected_resource,
)
from diagnostics.access_denied.pasted.unsure import (
    allowed_if_absent,
    naming,
    naming_on,
    of_a_tags_case,
    on_some_resource,
    without_the_path,
)
from diagnostics.access_denied.request.values import DEFAULTS
from diagnostics.diagnosis import PolicyFact
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.author.granted import held_by_caller
from diagnostics.text.read.messages.cut_off import MARK, resource_is_cut
from diagnostics.who import Who
from iam.claims import Keys, only
from iam.lazy_pattern import regex
from iam.policy.compiled import wildcard_only
from iam.policy.decision import Fault
from iam.policy.document import PolicyError
from iam.policy.explain import LayerExplanation, explain_layer
from iam.policy.layer import Layer, LayerResult
from iam.policy.match import names_action, overlap
from iam.policy.request import NamedPolicy, Request
from iam.service_reference import action as known_action
from iam.words import listing


def judge(
    denial: Denial,
    action: str,
    pasted: Sequence[PastedPolicy],
    layer: Layer,
    word: str,
    values: tuple[tuple[int, int, Any], ...],
    *,
    whole: bool,
    sent: Keys | None = None,
) -> Iterator[Finding]:
    """Yield what the documents say about the request.

    ``whole``: what the documents do not allow is denied. ``sent`` are condition keys that the caller is known to send.
    """
    policies = policies_of([one.document for one in pasted], layer)
    presumed = False
    caller = known_caller(denial) or (_provider(policies.resource, denial) if layer is Layer.RESOURCE else None)
    if (
        caller is None
        and not any(map(_asks_for_caller, pasted))
        and (layer is Layer.IDENTITY or all(map(_is_for_everyone, pasted)))
    ):
        caller = NOBODY
    outside = without(denial.pasted or denial.text, [one.span for one in pasted])
    if caller is None and layer is Layer.RESOURCE and word in ("resource", "trust"):
        caller = _only_principal(pasted)  # the holder of a policy that is shown with the refusal of an unnamed caller
        presumed = caller is not None and not _is_spoken_of(caller, outside)
    if caller is None and word == "trust" and layer is Layer.RESOURCE:
        caller = _only_account(pasted) if other_external_id(outside, pasted) else None
    if caller is None:
        return
    alone = wildcard_only(action)
    part = "*" in (denial.resource or "") and not alone  # a pattern, of which a statement may cover only a part
    reason = (denial.stated_reason or "").partition(":")[0]
    explicit = reason == "explicit"
    shown = called_resource(denial, action, outside, pasted)
    if shown is not None and layer is Layer.IDENTITY and not reason and resource_is_cut(denial):
        yield from _of_a_cut_resource(shown, action, pasted)
        return
    on = shown or only_resource(pasted, action, deny=explicit) or suspected_resource(pasted, action) or "*"
    keys = {**stated_keys(replace(denial, principal=caller), action, on, outside, pasted), **(sent or {})}
    context = {**role_of_session(caller, policies, outside), **Asked(keys).context, **claims(values)}
    pasted = [with_open_conditions(one, {key.lower() for key, had in context.items() if had}) for one in pasted]
    policies = policies_of([one.document for one in pasted], layer)
    request = Request(caller, action, "*" if alone else on, context=context)
    try:
        explained = explain_layer(request, policies, layer)
        sure = explain_layer(request, policies_of([one.sure for one in pasted], layer), layer)
    except PolicyError:
        return
    if (
        word == "identity"
        and explained.result is not LayerResult.ALLOWED
        and action.lower() in held_by_caller(outside)
        and not any(names_action(each.action or (), action) for one in pasted for each in one.document.statements)
    ):
        return  # another identity's policy: the text says that the caller has the action
    if presumed and explained.result is LayerResult.ALLOWED:
        return
    # If AWS says that nothing allows the request, no Deny matched.
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
        and reason == "implicit"
        and (cased := of_a_tags_case(pasted, action, keys, word)) is not None
    ):
        yield cased
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
        if only_in := region_of_a_name(denial, on):
            said = f"the policy allows {action} in {only_in} only: check that the call is made in that Region"
            sentence = (
                f"The policy in the text allows {action} in {only_in} only. Check that the call is made in that "
                "Region: a call that uses a name instead of an ARN goes to the Region that is set in the program or "
                "shell."
            )
            yield Finding(None, said, sentence)
            return
        yield replace(naming(action), covers=True)
    elif explained.result is LayerResult.ALLOWED:
        yield from naming_on(pasted, action, word)
    elif (
        (whole and (shown is not None or alone or word == "trust" or _for_any(pasted, action)))
        or ((whole or _is_listed(pasted, denial, word)) and not _may_allow(pasted, action))
        or presumed
        or _fails_by_condition(explained)
    ):
        named = [each for one in pasted for had in one.written for each in resource_texts(had.get("Resource", []))]
        lacking = of_near_misses(_as_written(explained, pasted), action, word, request, keys, named)
        wanted = Fault.CONDITION_UNMET.value if presumed else ""
        names_part = not whole or any(overlap(stated_pattern(each), on) for each in named)
        yield from (
            one
            for one in lacking
            if (one.code or "").endswith(wanted)
            and not (part and names_part and (one.code or "").endswith(Fault.RESOURCE_MISMATCH.value))
        )


def _of_a_cut_resource(shown: str, action: str, pasted: Sequence[PastedPolicy]) -> Iterator[Finding]:
    """Yield a finding if the resource's name is cut off and the text's policies allow the action on some resource."""
    begins = MARK.sub("", shown)
    allows = [
        (
            each.effect == "Allow" and names_action(each.action or (), action),
            resource_texts(written.get("Resource", "*")),
        )
        for one in pasted
        for written, each in zip(one.written, one.document.statements, strict=True)
    ]
    named = dict.fromkeys(stated_name(each) for allowed, some in allows if allowed for each in some)
    if not named or "*" in named:
        return
    allowed_on = listing(list(named)[:_FEW])
    said = (
        f"the policy allows {action} on {allowed_on}, but the text shows only the beginning of the resource: {begins}"
    )
    sentence = (
        f"The text cuts off the resource {begins} and the reason: get the full message first. The policy in the text "
        f"allows {action} on {allowed_on}. If the call was on another resource, the policy must name that resource. "
        "If it was on this resource, the rest of the message says what denied the call."
    )
    yield Finding(None, said, sentence, settles=True)


_FEW = 3


def _narrower(action: str, on: str, pasted: Sequence[PastedPolicy]) -> list[str]:
    """Return the patterns that the Allows of the action name, if AWS checked the call on * or all resources of a type.

    Otherwise the list is empty. A call that lists resources without an ID is checked on the pattern itself, which a
    narrower pattern does not match (IAM User Guide, "IAM JSON policy elements: Resource":
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
    text = f"Add the statement {statement}. Leave the other actions on {listing(list(named))}."
    note = Note("the policy in the text", text)
    fix = Fix(f"Allow {action} on all resources, in a separate statement", Who.ACCOUNT_ADMIN, note)
    why = (
        "Only a statement with Resource * matches this call."
        if on == "*"
        else "A call that lists resources needs a statement with Resource *."
    )
    sentence = f"The policy in the text does not allow {action}: {said}. {why}"
    return Finding("identity.resource-mismatch", said, sentence, fix=fix)


def _fails_by_condition(explained: LayerExplanation) -> bool:
    """Return whether the closest statement allows the request except for a condition."""
    nearest = farthest_first(explained.near_misses)
    return bool(nearest) and nearest[0].fault in (Fault.CONDITION_UNMET, Fault.CONDITION_UNKNOWN)


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
    """Return whether the layer's policies are lists in prose, and AWS says that none of them allows the request.

    Such a list may omit permissions, but the omitted ones do not allow the request either.
    """
    return denial.stated_reason == f"implicit:{word}" and all(one.listed for one in pasted)


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
    """Return ``arn:…:iam::ACCOUNT:root`` if it is the only principal that the documents name; else None."""
    values = {value for one in pasted for each in one.document.statements for _, value in each.principal or ()}
    only_one = values.pop() if len(values) == 1 else ""
    return only_one if re.fullmatch(r"arn:[\w-]+:iam::\d{12}:root", only_one) else None


def _is_spoken_of(arn: str, text: str) -> bool:
    """Return whether the text outside its policies names this role or user."""
    name = re.escape(arn.rpartition("/")[2])
    words = rf"\b(?:role|user)[ /:]+[\"'`]?{name}(?![\w-])|(?<![\w-]){name}[\"'`]? (?:role|user)\b"
    return re.search(words, text, re.IGNORECASE) is not None


def _asks_for_caller(one: PastedPolicy) -> bool:
    """Return whether a document tests something that only the caller's ARN shows."""
    keys = r"aws:(?:principal(?:arn|account|type|isawsservice)|user(?:id|name))"
    return re.search(keys, one.document.text, re.IGNORECASE) is not None


def _may_allow(pasted: Sequence[PastedPolicy], action: str) -> bool:
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
            wanted=tuple(dict.fromkeys(stated_name(originals.get(each, each)) for each in near.wanted)),
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
    """Yield a finding if a policy that may allow the request is attached to a different role from the caller's."""
    judged = judge(denial, action, pasted, Layer.IDENTITY, "identity", values, whole=False)
    if not any(one.code is None for one in judged):
        return
    holders = listing(tuple(sorted({name for one in pasted for name in one.holders})))
    said = f"the policy that names {action} is attached to {holders}, not to {caller}"
    names = {re.escape(name) for one in pasted for name in one.holders}
    users = any(re.search(rf"user/{name}\b|serName\W+{name}\b", denial.text) for name in names)
    session = users and ":assumed-role/" in (denial.principal or "")
    only_its = (
        " A session has the permissions of its role, not those of the principal that assumed the role."
        if session
        else ""
    )
    chosen = not (_BY_A_SERVICE.search(denial.principal or "") or _STARTS.search(denial.pasted or denial.text))
    otherwise = f"Make the call as {holders}. If {caller} should make the call, allow it in the policies of {caller}."
    where = next((place for form, place in _ROLE_SET_IN.items() if re.search(form, denial.principal or "")), "")
    set_there = (
        f"Set {holders} as the role of {where} if that role is intended; otherwise allow {caller} to make the call."
    )
    instead = set_there if where else f"Allow {caller}, which makes this call, to perform the action."
    sentence = f"In the text, {said}. {otherwise if chosen else instead}{only_its}"
    yield Finding("identity.no-action", said, sentence, fact=PolicyFact.OF_ANOTHER_ROLE)


# The service chooses the role: CloudFormation's, "AWS CloudFormation service role"
# (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html); ECS, "Task
# execution role" (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html);
# Service Catalog, "Launch constraints"
# (https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html).
_BY_A_SERVICE = regex(
    r":assumed-role/[^/\s]+/(?:AWSCloudFormation|AWSCodeBuild-\S*|GlueJobRunnerSession|AWS-Crawler|SageMaker|servicecatalog)(?![\w-])"
)


_ROLE_SET_IN = {
    r"/GlueJobRunnerSession(?![\w-])": "the Glue job",
    r"/AWS-Crawler(?![\w-])": "the crawler",
    r"/AWSCodeBuild-": "the CodeBuild project",
    r"/SageMaker(?![\w-])": "the notebook, job or endpoint",
}
"""Sessions that services create with a role from a resource's settings, and the resource in which the role is set.

Glue, "Job" (https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-job.html), Role; CodeBuild, "Create a build
project" (https://docs.aws.amazon.com/codebuild/latest/userguide/create-project.html), service role.
"""
_STARTS = regex(
    r"\bEMR step failed\b|\[FAILED\] from custom resource|ResourceInitializationError|CannotPull(?:ECR)?Container"
    r"|execution resource retrieval failed"
)


# STS API Reference, "AssumeRoleWithSAML": PrincipalArn; the assertion's Role attribute has the role and the provider
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html).
_SAML_PROVIDER = r"arn:[\w-]+:iam::\d{12}:saml-provider/[\w+=,.@-]*[\w+=@-]"
_SENT_PROVIDER = regex(
    rf"(?:--principal-arn[ =]|\b[Pp]rincipalArn[\"']?\s*[:=]\s*)[\"']?(?P<option>{_SAML_PROVIDER})"
    rf"|:role/[\w+=,.@/-]+,(?P<last>{_SAML_PROVIDER})|(?P<first>{_SAML_PROVIDER}),arn:[\w-]+:iam::\d{{12}}:role/"
)


def _provider(policy: NamedPolicy | None, denial: Denial) -> str | None:
    """Return the identity provider of a web identity or SAML call, which has no other caller.

    It is the one that the text says was sent, or else the one that the trust policy names.
    """
    if policy is None or not (denial.action or "").lower().startswith("sts:assumerolewith"):
        return None
    sent = {str(next(filter(None, each.groups()))) for each in _SENT_PROVIDER.finditer(denial.pasted or denial.text)}
    if len(sent) == 1 and (denial.action or "").lower().endswith("withsaml"):
        return sent.pop()
    pairs = (pair for statement in policy.document.statements for pair in statement.principal or ())
    return next((value for kind, value in pairs if kind == "Federated"), None)

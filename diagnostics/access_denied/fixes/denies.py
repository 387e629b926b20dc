"""Fixes for an explicit deny, which no Allow overrides.

A fix is a call that the Deny does not match, or an exception for which to ask the owner.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from diagnostics.access_denied.case import Case, every_policy
from diagnostics.access_denied.evidence.owners import session_issuer
from diagnostics.access_denied.fixes.apart import apart_in, own_fixes
from diagnostics.access_denied.fixes.notes import find_endpoint_note, request_words
from diagnostics.access_denied.fixes.place import place_of, whose
from diagnostics.access_denied.fixes.proof import evaluated, evaluated_request, replaced, with_keys
from diagnostics.access_denied.fixes.protected_guardrails import guard_fixes, guard_of
from diagnostics.access_denied.judge import DenialFinding
from diagnostics.fix import Fix, Note, Situation
from diagnostics.who import OWNERS, Who
from diagnostics.words import POLICY_TYPES
from iam.arn import Arn, name_of
from iam.policy.compiled import Asked
from iam.policy.condition_keys import Presence
from iam.policy.decision import ConditionFailure, Reason
from iam.policy.document import Document
from iam.policy.edits import (
    as_list,
    as_written,
    printed,
    statement_value,
    statements_of,
    with_changed,
    without_statement,
)
from iam.policy.evaluate import ready
from iam.policy.layer import Layer
from iam.policy.match import action_matcher, glob_regex, has_wildcard
from iam.policy.operators import operator
from iam.policy.request import Policies, Request
from iam.policy.statements import ConditionBlock, Statement
from iam.questions.change.effects import NOTHING_ELSE
from iam.regions import regions
from iam.service_reference import spelled
from iam.words import listing

WITH_MFA = {"aws:MultiFactorAuthPresent": ("true",), "aws:MultiFactorAuthAge": ("5",)}

_FROM_WHERE = ("aws:sourceip", "aws:sourcevpce", "aws:sourcevpc")
_BY_NAME = ("arnnotequals", "arnnotlike", "stringnotequals", "stringnotlike")


@dataclass(frozen=True, slots=True)
class WayOut:
    """A call that the caller can make instead so that a Deny does not match.

    ``words`` describes it. ``context`` contains its condition keys; an empty value means that the key is not sent.
    ``context`` is None if the keys are unknown.
    """

    words: str
    context: Mapping[str, tuple[str, ...]] | None = None


def deny_fixes(case: Case, finding: DenialFinding) -> Iterator[Fix]:
    """Yield one fix for each way in which the caller can avoid the Deny, then the exception that its owner may make."""
    reason = finding.deny and _as_written(case, finding.deny)
    owner = OWNERS.get(finding.word, Who.ACCOUNT_ADMIN)
    if reason is None:
        # If no account has the resource, its policy is gone too, and nobody can be asked.
        if not (finding.word == "resource" and case.missing is not None and case.missing.partition_wide):
            yield _unseen(case, finding, owner)
        return
    statement = next(one for one in reason.policy.document.statements if one.index == reason.statement)
    name = reason.policy.name or "the policy"
    place = f"statement {reason.sid or reason.statement + 1} of {name}"
    target = (
        reason.policy.arn
        or case.denial.policy_arn
        or f"{name}{whose(reason.policy, case.caller)} ({POLICY_TYPES[finding.word]})"
    )
    text = printed(statement_value(reason.policy.document, reason.statement))
    if (guard := guard_of(case, reason)) is not None:
        yield from guard_fixes(case, finding, guard, text)
        return
    denies_it = "denies the request, and no Allow can help"
    if finding.questions:
        denies_it = "may deny the request; if so, no Allow can help"
    note = f"{request_words(case)}. {place[0].upper()}{place[1:]} {denies_it}:\n{text}"
    if statement.not_resource is not None and (own := apart_in(case, tuple(statement.not_resource))):
        yield from own_fixes(case, own, reason.policy, reason.statement, reason.sid)
    yield from _changes_of_the_caller(case, statement)
    for way in ways_out(case, statement):
        request = None if way.context is None else called_with(case.request, way.context)
        words = way.words
        if request is not None and request.resource != case.request.resource:
            request, words = _existing(case, request, words)
        fix = evaluated_request(case, words, Who.CALLER, Note(target, note), request)
        yield replace(
            fix,
            cautions=(f"{place[0].upper()}{place[1:]} denies the request otherwise, and no Allow can help",),
        )
    exception = _exception(case, reason, statement, owner, target, note)
    yield exception if finding.questions else _as_the_text_says(case, reason, exception)


def _as_the_text_says(case: Case, reason: Reason, fix: Fix) -> Fix:
    """Return the exception from the Deny, marked as insufficient if another policy would still deny the request.

    The text says that the Deny matched. If the Deny tests a key with an unknown value, the value is therefore one of
    those for which the Deny matches. The exception is insufficient if another policy denies the request for every such
    value.
    """
    if fix.situation is None or fix.verified is False:
        return fix
    statements = ready(reason.policy, reason.layer).statements
    one = next(each for each in statements if each.statement.index == reason.statement)
    unknown = [condition for condition in one.conditions if case.is_open(condition.block.key)]
    if len(unknown) != 1 or case.presence(unknown[0].key) is not Presence.ALWAYS:
        return fix
    condition, policies = unknown[0], fix.situation.policies
    requests = [with_keys(case.request, {condition.block.key: (value,)}) for value in _values(policies, condition.key)]
    asked = [request for request in requests if condition.holds(Asked(request).lookup)]
    if not asked or any(case.may_be_allowed(policies, request) for request in asked):
        return fix
    refused = Situation(asked[0], policies)
    return replace(fix, verified=False, hangs_on=(), effects=NOTHING_ELSE, situation=refused)


def _values(policies: Policies, key: str) -> tuple[str, ...]:
    """Return representatives of all values of a condition key, in lower case.

    These are all values that the policies name, and one value that they do not name. The result is empty if a policy
    compares the key in any other way than for equality, because values between the named ones may then make a
    difference.
    """
    every = list(every_policy(policies))
    blocks = [
        block
        for policy in every
        for statement in policy.document.statements
        for block in statement.conditions
        if block.key.lower() == key
    ]
    if any(f"${{{key}" in policy.document.text.lower() for policy in every) or not all(map(_is_of_equality, blocks)):
        return ()
    return ("another", *sorted({value for block in blocks for value in block.values}))


def _is_of_equality(block: ConditionBlock) -> bool:
    parts = operator(block.operator)
    equality = parts is not None and parts.over is None and parts.base in ("StringEquals", "Bool")
    return equality and not any("${" in value for value in block.values)


def _as_written(case: Case, reason: Reason) -> Reason:
    """Return the reason with its policy as it was read.

    The policy in an optimistic decision lacks the statements that depend on unknown values.
    """
    wanted = statement_value(reason.policy.document, reason.statement)
    for policy in every_policy(case.effective_policies):
        if replace(policy, document=reason.policy.document) == reason.policy:
            statements = statements_of(policy.document.value)
            if wanted in statements:
                return replace(reason, policy=policy, statement=statements.index(wanted))
    return reason


def _unseen(case: Case, finding: DenialFinding, owner: Who) -> Fix:
    """Return the fix for a Deny that AWS reports although no policy that was read denies the request: ask its owner."""
    if finding.word == "vpce" and (finding_it := find_endpoint_note(case)) is not None:
        return finding_it
    if finding.word == "session" and not case.policies.session:
        issuer = session_issuer(case)
        said = (
            f"{request_words(case)}. AWS denies the request because of an explicit deny in the session policy that "
            f"{issuer} passed."
        )
        title = f"Ask the creator of the session ({issuer}) about this request: the session policy denies the request"
        return Fix(title, Who.CALLER, Note(case.caller.entity_arn or "the session", said))
    kind = POLICY_TYPES[finding.word]
    endpoint = next((one.name for one in case.policies.vpc_endpoint or ()), None) if finding.word == "vpce" else None
    of = case.owner if finding.word == "rcp" else case.caller.account_id if finding.word == "scp" else None
    target = case.denial.policy_arn or (f"the {kind} of account {of}" if of else f"the {kind}")
    target = f"{endpoint} ({kind})" if endpoint else target
    seen = (
        "The policy's text cannot be read from here"
        if finding.word in case.unread
        else "No Deny statement that could be read matches the given values"
    )
    return Fix(
        f"Ask the owner of {target} about this request: no Allow can help",
        owner,
        Note(
            target,
            f"{request_words(case)}. AWS denies the request because of an explicit deny in {target}. {seen}. Please "
            "say which condition of the Deny the request meets, or whether you want an exception.",
        ),
    )


def ways_out(case: Case, statement: Statement) -> Iterator[WayOut]:
    """Yield a call that avoids a Deny, for each condition that the caller can avoid. One such call is enough."""
    for block in statement.conditions:
        way = _way_out(case, block)
        if way is not None:
            yield way


def _changes_of_the_caller(case: Case, statement: Statement) -> Iterator[Fix]:
    """Yield changes to the caller, or to the entity that the caller creates, after which a Deny no longer matches.

    The change is to a tag or a permissions boundary.
    """
    from diagnostics.access_denied.fixes.conditions.session_tags import principal_tag_fixes, variable_tag

    for block in statement.conditions:
        key = block.key.lower()
        if not _wants(block):
            continue
        if key.startswith("aws:principaltag/"):
            wanted = block.values if block.operator.lower() != "null" else ("*",)
            yield from principal_tag_fixes(case, block.key.partition("/")[2], wanted)
        elif "resourcetag/" in key and (tag := variable_tag(block.values)):
            yield from principal_tag_fixes(case, tag, block.values)
        elif key == "iam:permissionsboundary":
            from diagnostics.access_denied.fixes.conditions.by_key import boundary_fix

            yield boundary_fix(case, ConditionFailure(block.operator, block.key, block.values, None))


def _wants(block: ConditionBlock) -> bool:
    """Return whether one of the condition's values in the request keeps a Deny from matching."""
    operator = block.operator.lower()
    if operator == "null":
        return "true" in (value.lower() for value in block.values)
    return "not" in operator


def _way_out(case: Case, block: ConditionBlock) -> WayOut | None:
    operator, key = block.operator.lower(), block.key.lower()
    negated = "not" in operator
    plain = fitting_value(case, block.key, block.values)
    one = {block.key: (plain,)} if plain else None
    if operator.startswith("bool") and [value.lower() for value in block.values] == ["true"]:
        return None  # the Deny matches what is usual and safe (TLS, an MFA code), so no way out is offered
    if key == "aws:requestedregion":
        if negated:
            return WayOut(_in_a_region(case, block.values), one)
        return WayOut(f"Call in a Region other than {listing(block.values)}")
    if key == "aws:securetransport":
        return WayOut("Call over TLS (https)", {"aws:SecureTransport": ("true",)})
    if key in ("aws:multifactorauthpresent", "aws:multifactorauthage"):
        return WayOut("Call with credentials that were issued with an MFA code", WITH_MFA)
    if key == "aws:tokenissuetime" and "lessthan" in operator:
        now = f"{case.account.now:%Y-%m-%dT%H:%M:%SZ}"
        return WayOut(
            f"Get new credentials: credentials issued before {listing(block.values)} were revoked",
            {"aws:TokenIssueTime": (now,)},
        )
    if key in _FROM_WHERE and negated:
        return WayOut(f"Call from where the policy requires it ({block.key}: {listing(block.values)})", one)
    if key.startswith("aws:requesttag/") and (negated or operator == "null"):
        tag = block.key.partition("/")[2]
        value = f"={plain}" if negated and plain else ""
        tags = {block.key: (plain if negated and plain else "VALUE",), "aws:TagKeys": (tag,)}
        return WayOut(f"Send the tag {tag}{value}, which the policy requires", tags)
    if key.startswith("s3:x-amz-"):
        return _header(block, plain)
    return _sent_otherwise(block, one)


def _in_a_region(case: Case, values: tuple[str, ...]) -> str:
    """Return how to stay in the Regions that a Deny exempts.

    Bedrock calls the model in each destination Region of an inference profile, and an SCP on aws:RequestedRegion must
    exempt them all (https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html).
    """
    allowed = listing(values)
    if case.request.action.lower().startswith("bedrock:invokemodel") and "/" in case.request.resource:
        return f"Use a model, or an inference profile whose Regions are all allowed ({allowed})"
    return f"Call in an allowed Region ({allowed})"


def _sent_otherwise(block: ConditionBlock, one: Mapping[str, tuple[str, ...]] | None) -> WayOut | None:
    """Return the fix for a key that the caller chooses.

    Such keys are an encryption context, a source identity, or a call's parameter. Return None if the caller cannot
    choose the key's value, or if no value keeps the Deny from matching.
    """
    from diagnostics.access_denied.fixes.conditions.notes import advice_of

    key = block.key.lower()
    advice = advice_of(block.key)
    if advice.who is not Who.CALLER or key.startswith(("aws:principal", "aws:resource")) or not _wants(block):
        return None
    wanted = "a value" if block.operator.lower() == "null" else listing(block.values, "or")
    return WayOut(advice.what.replace("{key}", block.key).replace("{}", wanted), one)


def _header(block: ConditionBlock, plain: str | None) -> WayOut:
    """Return how to avoid a Deny that tests a header: send the header, omit it, or send another value."""
    operator, header = block.operator.lower(), block.key.partition(":")[2]
    if operator == "null":
        absent = "true" in (value.lower() for value in block.values)
        words = f"Send the header {header}" if absent else f"Leave the header {header} out"
        return WayOut(words, None if absent else {block.key: ()})
    if "not" in operator:
        return WayOut(f"Send the header {header} ({listing(block.values)})", {block.key: (plain,)} if plain else None)
    words = f"Send the header {header} with a value other than {listing(block.values)}, or leave it out"
    return WayOut(words, {block.key: ()})


def fitting_value(case: Case, key: str, wanted: tuple[str, ...]) -> str | None:
    """Return a value for a condition key that matches one of the ``wanted`` ones, or None if none is known."""
    plain = next((value for value in wanted if "${" not in value and not has_wildcard(value)), None)
    if plain is None:
        return _region(case, wanted) if key.lower() == "aws:requestedregion" else None
    return _address(plain) if key.lower() == "aws:sourceip" else plain


def _region(case: Case, patterns: tuple[str, ...]) -> str | None:
    """Return a Region that one of the patterns matches, preferably the current one, or None."""
    fits = re.compile("|".join(glob_regex(value) for value in patterns if "${" not in value))
    known = (case.account.region or "", *regions(case.account.partition))
    return next((region for region in known if region and fits.fullmatch(region)), None)


def _address(block: str) -> str | None:
    """Return an address in a CIDR block, or None if the text is not one."""
    try:
        return str(ipaddress.ip_network(block, strict=False).network_address)
    except ValueError:
        return None


def called_with(request: Request, context: Mapping[str, tuple[str, ...]]) -> Request:
    """Return the same request with these condition keys.

    If the keys contain another Region, the request is for the resource with the same name in that Region.
    """
    region = next((values[0] for key, values in context.items() if key.lower() == "aws:requestedregion"), None)
    arn = Arn.parse(request.resource)
    if region is not None and arn is not None and arn.region:
        request = replace(request, resource=str(replace(arn, region=region)))
    return with_keys(request, context)


def _existing(case: Case, request: Request, words: str) -> tuple[Request | None, str]:
    """Move the request to an existing resource if its own does not exist; return it with a description of the change.

    The request is None if neither the resource nor one with a similar name exists in that Region.
    """
    from diagnostics.access_denied.evidence.existence import missing_at  # few denials move a resource

    missing = missing_at(request.resource, case)
    if missing is None:
        return request, words
    gone = f"{name_of(missing.arn)} {missing.absent}"
    moved = missing.moved()
    arn = Arn.parse(moved) if moved else None
    if moved is None or arn is None or moved == case.request.resource:
        return None, f"{words}, if the resource exists: {gone}"
    found = with_keys(replace(request, resource=moved), {"aws:RequestedRegion": (arn.region,)})
    return found, f"{words} and use {moved}: {gone}"


_GUARDRAILS = (Layer.SCP, Layer.RCP, Layer.BOUNDARY)
"""The layers that AWS calls permission guardrails: they limit permissions and never grant them.

https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
"""


def _exception(case: Case, reason: Reason, statement: Statement, owner: Who, target: str, note: str) -> Fix:
    """Return the fix by which a Deny's owner permits this request.

    It adds the resource to a NotResource element, removes a statement that applies only to this principal, or exempts
    the principal.
    """
    keeper, place = f"the owner of {reason.policy.name or target}", f"statement {reason.sid or reason.statement + 1}"
    who, spared = case.caller.entity_arn, case.request.resource
    is_one = "is" if reason.layer in _GUARDRAILS else "may be"
    if statement.not_resource is not None and case.resource_known:
        title = f"Ask {keeper} to add {spared} to the NotResource of {place}"
    elif _of_the_caller_alone(case, reason):
        title = f"Ask the owner of the policy {reason.policy.name} to remove {place}, if the Deny is not intended"
        return _removal(case, reason, owner, note, title)
    elif who is not None:
        title = f"Ask {keeper} to exempt {case.caller.name or who} from {place}"
    else:
        return Fix(f"Ask {keeper} about {place}: no Allow can override it", owner, Note(target, note))

    def spare(value: dict[str, Any]) -> None:
        if statement.not_resource is not None and case.resource_known:
            value["NotResource"] = as_written([*as_list(value.get("NotResource")), spared])
        elif who is not None:
            value["Condition"] = _with_exception(value.get("Condition") or {}, who)

    after = with_changed(reason.policy.document, reason.statement, spare)
    changed = replaced(case.effective_policies, reason.policy, after)
    excepted = printed(statement_value(after, reason.statement))
    change = Note(
        place_of(reason.policy, target).words,
        f"{note}\nThe statement {is_one} a guardrail: its owner decides whether to make an exception. With the "
        f"exception:\n{excepted}",
        before=reason.policy.document,
        after=after,
    )
    caution = f"Only if an exception is intended: the statement {is_one} a guardrail"
    return evaluated(case, title, owner, change, changed, cautions=(caution,))


def _of_the_caller_alone(case: Case, reason: Reason) -> bool:
    """Return whether the policy is an inline policy of the caller's own role or user."""
    holder = reason.policy.holder
    own = holder is not None and holder.arn == case.caller.entity_arn
    return own and reason.layer is Layer.IDENTITY and reason.policy.arn is None


def _removal(case: Case, reason: Reason, owner: Who, note: str, title: str) -> Fix:
    """Return the fix that removes the denied action from the Deny in the caller's inline policy.

    Exempting its only principal would leave the Deny without effect, and its other actions should stay denied.
    """
    policies, own, action = case.effective_policies, reason.policy, case.request.action
    actions = [str(each) for each in as_list(statement_value(own.document, reason.statement).get("Action"))]
    kept = [each for each in actions if each.lower() != action.lower()]
    if kept and len(kept) < len(actions) and not any(action_matcher(each)(action.lower()) for each in kept):
        title = title.replace(" remove ", f" take {spelled(action)} out of ").replace("it is", "its Deny is")

        def without(value: dict[str, Any]) -> None:
            value["Action"] = as_written(kept)

        after: Document | None = with_changed(own.document, reason.statement, without)
    else:
        after = without_statement(own.document, reason.statement)
    if after is None:
        changed = replace(policies, identity=tuple(one for one in policies.identity if one != own))
    else:
        changed = replaced(policies, own, after)
    who = case.caller.name or "the caller"
    said = (
        f"{note}\nThe policy applies only to {who}, so an exception for {who} would have the same effect as removing "
        "the statement."
    )
    change = Note(place_of(own).words, said, before=own.document, after=after)
    caution = f"Only if the Deny is not intended: {own.name or 'the policy'} applies only to {who}"
    return evaluated(case, title, owner, change, changed, cautions=(caution,))


def _with_exception(condition: dict[str, Any], who: str) -> dict[str, Any]:
    """Return a Deny's condition with the principal exempted: added to its list of exceptions, or to a new one.

    With a negated operator, all values must differ (UG: reference_policies_condition-logic-multiple-context-keys).
    """
    found = {name: dict(block) for name, block in condition.items()}
    for name, block in found.items():
        for key in block:
            if key.lower() == "aws:principalarn" and name.lower() in _BY_NAME:
                block[key] = as_written([*as_list(block[key]), who])
                return found
    found.setdefault("ArnNotEquals", {})["aws:PrincipalArn"] = who
    return found

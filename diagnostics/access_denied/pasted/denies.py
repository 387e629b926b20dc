"""Explain the Deny statement of a pasted policy that denies the request: its scope, the deciding value, the remedy."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.pasted.condition_forms import out_of_form
from diagnostics.access_denied.pasted.finding import LAYERS_IN_WORDS, Finding
from diagnostics.access_denied.pasted.fixes.caller_arn import arn_to_name
from diagnostics.access_denied.pasted.fixes.command_option import in_command
from diagnostics.access_denied.pasted.placeholders import resource_texts
from diagnostics.access_denied.pasted.principal_arns import misnamed, names_root
from diagnostics.access_denied.pasted.relevant_policies import PastedPolicy, document_of, policies_of
from diagnostics.access_denied.pasted.request_tags import on_type, outside_of_tags
from diagnostics.access_denied.request.values import DEFAULTS
from diagnostics.diagnosis import Evidence
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.condition_remedies import KNOWN_HOW, inverted, remedy
from diagnostics.text.near_pairs.alike import edits
from diagnostics.who import OWNERS, Who
from iam.arn import account_of, identity_of
from iam.claims import Keys, Source
from iam.facts.deployed_policies import DEPLOYED
from iam.facts.global_services import global_region
from iam.facts.guards import guard_of_action, guard_sentence
from iam.lazy_pattern import regex
from iam.policy.document import Document
from iam.policy.explain import DenyingStatement, MetCondition, explain_layer
from iam.policy.layer import Layer
from iam.policy.match import names_action, resource_matcher
from iam.policy.operators import operator
from iam.policy.request import NamedPolicy, Request
from iam.policy.statements import Statement
from iam.policy.words import holding, unmet
from iam.words import joined, listing

_BOUNDARY = regex(r"\b(?:permissions? ?boundar(?:y|ies)|boundary)\b", re.IGNORECASE)
_NO_BOUNDARY = regex(r"\b(?:no|without|not?) (?:a |any )?(?:permissions? )?boundar", re.IGNORECASE)


def denied(
    denials: Sequence[DenyingStatement],
    request: Request,
    word: str,
    keys: Keys,
    others: Sequence[str] = (),
) -> Finding:
    """Return the finding on the first of the statements that deny the request.

    ``others`` are clauses about further Deny statements that may deny the request next.
    """
    first = denials[0]
    covers = dict(first.covers)
    action = request.action
    which = f"statement {first.sid or first.statement + 1}"
    said = f"{which} denies {action}{_scope(covers)}"
    if first.conditions:
        said += f" where {joined(map(_held, first.conditions))}"
    absent = tuple(each.key for each in first.conditions if each.had is None)
    excepts = [each for each in first.conditions if _is_negated(each)]
    arn = next(filter(None, (misnamed(each, request, word) for each in excepts)), None)
    if arn is not None:
        said += f"; {arn.problem}"
        absent = ()
    odd = out_of_form(((each.operator, each.key, each.wanted) for each in first.conditions), negated=True)
    if arn is None and odd is not None:
        said += f"; {odd.why}, so the statement denies every request"
        absent = ()
    gone = [keys[each.key] for each in first.conditions if each.had == () and each.key in keys]
    why = gone[0].read_from if gone else ""
    more = (f" {why[0].upper()}{why[1:]}." if gone[0].source is Source.DEFAULT else f" Here {why}.") if why else ""
    never = bool(gone) and all(each.source is Source.DEFAULT for each in gone)
    further = f" {' '.join(others)}" if others else ""
    own: Fix | None
    if arn is not None:
        own = arn.fix
    elif odd is not None:
        own = odd.fix(which, OWNERS.get(word, Who.ACCOUNT_ADMIN))
    else:
        own = _fix(first, request, word, which, keys, never=never)
    of_an_api = word == "resource" and action.lower().startswith("execute-api:")
    if of_an_api and own is not None and isinstance(own.change, Note):
        own = replace(own, change=replace(own.change, text=f"{own.change.text} {DEPLOYED}"))
    of_nobody = arn is not None and arn.of_nobody and len(first.conditions) == 1
    as_root = _as_root(first, request, word, of_nobody=of_nobody)
    writes = request.action.lower() in _OF_BUCKET_POLICY
    shown = first.sentence.replace(" (here no value is known)", "")
    evidence = Evidence(shown, word, statement=first.statement, sid=first.sid, document=first.policy.document)
    return Finding(
        f"{word}.explicit-deny",
        said,
        f"In the text's policy, {said}.{more}{further}",
        (evidence,),
        absent,
        fix=own if as_root is None else as_root if writes else own,
        further=() if as_root is None else tuple(filter(None, (own if writes else as_root,))),
    )


_OF_BUCKET_POLICY = ("s3:deletebucketpolicy", "s3:putbucketpolicy", "s3:getbucketpolicy")


def _as_root(first: DenyingStatement, request: Request, word: str, *, of_nobody: bool) -> Fix | None:
    """Return who can change a bucket policy that denies changes to itself; None for other requests.

    ``of_nobody``: the Deny statement exempts no principal. If such a statement also denies changes to the policy, only
    the root user of the bucket owner's account can change the policy.

    Amazon S3 API Reference, "DeleteBucketPolicy": that root user can delete the policy, even if the policy denies it
    (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html); IAM User Guide, "Perform a privileged
    task on an AWS Organizations member account"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user-privileged-task.html).
    """
    statement = first.policy.document.statements[first.statement]
    bucket = request.resource.partition("/")[0]
    locked = (
        of_nobody
        and names_action(statement.action or (), "s3:PutBucketPolicy")
        and any(resource_matcher(each)(bucket) for each in statement.resource or ())
        and any(value == "*" for _, value in statement.principal or ())
    )
    if word != "resource" or not (request.action.lower() in _OF_BUCKET_POLICY or locked):
        return None
    who_else = "The Deny also prevents everybody from changing this policy. " if locked else ""
    text = (
        f"{who_else}Delete or correct the bucket's policy as the root user of the account that owns the bucket: a "
        "bucket policy cannot deny this to the root user. In an organization, the management account can delete the "
        "policy of a locked bucket (sts:AssumeRoot with the task S3UnlockBucketPolicy)."
    )
    return Fix("Change the bucket's policy as the root user", Who.RESOURCE_OWNER, Note("the bucket", text))


def _scope(covers: Mapping[str, Sequence[str]]) -> str:
    """Return a Deny's exceptions, as words that follow the action."""
    words = ""
    if "NotAction" in covers:
        words += f" (it denies every action except {listing(covers['NotAction'])})"
    if "NotResource" in covers:
        words += f" on everything except {listing(covers['NotResource'])}"
    if "NotPrincipal" in covers:
        words += f" for everyone except {listing(covers['NotPrincipal'])}"
    return words


def _held(condition: MetCondition) -> str:
    """Return when the condition is met, with the request's value if it is known and adds information."""
    words = holding(condition.operator, condition.key, condition.wanted)
    parts = operator(condition.operator)
    if condition.had == ():
        return f"{words} (the request does not have it)"
    if condition.had is None:
        return f"{words}, or is missing" if parts is not None and parts.negated and parts.without_key else words
    return f"{words} (here it is {listing(condition.had)})" if parts is not None and parts.negated else words


def _of_a_profile(condition: MetCondition, request: Request) -> str:
    """Return how to satisfy a list of Regions if an inference profile called the model in one of the profile's Regions.

    Amazon Bedrock User Guide, "Geographic cross-Region inference"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/geographic-cross-region-inference.html).
    """
    region = re.match(r"arn:[\w-]+:bedrock:(?P<region>[\w-]+)::foundation-model/", request.resource)
    if condition.key.lower() != "aws:requestedregion" or region is None:
        return ""
    return (
        "use a model, or an inference profile whose Regions are all allowed (the profile calls the model in "
        f"{region['region']}, wherever the client calls)"
    )


def _fix(first: DenyingStatement, request: Request, word: str, which: str, keys: Keys, *, never: bool) -> Fix | None:
    """Return the fix with which the statement no longer denies the request.

    It is for the caller if a value of the request decides, otherwise for the policy's owner.
    """
    covers = dict(first.covers)
    owner = OWNERS.get(word, Who.ACCOUNT_ADMIN)
    place = f"the {LAYERS_IN_WORDS.get(word, 'policy')} in the text"
    if never and first.conditions:
        absent = [each for each in first.conditions if each.had == ()]
        kinds = listing([f"{each.operator}IfExists" for each in absent if each.operator != "Null"])
        tagged = next(filter(None, (outside_of_tags(each.key, request) for each in absent)), "")
        instead = f", or use {kinds}, which ignores requests without the key" if kinds else ""
        text = (
            "The statement matches every such request, whatever the caller sets. "
            f"{tagged or f'Limit its Resource to resources that have the key{instead}.'}"
        )
        return Fix(f"Change {which}, so that it does not deny requests without the key", owner, Note(place, text))
    signs_in = request.action.lower() in _AT_SIGN_IN and "NotAction" in covers
    if signs_in and any(each.key.lower().startswith("aws:multifactorauth") for each in first.conditions):
        text = (
            f"Add iam:ChangePassword and iam:GetAccountPasswordPolicy to the NotAction of {which}: a user who must "
            "change the password at the first sign-in has no MFA device yet. Or set a password that does not have to "
            "be changed, so that the user sets up MFA first."
        )
        return Fix(f"Let users change their password before they have MFA, in {which}", owner, Note(place, text))
    if len(first.conditions) == 1 and (wrong := _inversion(first.conditions[0])):
        return Fix(f"Correct the condition of {which}", owner, Note(place, wrong))
    inner = f"{request.resource}/" if request.resource.count(":::") == 1 and "/" not in request.resource else "-"
    if any(each.startswith(inner) for each in covers.get("NotResource", ())):
        text = (
            f"NotResource contains only objects of the bucket, but {request.action} acts on the bucket itself: add "
            f"{request.resource}. To limit what the caller can list, use the condition key s3:prefix in the Allow."
        )
        return Fix(f"Add the bucket to the NotResource of {which}", owner, Note(place, text))
    if first.conditions:
        # A Deny for old TLS versions also tests whether the call uses HTTPS.
        others = [each for each in first.conditions if not _inversion(each)]
        chosen = [each for each in others if each.key.lower() not in _NOT_CHOSEN] or others or first.conditions
        needs = listing([unmet(each.operator, each.key, each.wanted) for each in chosen], "or")
        hows = listing(
            [
                _of_a_profile(each, request)
                or _on_type(each, request, keys)
                or in_command(keys, each.key, _passing(each))
                or _remedy(each)
                for each in chosen
            ],
            "or",
        )
        text = f"To pass, the request needs {needs}: {hows}.{_if_right(chosen)}"
        if any(":resourcetag/" in each.key.lower() and not _passing(each) for each in chosen):
            text += " If the tag protects the resource on purpose, ask the policy's owner for an exception."
        if any(each.key.lower() == "aws:requestedregion" for each in first.conditions):
            service = request.action.partition(":")[0]
            adds = f"the statement's owner must add {service}:* to its NotAction" if "NotAction" in covers else ""
            if region := global_region(service, request.resource.partition(":")[2].partition(":")[0] or "aws"):
                text = (
                    f"{service} has one endpoint, in {region}: no other Region can be called. To allow these calls, "
                    f"{adds or 'the statement must leave out ' + service + ':*'}."
                )
                return Fix(
                    f"Leave {service}:* out of {which}, if callers should be able to use it", owner, Note(place, text)
                )
            if service in _FOR_CLOUDFRONT and any("us-east-1" in (each.had or ()) for each in first.conditions):
                needed = (
                    f"CloudFront uses {service} resources only from us-east-1, so a call in another Region does not "
                    "help."
                )
                return Fix(
                    f"Leave {service}:* out of {which}, if CloudFront needs it",
                    owner,
                    Note(
                        place, f"{needed} Then {adds or f'the statement must leave out {service}:*'}. Otherwise: {text}"
                    ),
                )
            text += _another_region(first.conditions, word)
        if any(each.key.lower().startswith("aws:requesttag/") and each.key not in keys for each in chosen):
            text += (
                " If the program cannot do that, the statement's owner can exempt the program's role with a "
                "condition on aws:PrincipalArn."
            )
        if (exempt := _exempting(chosen)) and names_root(exempt.had):
            if word == "scp":
                title = "Use a role of the account instead of its root user, or exempt sessions of AssumeRoot"
                return Fix(title, Who.CALLER, Note(place, f"{_AS_ROLE}{_ROOT_IN_AN_SCP}{_FOR_SESSIONS}"))
            return Fix("Use a role of the account instead of its root user", Who.CALLER, Note(place, _AS_ROLE))
        if (outside := _account_outside(chosen, request)) and not any(map(_look_alike, first.conditions)):
            added = json.dumps({"StringNotEqualsIfExists": {"aws:PrincipalAccount": outside}})
            text = (
                f"Add {added} to the statement's conditions, so that it no longer matches this account. Otherwise: "
                f"{text}"
            )
            return Fix(
                f"Exempt account {outside} in {which}, if its callers should have access", owner, Note(place, text)
            )
        if (other := _recreated(first.conditions)) is not None:
            return _fix_of_recreated(*other, which, place, text)
        if exempt is not None:
            text += f" If this caller should be allowed, the statement's owner must add {_exemption(exempt)}."
        if alike := next((each for each in first.conditions if _look_alike(each)), None):
            text = (
                f"{(alike.had or ('',))[0]} and {alike.wanted[0]} look alike: find out which of the two is right. "
                f"{text}"
            )
        return Fix(f"Make a request that {which} does not deny", Who.CALLER, Note(place, text))
    if "NotResource" in covers:
        without = next((each for each in covers["NotResource"] if request.resource.startswith(f"{each}/")), None)
        if without is not None:
            text = (
                f"NotResource names {without}, which is the bucket without its objects: add {without}/* to NotResource."
            )
            return Fix(f"Add {without}/* to the NotResource of {which}", owner, Note(place, text))
        bare = next(
            (each for each in covers["NotResource"] if each.endswith("/") and request.resource.startswith(each)), None
        )
        if bare is not None:
            text = f"NotResource names {bare} without a *, which matches no object: write {bare}* in NotResource."
            return Fix(f"Write {bare}* in the NotResource of {which}", owner, Note(place, text))
        bucket = re.match(r"(arn:[\w-]+:s3:::[^/]+)/", request.resource)
        on = f"{bucket[1]}/*" if bucket else request.resource
        if bucket and any(each.startswith(f"{bucket[1]}/") for each in covers["NotResource"]):
            folder = request.resource.rpartition("/")[0]  # the statement guards the rest of this bucket
            on = request.resource if folder == bucket[1] else f"{folder}/*"
        text = f"If this should be allowed, add {on} to the NotResource of {which}. No Allow overrides the Deny."
        return Fix(
            f"Add the resource to the NotResource of {which}, if this request should be allowed",
            owner,
            Note(place, text),
        )
    if "NotPrincipal" in covers:
        name = identity_of(request.principal or "")[2] or "the caller"
        if all(_SERVICE.fullmatch(each) for each in covers["NotPrincipal"]):
            only_for = listing(list(covers["NotPrincipal"]))
            text = (
                f"Remove the statement. Allow {only_for} the actions that it needs, with aws:SourceAccount or "
                "aws:SourceArn: other principals have only the permissions that a policy gives them. A Deny with "
                "NotPrincipal also denies the administrators."
            )
            return Fix(f"Replace {which} with an Allow for {only_for}", owner, Note(place, text))
        text = (
            f'If {name} should be allowed to do this, replace NotPrincipal with "Principal": "*" and ArnNotEquals on '
            "aws:PrincipalArn. List in it every ARN of NotPrincipal and the caller's role. No Allow overrides the Deny."
        )
        return Fix(f"Exempt {name} from {which}, if this request should be allowed", owner, Note(place, text))
    if "NotAction" in covers:
        text = (
            f"If this should be allowed, add {request.action} to the NotAction of {which}. No Allow overrides the Deny."
        )
        return Fix(
            f"Add the action to the NotAction of {which}, if this request should be allowed", owner, Note(place, text)
        )
    return _of_a_guard(request, which, owner, place)


def _of_a_guard(request: Request, which: str, owner: Who, place: str) -> Fix | None:
    """Return what to do instead of an exception from a Deny of a guard's action; None for other actions."""
    guard = guard_of_action(request.action)
    if guard is None:
        return None
    title = f"Keep {which}, which most likely protects {guard}"
    return Fix(title, owner, Note(place, guard_sentence(request.action)))


def _another_region(conditions: Iterable[MetCondition], word: str) -> str:
    """Return how the statement's owner admits the Region of the request, if it is known; "" otherwise.

    The Region is added to the condition. Adding the action to NotAction would allow it in every Region.
    """
    limit = next((each for each in conditions if each.key.lower() == "aws:requestedregion"), None)
    if limit is None or not limit.had or not _is_negated(limit):
        return ""
    owner = "the organization's administrators" if word in ("scp", "rcp") else "the statement's owner"
    return (
        f" If the program cannot call there, {owner} must add {listing(list(limit.had))} to the Regions of the "
        "condition."
    )


def _on_type(condition: MetCondition, request: Request, keys: Keys) -> str | None:
    """Return how the command sets a tag on the denied type of resource, if it sets the tag on another type."""
    had = keys.get(condition.key)
    if had is None or had.source is not Source.COMMAND or condition.had:
        return None
    parts = operator(condition.operator)
    passing = () if parts is None or parts.base == "Null" else _passing(condition)
    return on_type(condition.key, passing, condition.had, request)


_SERVICE = regex(r"[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?")
# IAM User Guide, "AWS: Allows MFA-authenticated IAM users to manage their own credentials": what a first sign-in needs
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html).
_AT_SIGN_IN = ("iam:changepassword", "iam:getaccountpasswordpolicy")
_FOR_CLOUDFRONT = ("acm", "wafv2")
"""Services whose resources CloudFront takes from us-east-1 only.

CloudFront developer guide, "Requirements for using SSL/TLS certificates with CloudFront"
(https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html); AWS WAF API
reference, "CreateWebACL", Scope (https://docs.aws.amazon.com/waf/latest/APIReference/API_CreateWebACL.html).
"""
_WHO_CALLS = ("aws:principalarn", "aws:principalaccount", "aws:principalorgid", "aws:sourcevpce", "aws:sourcevpc")
_NOT_CHOSEN = ("aws:viaawsservice", "aws:principalisawsservice", "aws:calledvia")
"""Keys that the caller of a request does not choose."""


def _look_alike(condition: MetCondition) -> bool:
    """Whether the request's value may be a typo of the value that passes."""
    parts = operator(condition.operator)
    had = condition.had or ()
    if parts is None or not parts.negated or not len(had) == len(condition.wanted) == 1:
        return False
    return edits(had[0], condition.wanted[0], 1) == 1


def _inversion(condition: MetCondition) -> str:
    """Return what is wrong with a Deny's condition that is inverted, so that it matches the safe calls.

    Return "" if the condition is not inverted.
    """
    return inverted(condition.operator, condition.key, condition.wanted)


def _is_negated(condition: MetCondition) -> bool:
    """Return whether the Deny excepts the condition's values: only then does adding a value exempt a request."""
    parts = operator(condition.operator)
    return parts is not None and parts.negated


_GET_NEW_IDS = ("aws:sourcevpce", "aws:sourcevpc")
"""Keys that have the ID of a resource, which differs after the resource is deleted and created again."""


def _recreated(conditions: Sequence[MetCondition]) -> tuple[str, str] | None:
    """Return the ID in a condition and the ID in the request, if the requested resource may replace the one named."""
    for each in conditions:
        if each.key.lower() in _GET_NEW_IDS and _is_negated(each) and each.had and len(each.wanted) == 1:
            had, (wanted,) = each.had[0], each.wanted
            if not _look_alike(each) and "*" not in wanted and had.partition("-")[0] == wanted.partition("-")[0]:
                return wanted, had
    return None


def _fix_of_recreated(old: str, new: str, which: str, place: str, otherwise: str) -> Fix:
    text = (
        f"A resource that is deleted and created again has a new ID. If {new} replaced {old}, write {new} in its "
        f"place; if both should be allowed, list both. Keep the Deny. Otherwise: {otherwise}"
    )
    return Fix(f"Write {new} in the condition of {which}, if it replaced {old}", Who.RESOURCE_OWNER, Note(place, text))


def _exempting(conditions: Iterable[MetCondition]) -> MetCondition | None:
    """Return the first condition by which the statement's owner can exempt the caller; None if no condition can."""
    on_caller = [each for each in conditions if each.key.lower() in _WHO_CALLS and each.had]
    return next((each for each in on_caller if _is_negated(each) or each.key.lower() == "aws:principalarn"), None)


def _account_outside(conditions: Iterable[MetCondition], request: Request) -> str:
    """Return the account of a caller from outside the resource's organization, such as a vendor's; else "".

    IAM User Guide, "Establish permissions guardrails using data perimeters": trusted third parties are exceptions
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html).
    """
    by_organization = any(each.key.lower() == "aws:principalorgid" and _is_negated(each) for each in conditions)
    home, owner = account_of(request.principal or ""), account_of(request.resource)
    return home if by_organization and home and owner and home != owner else ""


def _exemption(condition: MetCondition) -> str:
    """Return what to add to the condition, so that the statement no longer denies the caller's requests."""
    had = listing(condition.had or ())
    if _is_negated(condition):
        return f"{had} to the condition's values"
    return f'"ArnNotLike": {json.dumps({condition.key: had})} to the conditions, all of which must be met'


_AS_ROLE = (
    "The statement also denies the root user. Sign in with a role or user of the account. If a task needs the root "
    "user, the statement's owner must make an exception for the time of the task."
)
_ROOT_IN_AN_SCP = " An SCP limits the root user of every member account; only the management account's is exempt."
"""AWS Organizations User Guide, "Service control policies (SCPs)"
(https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html).
"""


_FOR_SESSIONS = (
    " The statement also denies the short root sessions of sts:AssumeRoot (central root access). If they should work in"
    ' this account, add {"Null": {"aws:AssumedRoot": "true"}} to its conditions, all of which must be met.'
)
"""The condition of AWS's example: https://github.com/aws-samples/service-control-policy-examples,
Privileged-access-controls, "Prevent root credentials management in member accounts in AWS Organizations".
"""


def _if_right(conditions: Sequence[MetCondition]) -> str:
    """Return a sentence on the known address of the call, if a Deny exempts other addresses; "" otherwise."""
    exempt = (each for each in conditions if each.key.lower() == "aws:sourceip" and _passing(each))
    known = next((each.had[0] for each in exempt if each.had), "")
    if not known or "/" in known:
        return ""
    return f" If {known} is one of the caller's own addresses, the statement's owner must add {known}/32."


def _remedy(condition: MetCondition) -> str:
    parts = operator(condition.operator)
    present = parts is not None and parts.base == "Null" and condition.wanted[:1] == ("true",)
    other = parts is not None and not parts.negated and parts.base not in ("Null", "Bool")
    denies_true = parts is not None and parts.base == "Bool" and condition.wanted[0].lower() == "true"
    return remedy(condition.key, _passing(condition), present=present, other=other, denies_true=denies_true)


def _passing(condition: MetCondition) -> tuple[str, ...]:
    parts = operator(condition.operator)
    if parts is not None and parts.base == "Bool" and condition.key.lower() not in KNOWN_HOW:
        return ("false",) if condition.wanted[0].lower() == "true" else ("true",)
    return condition.wanted if parts is not None and parts.negated else ()


def with_a_boundary(
    statements: Iterable[tuple[int, Statement]], denial: Denial, action: str, word: str
) -> Finding | None:
    """Return a finding on a Deny with NotPrincipal, if the text says that the caller has a permissions boundary.

    Such a Deny denies every caller with a boundary. Return None for other texts. IAM User Guide, "AWS JSON policy
    elements: NotPrincipal"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html).
    """
    text = denial.pasted or denial.text
    if denial.principal is None or not _BOUNDARY.search(text) or _NO_BOUNDARY.search(text):
        return None
    for number, each in statements:
        named = names_action(each.action, action) if each.action is not None else True
        if each.effect != "Deny" or each.not_principal is None or not named:
            continue
        which = f"statement {each.sid or number + 1}"
        name = identity_of(denial.principal)[2]
        said = f"{which} denies {action} with NotPrincipal, and {name} has a permissions boundary"
        why = (
            "A Deny with NotPrincipal always denies a principal with a permissions boundary, whatever NotPrincipal "
            "lists"
        )
        exempt = {"ArnNotEquals": {"aws:PrincipalArn": arn_to_name(denial.principal)}}
        text = (
            f'Write "Principal": "*" with the condition {json.dumps(exempt)} instead of NotPrincipal, with every ARN '
            "that NotPrincipal lists. What the boundary allows is not the cause."
        )
        note = Note("the policy in the text", text)
        return Finding(
            f"{word}.explicit-deny",
            said,
            f"In the text's policy, {said}. {why}.",
            fix=Fix(f"Replace NotPrincipal in {which}", OWNERS.get(word, Who.ACCOUNT_ADMIN), note),
        )
    return None


def denied_perhaps(
    pasted: Sequence[PastedPolicy], request: Request, layer: Layer, known: Collection[str]
) -> list[DenyingStatement]:
    """Return the first Deny that matches if conditions are met whose value in the request the text does not show."""
    low = {*DEFAULTS, *(key.lower() for key in known)}
    for one in pasted:
        for number, each in enumerate(one.document.statements):
            unknown = [
                block
                for block in each.conditions
                if block.key.lower() not in low
                or (inverted(block.operator, block.key, block.values) and block.key not in known)
            ]
            if each.effect != "Deny" or not unknown:
                continue
            bare = _without_keys(_statement_of(one.document, number), {block.key for block in unknown})
            matched = explain_layer(request, policies_of([document_of([bare])], layer), layer).denials
            if matched:
                conditions = tuple(MetCondition(block.operator, block.key, block.values, None) for block in unknown)
                document = NamedPolicy(one.document)
                return [replace(matched[0], conditions=conditions, statement=number, policy=document)]
    return []


def _without_keys(statement: dict[str, Any], keys: Collection[str]) -> dict[str, Any]:
    """Return the statement without its conditions on these keys."""
    conditions = {
        kind: left
        for kind, block in (statement.get("Condition") or {}).items()
        if (left := {key: had for key, had in block.items() if key not in keys})
    }
    rest = {name: had for name, had in statement.items() if name != "Condition"}
    return {**rest, "Condition": conditions} if conditions else rest


def _statement_of(document: Document, number: int) -> dict[str, Any]:
    value = document.value
    return value["Statement"][number] if isinstance(value, dict) else {}


def numbered(pasted: Sequence[PastedPolicy]) -> Iterator[tuple[int, Statement]]:
    for one in pasted:
        yield from enumerate(one.document.statements)


def other_denies(
    pasted: Sequence[PastedPolicy], denials: Sequence[DenyingStatement], action: str, known: Collection[str]
) -> list[str]:
    """Return a sentence about each further Deny of the action whose condition the text does not decide; at most two.

    ``known`` are the keys whose values are known, in lower case.
    """
    found = []
    for one in pasted:
        stated = {each.statement for each in denials if each.policy.document is one.document}
        for number, each in enumerate(one.document.statements):
            if each.effect != "Deny" or number in stated or not each.conditions:
                continue
            if any(block.key.lower() in known for block in each.conditions):
                continue  # it does not hold for the request's value
            if names_action(each.action or ("*",), action):
                where = listing([holding(block.operator, block.key, block.values) for block in each.conditions])
                found.append(f"Statement {each.sid or number + 1} also denies the request if {where}.")
    return found[:2]


def of_guardrails(pasted: Sequence[PastedPolicy], action: str, caller: str) -> Iterator[Finding]:
    """Yield a Deny in the text's SCP, RCP, boundary or session policy, if AWS names no policy in the denial."""
    for one in pasted:
        if one.label not in LAYERS_IN_WORDS:
            continue
        for number, (written, statement) in enumerate(zip(one.written, one.document.statements, strict=True)):
            if statement.effect != "Deny" or not names_action(statement.action or (), action):
                continue
            if any(block.key.lower() != "aws:principalarn" for block in statement.conditions):
                continue  # it was evaluated, and the request does not meet it
            exempt = [
                value
                for kind, block in (written.get("Condition") or {}).items()
                if (parts := operator(kind)) is not None and parts.negated and isinstance(block, dict)
                for key, values in block.items()
                if key.lower() == "aws:principalarn"
                for value in resource_texts(values)
            ]
            layer, which = LAYERS_IN_WORDS[one.label], statement.sid or number + 1
            said = f"statement {which} of the {layer} denies {action}"
            who = caller or "the caller"
            if exempt:
                said += f", except for {listing(exempt[:3])}"
            sentence = f"In the text, {said}. No Allow can help{f' unless {who} is one of them' if exempt else ''}."
            evidence = Evidence(said, one.label, statement=number, sid=statement.sid, document=one.document)
            owner = OWNERS.get(one.label, Who.ACCOUNT_ADMIN)
            fix = None
            if exempt:
                text = f"Add its ARN to the condition's values. The entire statement then no longer applies to {who}."
                note = Note(f"the {layer} in the text", text)
                fix = Fix(f"Exempt {who} from the Deny, if this request should be allowed", owner, note)
            yield Finding(f"{one.label}.explicit-deny", said, sentence, (evidence,), fix=fix)
            return

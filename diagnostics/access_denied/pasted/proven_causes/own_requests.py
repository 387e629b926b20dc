"""Evaluate the text's policies with the request that a service makes by itself and reports as refused.

The service's message names neither the action nor the resource as IAM does. Both come from the table of messages
(`OwnRequest`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from diagnostics.access_denied.pasted.account_variables import with_own_account
from diagnostics.access_denied.pasted.evaluation.evaluate import judge
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.json_in_text import MOST_CHARACTERS, read_values
from diagnostics.access_denied.pasted.placeholders import open_elements
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy, documents_of
from diagnostics.access_denied.pasted.proven_causes.function_qualifiers import of_a_qualifier
from diagnostics.access_denied.pasted.proven_causes.idle_statements import of_an_idle_statement
from diagnostics.access_denied.request.called_names import named_thing
from diagnostics.failure import Denial
from diagnostics.fix import Note
from diagnostics.text.known_messages.refusals.service_sentence import OwnRequest
from diagnostics.text.read.author.quoted_or_own_words import with_own_policies
from diagnostics.text.read.identities.own_account import NUMBER, only_account
from diagnostics.text.read.messages.service_sentences import FoundSentence, sentence_in
from diagnostics.words import is_trust_action, word_of
from iam.arn import account_of
from iam.claims import Keys, Source, Sourced
from iam.lazy_pattern import regex
from iam.policy.layer import Layer
from iam.policy.match import compile_glob, names_action
from iam.regions import REGION_NAME
from iam.words import listing

_BARE_ACCOUNT = regex(NUMBER)
_OPEN = regex(r"\{(\w+)\}")
"""A template's placeholder. Its value is not in the text."""
_PARTS = regex(r"([:/])")
_IN_LOGS = regex(r"(?<=/AWSLogs/)\d{12}(?=/)")
"""The account in the key of an object that a service delivers: the account of the trail, recorder or load balancer.

AWS Config Developer Guide, "Permissions for the Amazon S3 bucket": BUCKET/PREFIX/AWSLogs/ACCOUNT/Config/*
(https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html).
"""
_DESTINATION = regex(
    r"\b(?:Queue|Topic|LambdaFunction|queue_?|topic_?|lambda_function_?"
    r"|Destination)_?[Aa][Rr][Nn]\b[\"']?\s*[:=]\s*[\"']?"
    r"(?P<arn>arn:[\w-]+:(?:sqs|sns|lambda):[\w:-]+\w)"
)
"""The destination of an event, as a configuration names it."""
_INTEGRATION_USER = regex(
    r"_AWS_IAM_USER_ARN\b[\s|:=\"'()]*(?:String[\s|]+)?(?P<arn>arn:[\w-]+:iam::\d{12}:user/[^\s|\"',]+)"
)
"""The IAM user of a Snowflake integration, in the output of DESC INTEGRATION."""
_ANY_ACCOUNT = regex(r"(?<![\w-])\d{12}(?![\w-])")
_PRINCIPALS = regex(r"\"Principal\"\s*:\s*\{[^{}]*\}")
_QUOTED = regex(r"\"[^\"\n]*\"")
_REGION_IN_WORDS = regex(rf"(?<![\w.-]){REGION_NAME}(?![\w-])")
_ONLY_ROLE = "{only_role}"
"""The placeholder for a role of the text, which does not send a service's keys: its request may lack a value."""
_ROLE = regex(r"arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*[\w+=@-]")
_OBJECT = regex(r"/x(?![\w/-])")
"""An object name to use if the text shows none: any object below the prefix."""


class _Names:
    """The values in the text for the placeholders in a template."""

    def __init__(self, found: FoundSentence, denial: Denial, text: str) -> None:
        self._found, self._operation, self._text = found.names, denial.operation, text

    def of(self, name: str) -> str:
        if name == "account" and not self._found.get(name):
            return only_account(self._text)
        if name.endswith("_destination"):
            found = {each["arn"] for each in _DESTINATION.finditer(self._text) if f":{name[:-12]}:" in each["arn"]}
            return found.pop() if len(found) == 1 else ""
        if name == "only_region":
            regions = set(_REGION_IN_WORDS.findall(_QUOTED.sub("", self._text)))
            return regions.pop() if len(regions) == 1 else ""
        if name == "integration_user":
            users = {each["arn"] for each in _INTEGRATION_USER.finditer(self._text)}
            return users.pop() if len(users) == 1 else ""
        if f"{{{name}}}" == _ONLY_ROLE:
            outside = _PRINCIPALS.sub("", self._text)
            found = {each[0] for each in _ROLE.finditer(outside)}
            role = found.pop() if len(found) == 1 else ""
            # In one account, the role's own policies suffice.
            return role if set(_ANY_ACCOUNT.findall(outside)) - {account_of(role)} else ""
        return self._found.get(name) or named_thing(name, self._text, self._operation)

    def account_apart_from(self, policy: PastedPolicy) -> str:
        """Return the only account number in the text that is not in the policy; "" if there is not exactly one."""
        found = {each["account"] for each in _BARE_ACCOUNT.finditer(self._text)}
        others = {each for each in found if each not in policy.document.text}
        return others.pop() if len(others) == 1 else ""


def of_an_own_request(denial: Denial) -> Finding | None:
    """Return what the text's resource or trust policies lack for the request that the service's message implies.

    Return None if the message implies no such request, or if no policy in the text decides it. Values of the request
    that the text does not show are assumed to match the policy, so a difference is found only in a value that the text
    shows.
    """
    found = sentence_in(denial.pasted or denial.text)
    if found is None or not found.row.asks:
        return None
    denial = with_own_account(denial)
    text = with_own_policies(denial.pasted or denial.text[:MOST_CHARACTERS])
    names = _Names(found, denial, denial.pasted or denial.text)
    allowed: list[OwnRequest] = []
    for ask in found.row.asks:
        if (finding := _of(ask, names, denial, text)) is None:
            continue
        if finding.code is not None:
            lacking = [
                other
                for other in found.row.asks
                if other != ask and ((also := _of(other, names, denial, text)) is None or not also.covers)
            ]
            return _with_others(finding, ask, lacking, documented=" ".join(each.sentence for each in found.row.causes))
        if not finding.covers:
            return None
        allowed.append(ask)
    if allowed and is_trust_action(allowed[0].action):
        asked = replace(denial, claims_trust=False, action=None, missing_action=None)
        return of_an_idle_statement(asked, members=True)
    causes = found.row.causes
    decided = len(causes) == 1 and bool(causes[0].decides)
    if not allowed or (decided and allowed[0].principal != _ONLY_ROLE):
        return None
    said = f"the policy lets {_with_names(allowed[0].principal, names)} do {listing([ask.action for ask in allowed])}"
    always = [each.sentence for each in causes if not each.shown_by]
    then = (
        always[1]
        if len(always) > 1
        else "Compare the statement's Resource with the resource that the service is set up to use."
    )
    if allowed[0].principal == _ONLY_ROLE:
        then = f"Across accounts, the role's own policies must allow {allowed[0].action}, too: read those next."
    return Finding(None, said, f"In the text, {said}. Check that this policy is in effect. {then}", settles=True)


def _with_others(finding: Finding, ask: OwnRequest, lacking: Sequence[OwnRequest], documented: str) -> Finding:
    """Return the finding with the further requests of the service that the policy does not allow either.

    A statement that the fix adds gets their actions, too, if they are about the same resource. An action for which the
    service's page has a wildcard, as in ``kms:GenerateDataKey*``, is ``documented`` so.
    """
    fix = finding.fix
    if not lacking or fix is None or not isinstance(fix.change, Note):
        return finding
    change, alone = fix.change, f'"Action": "{ask.action}"'
    if finding.layer == "trust":
        change = replace(change, text=f"{change.text} Allow it {listing([each.action for each in lacking])}, too.")
        return replace(finding, fix=replace(fix, change=change))
    if alone in change.text and all(
        (each.principal, each.resource) == (ask.principal, ask.resource) for each in lacking
    ):
        actions = [each.action for each in (ask, *lacking)]
        written = json.dumps([f"{each}*" if f"{each}*" in documented else each for each in actions])
        change = replace(change, text=change.text.replace(alone, f'"Action": {written}'))
        sentence = finding.sentence.replace(f" do {ask.action}:", f" do {listing(actions)}:", 1)
        finding = replace(finding, sentence=sentence, fix=replace(fix, change=change))
    return finding


def _of(ask: OwnRequest, names: _Names, denial: Denial, text: str) -> Finding | None:
    """Return a finding about what the policies in the text must add to allow the request.

    If one of them already allows the request, the finding says so (``covers``). If the text does not show enough of the
    request, the finding has neither a cause code nor ``covers``. Return None if the text has no policy that could allow
    the request.
    """
    caller = _with_names(ask.principal, names)
    if "{" in caller:
        return None
    asked = replace(denial, principal=caller or denial.principal, action=ask.action, missing_action=None)
    asked = replace(asked, operation=None, claims_trust=False, stated_reason=None, resource=None)
    trust = is_trust_action(ask.action)
    word = word_of(Layer.RESOURCE, trust=trust)
    values, written = read_values(text)
    values = tuple((start, end, _with_elements(value, ask, caller)) for start, end, value in values)

    def documents(on: str | None) -> list[PastedPolicy]:
        return list(documents_of(text, values, written, replace(asked, resource=on), ask.action))

    findings: list[Finding] = []
    unsure = False
    forms = [_with_names(each, names) for each in (ask.principal, *ask.also)]
    shown = documents(None)
    for one in shown:
        if one.label or not one.names_principals or not _names_service(one, ask.action):
            continue
        if any(other in one.document.text for other in ask.others):
            return None
        invoked = _with_names(ask.resource, names) if len(shown) == 1 else ""
        if (qualified := of_a_qualifier(one, invoked, caller, ask.action)) is not None:
            return qualified
        on = _object_of(ask, names, one) or _plain(_resource_of(one, ask.action))
        unsure = unsure or any(set(open_elements(each)) - {"Resource"} for each in one.written)
        unsure = unsure or any(value and _is_open(had) for had, value in _sent(ask, names, one).values())
        request = replace(asked, principal=_as_named(forms, one) or asked.principal, resource=None if trust else on)
        sent = _keys_for(ask, names, one)
        fitted = [each for each in documents(request.resource) if each.span == one.span]
        findings += judge(request, ask.action, fitted, Layer.RESOURCE, word, values, whole=one.whole, sent=sent)
    of_role = ask.principal == _ONLY_ROLE and all(each.code is not None for each in findings)
    if findings and (of_role or all(map(_decides, findings))):
        return _of_service(findings[0], ask, caller)
    covers = any(each.code is None for each in findings) and bool(caller) and not unsure
    return Finding(None, "", "", covers=covers) if findings else None


def _with_elements(value: Any, ask: OwnRequest, caller: str) -> Any:
    """Return a JSON value. A block of conditions becomes an Allow if the block tests only keys that the service sends.

    The Allow's other elements match the request.
    """
    if not caller or not isinstance(value, dict) or value.keys() != {"Condition"}:
        return value
    sent = {key.lower() for key, _ in ask.keys}
    blocks = value["Condition"].values() if isinstance(value["Condition"], dict) else ()
    if not blocks or any(not isinstance(each, dict) or not sent.issuperset(map(str.lower, each)) for each in blocks):
        return value
    return {"Effect": "Allow", "Principal": {"Service": caller}, "Action": ask.action, "Resource": "*", **value}


def _as_named(forms: Sequence[str], one: PastedPolicy) -> str:
    """Return the service's principal as the policy names it; "" if the policy does not.

    In China, the name may have a suffix. No page of AWS lists which service principals have it, so both forms are
    accepted.
    """
    fits = [compile_glob(_OPEN.sub("*", each)) for each in forms if each]
    named = [value for each in one.document.statements for kind, value in each.principal or () if kind == "Service"]
    return next((each for each in named if any(fit(each.removesuffix(".cn")) for fit in fits)), "")


_SELDOM_SHOWN = ("partition", "region", "account")


def _is_open(template: str) -> bool:
    """Return whether a value has a placeholder. Placeholders with values that texts seldom show do not count."""
    return bool(set(_OPEN.findall(template)).difference(_SELDOM_SHOWN))


def _decides(finding: Finding) -> bool:
    """Return whether the policy does not allow the request.

    A failed condition counts only if the service sends its key.
    """
    failed = [each for one in finding.evidence for each in one.conditions]
    return finding.code is not None and (not failed or any(each.had for each in failed))


def _of_service(finding: Finding, ask: OwnRequest, caller: str) -> Finding:
    """Return the finding with the name of the service that makes the request.

    Only the message in the text shows which service that is.
    """
    stand_in = _stand_in(ask.action)
    if finding.fix is not None and isinstance(note := finding.fix.change, Note):
        change = replace(note, text=note.text.replace(stand_in, "RESOURCE-ARN"))
        title = finding.fix.title.replace(f" on {stand_in}", "")
        finding = replace(finding, fix=replace(finding.fix, title=title, change=change))
    if not caller:
        return finding
    lead = f"does not allow {ask.action}"
    if ask.resource.endswith("{object}"):
        said, whole = (_OBJECT.sub("/*", each) for each in (finding.said, finding.sentence))
        finding = replace(finding, said=said, sentence=whole)
        if finding.fix is not None and isinstance(note := finding.fix.change, Note):
            title, every = _OBJECT.sub("/*", finding.fix.title), replace(note, text=_OBJECT.sub("/*", note.text))
            finding = replace(finding, fix=replace(finding.fix, title=title, change=every))
    sentence = finding.sentence.replace(lead, f"does not let {caller} do {ask.action}", 1)
    failed = [each for one in finding.evidence for each in one.conditions if each.key.lower() == "aws:sourcearn"]
    if any(value.startswith(f"{had}/") for each in failed for value in each.wanted for had in each.had or ()):
        sentence += f" {caller} sends this ARN without a path."
    return replace(finding, sentence=sentence)


def _with_names(template: str, names: _Names) -> str:
    return _OPEN.sub(lambda each: names.of(each[1]) or each[0], template)


def _names_service(one: PastedPolicy, action: str) -> bool:
    """Return whether a policy names actions of this service.

    A policy with only other services' actions is attached to another resource.
    """
    service = action.partition(":")[0].lower()
    named = [each.lower() for statement in one.document.statements for each in statement.action or ()]
    return any(each == "*" or each.partition(":")[0] == service for each in named)


def _resources(one: PastedPolicy, action: str) -> list[str]:
    """Return the resources of the statements that name the action, followed by those of the other statements."""
    statements = sorted(one.document.statements, key=lambda each: not names_action(each.action or (), action))
    return [each for statement in statements for each in statement.resource or ()]


def _object_of(ask: OwnRequest, names: _Names, one: PastedPolicy) -> str:
    """Return the resource of the request; "" if the text does not name one. The policy's resource is then used."""
    template = _with_names(ask.resource, names)
    if not template or template.startswith("{") or "{bucket}" in template:
        return ""
    begin = _OPEN.sub("aws", template.partition("/")[0])
    whole = [
        f"{begin}/{each.partition('/')[2]}" if each.startswith("*") else each for each in _resources(one, ask.action)
    ]
    account = names.of("account") or names.account_apart_from(one)
    return _IN_LOGS.sub(account or r"\g<0>", _fitted(template, whole))


def _resource_of(one: PastedPolicy, action: str) -> str:
    """Return the resource that the policy is attached to, as the policy names it.

    All statements of a resource's policy are about that resource.
    """
    named = (each for each in _resources(one, action) if each != "*")
    return next(named, _stand_in(action))


def _stand_in(action: str) -> str:
    """Return a resource with which to evaluate a request that names none. This resource is never shown."""
    return f"arn:aws:{action.partition(':')[0]}:us-east-1:111122223333:x"


def _keys_for(ask: OwnRequest, names: _Names, one: PastedPolicy) -> Keys:
    """Return the condition keys that the service sends.

    Values that are not in the message are taken from the policy.
    """
    sent = _sent(ask, names, one)
    return {key: Sourced((value,), Source.TEXT, "the service's message") for key, (_, value) in sent.items() if value}


def _sent(ask: OwnRequest, names: _Names, one: PastedPolicy) -> dict[str, tuple[str, str]]:
    """Return two forms of the value of each key that the service sends: with placeholders, and with these filled in.

    The values for the placeholders come from the policy. If the service may send one of several values, the first that
    the policy accepts is used, or else the first of all. A value after the first is used only if the policy contains
    the fixed words of that value's template, as in ``API/authorizers/*``.
    """
    sent: dict[str, tuple[str, str]] = {}
    for key, template in ask.keys:
        wanted = [
            value
            for statement in one.document.statements
            for block in statement.conditions
            if block.key.lower() == key.lower()
            for value in block.values
        ]
        shown = _with_names(template, names)
        value = _fitted(shown, wanted)
        if key not in sent or (
            _accepted(value, _in_these_words(template, wanted)) and not _accepted(sent[key][1], wanted)
        ):
            sent[key] = (shown, value)
    return sent


def _accepted(value: str, wanted: Sequence[str]) -> bool:
    return any(compile_glob(each)(value) for each in wanted)


def _in_these_words(template: str, wanted: Sequence[str]) -> list[str]:
    """Return the values that contain all the fixed parts of the template."""
    words = {part for part in _PARTS.split(template) if "{" not in part}
    return [each for each in wanted if words.issubset(_PARTS.split(each))]


def _fitted(template: str, wanted: Sequence[str]) -> str:
    """Return the template with its placeholders filled in from a value of the policy.

    The first value that the filled template matches is used, or else the first value. Return "" if the template has a
    placeholder and the policy names no value.
    """
    if "{" not in template:
        return template
    fitted = [_filled(template, each) for each in wanted]
    matching = (one for one, each in zip(fitted, wanted, strict=True) if compile_glob(each)(one))
    return next(matching, next(iter(fitted), ""))


def _filled(template: str, wanted: str) -> str:
    """Return the template with its placeholders filled in from ``wanted``.

    The last placeholder takes the rest of a path.
    """
    parts, others = _PARTS.split(template), _PARTS.split(wanted)
    out: list[str] = []
    for at, part in enumerate(parts):
        rest = others[at:] if at == len(parts) - 1 and parts[at - 1] == "/" else others[at : at + 1]
        out.append(_OPEN.sub(lambda _, rest=rest: _plain("".join(rest)) or "x", part))
    return "".join(out)


def _plain(pattern: str) -> str:
    """Return a value that the pattern matches."""
    return re.sub(r"[*?]+", "x", pattern)

"""The verdict that a denial's own words imply, by rules that are tried in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from diagnostics.claims.kinds import Claim, DenyDecides, Sentence, TextBlames, joined
from diagnostics.diagnosis import Verdict
from diagnostics.failure import Denial
from diagnostics.text.answer.denial.api_authorizers import authorizer_refuses
from diagnostics.text.answer.denial.cut_off import cut_off
from diagnostics.text.answer.denial.identity_policies import nothing_allows, settings_not_used
from diagnostics.text.answer.denial.misspelled_actions import repair_words, unlisted_words
from diagnostics.text.answer.denial.reason_not_stated import WITHOUT_REASON, requested, said_by_service, unclear
from diagnostics.text.answer.denial.resource_policies import resource_must_allow
from diagnostics.text.answer.other_model import other_model
from diagnostics.text.read.author.difference import Difference
from diagnostics.text.read.messages.additions_to_message import differences, stated_in
from diagnostics.text.read.one_message import is_alone
from diagnostics.text.read.resources.new_roles import role_is_new
from diagnostics.words import DEVICE_CODES, POLICY_TYPES, UNSIGNED, is_trust_action
from iam.arn import linked_service, name_of, names_a_service
from iam.claims import Ground, confidence
from iam.facts.guards import guard_sentence
from iam.lazy_pattern import regex
from iam.words import listing, with_article


def denial_verdict(denial: Denial) -> Verdict:
    """Return the verdict that a denial's words imply: certain only if they name a Deny and its kind of policy."""
    verdict = _verdict(denial)
    reason, _, layer = (denial.stated_reason or "").partition(":")
    claims: tuple[Claim, ...] = (DenyDecides(),) if verdict.cause.endswith(".explicit-deny") else ()
    if reason and layer in POLICY_TYPES:
        claims += (TextBlames(layer),)
    first = Sentence(verdict.summary, claims)
    if any(each.difference is Difference.AGAIN for each in differences(denial.text)):
        first = Sentence(f"{_SUCCEEDS_AGAIN} {verdict.summary}", claims)
        verdict = replace(verdict, summary=first.text)
    if not (said := repair_words(denial) or unlisted_words(denial.missing_action or denial.action or "")):
        return replace(verdict, sentences=(first,), only_stated=True)
    every = (first, Sentence(said))
    return replace(verdict, summary=joined(every), sentences=every, only_stated=True)


_SUCCEEDS_AGAIN = "The call succeeds when it is run again, so it was made before the permission took effect."


def _verdict(denial: Denial) -> Verdict:
    return next(found for rule in _RULES if (found := rule(denial)) is not None)


def _reason(denial: Denial) -> tuple[str, str]:
    """Return the reason that the text states (explicit, implicit or another) and the kind of policy."""
    reason, _, layer = (denial.stated_reason or "").partition(":")
    return reason, layer


def _cut_off(denial: Denial) -> Verdict | None:
    sentence = cut_off(denial)
    return unclear(sentence) if sentence else None


def _device(denial: Denial) -> Verdict | None:
    if denial.code not in DEVICE_CODES:
        return None
    on = f" on {denial.resource}" if denial.resource else ""
    return Verdict(
        "identity.no-action",
        confidence(Ground.LIKENESS),
        f"AWS IoT did not authorize {requested(denial)}{on}, because the IoT policy of the device's certificate "
        "does not allow this. IAM policies are not evaluated here.",
    )


def _public_access(denial: Denial) -> Verdict | None:
    if _reason(denial)[0] != "s3-block-public-access":
        return None
    return Verdict(
        "resource.explicit-deny",
        confidence(Ground.STATED),
        f"S3 Block Public Access refuses {requested(denial)}: no policy can allow it while the setting is on.",
        general=True,
    )


def _deny(denial: Denial) -> Verdict | None:
    """Answer a text that states an explicit deny, with the kind of policy if it names one."""
    reason, layer = _reason(denial)
    what = requested(denial)
    if reason != "explicit":
        return None
    if layer in POLICY_TYPES:
        where = f" ({denial.policy_arn})" if denial.policy_arn else ""
        guard = f" {protects}" if (protects := guard_sentence(what)) else ""
        return Verdict(
            f"{layer}.explicit-deny",
            confidence(Ground.STATED),
            f"A Deny statement in {with_article(POLICY_TYPES[layer])}{where} refuses {what}: no Allow can help.{guard}",
            general=not guard,
        )
    if "key=v1.public." in denial.text:
        return Verdict(
            "not-iam",
            confidence(Ground.LIKENESS),
            "The request uses an API key of Amazon Location, not an IAM identity, and the key's restrictions refuse "
            "the request. No IAM policy has to change.",
        )
    denying = [each.sid for each in denial.decoded.statements if each.sid] if denial.decoded else []
    named = f" {listing(tuple(denying))}" if denying else ""
    return unclear(f"A Deny statement{named} refuses {what}. The text does not say which type of policy it is.")


def _is_unsigned(denial: Denial) -> bool:
    return (denial.action or "").lower() in UNSIGNED


def _no_allow(denial: Denial) -> Verdict | None:
    """Answer a text that states that no policy of a kind allows the action."""
    reason, layer = _reason(denial)
    if reason != "implicit" or layer not in POLICY_TYPES or (_is_unsigned(denial) and layer == "identity"):
        return None
    missing = denial.missing_action or requested(denial)
    cause = f"{layer}.no-action"
    if layer == "identity":
        said = nothing_allows(denial, missing)
        general = bool(said.advice)
        return Verdict(cause, confidence(Ground.PARTLY), said.summary, general=general, advice=said.advice)
    sentence = settings_not_used(denial) or (resource_must_allow(denial, missing) if layer == "resource" else "")
    if sentence:
        return Verdict(cause, confidence(Ground.PARTLY), sentence)
    more = other_model(denial) or (_OF_THE_NEW if layer == "boundary" and missing in _CREATES else "")
    sentence = f"The text says that no {POLICY_TYPES[layer]} allows {missing}.{f' {more}' if more else ''}"
    return Verdict(cause, confidence(Ground.PARTLY), sentence, general=not more)


_CREATES = ("iam:CreateRole", "iam:CreateUser")
_OF_THE_NEW = (
    "Read the boundary: often a boundary allows this only if the created role or user also gets a certain boundary "
    "(iam:PermissionsBoundary)."
)
"""IAM User Guide, "Permissions boundaries for IAM entities", on delegating with boundaries
(https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html)."""


def _service_says(denial: Denial) -> Verdict | None:
    """Answer a text with a sentence of a service that has a row (`diagnostics.text.known_messages.refusals`)."""
    if not (stated := stated_in(denial.text)):
        return None
    role = _execution_role(denial, stated.sentence)
    return Verdict(stated.cause, stated.confidence, f"{stated.sentence}{role}")


def _cannot_assume(denial: Denial) -> Verdict | None:
    """Answer a text that says that a role could not be assumed, without AWS's own reason."""
    if not denial.claims_trust:
        return None
    if denial.resource and linked_service(denial.resource):
        return Verdict(
            "principal.not-found",
            confidence(Ground.NOTHING),
            f"The service cannot assume its service-linked role {name_of(denial.resource)}: most likely this account "
            "does not have the role yet. Nobody can edit its trust policy.",
        )
    from diagnostics.text.answer.single_cause.missing_roles import of_an_existing_stack  # few denials are of a trust

    if of_an_existing_stack(denial):
        return Verdict("trust.principal-mismatch", confidence(Ground.NOTHING), _of_a_stack(denial))
    if denial.service and role_is_new(denial.text):
        return Verdict("trust.principal-mismatch", confidence(Ground.NOTHING), _OF_A_NEW_ROLE.format(denial.service))
    sentence = (
        "First read the role's trust policy, which must let the service assume the role: the service "
        f"{denial.service} says that it cannot assume this role."
        if denial.service
        else "The role could not be assumed: first read its trust policy, which must allow the principal that "
        "assumes the role. A program with its own role or keys must also be allowed sts:AssumeRole on the role."
    )
    return Verdict("trust.principal-mismatch", confidence(Ground.NOTHING), sentence)


_OF_A_NEW_ROLE = (
    "Run it again first: most likely the same run created the role moments before, and {} cannot use it yet. If it "
    "fails again, read the role's trust policy, which must let the service assume the role."
)


def _of_a_stack(denial: Denial) -> str:
    """Return the sentence on a service role that a stack keeps.

    AWS CloudFormation User Guide, "CloudFormation service role"
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html).
    """
    name = f" {name_of(denial.resource)}" if denial.resource else ""
    return (
        f"CloudFormation cannot assume the stack's service role{name}: check whether the role still exists and "
        "trusts cloudformation.amazonaws.com. If the role no longer exists, pass another role with --role-arn."
    )


def _unsigned(denial: Denial) -> Verdict | None:
    """Answer a refusal of an unsigned operation, such as sts:AssumeRoleWithWebIdentity."""
    if not _is_unsigned(denial):
        return None
    why = ", and the text names the caller's policies" if _reason(denial)[0] else said_by_service(denial)
    return unclear(
        f"{requested(denial)} was refused{why}. The caller of this operation has no policies: check the role's trust "
        "policy, its identity provider, and the token or assertion."
    )


def _closed_account(denial: Denial) -> Verdict | None:
    if is_alone(denial) or _CLOSED.search(denial.text) is None:
        return None
    from diagnostics.text.read.resources.closed_account import closed_account  # few accounts are closed

    if (found := closed_account(denial)) is None:
        return None
    return Verdict("not-iam", confidence(Ground.LIKENESS), f"{found.sentence} No permission is missing.")


_CLOSED = regex(r"\b(?:closed|suspended|PENDING_CLOSURE|terminated|decommissioned)\b", re.IGNORECASE)


def _trust(denial: Denial) -> Verdict | None:
    if not is_trust_action(denial.action):
        return None
    others = "has" if names_a_service(denial.principal or "") else "and the caller's policies have"
    return unclear(
        f"{requested(denial)} was refused{said_by_service(denial)}.", f"The role's trust policy {others} to be read."
    )


_RULES: tuple[Callable[[Denial], Verdict | None], ...] = (
    _cut_off,
    _device,
    _public_access,
    authorizer_refuses,
    _deny,
    _no_allow,
    _service_says,
    _cannot_assume,
    _unsigned,
    _closed_account,
    _trust,
    *WITHOUT_REASON,
)
"""Rules that are tried in this order; the last always answers."""


_EXECUTION_ROLE = regex(
    r"(?:\b[Ee]xecution_?[Rr]ole(?:_?[Aa]rn)?\b[\"']?[ \t]*[:=]"
    r"|--query [\"']?Role[\"']?(?: --output text)?[ \t]*\n|--role[ =])\s*"
    r"[\"']?(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
)


def _execution_role(denial: Denial, sentence: str) -> str:
    """Return a sentence naming the execution role that ``sentence`` is about, if the text names it; else ""."""
    if "execution role" not in sentence:
        return ""
    named = {each["arn"] for each in _EXECUTION_ROLE.finditer(denial.pasted or denial.text)}
    return f" In the text that role is {named.pop()}." if len(named) == 1 else ""

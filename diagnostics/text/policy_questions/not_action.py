"""Explain that NotAction in an Allow denies nothing, and what allows the actions that NotAction excludes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from diagnostics.text.policy_questions.asked_actions import NAMED, actions_named
from diagnostics.text.read.author.managed_policy_questions import managed_policies_in, of_managed_policies
from iam.lazy_pattern import regex
from iam.policy.document import Document, Statement
from iam.policy.match import names_action, overlap
from iam.words import listing


def which(statement: Statement, document: Document) -> str:
    """Return the words for one of the document's statements: its Sid, or its number if there are several."""
    if statement.sid:
        return f"statement {statement.sid}"
    return f"statement {statement.index + 1}" if len(document.statements) > 1 else "the statement"


_TAKEN_FOR_DENIED = regex(
    r"\b(?:forbid\w*|forbidden|block(?:s|ed)?|den(?:y|ies|ied)|prevent(?:s|ed)?|prohibit\w*|locked out"
    r"|exclude[sd]?|excluding|left out|kept out|(?:must|should) ?n[o'’]t"
    r"|verboten|gesperrt|interdit|bloqué)\b",
    re.IGNORECASE,
)


_WITH_A_ROLE = regex(
    r"\b(?:with|using|and give it) (?:a|an|its|the|this|their) (?:\w+ )?role\b|\bPassRole\b", re.IGNORECASE
)


_LIMITS = regex(r"\b(?P<kind>boundary|SCP|session policy)\b", re.IGNORECASE)
"""A policy that limits. IAM User Guide, "Permissions boundaries for IAM entities"
(https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html)."""


def not_denied(rest: str, document: Document, asked: Iterable[str]) -> str:
    """Say that NotAction in an Allow denies nothing, if the text assumes that it denies actions; "" otherwise.

       IAM User Guide, "IAM JSON policy elements: NotAction": with Allow, NotAction denies nothing
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html). Whoever passes a role
    to a service needs iam:PassRole (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
    """
    one = next((each for each in document.statements if each.effect == "Allow" and each.not_action), None)
    denies = any(each.effect == "Deny" for each in document.statements)
    if one is None or one.principal is not None or denies or not _TAKEN_FOR_DENIED.search(rest):
        return ""
    left_out = listing(list(one.not_action or ()), limit=4)
    if limits := _LIMITS.search(rest):
        kind = {"boundary": "a permissions boundary", "scp": "an SCP"}.get(limits["kind"].lower(), "a session policy")
        return (
            f"NotAction in an Allow is no Deny, but {kind} limits what other policies allow: {left_out} are not "
            "allowed, even if another policy allows them. The policy itself grants nothing: all other actions are "
            "allowed only if another policy allows them."
        )
    where = f" on {listing(list(one.resource), limit=2)}" if one.resource else ""
    where = " on every resource" if one.resource == ("*",) else where
    limited = ", under its conditions" if one.conditions else ""
    allowed = [each for each in asked if not names_action(one.not_action or (), each)]
    also = f", {listing(allowed)} included" if allowed else ""
    return (
        f"NotAction in an Allow denies nothing: {which(one, document)} allows every action except {left_out}{where}"
        f"{also}{limited}, unless a Deny, an SCP or a boundary forbids it. {_of_what_is_left_out(rest, one, left_out)}"
    )


_GRANTED_ELSEWHERE = regex(
    r"\b(?:has|have|had|allows?|grants?|gives?|contains?|with|includes?)\b[^.?\n]{0,40}?"
    rf"(?P<action>{NAMED.pattern.replace('?P<service>', '?:').replace('?P<call>', '?:')})"
)


def _of_what_is_left_out(rest: str, one: Statement, left_out: str) -> str:
    """Explain that another policy may allow the actions in NotAction, and that only a Deny forbids them."""
    if managed := _managed(rest, one):
        return f"{managed} If the caller has this policy, detach it, or forbid the actions with a Deny statement."
    granted = [
        found["action"]
        for found in _GRANTED_ELSEWHERE.finditer(rest)
        if names_action(one.not_action or (), found["action"])
    ]
    if granted:
        return (
            f"According to the text, another policy allows {granted[0]}, so it stays allowed: only a Deny forbids it."
        )
    passes = _WITH_A_ROLE.search(rest) and names_action(one.not_action or (), "iam:PassRole")
    role = (
        " The statement also does not allow iam:PassRole, which is needed to pass a role to a service."
        if passes
        else ""
    )
    return (
        f"The statement does not allow {left_out}, but another policy of the same caller still can. To forbid "
        f"these actions, add a Deny statement.{role}"
    )


def _managed(rest: str, one: Statement) -> str:
    """Name an AWS managed policy in the text that allows the actions in NotAction; "" if there is none."""
    left_out = one.not_action or ()
    named = tuple(each for each in actions_named(rest) if names_action(left_out, each))
    allowed = [said for said, _ in of_managed_policies(rest, named) if " does not allow " not in said]
    if allowed or named:
        return allowed[0] if allowed else ""
    for name, document in managed_policies_in(rest):
        patterns = [
            pattern
            for each in document.statements
            if each.effect == "Allow" and not each.conditions
            for pattern in each.action or ()
            if any(overlap(pattern.lower(), out.lower()) for out in left_out)
        ]
        if patterns:
            return f"{name} allows {listing(patterns, limit=4)}."
    return ""

"""A chain of roles that Redshift cannot assume: which role of it must be the cluster's."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.failure import Denial
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.who import Who
from iam.arn import account_of, name_of
from iam.lazy_pattern import regex

_ROLE = r"arn:aws[\w-]*:iam::\d{12}:role/[\w+=.@/-]+"
_CHAIN = regex(
    rf"(?:User:? (?P<user>arn:aws[\w-]*:redshift:[\w-]*:\d{{12}}:dbuser:\S+) is not authorized to assume IAM Role"
    rf"|get credentials of role) (?P<first>{_ROLE}),(?P<next>{_ROLE})"
)


def of_a_chain(denial: Denial) -> Decision | None:
    """Return the decision on a chain of roles that Redshift cannot assume; None for a single role.

    Amazon Redshift Management Guide, "Chaining IAM roles in Amazon Redshift": the first role is attached to the
    cluster, and each role is allowed to assume the next
    (https://docs.aws.amazon.com/redshift/latest/mgmt/authorizing-redshift-service.html#authorizing-redshift-service-chaining-roles).
    """
    text = denial.pasted or denial.text
    if (found := _CHAIN.search(text)) is None:
        return None
    first, following = found["first"], found["next"]
    own = account_of(found["user"] or "")
    attached = re.search(
        rf"(?<![\w/-]){re.escape(name_of(following))}\b[^.\n]{{0,30}}\b(?:attached|associated)\b", text
    )
    if attached or (own is not None and account_of(first) != own == account_of(following)):
        shown = attached[0] if attached else f"{first} and the cluster belong to different accounts"
        return _decision(
            f"the chain begins with {first}, but {shown}",
            f"Turn the chain around: it must begin with {following}, the role that is attached to the cluster, and "
            f"end with {first}. The chain's first role needs sts:AssumeRole on the second role, whose trust policy "
            "must name the first role.",
            f"Write IAM_ROLE '{following},{first}', without blanks.",
        )
    return _decision(
        f"the chain is {first}, then {following}",
        f"Check the links of the chain in order: {name_of(first)} is attached to the cluster or namespace and "
        f"trusts redshift.amazonaws.com; it may assume {name_of(following)} (sts:AssumeRole); and the trust policy "
        f"of {name_of(following)} names {name_of(first)}.",
        f"The trust policy of {following} names {first} (or its account), not redshift.amazonaws.com. The roles are "
        "separated by a comma without blanks.",
    )


def _decision(words: str, sentence: str, text: str) -> Decision:
    decision = decide(
        "trust.principal-mismatch",
        words,
        sentence,
        "Correct the chain of roles",
        Who.ACCOUNT_ADMIN,
        "the SQL command and the roles",
        text,
    )
    return replace(decision, nearer=True)

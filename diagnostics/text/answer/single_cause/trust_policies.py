"""A role that cannot be assumed, if the text says enough about its trust policy and the caller's policies."""

from __future__ import annotations

import re
from dataclasses import replace

from diagnostics.claims.kinds import StatedFact
from diagnostics.diagnosis import Verdict
from diagnostics.failure import Denial
from diagnostics.fix import Fix, ShellCommand
from diagnostics.text.answer.single_cause.decision import Decision, caller_arn, decide
from diagnostics.text.read.author.stated_facts import Facts
from diagnostics.who import Who
from iam.arn import Arn, account_of, name_of
from iam.claims import Ground, confidence
from iam.lazy_pattern import regex
from iam.ownership import permission_set_of

_ASSUME = "sts:assumerole"


_EXTERNAL_ID = regex(r"\bexternal[-_ ]?id\b", re.IGNORECASE)


def across_partitions(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that a role cannot be assumed because it is in a different partition from the caller.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_cross_partition.html
    """
    caller, role = Arn.parse_principal(denial.principal or ""), Arn.parse_entity(denial.resource or "", "role")
    if (denial.action or "").lower() != _ASSUME or caller is None or role is None:
        return None
    if caller.partition == role.partition:
        return None
    if caller.account == role.account:  # an account belongs to one partition
        meant = f"arn:{caller.partition}:iam::{role.account}:{str(role).partition(f'{role.account}:')[2]}"
        return decide(
            "not-iam",
            f"the caller is {caller}, and the role {role}",
            f"The role's ARN has the partition {role.partition}, but its account {role.account} is the caller's "
            f"account, in {caller.partition}: most likely no such role exists. Neither a policy nor the trust "
            "policy has to change.",
            f"Make the program use the role ARN {meant}",
            Who.CALLER,
            str(role),
            f"Write arn:{caller.partition}: where the ARN is set. If the program builds the ARN itself, the "
            "partition is fixed in the program's code: update or correct the program.",
        )
    return decide(
        "trust.principal-mismatch",
        f"the caller is {caller}, and the role {role}",
        f"The caller is in the partition {caller.partition}, but the role's ARN is in {role.partition}: AssumeRole "
        f"does not work across partitions. Correct the ARN (arn:{caller.partition}:) if account {role.account} is "
        f"in {caller.partition}; otherwise call with credentials of {role.partition}.",
        f"Write arn:{caller.partition}: in the role's ARN, or call with credentials of {role.partition}",
        Who.CALLER,
        str(caller),
        f"Each account belongs to one partition. If {role.account} is in {caller.partition}, the policies and the "
        f"trust policy also need arn:{caller.partition}:. Otherwise use a user, role or identity provider of "
        f"account {role.account}, and a Region of {role.partition}. No policy changes this.",
    )


def trusts_a_deleted(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the trust policy names a deleted user or role, which is shown as a unique ID.

    IAM User Guide, "AWS JSON policy elements: Principal"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    fact = facts.get(StatedFact.DELETED_TRUSTED)
    if fact is None or StatedFact.TRUSTED in facts or StatedFact.ACCOUNT_TRUSTED in facts:
        return None
    kind = "user" if fact.name.startswith("AIDA") else "role"
    caller = caller_arn(denial)
    decision = decide(
        "trust.orphan-principal",
        f"“{fact.words}”",
        f"The role's trust policy names {fact.name}, the ID of a deleted {kind}. A new {kind} of the same name has "
        "another ID, so the role does not trust it.",
        f"Write {caller} in the trust policy instead of {fact.name}",
        Who.RESOURCE_OWNER,
        denial.resource or "the role",
        f"Ask the role's owner to set the principal to {caller} again: IAM then stores the current ID.",
    )
    return replace(decision, nearer=True)


def trusts_another(denial: Denial, facts: Facts) -> Decision | None:
    fact = facts.get(StatedFact.NOT_TRUSTED)
    if fact is None:
        return None
    caller, role, named = caller_arn(denial), name_of(denial.resource or ""), name_of(fact.name)
    own, reserved = name_of(caller), permission_set_of(name_of(caller))
    holder = f"the permission set {reserved}" if reserved else own
    apart = account_of(caller) != account_of(denial.resource or "") and StatedFact.MAY_ASSUME not in facts
    both = f" The policies of {holder} must also allow sts:AssumeRole on {denial.resource}." if apart else ""
    if reserved and permission_set_of(named) == reserved and account_of(fact.name) == account_of(caller):
        says = f"Both roles belong to the permission set {reserved}."
        title = f"Write {own} in the trust policy instead of {named}"
        text = f"Ask the role's owner to set the principal to {fact.name.removesuffix(named)}{own}.{both}"
    else:
        path = " with its path" if reserved else ""
        says = f"This call did not go through {named}."
        title = f"Add {own} to the trust policy, if it should have access"
        text = (
            f"Ask the role's owner to add {caller}{path} to the principals.{both} Or make the call with "
            f"credentials of {named}, if you meant that identity."
        )
    decision = decide(
        "trust.principal-mismatch",
        f"“{fact.words}”",
        f"In the text, the trust policy of {role} names {named}, but not the caller {own}. {says}",
        title,
        Who.RESOURCE_OWNER,
        denial.resource or "the role",
        text,
    )
    return replace(decision, nearer="{" not in fact.words)


def lacks_assume(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the caller's own policies must allow assuming the role, because its trust policy does.

    A trust policy that names an account leaves the choice of principals to that account's policies. Across accounts,
    both sides must allow the call. IAM User Guide, "AWS JSON policy elements: Principal"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts) and
    "Cross-account policy evaluation logic"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
    """
    caller, role = Arn.parse_principal(denial.principal or ""), Arn.parse_entity(denial.resource or "", "role")
    if caller is None or role is None or StatedFact.MAY_ASSUME in facts:
        return None
    fact = facts.get(StatedFact.ACCOUNT_TRUSTED)
    direct = facts.get(StatedFact.TRUSTED) if caller.account != role.account else None
    if (stated_of := fact or direct) is None:
        return None
    reserved = permission_set_of(name_of(caller_arn(denial)))
    who = f"the permission set {reserved}" if reserved else name_of(caller_arn(denial))
    where = ", in IAM Identity Center" if reserved else ""
    admits = f"the entire account {caller.account}" if stated_of is fact else "this caller"
    return decide(
        "identity.no-action",
        f"“{stated_of.words}”",
        f"Allow {who} to perform sts:AssumeRole on {role}{where}: according to the text, the trust policy of "
        f"{role.name} names {admits}, so the caller's own policies lack this permission.",
        f"Allow {who} to perform sts:AssumeRole on this role",
        Who.ACCOUNT_ADMIN,
        caller_arn(denial),
        f"Add a statement that allows sts:AssumeRole on {role}. Keep the trust policy as it is.",
    )


_OTHERS_WORK = regex(
    r"\b(?:most|all|some|many|(?:all )?(?:the )?other|\d+) (?:of the )?(?:other )?accounts? (?:do |does )?"
    r"(?:work|succeed|are fine|is fine)s?\b|\bworks? (?:fine )?(?:for|in|with) (?:most|all|some|many"
    r"|(?:all )?(?:the )?other)"
    r" (?:of the )?(?:other )?accounts?\b",
    re.IGNORECASE,
)
"""Words that say that the same call succeeds in other accounts."""


def is_allowed(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the trust policy is the remaining cause.

    The text says that the caller's policies allow assuming this role.
    """
    may, role = facts.get(StatedFact.MAY_ASSUME), Arn.parse_entity(denial.resource or "", "role")
    if may is None or role is None or _EXTERNAL_ID.search(denial.text):
        return None
    trusting = facts.get(StatedFact.TRUSTED) or facts.get(StatedFact.ACCOUNT_TRUSTED)
    read = f"aws iam get-role --role-name {role.name} --query Role.AssumeRolePolicyDocument"
    if trusting is None and (others := _OTHERS_WORK.search(denial.text)):
        left = (
            f"The call works in other accounts (“{others[0]}”), so most likely account {role.account} has no role "
            f"{role.name}, or its trust policy differs: STS gives the same answer for a missing role. Create the "
            f"role in account {role.account}, or exclude this account."
        )
    elif trusting is None:
        left = (
            f"Read the trust policy of {role.name} next: it must name {caller_arn(denial)} or its account. STS gives "
            "the same answer for a role that does not exist."
        )
    else:
        left = (
            "The remaining causes: a condition in the trust policy, a permissions boundary, a session policy or an SCP."
        )
    both = "Both sides allow it" if trusting is not None else "The caller's policies allow sts:AssumeRole on this role"
    return Decision(
        Verdict("unreadable", confidence(Ground.NOTHING), f"{both}, as the text says. {left}"),
        Fix(
            f"Read the trust policy of {role.name}",
            Who.RESOURCE_OWNER,
            ShellCommand(str(role), f"{read}  # in account {role.account}"),
        ),
        f"“{may.words}”" + (f", “{trusting.words}”" if trusting is not None else ""),
    )

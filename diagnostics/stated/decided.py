"""A denial of which the text's own facts leave one cause: the sentence that says it, and what to change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from diagnostics.claims.kinds import Told
from diagnostics.diagnosis import PASTED, Status, Step, Verdict
from diagnostics.failure import Denial, Failure
from diagnostics.fix import Fix, Note, ShellCommand, Who
from diagnostics.messages.told import Facts, told
from iam.arn import Arn, name_of
from iam.claims import Ground, confidence
from iam.lazy_pattern import regex

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict that facts of the text carry, the fix, and the words that tell them."""

    verdict: Verdict
    fix: Fix
    words: str

    @property
    def step(self) -> Step:
        """The step on these facts; after it no usual cause is told."""
        return Step(PASTED, "What the text decides", Status.FAIL, self.words)


def decided(denial: Denial) -> Decision | None:
    """Return what the facts of the text decide by themselves; None where they leave more than one cause."""
    if (denial.stated_reason or "").startswith("explicit"):
        return None
    facts = told(denial)
    return next((found for rule in _RULES if (found := rule(denial, facts)) is not None), None)


def with_decision(failure: Failure, parts: Iterator[T]) -> Iterator[T | Step | Verdict | Fix]:
    """The parts of a diagnosis of the text alone; what its facts decide takes the place of verdict, fixes and causes.

    Where a policy of the text refuses the request, or AWS's simulator answered, that decides.
    """
    decision = decided(failure) if isinstance(failure, Denial) else None
    found = list(parts)
    orphan = any(isinstance(part, Verdict) and part.cause == _ORPHAN for part in found)
    if decision is None or (any(map(_is_decided, found)) and not (orphan and decision.verdict.cause == _ORPHAN)):
        yield from found
        return
    first = True
    for part in found:
        if isinstance(part, Verdict):
            yield decision.verdict
            yield decision.fix
        elif not isinstance(part, Fix) and not (isinstance(part, Step) and part.id in (PASTED, "next")):
            yield part
            if first and isinstance(part, Step):
                first = False
                yield decision.step


def _is_decided(part: object) -> bool:
    return isinstance(part, Step) and (
        part.id in ("identity", "explicit-denies", "scp", "boundary")
        or (part.id == PASTED and part.status in (Status.FAIL, Status.UNKNOWN))
    )


def _decision(cause: str, words: str, sentence: str, title: str, who: Who, target: str, text: str) -> Decision:
    verdict = Verdict(cause, confidence(Ground.LIKENESS), sentence)
    return Decision(verdict, Fix(title, who, Note(target, text)), words)


_Rule = Callable[[Denial, Facts], Decision | None]
_ASSUME = "sts:assumerole"
_EXTERNAL_ID = regex(r"\bexternal[-_ ]?id\b", re.IGNORECASE)
_ORPHAN = "trust.orphan-principal"


def _across_partitions(denial: Denial, facts: Facts) -> Decision | None:
    """IAM User Guide: roles cannot be assumed across partitions
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_cross_partition.html).
    """
    caller, role = Arn.parse_principal(denial.principal or ""), Arn.parse_entity(denial.resource or "", "role")
    if (denial.action or "").lower() != _ASSUME or caller is None or role is None:
        return None
    if caller.partition == role.partition:
        return None
    return _decision(
        "trust.principal-mismatch",
        f"the caller is {caller}, and the role {role}",
        f"The caller is in the partition {caller.partition} and the role in {role.partition}: AssumeRole does not work "
        "across partitions, whatever the policies say.",
        f"Call with credentials of the partition {role.partition}",
        Who.CALLER,
        str(caller),
        f"Use a user, role or identity provider of account {role.account}, and a Region of {role.partition}.",
    )


def _trusts_a_deleted(denial: Denial, facts: Facts) -> Decision | None:
    """IAM User Guide, "AWS JSON policy elements: Principal": a deleted user or role shows as its unique ID
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    fact = facts.get(Told.DELETED_TRUSTED)
    if fact is None or Told.TRUSTED in facts or Told.ACCOUNT_TRUSTED in facts:
        return None
    kind = "user" if fact.name.startswith("AIDA") else "role"
    caller = _arn_of(denial)
    return _decision(
        _ORPHAN,
        f"“{fact.words}”",
        f"The role's trust policy names {fact.name}: that is the ID of a {kind} that was deleted. A {kind} created "
        "later under the same name has another ID, so the role does not trust it.",
        f"Write {caller} in the trust policy in place of {fact.name}",
        Who.RESOURCE_OWNER,
        denial.resource or "the role",
        f"Let the owner of the role set the principal to {caller} again: IAM then stores the current ID.",
    )


def _trusts_another(denial: Denial, facts: Facts) -> Decision | None:
    fact = facts.get(Told.NOT_TRUSTED)
    if fact is None:
        return None
    caller, role = _arn_of(denial), name_of(denial.resource or "")
    return _decision(
        "trust.principal-mismatch",
        f"“{fact.words}”",
        f"The trust policy of {role} names {name_of(fact.name)} and not the caller, {name_of(caller)}. "
        f"This call did not go through {name_of(fact.name)}.",
        f"Make this call as {name_of(fact.name)}, or add {name_of(caller)} to the trust policy",
        Who.CALLER,
        denial.resource or "the role",
        f"If roles are chained, the program must assume {fact.name} first for every call. Otherwise the role's owner "
        f"adds {caller} to the principals.",
    )


def _lacks_assume(denial: Denial, facts: Facts) -> Decision | None:
    """IAM User Guide, "AWS JSON policy elements: Principal": an account as principal leaves it to that account's
    policies who may
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html#principal-accounts);
    "Cross-account policy evaluation logic": both sides must allow
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
    """
    caller, role = Arn.parse_principal(denial.principal or ""), Arn.parse_entity(denial.resource or "", "role")
    if caller is None or role is None or Told.MAY_ASSUME in facts:
        return None
    fact = facts.get(Told.ACCOUNT_TRUSTED)
    direct = facts.get(Told.TRUSTED) if caller.account != role.account else None
    if (told_of := fact or direct) is None:
        return None
    admits = f"the whole account {caller.account}" if told_of is fact else "this caller"
    return _decision(
        "identity.no-action",
        f"“{told_of.words}”",
        f"The trust policy of {role.name} names {admits}, as the text says. So the caller's own policies lack it: "
        f"allow {name_of(_arn_of(denial))} sts:AssumeRole on {role}.",
        f"Allow {name_of(_arn_of(denial))} sts:AssumeRole on this role",
        Who.ACCOUNT_ADMIN,
        _arn_of(denial),
        f"Add a statement: Allow sts:AssumeRole on {role}. The trust policy stays as it is.",
    )


def _is_allowed(denial: Denial, facts: Facts) -> Decision | None:
    """What is left where the text says that the caller's policies allow the call on this role."""
    may, role = facts.get(Told.MAY_ASSUME), Arn.parse_entity(denial.resource or "", "role")
    if may is None or role is None or _EXTERNAL_ID.search(denial.text):
        return None
    trusting = facts.get(Told.TRUSTED) or facts.get(Told.ACCOUNT_TRUSTED)
    read = f"aws iam get-role --role-name {role.name} --query Role.AssumeRolePolicyDocument"
    if trusting is None:
        left = f"Read the trust policy of {role.name} next: it must name {_arn_of(denial)} or its account."
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


def _arn_of(denial: Denial) -> str:
    """The ARN of the caller as a trust policy names it: of a session that of its role, without a path."""
    caller = Arn.parse_principal(denial.principal or "")
    if caller is None:
        return denial.principal or "the caller"
    if caller.type != "assumed-role":
        return str(caller)
    return f"arn:{caller.partition}:iam::{caller.account}:role/{caller.session_role}"


_RULES: tuple[_Rule, ...] = (_across_partitions, _trusts_a_deleted, _trusts_another, _lacks_assume, _is_allowed)

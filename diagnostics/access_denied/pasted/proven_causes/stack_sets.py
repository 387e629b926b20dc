"""Find a trust policy that names nobody who could assume the role for a service: a StackSet's, or of a deleted role."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.identities.own_account import NUMBER
from diagnostics.who import Who
from iam.arn import account_of
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.words import listing

_WANTED = regex(
    r"Account (?P<account>\d{12}) should have '(?P<role>[\w+=,.@-]+)' role with trust relationship to Role "
    r"'(?P<by>[\w+=,.@/-]+)'"
)
_ACCOUNT = regex(NUMBER)


def of_a_stack_set(denial: Denial, documents: Sequence[PastedPolicy]) -> Finding | None:
    """Return a finding if the role's trust policy in the text names only other principals; None otherwise.

    AWS CloudFormation User Guide, "Grant self-managed permissions"
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html).
    """
    text = denial.pasted or denial.text
    wanted = _WANTED.search(text)
    if wanted is None:
        return None
    if _only_deleted(documents):
        return None
    named = _trusted(documents)
    others = {each["account"] for each in _ACCOUNT.finditer(text)} - {wanted["account"]}
    trusted = {account_of(each) or each for each in named}
    administrators = others - trusted
    if not named or "*" in named or len(administrators) != 1:
        return None
    administrator = administrators.pop()
    own = " of its own account" if trusted == {wanted["account"]} else ""
    said = f"the trust policy names {listing(named)}{own}, not the administrator account {administrator}"
    partition = named[0].split(":")[1] if ":" in named[0] else "aws"
    arn = f"arn:{partition}:iam::{administrator}"
    change = (
        f"Set its AWS principal to {arn}:role/{wanted['by']} (or {arn}:root). Check that {wanted['by']} is allowed to "
        f"perform sts:AssumeRole on {wanted['role']}."
    )
    title = f"Let the trust policy of {wanted['role']} in account {wanted['account']} name account {administrator}"
    fix = Fix(title, Who.RESOURCE_OWNER, Note(f"role {wanted['role']} in account {wanted['account']}", change))
    sentence = f"Correct the trust policy of {wanted['role']} in account {wanted['account']}: in the text, {said}."
    return Finding(f"trust.{Fault.PRINCIPAL_MISMATCH.value}", said, sentence, fix=fix)


_UNIQUE_ID = regex(r"A(?:IDA|ROA)[A-Z0-9]{6,}")
_PARTITION = regex(r"\barn:(aws[\w-]*):")
_KINDS = {"AROA": "role", "AIDA": "user"}


def of_a_deleted_principal(denial: Denial, documents: Sequence[PastedPolicy]) -> Finding | None:
    """Return a finding if a trust policy names only IDs of deleted roles or users, and the text names no caller.

    A policy that trusts a known caller is compared with the caller's name. IAM User Guide, "AWS JSON policy elements:
    Principal": a deleted principal is shown by its ID, and one of the same name that is created later is not trusted
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
    """
    named = _only_deleted(documents)
    if denial.principal is not None or not named:
        return None
    kind = _KINDS[named[0][:4]]
    said = f"the trust policy names {listing(named)}, the ID of a {kind} that was deleted"
    text = denial.pasted or denial.text
    wanted = _WANTED.search(text)
    accounts = {each["account"] for each in _ACCOUNT.finditer(text)} - {wanted["account"] if wanted else ""}
    partition = found[1] if (found := _PARTITION.search(text)) else "aws"
    arn = f"arn:{partition}:iam::{accounts.pop()}:role/{wanted['by']}" if wanted and len(accounts) == 1 else ""
    role = wanted["role"] if wanted else (denial.resource or "").rpartition("/")[2] or "the role"
    where = f" in account {wanted['account']}" if wanted else ""
    change = (
        f"Write {arn or f'the ARN of the present {kind}'} in place of {listing(named)}, also if a {kind} of the same "
        f"name exists again: it has another ID. IAM stores its ID when the policy is saved."
    )
    fix = Fix(
        f"Name the present {kind} in the trust policy of {role}", Who.RESOURCE_OWNER, Note(f"{role}{where}", change)
    )
    sentence = (
        f"Correct the trust policy of {role}{where}: in the text, {said}. A {kind} that was created again with the "
        "same name has another ID, so it is not trusted."
    )
    return Finding("trust.orphan-principal", said, sentence, fix=fix)


def _only_deleted(documents: Sequence[PastedPolicy]) -> list[str]:
    """Return the IDs that the trust policies in the text name, if they name nothing else. Words do not count."""
    named = _trusted([each for each in documents if not each.listed])
    return named if named and all(map(_UNIQUE_ID.fullmatch, named)) else []


def _trusted(documents: Sequence[PastedPolicy]) -> list[str]:
    """Return the users, roles and accounts that the trust policies in the text name."""
    allows = (each for one in documents for each in one.document.statements if each.effect == "Allow")
    found = (value for each in allows for kind, value in each.principal or () if kind == "AWS" or value == "*")
    return list(dict.fromkeys(found))

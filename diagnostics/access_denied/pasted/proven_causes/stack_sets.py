"""Find a StackSet execution role's trust policy that does not name the administrator account."""

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


def _trusted(documents: Sequence[PastedPolicy]) -> list[str]:
    """Return the users, roles and accounts that the trust policies in the text name."""
    allows = (each for one in documents for each in one.document.statements if each.effect == "Allow")
    found = (value for each in allows for kind, value in each.principal or () if kind == "AWS" or value == "*")
    return list(dict.fromkeys(found))

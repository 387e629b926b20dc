"""Find the KMS action that a key policy in the text does not give to the role of another account that it names."""

from __future__ import annotations

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.json_in_text import read_values
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy, documents_of
from diagnostics.access_denied.pasted.proven_causes.left_out_key_actions import needed_on_key
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.messages.service_sentences import sentence_in
from diagnostics.who import Who
from iam.arn import account_of
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import names_action
from iam.words import listing

_REFUSED_BY_KMS = regex(
    r"\bKMS\b[^\n.]{0,40}\b(?:[Aa]ccess ?[Dd]enied|denied|refused|not allowed|permission)|KMS\.Access"
)


def of_a_key_policy(denial: Denial, text: str) -> Finding | None:
    """Return a finding if the key policy names a role of another account, but not every action that its call needs.

    Across accounts the key policy must allow each action itself. KMS Developer Guide, "Allowing users in other accounts
    to use a KMS key" (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html).
    """
    if denial.stated_reason or denial.claims_trust or not _REFUSED_BY_KMS.search(text):
        return None
    sentence = sentence_in(text)
    needed = [each for each in (sentence.row.needed if sentence else ()) if each.startswith("kms:") and "*" not in each]
    needed = needed or needed_on_key(denial.action or "")
    if not needed:
        return None
    values, written = read_values(text)
    for one in documents_of(text, values, written, denial, needed[0]):
        if one.names_principals and one.whole and (found := _lacking(one, needed, denial.principal)) is not None:
            return found
    return None


def _lacking(one: PastedPolicy, needed: list[str], caller: str | None) -> Finding | None:
    """Return a finding if the key policy gives its only role of another account some of the actions, but not all."""
    owners, others = set[str](), dict[str, list[str]]()
    for each in one.document.statements:
        if each.effect != "Allow" or each.principal is None or each.action is None:
            return None
        for _, value in each.principal:
            account = account_of(value)
            if account is None:
                return None
            if value.endswith(":root") and names_action(each.action, "kms:PutKeyPolicy"):
                owners.add(account)
            else:
                others.setdefault(value, []).extend(each.action)
    if len(owners) != 1 or len(others) != 1:
        return None
    ((role, had),) = others.items()
    left = [each for each in needed if not names_action(had, each)]
    account = account_of(role)
    if not left or account in owners or (caller and account_of(caller) != account):
        return None
    said = f"the key policy allows {role} {listing(had)}, but not {listing(left)}"
    sentence = (
        f"In the text, {said}: across accounts the key policy must allow each action itself, whatever the policies of "
        "the role allow."
    )
    note = Note("the key policy", f"Add {listing(left)} to the Action of the statement that names {role}.")
    fix = Fix(f"Let the key policy allow {role.rpartition('/')[2]} {listing(left)}", Who.RESOURCE_OWNER, note)
    return Finding(f"resource.{Fault.NO_ACTION.value}", said, sentence, fix=fix)

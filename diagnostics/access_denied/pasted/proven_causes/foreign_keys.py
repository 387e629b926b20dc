"""Determine that the KMS key of a refused call is in a different account from the caller's."""

from __future__ import annotations

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import KEY_ARN
from diagnostics.access_denied.request.operation import operation_needs
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.text.read.identities.own_account import only_account
from diagnostics.who import Who
from iam.arn import account_of


def of_a_foreign_key(denial: Denial, action: str) -> Finding | None:
    """Return that both accounts must allow the use of the text's only key, if the key is in another account; else None.

    For a text in which a service says that KMS refused. AWS KMS Developer Guide, "Allowing users in other accounts to
    use a KMS key" (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html).
    """
    text = denial.pasted or denial.text
    keys = set(KEY_ARN.findall(text))
    own = account_of(denial.principal or "") or only_account(text)
    if len(keys) != 1 or not own:
        return None
    key = keys.pop()
    owner = account_of(key)
    if owner is None or owner == own:
        return None
    needs = (need.action for need in operation_needs(denial, action))
    needed = next((each for each in needs if each.startswith("kms:")), "kms:Decrypt")
    said = f"the key {key} is in account {owner}, but the caller is in account {own}"
    sentence = (
        f"In the text, {said}, so both accounts must allow {needed}. The caller's policies must allow {needed} on "
        f"that ARN. The key policy in {owner} must allow {needed} to the caller or its account. The text does not "
        "show which of the two is missing: check both."
    )
    note = Note(
        "the policies of the caller, and the policy of the key",
        f'In {own}, allow the caller {needed} on "{key}". In {owner}, let the key policy allow {needed} to the '
        f"caller, or to the root of {own}. The call's own actions are already allowed.",
    )
    fix = Fix(f"Let both accounts allow {needed} on the key", Who.RESOURCE_OWNER, note)
    return Finding(None, said, sentence, settles=True, fix=fix)

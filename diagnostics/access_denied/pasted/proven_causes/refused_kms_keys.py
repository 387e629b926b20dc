"""Find what a policy in the text lacks or names wrongly if a service says that KMS refused the use of a key."""

from __future__ import annotations

from collections.abc import Sequence

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import KEY_ARN, PastedPolicy, names_the_action
from diagnostics.access_denied.request.operation import operation_needs
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.document import Statement
from iam.policy.match import names_action

_ROLE = regex(r":(?:role|assumed-role|user)/(?:[\w+=,.@-]+/)*?([\w+=,.@-]+)")


def of_a_refused_key(denial: Denial, action: str, pasted: Sequence[PastedPolicy]) -> Finding | None:
    """Return a finding that the key policy is left to check if the caller's policies allow using the key; else None.

    ``pasted`` are the policies of a text in which a service says that KMS refused. AWS KMS Developer Guide, "Key
    policies": apart from a grant, nothing gives access without the key policy; "AWS KMS concepts": nobody can change
    the key policy of an AWS managed key
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html,
    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html).
    """
    needs = (need.action for need in operation_needs(denial, action))
    needed = next((each for each in needs if each.startswith("kms:")), "kms:Decrypt")
    own = [one for one in pasted if not one.names_principals and one.label in ("", "identity")]
    theirs = [one for one in pasted if one.names_principals and names_the_action([one], needed)]
    name = identity_of(denial.principal or "")[2]
    roles = set(_ROLE.findall(denial.pasted or denial.text))
    if len(roles) > 1 if not name else any(one.holders and name not in one.holders for one in own):
        return None  # it is unknown whose policy it is, or it is another role's
    statements = [each for one in own for each in one.document.statements]
    allowed = [each for each in statements if each.effect == "Allow" and names_action(each.action or (), needed)]
    if theirs or not allowed or any(each.effect == "Deny" for each in statements):
        return None
    who = name or "the caller"
    if all(each.resource and all(":alias/" in one for one in each.resource) for each in allowed):
        return _of_an_alias(needed, allowed[0], denial)
    said = f"the policy allows {needed}, but KMS denies the request anyway"
    sentence = (
        f"In the text, {said}. Check the key policy, which must let {who} or its account use the key. Also check "
        "that the statement names this key in its Region, and that the key is enabled."
    )
    text = (
        f"The key's owner adds a statement with {needed} for {who}, or for the root of that account, so that the "
        "account's IAM policies decide. Nobody can change the policy of an AWS managed key: for use from another "
        "account, choose a customer managed key."
    )
    fix = Fix(f"Let the key policy allow {needed}", Who.RESOURCE_OWNER, Note("the policy of the KMS key", text))
    return Finding(None, said, sentence, settles=True, fix=fix)


def _of_an_alias(needed: str, statement: Statement, denial: Denial) -> Finding:
    """Return the finding for a policy that names only aliases of keys, which grants nothing on the keys.

    AWS KMS Developer Guide, "Use aliases to control access to KMS keys"
    (https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html).
    """
    alias = (statement.resource or ("",))[0]
    keys = set(KEY_ARN.findall(denial.pasted or denial.text))
    key = keys.pop() if len(keys) == 1 else f"{alias.partition(':alias/')[0]}:key/KEY-ID"
    said = f"the policy allows {needed} on {alias}: an alias's ARN grants nothing on its key"
    text = (
        f"Write {key} in its Resource. To grant by the alias instead: key/* with the condition "
        f'"ForAnyValue:StringEquals": {{"kms:ResourceAliases": "alias/{alias.partition(":alias/")[2]}"}}.'
    )
    fix = Fix("Name the key in place of its alias", Who.ACCOUNT_ADMIN, Note("the policy in the text", text))
    return Finding(f"identity.{Fault.RESOURCE_MISMATCH.value}", said, f"In the text, {said}.", fix=fix)

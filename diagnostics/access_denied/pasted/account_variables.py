"""The values of the deployment's own account. Templates use a variable of AWS or Terraform for them."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.failure import Denial
from iam.lazy_pattern import regex

# CloudFormation Template Reference, "Pseudo parameters"
# (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html); Terraform AWS
# provider, "aws_caller_identity"
# (https://github.com/hashicorp/terraform-provider-aws, website/docs/d/caller_identity.html.markdown).
_ACCOUNT = regex(r"\$\{(?:AWS::AccountId|data\.aws_caller_identity\.[\w-]+\.(?:account_id|id))\}")
_REFERENCE = regex(r"!Ref[ \t]+[\"']?AWS::AccountId[\"']?|\{\s*\"Ref\"\s*:\s*\"AWS::AccountId\"\s*\}")
_SUB = regex(r"!Sub[ \t]+(?=[^\n$]*(?:\n|\Z))")
"""The function ``!Sub`` before a text without variables. The result of the function is then the text itself."""
_NUMBER = regex(r"(?<!\d)\d{12}(?!\d)")


def with_own_account(denial: Denial) -> Denial:
    """Return the denial with the account's number in place of its variable, if the text has only one account number."""
    text = denial.pasted or denial.text
    if _ACCOUNT.search(text) is None and _REFERENCE.search(text) is None:
        return denial
    numbers = set(_NUMBER.findall(text))
    if len(numbers) != 1:
        return denial
    account = numbers.pop()

    def shown(had: str) -> str:
        return _SUB.sub("", _REFERENCE.sub(f'"{account}"', _ACCOUNT.sub(account, had)))

    return replace(denial, text=shown(denial.text), pasted=shown(denial.pasted))

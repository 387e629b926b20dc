"""Which policies have to allow the action, if AWS says that no resource-based policy allows it."""

from __future__ import annotations

import re

from diagnostics.failure import Denial
from diagnostics.text.answer.denial.identity_policies import who_lacks
from diagnostics.text.answer.denial.shared_resources import share_must_allow
from diagnostics.words import BOTH_SIDES
from iam.arn import account_of, names_a_service
from iam.facts.client_calls import client_call
from iam.lazy_pattern import regex

_MANAGED_KEY = regex(
    r"\"?KeyManager\"?\s*[:=|]?\s*\"?AWS\b|\bDefault (?:master )?key that protects my\b",
)
_OF_VARIABLES = regex(r"decrypt the environment variables", re.IGNORECASE)


def _of_a_managed_key(text: str, who: str) -> str:
    """Return the sentence on a key that the text shows to be an AWS managed key; "" for other keys.

    AWS KMS Developer Guide, "AWS managed keys": nobody can change their policies, and services use them with grants
    (https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key); AWS Lambda Developer Guide,
    "Troubleshoot execution issues": a role that was created again has no grant
    (https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-execution.html).
    """
    if _MANAGED_KEY.search(text) is None:
        return ""
    if _OF_VARIABLES.search(text):
        return (
            "Set the function's execution role to another role, and then back: the key is an AWS managed key, on which "
            f"Lambda makes a grant for the role, and most likely {who} was created again, so that the grant belongs to "
            "the old role. Nobody can change the policy of an AWS managed key."
        )
    return (
        f"The key is an AWS managed key: nobody can change its policy, and {who} can use it only through the service "
        "that the key belongs to. If others must use the data, encrypt it with a customer managed key."
    )


def resource_must_allow(denial: Denial, missing: str) -> str:
    """Return which policies have to allow the action, if AWS says that no resource-based policy does; "" if unknown.

    IAM User Guide, "Policy evaluation for requests within a single account" and "Cross-account policy evaluation logic"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html,
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
    """
    caller, resource = denial.principal or "", denial.resource or ""
    home, owner = account_of(caller), account_of(resource)
    said = f"The text says that no resource-based policy allows {missing}"
    if names_a_service(caller) and owner:
        return f"{said}: the policy of {resource} itself must allow the principal {caller}."
    if home is None or owner is None:
        return ""
    who, _ = who_lacks(caller)
    if home != owner and ":layer:" in resource and missing.lower() != "lambda:getlayerversion":
        # AWS Lambda API Reference, "AddLayerVersionPermission", Action: lambda:GetLayerVersion only
        # (https://docs.aws.amazon.com/lambda/latest/api/API_AddLayerVersionPermission.html).
        return (
            f"No layer can allow {missing} to another account: only lambda:GetLayerVersion can be shared. Name the "
            "layer version by its complete ARN with its number (ask its owner), instead of looking it up."
        )
    if home != owner and ":layer:" in resource:
        region = resource.split(":")[3]
        return (
            f"Most likely account {owner} does not share this layer version with account {home}, or has not "
            f"published it in {region}: the layer's owner must share the version (aws lambda "
            f"add-layer-version-permission). Until then, use a shared version, or a copy of your own. {said}. If "
            f"the version is shared, {who} also needs an Allow in its own policies."
        )
    if home != owner and (share := share_must_allow(denial, missing)):
        return share
    if home != owner:
        return (
            f"{said}: the policy of {resource} itself, in account {owner}, must allow {who} of account {home}. For "
            f"a cross-account call, the policies of {who} must also allow the action."
        )
    if missing.partition(":")[0].lower() == "kms" and ":key/" in resource:
        if managed := _of_a_managed_key(denial.pasted or denial.text, who):
            return managed
        lasting = " A deleted key makes its data unreadable forever: check its use first, or disable it instead."
        if "/AWSServiceRoleForAutoScaling" in caller:
            return (
                "A key administrator must let the key policy allow the role to use the key: the key policy does "
                f"not allow {who} {missing}, and that role's own policies cannot change."
            )
        return (
            "A key administrator must add the permission to the key policy (kms:PutKeyPolicy): the key policy does "
            f"not allow {who} {missing}, and does not delegate to IAM policies. The policies of {who} alone do not "
            f"help.{lasting if missing.lower() == 'kms:schedulekeydeletion' else ''}"
        )
    if missing.partition(":")[0].lower() in BOTH_SIDES:
        return ""
    together = client_call(missing, resource, denial.pasted or denial.text)
    return (
        f"{said}. Allow the action on {resource} in the policies of {who}, or in the resource's own policy: within "
        f"one account, either is enough. {together}"
    ).rstrip()

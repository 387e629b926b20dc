"""Say which role, policy or other entity a call does not find, and which existing one is most likely meant."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from diagnostics.failure import OtherFailure
from diagnostics.fix import Fix, Note
from diagnostics.text.answer.policy_documents.partition_of_policy import partition_of_call
from diagnostics.text.answer.vault_logins import vault_lookup
from diagnostics.text.read.messages.stack_status import FAILED_CREATION
from diagnostics.who import Who
from iam.arn import Arn, name_of
from iam.words import joined

_MISSING = {
    **dict.fromkeys(("role", "user", "group", "service-linked-role"), "principal.not-found"),
    "instance-profile": "instance-profile.missing",
}
MAKE_SERVICE_ROLE = (
    "The service creates it automatically if the caller has iam:CreateServiceLinkedRole; otherwise use aws iam "
    "create-service-linked-role --aws-service-name SERVICE.amazonaws.com."
)

_EXACTLY = "Check its exact name, path and account. If a tool is supposed to create it, let the tool do so first."


def not_found(failure: OtherFailure) -> tuple[str, str]:
    kind = (failure.entity_type or "entity").replace("-", " ")
    cause = _MISSING.get(failure.entity_type or "", "entity.not-found")
    if (lookup := vault_lookup(failure.text)) is not None:
        return cause, lookup.sentence
    if not failure.name:
        return cause, (
            f"The resource that the call names does not exist in the account that it reached: {failure.detail}"
        )
    if meant := aws_managed_meant(failure.name):
        return cause, f"AWS has no policy {failure.name}, but it has {meant}: the path is part of an ARN."
    near = aws_managed_near(failure.name)
    if near is not None and near == failure.name:
        return cause, f"{_of_the_same_name(near, failure.text)} Permissions are not the cause."
    but = f" AWS has {near}: check the spelling." if near else ""
    if near is None and (own := own_policy_meant(failure.name)):
        return cause, (
            f"{name_of(failure.name)} is not a known AWS managed policy, and only AWS managed policies have “aws” in "
            f"place of the account ID. If the policy is your own, its ARN is {own}. Permissions are not the cause."
        )
    return cause, (
        f"The text says that the {kind} {failure.name} does not exist in the account that the call reached.{but} "
        "Permissions are not the cause."
    )


def _of_the_same_name(arn: str, text: str) -> str:
    """Return why a call does not find an AWS managed policy that exists."""
    had = arn.split(":")[1]
    if ":policy/aws-service-role/" in arn:
        return f"{arn} is reserved for a service-linked role: it cannot be attached to others."
    if there := partition_of_call(text, had):
        return (
            f"{arn} is of partition {had}, and the call is made in {there}: write {arn.replace(had, there, 1)}, if AWS "
            f"has it in {there}."
        )
    return (
        f"AWS has {arn} in partition {had}: most likely the account is in another partition (arn:aws-us-gov:, "
        "arn:aws-cn:), or AWS has withdrawn the policy."
    )


def aws_managed_meant(written: str, partition: str = "") -> str | None:
    """Return the AWS-managed policy with this ARN's name, ignoring path and case.

    Return None if AWS has no such policy, or if it has this ARN.

    ``partition`` is the account's, if known.
    """
    arn = Arn.parse(written)
    if arn is None or arn.account != "aws":
        return None
    from iam import aws_managed_policies

    same = (each for each in aws_managed_policies.arns() if name_of(each).lower() == arn.name.lower())
    found = next((each.replace("arn:aws:", f"arn:{partition or arn.partition}:", 1) for each in same), None)
    return found if found != written else None


_NEAR_NAME = 0.93


def aws_managed_near(written: str) -> str | None:
    """Return the AWS-managed policy whose name is most similar to the ARN's; None unless exactly one is similar."""
    arn = Arn.parse(written)
    if arn is None or arn.account != "aws":
        return None
    from iam import aws_managed_policies

    known = {name_of(each).lower(): each for each in aws_managed_policies.arns()}
    near = get_close_matches(arn.name.lower(), known, n=1, cutoff=_NEAR_NAME)
    return known[near[0]].replace("arn:aws:", f"arn:{arn.partition}:", 1) if near else None


def own_policy_meant(written: str) -> str:
    """Return the ARN of a customer managed policy with the same name as this AWS managed policy; "" for other ARNs.

    IAM User Guide, "IAM identifiers" (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html).
    """
    arn = Arn.parse(written)
    if arn is None or arn.account != "aws" or arn.type != "policy":
        return ""
    return str(replace(arn, account="ACCOUNT"))


def create_it_first(own: str, text: str) -> Fix:
    """Return the fix if the ARN of an AWS managed policy was written for the author's own policy ``own``."""
    command = f"aws iam list-policies --scope Local --query \"Policies[?PolicyName=='{name_of(own)}'].Arn\""
    again = " Delete the failed stack before the next attempt." if FAILED_CREATION.search(text) else ""
    note = f"{command} shows whether it exists. If it does not, create it from its document. Then name its ARN.{again}"
    return Fix("Use the ARN with your account ID, or create the policy first", Who.CALLER, Note(own, note))


def name_another(wanted: str, near: tuple[str, ...]) -> Fix:
    """Return the fix that names an existing entity. ``near`` are similar existing names or ARNs, most likely first."""
    if near:
        title = f"Name {near[0].rpartition(':policy/')[2]} instead"
        return Fix(title, Who.CALLER, Note(wanted, f"There is: {joined(near)}."))
    return Fix("Use the name of an existing policy, or create the policy first", Who.CALLER, Note(wanted, _EXACTLY))

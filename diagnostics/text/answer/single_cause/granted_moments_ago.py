"""A refusal although the text shows a policy with the action: attached a moment ago, or not the cause."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from diagnostics.claims.kinds import StatedFact
from diagnostics.diagnosis import Verdict
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note, ShellCommand
from diagnostics.text.answer.allow_not_needed import OTHER_LAYER, of_somebody_else
from diagnostics.text.answer.single_cause.decision import Decision, decide
from diagnostics.text.read.author.stated_facts import Fact, Facts, attached_policy
from diagnostics.text.read.messages.additions_to_message import allowed_by, prose_in
from diagnostics.who import Who
from iam import aws_managed_policies
from iam.arn import Arn
from iam.claims import Ground, confidence
from iam.lazy_pattern import regex
from iam.service_reference import services
from iam.services import service_name
from iam.words import listing

if TYPE_CHECKING:
    from diagnostics.text.read.messages.service_sentences import FoundSentence
    from iam.account import ManagedPolicy


def waits(denial: Denial, facts: Facts) -> Decision | None:
    """Return the decision that the call was made too soon after a policy with the action was attached.

    IAM User Guide, "Changes that I make are not always immediately visible"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    """
    fact, action = facts.get(StatedFact.JUST_ATTACHED), denial.missing_action or denial.action or "?"
    if fact is None or not re.search(rf"\bAllow\b[^\n]{{0,200}}\b{re.escape(action)}(?!\w)", denial.text):
        return None
    return decide(
        "identity.no-action",
        f"{fact.words}, {fact.name} seconds before the refusal",
        f"Make the call again after a minute: the policy with {action} was attached {fact.name} seconds before the "
        "call, and a change in IAM takes some time to take effect. Keep the policy as it is.",
        "Try again after a minute",
        Who.CALLER,
        "the call",
        "If the call still fails after that, check that the policy is attached to this caller, and that the policy's "
        "default version allows the action.",
    )


def has_the_policy(denial: Denial, facts: Facts) -> Decision | None:
    """Handle an action that is denied although the text says that the role has the managed policy that allows it.

    The cause is then a Deny or another kind of policy: IAM User Guide, "Troubleshoot access denied error messages"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
    """
    prose = prose_in(denial.text) if not denial.principal else None
    if prose is None or prose.row.cause == "not-iam" or any(each.decides for each in prose.row.causes):
        return None
    if prose.row.cause != "identity.no-action":
        return _has_the_actions(prose, denial)
    fact = attached_policy(" ".join(each.sentence for each in prose.row.causes), denial.text)
    if fact is None:
        return _has_the_actions(prose, denial)
    first = prose.row.causes[0]
    if first.needs_evidence and f"policy {fact.name} lets" in first.sentence:
        return None  # the text shows what this managed policy does not cover
    if (service := _service_that_it_lacks(fact.name, prose)) is not None:
        return _another_policy(fact, service, prose, denial.text)
    if (across := _across_accounts(fact, prose, denial)) is not None:
        return across
    return Decision(
        Verdict(
            "unreadable",
            confidence(Ground.NOTHING),
            f"The text says that {fact.name} is attached, which is what {prose.row.refused} needs. Check whether the "
            "call really used that role, and whether the policy was attached a moment ago. If neither explains the "
            "failure, a Deny refuses the call: in an SCP, a permissions boundary, or a policy of the role.",
        ),
        Fix(
            "Find out which role is used, and what its boundary and the SCPs deny",
            Who.ACCOUNT_ADMIN,
            ShellCommand(
                "the role",
                "aws iam get-role --role-name ROLE --query Role.PermissionsBoundary\n"
                "aws iam list-attached-role-policies --role-name ROLE",
            ),
        ),
        f"“{fact.words}”",
    )


def _across_accounts(fact: Fact, prose: FoundSentence, denial: Denial) -> Decision | None:
    """Return the decision to look at the resource's own policy, if the text shows that it is in another account.

    IAM User Guide, "Cross-account policy evaluation logic"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html).
    """
    resource = Arn.parse(prose.resource or denial.resource or "")
    text = denial.pasted or denial.text
    if resource is None or not resource.account or resource.service == "iam":
        return None
    others = sorted(set(_ACCOUNT.findall(text)) - {resource.account})
    if not others:
        return None
    return decide(
        "resource.no-action",
        f"the resource is in account {resource.account}, but the text names account {listing(others)}",
        f"The resource {resource} belongs to account {resource.account}: if the role is in "
        f"{listing(others, 'or')}, {fact.name} is only one side. The resource's own policy must also allow the "
        "role.",
        "Let the resource's policy allow the role of the other account",
        Who.RESOURCE_OWNER,
        str(resource),
        f"The owner allows the role's ARN the same actions in the policy of {resource} (for a stream: aws kinesis "
        "put-resource-policy), and in the policy of the resource's KMS key, if it has one. Keep the role's own "
        "policies as they are.",
    )


_ACCOUNT = regex(r"(?<![\d/-])\d{12}(?![\d-])")


def _service_that_it_lacks(name: str, prose: FoundSentence) -> str | None:
    """Return the prefix of the refused resource's service if this AWS managed policy allows none of its actions.

    AWS managed policies for one purpose can differ by the resources that they are for: AWS Backup Developer Guide,
    "Managed policies for AWS Backup" (https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html).
    """
    resource = Arn.parse(prose.resource or "")
    if resource is None or resource.service not in services() or resource.service == "iam":
        return None  # an ARN of IAM is the role that lacks the permission
    policy = aws_managed_policies.named(name)
    return resource.service if policy is not None and not _allows(policy, resource.service) else None


def _another_policy(fact: Fact, service: str, prose: FoundSentence, text: str) -> Decision | None:
    """Return the decision to attach the policy for the service; None if the text mentions that one, too."""
    names = (name for each in prose.row.causes for name in _NAME.findall(each.sentence))
    known = ((name, aws_managed_policies.named(name)) for name in names)
    needed = next((name for name, policy in known if policy is not None and _allows(policy, service)), None)
    if needed is None or needed in text:
        return None
    cause = next(each for each in prose.row.causes if needed in each.sentence)
    return decide(
        "identity.no-action",
        f"“{fact.words}”",
        f"Attach {needed} to {prose.row.refused}, unless it is already attached: {fact.name}, which is attached "
        f"according to the text, allows no action of {service_name(f'{service}.amazonaws.com') or service}.",
        f"Attach {needed}",
        cause.who,
        "the role",
        cause.sentence,
    )


def _allows(policy: ManagedPolicy, service: str) -> bool:
    """Whether the policy can allow an action of the service on some resource."""
    statements = policy.document.statements if policy.document is not None else ()
    allowed = (each.action for each in statements if each.effect == "Allow")
    return any(
        actions is None or any(each == "*" or each.lower().startswith(f"{service}:") for each in actions)
        for actions in allowed
    )


_NAME = regex(r"\b(?:AWS|Amazon|CloudWatch)[A-Z]\w+")
"""A name that an AWS managed policy may have."""


def _has_the_actions(prose: FoundSentence, denial: Denial) -> Decision | None:
    """Return the decision for a role that, as a service says, lacks permissions which a policy in the text contains.

    IAM User Guide, "Troubleshoot IAM": changes that are not immediately visible
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html).
    """
    needed = prose.row.needed
    usual = not prose.row.actions or prose.row.cause != "identity.no-action"
    named = [each for each in needed if each.partition(":")[2] in prose.words]
    held = [allowed_by(each, denial.text) for each in named or needed]
    if not prose.in_table or not held or not all(held) or (usual and OTHER_LAYER.search(denial.text)):
        return None
    if any("*" in each and of_somebody_else(each, denial) for each in held):
        return None
    had = f"The text shows a policy that has {listing(list(dict.fromkeys(held)))}, so do not add it"
    place = f"a policy of {prose.row.refused}, and that its Resource names what the call uses"
    late = "that it was attached before the call, a few seconds earlier"
    if _AT_ONCE.search(denial.text):
        summary = f"{had}: most likely the policy was not attached yet. Also check that it is {place}."
        note = Note(
            "the template", "Let the failed resource depend on the role's policy (depends_on), and deploy it again."
        )
        fix = Fix("Attach the policy before the resource needs it", Who.CALLER, note)
    else:
        summary = f"{had}: check that it is {place}. Check also {late}.{_other_cause(prose)}"
        look = "aws iam list-attached-role-policies --role-name ROLE\naws iam list-role-policies --role-name ROLE"
        fix = Fix("See which policies the role has", Who.ACCOUNT_ADMIN, ShellCommand("the role", look))
    return Decision(Verdict("unreadable", confidence(Ground.NOTHING), summary), fix, f"“{held[0]}”")


def _other_cause(prose: FoundSentence) -> str:
    """Return the usual cause beside the one that the text excludes, in a sentence; "" if there is none."""
    others = [each for each in prose.row.causes[bool(prose.row.actions) :] if not each.needs]
    return f" Another usual cause: {others[0].sentence}" if others else ""


_AT_ONCE = regex(
    r"\b(?:single|same|one) (?:apply|deploy(?:ment)?|run|stack|template)\b|\bfrom scratch\b",
    re.IGNORECASE,
)
"""Words that show that a role's policy and the resource that needs it are created in the same run."""

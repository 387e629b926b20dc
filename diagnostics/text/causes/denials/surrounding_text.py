"""Causes that the text around a denial indicates, such as an operation's name in a policy or a mistyped account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from diagnostics.claims.kinds import StatedFact, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.failure import CUT
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, affirmed, contains, says, written_values
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.shared_causes import pull_without_batch
from diagnostics.text.read.messages.additions_to_message import facts_of, prose_in
from diagnostics.text.read.messages.cmdlets import operation_of_cmdlet
from diagnostics.text.read.messages.cut_off import MARK, SAYS_CUT, resource_is_cut
from diagnostics.who import Who
from iam.api_operations import actions_behind
from iam.arn import Arn
from iam.lazy_pattern import regex
from iam.service_reference import action as known_action
from iam.words import listing

if TYPE_CHECKING:
    from diagnostics.text.read.author.misspelled_keys import Mistake

_LONGEST = 20_000
_NAME = regex(r"(?<![\w:/-])[a-z][a-z0-9-]{1,40}:[A-Z][A-Za-z0-9]{2,60}(?![\w*:])")
_REFUSED_CALL = regex(r"\bAPI: [a-z0-9-]+:[A-Z]\w+(?= [^\n]*(?:[Dd]enied|not authorized))")
_OLD = r"(?:not current|re-?appl(?:y|ied)|re-?provision(?:ed|ing)?)\b"
_OF_SETS = r"\b(?:permission sets?|Identity Center)\b"
_OLD_COPY = regex(
    r"(?-i:\bNot [Cc]urrent\b|(?<!status )(?<!status=)\bLATEST_PERMISSION_SET_NOT_PROVISIONED\b)|"
    rf"{_OF_SETS}[^.\n]{{0,80}}\b{_OLD}|\b{_OLD}[^.\n]{{0,80}}{_OF_SETS}",
    re.IGNORECASE,
)


def described_setup(signs: Signs) -> Iterator[FirstLook]:
    """Yield what the setup described in the text needs, if the refusal names neither a call nor a caller."""
    denial = signs.denial
    if denial.stated_reason or denial.operation or denial.action or denial.principal or prose_in(denial.text):
        return
    from diagnostics.text.causes.not_denied.described_setups import of_setup  # with a table that few refusals need

    yield from of_setup(denial.text)


def call_names(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a policy names an API operation instead of the denied action.

    Source: Service Authorization Reference.
    """
    refused = signs.action
    if not refused:
        yield from _called_by_name(signs.denial.text[:_LONGEST])
        return
    # CloudFormation prints the name of the refused call in this form.
    text = _REFUSED_CALL.sub(" ", signs.denial.text[:_LONGEST])
    for name in dict.fromkeys(_NAME.findall(text)):
        behind = actions_behind(name)
        if name.lower() != refused and refused in (each.lower() for each in behind):
            yield FirstLook(
                f"{name} is the name of an API call, not an IAM action: in a policy it allows nothing. The action is "
                f"{signs.denial.action}.",
                contains(name),
                None,
                Who.ACCOUNT_ADMIN,
            )
            return


def _called_by_name(text: str) -> Iterator[FirstLook]:
    """Yield the cause of `call_names` for a text without actions: a policy lists the name of a denied call."""
    found = {name: actions_behind(name) for name in dict.fromkeys(_NAME.findall(text))}
    listed = [name for name, behind in found.items() if behind and _is_called(name, text)]
    if listed:
        right = listing(list(dict.fromkeys(action for name in listed for action in found[name])))
        are = (
            "is the name of an API call, not an IAM action"
            if len(listed) == 1
            else ("are names of API calls, not IAM actions")
        )
        yield FirstLook(
            f"{listing(listed)} {are}: a policy that lists these names allows nothing. Write {right}.",
            contains(listed[0]),
            None,
            Who.ACCOUNT_ADMIN,
        )


def _is_called(name: str, text: str) -> bool:
    """Whether a line of the text says that the call of this name was denied."""
    operation = re.escape(name.partition(":")[2])
    return re.search(rf"(?<![\w:]){operation}\b[^\n]{{0,80}}(?:\b403\b|[Dd]enied|refused)", text) is not None


def profile_in_one_region(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if models are allowed in one Region, but the text calls an inference profile of several.

    Amazon Bedrock User Guide, "Prerequisites for inference profiles"
    (https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html).
    """
    text = signs.denial.text[:_LONGEST]
    if signs.denied_explicitly or (signs.action and not signs.action.startswith("bedrock:invoke")):
        return
    profile = _PROFILE_ID.search(text)
    if profile is None:
        return
    regions = set(_MODELS_IN.findall(" ".join(written_values(text, "Resource"))))
    if len(regions) != 1 or "*" in regions:
        return
    region = regions.pop()
    yield FirstLook(
        f"{profile[0]} is an inference profile: it may send the request to any Region of its geography, and the same "
        f"action must be allowed on the model in each. The statement allows models in {region} only: add "
        "arn:aws:bedrock:*::foundation-model/… next to the profile's ARN. Or call the model by its own ID, if the "
        "Region supports that.",
        contains(profile[0]),
        "aws bedrock get-inference-profile --inference-profile-identifier PROFILE --query 'models[].modelArn'",
        Who.ACCOUNT_ADMIN,
    )


_PROFILE_ID = regex(
    r"(?<![\w.-])(?:us|eu|apac|jp|au|ca|us-gov)\.(?:amazon|anthropic|cohere|deepseek|meta|mistral|twelvelabs)\.[\w.:-]*\w"
)
_MODELS_IN = regex(r"\barn:[\w-]+:bedrock:([a-z0-9-]*|\*)::foundation-model/")


def pulled_by_patterns(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause of a denied pull from ECR, if the action patterns do not cover an action that the pull needs."""
    if (look := pull_without_batch(signs.denial.text[:_LONGEST])) is not None:
        yield look


def raw_mail(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a policy allows ses:SendEmail but not ses:SendRawEmail.

    AWS re:Post says that the sender needs both
    (https://repost.aws/knowledge-center/amazon-ses-send-email-unauthorized-error).
    """
    text = signs.denial.text[:_LONGEST]
    if signs.denial.principal or (signs.denial.operation != "SendEmail" and signs.action != "ses:sendemail"):
        return  # IAM's own sentence names the action that it checked
    said = "ses:SendEmail"
    if re.search(r"\bses:(?:\*|Send\*|SendRawEmail)", text) or said not in written_values(text, "Action"):
        return
    yield FirstLook(
        "The policy has ses:SendEmail and not ses:SendRawEmail: a message that the program sends in raw form, as "
        "most mail libraries do, is checked as ses:SendRawEmail. Allow both.",
        contains(said),
        None,
        Who.ACCOUNT_ADMIN,
    )


def mistyped_keys(signs: Signs) -> Iterator[FirstLook]:
    """Yield keys of the configuration that are almost right (`diagnostics.text.read.author.misspelled_keys`)."""
    for each in _mistakes(signs):
        yield FirstLook(each.sentence, contains(each.said), None, Who.CALLER)


def _mistakes(signs: Signs) -> tuple[Mistake, ...]:
    if signs.alone:
        return ()
    from diagnostics.text.read.author.misspelled_keys import mistakes

    return mistakes(signs.denial.text)


def is_settled(signs: Signs) -> bool:
    """Return whether a mistyped key, a confused action, or AWS's own words rule out other causes.

    The result is also True if a policy with the action was attached just before the call.
    """
    text = signs.denial.text
    waits = _allows(text, signs.denial.action or "?") and next(just_attached(signs), None) is not None
    return waits or any(each.decides for each in _mistakes(signs)) or _ACROSS in text or bool([*alike(signs)])


_ACROSS = "Cross-account pass role is not allowed"
"""A message after which no permission and no trust policy helps (`diagnostics.text.read.messages.stated_reasons`)."""


_CMDLET = regex(r"\b[A-Z][a-z]+-[A-Z][A-Z0-9]*[A-Z][a-z][A-Za-z0-9]*\b")


def alike(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that the plural, batch or singular form of the denied action is allowed.

    The forms are separate actions (Service Authorization Reference).
    """
    refused = signs.denial.action or ""
    service, _, name = refused.partition(":")
    if not service or known_action(refused) is None:
        return
    text = signs.denial.text[:_LONGEST]
    for other in dict.fromkeys(_NAME.findall(text)):
        theirs = other.partition(":")[2]
        if other.partition(":")[0] != service or not _differ_by_number(name, theirs) or known_action(other) is None:
            continue
        if not affirmed(text, rf"{re.escape(other)}(?!\w)") or _allows(text, refused):
            continue
        cmdlet = next((each for each in _CMDLET.findall(text) if operation_of_cmdlet(each) == name), None)
        calls = f" {cmdlet} calls {name}." if cmdlet else ""
        yield FirstLook(
            f"{refused} and {other}, which the text names, are different actions: a statement with one does not allow "
            f"the other.{calls} Add {refused} on the same resources, or call {theirs} instead.",
            contains(other),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
        return


def _allows(text: str, action: str) -> bool:
    """Return whether the text lists the action among those that a policy allows."""
    name = re.escape(action)
    listed = rf"\bAllow\b[^\n]{{0,200}}\b{name}(?!\w)|^[ \t]*-[ \t]+[\"']?{name}[\"']?[ \t]*$"
    return action in written_values(text, "Action") or re.search(listed, text, re.MULTILINE) is not None


def just_attached(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the log in the text shows that a policy was attached less than a minute before the denial.

    Changes in IAM take time to become visible everywhere (IAM User Guide, "Changes that I make are not always
    immediately visible":
    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency).
    """
    fact = facts_of(signs.denial).get(StatedFact.JUST_ATTACHED)
    if fact is not None:
        yield FirstLook(
            f"A policy was attached {fact.name} seconds before the call, and a change in IAM takes some time to take "
            "effect. Make the call again after a minute. If it still fails, see whether that policy covers the call.",
            contains(fact.words),
            None,
            Who.CALLER,
        )


def _differ_by_number(one: str, other: str) -> bool:
    """Return whether one of the two names is the other's plural or batch form."""
    short, long = sorted((one, other), key=len)
    return short != long and long in (f"{short}s", f"{short}es", f"Batch{short}", f"{short}Batch", f"{short}ByPath")


def cut_names(signs: Signs) -> Iterator[FirstLook]:
    """Yield advice on names that a display truncated: CloudTrail and STS have the complete names.

    STS API Reference, "GetCallerIdentity"; CloudTrail User Guide, "CloudTrail record contents".
    """
    denial = signs.denial
    who = "" if signs.session and MARK.search(signs.session) else denial.principal or ""
    ended = resource_is_cut(denial)
    named = [each for each in (who, denial.resource or "") if MARK.search(each) or (ended and each == denial.resource)]
    # A person writes three dots for what does not matter. A display that truncates has its own mark, or is said to.
    if not named or (denial.action or "").endswith(CUT):  # then the line itself is cut off
        return
    if any(_LEFT_OUT.search(each) for each in named):
        return  # a display cuts only the end: a person left out the beginning, too
    if not (ended or "\u2026" in "".join(named) or SAYS_CUT.search(denial.text[:_LONGEST])):
        return
    cut = [name_part(each) for each in named]
    inside = covering(denial.resource or "")
    whole = _WHOLE_CALLER if MARK.search(who) else _WHOLE_RESOURCE
    until = f" A statement for {inside} covers this resource, whatever its full name." if inside else ""
    yield FirstLook(
        f"The text has cut off {listing(cut)}: only the beginning is known, so do not put it into a policy. {whole}"
        f"{until}",
        contains(MARK.sub("", cut[0])),
        None,
        Who.CALLER,
    )


_LEFT_OUT = regex(r"(?:\u2026|\.{3})[^\s\"'`)\]\u2026.]")
_WHOLE_CALLER = (
    "CloudTrail's event for the call shows the full name; so does aws sts get-caller-identity, run where the program "
    "runs."
)
_WHOLE_RESOURCE = (
    "The full name is in the program's log, or in the call's CloudTrail event if a trail records such calls."
)


def name_part(value: str) -> str:
    """Return the last component of a truncated value, which is the truncated part."""
    return re.split(r"[/:]", value)[-1]


def covering(resource: str) -> str:
    """Return the ARN with a wildcard in place of its truncated end; "" if no earlier component narrows the ARN."""
    arn = Arn.parse(resource)
    if arn is None or not MARK.search(resource) or resource.count("/") < _NARROW:
        return ""
    return f"{resource[: resource.rindex('/')]}/*"


_NARROW = 2
"""The minimum number of slashes in a truncated ARN that contains a type, a name, and a child of that name."""


def mistyped_account(signs: Signs) -> Iterator[FirstLook]:
    """Yield account numbers that contain letters.

    Account numbers consist of digits only (AWS Account Management Reference Guide, "View AWS account identifiers").
    """
    for each in signs.denial.repairs:
        if each.read.isdigit():
            yield FirstLook(
                f"The account number {each.said} contains a letter, so the number is mistyped: it may be {each.read}. "
                "Check it before you use the ARN.",
                says(f"the text says “{each.said}”", _part_with(signs, each.read), each.read),
                None,
                Who.CALLER,
            )


def _part_with(signs: Signs, value: str) -> TextPart:
    return TextPart.PRINCIPAL if value in (signs.denial.principal or "") else TextPart.RESOURCE


def not_provisioned(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a permission set was changed but not provisioned again.

    IAM Identity Center API Reference, "ProvisionPermissionSet"
    (https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ProvisionPermissionSet.html).
    """
    unnamed = not (signs.role or signs.user)
    named_beside = unnamed and "assumed-role/AWSReservedSSO_" in signs.denial.text[:_LONGEST]
    if not (signs.role.startswith("AWSReservedSSO_") or named_beside):
        return
    if said := _OLD_COPY.search(signs.denial.text[:_LONGEST]):
        yield FirstLook(
            "Most likely the account still has the old version of the permission set: apply it to the account again in "
            "IAM Identity Center (aws sso-admin provision-permission-set). Do not edit the AWSReservedSSO_ role.",
            contains(" ".join(said[0].split())),
            None,
            Who.ORG_ADMIN,
        )


_DETAILS = r"EarlyValidationFailure|early validation errors?, but retrieving more details[^\n]{0,60}"


def hides_the_details(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a deployment failed for another reason, and the denied call would only have shown it.

    AWS CloudFormation User Guide, "Validate stack deployments"
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/validate-stack-deployments.html).
    """
    if signs.action != "cloudformation:describeevents" or not (said := signs.quote(_DETAILS)):
        return
    yield FirstLook(
        "The deployment itself failed CloudFormation's early validation, for example because a resource of that name "
        "exists already. Correct that cause: see the change set's events in the console. "
        "cloudformation:DescribeEvents only shows the details and does not make the deployment succeed.",
        contains(said),
        None,
        Who.CALLER,
    )
    yield FirstLook(
        f"To see the details in the CLI, allow {signs.role or 'the deploy role'} to perform "
        "cloudformation:DescribeEvents. For a role of the CDK's bootstrap stack, run cdk bootstrap again with a new "
        "version.",
        signs.action_is,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )

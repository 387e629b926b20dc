"""The answer for a denial whose text does not show why: one command that shows who called, or what that caller may do.

This answer applies if no rule finds evidence for a cause. It replaces a list of usual causes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.claims.kinds import TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.answer.denial.reason_of_service import own_words
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, WHO_AM_I, contains, lacks, reading, says
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.identities.named_roles import named_roles
from diagnostics.text.read.messages.additions_to_message import allowed_by
from diagnostics.text.read.messages.cut_off import cut_in_caller, cut_sentence
from diagnostics.who import Who
from iam.api_operations import actions_named
from iam.lazy_pattern import regex
from iam.policy.principal import caller
from iam.policy.reserved import refused_by_aws
from iam.service_reference import action as known_action
from iam.service_reference import spelled
from iam.trail_events import is_data_action

_OBJECTS = r"\bs3\b|\bobjects?\b|\bbucket"
_OF_DATA = " Reads and writes of S3 objects appear only in a trail or event data store that records data events."

CALL_NOT_SHOWN = "Find out which call failed"
"""The beginning of the advice for a text that does not show the failed call."""


def not_shown(signs: Signs) -> Iterator[FirstLook]:
    """Yield where to see more of a denial; nothing if the text states the reason, or contains an encoded message.

    If no caller is known, the command shows the caller.
    CloudTrail User Guide, "CloudTrail record contents": errorMessage
    (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
    """
    denial = signs.denial
    if denial.stated_reason or denial.claims_trust or denial.encoded_message:
        return
    action, call = denial.missing_action or denial.action, denial.operation or denial.action
    if denial.operation and (begun := cut_sentence(denial)):
        yield FirstLook(
            f"Get the full message: make the call again with its output in a file, or read {call}'s event in "
            "CloudTrail. Its errorMessage names the action, the resource and the reason.",
            contains(begun),
            _events(signs),
            Who.CALLER,
        )
        return
    if cut_in_caller(denial) is not None:
        return  # the verdict says what is missing
    if call is None and (passed := _passed_role(signs)):
        yield FirstLook(
            f"The message is about the role {passed}, which the command passes to the service, not about whoever "
            "makes the call. Compare this role's policies and trust policy with what the service's page asks of the "
            "role. A role that was just created or changed takes a moment.",
            contains(passed),
            replace(signs, role=passed).caller_read,
            Who.ACCOUNT_ADMIN,
        )
    elif call is None:
        who = denial.principal
        first = f"{CALL_NOT_SHOWN}." if signs.names_caller else f"{CALL_NOT_SHOWN} and who made it."
        nobody = "no call was" if signs.names_caller else "no caller and no call were"
        known = f"the caller is {who}, and no call was" if who else nobody
        yield FirstLook(
            f"{first} The program's debug output (aws --debug, TF_LOG=debug) shows the call, and CloudTrail's event "
            f"history shows both.{_OF_DATA if signs.says(_OBJECTS) else ''}",
            lacks(f"{known} recognized in the text", TextPart.OPERATION),
            WHO_AM_I,
            Who.YOU,
        )
    elif action and denial.principal and (rule := refused_by_aws(caller(denial.principal), action.lower(), "")):
        yield FirstLook(
            f"{rule} Make the call with credentials of a caller that is allowed to, or do without the call.",
            says(f"the caller is {denial.principal}", TextPart.PRINCIPAL, denial.principal),
            WHO_AM_I,
            Who.CALLER,
        )
    elif action and (policies := signs.caller_read):
        row = known_action(action)
        star = row is not None and not row.resource_types
        with_star = ' with Resource "*"' if star else ""
        on = f" on {denial.resource}" if denial.resource and denial.resource != "*" and not star else ""
        # IAM API Reference, "SimulatePrincipalPolicy", ResourceArns: without it, the value is * (all resources)
        # (https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html).
        asks_of_one = star or "--resource-arns" in policies
        of_all = (
            "" if asks_of_one else " The check asks about all resources: if a statement names one, add --resource-arns."
        )
        if held := allowed_by(action, denial.pasted or denial.text):
            yield FirstLook(
                f"The text says that a policy allows {held}. This check shows whether {signs.role or signs.user} has "
                f"it, and whether it covers {spelled(action)}{on}.{of_all} If it does, do not allow more: a Deny or "
                "another policy (of the resource, the endpoint, the organization) refuses the call.",
                contains(held),
                policies,
                Who.ACCOUNT_ADMIN,
            )
            return
        yield FirstLook(
            f"Most often no policy of {signs.role or signs.user} allows {spelled(action)}{on}: this check shows "
            f"whether one does.{of_all} If none does, and this caller is meant to make the call, add the action to one "
            f"of these policies{with_star}. If one of them does, a Deny or another policy (of the resource, the "
            "endpoint, the organization) refuses the call.",
            lacks("no reason was recognized in the text", TextPart.REASON),
            policies,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif signs.names_caller:
        yield FirstLook(
            f"No reason for refusing {call} was recognized in the text. The full message may contain the reason: look "
            "for the message in the program's log, or in CloudTrail's event of the call.",
            lacks("no reason was recognized in the text", TextPart.REASON),
            _events(signs),
            Who.CALLER,
        )
    elif len(roles := _possible_callers(denial.text)) == 1 and (policies := replace(signs, role=roles[0]).caller_read):
        shows = f"whether its policies allow {spelled(action)}" if action else "its policies"
        yield FirstLook(
            f"No reason for refusing {call} was recognized in the text. The text names the role {roles[0]}: if that "
            f"role made the call, this check shows {shows}; aws sts get-caller-identity, where the program runs, "
            f"shows who made it.",
            contains(roles[0]),
            policies,
            Who.ACCOUNT_ADMIN,
        )
    else:
        yield _unknown_caller(signs, call)


_PASSED = regex(r"(?<!assume-role )--(?!role-arn\b)[\w-]*role(?:-arn)?[= ]+[\"']?[^\s\"']+", re.IGNORECASE)
"""An option of a command that passes a role to a service: that role does not make the call."""
_PROVIDED = (
    r"\b(?:provided|specified|supplied|passed)(?: IAM)? role\b|\brole (?:you |that was )?(?:provided|specified)\b"
)
_OF_THE_CALLER = regex(
    r"\b(?:permission|access|authori[sz]|entitle|privilege|allowed|IAM|polic(?:y|ies)|credentials?)", re.IGNORECASE
)
"""Words in a message that may be about the caller's permissions."""


def _possible_callers(text: str) -> tuple[str, ...]:
    """Return the roles in the text that may have made the call."""
    return named_roles(_PASSED.sub("", text))


def _passed_role(signs: Signs) -> str:
    """Return the only role that a command in the text passes, if the message is about the provided role; else ""."""
    passed = named_roles(" ".join(each[0] for each in _PASSED.finditer(signs.denial.text)))
    return passed[0] if len(passed) == 1 and signs.says(_PROVIDED) else ""


def _unknown_caller(signs: Signs, call: str) -> FirstLook:
    """Return what to look at if the text names the call but no caller."""
    action, events, said = signs.denial.action, _events(signs), own_words(signs.denial)
    shows = (
        "CloudTrail's event of the call shows who that is"
        if events
        else "run this check where the program runs, to see who that is"
    )
    of_policies = False
    if said and not _OF_THE_CALLER.search(said):
        cause = (
            f"Start with AWS's own words, “{said}”: they name no missing permission. Change a policy only if the "
            f"service's documentation of this message asks for it. Who makes the call: {shows}."
        )
    elif action and not action.startswith("s3:"):  # S3's bare answer has many other causes
        cause = (
            f"Most often no policy of the caller allows {spelled(action)}: {shows}. If none allows it, and this caller "
            "is meant to make the call, add the action to one of these policies. If one of them does, a Deny or "
            "another policy (of the resource, the endpoint, the organization) refuses the call."
        )
        of_policies = True
    elif said:
        cause = f"The text does not name the caller: {shows}. Then compare that caller's policies with “{said}”."
    else:
        where = "CloudTrail's event has both" if events else "run this check where the program runs, to see the caller"
        cause = f"Neither who called {call} nor why it was refused was recognized in the text: {where}."
    return FirstLook(
        cause,
        lacks("no caller was recognized in the text", TextPart.PRINCIPAL),
        events or WHO_AM_I,
        Who.CALLER,
        asserts=AN_ALLOW_HELPS if of_policies else (),
    )


def _events(signs: Signs) -> str | None:
    """The command that lists the operation's events; None if its name is unknown, or the event history has none.

    CloudTrail User Guide, "Working with CloudTrail event history": management events of the last 90 days
    (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html). Events of S3 and of Lambda
    have different names from the operations.
    """
    operation = signs.denial.operation
    if operation is None:
        return None
    actions = (spelled(signs.denial.action),) if signs.denial.action else actions_named(operation)
    if any(is_data_action(each) or each.startswith(("s3:", "lambda:")) for each in actions):
        return None
    return reading(
        "cloudtrail",
        "lookup-events",
        ("lookup-attributes", f"AttributeKey=EventName,AttributeValue={operation}"),
        query="Events[].CloudTrailEvent",
        region=signs.region,
    )

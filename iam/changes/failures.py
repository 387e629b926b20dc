"""Explain in a sentence why a write call failed, and say what that means for the rest of the plan.

The errors and their texts: IAM API reference and collected messages (the document "aws-iam.md", §2.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iam.arn import Arn
from iam.changes.plan import Call, Plan
from iam.changes.sentences import ended, sentence_for, what_it_does
from iam.sources.aws import errors as aws_errors
from iam.sources.reader.account_reader import AccountReader


@dataclass(frozen=True, slots=True)
class Failure:
    """The failure of a write call. ``code`` and ``message`` are AWS's.

    ``sentence`` says what happened, to which entity, and what to do. ``text`` is the error in the AWS CLI's format,
    which can be diagnosed. ``unknown``: no response was received, so the call may have been carried out. ``repeated``:
    the client sent it more than once, so an earlier attempt may have succeeded. ``way_out`` says what to open next:
    ``diagnose``, ``already-exists``, ``quota``, ``edit``, ``retry``.
    """

    code: str
    message: str
    sentence: str
    text: str
    way_out: str = ""
    unknown: bool = False
    repeated: bool = False
    waiting: str = "AWS is not ready for this call yet."


def failure_of(call: Call, error: BaseException) -> Failure:
    """Return the `Failure` for an error that a write call raised."""
    code = aws_errors.code_of(error)
    message = _without_request(aws_errors.message_of(error))
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        sentence = f"{call.operation} got no answer: {aws_errors.why(call.action, error)}"
        if code == "ParamValidationError":
            return Failure(code, message, f"{call.operation} was not sent: {message}.", message, "edit")
        advice = "Resume or roll back: both first check whether the call was done."
        return Failure(code, message, f"{ended(sentence)} {advice}", message, "retry", unknown=True)
    metadata = response.get("ResponseMetadata") or {}
    status = metadata.get("HTTPStatusCode")
    sentence, way_out = _sentence_and_way_out(call, error, code, message)
    return Failure(
        code=code,
        message=message,
        sentence=sentence,
        text=f"An error occurred ({code}) when calling the {call.operation} operation: {message}",
        way_out=way_out,
        unknown=isinstance(status, int) and status >= 500,
        repeated=bool(metadata.get("RetryAttempts")),
        waiting=_waiting(code),
    )


def _without_request(message: str) -> str:
    """Return the message without the request.

    If the signature is wrong, AWS's message repeats the request, which contains the session token.
    """
    return message.partition(" The Canonical String for this request")[0]


def _waiting(code: str) -> str:
    if code in aws_errors.THROTTLED_CODES:
        return "AWS is throttling the calls."
    if code == "ConcurrentModification":
        return "Somebody else is changing the same entity at this moment."
    if code in ("NoSuchEntity", "InvalidParameterValue"):
        return "AWS does not yet know the entity that was just created."
    if code == "MalformedPolicyDocument":
        return "IAM does not yet know a principal of the policy, which was created a moment ago."
    return "AWS had an internal failure."


# Errors that a call can return although its effect exists.
_GONE = re.compile(r"^(Delete|Detach|Remove|Untag)")
_ABSENT = ("NoSuchEntity", "NoSuchEntityException")


def means_done(call: Call, failure: Failure) -> bool:
    """Whether the failure means that the call has nothing left to do, because what it would remove does not exist."""
    # If the call names two entities, the missing one is the entity to be removed, or the one that contains it.
    if failure.code == "InvalidAssociationID.NotFound":
        return call.operation == "DisassociateIamInstanceProfile"
    return failure.code in _ABSENT and _GONE.match(call.operation) is not None


def may_be_shown_later(failure: Failure) -> bool:
    """Whether the failure means that the entity to create already exists, although reads may not show it yet.

    This matters if the outcome of the call's first attempt is unknown.
    """
    if failure.code == "LimitExceeded":
        return "InstanceSessionsPerInstanceProfile" in failure.message
    return failure.code in ("EntityAlreadyExists", "IncorrectState", "InvalidAssociationID.NotFound")


def is_not_yet(call: Call, failure: Failure, plan: Plan, reader: AccountReader) -> bool:
    """Whether to repeat the call later, because AWS is busy or does not know a newly created entity yet."""
    code = failure.code
    if code in aws_errors.THROTTLED_CODES or code in ("ConcurrentModification", "ServiceFailure", "InternalFailure"):
        return True
    if code in _ABSENT:
        policy = _POLICY_MISSING.match(failure.message) is not None
        return any(_makes(earlier, call, policy) for earlier in plan.calls)
    if code == "MalformedPolicyDocument":
        return _principal_exists(failure.message, plan, reader)
    # EC2 recognizes a new profile only after some seconds
    if code == "InvalidParameterValue" and call.service == "ec2":
        return "Invalid IAM Instance Profile" in failure.message
    return False


_POLICY_MISSING = re.compile(r"(?:Policy|Scope ARN:?) arn:")


def _makes(earlier: Call, call: Call, policy: bool) -> bool:
    """Whether ``earlier`` creates an entity that ``call`` names.

    With ``policy``, the entity is a policy; otherwise it is a role or an instance profile.
    """
    if not earlier.operation.startswith("Create"):
        return False
    if policy:
        return bool(earlier.target) and earlier.target in (call.text("PolicyArn"), call.text("PermissionsBoundary"))
    for name in ("RoleName", "InstanceProfileName"):
        if earlier.text(name) and earlier.text(name) == call.text(name) and earlier.operation != call.operation:
            return True
    return False


_PRINCIPAL = re.compile(r'[Ii]nvalid principal in policy: "?AWS"?:"?(arn:[^"\s]+)')


def _principal_exists(message: str, plan: Plan, reader: AccountReader) -> bool:
    """Whether the principal that IAM reported as unknown exists now, or is created by this plan."""
    match = _PRINCIPAL.search(message)
    if match is None:
        return False
    arn = match[1]
    if any(call.operation == "CreateRole" and call.target == arn for call in plan.calls):
        return True
    named = Arn.parse_entity(arn, "role", "user")
    if named is None or named.account != plan.account_id:
        return False
    if named.type == "role":
        role = reader.role(named.name)
        return role.value is not None and role.value.arn == arn
    user = reader.user(named.name)
    return user.value is not None and user.value.arn == arn


# Sentences.


def _sentence_and_way_out(call: Call, error: BaseException, code: str, message: str) -> tuple[str, str]:
    """Return a sentence that explains the failure, and an identifier for the next step, such as "retry"."""
    what = what_it_does(call)
    if code in aws_errors.DENIED_CODES:
        named = _DENIED_ACTION.search(message)  # a call may require other actions too, such as iam:PassRole
        action = named[1] if named else call.action
        return (
            f"You are not allowed to {what}: AWS denied {action}. Diagnose the denial, ask somebody with the "
            "permission to do the rest, or roll back.",
            "diagnose",
        )
    if code in aws_errors.THROTTLED_CODES:
        return f"AWS kept throttling the calls, so this was not done: {what}. Wait a minute, then resume.", "retry"
    if code in _ENDED:
        return f"The credentials expired before this was done: {what}. Sign in again, then resume.", "retry"
    if aws_errors.is_credentials(error):
        return (
            f"AWS does not accept the credentials ({code}), so this was not done: {what}. See which credentials are "
            "in use (`aws configure list`), then resume.",
            "retry",
        )
    return sentence_for(call, code, message)


_DENIED_ACTION = re.compile(r"not authorized to perform: ([\w-]+:\w+)")
_ENDED = ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired")

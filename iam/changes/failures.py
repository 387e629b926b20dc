"""Why a write call failed, in a sentence, and what that means for the rest of the plan.

The errors and their texts: IAM API reference and collected messages (the document "aws-iam.md", §2.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from iam.changes.plan import Call, Plan
from iam.sources import aws_errors
from iam.sources.reader import AccountReader


@dataclass(frozen=True, slots=True)
class Failure:
    """``code`` and ``message`` are AWS's; ``sentence`` says what happened, to what, and what to do.

    ``text`` is the error as the AWS CLI prints it: what diagnosing takes. ``unknown``: no answer came, so the call
    may have been made all the same. ``repeated``: the client sent it more than once, so an earlier try may have
    worked. ``way_out`` names what to open next: ``diagnose``, ``already-exists``, ``quota``, ``edit``, ``retry``.
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
    code, message = aws_errors.code_of(error), aws_errors.message_of(error)
    response = getattr(error, "response", None)
    if not isinstance(response, dict):
        sentence = f"{call.operation} got no answer: {aws_errors.why(call.action, error)}"
        if code == "ParamValidationError":
            return Failure(code, message, f"{call.operation} was not sent: {message}.", message, "edit")
        advice = "Whether it was done is looked up when you resume or roll back."
        return Failure(code, message, f"{_end(sentence)} {advice}", message, "retry", unknown=True)
    metadata = response.get("ResponseMetadata") or {}
    status = metadata.get("HTTPStatusCode")
    sentence, way_out = _said(call, code, message)
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


def _end(text: str) -> str:
    text = text.rstrip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _waiting(code: str) -> str:
    if code in aws_errors.THROTTLED_CODES:
        return "AWS is slowing us down."
    if code == "ConcurrentModification":
        return "Somebody else is changing the same entity at this moment."
    if code == "NoSuchEntity":
        return "AWS does not know yet what was just made."
    if code == "MalformedPolicyDocument":
        return "IAM does not know a principal of the policy yet that was just made."
    return "AWS had a failure of its own."


# What a call may still say although its effect is there.
_GONE = re.compile(r"^(Delete|Detach|Remove|Untag)")
_TAKEN = ("EntityAlreadyExists", "EntityAlreadyExistsException")
_ABSENT = ("NoSuchEntity", "NoSuchEntityException")


def means_done(call: Call, failure: Failure) -> bool:
    """Whether the failure says that what the call does is so already: what is to go is not there."""
    # Of two things named, it is the one to be taken away that is missing, or the whole that holds it.
    return failure.code in _ABSENT and _GONE.match(call.operation) is not None


def is_not_yet(call: Call, failure: Failure, plan: Plan, reader: AccountReader) -> bool:
    """Whether to make the call again after a while: AWS is busy, or has not heard yet of what was just made."""
    code = failure.code
    if code in aws_errors.THROTTLED_CODES or code in ("ConcurrentModification", "ServiceFailure", "InternalFailure"):
        return True
    if code in _ABSENT:
        policy = _POLICY_MISSING.match(failure.message) is not None
        return any(_makes(earlier, call, policy) for earlier in plan.calls)
    if code == "MalformedPolicyDocument":
        return _principal_exists(failure.message, plan, reader)
    return False


_POLICY_MISSING = re.compile(r"(?:Policy|Scope ARN:?) arn:")


def _makes(earlier: Call, call: Call, policy: bool) -> bool:
    """Whether ``earlier`` makes something that ``call`` needs: a policy, or else a role or an instance profile."""
    if not earlier.operation.startswith("Create"):
        return False
    if policy:
        return bool(earlier.target) and earlier.target in (call.text("PolicyArn"), call.text("PermissionsBoundary"))
    for name in ("RoleName", "InstanceProfileName"):
        if earlier.text(name) and earlier.text(name) == call.text(name) and earlier.operation != call.operation:
            return True
    return False


_PRINCIPAL = re.compile(r'[Ii]nvalid principal in policy: "?AWS"?:"?(arn:[^"\s]+)')
_NAMED = re.compile(r"arn:[^:]+:iam::(\d{12}):(role|user)/(?:.*/)?([^/]+)")


def _principal_exists(message: str, plan: Plan, reader: AccountReader) -> bool:
    """Whether the principal that IAM does not know is there by now, or is made by this plan."""
    match = _PRINCIPAL.search(message)
    if match is None:
        return False
    arn = match[1]
    if any(call.operation == "CreateRole" and call.target == arn for call in plan.calls):
        return True
    named = _NAMED.fullmatch(arn)
    if named is None or named[1] != plan.account_id:
        return False
    if named[2] == "role":
        role = reader.role(named[3])
        return role.value is not None and role.value.arn == arn
    user = reader.user(named[3])
    return user.value is not None and user.value.arn == arn


# Sentences.


def _said(call: Call, code: str, message: str) -> tuple[str, str]:
    """The sentence, and what to open next."""
    what = _what(call)
    if code in aws_errors.DENIED_CODES:
        return (
            f"You may not {what}: AWS denied {call.action}. Diagnose the denial, let somebody with the right make "
            "the rest, or roll back.",
            "diagnose",
        )
    if code in aws_errors.THROTTLED_CODES:
        return f"AWS kept slowing us down, so this was not done: {what}. Wait a minute, then resume.", "retry"
    if code in ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidClientTokenId"):
        return f"The credentials ended before this was done: {what}. Log in again, then resume.", "retry"
    for known, pattern, sentence in _SENTENCES:
        match = re.search(pattern, message) if code == known else None
        if match:
            text, way_out = sentence(call, match)
            return text, way_out
    return f"AWS refused to {what} ({code}): {_end(message)} Put it right and resume, or roll back.", "edit"


def _what(call: Call) -> str:
    """What the call does, for use inside a sentence: the first sentence of ``why``, without its capital."""
    first = call.why.split(". ")[0].rstrip(".")
    return f"{first[:1].lower()}{first[1:]}" if first else call.operation


Sentence = Callable[[Call, "re.Match[str]"], tuple[str, str]]


def _fixed(text: str, way_out: str) -> Sentence:
    return lambda call, match: (text.format(*match.groups(), **_names(call)), way_out)


def _names(call: Call) -> dict[str, str]:
    return {
        "role": call.text("RoleName"),
        "policy": call.text("PolicyArn") or call.text("PolicyName"),
        "profile": call.text("InstanceProfileName"),
        "user": call.text("UserName"),
    }


_SENTENCES: tuple[tuple[str, str, Sentence], ...] = (
    (
        "EntityAlreadyExists",
        r"Role with name (\S+) already exists",
        _fixed(
            "A role named {0} is there already (case and path do not tell names apart): see what has the name before "
            "you adopt it, or take another name.",
            "already-exists",
        ),
    ),
    (
        "EntityAlreadyExists",
        r"policy called (\S+) already exists",
        _fixed(
            "A customer policy named {0} is there already, in this or another path: give it a new version, or take "
            "another name.",
            "already-exists",
        ),
    ),
    (
        "EntityAlreadyExists",
        r"Instance Profile (\S+) already exists",
        _fixed(
            "An instance profile named {0} is there already: use it if it is empty, or name another one.",
            "already-exists",
        ),
    ),
    ("EntityAlreadyExists", r"(.*)", _fixed("The name is taken: {0} See what has it.", "already-exists")),
    (
        "LimitExceeded",
        r"RolesPerAccount: (\d+)",
        _fixed(
            "The account holds its {0} roles: delete ones that nobody uses, or ask for more (quota L-FE177D64).",
            "quota",
        ),
    ),
    (
        "LimitExceeded",
        r"InstanceProfilesPerAccount: (\d+)",
        _fixed("The account has its {0} instance profiles: delete empty ones, or ask for more (L-6E65F664).", "quota"),
    ),
    (
        "LimitExceeded",
        r"PoliciesPerAccount: (\d+)",
        _fixed("The account has its {0} customer policies: delete unused ones, or ask for more (L-E95E4862).", "quota"),
    ),
    (
        "LimitExceeded",
        r"PoliciesPerRole: (\d+)",
        _fixed(
            "The role {role} has its {0} managed policies: merge two into one (a boundary takes no place), or ask for "
            "more (quota L-0DA4ABF3).",
            "quota",
        ),
    ),
    (
        "LimitExceeded",
        r"ACLSizePerRole: (\d+)",
        _fixed(
            "The trust policy of {role} is longer than {0} characters, white space not counted: shorten it, or ask for "
            "more (quota L-C07B4B0D).",
            "edit",
        ),
    ),
    (
        "LimitExceeded",
        r"Maximum policy size of (\d+) bytes exceeded",
        _fixed(
            "The inline policies of one entity may have {0} characters together, white space not counted: move one "
            "into a managed policy.",
            "edit",
        ),
    ),
    (
        "LimitExceeded",
        r"PolicySize: (\d+)",
        _fixed("A managed policy may have {0} characters, white space not counted: split it by service.", "edit"),
    ),
    (
        "LimitExceeded",
        r"InstanceSessionsPerInstanceProfile",
        _fixed(
            "The instance profile {profile} holds a role already, and takes one: take the other out first (instances "
            "that run with it lose it), or use another profile.",
            "already-exists",
        ),
    ),
    (
        "LimitExceeded",
        r"up to 5 versions",
        _fixed("The policy {policy} has 5 versions, the limit: delete the oldest that is not the default.", "edit"),
    ),
    ("LimitExceeded", r"(.*)", _fixed("A quota of IAM is reached: {0} Free a place, or ask for more.", "quota")),
    (
        "MalformedPolicyDocument",
        r"[Ii]nvalid principal in policy: (.*)",
        _fixed(
            "IAM does not find the principal {0}: check its spelling and path, or name its account and test "
            "aws:PrincipalArn in a condition.",
            "edit",
        ),
    ),
    (
        "MalformedPolicyDocument",
        r"prohibited field Resource|must not contain resources",
        _fixed("A trust policy has no Resource: move that statement to the role's permissions.", "edit"),
    ),
    (
        "MalformedPolicyDocument",
        r"may only specify STS AssumeRole actions",
        _fixed("A trust policy allows only the sts:AssumeRole actions: move the others to the permissions.", "edit"),
    ),
    (
        "MalformedPolicyDocument",
        r"must evaluate, using .*?([\w-]+\.[\w.-]+:\w+)",
        _fixed(
            "IAM takes no trust in a shared provider without a test of {0}: name the organization, project and branch.",
            "edit",
        ),
    ),
    (
        "MalformedPolicyDocument",
        r"condition block must be present for the Cognito provider",
        _fixed("A trust in Cognito must test the identity pool: add its id as aud.", "edit"),
    ),
    (
        "MalformedPolicyDocument",
        r"(.*)",
        _fixed("IAM does not take the policy document: {0} Put it right and resume, or roll back.", "edit"),
    ),
    (
        "NoSuchEntity",
        r"Policy (\S+) does not exist or is not attachable|Scope ARN: (\S+) does not exist",
        lambda call, match: (
            f"There is no policy {match[1] or match[2]} that can be attached: check its path (service-role/, "
            "job-function/), its spelling and its partition.",
            "edit",
        ),
    ),
    (
        "NoSuchEntity",
        r"(.*)",
        _fixed("What this call needs is not there: {0} Somebody may have deleted it; read again.", "edit"),
    ),
    (
        "PolicyNotAttachable",
        r".*",
        _fixed("The policy {policy} is for service-linked roles only: choose another.", "edit"),
    ),
    (
        "UnmodifiableEntity",
        r".*",
        _fixed("The role {role} belongs to an AWS service, which alone may change it.", "edit"),
    ),
    (
        "DeleteConflict",
        r"(.*)",
        _fixed("Something still hangs on it: {0} It was added after the plan was made: make the plan again.", "edit"),
    ),
    (
        "ConcurrentModification",
        r".*",
        _fixed("Somebody else keeps changing the same entity: look at what changed, then resume.", "retry"),
    ),
    (
        "InvalidInput",
        r"(.*)",
        _fixed("IAM does not take a value of this call: {0} Put it right and resume, or roll back.", "edit"),
    ),
    (
        "ValidationError",
        r"(.*)",
        _fixed("A field breaks IAM's rules: {0} Put it right and make the plan again, or roll back.", "edit"),
    ),
    (
        "ServiceFailure",
        r".*",
        _fixed("IAM had a failure of its own; whether the call was done is looked up when you resume.", "retry"),
    ),
)

"""Say what to do about a service's error that is not an access denial, by the kind of its error code."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.text.answer.documented_errors import known_code
from diagnostics.text.answer.endpoint_services import of_allowed_principals
from diagnostics.text.answer.error_meanings.meaning import Meaning
from diagnostics.text.answer.owned_elsewhere import owned_elsewhere
from diagnostics.text.answer.policy_documents.arn_shape import rejected_shape
from diagnostics.text.answer.policy_documents.partition_of_policy import partition_fault
from diagnostics.text.answer.regions.other_region import signed_for_another
from diagnostics.text.read.identities.meant_account import keys_over_profile
from diagnostics.text.read.messages.service_errors import ServiceError, service_error, service_errors
from iam.lazy_pattern import regex
from iam.words import joined

# Error codes of the Amazon EC2 API (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
# retrieved 2026-11-30): DryRunOperation means that the user has the required permissions.
_DRY_RUN = regex(r"\bDryRunOperation\b|Request would have succeeded, but DryRun flag is set")
DRY_RUN = "DryRunOperation is not a failure: the call would succeed."
_EXPIRED = regex(r"(?:Request)?Expired(?:Token)?(?:Exception)?$")
_OF_ACCESS = regex(
    r"\b(?:roles?|permissions?|authori[sz]\w*|access(?! entr)|credentials?|trust\w*|assume\w*|polic(?:y|ies)|denied|kms"
    r"|cmk|encryption key|principal|entitled|not allowed)\b|Access|Auth|Denied|Forbidden|Credential|Token|Signature",
    re.IGNORECASE,
)
_THINGS = (
    ("role", r"\broles?\b"),
    ("principal", r"\bprincipals?\b"),
    ("policy", r"\bpolic(?:y|ies)\b|\b(?:Resource|Policy)Policy\b"),
    ("key", r"\b(?:kms|cmk|encryption key)\b"),
    ("credentials", r"\bcredentials?\b|\btokens?\b|\bsignature\b"),
)
"""Words for the things that a service's error may name, each with the pattern that finds it."""
_NAMED = regex(r"\b(?:[a-z]{1,10}-[0-9a-f]{4,17}|arn:[\w-]+:[!-~]*[\w*/])")
_STEPS = tuple(
    (regex(codes, re.IGNORECASE), step)
    for codes, step in (
        (
            r"\balready in use\b",
            "Something already has this name, address or identity: use or import it, or choose another.",
        ),
        (
            r"(?:deletion|termination|delete|stop)[ _-]?protect|protected against deletion|delete protected"
            r"|disableApi(?:Termination|Stop)",
            "Protection against this is on, most likely on purpose: ask the owner first. If the owner agrees, turn "
            "that protection off, then try again.",
        ),
        # Amazon S3 User Guide, "Emptying a bucket"
        # (https://docs.aws.amazon.com/AmazonS3/latest/userguide/empty-bucket.html).
        (
            r"BucketNotEmpty",
            "Delete every object with all versions and delete markers first (Terraform: apply force_destroy = "
            "true), then try again. A policy that was added in the meantime did not cause this.",
        ),
        (
            r"InUse\b|DependencyViolation|DeleteConflict|NotEmpty|in use by|has (?:a )?dependen|is not empty"
            r"|currently attached to",
            "Remove what still uses it first{named}, then try again.",
        ),
        (
            r"already (?:been )?(?:subscribed|enabled|associated|attached|registered|activated|a member)\b",
            "The requested state exists already. In Terraform, import the resource instead of creating it; otherwise "
            "leave the call out.",
        ),
        (
            r"AlreadyExists|Duplicate|AlreadyOwned|already exists",
            "Use or import what exists, or choose another name.",
        ),
        (
            r"Not_?Found|NoSuch|DoesNotExist|NonExistent|does not exist",
            "Check the resource's name or ID, and the Region and account of the call.",
        ),
        (
            r"(?:isn.t|not|n.t) (?:available|supported) in (?:this|the (?:specified|called|current)) region",
            "The service, or this operation, does not exist in the Region of the call: call another Region.",
        ),
        (
            r"Capacity(?!Exceeded)|sufficient \S+ capacity",
            "Request less capacity, or try another Zone, Region or type.",
        ),
        (
            r"\b(?:active|concurrent|running|simultaneous|in[- ]progress) [\w ]{3,40}? (?:exceed|limit|reach)"
            r"|(?:Active|Concurrent|Running)\w*Exceeded",
            "Wait until earlier ones have finished, or stop some of them. If this happens again, run fewer at the "
            "same time, or have the limit raised if Service Quotas shows that the limit is adjustable.",
        ),
        (
            r"LimitExceeded|Quota|TooMany|CapacityExceeded"
            r"|\bexceed(?:s|ed) the (?:[\w-]+ ){0,3}(?:limit|maximum number)\b",
            "Request less, or have the limit raised if Service Quotas shows that the limit is adjustable.",
        ),
        (
            r"Invalid\w*State|Incorrect\w*State|InProgress|NotReady|(?:not|n't) in (?:an? )?(?:\w+ )?state|in progress"
            r"|is in \w+ state|Conflict|ConcurrentModification|OptimisticLock",
            "Wait until the resource's state allows the call, or stop the operation in progress.",
        ),
        (
            r"Internal(?:Failure|Error|Server)|ServiceUnavailable|ServerError|ServiceFailure",
            "The failure is on the service's side: try again, and look at AWS Health.",
        ),
        (
            r"Invalid|Validation|Malformed|Missing|Unsupported|NotSupported|UnknownParameter|BadRequest|Constraint",
            "Correct what the message names.",
        ),
    )
)
# CloudFront API Reference, "CreateInvalidationForDistributionTenant"
# (https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidationForDistributionTenant.html).
_OF_TENANT = (
    "Check the distribution's ID, and the account of the call. If the distribution exists and is multi-tenant, "
    "invalidate each tenant with aws cloudfront create-invalidation-for-distribution-tenant --id TENANT. For this, "
    "the caller needs cloudfront:CreateInvalidationForDistributionTenant."
)
# Amazon ECS Developer Guide, "Amazon ECS task execution IAM role"
# (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html).
_LEFT_OUT = regex(
    r"\brequires? (?:that )?(?:an? |the |your )?(?P<whose>[a-z][\w -]{2,40}?) (?:to have|has|have|with) (?:an? |the )?"
    r"(?P<what>[\w -]{2,40}?)(?= (?:to|for|in order|when)\b|[.,;:]|$)",
)
# Amazon EKS User Guide, "Amazon EKS node IAM role": its trust policy
# (https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html).
_NOT_TRUSTED = regex(
    r"service principals? \[(?P<who>[\w., -]+)\] (?:was|were) not found in the trust relationships? of (?:\w+ )?"
    r"(?P<role>arn:\S+?)(?=[\s.,;]|$)"
)
# IAM User Guide, "Create a service-linked role"
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/create-service-linked-role.html).
_NO_SERVICE_ROLE = regex(
    r"service[- ]linked role\b[^.]{0,60}\b(?:not available|unavailable|does not exist|not found|missing)", re.IGNORECASE
)
_MAKE_SERVICE_ROLE = (
    "The service-linked role is missing in this account, or was created a moment ago. Somebody with "
    "iam:CreateServiceLinkedRole creates the role once: aws iam create-service-linked-role --aws-service-name "
    "SERVICE.amazonaws.com."
)
_STEP = "Correct what the message says, or look up the code in that operation's list of errors."
# Sentences of Botocore and the AWS SDKs for Go about parameters that they validate.
_FIELD = regex(
    r"minimum field (?:size|value) of (?P<size>\d+), (?:\w+Input\.)?(?P<short>[\w.\[\]]+)"
    r"|missing required field, (?:\w+Input\.)?(?P<missing>[\w.\[\]]+)"
    r"|Invalid length for parameter (?P<length>[\w.\[\]]+), value: (?P<has>\d+), valid min length: (?P<min>\d+)"
    r"|Missing required parameter in \w+: \\?\"(?P<required>\w+)"
    r"|Unknown parameter in \w+: \\?\"(?P<unknown>\w+)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedError:
    """Advice on a service's error.

    ``refuses_nothing`` is False if the error itself mentions a role, a key or a policy. ``sent``: a service received
    the request.
    """

    sentence: str
    refuses_nothing: bool
    sent: bool = True


def _what_it_names(said: str) -> str:
    """Return what to look at first: the things that the message names, else the operation's list of errors."""
    named = [thing for thing, pattern in _THINGS if re.search(pattern, said, re.IGNORECASE)]
    if not named:
        return (
            "The message may be about a permission of the caller, but names no permission: see the operation's list "
            "of errors."
        )
    return f"First look at the {joined(named)} in this message."


_FAILS = regex(
    r"\b(?:fatal|fails?|failed|failure|denied|refused|not allowed|not able|cannot|rejected)\b", re.IGNORECASE
)


def _more_than_a_dry_run(text: str) -> bool:
    """Whether another line of the text fails, or its author asks about a policy: the dry run only proves something."""
    rest = [line for line in text.splitlines() if not _DRY_RUN.search(line) and not line.lstrip().startswith("$")]
    asks = any(line.rstrip().endswith("?") or "?" in line for line in rest) and '"Effect"' in text
    return asks or any(_FAILS.search(line) for line in rest)


def stated_error(text: str) -> StatedError | None:
    """Return the advice on the service's error, with the next step; None if the text has no such error."""
    error = service_error(text)
    if error is None and _DRY_RUN.search(text) and not _more_than_a_dry_run(text):
        return StatedError(f"Nothing in the text failed. {DRY_RUN} Make the call without --dry-run.", True)
    if error is None:
        return None
    if not error.sent:
        said = f"AWS received no request, because the program itself rejected it: “{error.said}”."
        return StatedError(f"{said} {_field_step(error.said)} No policy or trust is the cause.", True, sent=False)
    code = f" with {error.code}" if error.code else ""
    failed = f"{error.operation or 'The call'} failed{code}: “{error.said}”."
    if partition := partition_fault(error.said, text):
        return StatedError(f"{partition.sentence} {partition.note} No permission is missing.", True)
    if shape := rejected_shape(error.said):
        return StatedError(f"{shape.sentence} {failed} No permission is missing.", True)
    if signed := signed_for_another(text):
        return StatedError(f"{signed} No permission is missing.", True)
    if untrusted := _NOT_TRUSTED.search(error.said):
        who, role = untrusted["who"], untrusted["role"]
        return StatedError(
            f'The trust policy of {role} lacks {who}: add a statement that allows Principal {{"Service": "{who}"}} '
            f"sts:AssumeRole. {failed} The caller needs no further permission, not even iam:PassRole.",
            True,
        )
    if left_out := _LEFT_OUT.search(error.said):
        whose, what = left_out["whose"], left_out["what"]
        passes = " Whoever makes the call then needs iam:PassRole for that role." if "role" in what.lower() else ""
        return StatedError(
            f"{failed} This is not an access denial: the {whose} has no {what}. Set the {what}.{passes}", True
        )
    if _NO_SERVICE_ROLE.search(error.said):
        return StatedError(f"{failed} {_MAKE_SERVICE_ROLE}", False)
    if error.code == "InvalidServiceName" and (allowed := of_allowed_principals(text)):
        return StatedError(f"{allowed} {failed} The caller needs no further permission.", True)
    if (documented := _documented(error, text)) is not None:
        none = "" if documented.is_permission else " No permission is missing."
        sentence = f"{documented.sentence} {failed}{none}{_another(error, text)}"
        return StatedError(sentence, not documented.is_permission)
    if known := known_code(error.code, error.said, text):
        return StatedError(f"{failed} No permission is missing. {known}{_another(error, text)}", True)
    if _EXPIRED.match(error.code):
        return StatedError(
            f"{failed} Most likely the credentials of this call have expired: get new credentials from the same "
            "source, and make the call again. The text does not show whether that identity is allowed to make the "
            "call.",
            False,
        )
    if _OF_ACCESS.search(error.said) or _OF_ACCESS.search(error.code):
        return StatedError(f"{failed} {_what_it_names(error.said)}", False)
    dry = " The earlier dry run shows that the permission is granted." if _DRY_RUN.search(text) else ""
    if _MISSING.search(f"{error.code} {error.said}") and (keys := keys_over_profile(text)):
        return StatedError(
            f"{keys} {failed} This is not an access denial, and says nothing about another account.", True
        )
    return StatedError(f"{failed}{dry} This is not an access denial. {_step(error, text)}{_another(error, text)}", True)


def _documented(error: ServiceError, text: str) -> Meaning | None:
    """Return the row with what the API reference says about the error; None if there is no such row."""
    from diagnostics.text.answer.error_meanings.find import meaning_of  # hundreds of rows that few texts need

    return meaning_of(error.code, error.operation, error.said, text)


def _another(error: ServiceError, text: str) -> str:
    """A sentence on the text's first error with a different code; "" if there is none."""
    other = next((each for each in service_errors(text) if each.code and each.code != error.code), None)
    if other is None or _OF_ACCESS.search(other.code):
        return ""
    said = f"{other.operation or 'A call'} failed with {other.code}: “{other.said}”"
    return f" The text has another error: {said}. {known_code(other.code, other.said, text) or _step(other)}"


_MISSING = regex(r"Not_?Found|NoSuch|DoesNotExist|NonExistent|does not exist", re.IGNORECASE)


def _step(error: ServiceError, text: str = "") -> str:
    if error.code == "NoSuchDistribution" and error.operation == "CreateInvalidation":
        return _OF_TENANT
    if _MISSING.search(f"{error.code} {error.said}") and (shared := owned_elsewhere(error.said, text)):
        return shared
    named = list(dict.fromkeys(_NAMED.findall(error.said)))
    image = next((each for each in named if each.startswith("ami-")), "")
    users = (
        f": deregister {image}, if nobody needs this image"
        if image
        else f" ({joined(named[1:3])})"
        if named[1:]
        else ""
    )
    for codes, step in _STEPS:
        if codes.search(error.code) or codes.search(error.said):
            return step.replace("{named}", users)
    return _STEP


def _field_step(said: str) -> str:
    found = _FIELD.search(said)
    if found is None:
        return "Correct that value."
    if name := found["missing"] or found["required"]:
        return f"{name} is not set: set a value."
    if name := found["unknown"]:
        return f"This version of the SDK does not know the parameter {name}: correct its name, or update the SDK."
    name, size = found["short"] or found["length"], found["size"] or found["min"]
    of = f" (often from {_SETTINGS[name]})" if name in _SETTINGS else ""
    return f"{name}{of} is empty or shorter than {size} characters: set a value, or do not send the parameter."


# AWS SDKs and Tools Reference Guide, "Assume role credential provider"
# (https://docs.aws.amazon.com/sdkref/latest/guide/feature-assume-role-credentials.html).
_SETTINGS = {
    "RoleSessionName": "AWS_ROLE_SESSION_NAME or role_session_name",
    "RoleArn": "AWS_ROLE_ARN or role_arn",
    "WebIdentityToken": "AWS_WEB_IDENTITY_TOKEN_FILE or web_identity_token_file",
}

"""Checks of resources: whether they are ARNs, and whether they have a form that their service uses."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from iam.arn import PARTITIONS, is_account
from iam.policy.lint import reference
from iam.policy.lint.finding import ERROR, SUGGESTION, WARNING, LintSeverity, Policy, PolicyKind, Text
from iam.policy.match import has_wildcard, overlap
from iam.regions import A_REGION, is_known_region
from iam.service_reference import services

FIELDS = 6
_variable = re.compile(r"\$\{[^{}]*\}")

# Services whose resources all belong to an account. Some resources of other services belong to AWS, which the templates
# do not show.
_ALWAYS_OWNED = frozenset({"dynamodb", "iam", "kinesis", "lambda", "secretsmanager", "sns", "sqs", "states"})

# Services for which AWS's list is known to lack some resource types.
_NOT_ALL_LISTED = frozenset({"apigateway", "backup", "cloudformation", "elasticloadbalancing", "waf", "waf-regional"})


def check(policy: Policy) -> None:
    if policy.kind is PolicyKind.TRUST:
        return
    for part in policy.statements:
        for element in ("Resource", "NotResource"):
            for text in part.texts(element):
                if not text.text:
                    policy.say(text.path, "INVALID_ARN_PREFIX", ERROR, f"The {element} is an empty text, not an ARN.")
                elif text.text.strip("*"):
                    arn(policy, text)


def arn(policy: Policy, text: Text) -> None:
    """Check one ARN. Wildcards and variables are accepted wherever a valid value could take their place."""
    written = _variable.sub("*", text.text)
    if not written.strip("*"):
        return
    say = _SayFault(policy, text)
    if not written.startswith("arn:"):
        if not written.startswith("*"):
            say("INVALID_ARN_PREFIX", f"{_short(text.text)} is not an ARN: it does not begin with arn:.")
        return
    parts = written.split(":", FIELDS - 1)
    if len(parts) < FIELDS:
        if not written.endswith("*"):
            message = f"{_short(text.text)} lacks parts: an ARN is arn:partition:service:region:account:resource."
            say("MISSING_ARN_FIELD", message)
        return
    _, partition, service, region, account, resource = parts
    if not has_wildcard(partition) and partition not in PARTITIONS:
        say("INVALID_PARTITION", f"There is no partition {partition or 'without a name'}: use aws, aws-cn, aws-us-gov.")
    if not _service_is_known(say, service):
        return
    if not resource:
        say("MISSING_ARN_FIELD", f"{_short(text.text)} names no resource after its last colon.")
        return
    if _is_plain(service, region, account, resource):
        return
    shapes = _shapes(say, service, resource)
    if shapes:
        _region(say, service, region, {shape[3] for shape in shapes})
        _account_id(say, service, account, {shape[4] for shape in shapes})


def _is_plain(service: str, region: str, account: str, resource: str) -> bool:
    """Whether the ARN is valid for one of the service's own types, so that no other service's types need to be read."""
    if has_wildcard(_kind(resource)):
        return False
    shapes = [shape for shape in reference.own_shapes(service) if _fits(shape, service, resource)]
    faults: list[str] = []

    def note(code: str, message: str, severity: LintSeverity = ERROR) -> None:
        faults.append(code)

    _region(note, service, region, {shape[3] for shape in shapes})
    _account_id(note, service, account, {shape[4] for shape in shapes})
    return bool(shapes) and not faults


@dataclass(frozen=True, slots=True)
class _SayFault:
    """Reports the faults of one text."""

    policy: Policy
    text: Text

    def __call__(self, code: str, message: str, severity: LintSeverity = ERROR) -> None:
        self.policy.say(self.text.path, code, severity, message)


def _service_is_known(say: _SayFault, service: str) -> bool:
    """Whether the service field is a name by which the service's resources can be looked up."""
    if has_wildcard(service):
        say("WILDCARD_IN_SERVICE_NAME", f"{_short(say.text.text)} has a wildcard in the service's name.", SUGGESTION)
        return False
    if service != service.lower():
        say("INVALID_ARN_SERVICE_CASE", f"The service {service} is written {service.lower()} in ARNs.")
        return False
    return True


def _shapes(say: _SayFault, service: str, resource: str) -> list[tuple[str, ...]]:
    """Return the service's ARN forms that the resource part fits; empty if nothing more can be checked."""
    shapes = reference.arn_shapes().get(service, ())
    if not shapes:
        if service not in services():
            say("INVALID_SERVICE", f"There is no service {service or 'without a name'}.")
        return []
    kind, literal = _kind(resource), not any("${" in _kind(shape[5]) for shape in shapes)
    if literal and has_wildcard(kind) and kind.strip("*"):
        # IAM "does not allow" this; in other services it works, but also matches resource types that the author did not
        # intend.
        severity = ERROR if service == "iam" else WARNING
        message = f"{_short(resource)} has a wildcard in the kind of resource: write the kind out."
        say("INVALID_ARN_RESOURCE", message, severity)
        return []
    found = [shape for shape in shapes if _fits(shape, service, resource)]
    if not found and service not in _NOT_ALL_LISTED:
        say("INVALID_ARN_RESOURCE", f"{_short(resource)} is not a kind of resource in ARNs of {service}.")
    return found


def _region(say: Callable[..., None], service: str, region: str, of_shapes: set[str]) -> None:
    if region and not has_wildcard(region) and of_shapes == {""}:
        say("ARN_REGION_NOT_ALLOWED", f"ARNs of {service} have no Region here: leave {region} out.")
    elif not region and "" not in of_shapes and service in _ALWAYS_OWNED - {"iam"}:
        say("MISSING_ARN_REGION", f"The ARN of {service} needs a Region, or * for all.")
    elif region and not has_wildcard(region) and not A_REGION.fullmatch(region):
        say("INVALID_ARN_REGION", f"{_short(region)} is not a Region.")
    elif region and not has_wildcard(region) and not is_known_region(region):
        say("UNKNOWN_REGION", f"{_short(region)} is not a known Region.", WARNING)


def _account_id(say: Callable[[str, str], None], service: str, account: str, of_shapes: set[str]) -> None:
    if account and not has_wildcard(account) and of_shapes == {""}:
        say("ARN_ACCOUNT_NOT_ALLOWED", f"ARNs of {service} have no account here: leave {account} out.")
    elif not account and "" not in of_shapes and service in _ALWAYS_OWNED:
        say("MISSING_ARN_ACCOUNT", f"The ARN of {service} needs an account of 12 digits, or * for all.")
    elif account and not has_wildcard(account) and not is_account(account):
        say("INVALID_ARN_ACCOUNT", f"{_short(account)} is not an account: an account has 12 digits.")


def _kind(resource: str) -> str:
    """Return the type in a resource part: ``user`` of ``user/jo``.

    "Don't use a wildcard in the user/, group/, or policy/ part of the ARN" (IAM User Guide, "IAM identifiers").
    """
    return re.split(r"[/:]", resource, maxsplit=1)[0]


def _fits(shape: tuple[str, ...], service: str, resource: str) -> bool:
    """Whether a resource part can be of this resource type."""
    return overlap(f"arn:*:{service}:*:*:{_variable.sub('*', shape[5])}", f"arn:*:{service}:*:*:{resource}")


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:77] + "..."

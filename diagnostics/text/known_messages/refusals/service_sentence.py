"""The row for a sentence in which a service reports a denial, and its usual causes."""

from __future__ import annotations

import re
from dataclasses import dataclass

from diagnostics.who import Who
from iam.claims import Ground
from iam.lazy_pattern import regex, with_any_space


@dataclass(frozen=True, slots=True)
class UsualCause:
    """The common cause of a sentence. ``check`` is a command that only reads, or None.

    ``shown_by`` matches words elsewhere in the text that put this cause before the others, and fill its ``{name}``.
    ``decides`` is the verdict if these words are present: then this is the only cause. Without them, a cause with
    ``decides`` or ``needs_evidence`` is not shown. ``needs`` are the actions that the denied identity's own policies
    must all have, whatever its settings, so that a policy in the text can be compared with them.
    """

    sentence: str
    check: str | None = None
    who: Who = Who.ACCOUNT_ADMIN
    shown_by: str = ""
    decides: str = ""
    needs_evidence: bool = False
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """A request that a service makes by itself, and that its sentence reports as refused.

    ``principal`` is the service principal, "" for the caller in the text; ``also`` are other names of that principal.
    ``keys`` are the condition keys that the service sends according to AWS's documentation, with their values. A key
    with several rows has one of these values. If ``resource`` is "", it is the resource that the policy itself names.
    ``{name}`` is replaced by a value of the text: a group of the sentence's pattern, or the name of a thing in the
    failed call (``{trail}``), or the only role's ARN or Region in the text (``{only_role}``, ``{only_region}``). Values
    that the text lacks stay open. A policy that contains one of ``others`` may allow somebody else to make the request
    for the service.
    """

    principal: str
    action: str
    resource: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def assumed_by(principal: str) -> tuple[OwnRequest, ...]:
    """Return the request with which the service assumes the sentence's role, according to the role's page."""
    return (OwnRequest(principal, "sts:AssumeRole"),)


@dataclass(frozen=True, slots=True)
class ServiceSentence:
    """A sentence in which a service reports a denial.

    ``signals`` are phrases in lower case; every text that ``pattern`` matches contains one. ``refused`` says whose
    permissions are missing, ``reason`` is the stated reason in a few words, ``summary`` the verdict. ``cause`` is the
    verdict's code, ``ground`` what the verdict is based on. ``actions`` are those that the sentence requires;
    ``asks`` are the requests that it is about. The row does not apply to a text that ``unless`` matches.
    ``retrieved`` is the date on which the page was opened; empty if it has not been opened yet.
    """

    signals: tuple[str, ...]
    pattern: re.Pattern[str]
    refused: str
    reason: str
    summary: str
    causes: tuple[UsualCause, ...]
    page: str
    actions: tuple[str, ...] = ()
    cause: str = "unreadable"
    ground: Ground = Ground.NOTHING
    asks: tuple[OwnRequest, ...] = ()
    unless: re.Pattern[str] | None = None

    @property
    def retrieved(self) -> str:
        return "2026-11-29" if self.page in _OPENED else "2026-11-30" if self.page in _OPENED_LATER else ""

    @property
    def action(self) -> str | None:
        """The action, if the sentence requires exactly one; else None."""
        return self.actions[0] if len(self.actions) == 1 else None

    @property
    def needed(self) -> tuple[str, ...]:
        """The actions that the sentence requires, or else those that the first usual cause with any needs."""
        return self.actions or next((each.needs for each in self.causes if each.needs), ())


def row(
    signals: str | tuple[str, ...],
    pattern: str,
    refused: str,
    reason: str,
    summary: str,
    *causes: UsualCause,
    page: str,
    actions: tuple[str, ...] = (),
    cause: str = "unreadable",
    ground: Ground = Ground.NOTHING,
    asks: tuple[OwnRequest, ...] = (),
    unless: str = "",
) -> ServiceSentence:
    spaced = regex(with_any_space(pattern), re.IGNORECASE)
    named = (signals,) if isinstance(signals, str) else signals
    other = regex(unless) if unless else None
    return ServiceSentence(named, spaced, refused, reason, summary, causes, page, actions, cause, ground, asks, other)


def lacking(
    signals: str | tuple[str, ...],
    pattern: str,
    refused: str,
    actions: tuple[str, ...],
    *causes: UsualCause,
    page: str,
    on: str = "",
) -> ServiceSentence:
    """Return a row for a sentence saying that a role lacks actions, which the caller of the operation does not need."""
    needed = ", ".join(actions)
    summary = f"{refused[0].upper()}{refused[1:]} lacks permissions{f' {on}' if on else ''}: it needs {needed}."
    return row(
        signals,
        pattern,
        refused,
        f"{refused} lacks permissions",
        summary,
        *causes,
        page=page,
        actions=actions,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    )


def no_permission(
    signals: str | tuple[str, ...], pattern: str, summary: str, cause: str, page: str, check: str | None = None
) -> ServiceSentence:
    """Return the row for a message about a failure that no change to an IAM policy resolves."""
    return row(
        signals,
        pattern,
        "nobody",
        "no IAM permission decides this",
        summary,
        UsualCause(cause, check, Who.RESOURCE_OWNER),
        page=page,
        cause="not-iam",
        ground=Ground.STATED,
    )


def of_codes(
    codes: str,
    refused: str,
    reason: str,
    summary: str,
    cause: str,
    page: str,
    *,
    check: str | None = None,
    who: Who = Who.ACCOUNT_ADMIN,
    actions: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
    refuses: bool = True,
) -> ServiceSentence:
    """Return the row for error codes, separated by blanks; ``refuses`` is False if no permission is missing."""
    names = codes.split()
    return row(
        tuple(each.lower() for each in names),
        rf"\b(?:{'|'.join(names)})(?:Exception|Fault)?\b",
        refused,
        reason,
        summary,
        UsualCause(cause, check, who, needs=needs),
        page=page,
        actions=actions,
        cause="unreadable" if refuses else "not-iam",
        ground=Ground.NOTHING if refuses else Ground.STATED,
    )


KARPENTER = "https://github.com/aws/karpenter-provider-aws/blob/main/pkg/controllers/nodeclass/validation.go"
_OPENED = frozenset(
    (
        KARPENTER,
        "https://docs.aws.amazon.com/bedrock/latest/userguide/model-lifecycle.html",
        "https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html",
        "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html",
        "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        "https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaDynamoDBExecutionRole.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-CWL.html",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html",
        "https://repost.aws/knowledge-center/bedrock-resolve-marketplace-permission",
        "https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html",
        "https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html",
        "https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html",
        "https://repost.aws/articles/ARt46qw01wR9OiksidJR0fMg",
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html",
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html",
        "https://docs.aws.amazon.com/dms/latest/userguide/security-iam.html",
        "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html",
    )
)
_OPENED_LATER = frozenset(
    (
        "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-files-security-iam.html",
        "https://docs.aws.amazon.com/amazonq/latest/qbusiness-ug/making-sigv4-authenticated-api-calls.html",
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-CloudWatchLogs.html",
        "https://docs.aws.amazon.com/msk/latest/developerguide/kafka-actions.html",
        "https://docs.aws.amazon.com/eks/latest/userguide/add-ons-aws-ebs-csi-driver.html",
        "https://repost.aws/knowledge-center/cloudformation-tagging-permission-error",
        "https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html",
        "https://docs.aws.amazon.com/codepipeline/latest/userguide/troubleshooting.html",
        "https://docs.aws.amazon.com/apprunner/latest/dg/service-source-image.html",
        "https://repost.aws/knowledge-center/transfer-family-permission-errors",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html",
        "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-permissions.html",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonAthenaFullAccess.html",
    )
)
LISTS_FUNCTIONS = "aws lambda list-functions --query 'Functions[].[FunctionName,Role]'"

"""Messages of AWS IoT Core."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, assumed_by, row
from diagnostics.who import Who
from iam.claims import Ground

IOT_CORE: tuple[ServiceSentence, ...] = (
    row(
        ("ruleexecution", "ruleaction"),
        r"\"(?:eventType|ruleAction)\"\s*:\s*\"(?:RuleExecution|\w+Action)\"[^{}]{0,600}?"
        r"(?:Unable|Failed) to assume role(?:[^{}\"]{0,40}(?P<role>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*[\w+=@-]))?",
        "the rule's action, by its role {role}",
        "AWS IoT cannot assume the role of the rule's action",
        "AWS IoT cannot assume the role of the rule's action: its trust policy must let iot.amazonaws.com perform "
        "sts:AssumeRole. The device's own policy is not the cause.",
        UsualCause("Check whether the role {role} exists, and whether its trust policy names iot.amazonaws.com. "
                   "Whoever makes the rule needs iam:PassRole on the role.",
                   None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/iot/latest/developerguide/iot-create-role.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
        asks=assumed_by("iot.amazonaws.com"),
    ),
    row(
        "credentials.iot",
        r"\bcredentials\.iot\.[\w.-]*amazonaws\.com(?=[\s\S]{0,600}(?:\b403\b|Access ?Denied|Forbidden))"
        r"|(?:\b403\b|Access ?Denied|Forbidden)[\s\S]{0,600}?\bcredentials\.iot\.[\w.-]*amazonaws\.com",
        "the device's certificate, or the alias's role",
        "the role alias gives no credentials",
        "AWS IoT gave the device no credentials: the certificate's policy, or the trust policy of the role alias's "
        "role, does not allow the request.",
        UsualCause("The certificate's IoT policy must allow iot:AssumeRoleWithCertificate on the role alias's ARN.",
                   "aws iot list-attached-policies --target CERTIFICATE-ARN"),
        UsualCause("The role that the alias names must trust credentials.iot.amazonaws.com (sts:AssumeRole).",
                   "aws iot describe-role-alias --role-alias ALIAS"),
        page="https://docs.aws.amazon.com/iot/latest/developerguide/authorizing-direct-aws.html",
    ),
)  # fmt: skip

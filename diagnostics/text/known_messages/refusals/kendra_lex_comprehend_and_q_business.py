"""Sentences of services that understand language and documents: Amazon Kendra, Lex, Comprehend and Q Business."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_LEX_V2 = "https://docs.aws.amazon.com/lexv2/latest/dg/lambda-attach-console.html"
_V1, _V2 = r"\blex-models\b|\bLex ?V1\b|:intent:\w", r"\blexv2(?!\.amazonaws)|\bLex ?V2\b|:bot-alias/"
"""What only a bot of Lex V1 or of Lex V2 has."""

LANGUAGE_SERVICES: tuple[ServiceSentence, ...] = (
    *(
        row(
            ("from amazon lex", "amazon lex", "lex v2", "lexv2"),
            r"Access denied while invoking lambda function[^\n]{0,200}? from Amazon Lex"
            r"|\bLex(?: ?V[12])? (?:does not|doesn't|did not|cannot|can't|could not)[^\n]{0,40}?\binvoke[^\n]{0,40}"
            r"(?:[Ff]unction|[Ll]ambda)\b",
            "Lex, which invokes the function",
            "the function's policy does not let Lex invoke it",
            "The function's resource-based policy does not let Lex invoke it: add lexv2.amazonaws.com (Lex V1: "
            "lex.amazonaws.com) there. The function's own role is not the cause.",
            UsualCause("aws lambda add-permission --function-name FUNCTION --statement-id lex --action "
                       f"lambda:InvokeFunction --principal {principal} --source-arn {source}. Each alias of "
                       "the bot needs this permission, and so does the version or alias of the function that the bot "
                       "names.",
                       "aws lambda get-policy --function-name FUNCTION", Who.RESOURCE_OWNER),
            page=_LEX_V2,
            actions=("lambda:InvokeFunction",),
            cause="resource.no-action",
            ground=Ground.LIKENESS,
            unless=unless,
            asks=asks,
        )
        for principal, source, unless, asks in (
            ("lexv2.amazonaws.com", "BOT-ALIAS-ARN", rf"\A(?![\s\S]*(?:{_V2}))|{_V1}",
             (OwnRequest("lexv2.amazonaws.com", "lambda:InvokeFunction"),)),
            ("lex.amazonaws.com", "INTENT-ARN", rf"\A(?![\s\S]*(?:{_V1}))|{_V2}",
             (OwnRequest("lex.amazonaws.com", "lambda:InvokeFunction"),)),
            ("lexv2.amazonaws.com", "BOT-ALIAS-ARN", "", ()),
        )
    ),
    row(
        "kmskeyvalidation",
        r"\bKmsKeyValidation(?:Exception)?\b",
        "the caller or the data access role, by the KMS key",
        "Comprehend could not validate the KMS key",
        "Comprehend could not validate the KMS key: its ID or Region is wrong, it is not enabled, or the caller or "
        "the data access role is not allowed to use it.",
        UsualCause("Check the key first (enabled, symmetric, in the Region of the call). Then allow kms:CreateGrant, "
                   "kms:Decrypt, kms:GenerateDataKey and kms:DescribeKey to the caller and to the data access role, in "
                   "the key policy or their own policies.", "aws kms describe-key --key-id KEY",
                   needs=("kms:CreateGrant", "kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey")),
        page="https://docs.aws.amazon.com/comprehend/latest/dg/security_iam_id-based-policy-examples.html",
    ),
    row(
        ("license is inactive", "licensenotfound"),
        r"\bLicenseNotFoundException\b(?=[\s\S]{0,200}?license is inactive)|because your license is inactive",
        "the user of Amazon Q Business, who has no active subscription",
        "the user has no active subscription of Amazon Q Business",
        "The user has no active subscription of Amazon Q Business: its administrator assigns one in the application's "
        "settings. No IAM policy is missing.",
        UsualCause("Assign the subscription to the user or a group of theirs in the Amazon Q Business "
                   "console; a new one "
                   "takes some time.", None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/amazonq/latest/qbusiness-ug/tiers.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "make sure amazon kendra is a trusted entity",
        r"(?:IAM )?[Rr]ole \(?(?P<role>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]*[\w+=@-])?\)?[^\n]{0,20}could "
        r"not be assumed"
        r"\.? Please make sure Amazon Kendra is a trusted entity",
        "Kendra, by the role {role}",
        "Kendra cannot assume the role",
        "Amazon Kendra cannot assume the role {role}: its trust policy must let kendra.amazonaws.com perform "
        "sts:AssumeRole.",
        UsualCause("Add that statement to the trust policy of the index's or data source's role. Whoever sets the "
                   "role needs iam:PassRole on it.",
                   None, Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/kendra/latest/dg/troubleshooting-data-sources.html",
        cause="trust.principal-mismatch",
        ground=Ground.STATED,
        asks=assumed_by("kendra.amazonaws.com"),
    ),
    row(
        ("failed to access s3 file prefix", "failed to create log group for job"),
        r"Failed to (?P<what>access S3 file prefix|create log group for job)[^\n]{0,120}?[Mm]ake sure (?:that "
        r")?the IAM "
        r"[Rr]ole(?: \((?P<role>arn:[^)\s]+)\))? provided has sufficient permissions",
        "the role of the Kendra index or data source",
        "Kendra's role lacks permissions ({what})",
        "Kendra's own role lacks the permission ({what}): for S3 change the data source's role, for log groups the "
        "index's. The caller's policies do not matter.",
        UsualCause("The data source's role needs s3:GetObject on the objects and s3:ListBucket on the bucket (and "
                   "kms:Decrypt on its key). The index's role needs cloudwatch:PutMetricData, logs:DescribeLogGroups, "
                   "logs:CreateLogGroup, logs:CreateLogStream, logs:DescribeLogStreams and logs:PutLogEvents under "
                   "/aws/kendra/."),
        page="https://docs.aws.amazon.com/kendra/latest/dg/iam-roles.html",
        cause="identity.no-action",
        ground=Ground.STATED,
    ),
)  # fmt: skip

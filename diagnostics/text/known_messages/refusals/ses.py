"""Messages of Amazon SES about the destinations of receipt rules."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who

_SES = "https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html"
_OF_MAIL = r"(?:\bSES\b|\bses\.amazonaws|\breceipt ?rules?\b)"
"""Signs that a sentence that several services use is from Amazon SES."""

RECEIPT_RULES: tuple[ServiceSentence, ...] = (
    row(
        ("could not write to bucket", "invalids3configuration"),
        rf"\bInvalidS3Configuration(?:Exception)?\b|Could not write to bucket(?=[\s\S]*{_OF_MAIL})"
        rf"|{_OF_MAIL}[\s\S]{{0,2000}}?Could not write to bucket",
        "Amazon SES, which stores the mail",
        "SES could not write to the bucket",
        "Amazon SES could not write to the bucket of the receipt rule: most likely the bucket's policy, or the KMS "
        "key's, does not allow the write. It is also possible that the bucket or key does not exist.",
        UsualCause(
            "The bucket's policy must allow ses.amazonaws.com to perform s3:PutObject on its objects, with the "
            "account as aws:SourceAccount and the receipt rule as aws:SourceArn. The policy of a customer "
            "managed key must allow SES too. A rule that has its own role uses that role instead.",
            "aws s3api get-bucket-policy --bucket BUCKET",
            Who.RESOURCE_OWNER,
        ),
        page=_SES,
    ),
    row(
        ("could not publish to sns topic", "invalidsnstopic"),
        rf"\bInvalidSnsTopic(?:Exception)?\b|Could not publish to SNS topic(?=[\s\S]*{_OF_MAIL})"
        rf"|{_OF_MAIL}[\s\S]{{0,2000}}?Could not publish to SNS topic",
        "Amazon SES, which publishes to the topic",
        "SES could not publish to the topic",
        "Amazon SES could not publish to the topic: most likely the topic's policy, or its KMS key's, does not allow "
        "SES to publish. Or there is no such topic.",
        UsualCause(
            "A topic of another account must allow ses.amazonaws.com to perform sns:Publish in its policy. The "
            "KMS key of an encrypted topic must allow ses.amazonaws.com to perform kms:GenerateDataKey* and "
            "kms:Decrypt.",
            "aws sns get-topic-attributes --topic-arn TOPIC",
            Who.RESOURCE_OWNER,
        ),
        page=_SES,
    ),
    row(
        ("could not invoke lambda function", "invalidlambdafunction"),
        rf"\bInvalidLambdaFunction(?:Exception)?\b|Could not invoke Lambda function(?=[\s\S]*{_OF_MAIL})"
        rf"|{_OF_MAIL}[\s\S]{{0,2000}}?Could not invoke Lambda function",
        "Amazon SES, which invokes the function",
        "SES could not invoke the function",
        "Amazon SES could not invoke the function of the receipt rule: most likely the function's own policy does not "
        "allow the call. Or there is no such function.",
        UsualCause(
            "Add a statement to the function's policy: ses.amazonaws.com, lambda:InvokeFunction, the account as "
            "aws:SourceAccount and the receipt rule as aws:SourceArn (aws lambda add-permission).",
            "aws lambda get-policy --function-name FUNCTION",
            Who.RESOURCE_OWNER,
        ),
        page=_SES,
        actions=("lambda:InvokeFunction",),
    ),
)

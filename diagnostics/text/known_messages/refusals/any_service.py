"""Sentences in a form that any service may use: a permission is missing, or the resource does not exist.

They are read only if no row about one service fits.
"""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, lacking, row
from diagnostics.who import Who
from diagnostics.words import REFUSED_CALLS
from iam.claims import Ground
from iam.services import service_name_pattern

_DOCS = "https://docs.aws.amazon.com"
_SERVICE = rf"(?-i:(?=[A-Z]))(?P<service>(?:AWS |Amazon )?(?:{service_name_pattern()}))"
_PRINCIPAL = r"[a-z][a-z0-9.-]*\.amazonaws\.com"
_NAME = rf"(?P<service>{_PRINCIPAL}|(?-i:[A-Z][A-Za-z0-9]+(?: [A-Z0-9][A-Za-z0-9]*){{0,4}}))"
_OF_AWS = r"bucket|object|secret|\brole|kms key|queue|topic|stream|parameter|log group|artifact|\bs3 "
_HAS_NONE = r"(?:doesn't|does not|did not|didn't) have (?:the )?(?:required |sufficient |necessary |proper )?"


def _waits(states: str, action: str) -> ServiceSentence:
    """Return the table row for an AWS SDK waiter whose polling call was denied.

    The waiter's message contains nothing but the awaited state.
    AWS SDK for Rust, trait Waiters of aws-sdk-lambda: the V2 waiters use GetFunction
    (https://docs.rs/aws-sdk-lambda/latest/aws_sdk_lambda/client/trait.Waiters.html).
    """
    return lacking(
        "resource is not in the state function",
        rf"AccessDenied\w*: Resource is not in the state function(?:{states})\b",
        "the role that waits for the function",
        (action,),
        UsualCause(
            f"Allow the waiting role to perform {action} on the function: this is the call with which its SDK reads "
            "the function's state. In a stack, the waiting role is the role of the custom resource's own function (the "
            "CDK's provider framework generates it: update the CDK). The function's state is not the cause.",
        ),
        page="https://docs.rs/aws-sdk-lambda/latest/aws_sdk_lambda/client/trait.Waiters.html",
    )


_KEY_CODE = (
    r"(?:\bKMSAccessDeniedException\b|(?-i:\bKMSAccessDenied\b)(?=[^\n]{0,80}\bnull\b))"
    r"(?![^\x1e]{0,300}?(?:KMS access was denied|not authorized to perform|Either your KMS|(?-i:operation [A-Z])))"
)


def _key_refused(signs: str, summary: str, change: str, check: str, page: str) -> ServiceSentence:
    """Return the row for a service's error that KMS refused the use of a key, near words that match ``signs``."""
    near = rf"{_KEY_CODE}(?=[^\x1e]{{0,400}}?(?:{signs}))|(?:{signs})[^\x1e]{{0,400}}?{_KEY_CODE}"
    return row(
        "kmsaccessdenied",
        near if signs else _KEY_CODE,
        "whoever uses the KMS key for this call",
        "the use of the KMS key was refused",
        summary,
        UsualCause(change, check),
        page=page,
    )


GENERAL: tuple[ServiceSentence, ...] = (
    _waits("ActiveV2|UpdatedV2|Exists", "lambda:GetFunction"),
    _waits("Active|Updated", "lambda:GetFunctionConfiguration"),
    # Amazon Route 53 Developer Guide, "Public DNS query logging", is one of the services that say so
    # (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/query-logs.html).
    row(
        (
            *("doesn't grant", "does not grant", "doesn't allow", "does not allow", "doesn't permit"),
            *("does not permit", "policy prevents"),
        ),
        r"(?P<policy>(?:resource|bucket|topic|queue|key|access|repository|vault)(?:[- ]based)?[ -]policy)"
        r"[^.\n]{0,80}? (?:(?:doesn't|does not) (?:grant|allow|permit)|prevents) "
        rf"(?:the (?={_PRINCIPAL}))?{_NAME}(?: service principal)?(?: permissions?)? (?:(?:to|from) )?"
        r"(?P<do>[^.\n]{2,79}[\w*])",
        "{service}",
        "the {policy} does not let {service} do this",
        "The {policy} does not let {service} do what it needs (“{do}”): add a statement for the service's principal to "
        "that policy. The caller's own policies are not the cause.",
        UsualCause(
            "Add a statement to that policy for the service principal of {service} (SERVICE.amazonaws.com), with the "
            "actions that AWS's page on this feature lists, limited by aws:SourceArn or aws:SourceAccount. Check that "
            "the policy is in the same account and Region, and that its Resource covers the name (with :* or /* if the "
            "page has it).",
            None,
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("have permission", "have the permission", "have required", "have sufficient", "have access"),
        rf"\b{_SERVICE} {_HAS_NONE}(?:permissions?|access) (?:to|for|on) (?!assume)\w[^\n]{{2,60}}",
        "{service}",
        "{service} has no permission for this",
        "{service} itself lacks the permission, not the user of {service}: its own role, or the policy of the "
        "resource, does not allow the action.",
        UsualCause(
            "Find the role that {service} uses (the settings of {service} show the role). Allow that role the actions "
            "on the resource, or allow the service's principal in the resource's policy. If the data is encrypted with "
            "a customer managed KMS key, the key's policy must allow the same role. The call's event in CloudTrail "
            "names the role and the action.",
            REFUSED_CALLS,
        ),
        page="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        ground=Ground.NOTHING,
    ),
    row(
        (
            *("unable to", "couldn't", "could not", "can't", "cannot", "isn't allowed to", "is not allowed to"),
            "isn't able to",
        ),
        rf"\b{_SERVICE} (?:(?:is|was) (?:currently )?unable to|couldn't|could not|can't|cannot"
        r"|(?:isn't|is not) (?:allowed|able) to) (?:access|read(?: from)?|write(?: to)?|use|publish to|invoke|list|get"
        r"|put|decrypt(?: with)?|deliver to) (?P<used>(?:[\w']+ ){0,4}(?:bucket|KMS key|encryption key|secret|topic"
        r"|queue|delivery stream|log group|email identity|function)\b(?: [\w.:/-]{2,99}\w)?)",
        "{service}",
        "{service} could not use {used}",
        "{service} itself could not use {used}: most likely its own role, or the policy of the resource or of its KMS "
        "key, does not allow this use. It is also possible that {used} does not exist, or is in another Region.",
        UsualCause(
            "Allow the role that {service} works with (the settings of {service} show the role) the actions on the "
            "resource, or allow the service's principal in the resource's own policy, with aws:SourceAccount. The "
            "permissions of whoever set up {service} do not matter. Also check that the resource exists in the same "
            "Region, and that a customer managed KMS key allows the same role or principal.",
            REFUSED_CALLS,
        ),
        page="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html",
        ground=Ground.NOTHING,
    ),
    row(
        ("exists and", "exist and"),
        r"(?:verify|ensure|check|make sure|confirm)(?: that)? "
        rf"(?P<what>(?=[^.\n]{{0,60}}(?:{_OF_AWS}))[^.\n]{{3,90}}?) exists?,? and "
        r"(?P<perm>[^.\n]{0,120}?\b(?:permissions?|access|privileges)\b[^.\n]{0,80})",
        "the caller, or nobody",
        "the message names two possible causes",
        "The message names two possible causes and does not say which applies: {what} does not exist where the call "
        "looked, or a permission is missing.",
        UsualCause(
            "First check whether {what} exists, with this exact name, in the Region and account of the call. If it "
            "does, compare the permissions of the role that makes the call: the message says “{perm}”. The call's "
            "event in CloudTrail shows AWS's own error.",
            REFUSED_CALLS,
        ),
        page="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-cli.html",
        ground=Ground.NOTHING,
    ),
    _key_refused(
        r"environment variables|calling the Invoke\b|Service: (?:AWS)?Lambda\b|\blambda\.model\b|\blambda invoke\b",
        "The function's execution role most likely lacks kms:Decrypt on the key of the function's environment "
        "variables, or Lambda's grant on the key belongs to an older role of that name. The caller does not need "
        "kms:Decrypt.",
        "Allow the execution role kms:Decrypt on the function's key, in the key policy too. If the role was deleted "
        "and created again, set the function's role to another role, and then back: that renews the grant.",
        "aws lambda get-function-configuration --function-name FUNCTION --query '[Role,KMSKeyArn]'",
        f"{_DOCS}/lambda/latest/api/API_Invoke.html",
    ),
    _key_refused(
        r"kinesis|PutRecords?\b|GetRecords\b|GetShardIterator\b",
        "The caller of Kinesis most likely lacks a permission on the stream's KMS key: kms:GenerateDataKey to write, "
        "kms:Decrypt to read, in its policies and in the key policy.",
        "Allow the producer kms:GenerateDataKey and the consumer kms:Decrypt on the key. Another account cannot use "
        "the AWS managed key aws/kinesis: for that account, use a customer managed key.",
        "aws kinesis describe-stream-summary --stream-name STREAM --query StreamDescriptionSummary.KeyId",
        f"{_DOCS}/streams/latest/dev/permissions-user-key-KMS.html",
    ),
    _key_refused(
        r"\bsqs\b|\bsns\b|\bSendMessage|\bReceiveMessage|calling the Publish\b|\.Publish\b",
        "The sender most likely lacks kms:GenerateDataKey and kms:Decrypt on the KMS key of the topic or queue (a "
        "receiver: kms:Decrypt), in its policies and in the key policy.",
        "Allow the sender both actions, and the receiver kms:Decrypt. A service that sends (such as SNS or S3) must "
        "be named in the policy of a customer managed key.",
        "aws sqs get-queue-attributes --queue-url URL --attribute-names KmsMasterKeyId",
        f"{_DOCS}/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    ),
    _key_refused(
        "",
        "The use of a KMS key was refused, not the service's own action: the policies of the role that uses the key, "
        "or the key policy, lack an action of KMS.",
        "Find out whose role uses the key (a function's execution role, or the caller of the stream, topic or queue): "
        "CloudTrail shows the refused event of kms.amazonaws.com. Allow that role kms:Decrypt, and to write "
        "kms:GenerateDataKey, on the key's ARN.",
        "aws cloudtrail lookup-events --lookup-attributes "
        "AttributeKey=EventSource,AttributeValue=kms.amazonaws.com --max-results 20",
        f"{_DOCS}/kms/latest/developerguide/key-policies.html",
    ),
)
_NAMED_ACTION = r"(?-i:[a-z][a-z0-9-]{1,30}:[A-Z][A-Za-z]{2,}\b)"

ROLES_THAT_LACK_ACTIONS: tuple[ServiceSentence, ...] = (
    # The text names the role and its actions: whoever made the call is not refused.
    row(
        (" role requires", " role needs", " role must have", " role is missing", " role lacks"),
        rf"(?:the|your|its) (?P<refused>(?:[\w-]+ ){{0,3}}?role) (?:requires?|needs?|must have|is missing|lacks)"
        rf"(?: the)?(?: following| required)?(?: permissions?| actions?)?(?: for| to(?: perform| call)?)?:? "
        rf"[\"'`\[]?(?P<asked>{_NAMED_ACTION}(?:[\"'`,\s]+(?:and )?[\"'`]?{_NAMED_ACTION}){{0,11}})",
        "the {refused}",
        "the {refused} lacks {asked}",
        "The text says that the {refused} lacks {asked}: change that role, not the caller's policies.",
        UsualCause("Allow the {refused} {asked}; an action that supports no resources (ecr:GetAuthorizationToken) "
                   "needs Resource \"*\"."),
        UsualCause("The call was given the wrong role, or the role's policy was attached a moment ago.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/runtime-permissions.html",
        cause="identity.no-action",
        ground=Ground.PARTLY,
    ),
)  # fmt: skip

"""Causes specific to a service, what a service requires from its callers, and the callers' own policies.

Sources: each service's guide; OpenSearch "Fine-grained access control".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import (
    DenyDecides,
    Sentence,
    StatedFact,
    TextDenies,
    TextPart,
)
from diagnostics.diagnosis import FirstLook
from diagnostics.text.answer.denial.cut_off import cut_before_the_action
from diagnostics.text.causes.denials.model_regions import access_elsewhere
from diagnostics.text.causes.denials.signs import INFERENCE_PROFILE, Signs
from diagnostics.text.causes.look import (
    AN_ALLOW_HELPS,
    WHO_AM_I,
    affirmed,
    blames,
    contains,
    lacks,
    reading,
    speaks_of,
    written_values,
)
from diagnostics.text.read.messages.beside_message import facts_of, granted_in, stated_in
from diagnostics.who import Who
from iam.arn import names_a_service
from iam.lazy_pattern import regex
from iam.service_reference import action, spelled
from iam.words import listing

_SEARCH = r"no permissions for \[indices|security_exception"
_OF_COLLECTIONS = regex(r"aoss:(?:(?:api|dashboards)accessall|\w*(?:document|index|collectionitems)\w*)$")
_LAKE = (
    r"Insufficient Lake ?Formation permission|\bLake ?Formation permissions?\b[^.\n]{0,40}\b(?:required|missing|denied)"
)
_REGISTERED = (
    r"\bLake ?Formation\b[^.\n]{0,120}\bregistered\b[^.\n]{0,40}"
    r"|(?<!not )(?<!n't )(?<!never )\bregistered\b[^.\n]{0,60}\b(?:in|with) Lake ?Formation\b"
)
_UNREGISTERED = regex(r"\bnot?\b|n't\b|\bunregistered\b|\bif\b|\?", re.IGNORECASE)
_QUERY = r"permissions? to execute the query|location of your query"
_QUEUE = r"resource\s+https?://sqs[.\w-]*\S*\s+is\s+denied"
_QUEUE_ALLOWS = r"queue(?:'s)?(?: own| access| resource)? policy\b[^\n]{0,80}\ballow"
_OWN_QUEUES_ONLY = (
    "addpermission",
    "cancelmessagemovetask",
    "createqueue",
    "deletequeue",
    "listmessagemovetasks",
    "listqueues",
    "listqueuetags",
    "removepermission",
    "setqueueattributes",
    "startmessagemovetask",
    "tagqueue",
    "untagqueue",
)
"""Actions that a queue's policy cannot give to another account (Amazon SQS Developer Guide, "Limitations of Amazon SQS
custom policies":
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-limitations-of-custom-policies.html).
"""
_FIELD = r"not authori[sz]ed to access \w+ on type \w+|UnauthorizedException|appsync:graphql"
_ACCOUNT = r"your account is not authorized"


def _on_a_workgroup(signs: Signs) -> bool:
    """Whether Athena checks the action on a workgroup, and the text names no other kind of resource."""
    if signs.service != "athena" or signs.layer not in ("", "identity") or signs.denied_explicitly:
        return False
    known = action(signs.action)
    return (
        known is not None
        and "workgroup" in {each.name for each in known.resource_types}
        and (signs.target is None or signs.target.type == "workgroup")
    )


def _workgroup(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause for an Athena workgroup (Athena User Guide, "Use IAM policies to control workgroup access")."""
    if not _on_a_workgroup(signs):
        return
    from diagnostics.text.read.identities.call_settings import around

    named = re.search(r"work-?group[\s=:/\"']{1,4}([\w.-]{1,128})", signs.denial.text, re.IGNORECASE)
    given = any(option.startswith("--work-group") for option in around(signs.denial.text).options)
    if signs.target is not None:
        which = ""
    elif given or (named and named[1].lower() not in ("operation", "on")):
        which = " The call names its workgroup: compare it with the policies' workgroups."
    elif signs.says(r"\baws\s+athena\s"):
        which = " The command names no workgroup (--work-group), so it is the default, “primary”."
    else:
        which = " Where a call names none, it is the default, “primary”."
    yield FirstLook(
        f"The caller's policies lack {signs.denial.action} on the workgroup "
        f"(arn:aws:athena:REGION:ACCOUNT:workgroup/NAME): Athena checks this action on a workgroup.{which}",
        signs.action_is,
        signs.caller_read or reading("athena", "list-work-groups", query="WorkGroups[].Name"),
        Who.ACCOUNT_ADMIN,
        shown_by=("identity",),
        asserts=AN_ALLOW_HELPS,
    )


def _of_a_registered_location(said: str) -> FirstLook:
    """Return the grants for a location that, as the author says, is registered with Lake Formation.

    AWS Glue Developer Guide, "Configuring a crawler to use Lake Formation credentials"
    (https://docs.aws.amazon.com/glue/latest/dg/crawler-lf-integ.html) and "Crawler errors when the crawler is using
    Lake Formation permissions" (https://docs.aws.amazon.com/glue/latest/dg/error-crawler-config-lf.html).
    """
    return FirstLook(
        "Lake Formation governs the registered location, and IAM policies alone do not suffice: in Lake Formation, "
        "grant this role DATA_LOCATION_ACCESS on the location, and CREATE_TABLE, ALTER and DESCRIBE on the database "
        "(SELECT on tables that it reads): aws lakeformation grant-permissions. In IAM it needs "
        "lakeformation:GetDataAccess if it uses Lake Formation's credentials.",
        contains(said),
        reading("lakeformation", "list-permissions"),
        Who.RESOURCE_OWNER,
    )


def of_the_data(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for services that have their own permissions in addition to IAM, such as Lake Formation."""
    searches = signs.says(_SEARCH) and signs.says(r"opensearch|\.(?:es|aoss)\.amazonaws\.com")
    # The domain's policy, and its own roles, are for requests to its data. What sets up domains is the caller's.
    data = signs.action.startswith(("es:eshttp", "opensearch:")) or _OF_COLLECTIONS.match(signs.action) is not None
    if (data or searches or (signs.service == "es" and signs.layer == "resource")) and signs.layer != "identity":
        yield FirstLook(
            "The domain's own access policy, or its fine-grained access control (a backend role for the caller's "
            "ARN), does not allow the caller; IAM is only the first check."
            if signs.service != "aoss"
            else "OpenSearch Serverless also needs a data access policy that names the caller.",
            signs.action_is if signs.denial.action else speaks_of("the text comes from OpenSearch", _SEARCH),
            reading(
                "opensearch",
                "describe-domain",
                ("domain-name", signs.target.id.partition("/")[0] if signs.target else None),
                region=signs.region,
            ),
            Who.RESOURCE_OWNER,
        )
    if signs.service in ("", "glue", "lakeformation", "athena", "s3") and signs.says(_LAKE):
        yield FirstLook(
            "Lake Formation protects the table, database or location: access needs its own grant in addition to "
            "IAM's policies. The grantor must be a data lake administrator or have the permission with the grant "
            "option.",
            speaks_of("the text says that a Lake Formation permission is missing", _LAKE),
            reading("lakeformation", "list-permissions"),
            Who.RESOURCE_OWNER,
        )
    elif not signs.action and (said := signs.quote(_REGISTERED)) and not _UNREGISTERED.search(said):
        yield _of_a_registered_location(said)
    if (hybrid := signs.quote(r"\bhybrid[- ]access[- ]mode\b")) and signs.says(r"\blake ?formation\b"):
        # https://docs.aws.amazon.com/lake-formation/latest/dg/hybrid-access-mode.html
        yield FirstLook(
            "In hybrid access mode Lake Formation's permissions apply only to principals that are opted in for the "
            "database and table; all others need S3's and Glue's actions in IAM policies. Opt the caller in (a data "
            "lake administrator: aws lakeformation create-lake-formation-opt-in), or allow it the action on the "
            "table's location.",
            contains(hybrid),
            reading("lakeformation", "list-lake-formation-opt-ins"),
            Who.RESOURCE_OWNER,
        )
    if signs.service == "redshift" and "getclustercredentials" in signs.action:
        yield FirstLook(
            "redshift:GetClusterCredentials is checked on the user (dbuser:CLUSTER/USER), the database and the "
            "group, not only on the cluster.",
            signs.action_is,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    yield from _workgroup(signs)
    names_action = bool(signs.action) and signs.action in signs.denial.text.lower()
    unnamed = not (signs.denial.principal or names_action)
    if unnamed and signs.says(_QUERY) and (lake := signs.quote(_GOVERNED)):
        # https://docs.aws.amazon.com/lake-formation/latest/dg/access-control-underlying-data.html
        yield FirstLook(
            "Lake Formation governs these tables: the role that queries needs lakeformation:GetDataAccess in its IAM "
            "policy. It also needs Lake Formation's own grants, SELECT and DESCRIBE on the table, and DESCRIBE on the "
            "resource link of a shared table.",
            contains(lake),
            None,
            Who.ACCOUNT_ADMIN,
        )
    if signs.says(_QUEUE) and signs.action.partition(":")[2] in _OWN_QUEUES_ONLY:
        yield FirstLook(
            f"SQS does not let other accounts perform {spelled(signs.action)}, whatever the queue's policy allows. "
            "Make the call as a role or user of the queue's account, whose policies must allow it.",
            signs.action_is,
            reading("sqs", "list-queues"),
            Who.CALLER,
        )
    elif (
        signs.says(_QUEUE)
        and (endpoint := signs.quote(r"\bVPC endpoint\b"))
        and affirmed(signs.denial.text, r"\b(?:has|allows?|with|have)\b[^.\n]{0,40}\bsqs:(?:\*|\w+)")
    ):
        yield FirstLook(
            "The text says that the caller's policies allow it: look at the policy of the VPC endpoint next, which "
            "must allow the action on the queue, and at a Deny in the queue's own policy.",
            contains(endpoint),
            reading("ec2", "describe-vpc-endpoints", query="VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]"),
            Who.ACCOUNT_ADMIN,
        )
    elif signs.says(_QUEUE) and not signs.says(_QUEUE_ALLOWS):
        yield FirstLook(
            "Neither the caller's policies nor the queue's own policy allow it. For a role or user of the queue's "
            "account, allow the action in its policies, and sqs:GetQueueUrl if it looks up the address. A service "
            "(SNS, EventBridge, S3) or another account needs sqs:SendMessage in the queue's policy.",
            speaks_of("the text names a queue's address", _QUEUE),
            reading("sqs", "list-queues"),
            Who.RESOURCE_OWNER,
            shown_by=("resource",),
        )
    if signs.says(_QUEUE):
        yield FirstLook(
            "The queue's URL is wrong or empty: SQS gives callers from other accounts the same answer if the queue "
            "does not exist.",
            speaks_of("the text names a queue's address", _QUEUE),
            reading("sqs", "list-queues"),
            Who.CALLER,
        )
    if signs.says(_FIELD) and signs.says(r"appsync") and not signs.denial.principal:
        yield FirstLook(
            "AppSync allows each field only with certain authorization modes (API key, Cognito, OIDC, IAM): the "
            "request used another mode, was not signed, or was made by a role that lacks appsync:GraphQL on the "
            "field.",
            speaks_of("the text names AppSync", "appsync"),
            reading("appsync", "list-graphql-apis", query="graphqlApis[].[name,authenticationType]"),
            Who.RESOURCE_OWNER,
        )
    if signs.action == "execute-api:invoke" and signs.layer != "identity":
        yield FirstLook(
            "The API's resource policy does not allow this caller, network or method, or it was changed without a "
            "deployment.",
            signs.action_is,
            reading("apigateway", "get-rest-apis", query="items[].[id,name,policy]", region=signs.region),
            Who.RESOURCE_OWNER,
        )
    if signs.service == "bedrock" and "invoke" in signs.action and (other := _other_area(signs)):
        yield FirstLook(
            f"The text has an inference profile for a different geography: {other} is not "
            f"{signs.target.name if signs.target else ''}. Make the ID that the program calls and the statement's "
            "Resource the same; the program may be reading other settings.",
            contains(other),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
    elif signs.service == "bedrock" and "invoke" in signs.action and signs.says(_PROFILE):
        yield FirstLook(
            "An inference profile needs the permission on the profile and on the model, in every Region to which "
            "it can route.",
            speaks_of("the text names an inference profile", _PROFILE),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )


_AREA = regex(
    r"(?<![\w.-])(?P<id>(?P<area>global|us|eu|apac|jp|au|ca|us-gov)\.(?:amazon|anthropic|cohere|deepseek|meta|mistral)"
    r"\.[\w.:*-]*[\w*])"
)


def _other_area(signs: Signs) -> str:
    """Return an inference profile for another geography, if all others in the text are for another one; else ""."""
    target = signs.target
    if target is None or target.type != "inference-profile" or (own := _AREA.fullmatch(target.name)) is None:
        return ""
    named = {each["id"]: each["area"] for each in _AREA.finditer(signs.denial.text) if each["id"] != own["id"]}
    return next(iter(named)) if named and own["area"] not in named.values() else ""


_GOVERNED = (
    r"(?<!not )(?<!no )\b(?:through|via|by|with|using|uses|in) (?:AWS )?Lake ?Formation\b"
    r"|\bLake ?Formation[- ](?:governed|managed|shared)\b"
)
_PROFILE = rf"\binference[- ]profile|{INFERENCE_PROFILE}"
_PROVIDER = (
    r"(?<!assumed\.role\.)credentials\.provider\S{0,20}?[=:\s]+[\"']?"
    r"(?P<names>[\w.$]*CredentialsProvider\b(?:\s*,\s*[\w.$]*Provider\w*)*)"
)


def chosen_provider(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the configuration lists credential providers, which replaces the default chain.

    Hadoop-AWS module, "Authenticating with S3"
    (https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/index.html).
    """
    found = re.search(_PROVIDER, signs.denial.text)
    if found is None or signs.denial.principal or signs.says(r"\bAssumedRoleCredentialProvider\b"):
        return  # S3A's own provider assumes a role with the credentials of other providers
    names = [re.split(r"[.$]", each.strip())[-1] for each in found["names"].split(",")]
    yield FirstLook(
        f"The program takes its credentials from {listing(names)} alone, as its configuration says: check whether the "
        "credentials you want come from there.",
        contains(names[0]),
        WHO_AM_I,
        Who.CALLER,
    )


def image_from_a_parameter(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a launch gets its image from an SSM parameter that the caller is not allowed to read.

    Systems Manager User Guide, "Using native parameter support in Parameter Store for AMI IDs"
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html).
    """
    if signs.denial.action or not (said := signs.quote(r"SsmAccessDenied|Access denied to SSM")):
        return
    found = re.search(r"resolve:ssm:(?P<name>[\w./-]*[\w/-])", signs.denial.text)
    which = f"the parameter {found['name']}" if found else "the parameter"
    needed = "allow that caller to perform ssm:GetParameters on the parameter's ARN"
    if "ssm:getparameters" in (had := granted_in(signs.denial.text)):
        needed = "the text shows a policy with ssm:GetParameters"
        needed += (
            ", so check that this caller has it, and which call CloudTrail shows as refused"
            if "ssm:getparameter" in had
            else ", which is not ssm:GetParameter. If CloudTrail shows GetParameter as refused, allow that too"
        )
    yield FirstLook(
        f"The launch takes its image from {which} (resolve:ssm:), and EC2 reads it with the permissions of the "
        f"launch's caller: {needed}.",
        contains(said),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_OTHER_ORIGIN = (
    r"\borigin\b[^.\n]{0,40}\b(?:ALB|ELB|load balancer|API Gateway|EC2|nginx)\b|\b(?:ALB|load balancer) origin\b"
)
_CLOUDFRONT = r"Error from cloudfront|\.cloudfront\.net|origin access (?:control|identity)"
_LEGACY_IDENTITY = r"origin[- ]access[- ]identity(?:/cloudfront/\w+)?|\bOAI\b|legacy access identity"


def distribution(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for a CloudFront distribution that S3 denies.

    CloudFront Developer Guide, "Restrict access to an Amazon S3 origin"
    (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html);
    re:Post, "Why does CloudFront return HTTP response code 403 from Amazon S3?".
    """
    if signs.denial.principal or signs.denial.action or not signs.says(r"AmazonS3|\bS3\b|\bAccessDenied\b"):
        return
    if not (said := signs.quote(_CLOUDFRONT)) or signs.says(_OTHER_ORIGIN):
        return
    if (identity := signs.quote(_LEGACY_IDENTITY)) and not signs.says(r"origin access control|\bOAC\b(?!\s*\?)"):
        known = re.search(r"(?i:origin[- ]access[- ]identity)(?:/cloudfront/| )(E[A-Z0-9]{6,14})\b", signs.denial.text)
        which = known[1] if known else "ID"
        signs_in = signs.says(r"(?i)\bsign(?:s|ed)?[- ]?in\b|\blog[- ]?in\b|\bcognito\b|lambda@edge|\bauth\w*")
        in_front = " The sign-in in front of the distribution is not the cause." if signs_in else ""
        yield FirstLook(
            "S3 refused the distribution's origin access identity: the bucket's policy must let "
            f"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity {which} (or CanonicalUser with the "
            "identity's S3CanonicalUserId) perform s3:GetObject on BUCKET/*. Do not use cloudfront.amazonaws.com, "
            f"which is for an origin access control.{in_front}",
            contains(identity),
            reading("cloudfront", "list-cloud-front-origin-access-identities"),
            Who.RESOURCE_OWNER,
        )
        yield FirstLook(
            "The object does not exist: unless the identity has s3:ListBucket on the bucket, S3 answers 403 instead of "
            "404. Check the key, the origin path and the default root object.",
            contains(said),
            None,
            Who.CALLER,
        )
        return
    if (serves := facts_of(signs.denial).get(StatedFact.SERVES)) is not None:
        yield FirstLook(
            "Most likely the object does not exist: other objects are served, and without s3:ListBucket S3 answers 403 "
            "instead of 404 for a missing key. For a single-page app, add an error response for 403, too, that returns "
            "/index.html with 200; or let CloudFront perform s3:ListBucket on the bucket.",
            contains(serves.words),
            None,
            Who.CALLER,
        )
        return
    yield FirstLook(
        "CloudFront calls S3 as a service, not as you: the bucket's policy must let cloudfront.amazonaws.com perform "
        "s3:GetObject on BUCKET/*, with AWS:SourceArn = the distribution's ARN. With an origin access identity, the "
        "policy names that identity instead.",
        contains(said),
        reading("cloudfront", "list-distributions", query="DistributionList.Items[].[Id,DomainName]"),
        Who.RESOURCE_OWNER,
    )
    yield FirstLook(
        "The object does not exist: unless CloudFront has s3:ListBucket, S3 answers 403 instead of 404. Check the "
        "key, the origin path and the default root object.",
        contains(said),
        None,
        Who.CALLER,
    )
    if encrypted := signs.quote(r"\bSSE-KMS\b|aws:kms\b|\bKMS\b"):
        yield FirstLook(
            "The object is encrypted with a KMS key whose policy does not let cloudfront.amazonaws.com decrypt.",
            contains(encrypted),
            None,
            Who.RESOURCE_OWNER,
        )


def nothing_stated(signs: Signs) -> Iterator[FirstLook]:
    """Yield advice on a denial that names neither an action nor an operation, if it is cut off or has a policy."""
    who = signs.denial.principal
    if signs.denial.action or signs.denial.operation or signs.denial.claims_trust or signs.denial.encoded_message:
        return
    if cut_before_the_action(signs.denial):
        session = (who or "").rpartition("/")[2]
        yield FirstLook(
            "The program's own log or debug output has the full message. CloudTrail's event history has the "
            f"caller's failed management calls, each with its message.{_OF_DATA if signs.says(_OBJECTS) else ''}",
            lacks("no call was recognized in the text", TextPart.OPERATION),
            reading(
                "cloudtrail",
                "lookup-events",
                ("lookup-attributes", f"AttributeKey=Username,AttributeValue={session}" if session else None),
            ),
            Who.YOU,
        )
        return
    if only := _allowed_alone(signs.denial.text):
        yield FirstLook(
            f"The policy in the text has {listing(only)} alone. If the caller has no other policy, the refused call "
            "needs another action, or is for another resource. The program's debug output (aws --debug, TF_LOG=debug) "
            "shows the call, and so does CloudTrail's event history.",
            contains(only[0]),
            WHO_AM_I,
            Who.YOU,
        )
        return


_OBJECTS = r"\bs3\b|\bobjects?\b|\bbucket"
_OF_DATA = " Reads and writes of S3 objects appear only in a trail or event data store that records data events."


def _allowed_alone(text: str) -> list[str]:
    """The actions of the text's only policy; empty if the policy has a wildcard, a Deny, or more than a few actions."""
    if len(_ACTION_ELEMENT.findall(text)) != 1 or _MORE_THAN_AN_ALLOW.search(text):
        return []
    actions = list(dict.fromkeys(written_values(text, "Action")))
    exact = all(":" in each and "*" not in each for each in actions)
    return actions if exact and len(actions) <= _FEW_ACTIONS else []


_ACTION_ELEMENT = regex(r"\bAction[\"']?\s*[:=]")
_MORE_THAN_AN_ALLOW = regex(r"\bDeny\b|\bNotAction\b|\bPrincipal[\"']?\s*[:=]")
_FEW_ACTIONS = 4


def account_not_enabled(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a service is not enabled for the account, which no policy of the caller changes.

    https://github.com/aws-samples/amazon-bedrock-workshop/issues/20
    """
    if signs.service != "bedrock" or not signs.says(_ACCOUNT):
        return
    if (regions := access_elsewhere(signs.denial.pasted or signs.denial.text)) is not None:
        granted, called = regions
        yield FirstLook(
            f"Most likely access to the model was granted in {granted} only, and the call goes to {called}: model "
            f"access is per Region. Grant it there, if the model is offered there, or call Bedrock in {granted}.",
            contains(granted),
            None,
            Who.ACCOUNT_ADMIN,
        )
    else:
        yield FirstLook(
            "AWS has not enabled Bedrock for this account, which happens with some new accounts. Ask AWS Support: no "
            "IAM policy of the account changes that.",
            speaks_of("the text mentions the account, not the caller", _ACCOUNT),
            None,
            Who.ACCOUNT_ADMIN,
        )


_DENIES_ALL = r"\bDeny \*(?: on \*)?|\"Effect\"\s*:\s*\"Deny\"\s*,\s*\"Action\"\s*:\s*\"\*\""
"""A pattern of a Deny of every action: such a Deny is not said to require MFA, a network, a Region or a tag."""


_DENYING_POLICY = regex(
    r"explicit deny in an identity-based policy:\s+(?:[\w./…:<>*-]*/)(?P<name>[\w+=,.@-]{2,127}[\w+=@-])(?![\w/])"
)
"""The name of the policy that denies, in a message that shortens the policy's ARN."""


def policies(signs: Signs) -> Iterator[FirstLook]:
    """Yield the caller's own policies as the cause if the text indicates nothing else."""
    named = signs.denial.action or (signs.denied_explicitly and signs.layer)
    if signs.layer not in ("", "identity") or signs.denial.claims_trust or not named:
        return
    if "anonymous" in (signs.denial.principal or "").lower() or names_a_service(signs.denial.principal or ""):
        return
    if signs.denied_explicitly:
        groups = "" if signs.role else " or its group's"
        arn, name = signs.denial.policy_arn, _DENYING_POLICY.search(signs.denial.text)
        policy = arn or (f"the policy {name['name']}" if name else "")
        narrow = f" Read {policy}, and narrow that statement, or make the call with another identity." if policy else ""
        requires = "" if signs.says(_DENIES_ALL) else ": read its conditions (MFA, a network, a Region, a tag)"
        yield FirstLook(
            f"A Deny in the caller's own policies{groups} applies to this request{requires}.{narrow}",
            Sentence(
                "the text says explicit deny" + ("" if signs.layer else ", but not in which policy"), (TextDenies(),)
            ),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            shown_by=("identity",),
            asserts=(DenyDecides(),),
        )
        if not signs.layer:
            yield FirstLook(
                "The organization denies it (SCP): a Region or a service that it blocks, or an account for courses, "
                "labs or trials, where most is closed on purpose.",
                Sentence("the text says explicit deny, but not in which policy", (TextDenies(),)),
                reading("organizations", "describe-organization"),
                Who.ORG_ADMIN,
                shown_by=("scp",),
            )
            yield FirstLook(
                "The Deny is in another policy that applies: the caller's permissions boundary or session policy, "
                "the resource's own policy, a resource control policy or a VPC endpoint's policy.",
                Sentence("the text says explicit deny, but not in which policy", (TextDenies(),)),
                reading("iam", "get-role", ("role-name", signs.role), query="Role.PermissionsBoundary")
                or reading("iam", "get-user", ("user-name", signs.user), query="User.PermissionsBoundary"),
                Who.ACCOUNT_ADMIN,
            )
        return
    # An action that the text itself names is more likely missing than allowed to somebody else.
    stated = signs.quote(
        rf"\b(?:role|user|policy|identity)\b[^.\n]{{0,30}}\b(?:has|have|contains?|lists?) no {signs.service} "
    )
    action = signs.denial.missing_action or signs.denial.action
    if stated and not signs.layer:
        yield FirstLook(
            f"Allow {action} in a policy of the caller: according to the text, the caller's policies have no statement "
            f"for {signs.service}.",
            contains(stated),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            shown_by=("identity",),
            asserts=(*AN_ALLOW_HELPS, DenyDecides(False)),
        )
        return
    if not signs.layer and stated_in(signs.denial.text):
        return  # `operations.in_prose` says so
    if signs.layer and signs.role.startswith("AWSServiceRoleFor"):
        return  # the verdict says which other policy must allow it
    on_one_resource = bool(signs.denial.resource) and signs.denial.resource != "*"
    rest = _on_this_resource(signs) if on_one_resource else ""
    yield FirstLook(
        f"None of the caller's identity-based policies allows {action}{rest}.",
        blames("the text names the caller's own policies", "identity")
        if signs.layer
        else lacks("no kind of policy was recognized in the text", TextPart.REASON),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        shown_by=("identity",),
        asserts=(*AN_ALLOW_HELPS, DenyDecides(False)),
        guess=not signs.layer,  # only the policies show it, if they were read
        only_missing=not on_one_resource,
    )


def _on_this_resource(signs: Signs) -> str:
    """Return the end of the sentence that no policy of the caller allows the action: on what, and why."""
    fails = (
        "another resource (ARNs are case-sensitive), or has a condition that is not met (a tag, a Region, a network)"
    )
    if signs.granted:  # the text says that a statement has the action
        return f" on this resource: the statement with the action names {fails}"
    return (
        " on this resource. Most often no statement has the action: then add the action. Otherwise the statement names "
        f"{fails}"
    )

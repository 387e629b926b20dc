"""Causes of services for data and queues: Athena, Lake Formation, Redshift, OpenSearch, SQS, AppSync."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import AN_ALLOW_HELPS, affirmed, contains, reading, speaks_of
from diagnostics.text.causes.denials.bedrock_access import GOVERNED, PROFILE, other_area
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.forms.http_apis import HTTP_API
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.service_reference import action, spelled

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
        "Lake Formation governs the registered location, so IAM policies are not enough. In Lake Formation, grant "
        "this role DATA_LOCATION_ACCESS on the location, and CREATE_TABLE, ALTER and DESCRIBE on the database "
        "(SELECT on tables that it reads): aws lakeformation grant-permissions. In IAM, the role needs "
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
            "Lake Formation protects the table, database or location: access needs a Lake Formation grant in addition "
            "to IAM policies. The grantor must be a data lake administrator or have the permission with the grant "
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
            "lake administrator: aws lakeformation create-lake-formation-opt-in), or allow the caller the action on "
            "the table's location.",
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
    if unnamed and signs.says(_QUERY) and (lake := signs.quote(GOVERNED)):
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
            "The text says that the caller's policies allow the action. Next, check the policy of the VPC endpoint, "
            "which must allow the action on the queue, and look for a Deny in the queue's own policy.",
            contains(endpoint),
            reading("ec2", "describe-vpc-endpoints", query="VpcEndpoints[].[VpcEndpointId,ServiceName,PolicyDocument]"),
            Who.ACCOUNT_ADMIN,
        )
    elif signs.says(_QUEUE) and not signs.says(_QUEUE_ALLOWS):
        yield FirstLook(
            "Neither the caller's policies nor the queue's own policy allow the action. For a role or user of the "
            "queue's account, allow the action in its policies, and sqs:GetQueueUrl if it looks up the queue's URL. A "
            "service (SNS, EventBridge, S3) or another account needs sqs:SendMessage in the queue's policy.",
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
    if signs.action == "execute-api:invoke" and signs.says(HTTP_API):
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html
        yield FirstLook(
            "Allow the caller execute-api:Invoke on arn:aws:execute-api:REGION:ACCOUNT:API-ID/STAGE/METHOD/PATH in its "
            "own policies: an HTTP API with IAM authorization has no resource policy.",
            signs.action_is,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
    elif signs.action == "execute-api:invoke" and signs.layer != "identity":
        yield FirstLook(
            "The API's resource policy does not allow this caller, network or method, or the policy was changed "
            "without a deployment.",
            signs.action_is,
            reading("apigateway", "get-rest-apis", query="items[].[id,name,policy]", region=signs.region),
            Who.RESOURCE_OWNER,
        )
    if signs.service == "bedrock" and "invoke" in signs.action and (other := other_area(signs)):
        yield FirstLook(
            f"The text has an inference profile for a different geography: {other} is not "
            f"{signs.target.name if signs.target else ''}. Make the ID that the program calls and the statement's "
            "Resource the same; the program may use different settings from those you expect.",
            contains(other),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
    elif signs.service == "bedrock" and "invoke" in signs.action and signs.says(PROFILE):
        yield FirstLook(
            "An inference profile needs the permission on the profile and on the model, in every Region to which "
            "it can route.",
            speaks_of("the text names an inference profile", PROFILE),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )

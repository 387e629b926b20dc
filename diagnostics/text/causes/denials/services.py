"""Causes specific to a service: a role that it cannot use, and what it requires from its callers.

Sources: each service's guide on its roles (Lambda "Execution role", ECS "Task execution IAM role", EKS "Cluster IAM
role", IAM Roles Anywhere "Trust model"); OpenSearch "Fine-grained access control".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.claims.kinds import (
    DenyDecides,
    Found,
    NamesCaller,
    Sentence,
    Shown,
    TextDenies,
    TextPart,
    Told,
)
from diagnostics.diagnosis import FirstLook
from diagnostics.text.answer.denial import cut_sentence
from diagnostics.text.causes.denials.signs import CDK_ROLE, INFERENCE_PROFILE, Signs
from diagnostics.text.causes.look import (
    AN_ALLOW_HELPS,
    WHO_AM_I,
    blames,
    contains,
    lacks,
    reading,
    says,
    speaks_of,
    unless,
    written_values,
)
from diagnostics.text.causes.shared_causes import MISSING_SERVICE_ROLE
from diagnostics.text.read.beside_message import stated_in, told
from diagnostics.who import Who
from iam.arn import names_a_service
from iam.lazy_pattern import regex
from iam.service_reference import action
from iam.words import listing

_PULLING = (
    r"failed to pull|pulling image|CannotPull(?:ECR)?Container|ErrImagePull|ImagePullBackOff|kubelet[^\n]{0,200}ecr"
)


_SEARCH = r"no permissions for \[indices|security_exception"
_LAKE = (
    r"Insufficient Lake ?Formation permission|\bLake ?Formation permissions?\b[^.\n]{0,40}\b(?:required|missing|denied)"
)
_QUERY = r"permissions? to execute the query|location of your query"
_QUEUE = r"resource\s+https?://sqs[.\w-]*\S*\s+is\s+denied"
_FIELD = r"not authori[sz]ed to access \w+ on type \w+|UnauthorizedException|appsync:graphql"
_ACCOUNT = r"your account is not authorized"
_LOGGED_IN = r"\bLogin Succeeded\b"
_PUSHES = r"\bfailed to push\b|/blobs/uploads/|\b(?:POST|PUT|PATCH) request to \S*dkr"
_DOCKER = r"pull\s+access\s+denied|\.dkr[.-]ecr[^\x1e]{1,400}?403"


_WORKS_AGAIN = (
    r"\b(?:works?|succeeds?|passes|goes through)\b[^.\n]{0,40}\b(?:again|second|retry|re-?(?:run|apply|deploy))\b"
    r"|\b(?:second|next|another) (?:try|run|attempt|apply|deploy)\w* (?:works?|succeeds?|passes)\b"
    r"|\b(?:running|deploying|applying|trying|creating)\b[^.\n]{0,40}\bagain (?:works?|succeeds?|passes)\b"
    r"|\b(?:seconds?|minutes?|moments?) later,? [^.\n]{0,40}?\b(?:works?|can|succeeds?|passes)\b(?! ?not\b|['’]t)"
)
_ROLE_JUST_MADE = (
    r"\baws_iam_role\.[\w.\[\]\"-]+: Creation complete after"
    r"|\bCREATE_COMPLETE\b[^\n]{0,60}\bAWS::IAM::Role\b|\bAWS::IAM::Role\b[^\n]{0,100}\bCREATE_COMPLETE\b"
    r"|\baws iam create-role\b"
)
_JUST_MADE = FirstLook(
    "The role was created a moment ago: a new trust policy takes some seconds to reach every service. Try again.",
    speaks_of("the text says that it works again later", _WORKS_AGAIN),
    None,
    Who.CALLER,
    asserts=(Found("changes"), Shown("changes", " d old", False)),
)
_LINKED_JUST_MADE = replace(
    _JUST_MADE,
    cause="The service-linked role was created a moment ago, and the service could not use it yet. Wait some seconds "
    "after its creation, then try again. No role and no policy has to change.",
    asserts=(),
)


_LINKED_EXISTS = (
    "{role} exists already, so create none. It may be new, and then takes some seconds to work: make the call again."
)


def _shown(role: str) -> str:
    """Words that show that the role exists: IAM refuses to create it again, or an answer has its ARN."""
    arn = rf"arn:[\w-]+:iam::\d{{12}}:role/aws-service-role/\S+/{role}"
    return rf"\b{role} has been taken in this account|\"Arn\": \"{arn}\""


def _made_at(signs: Signs) -> str | None:
    return reading("iam", "get-role", ("role-name", signs.target_role), query="Role.CreateDate")


def role_of_a_service(signs: Signs) -> Iterator[FirstLook]:
    if not signs.denial.claims_trust:
        return
    service = signs.denial.service
    said = says(f"the text says that {service or 'a service'} cannot assume the role", TextPart.TRUST)
    if not service and signs.target_role.startswith("cdk-"):
        return
    if linked := signs.quote(r"service[- ]linked role"):
        role, principal = _LINKED.get(service or "", ("", ""))
        if again := signs.quote(_WORKS_AGAIN):
            made = reading("iam", "get-role", ("role-name", role), query="Role.CreateDate") if role else None
            yield replace(_LINKED_JUST_MADE, because=contains(again), check=made)
            return
        if role and (exists := signs.quote(_shown(role))):
            made = reading("iam", "get-role", ("role-name", role), query="Role.CreateDate")
            yield FirstLook(_LINKED_EXISTS.format(role=role), contains(exists), made, Who.CALLER)
            return
        if role:
            yield FirstLook(
                f"See whether the account has {role}. If not, create it once, with iam:CreateServiceLinkedRole: aws "
                f"iam create-service-linked-role --aws-service-name {principal}. A new role takes some seconds to "
                "work: try again.",
                contains(linked),
                reading("iam", "get-role", ("role-name", role)),
                Who.ACCOUNT_ADMIN,
            )
            return
        yield replace(MISSING_SERVICE_ROLE, because=contains(linked))
        return
    if again := signs.quote(_WORKS_AGAIN):
        yield replace(_JUST_MADE, because=contains(again), check=_made_at(signs))
        return
    if made := signs.quote(_ROLE_JUST_MADE):
        yield replace(_JUST_MADE, because=contains(made), check=_made_at(signs))
    if service in ("ecs", "ecs-tasks") and signs.says(r"infrastructure\s*role"):
        service = "infrastructure"
    if service and not signs.says(rf"[\"']Service[\"']\s*:\s*[\"'\[]+{re.escape(service)}\.amazonaws\.com"):
        read = reading("rolesanywhere", "list-profiles") if service == "rolesanywhere" else None
        trust = _trusting(service, signs)
        yield FirstLook(trust, said, signs.trust_read or read, Who.RESOURCE_OWNER, told_by=("trust",))
    if bound := signs.quote(r"aws:Source(?:Arn|Account)"):
        yield FirstLook(
            "Compare the trust policy's aws:SourceArn and aws:SourceAccount with what the service sends.",
            contains(bound),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            told_by=("trust",),
            asserts=(NamesCaller("trust"),),
        )


# AWS services that work with IAM, each service's "Using service-linked roles": the role and the service's principal.
_LINKED = {
    "ecs": ("AWSServiceRoleForECS", "ecs.amazonaws.com"),
    "eks": ("AWSServiceRoleForAmazonEKS", "eks.amazonaws.com"),
    "autoscaling": ("AWSServiceRoleForAutoScaling", "autoscaling.amazonaws.com"),
    "elasticloadbalancing": ("AWSServiceRoleForElasticLoadBalancing", "elasticloadbalancing.amazonaws.com"),
    "rds": ("AWSServiceRoleForRDS", "rds.amazonaws.com"),
    "ecs-tasks": ("AWSServiceRoleForECS", "ecs.amazonaws.com"),
    "eks-nodegroup": ("AWSServiceRoleForAmazonEKSNodegroup", "eks-nodegroup.amazonaws.com"),
    "batch": ("AWSServiceRoleForBatch", "batch.amazonaws.com"),
}

# What the trust policies of these services' roles are usually mistaken in.
_TRUSTED = {
    "pods.eks": "EKS Pod Identity needs both sts:AssumeRole and sts:TagSession for pods.eks.amazonaws.com in the trust "
    "policy.",
    "rolesanywhere": (
        "The trust policy must let rolesanywhere.amazonaws.com do sts:AssumeRole, sts:TagSession and "
        "sts:SetSourceIdentity, and its conditions must match the certificate's subject."
    ),
    "ecs-tasks": (
        "A task's roles (task and execution) trust ecs-tasks.amazonaws.com; no task can assume a role whose trust "
        "policy names ecs.amazonaws.com or ec2.amazonaws.com."
    ),
    "infrastructure": (
        "ECS's infrastructure role (for volumes and load balancers) trusts ecs.amazonaws.com, not "
        "ecs-tasks.amazonaws.com as a task's roles do."
    ),
    "eks": (
        "A cluster's role must trust eks.amazonaws.com, its nodes' role ec2.amazonaws.com, and Fargate's pods' role "
        "eks-fargate-pods.amazonaws.com: see whether one is used for another."
    ),
    "scheduler": (
        "The role's trust policy must name scheduler.amazonaws.com (EventBridge's rules use events.amazonaws.com). An "
        "aws:SourceArn in it must be the schedule group's ARN, not the schedule's."
    ),
    "events": "The role's trust policy must name events.amazonaws.com (EventBridge Scheduler uses "
    "scheduler.amazonaws.com). An aws:SourceArn in it must be the rule's.",
    "codepipeline": (
        "The pipeline's role must trust codepipeline.amazonaws.com. An action's own role must trust the pipeline's "
        "role instead, and the pipeline's role must be allowed to assume it."
    ),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html
    "bedrock": (
        "The role's trust policy must let bedrock.amazonaws.com do sts:AssumeRole, with the account as "
        "aws:SourceAccount and knowledge-base/* or agent/* as aws:SourceArn: a specific ID does not match a resource "
        "that is only now being created."
    ),
    # https://docs.aws.amazon.com/redshift/latest/mgmt/copy-unload-iam-role.html
    "redshift": (
        "The role must be associated with the cluster or namespace (aws redshift modify-cluster-iam-roles, aws "
        "redshift-serverless update-namespace), and must trust redshift.amazonaws.com. A chain of roles needs "
        "sts:AssumeRole from each to the next."
    ),
    "glue": "The role's trust policy must name glue.amazonaws.com, and its ARN must have its path (service-role/).",
    "sagemaker": "The role's trust policy must name sagemaker.amazonaws.com, and its ARN must have its path "
    "(service-role/).",
    "firehose": (
        "The role's trust policy must name firehose.amazonaws.com. An sts:ExternalId in it must be the account's "
        "number."
    ),
}
_TRUSTED["ecs"] = _TRUSTED["ecs-tasks"]


def _trusting(service: str, signs: Signs) -> str:
    if service in ("eks", "pods.eks") and signs.says(r"Pod ?Identity|assume the associated role"):
        return (
            "The role's trust policy must let pods.eks.amazonaws.com do sts:AssumeRole and sts:TagSession; the trust "
            "for IRSA (the cluster's OIDC provider) does not count for Pod Identity."
        )
    if signs.target_role.startswith("cdk-"):
        return (
            "This role of the CDK's bootstrap was deleted, or its trust policy was changed. If it is missing, delete "
            "the stack CDKToolkit and run cdk bootstrap again; stacks that were made with the role keep naming it."
        )
    return _TRUSTED.get(
        service,
        f"The role's trust policy must let {service}.amazonaws.com do sts:AssumeRole.",
    )


def _on_a_workgroup(signs: Signs) -> bool:
    """Whether Athena decides the action on a workgroup, and the text names no other kind of resource."""
    if signs.service != "athena" or signs.layer not in ("", "identity") or signs.denied_explicitly:
        return False
    known = action(signs.action)
    return (
        known is not None
        and "workgroup" in {each.name for each in known.resource_types}
        and (signs.target is None or signs.target.type == "workgroup")
    )


def _workgroup(signs: Signs) -> Iterator[FirstLook]:
    """Athena User Guide, "Use IAM policies to control workgroup access"."""
    if not _on_a_workgroup(signs):
        return
    from diagnostics.text.read.around import around

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
        told_by=("identity",),
        asserts=AN_ALLOW_HELPS,
    )


def of_the_data(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for services that have their own permissions in addition to IAM, such as Lake Formation."""
    searches = signs.says(_SEARCH) and signs.says(r"opensearch|\.(?:es|aoss)\.amazonaws\.com")
    if (signs.service in ("es", "opensearch", "aoss") or searches) and signs.layer != "identity":
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
            "Lake Formation protects the table, database or location: it needs its own grant in addition to IAM's "
            "policies. The grantor must be its administrator or have the permission with the grant option.",
            speaks_of("the text says that a Lake Formation permission is missing", _LAKE),
            reading("lakeformation", "list-permissions"),
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
            "resource link of a shared one.",
            contains(lake),
            None,
            Who.ACCOUNT_ADMIN,
        )
    if signs.says(_QUEUE):
        yield FirstLook(
            "Neither the caller's policies nor the queue's own policy allow it. Allow a role or user of the queue's "
            "account the action in its policies, also sqs:GetQueueUrl if it looks up the address. A service (SNS, "
            "EventBridge, S3) or another account needs sqs:SendMessage in the queue's policy.",
            speaks_of("the text names a queue's address", _QUEUE),
            reading("sqs", "list-queues"),
            Who.RESOURCE_OWNER,
            told_by=("resource",),
        )
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
            f"The text has a profile of another area: {other} is not {signs.target.name if signs.target else ''}. "
            "Let the ID that the program calls and the statement's Resource agree; the settings may not be the ones "
            "that the program reads.",
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
    """The profile of another area that the text names, where it names the denied profile's area nowhere else."""
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
# ECS's own errors: its agent has no docker login.
_BY_ECS = r"CannotPull(?:ECR)?Container|ResourceInitializationError"


_OURS = regex(
    r"\b(?:CI|ours?|my|caller|runner|pipeline|build|deploy)\b[^\n.]{0,30}?\b(?:acct|account)\b\W{0,3}(?P<said>\d{12})\b"
    r"|arn:[\w-]+:(?:iam|sts):[\w-]*:(?P<arn>\d{12}):",
    re.IGNORECASE,
)


def _own_account(text: str, registry: str) -> str:
    """The caller's account, as the text names it, where it is another than the registry's; else empty."""
    own = {each["said"] or each["arn"] for each in _OURS.finditer(text)}
    return own.pop() if len(own) == 1 and registry not in own else ""


# AWS Managed Policy Reference, AmazonEC2ContainerRegistryPullOnly
# (https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonEC2ContainerRegistryPullOnly.html).
_PULLS = regex(
    r"ecr:(?:batchgetimage|batchchecklayeravailability|batchimportupstreamimage|getdownloadurlforlayer"
    r"|getauthorizationtoken)$"
)


def private_registry(signs: Signs) -> Iterator[FirstLook]:
    if signs.action and not _PULLS.match(signs.action):
        return  # the text names another action than those of a pull
    host = re.search(r"(\d{12})\.dkr[.-]ecr[\w-]*\.([\w-]+)", signs.denial.text)
    read = reading("ecr", "describe-repositories", ("registry-id", host[1]), region=host[2]) if host else None
    pulling = "" if signs.session.startswith("AWSCodeBuild") else signs.quote(_PULLING)
    if pulling:
        needs = (
            ': the role that pulls needs ecr:GetAuthorizationToken on "*", ecr:BatchGetImage and '
            "ecr:GetDownloadUrlForLayer. Another account's repository must allow it in its policy, too"
        )
        puller = "task's execution role" if signs.says(_BY_ECS) else "node's role"
        yield FirstLook(
            f"The image is pulled with the {puller}, not with the program's own role{needs if signs.action else ''}.",
            contains(pulling),
            signs.caller_read or read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
        return
    if not signs.says(_DOCKER) or signs.action == "ecr:getauthorizationtoken":  # it asks for no repository
        return
    if host and (own := _own_account(signs.denial.text, host[1])):
        needs = (
            "the actions of a push (ecr:BatchCheckLayerAvailability, ecr:InitiateLayerUpload, ecr:UploadLayerPart, "
            "ecr:CompleteLayerUpload, ecr:PutImage)"
            if signs.says(_PUSHES)
            else "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer"
        )
        yield FirstLook(
            f"The registry belongs to account {host[1]}, and the caller to {own}: the repository's policy there "
            f"must allow it {needs}. The caller's own policies must, too, but cannot replace it.",
            contains(host[1], own),
            read,
            Who.RESOURCE_OWNER,
        )
    # Where ECR names the caller, docker was logged in.
    elif not (signs.denial.principal or signs.says(_LOGGED_IN)):
        yield FirstLook(
            "Docker is not logged in to this registry, or the login is older than 12 hours (aws ecr "
            "get-login-password).",
            speaks_of("the text is the registry's answer to docker", _DOCKER),
            WHO_AM_I,
            Who.CALLER,
        )


def package_token(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for a denied CodeArtifact token.

    CodeArtifact User Guide, "AWS CodeArtifact authentication and tokens"
    (https://docs.aws.amazon.com/codeartifact/latest/ug/tokens-authentication.html).
    """
    if signs.denial.action or signs.denial.principal or not (said := signs.quote(r"\bcodeartifact\b")):
        return
    yield FirstLook(
        "The CodeArtifact token has expired, after 12 hours or with the session that requested it: fetch a new token "
        "(aws codeartifact login, or get-authorization-token).",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )
    yield FirstLook(
        "Whoever fetched the token is not allowed to do this: reading needs codeartifact:ReadFromRepository, and "
        "publishing codeartifact:PublishPackageVersion on the package. Or the repository's policy does not allow the "
        "account.",
        contains(said),
        reading("codeartifact", "list-repositories", query="repositories[].[name,domainName,domainOwner]"),
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_PROVIDER = (
    r"credentials\.provider\S{0,20}?[=:\s]+[\"']?(?P<names>[\w.$]*CredentialsProvider\b(?:\s*,\s*[\w.$]*Provider\w*)*)"
)


def chosen_provider(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the configuration lists credential providers, which replaces the default chain.

    Hadoop-AWS module, "Authenticating with S3"
    (https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/index.html).
    """
    found = re.search(_PROVIDER, signs.denial.text)
    if found is None or signs.denial.principal:
        return
    names = [re.split(r"[.$]", each.strip())[-1] for each in found["names"].split(",")]
    yield FirstLook(
        f"The program takes its credentials from {listing(names)} alone, as its configuration says: check whether the "
        "credentials you want come from there.",
        contains(names[0]),
        WHO_AM_I,
        Who.CALLER,
    )


def image_from_a_parameter(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a launch reads its image from an SSM parameter that its caller may not read.

    Systems Manager User Guide, "Using native parameter support in Parameter Store for AMI IDs"
    (https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-ec2-aliases.html).
    """
    if signs.denial.action or not (said := signs.quote(r"SsmAccessDenied|Access denied to SSM")):
        return
    found = re.search(r"resolve:ssm:(?P<name>[\w./-]+)", signs.denial.text)
    which = f"the parameter {found['name']}" if found else "the parameter"
    yield FirstLook(
        f"The launch takes its image from {which} (resolve:ssm:), and EC2 reads it with the permissions of the "
        "launch's caller: allow that caller ssm:GetParameters on the parameter's ARN.",
        contains(said),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
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
    if not (said := signs.quote(_CLOUDFRONT)):
        return
    if (identity := signs.quote(_LEGACY_IDENTITY)) and not signs.says(r"origin access control|\bOAC\b"):
        known = re.search(r"(?i:origin[- ]access[- ]identity)(?:/cloudfront/| )(E[A-Z0-9]{6,14})\b", signs.denial.text)
        which = known[1] if known else "ID"
        yield FirstLook(
            "S3 refused the distribution's origin access identity: the bucket's policy must let "
            f"arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity {which} do s3:GetObject on BUCKET/*. Not "
            "cloudfront.amazonaws.com: that is for an origin access control. The sign-in in front of the distribution "
            "is not the cause.",
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
    if (serves := told(signs.denial).get(Told.SERVES)) is not None:
        yield FirstLook(
            "Most likely the object does not exist: other objects are served, and without s3:ListBucket S3 answers 403 "
            "instead of 404 for a missing key. For a single-page app, add an error response for 403, too, that returns "
            "/index.html with 200; or let CloudFront do s3:ListBucket on the bucket.",
            contains(serves.words),
            None,
            Who.CALLER,
        )
        return
    yield FirstLook(
        "CloudFront calls S3 as a service, not as you: the bucket's policy must let cloudfront.amazonaws.com do "
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


def nothing_told(signs: Signs) -> Iterator[FirstLook]:
    """Yield what is left of a denial that names neither action nor operation, if it is cut off or has a policy."""
    who = signs.denial.principal
    if signs.denial.action or signs.denial.operation or signs.denial.claims_trust or signs.denial.encoded_message:
        return
    if cut_sentence(signs.denial):
        session = (who or "").rpartition("/")[2]
        yield FirstLook(
            "The program's own log or debug output has the whole message. CloudTrail's event history has the "
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
            f"The policy in the text has {listing(only)} alone. If the caller has no other, the refused call needs "
            "another action, or is for another resource. The program's debug output (aws --debug, TF_LOG=debug) shows "
            "the call, and so does CloudTrail's event history.",
            contains(only[0]),
            WHO_AM_I,
            Who.YOU,
        )
        return


_OBJECTS = r"\bs3\b|\bobjects?\b|\bbucket"
_OF_DATA = " Reads and writes of S3 objects appear only in a trail or event data store that records data events."


def _allowed_alone(text: str) -> list[str]:
    """The actions of the one policy in the text; empty where it has a wildcard, a Deny, or more than a few actions."""
    if len(_ACTION_ELEMENT.findall(text)) != 1 or _MORE_THAN_AN_ALLOW.search(text):
        return []
    actions = list(dict.fromkeys(written_values(text, "Action")))
    exact = all(":" in each and "*" not in each for each in actions)
    return actions if exact and len(actions) <= _FEW_ACTIONS else []


_ACTION_ELEMENT = regex(r"\bAction[\"']?\s*[:=]")
_MORE_THAN_AN_ALLOW = regex(r"\bDeny\b|\bNotAction\b|\bPrincipal[\"']?\s*[:=]")
_FEW_ACTIONS = 4


_FETCHED = r"(?:get|getting|load|retrieve|refresh|fetch)\w*(?: \w+){0,3} credentials\b"


def assume_role(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for sts:AssumeRole denied without a reason: both sides, the trust policy first.

    It does not work across partitions
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_cross_partition.html).
    """
    fetched = signs.quote(_FETCHED) if not signs.action else ""
    if (signs.action != "sts:assumerole" and not fetched) or signs.denial.claims_trust:
        return
    if CDK_ROLE.match(signs.target_role):
        return  # `callers.tools` says so
    said = contains(fetched) if fetched else signs.action_is
    on = signs.resource_is if signs.denial.resource else said
    ours, theirs = signs.two_accounts or ("", "")
    partitions = [each.partition for each in (signs.caller, signs.target) if each is not None and each.partition]
    if len(set(partitions)) > 1:
        yield FirstLook(
            f"The caller is in the partition {partitions[0]} and the role in {partitions[1]}: AssumeRole does "
            f"not work across partitions, whatever its trust policy says. Use credentials of {partitions[1]}.",
            on,
            None,
            Who.CALLER,
        )
        return
    if signs.layer == "identity":
        meant = f" The caller belongs to account {ours} and the role to {theirs}: was that intended?" if ours else ""
        yield FirstLook(
            "The caller's policies do not allow sts:AssumeRole on this role's ARN: the statement is missing, or names "
            f"another account, path, name or letter case.{meant}",
            blames("the text names the caller's own policies", "identity"),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            told_by=("identity",),
        )
        return
    facts = told(signs.denial)
    trusting = facts.get(Told.TRUSTED) or facts.get(Told.ACCOUNT_TRUSTED)
    may = facts.get(Told.MAY_ASSUME)
    exists = "" if signs.takes_itself or _is_shown(signs) else "whether the role exists (STS does not say so), "
    both = f"Both sides must allow it, as the caller belongs to account {ours} and the role to {theirs}. "
    if trusting is not None:
        yield FirstLook(
            "Compare the trust policy's conditions (an external ID, MFA, a source identity, tags) with what the call "
            "sends.",
            contains(trusting.words),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            told_by=("trust",),
        )
    else:
        yield FirstLook(
            f"{both if ours and may is None else ''}First see {exists}whom the role's trust policy names, and what it "
            "requires (an external ID, MFA, tags).",
            contains(may.words) if may is not None else on,
            signs.trust_read,
            Who.RESOURCE_OWNER,
            told_by=("trust",),
        )
    yield FirstLook(
        "See whether the caller's own policies allow sts:AssumeRole on this role's ARN.",
        said,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        told_by=("identity",),
        asserts=(*AN_ALLOW_HELPS, *unless(Told.MAY_ASSUME, *(() if ours else (Told.TRUSTED,)))),
        guess=not ours,
    )
    if trusting is not None and may is not None:
        yield FirstLook(
            "Another policy limits the caller: a permissions boundary, a session policy, or an SCP of its account.",
            contains(may.words),
            signs.lists_policies,
            Who.ACCOUNT_ADMIN,
        )


def _is_shown(signs: Signs) -> bool:
    """Whether the text shows that the role exists: by a session of it, its listing, or its trust policy."""
    name = re.escape(signs.target_role)
    account = signs.target.account if signs.target is not None else ""
    return signs.says(
        rf"sts::{account}:assumed-role/{name}/|RoleName\W{{1,6}}{name}\b|\"Principal\"\s*:"
        r"|\bPrincipal (?:AWS|Service) ?=|\btrust (?:policy )?(?:requires|names|has|allows|lists|says)\b"
    )


def account_not_enabled(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a service is not enabled for the account: causes in the caller's policies would be misleading.

    https://github.com/aws-samples/amazon-bedrock-workshop/issues/20
    """
    if signs.service == "bedrock" and signs.says(_ACCOUNT):
        yield FirstLook(
            "AWS has not enabled Bedrock for this account, as for some new accounts: ask AWS Support. No IAM policy "
            "of the account changes that.",
            speaks_of("the text mentions the account, not the caller", _ACCOUNT),
            None,
            Who.ACCOUNT_ADMIN,
        )


_DENIES_ALL = r"\bDeny \*(?: on \*)?|\"Effect\"\s*:\s*\"Deny\"\s*,\s*\"Action\"\s*:\s*\"\*\""
"""A pattern of a Deny of every action: such a Deny is not said to require MFA, a network, a Region or a tag."""


def policies(signs: Signs) -> Iterator[FirstLook]:
    """Yield the caller's own policies as the cause if nothing else is indicated."""
    if signs.layer not in ("", "identity") or signs.denial.claims_trust or not signs.denial.action:
        return
    if "anonymous" in (signs.denial.principal or "").lower() or names_a_service(signs.denial.principal or ""):
        return
    if signs.denied_explicitly:
        groups = "" if signs.role else " or its group's"
        arn = signs.denial.policy_arn
        narrow = f" Read {arn}, and narrow that statement, or make the call as somebody else." if arn else ""
        requires = "" if signs.says(_DENIES_ALL) else ": read its conditions (MFA, a network, a Region, a tag)"
        yield FirstLook(
            f"A Deny in the caller's own policies{groups} applies to this request{requires}.{narrow}",
            Sentence(
                "the text says explicit deny" + ("" if signs.layer else ", but not in which policy"), (TextDenies(),)
            ),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            told_by=("identity",),
            asserts=(DenyDecides(),),
        )
        if not signs.layer:
            yield FirstLook(
                "The organization denies it (SCP): a Region or a service that it blocks, or an account for courses, "
                "labs or trials, where most is closed on purpose.",
                Sentence("the text says explicit deny, but not in which policy", (TextDenies(),)),
                reading("organizations", "describe-organization"),
                Who.ORG_ADMIN,
                told_by=("scp",),
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
    # An action that the text itself names is missing before it is another's.
    stated = signs.quote(
        rf"\b(?:role|user|policy|identity)\b[^.\n]{{0,30}}\b(?:has|have|contains?|lists?) no {signs.service} "
    )
    if stated and not signs.layer:
        action = signs.denial.missing_action or signs.denial.action
        yield FirstLook(
            f"Allow {action} in a policy of the caller: the text says that it has no statement for {signs.service}.",
            contains(stated),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            told_by=("identity",),
            asserts=(*AN_ALLOW_HELPS, DenyDecides(False)),
        )
        return
    if not signs.layer and stated_in(signs.denial.text):
        return  # `operations.in_prose` says so
    yield FirstLook(
        f"None of the caller's identity-based policies allows {signs.denial.missing_action or signs.denial.action} on "
        "this resource: the statements lack the action, name another resource (ARNs are case-sensitive), or have a "
        "condition that is not met (a tag, a Region, a network)."
        if signs.denial.resource and signs.denial.resource != "*"
        else f"None of the caller's identity-based policies allows "
        f"{signs.denial.missing_action or signs.denial.action}.",
        blames("the text names the caller's own policies", "identity")
        if signs.layer
        else lacks("no kind of policy was recognized in the text", TextPart.REASON),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        told_by=("identity",),
        asserts=(*AN_ALLOW_HELPS, DenyDecides(False)),
        guess=not signs.layer,  # only the policies, where they were read, show it
    )

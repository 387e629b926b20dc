"""Services' own: a role that a service cannot take, and what a service asks of its callers.

Sources: each service's guide on its roles (Lambda "Execution role", ECS "Task execution IAM role", EKS "Cluster IAM
role", IAM Roles Anywhere "Trust model"); OpenSearch "Fine-grained access control".
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.first_look.denials.signs import Signs
from diagnostics.first_look.look import WHO_AM_I, reading
from diagnostics.fix import Who

_PULLING = r"kubelet|failed to pull|pulling image|CannotPullContainer|ErrImagePull"


def role_of_a_service(signs: Signs) -> Iterator[FirstLook]:
    if not signs.denial.claims_trust:
        return
    service = signs.denial.service
    principal = f"{service}.amazonaws.com" if service else "the service"
    said = f"the text says that {service or 'a service'} cannot assume the role"
    if service == "pods.eks":
        yield FirstLook(
            "EKS Pod Identity needs both sts:AssumeRole and sts:TagSession for pods.eks.amazonaws.com in the "
            "trust policy.",
            said,
            signs.trust_read,
            Who.RESOURCE_OWNER,
        )
    elif service == "rolesanywhere":
        yield FirstLook(
            "The trust policy must let rolesanywhere.amazonaws.com do sts:AssumeRole, sts:TagSession and "
            "sts:SetSourceIdentity, and its conditions must fit the certificate's subject.",
            said,
            signs.trust_read or reading("rolesanywhere", "list-profiles"),
            Who.RESOURCE_OWNER,
        )
    elif service in ("ecs", "ecs-tasks"):
        yield FirstLook(
            "A task's roles (task and execution) trust ecs-tasks.amazonaws.com; a trust policy that names "
            "ecs.amazonaws.com or ec2.amazonaws.com lets no task in.",
            said,
            signs.trust_read,
            Who.RESOURCE_OWNER,
        )
    elif service or not signs.target_role.startswith("cdk-"):
        yield FirstLook(
            f"The role's trust policy does not name {principal}"
            + (": another service's role was taken." if service else ", or the caller may not assume the role."),
            said,
            signs.trust_read,
            Who.RESOURCE_OWNER,
        )
    else:
        return
    if said := signs.quote(r"permissions? to pass th(?:is|e) role"):
        yield FirstLook(
            "Whoever starts it may not pass the role: iam:PassRole on the role's ARN.",
            f"“{said}” stands in the text",
            WHO_AM_I,
            Who.ACCOUNT_ADMIN,
        )
    yield FirstLook(
        "The role was made a moment ago: a new trust policy takes some seconds to reach every service. Try again.",
        "tools make the role and hand it over at once",
        reading("iam", "get-role", ("role-name", signs.target_role), query="Role.CreateDate"),
        Who.CALLER,
    )
    yield FirstLook(
        "The trust policy asks for another aws:SourceArn or aws:SourceAccount than the service sends, or the role is "
        "gone and its name remained in the configuration.",
        "the text does not say more",
        signs.trust_read,
        Who.RESOURCE_OWNER,
    )


def of_the_data(signs: Signs) -> Iterator[FirstLook]:
    """Services with a permission system of their own beside IAM."""
    if signs.service in ("es", "opensearch", "aoss") or signs.says(r"no permissions for \[indices|security_exception"):
        yield FirstLook(
            "The domain's own access policy, or its fine-grained access control (a backend role for the caller's ARN), "
            "does not let the caller in; IAM is only the first door."
            if signs.service != "aoss"
            else "OpenSearch Serverless asks for a data access policy that names the caller, besides IAM.",
            f"the action is {signs.denial.action}" if signs.denial.action else "the text is OpenSearch's",
            reading(
                "opensearch",
                "describe-domain",
                ("domain-name", signs.target.id.partition("/")[0] if signs.target else None),
                region=signs.region,
            ),
            Who.RESOURCE_OWNER,
        )
    if signs.service in ("glue", "lakeformation", "athena") and signs.says(r"lake ?formation"):
        yield FirstLook(
            "Lake Formation guards the table or database: it wants a grant of its own, besides IAM's policies.",
            "the text names Lake Formation",
            reading("lakeformation", "list-permissions"),
            Who.RESOURCE_OWNER,
        )
    if signs.service == "redshift" and "getclustercredentials" in signs.action:
        yield FirstLook(
            "redshift:GetClusterCredentials is asked for the user (dbuser:CLUSTER/USER), the database and the group, "
            "not for the cluster alone.",
            f"the action is {signs.denial.action}",
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
    if signs.action == "execute-api:invoke":
        yield FirstLook(
            "The API's resource policy does not let this caller, network or method through, or was changed without a "
            "deployment.",
            "the action is execute-api:Invoke",
            reading("apigateway", "get-rest-apis", query="items[].[id,name,policy]", region=signs.region),
            Who.RESOURCE_OWNER,
        )
    if signs.service == "bedrock" and "invoke" in signs.action:
        yield FirstLook(
            "An inference profile asks for the profile and for the model in every region it can go to.",
            f"the action is {signs.denial.action}",
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )


def private_registry(signs: Signs) -> Iterator[FirstLook]:
    if signs.service == "ecr" and signs.says(_PULLING):
        yield FirstLook(
            "The image is pulled by the node's role, or by the task's execution role, not by the program's own: that "
            "one needs the registry's read policy.",
            f"“{signs.quote(_PULLING)}” stands in the text",
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )


def assume_role(signs: Signs) -> Iterator[FirstLook]:
    """sts:AssumeRole without a reason: both sides, the trust policy first."""
    if signs.action != "sts:assumerole" or signs.denial.claims_trust:
        return
    yield FirstLook(
        "The role's trust policy does not name this caller, names another account, or asks for an external ID, MFA or "
        "tags that the call did not bring.",
        f"the resource is {signs.denial.resource}" if signs.denial.resource else "the action is sts:AssumeRole",
        signs.trust_read,
        Who.RESOURCE_OWNER,
    )
    yield FirstLook(
        "The caller's policies do not allow sts:AssumeRole on this role's ARN.",
        "the action is sts:AssumeRole",
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
    )
    yield FirstLook(
        "No such role: STS refuses a name that does not exist as it refuses one that is closed.",
        f"the resource is {signs.denial.resource}" if signs.denial.resource else "the text names no role",
        reading("iam", "get-role", ("role-name", signs.target_role)),
        Who.CALLER,
    )


def policies(signs: Signs) -> Iterator[FirstLook]:
    """Where nothing else speaks: the caller's own policies."""
    if signs.layer not in ("", "identity") or signs.denial.claims_trust or not signs.denial.action:
        return
    if "anonymous" in (signs.denial.principal or "").lower():
        return
    if signs.denied_explicitly:
        yield FirstLook(
            "A Deny meets this request: most often one that asks for MFA, a network, a region or a tag."
            if signs.layer
            else "A Deny meets this request, in a policy that the text does not name: the caller's, its group's, the "
            "organization's or the resource's.",
            "the text says explicit deny",
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            told_by=("explicit-denies",),
        )
        return
    if not signs.caller:
        yield FirstLook(
            "The program runs under another identity than was meant.",
            "the text does not name the caller",
            WHO_AM_I,
            Who.CALLER,
        )
    yield FirstLook(
        f"None of the caller's policies allows {signs.denial.missing_action or signs.denial.action} on this resource."
        if signs.denial.resource and signs.denial.resource != "*"
        else f"None of the caller's policies allows {signs.denial.missing_action or signs.denial.action}.",
        "the text names the caller's own policies" if signs.layer else "the text states no other reason",
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        told_by=("identity",),
    )

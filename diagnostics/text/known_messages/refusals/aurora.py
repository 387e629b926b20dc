"""Messages of Amazon Aurora about the roles of the cluster, its stored credentials and Lambda functions."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import (
    ServiceSentence,
    UsualCause,
    assumed_by,
    no_permission,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground

_AURORA = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide"
_NO_ROLE = UsualCause(
    "Associate a role with the database (aws rds add-role-to-db-instance, for Aurora add-role-to-db-cluster): with "
    "--feature-name s3Import for imports, s3Export for exports. The role must trust rds.amazonaws.com.",
    None,
    Who.RESOURCE_OWNER,
    shown_by=r"AssociatedRoles\W{1,6}\[\s*\]",
    decides="The text shows that the database has no role at all, but it needs its own role to use S3.",
)
_CLUSTER_ROLES = "aws rds describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,AssociatedRoles]'"


def _without_role(client: str, parameter: str, page: str) -> ServiceSentence:
    """Return the row for Aurora MySQL's message that the cluster has no role for a service."""
    return row(
        f"cannot instantiate {client.lower()} client",
        rf"Missing Credentials: Cannot instantiate {client} Client",
        "the Aurora cluster",
        f"the cluster has no role for {client}",
        f"The Aurora cluster has no role for {client}: associate a role with the cluster, and set the cluster "
        f"parameter {parameter} to the role's ARN. The database user needs no further permission.",
        UsualCause(
            f"Associate a role that trusts rds.amazonaws.com (aws rds add-role-to-db-cluster), set {parameter} in the "
            "cluster's own parameter group, and reboot the instances if the parameter is pending. The subnet must also "
            "be able to reach the service.",
            _CLUSTER_ROLES,
            Who.RESOURCE_OWNER,
        ),
        # Amazon Aurora User Guide, "Working with parameter groups": a default group cannot be changed
        # (https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_WorkingWithParamGroups.html).
        UsualCause(
            f"Set {parameter} to {{associated}} in a DB cluster parameter group of your own, and give the cluster that "
            "group: a default group (default.…) cannot be changed. Reboot the instances if the parameter is pending.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=r"RoleArn[\"']?\s*[:=]\s*[\"']?(?P<associated>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)"
            r"[\s\S]{0,80}?\bACTIVE\b",
            decides=f"The role {{associated}} is associated with the cluster, and most likely no cluster parameter "
            f"names it: set the cluster parameter {parameter} to its ARN. No permission was checked yet.",
        ),
        page=page,
    )


STORED_CREDENTIALS: tuple[ServiceSentence, ...] = (
    # AWS CloudFormation, "AWS::RDS::DBCluster DBClusterRole": a role is associated with a cluster for a named feature
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-rds-dbcluster-dbclusterrole.html).
    row(
        "credentials stored with the database",
        r"credentials stored with the database (?:cluster|instance) can['’]t be accessed",
        "the database",
        "the database has no role that it can use for this feature",
        "The database has no role that it can use for this feature: first associate a role for the feature with the "
        "cluster or instance. The role's permissions in S3 were not checked.",
        _NO_ROLE,
        UsualCause(
            "Check whether the role is associated for the feature that the message's hint names (s3Import for "
            "imports), with the status ACTIVE. If not, associate it (aws rds add-role-to-db-cluster or "
            "add-role-to-db-instance, with --feature-name). If the role is associated, its trust policy must let "
            "rds.amazonaws.com assume the role, and a condition on aws:SourceArn or aws:SourceAccount must name this "
            "database.",
            "aws rds describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,AssociatedRoles]'",
            Who.RESOURCE_OWNER,
        ),
        page="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-rds-dbcluster-dbclusterrole.html",
        asks=assumed_by("rds.amazonaws.com"),
        ground=Ground.LIKENESS,
    ),
)

AURORA_ROLES: tuple[ServiceSentence, ...] = (
    row(
        "are not specified, please see documentation",
        r"(?:Both |Neither )?(?P<role>aurora_\w+_role) and aws_default_s3_role are not specified",
        "the Aurora cluster",
        "the cluster has no role for S3",
        "The Aurora cluster has no role for S3: attach a role to the cluster, and name the role in the cluster's "
        "parameter group. The database user lacks no permission.",
        UsualCause(
            "Attach a role that trusts rds.amazonaws.com (aws rds add-role-to-db-cluster), and set {role} or "
            "aws_default_s3_role in the cluster's parameter group to its ARN.",
            "aws rds describe-db-clusters --query 'DBClusters[].[DBClusterIdentifier,AssociatedRoles]'",
        ),
        page="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Integrating.Authorizing.IAM.AddRoleToDBCluster.html",
    ),
)

AURORA_MYSQL_FUNCTIONS: tuple[ServiceSentence, ...] = (
    _without_role("S3", "aws_default_s3_role", f"{_AURORA}/AuroraMySQL.Integrating.LoadFromS3.html"),
    _without_role("Lambda", "aws_default_lambda_role", f"{_AURORA}/AuroraMySQL.Integrating.Lambda.html"),
    no_permission(
        ("load from s3 privilege", "select into s3 privilege", "invoke lambda privilege"),
        r"need \(at least one of\) the (?P<privilege>LOAD FROM S3|SELECT INTO S3|INVOKE LAMBDA) privilege",
        "The database user lacks the database privilege {privilege}: grant it in MySQL. IAM roles do not decide this.",
        "Version 3 of Aurora MySQL: GRANT AWS_LOAD_S3_ACCESS (AWS_SELECT_S3_ACCESS, AWS_LAMBDA_ACCESS) TO user, and "
        "let the session activate it (SET ROLE, or activate_all_roles_on_login). Version 2: GRANT {privilege} ON *.* "
        "TO user.",
        f"{_AURORA}/AuroraMySQL.Integrating.LoadFromS3.html",
    ),
    no_permission(
        "aws lambda client returned",
        r"Lambda client returned ['\"]Unable to connect to endpoint",
        "The database cannot reach Lambda's endpoint: its network blocks the connection, not IAM. Give its subnet "
        "access to port 443 of Lambda.",
        "Allow outbound traffic to port 443 in the database's security group, and give the VPC a NAT gateway or an "
        "interface endpoint for Lambda (com.amazonaws.REGION.lambda).",
        f"{_AURORA}/PostgreSQL-Lambda-errors.html",
    ),
)

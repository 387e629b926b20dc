"""Which resources can have a resource policy, and which resource's policy applies, judged by ARNs."""

from __future__ import annotations

from iam.arn import Arn

# Services whose policies rolescope reads.
READABLE = frozenset(
    {
        "backup", "dynamodb", "ecr", "elasticfilesystem", "es", "events", "iam", "kinesis", "kms", "lambda", "s3",
        "secretsmanager", "sns", "sqs",
    }
)  # fmt: skip
# Services whose resources never have a policy of their own: IAM User Guide, "AWS services that work with IAM", column
# "Resource-based policies" (reference_aws-services-that-work-with-iam.html). The policies of a service in neither table
# are not read. A test compares this table with AWS's operations.
_WITHOUT = frozenset(
    {
        "account", "account-access", "acm", "aco-automation", "agent-registry", "aidevops", "airflow",
        "airflow-serverless", "amplify", "amplifybackend", "amplifyuibuilder", "app-integrations", "appconfig",
        "appfabric", "appflow", "application-autoscaling", "application-signals", "applicationinsights",
        "appmesh", "apprunner", "arc-region-switch", "arc-zonal-shift", "artifact", "athena", "auditmanager",
        "autoscaling", "autoscaling-plans", "aws-portal", "b2bi", "backup-gateway", "backup-search", "batch",
        "bcm-data-exports", "bcm-pricing-calculator", "bcm-recommended-actions", "billingconductor", "braket",
        "budgets", "cases", "cassandra", "ce", "chatbot", "chime", "cleanrooms", "cloud9", "cloudformation",
        "cloudfront-keyvaluestore", "cloudsearch", "cloudshell", "cloudtrail-data", "cloudwatch",
        "codecatalyst", "codecommit", "codeconnections", "codedeploy", "codeguru-reviewer", "codeguru-security",
        "codepipeline", "codestar-connections", "codestar-notifications", "cognito-identity", "cognito-idp",
        "cognito-sync", "comprehendmedical", "compute-optimizer", "config", "connect", "connect-campaigns",
        "controlcatalog", "controltower", "cost-optimization-hub", "cur", "databrew", "dataexchange",
        "datapipeline", "datasync", "datazone", "dax", "deadline", "detective", "devicefarm", "devops-guru",
        "directconnect", "discovery", "dlm", "dms", "docdb-elastic", "drs", "ds", "ds-data", "ebs", "ec2",
        "ec2-instance-connect", "ec2messages", "ecs", "eks", "eks-auth", "elasticache", "elasticbeanstalk",
        "elasticloadbalancing", "elasticmapreduce", "emr-containers", "emr-serverless", "end-user-messaging",
        "evs", "fis", "forecast", "frauddetector", "freetier", "fsx", "gamelift", "gameliftstreams", "geo-maps",
        "geo-places", "geo-routes", "globalaccelerator", "greengrass", "groundstation", "guardduty", "health",
        "health-agent", "healthlake", "identitystore", "importexport", "inspector", "inspector-scan",
        "inspector2", "interconnect", "internetmonitor", "invoicing", "iotdeviceadvisor", "iotfleetwise",
        "iotjobsdata", "iotmanagedintegrations", "iottwinmaker", "iotwireless", "iq", "ivs", "ivschat",
        "kafkaconnect", "kendra", "kendra-ranking", "kinesisanalytics", "launchwizard", "license-manager",
        "license-manager-linux-subscriptions", "license-manager-user-subscriptions", "lightsail", "m2",
        "machinelearning", "macie2", "managedblockchain", "managedblockchain-query",
        "marketplacecommerceanalytics", "mediaconnect", "medialive", "mediapackage", "mediapackage-vod",
        "medical-imaging", "memorydb", "mgh", "mgn", "migrationhub-orchestrator", "migrationhub-strategy",
        "mobileanalytics", "mobiletargeting", "mq", "neptune-db", "neptune-graph", "networkflowmonitor",
        "networkmonitor", "notifications", "notifications-contacts", "nova-act", "observabilityadmin", "odb",
        "opsworks", "opsworks-cm", "outposts", "partnercentral", "payments", "pca-connector-ad",
        "pca-connector-scep", "pcs", "personalize", "pi", "pipes", "polly", "pricing", "pricingplanmanager",
        "profile", "proton", "purchase-orders", "qldb", "rbin", "rds", "rds-data", "rds-db", "redshift-data",
        "repostspace", "resource-explorer-2", "resource-groups", "rolesanywhere", "route53",
        "route53-recovery-cluster", "route53-recovery-readiness", "route53domains", "route53globalresolver",
        "route53profiles", "rtbfabric", "sagemaker-geospatial", "savingsplans", "scheduler", "scn", "sdb",
        "security-ir", "securityagent", "securityhub", "securitylake", "servicecatalog", "servicediscovery",
        "servicequotas", "shield", "sms", "snow-device-management", "snowball", "ssm-guiconnect",
        "ssm-quicksetup", "ssmmessages", "sso", "sso-oauth", "states", "storagegateway", "sts", "support",
        "supportapp", "supportauthz", "supportplans", "sustainability", "swf", "synthetics", "tag", "tax",
        "textract", "thinclient", "timestream", "timestream-influxdb", "tiros", "transcribe", "transfer",
        "translate", "trustedadvisor", "ts", "uxc", "verified-access", "voiceid", "wickr", "wisdom",
        "workmailmessageflow", "workspaces-instances", "workspaces-web",
    }
)  # fmt: skip

NO_SUCH_BUCKET = "There is no bucket of this name in any account."
"""Why a bucket's policy was not read if S3 returns NoSuchBucket.

   Bucket names are unique in a partition (S3 User Guide, "General purpose bucket naming rules"). So no account has the
bucket now, but any account may have had the bucket before.
"""


def has_no_policy(parts: Arn) -> bool:
    """Whether resources of this kind never have a policy of their own."""
    if parts.service == "iam":
        return not parts.resource.startswith("role/")
    if parts.service == "bedrock" and parts.resource.startswith("foundation-model/"):
        return True  # an ARN without an account belongs to AWS (Service Authorization Reference, "Amazon Bedrock")
    return parts.service in _WITHOUT


def policy_holder(arn: str) -> str:
    """Return the ARN of the resource whose policy applies to ``arn``, such as the bucket of an object."""
    parts = Arn.parse(arn)
    if parts is None:
        return arn
    words = parts.resource.split("/")
    if parts.service == "s3":
        return str(parts.beside("/".join(words[: 2 if words[0] == "accesspoint" else 1])))
    if parts.service in ("dynamodb", "es", "kinesis"):
        # A table's stream and a stream's consumer have their own policies.
        return str(parts.beside("/".join(words[: 4 if words[2:3] in (["stream"], ["consumer"]) else 2])))
    if parts.service == "sns":
        return str(parts.beside(parts.resource.partition(":")[0]))
    return arn

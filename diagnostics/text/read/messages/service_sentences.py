"""Sentences in which a service reports a denial in prose, outside IAM's grammar.

Each row states who was denied, which actions on what, and the usual causes. ``page`` is where AWS, or the program's
maintainer, documents the permissions or the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from diagnostics.text.known_messages.refusals.amazon_mq import AMAZON_MQ
from diagnostics.text.known_messages.refusals.any_service import GENERAL, ROLES_THAT_LACK_ACTIONS
from diagnostics.text.known_messages.refusals.api_gateway import API_LOG_ROLE, API_ROLE_AND_FUNCTIONS
from diagnostics.text.known_messages.refusals.app_runner import APP_RUNNER
from diagnostics.text.known_messages.refusals.appconfig import APPCONFIG
from diagnostics.text.known_messages.refusals.appflow import APPFLOW
from diagnostics.text.known_messages.refusals.application_auto_scaling import APPLICATION_AUTO_SCALING
from diagnostics.text.known_messages.refusals.application_migration_service import MIGRATION_SERVICES
from diagnostics.text.known_messages.refusals.athena import ATHENA_DATA_AND_RESULTS, ATHENA_TABLES_AND_LOCATIONS
from diagnostics.text.known_messages.refusals.aurora import AURORA_MYSQL_FUNCTIONS, AURORA_ROLES, STORED_CREDENTIALS
from diagnostics.text.known_messages.refusals.aurora_dsql import DSQL
from diagnostics.text.known_messages.refusals.aws_backup import (
    BACKUP_JOBS,
    BACKUP_PRIVILEGES,
    BACKUP_RESOURCES,
    BACKUP_SNAPSHOTS,
    BACKUP_VAULTS_AND_RESTORES,
    VAULT_AND_SNAPSHOT_KEYS,
)
from diagnostics.text.known_messages.refusals.aws_batch import BATCH_COMPUTE_ENVIRONMENTS, BATCH_SERVICE_ROLE
from diagnostics.text.known_messages.refusals.aws_config import CONFIG, CONFIG_BUCKET, CONFIG_FUNCTIONS
from diagnostics.text.known_messages.refusals.aws_lambda import (
    LAMBDA_CODE_AND_POLICIES,
    LAMBDA_CODE_IN_S3,
    LAMBDA_EXECUTION_ROLES,
    LAMBDA_IMAGES_AND_URLS,
    LAMBDA_NETWORK_AND_FILE_SYSTEMS,
)
from diagnostics.text.known_messages.refusals.aws_login import AWS_LOGIN
from diagnostics.text.known_messages.refusals.bedrock import (
    BEDROCK_ACTION_GROUPS,
    BEDROCK_AGENTS_AND_PROFILES,
    BEDROCK_EMBEDDINGS,
    BEDROCK_KEYS_AND_ROLES,
    BEDROCK_MODEL_ACCESS,
)
from diagnostics.text.known_messages.refusals.bedrock_agentcore import BEDROCK_AGENTCORE
from diagnostics.text.known_messages.refusals.billing import BILLING
from diagnostics.text.known_messages.refusals.blocked_accounts import BLOCKED_ACCOUNTS
from diagnostics.text.known_messages.refusals.cdk import CDK_BOOTSTRAP
from diagnostics.text.known_messages.refusals.certificate_manager import CERTIFICATES
from diagnostics.text.known_messages.refusals.cloudformation import (
    CLOUDFORMATION_ROLES,
    CLOUDFORMATION_TAGS_AND_STACK_SETS,
    CLOUDFORMATION_TEMPLATES_AND_RESOURCES,
)
from diagnostics.text.known_messages.refusals.cloudfront import CLOUDFRONT_KEY_VALUE_STORE, EDGE_ROLES, LAMBDA_AT_EDGE
from diagnostics.text.known_messages.refusals.cloudtrail import (
    TRAIL_CODES,
    TRAIL_KEYS_AND_BUCKETS,
    TRAIL_LOG_ROLE,
    TRAIL_TOPICS,
)
from diagnostics.text.known_messages.refusals.cloudwatch_agent import CLOUDWATCH_AGENT
from diagnostics.text.known_messages.refusals.cloudwatch_logs import (
    LOG_EXPORTS,
    LOG_FUNCTIONS,
    LOG_GROUP_KEYS_AND_FILTERS,
)
from diagnostics.text.known_messages.refusals.cloudwatch_rum import CLOUDWATCH_RUM
from diagnostics.text.known_messages.refusals.cloudwatch_synthetics import CANARIES
from diagnostics.text.known_messages.refusals.codeartifact import CODEARTIFACT
from diagnostics.text.known_messages.refusals.codebuild import (
    CODEBUILD_CONSOLE_IMAGES_AND_BUCKETS,
    CODEBUILD_PARAMETERS_AND_TOKENS,
    CODEBUILD_ROLE,
    CODEBUILD_VPC,
)
from diagnostics.text.known_messages.refusals.codecommit import CODECOMMIT_KEYS
from diagnostics.text.known_messages.refusals.codeconnections import CODECONNECTIONS
from diagnostics.text.known_messages.refusals.codedeploy import (
    CODEDEPLOY_AGENT,
    CODEDEPLOY_DEPLOYMENTS,
    CODEDEPLOY_ROLE_CODES,
    CODEDEPLOY_SERVICE_ROLE,
)
from diagnostics.text.known_messages.refusals.codepipeline import (
    CODEPIPELINE_APPROVALS,
    CODEPIPELINE_ROLES_AND_ARTIFACTS,
    CODEPIPELINE_SOURCES,
)
from diagnostics.text.known_messages.refusals.cognito import COGNITO_MAIL_AND_POOLS, SMS_ROLES, TRIGGERS
from diagnostics.text.known_messages.refusals.comprehend import COMPREHEND_DATA, COMPREHEND_KEYS
from diagnostics.text.known_messages.refusals.console_switch_role import SWITCH_ROLE
from diagnostics.text.known_messages.refusals.control_tower import CONTROL_TOWER
from diagnostics.text.known_messages.refusals.cost_explorer import COST_EXPLORER
from diagnostics.text.known_messages.refusals.databricks import DATABRICKS
from diagnostics.text.known_messages.refusals.datadog import DATADOG
from diagnostics.text.known_messages.refusals.datasync import DATASYNC_LOCATIONS, DATASYNC_MOUNTS
from diagnostics.text.known_messages.refusals.datazone import DATAZONE
from diagnostics.text.known_messages.refusals.dax import DAX
from diagnostics.text.known_messages.refusals.directory_service import DIRECTORY_SERVICE
from diagnostics.text.known_messages.refusals.dms import (
    DMS_ENDPOINTS,
    DMS_KEYS,
    DMS_ROLES,
    DMS_S3,
    DMS_S3_CODES,
    DMS_TARGETS,
)
from diagnostics.text.known_messages.refusals.dynamodb import (
    DYNAMODB_BACKUPS,
    DYNAMODB_EXPORTS,
    DYNAMODB_INACCESSIBLE,
    DYNAMODB_KEYS_AND_IMPORTS,
)
from diagnostics.text.known_messages.refusals.ebs import EBS_KEYS, EBS_SNAPSHOTS
from diagnostics.text.known_messages.refusals.ebs_csi_driver import EBS_VOLUMES
from diagnostics.text.known_messages.refusals.ec2 import EC2_IMAGES, SPOT_AND_LAUNCH_TEMPLATES
from diagnostics.text.known_messages.refusals.ec2_auto_scaling import (
    AUTO_SCALING_LAUNCH_TEMPLATES,
    AUTO_SCALING_ROLE,
    LIFECYCLE_HOOKS,
)
from diagnostics.text.known_messages.refusals.ec2_image_builder import (
    IMAGE_BUILDER_DOWNLOADS,
    IMAGE_BUILDER_INSTANCES_AND_DISTRIBUTION,
)
from diagnostics.text.known_messages.refusals.ec2_instance_connect import EC2_INSTANCE_CONNECT
from diagnostics.text.known_messages.refusals.ecr import ECR_CACHE_AND_KEYS, ECR_SECRETS
from diagnostics.text.known_messages.refusals.ecs import ECS_TARGET_GROUPS
from diagnostics.text.known_messages.refusals.efs import EFS_MOUNT_HELPER_AND_BUILDS, EFS_MOUNTS
from diagnostics.text.known_messages.refusals.efs_csi_driver import EFS_VOLUMES
from diagnostics.text.known_messages.refusals.eks import EKS_ROLES, EKS_TRUST_AND_FARGATE
from diagnostics.text.known_messages.refusals.eks_health import EKS_HEALTH
from diagnostics.text.known_messages.refusals.eks_pod_identity import POD_IDENTITY, POD_IDENTITY_TOKENS
from diagnostics.text.known_messages.refusals.elastic_beanstalk import ELASTIC_BEANSTALK, ELASTIC_BEANSTALK_SOURCES
from diagnostics.text.known_messages.refusals.elasticache import CACHE_SNAPSHOTS, ELASTICACHE_EXPORTS
from diagnostics.text.known_messages.refusals.emr import (
    EMR_EC2_PERMISSIONS,
    EMR_INSTANCE_PROFILES,
    EMR_SERVERLESS,
    EMR_SERVICE_ROLE,
)
from diagnostics.text.known_messages.refusals.end_user_messaging import SMS
from diagnostics.text.known_messages.refusals.eventbridge import EVENTBRIDGE_TARGETS
from diagnostics.text.known_messages.refusals.eventbridge_pipes import EVENTBRIDGE_PIPES
from diagnostics.text.known_messages.refusals.firehose import (
    FIREHOSE_DESTINATIONS,
    FIREHOSE_ENCRYPTION,
    FIREHOSE_FUNCTIONS,
    FIREHOSE_ROLES_AND_KEYS,
)
from diagnostics.text.known_messages.refusals.fluentd import FLUENTD
from diagnostics.text.known_messages.refusals.flux import FLUX
from diagnostics.text.known_messages.refusals.fsx import FSX
from diagnostics.text.known_messages.refusals.gitlab_runner import GITLAB_RUNNER
from diagnostics.text.known_messages.refusals.glue import (
    GLUE_CRAWLERS_AND_JOBS,
    GLUE_NETWORK,
    GLUE_RESOURCE_POLICY,
    GLUE_SESSIONS,
)
from diagnostics.text.known_messages.refusals.greengrass import GREENGRASS
from diagnostics.text.known_messages.refusals.guardduty import FINDINGS
from diagnostics.text.known_messages.refusals.iam_identity_center import IDENTITY_CENTER
from diagnostics.text.known_messages.refusals.iot_core import IOT_CORE
from diagnostics.text.known_messages.refusals.iot_secure_tunneling import SECURE_TUNNELING
from diagnostics.text.known_messages.refusals.karpenter import KARPENTER_NODES
from diagnostics.text.known_messages.refusals.kendra import KENDRA
from diagnostics.text.known_messages.refusals.keyspaces import KEYSPACES_PASSWORDS, KEYSPACES_USERS
from diagnostics.text.known_messages.refusals.kms import KMS_GRANTS, KMS_KEYS_AND_CIPHERTEXTS
from diagnostics.text.known_messages.refusals.lake_formation import (
    LAKE_ADMINISTRATORS,
    LAKE_DEFAULT_DATABASE,
    LAKE_GRANTS_AND_SHARES,
    LAKE_KEYS_AND_GLUE_PERMISSIONS,
    LAKE_REQUESTERS,
)
from diagnostics.text.known_messages.refusals.lambda_event_sources import (
    LAMBDA_KAFKA_SOURCES,
    LAMBDA_SOURCE_ROLES,
    LAMBDA_STREAMS,
)
from diagnostics.text.known_messages.refusals.lex import LEX
from diagnostics.text.known_messages.refusals.license_manager import LICENSE_MANAGER
from diagnostics.text.known_messages.refusals.load_balancers import LOAD_BALANCER_LOGS
from diagnostics.text.known_messages.refusals.log_deliveries import DELIVERED_LOGS, DELIVERY_DESTINATIONS
from diagnostics.text.known_messages.refusals.logstash import LOGSTASH
from diagnostics.text.known_messages.refusals.managed_service_for_apache_flink import FLINK
from diagnostics.text.known_messages.refusals.mediaconvert import MEDIACONVERT
from diagnostics.text.known_messages.refusals.migration_hub import MIGRATION_HUB
from diagnostics.text.known_messages.refusals.mimir import MIMIR
from diagnostics.text.known_messages.refusals.msk import MSK_CLIENTS, MSK_IDENTITIES, MSK_SECRETS_LOGS_AND_CONNECT
from diagnostics.text.known_messages.refusals.mwaa import MWAA
from diagnostics.text.known_messages.refusals.neptune import NEPTUNE_LOADS, NEPTUNE_ROLES
from diagnostics.text.known_messages.refusals.network_firewall import NETWORK_FIREWALL
from diagnostics.text.known_messages.refusals.notification_rules import NOTIFICATION_RULES
from diagnostics.text.known_messages.refusals.opensearch import OPENSEARCH_LOGS, SEARCH
from diagnostics.text.known_messages.refusals.organizations import ORGANIZATIONS_DEPENDENCIES, TRUSTED_ACCESS
from diagnostics.text.known_messages.refusals.personalize import PERSONALIZE
from diagnostics.text.known_messages.refusals.private_ca import PRIVATE_CA
from diagnostics.text.known_messages.refusals.q_business import Q_BUSINESS_SUBSCRIPTIONS, Q_BUSINESS_USERS
from diagnostics.text.known_messages.refusals.quicksight import (
    QUICKSIGHT_ACCESS,
    QUICKSIGHT_EDITIONS,
    QUICKSIGHT_REGIONS,
)
from diagnostics.text.known_messages.refusals.rclone import RCLONE
from diagnostics.text.known_messages.refusals.rds import (
    MONITORING_ROLES,
    RDS_ENCRYPTION,
    RDS_IMPORTS,
    RDS_KEYS_AND_TOPICS,
)
from diagnostics.text.known_messages.refusals.rds_data_api import RDS_DATA_API
from diagnostics.text.known_messages.refusals.rds_exports_to_s3 import EXPORT_ROLE_TRUST, EXPORT_TASKS
from diagnostics.text.known_messages.refusals.rds_oracle import ORACLE_S3
from diagnostics.text.known_messages.refusals.rds_postgresql import POSTGRESQL_S3
from diagnostics.text.known_messages.refusals.rds_proxy import RDS_PROXY
from diagnostics.text.known_messages.refusals.rds_sql_server import SQL_SERVER_BACKUPS, SQL_SERVER_DIRECTORY
from diagnostics.text.known_messages.refusals.redshift import AUDIT_LOGS, COPY_AND_UNLOAD, REDSHIFT_ROLES_AND_USERS
from diagnostics.text.known_messages.refusals.rekognition import REKOGNITION
from diagnostics.text.known_messages.refusals.resource_access_manager import RAM_PERMISSIONS, SHARES
from diagnostics.text.known_messages.refusals.route_53 import DNSSEC, QUERY_LOGS, ZONE_ASSOCIATIONS
from diagnostics.text.known_messages.refusals.s3 import S3_SETTINGS
from diagnostics.text.known_messages.refusals.s3_access_grants import S3_ACCESS_GRANTS
from diagnostics.text.known_messages.refusals.s3_batch_operations import BATCH_OPERATIONS, BATCH_REPORTS
from diagnostics.text.known_messages.refusals.s3_event_notifications import S3_EVENT_NOTIFICATIONS
from diagnostics.text.known_messages.refusals.s3_files import S3_FILES
from diagnostics.text.known_messages.refusals.s3_replication import S3_REPLICATION
from diagnostics.text.known_messages.refusals.s3fs import S3FS
from diagnostics.text.known_messages.refusals.sagemaker import SAGEMAKER_ENDPOINTS, SAGEMAKER_JOBS, SAGEMAKER_MODEL_DATA
from diagnostics.text.known_messages.refusals.secrets_manager import ROTATION_FUNCTIONS, SECRET_REPLICATION
from diagnostics.text.known_messages.refusals.secrets_store_csi_driver import UNREAD_SECRETS
from diagnostics.text.known_messages.refusals.serverless_framework import SERVERLESS_BUCKETS, SERVERLESS_STATE
from diagnostics.text.known_messages.refusals.service_catalog import SERVICE_CATALOG
from diagnostics.text.known_messages.refusals.service_linked_roles import (
    SERVICE_LINKED_ROLE_CREATION,
    SERVICE_LINKED_ROLE_NAMES,
    SERVICE_LINKED_ROLES_NOT_READY,
)
from diagnostics.text.known_messages.refusals.service_quotas import SERVICE_QUOTAS
from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause
from diagnostics.text.known_messages.refusals.services_not_enabled import CLOSED_AND_UNREGISTERED, SERVICES_NOT_ENABLED
from diagnostics.text.known_messages.refusals.ses import RECEIPT_RULES
from diagnostics.text.known_messages.refusals.snow_family import SNOW_IMAGES, SNOW_KEYS
from diagnostics.text.known_messages.refusals.snowflake import SNOWFLAKE
from diagnostics.text.known_messages.refusals.sns import SNS_ENCRYPTION
from diagnostics.text.known_messages.refusals.sqs import SQS
from diagnostics.text.known_messages.refusals.step_functions import STATE_MACHINE_LOGS_AND_RULES, STEP_FUNCTIONS
from diagnostics.text.known_messages.refusals.storage_gateway import STORAGE_GATEWAY
from diagnostics.text.known_messages.refusals.systems_manager import HOST_MANAGEMENT, MANAGED_NODES
from diagnostics.text.known_messages.refusals.textract import TEXTRACT
from diagnostics.text.known_messages.refusals.transfer_family import (
    TRANSFER_CONNECTORS,
    TRANSFER_OPERATIONS_AND_ROLES,
    TRANSFER_PROVIDERS_AND_WORKFLOWS,
    TRANSFER_USERS,
)
from diagnostics.text.known_messages.refusals.vm_import import VM_IMPORT
from diagnostics.text.known_messages.refusals.vpc_flow_logs import FLOW_LOG_DESTINATIONS, FLOW_LOGS
from diagnostics.text.known_messages.refusals.waf import WAF_LOGS, WAF_SERVICE_LINKED_ROLE
from diagnostics.text.known_messages.refusals.workspaces import WORKSPACES
from iam.lazy_pattern import regex
from iam.service_reference import services

ROWS = (
    *(
        *GLUE_SESSIONS,
        *EMR_SERVERLESS,
        *QUICKSIGHT_ACCESS,
        *DMS_ENDPOINTS,
        *MWAA,
        *APPFLOW,
        *MIGRATION_HUB,
        *MIGRATION_SERVICES,
        *QUICKSIGHT_EDITIONS,
        *EMR_INSTANCE_PROFILES,
        *QUICKSIGHT_REGIONS,
        *LAKE_GRANTS_AND_SHARES,
        *DATAZONE,
        *LAKE_REQUESTERS,
        *FIREHOSE_ROLES_AND_KEYS,
        *MSK_CLIENTS,
        *FIREHOSE_FUNCTIONS,
        *MSK_IDENTITIES,
        *FLINK,
        *FIREHOSE_DESTINATIONS,
        *MSK_SECRETS_LOGS_AND_CONNECT,
        *FIREHOSE_ENCRYPTION,
        *ATHENA_TABLES_AND_LOCATIONS,
        *GLUE_CRAWLERS_AND_JOBS,
        *LAKE_KEYS_AND_GLUE_PERMISSIONS,
        *GLUE_RESOURCE_POLICY,
        *EMR_SERVICE_ROLE,
        *REDSHIFT_ROLES_AND_USERS,
        *LAKE_DEFAULT_DATABASE,
        *GLUE_NETWORK,
        *LAKE_ADMINISTRATORS,
        *ATHENA_DATA_AND_RESULTS,
        *STORED_CREDENTIALS,
        *DMS_S3,
        *AURORA_ROLES,
        *BACKUP_RESOURCES,
        *POSTGRESQL_S3,
        *DMS_ROLES,
        *COPY_AND_UNLOAD,
        *MONITORING_ROLES,
        *BACKUP_JOBS,
        *KEYSPACES_USERS,
        *RDS_PROXY,
        *RDS_DATA_API,
        *EXPORT_ROLE_TRUST,
        *AURORA_MYSQL_FUNCTIONS,
        *SQL_SERVER_BACKUPS,
        *DMS_TARGETS,
        *ORACLE_S3,
        *SQL_SERVER_DIRECTORY,
        *KMS_GRANTS,
        *RDS_IMPORTS,
        *DMS_KEYS,
        *DSQL,
        *CLOUDFRONT_KEY_VALUE_STORE,
        *DYNAMODB_KEYS_AND_IMPORTS,
        *NEPTUNE_ROLES,
        *KEYSPACES_PASSWORDS,
        *ELASTICACHE_EXPORTS,
        *NEPTUNE_LOADS,
        *DYNAMODB_EXPORTS,
        *DAX,
        *DYNAMODB_BACKUPS,
        *S3_REPLICATION,
        *BATCH_REPORTS,
        *S3_ACCESS_GRANTS,
        *S3_SETTINGS,
    ),
    *(
        *EBS_SNAPSHOTS,
        *EFS_MOUNT_HELPER_AND_BUILDS,
        *FSX,
        *S3_FILES,
        *EFS_MOUNTS,
        *EBS_KEYS,
        *DATASYNC_LOCATIONS,
        *TRANSFER_CONNECTORS,
        *STORAGE_GATEWAY,
        *TRANSFER_USERS,
        *BACKUP_VAULTS_AND_RESTORES,
        *DATASYNC_MOUNTS,
        *SNOW_KEYS,
        *BACKUP_PRIVILEGES,
        *TRANSFER_PROVIDERS_AND_WORKFLOWS,
        *SNOW_IMAGES,
        *BACKUP_SNAPSHOTS,
        *TRANSFER_OPERATIONS_AND_ROLES,
        *SEARCH,
        *COMPREHEND_DATA,
        *BEDROCK_AGENTS_AND_PROFILES,
        *SAGEMAKER_ENDPOINTS,
        *BEDROCK_MODEL_ACCESS,
        *SAGEMAKER_MODEL_DATA,
        *BEDROCK_EMBEDDINGS,
        *Q_BUSINESS_USERS,
        *BEDROCK_KEYS_AND_ROLES,
        *SAGEMAKER_JOBS,
        *BEDROCK_AGENTCORE,
        *BEDROCK_ACTION_GROUPS,
        *REKOGNITION,
        *EVENTBRIDGE_PIPES,
        *EVENTBRIDGE_TARGETS,
        *SNS_ENCRYPTION,
        *S3_EVENT_NOTIFICATIONS,
        *SQS,
        *LAMBDA_KAFKA_SOURCES,
        *LAMBDA_CODE_AND_POLICIES,
        *STEP_FUNCTIONS,
        *APPLICATION_AUTO_SCALING,
        *LAMBDA_CODE_IN_S3,
        *WAF_LOGS,
        *API_LOG_ROLE,
        *STATE_MACHINE_LOGS_AND_RULES,
        *LOG_GROUP_KEYS_AND_FILTERS,
        *TRAIL_LOG_ROLE,
        *LOAD_BALANCER_LOGS,
        *DELIVERED_LOGS,
        *TRAIL_KEYS_AND_BUCKETS,
        *CONFIG_BUCKET,
        *API_ROLE_AND_FUNCTIONS,
        *LOG_FUNCTIONS,
        *ROTATION_FUNCTIONS,
        *SMS_ROLES,
        *DELIVERY_DESTINATIONS,
        *HOST_MANAGEMENT,
        *LAMBDA_SOURCE_ROLES,
        *LAMBDA_EXECUTION_ROLES,
        *LAMBDA_STREAMS,
        *LAMBDA_IMAGES_AND_URLS,
        *BATCH_SERVICE_ROLE,
        *EFS_VOLUMES,
        *EBS_VOLUMES,
        *EDGE_ROLES,
        *SPOT_AND_LAUNCH_TEMPLATES,
        *CODEDEPLOY_SERVICE_ROLE,
        *APP_RUNNER,
        *POD_IDENTITY,
        *KARPENTER_NODES,
        *EKS_HEALTH,
        *POD_IDENTITY_TOKENS,
        *ECS_TARGET_GROUPS,
        *EKS_TRUST_AND_FARGATE,
        *BATCH_COMPUTE_ENVIRONMENTS,
        *FLUX,
        *ECR_CACHE_AND_KEYS,
    ),
    *(
        *ELASTIC_BEANSTALK,
        *EC2_IMAGES,
        *IMAGE_BUILDER_INSTANCES_AND_DISTRIBUTION,
        *SERVICE_CATALOG,
        *EC2_INSTANCE_CONNECT,
        *AUTO_SCALING_LAUNCH_TEMPLATES,
        *IMAGE_BUILDER_DOWNLOADS,
        *ELASTIC_BEANSTALK_SOURCES,
        *VM_IMPORT,
        *MANAGED_NODES,
        *CODEBUILD_ROLE,
        *CODEPIPELINE_ROLES_AND_ARTIFACTS,
        *CODEDEPLOY_DEPLOYMENTS,
        *CODECOMMIT_KEYS,
        *CODEDEPLOY_ROLE_CODES,
        *CODEPIPELINE_APPROVALS,
        *BLOCKED_ACCOUNTS,
        *CODEBUILD_PARAMETERS_AND_TOKENS,
        *NOTIFICATION_RULES,
        *CODEARTIFACT,
        *CODEDEPLOY_AGENT,
        *CODECONNECTIONS,
        *CODEBUILD_CONSOLE_IMAGES_AND_BUCKETS,
        *CODEPIPELINE_SOURCES,
        *CLOUDFORMATION_TEMPLATES_AND_RESOURCES,
        *SERVERLESS_BUCKETS,
        *CLOUDFORMATION_ROLES,
        *CDK_BOOTSTRAP,
        *CLOUDFORMATION_TAGS_AND_STACK_SETS,
        *SERVERLESS_STATE,
        *EXPORT_TASKS,
        *BATCH_OPERATIONS,
        *RECEIPT_RULES,
        *FINDINGS,
        *FLOW_LOGS,
        *CACHE_SNAPSHOTS,
        *OPENSEARCH_LOGS,
        *QUERY_LOGS,
        *LIFECYCLE_HOOKS,
        *PERSONALIZE,
        *AUDIT_LOGS,
        *TRAIL_TOPICS,
        *TRIGGERS,
    ),
    *(
        *CODEBUILD_VPC,
        *EMR_EC2_PERMISSIONS,
        *AUTO_SCALING_ROLE,
        *EKS_ROLES,
        *RDS_ENCRYPTION,
        *ORGANIZATIONS_DEPENDENCIES,
        *TRAIL_CODES,
        *RDS_KEYS_AND_TOPICS,
        *DMS_S3_CODES,
        *LAMBDA_NETWORK_AND_FILE_SYSTEMS,
        *WAF_SERVICE_LINKED_ROLE,
        *SERVICE_LINKED_ROLES_NOT_READY,
        *WORKSPACES,
        *ECR_SECRETS,
        *RAM_PERMISSIONS,
        *KMS_KEYS_AND_CIPHERTEXTS,
        *TEXTRACT,
        *CONFIG_FUNCTIONS,
        *ROLES_THAT_LACK_ACTIONS,
        *SERVICE_LINKED_ROLE_CREATION,
        *UNREAD_SECRETS,
        *AWS_LOGIN,
        *ZONE_ASSOCIATIONS,
        *TRUSTED_ACCESS,
        *MEDIACONVERT,
        *SERVICE_LINKED_ROLE_NAMES,
        *VAULT_AND_SNAPSHOT_KEYS,
        *PRIVATE_CA,
        *LOG_EXPORTS,
        *SERVICES_NOT_ENABLED,
        *COST_EXPLORER,
        *CLOSED_AND_UNREGISTERED,
        *DIRECTORY_SERVICE,
        *APPCONFIG,
        *SECURE_TUNNELING,
        *DYNAMODB_INACCESSIBLE,
        *MIMIR,
        *SNOWFLAKE,
        *GITLAB_RUNNER,
        *DATABRICKS,
        *S3FS,
        *RCLONE,
        *LOGSTASH,
        *FLUENTD,
        *DATADOG,
        *GREENGRASS,
        *IOT_CORE,
        *CANARIES,
        *CLOUDWATCH_AGENT,
        *CLOUDWATCH_RUM,
        *FLOW_LOG_DESTINATIONS,
        *NETWORK_FIREWALL,
        *DNSSEC,
        *LAMBDA_AT_EDGE,
    ),
    *(
        *CONTROL_TOWER,
        *IDENTITY_CENTER,
        *COGNITO_MAIL_AND_POOLS,
        *CONFIG,
        *SERVICE_QUOTAS,
        *LICENSE_MANAGER,
        *AMAZON_MQ,
        *CERTIFICATES,
        *SMS,
        *SHARES,
        *SECRET_REPLICATION,
        *SWITCH_ROLE,
        *BILLING,
        *LEX,
        *COMPREHEND_KEYS,
        *Q_BUSINESS_SUBSCRIPTIONS,
        *KENDRA,
        *GENERAL,
    ),
)
"""All rows; the first one with a sentence in the text is used."""


@dataclass(frozen=True, slots=True)
class FoundSentence:
    """A sentence of the table, and its words in a text.

    ``principal`` is the ARN or name of the denied identity, if the sentence has it. ``in_table`` is False for a row
    that the grammar of prose produced (`diagnostics.text.read.messages.refusals_in_own_words`). ``names`` are the
    values that the sentence has for the names in the row's pattern.
    """

    row: ServiceSentence
    words: str
    start: int
    resource: str | None = None
    principal: str | None = None
    in_table: bool = True
    names: Mapping[str, str] = field(default_factory=dict)


def _filled(row: ServiceSentence, groups: Mapping[str, str | None]) -> ServiceSentence:
    """Return the row with each ``{name}`` replaced by the text's words."""

    def fill(written: str) -> str:
        return _with_names(written, groups)

    causes = tuple(_of_words(each, groups) for each in row.causes)
    return replace(row, refused=fill(row.refused), reason=fill(row.reason), summary=fill(row.summary), causes=causes)


def _of_words(cause: UsualCause, groups: Mapping[str, str | None]) -> UsualCause:
    """Return the cause with each ``{name}`` replaced by the text's words."""
    written = (cause.sentence, cause.decides, cause.check or "")
    sentence, decides, check = (_with_names(each, groups) for each in written)
    return replace(cause, sentence=sentence, decides=decides, check=check or None)


def _with_names(written: str, groups: Mapping[str, str | None]) -> str:
    """Return the sentence with each ``{name}`` replaced by the text's words."""
    for name, value in groups.items():
        written = written.replace(f"{{{name}}}", " ".join((value or "").split()))
    return written


def _decided(row: ServiceSentence, text: str) -> ServiceSentence:
    """Return the row with only the cause that the rest of the text decides, if any.

    Otherwise return the row without those causes that only other words in the text can show, if these words are
    missing.
    """
    causes = []
    for cause in row.causes:
        stated = re.search(cause.shown_by, text, re.IGNORECASE) if cause.shown_by else None
        filled = _of_words(cause, stated.groupdict()) if stated else cause
        if stated and cause.decides:
            return replace(row, causes=(filled,), summary=filled.decides)
        if stated or not (cause.decides or cause.needs_evidence):
            causes.append(filled)
    return replace(row, causes=tuple(causes))


_PROGRAMS = regex(r"Exception|\b(?:ERROR|Error)\b|\berror:|denied|failed|cannot|CREATE_FAILED|\bStatus(?:Reason)?\b")
_REFUSES = regex(
    r"\b(?:polic(?:y|ies)|permissions?|denied|unauthori[sz]ed|not allowed|403|access)\b|AccessDenied", re.I
)
_PERSONS = regex(r"\b(?:I|we|our|my|added|fixed)\b", re.IGNORECASE)


def _is_printed(text: str, found: re.Match[str]) -> bool:
    """Whether a program printed the line of the sentence."""
    line = _line(text, found)
    return _PROGRAMS.search(line) is not None and _PERSONS.search(line) is None


def _line(text: str, found: re.Match[str]) -> str:
    end = text.find("\n", found.end())
    return text[text.rfind("\n", 0, found.start()) + 1 : end if end >= 0 else len(text)]


@lru_cache(maxsize=16)
def sentence_in(text: str) -> FoundSentence | None:
    """Return the first row whose sentence is in the text, or None."""
    plain = text.replace("\u2019", "'")  # as long as before, so positions are the same in both
    low = " ".join(plain.lower().split())
    # What IAM's own sentence names is never replaced by a sentence of the common form.
    for row in ROWS[: -len(GENERAL)] if "authorized to perform" in low else ROWS:
        if not any(signal in low for signal in row.signals) or not (match := row.pattern.search(plain)):
            continue
        if row.unless is not None and row.unless.search(text):
            continue  # the text states another cause
        groups = match.groupdict()
        if "asked" in groups and not _is_printed(text, match):
            continue  # what a person says that a role needs is no refusal
        if "used" in groups and not (_REFUSES.search(text) and not _PERSONS.search(_line(text, match))):
            continue  # a service may also be unable to use something for other reasons
        if any(prefix not in services() for prefix in re.findall(r"([a-z][a-z0-9-]*):", groups.get("asked") or "")):
            continue  # the actions of another system
        words = " ".join(text[match.start() : match.end()].split())[:96]
        found = _decided(_filled(row, groups) if groups else row, text)
        names = {name: value for name, value in groups.items() if value}
        return FoundSentence(found, words, match.start(), groups.get("resource"), groups.get("principal"), names=names)
    return None


SIGNALS = tuple(dict.fromkeys(signal for row in ROWS for signal in row.signals))

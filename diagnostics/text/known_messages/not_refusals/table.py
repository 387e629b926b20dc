"""The messages that are no denial by IAM, in the order in which they are tried."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.appsync import APPSYNC
from diagnostics.text.known_messages.not_refusals.arns_and_account_numbers import PARTITIONS, ROLE_ARNS, SHORT_ACCOUNTS
from diagnostics.text.known_messages.not_refusals.aws_lambda import (
    FUNCTION_NAMES,
    FUNCTION_STATEMENTS,
    LAMBDA_FILES_AND_QUALIFIERS,
    LAMBDA_LIMITS,
    LAMBDA_PACKAGES,
)
from diagnostics.text.known_messages.not_refusals.azure import AZURE, AZURE_PIPELINES
from diagnostics.text.known_messages.not_refusals.bedrock import BEDROCK_MODELS
from diagnostics.text.known_messages.not_refusals.cdk import CDK_CREDENTIALS
from diagnostics.text.known_messages.not_refusals.cert_manager import CERT_MANAGER
from diagnostics.text.known_messages.not_refusals.cloudformation import (
    CAPABILITIES,
    EXPORTS,
    IAC_GENERATOR,
    INLINE_POLICY_OWNERS,
    ORGANIZATIONS_ACCESS,
    STACK_SETS,
    TERMINATION_PROTECTION,
)
from diagnostics.text.known_messages.not_refusals.cloudfront import CERTIFICATES, CLOUDFRONT, CLOUDFRONT_LOG_BUCKETS
from diagnostics.text.known_messages.not_refusals.codeartifact import CODEARTIFACT
from diagnostics.text.known_messages.not_refusals.codebuild import CODEBUILD_BUILDS, CODEBUILD_SOURCES
from diagnostics.text.known_messages.not_refusals.codecommit import (
    CODECOMMIT_HELPER_AND_TRIGGERS,
    CODECOMMIT_KEYCHAIN,
    CODECOMMIT_SSH_KEYS,
)
from diagnostics.text.known_messages.not_refusals.codeconnections import CODECONNECTIONS
from diagnostics.text.known_messages.not_refusals.cognito import (
    APP_CLIENTS,
    IDENTITY_POOL_IDS,
    IDENTITY_POOLS,
    USER_POOLS,
)
from diagnostics.text.known_messages.not_refusals.compute_optimizer import COMPUTE_OPTIMIZER
from diagnostics.text.known_messages.not_refusals.console_sign_in import CONSOLE_SIGN_IN
from diagnostics.text.known_messages.not_refusals.container_and_package_registries import REGISTRIES
from diagnostics.text.known_messages.not_refusals.cors import CORS
from diagnostics.text.known_messages.not_refusals.databases import DATABASES
from diagnostics.text.known_messages.not_refusals.databricks import DATABRICKS
from diagnostics.text.known_messages.not_refusals.deployment_tools import DEPLOYMENT_TOOLS
from diagnostics.text.known_messages.not_refusals.docker import FILE_FORMATS
from diagnostics.text.known_messages.not_refusals.docker_hub import DOCKER_HUB_PULL_LIMITS
from diagnostics.text.known_messages.not_refusals.dotnet_packages import DOTNET_PACKAGES
from diagnostics.text.known_messages.not_refusals.dynamodb import DYNAMODB_CONDITIONS
from diagnostics.text.known_messages.not_refusals.ec2 import EC2
from diagnostics.text.known_messages.not_refusals.ecr import (
    ECR_PUBLIC_LOGINS,
    ECR_PUBLIC_PULL_LIMITS,
    ECR_TAGS,
    IMAGE_NAMES,
)
from diagnostics.text.known_messages.not_refusals.ecs import ECS_LOG_GROUPS, ECS_ROLES_AND_QUOTAS, TASK_NETWORKS
from diagnostics.text.known_messages.not_refusals.efs_csi_driver import EFS_CSI_DRIVER
from diagnostics.text.known_messages.not_refusals.eks import (
    EKS_ACCESS_ENTRIES,
    EKS_PRINCIPALS_AND_ADD_ONS,
    EKS_REGISTRIES,
    EKS_SUBNETS,
    NODE_ACCESS_ENTRIES,
)
from diagnostics.text.known_messages.not_refusals.eks_pod_identity import POD_IDENTITY_AGENT, POD_IDENTITY_ASSOCIATIONS
from diagnostics.text.known_messages.not_refusals.eksctl import EKSCTL
from diagnostics.text.known_messages.not_refusals.elasticache import ACCESS_STRINGS
from diagnostics.text.known_messages.not_refusals.encoded_messages import ENCODED_MESSAGES
from diagnostics.text.known_messages.not_refusals.eventbridge import MANAGED_RULES
from diagnostics.text.known_messages.not_refusals.git_hosts_and_registries import GITHUB_AND_SSH, GITLAB_AND_REGISTRIES
from diagnostics.text.known_messages.not_refusals.glue import GLUE_CONCURRENT_RUNS, GLUE_ICEBERG_ENDPOINT
from diagnostics.text.known_messages.not_refusals.google_cloud import GOOGLE_CLOUD
from diagnostics.text.known_messages.not_refusals.hcp_terraform_grafana_and_argo_cd import (
    HCP_TERRAFORM_GRAFANA_AND_ARGO_CD,
)
from diagnostics.text.known_messages.not_refusals.iam import CHANGES_IN_PROGRESS
from diagnostics.text.known_messages.not_refusals.iam_identity_center import (
    ACCOUNTS_WITHOUT_ASSIGNMENT,
    ASSIGNMENTS,
    POLICIES_OF_PERMISSION_SETS,
    REGION_AND_START_URL,
    SIGN_IN_FROM_PROVIDER,
)
from diagnostics.text.known_messages.not_refusals.jenkins_and_package_registries import JENKINS_AND_PACKAGES
from diagnostics.text.known_messages.not_refusals.kafka import KAFKA_ROWS
from diagnostics.text.known_messages.not_refusals.kafka_hadoop_and_spark import JAVA_PROGRAMS
from diagnostics.text.known_messages.not_refusals.keycloak import KEYCLOAK
from diagnostics.text.known_messages.not_refusals.keys_in_code import KEYS_IN_CODE
from diagnostics.text.known_messages.not_refusals.kinesis import SHARD_ITERATORS
from diagnostics.text.known_messages.not_refusals.kms import KEY_POLICIES, KMS_KEYS, KMS_REGIONS
from diagnostics.text.known_messages.not_refusals.kubeconfig import KUBECONFIGS
from diagnostics.text.known_messages.not_refusals.kubernetes import (
    KUBERNETES,
    KUBERNETES_UNAUTHORIZED,
    NETWORK_POLICIES,
    POD_TOKEN_FILES,
)
from diagnostics.text.known_messages.not_refusals.lake_formation import LAKE_COLUMNS, LAKE_FORMATION, LAKE_LOCATIONS
from diagnostics.text.known_messages.not_refusals.lake_formation_hidden_columns import HIDDEN_COLUMNS
from diagnostics.text.known_messages.not_refusals.lightsail import LIGHTSAIL_REGIONS, LIGHTSAIL_SETUP
from diagnostics.text.known_messages.not_refusals.load_balancer_controller import LOAD_BALANCER_CONTROLLER
from diagnostics.text.known_messages.not_refusals.load_balancers import LOAD_BALANCERS
from diagnostics.text.known_messages.not_refusals.mail_servers import MAIL_SERVERS
from diagnostics.text.known_messages.not_refusals.malformed_requests import REQUESTS
from diagnostics.text.known_messages.not_refusals.metadata_service import METADATA_SERVICE
from diagnostics.text.known_messages.not_refusals.mountpoint_csi_driver import (
    MOUNTPOINT_CREDENTIALS,
    MOUNTPOINT_OPTIONS,
)
from diagnostics.text.known_messages.not_refusals.names_regions_and_accounts import QUEUES_AND_OTHER_NAMES
from diagnostics.text.known_messages.not_refusals.nginx import NGINX
from diagnostics.text.known_messages.not_refusals.opensearch import OPENSEARCH, OPENSEARCH_ROLE, OPENSEARCH_SIGN_IN
from diagnostics.text.known_messages.not_refusals.opensearch_serverless import OPENSEARCH_SERVERLESS
from diagnostics.text.known_messages.not_refusals.operating_systems_and_applications import (
    OPERATING_SYSTEMS_AND_APPLICATIONS,
)
from diagnostics.text.known_messages.not_refusals.organizations import DELEGATION, TAG_POLICIES
from diagnostics.text.known_messages.not_refusals.other_servers import OTHER_SERVERS, UNANSWERED
from diagnostics.text.known_messages.not_refusals.powershell import POWERSHELL
from diagnostics.text.known_messages.not_refusals.profile_settings import PROFILE_SETTINGS
from diagnostics.text.known_messages.not_refusals.profiles import PROFILE_OF_THE_PROGRAM, PROFILES
from diagnostics.text.known_messages.not_refusals.rabbitmq import RABBITMQ
from diagnostics.text.known_messages.not_refusals.rds_proxy import RDS_PROXY_SECRETS
from diagnostics.text.known_messages.not_refusals.regions_and_endpoints import (
    ENDPOINTS_OF_PROGRAMS,
    MISSING_REGIONS,
    WRONG_ENDPOINTS,
)
from diagnostics.text.known_messages.not_refusals.roles_anywhere import ROLES_ANYWHERE_ANCHORS
from diagnostics.text.known_messages.not_refusals.route_53 import EXISTING_RECORDS, MANAGED_ZONES
from diagnostics.text.known_messages.not_refusals.s3 import BUCKETS_AND_OBJECTS, S3_ANSWERS, UPLOAD_FORMS
from diagnostics.text.known_messages.not_refusals.s3_mounts_and_docker_logins import STORAGE_PROGRAMS
from diagnostics.text.known_messages.not_refusals.s3_object_lock import OBJECT_LOCK
from diagnostics.text.known_messages.not_refusals.sagemaker import SAGEMAKER_ROLES
from diagnostics.text.known_messages.not_refusals.saml_sign_in import SIGN_IN
from diagnostics.text.known_messages.not_refusals.secrets_drivers import SECRETS_DRIVERS
from diagnostics.text.known_messages.not_refusals.secrets_manager import SECRET_KEYS, SECRET_NAMES
from diagnostics.text.known_messages.not_refusals.service_linked_roles import SERVICE_LINKED_ROLE_USES
from diagnostics.text.known_messages.not_refusals.ses import SMTP_PASSWORDS, VERIFIED_IDENTITIES
from diagnostics.text.known_messages.not_refusals.session_manager_plugin import SESSION_MANAGER_PLUGIN
from diagnostics.text.known_messages.not_refusals.sign_in_tools import SIGN_IN_TOOLS
from diagnostics.text.known_messages.not_refusals.sts import SESSION_NAMES_AND_TOKENS, SESSION_TAGS
from diagnostics.text.known_messages.not_refusals.support_plans_and_subscriptions import SUPPORT_AND_SUBSCRIPTIONS
from diagnostics.text.known_messages.not_refusals.system_row import System
from diagnostics.text.known_messages.not_refusals.systems_manager import ACTIVATION_ROLES, SYSTEMS_MANAGER
from diagnostics.text.known_messages.not_refusals.termination_handler_and_kube2iam import (
    TERMINATION_HANDLER_AND_KUBE2IAM,
)
from diagnostics.text.known_messages.not_refusals.terraform import STATE_LOCKS, UNCONFIRMED_PLANS
from diagnostics.text.known_messages.not_refusals.vault import VAULT
from diagnostics.text.known_messages.not_refusals.vault_logins import VAULT_LOGINS
from diagnostics.text.known_messages.not_refusals.velero_and_grafana import VELERO_AND_GRAFANA

NO_REFUSALS: tuple[System, ...] = (
    *KUBERNETES_UNAUTHORIZED,
    *MISSING_REGIONS,
    *ROLE_ARNS,
    *WRONG_ENDPOINTS,
    *OPENSEARCH_SERVERLESS,
    *OPENSEARCH_SIGN_IN,
    *APPSYNC,
    *USER_POOLS,
    *ACCOUNTS_WITHOUT_ASSIGNMENT,
    *FILE_FORMATS,
    *ECR_PUBLIC_LOGINS,
    *EKS_ACCESS_ENTRIES,
    *ECR_TAGS,
    *ORGANIZATIONS_ACCESS,
    *CLOUDFRONT_LOG_BUCKETS,
    *CAPABILITIES,
    *POD_TOKEN_FILES,
    *ECS_LOG_GROUPS,
    *NETWORK_POLICIES,
    *GLUE_CONCURRENT_RUNS,
    *SESSION_TAGS,
    *AZURE_PIPELINES,
    *SERVICE_LINKED_ROLE_USES,
    *ENDPOINTS_OF_PROGRAMS,
    *METADATA_SERVICE,
    *TASK_NETWORKS,
    *SIGN_IN,
    *CONSOLE_SIGN_IN,
    *APP_CLIENTS,
    *SESSION_NAMES_AND_TOKENS,
    *CODEARTIFACT,
    *POD_IDENTITY_AGENT,
    *PROFILES,
    *IDENTITY_POOL_IDS,
    *REGION_AND_START_URL,
    *DOTNET_PACKAGES,
    *SIGN_IN_FROM_PROVIDER,
    *KEYS_IN_CODE,
    *PROFILE_OF_THE_PROGRAM,
    *ROLES_ANYWHERE_ANCHORS,
    *KEY_POLICIES,
    *REQUESTS,
    *HIDDEN_COLUMNS,
    *TAG_POLICIES,
    *S3_ANSWERS,
    *SHARD_ITERATORS,
    *PARTITIONS,
    *SECRET_NAMES,
    *FUNCTION_NAMES,
    *IMAGE_NAMES,
    *OBJECT_LOCK,
    *MANAGED_ZONES,
    *CHANGES_IN_PROGRESS,
    *FUNCTION_STATEMENTS,
    *EXISTING_RECORDS,
    *OPENSEARCH_ROLE,
    *LAKE_COLUMNS,
    *POLICIES_OF_PERMISSION_SETS,
    *SMTP_PASSWORDS,
    *KMS_REGIONS,
    *NODE_ACCESS_ENTRIES,
    *SHORT_ACCOUNTS,
    *LAKE_LOCATIONS,
    *CODECOMMIT_KEYCHAIN,
    *ACCESS_STRINGS,
    *INLINE_POLICY_OWNERS,
    *EC2,
    *TERMINATION_PROTECTION,
    *MANAGED_RULES,
    *SYSTEMS_MANAGER,
    *CODECOMMIT_HELPER_AND_TRIGGERS,
    *CODEBUILD_BUILDS,
    *LAMBDA_LIMITS,
    *IAC_GENERATOR,
    *EKS_SUBNETS,
    *COMPUTE_OPTIMIZER,
    *LIGHTSAIL_REGIONS,
    *EKS_PRINCIPALS_AND_ADD_ONS,
    *ACTIVATION_ROLES,
    *ECS_ROLES_AND_QUOTAS,
    *LAMBDA_FILES_AND_QUALIFIERS,
    *CODECOMMIT_SSH_KEYS,
    *LIGHTSAIL_SETUP,
    *CODECONNECTIONS,
    *EKS_REGISTRIES,
    *CDK_CREDENTIALS,
    *SAGEMAKER_ROLES,
    *LAMBDA_PACKAGES,
    *POWERSHELL,
    *REGISTRIES,
    *OTHER_SERVERS,
    *STATE_LOCKS,
    *DYNAMODB_CONDITIONS,
    *ECR_PUBLIC_PULL_LIMITS,
    *DOCKER_HUB_PULL_LIMITS,
    *NGINX,
    *ENCODED_MESSAGES,
    *UNCONFIRMED_PLANS,
    *KUBECONFIGS,
    *UNANSWERED,
    *PROFILE_SETTINGS,
    *SIGN_IN_TOOLS,
    *DEPLOYMENT_TOOLS,
    *EKSCTL,
    *MOUNTPOINT_OPTIONS,
    *POD_IDENTITY_ASSOCIATIONS,
    *MOUNTPOINT_CREDENTIALS,
    *CERT_MANAGER,
    *EFS_CSI_DRIVER,
    *SECRETS_DRIVERS,
    *LOAD_BALANCER_CONTROLLER,
    *TERMINATION_HANDLER_AND_KUBE2IAM,
    *VELERO_AND_GRAFANA,
    *JAVA_PROGRAMS,
    *STORAGE_PROGRAMS,
    *VAULT_LOGINS,
)
"""Also read in a text with a denial: a denial that was overcome, or that a ticket quotes, must not hide what stopped
the program."""
AWS_ANSWERS: tuple[System, ...] = (
    *CLOUDFRONT,
    *VAULT,
    *LOAD_BALANCERS,
    *OPERATING_SYSTEMS_AND_APPLICATIONS,
    *EXPORTS,
    *VERIFIED_IDENTITIES,
    *RDS_PROXY_SECRETS,
    *ASSIGNMENTS,
    *CORS,
    *UPLOAD_FORMS,
    *CERTIFICATES,
    *CODEBUILD_SOURCES,
    *BUCKETS_AND_OBJECTS,
    *SECRET_KEYS,
    *QUEUES_AND_OTHER_NAMES,
    *SESSION_MANAGER_PLUGIN,
    *JENKINS_AND_PACKAGES,
    *MAIL_SERVERS,
    *SUPPORT_AND_SUBSCRIPTIONS,
    *STACK_SETS,
    *DELEGATION,
    *IDENTITY_POOLS,
)
"""Answers of AWS services, and of programs around them, that are no denial."""
PLATFORMS: tuple[System, ...] = (
    *KUBERNETES,
    *BEDROCK_MODELS,
    *KMS_KEYS,
    *LAKE_FORMATION,
    *DATABASES,
    *KEYCLOAK,
    *GITHUB_AND_SSH,
    *DATABRICKS,
    *GOOGLE_CLOUD,
    *AZURE,
    *HCP_TERRAFORM_GRAFANA_AND_ARGO_CD,
    *RABBITMQ,
    *GITLAB_AND_REGISTRIES,
    *KAFKA_ROWS,
    *GLUE_ICEBERG_ENDPOINT,
    *OPENSEARCH,
)
"""Systems with permissions of their own: Kubernetes, databases, other clouds and programs."""

"""The messages that are no denial by IAM, in the order in which they are tried."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.airflow import AIRFLOW
from diagnostics.text.known_messages.not_refusals.ansible import ANSIBLE
from diagnostics.text.known_messages.not_refusals.applications import APPLICATIONS
from diagnostics.text.known_messages.not_refusals.appsync import APPSYNC
from diagnostics.text.known_messages.not_refusals.argo_cd import ARGO_CD
from diagnostics.text.known_messages.not_refusals.arns_and_account_numbers import PARTITIONS, ROLE_ARNS, SHORT_ACCOUNTS
from diagnostics.text.known_messages.not_refusals.aws_lambda import (
    FUNCTION_NAMES,
    FUNCTION_STATEMENTS,
    LAMBDA_FILES_AND_QUALIFIERS,
    LAMBDA_LIMITS,
    LAMBDA_PACKAGES,
)
from diagnostics.text.known_messages.not_refusals.aws_login import AWS_LOGIN
from diagnostics.text.known_messages.not_refusals.aws_nuke import AWS_NUKE
from diagnostics.text.known_messages.not_refusals.aws_vault import AWS_VAULT
from diagnostics.text.known_messages.not_refusals.azure import AZURE, AZURE_PIPELINES
from diagnostics.text.known_messages.not_refusals.bedrock import BEDROCK_CLIENTS, BEDROCK_MODELS
from diagnostics.text.known_messages.not_refusals.cdk import CDK_ACCOUNTS_AND_STATEMENTS, CDK_CREDENTIALS
from diagnostics.text.known_messages.not_refusals.cert_manager import CERT_MANAGER
from diagnostics.text.known_messages.not_refusals.chamber import CHAMBER
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
from diagnostics.text.known_messages.not_refusals.configure_aws_credentials import CONFIGURE_AWS_CREDENTIALS
from diagnostics.text.known_messages.not_refusals.console_sign_in import CONSOLE_SIGN_IN
from diagnostics.text.known_messages.not_refusals.container_registries import CONTAINER_REGISTRIES, OTHER_REGISTRIES
from diagnostics.text.known_messages.not_refusals.cors import CORS
from diagnostics.text.known_messages.not_refusals.databases import DATABASE_GRANTS, DATABASE_LOGINS
from diagnostics.text.known_messages.not_refusals.databricks import DATABRICKS
from diagnostics.text.known_messages.not_refusals.dbt import DBT
from diagnostics.text.known_messages.not_refusals.docker import DOCKER_LOGINS, FILE_FORMATS
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
    EKS_FARGATE,
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
from diagnostics.text.known_messages.not_refusals.external_secrets_operator import EXTERNAL_SECRETS_OPERATOR
from diagnostics.text.known_messages.not_refusals.gimme_aws_creds import GIMME_AWS_CREDS
from diagnostics.text.known_messages.not_refusals.github import GITHUB, GITHUB_PACKAGES, GITHUB_WORKFLOWS
from diagnostics.text.known_messages.not_refusals.gitlab import GITLAB
from diagnostics.text.known_messages.not_refusals.glue import GLUE_CONCURRENT_RUNS, GLUE_ICEBERG_ENDPOINT
from diagnostics.text.known_messages.not_refusals.google_cloud import GOOGLE_CLOUD
from diagnostics.text.known_messages.not_refusals.grafana import GRAFANA, GRAFANA_AUTHENTICATION
from diagnostics.text.known_messages.not_refusals.granted import GRANTED
from diagnostics.text.known_messages.not_refusals.hadoop_s3a import HADOOP_S3A
from diagnostics.text.known_messages.not_refusals.hcp_terraform import HCP_TERRAFORM
from diagnostics.text.known_messages.not_refusals.iam import CHANGES_IN_PROGRESS
from diagnostics.text.known_messages.not_refusals.iam_identity_center import (
    ACCOUNTS_WITHOUT_ASSIGNMENT,
    ASSIGNMENTS,
    CACHED_SIGN_INS,
    POLICIES_OF_PERMISSION_SETS,
    REGION_AND_START_URL,
    SCIM_USERS,
    SIGN_IN_FROM_PROVIDER,
)
from diagnostics.text.known_messages.not_refusals.jenkins import JENKINS, JENKINS_CREDENTIALS
from diagnostics.text.known_messages.not_refusals.kafka import KAFKA_ROWS
from diagnostics.text.known_messages.not_refusals.keycloak import KEYCLOAK
from diagnostics.text.known_messages.not_refusals.keys_in_code import KEYS_IN_CODE
from diagnostics.text.known_messages.not_refusals.kinesis import SHARD_ITERATORS
from diagnostics.text.known_messages.not_refusals.kms import KEY_POLICIES, KMS_KEYS, KMS_REGIONS
from diagnostics.text.known_messages.not_refusals.kube2iam import KUBE2IAM
from diagnostics.text.known_messages.not_refusals.kubeconfig import KUBECONFIG_VERSIONS, KUBECONFIGS
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
from diagnostics.text.known_messages.not_refusals.missing_names import MISSING_NAMES
from diagnostics.text.known_messages.not_refusals.mongodb import MONGODB
from diagnostics.text.known_messages.not_refusals.mountpoint import (
    MOUNTPOINT_CREDENTIALS,
    MOUNTPOINT_OPTIONS,
)
from diagnostics.text.known_messages.not_refusals.msk import MSK_CLIENTS
from diagnostics.text.known_messages.not_refusals.nginx import NGINX
from diagnostics.text.known_messages.not_refusals.node_termination_handler import NODE_TERMINATION_HANDLER
from diagnostics.text.known_messages.not_refusals.opensearch import OPENSEARCH, OPENSEARCH_ROLE, OPENSEARCH_SIGN_IN
from diagnostics.text.known_messages.not_refusals.opensearch_serverless import OPENSEARCH_SERVERLESS
from diagnostics.text.known_messages.not_refusals.operating_systems import OPERATING_SYSTEMS
from diagnostics.text.known_messages.not_refusals.organizations import DELEGATION, TAG_POLICIES
from diagnostics.text.known_messages.not_refusals.other_servers import OTHER_SERVERS, UNANSWERED
from diagnostics.text.known_messages.not_refusals.package_registries import PACKAGE_REGISTRIES
from diagnostics.text.known_messages.not_refusals.packer import PACKER
from diagnostics.text.known_messages.not_refusals.powershell import POWERSHELL
from diagnostics.text.known_messages.not_refusals.profiles import (
    PROFILE_OF_THE_PROGRAM,
    PROFILE_SETTINGS,
    PROFILES,
    SESSION_LENGTHS,
    SESSIONS_WITH_MFA,
    SSO_SESSIONS_AND_CREDENTIAL_PROCESSES,
)
from diagnostics.text.known_messages.not_refusals.rabbitmq import RABBITMQ
from diagnostics.text.known_messages.not_refusals.rclone import RCLONE
from diagnostics.text.known_messages.not_refusals.rds_proxy import RDS_PROXY_SECRETS
from diagnostics.text.known_messages.not_refusals.redis import REDIS
from diagnostics.text.known_messages.not_refusals.redshift import REDSHIFT
from diagnostics.text.known_messages.not_refusals.regions_and_endpoints import (
    ENDPOINTS_OF_PROGRAMS,
    MISSING_REGIONS,
    WRONG_ENDPOINTS,
)
from diagnostics.text.known_messages.not_refusals.roles_anywhere import (
    ROLES_ANYWHERE_ANCHORS,
    ROLES_ANYWHERE_CERTIFICATES,
)
from diagnostics.text.known_messages.not_refusals.route_53 import EXISTING_RECORDS, MANAGED_ZONES
from diagnostics.text.known_messages.not_refusals.s3 import BUCKETS_AND_OBJECTS, S3_ANSWERS, UPLOAD_FORMS
from diagnostics.text.known_messages.not_refusals.s3_access_points import S3_ACCESS_POINTS
from diagnostics.text.known_messages.not_refusals.s3_object_lock import OBJECT_LOCK
from diagnostics.text.known_messages.not_refusals.s3fs import S3FS
from diagnostics.text.known_messages.not_refusals.sagemaker import SAGEMAKER_ROLES
from diagnostics.text.known_messages.not_refusals.sam import SAM
from diagnostics.text.known_messages.not_refusals.saml2aws import SAML2AWS
from diagnostics.text.known_messages.not_refusals.saml_sign_in import SIGN_IN
from diagnostics.text.known_messages.not_refusals.secrets_manager import SECRET_KEYS, SECRET_NAMES
from diagnostics.text.known_messages.not_refusals.secrets_store_csi_driver import SECRETS_STORE_CSI_DRIVER
from diagnostics.text.known_messages.not_refusals.service_linked_roles import SERVICE_LINKED_ROLE_USES
from diagnostics.text.known_messages.not_refusals.ses import SMTP_PASSWORDS, VERIFIED_IDENTITIES
from diagnostics.text.known_messages.not_refusals.session_manager_plugin import SESSION_MANAGER_PLUGIN
from diagnostics.text.known_messages.not_refusals.sqs import QUEUE_NAMES
from diagnostics.text.known_messages.not_refusals.ssh_and_git import SSH_AND_GIT
from diagnostics.text.known_messages.not_refusals.sts import SESSION_NAMES_AND_TOKENS, SESSION_TAGS
from diagnostics.text.known_messages.not_refusals.subscriptions import SUBSCRIPTIONS
from diagnostics.text.known_messages.not_refusals.support_plans import SUPPORT_PLANS
from diagnostics.text.known_messages.not_refusals.system_row import System
from diagnostics.text.known_messages.not_refusals.systems_manager import ACTIVATION_ROLES, SYSTEMS_MANAGER
from diagnostics.text.known_messages.not_refusals.terraform import (
    STATE_LOCKS,
    TERRAFORM_ARGUMENTS_AND_ACCOUNTS,
    TERRAFORM_REGIONS,
    UNCONFIRMED_PLANS,
)
from diagnostics.text.known_messages.not_refusals.vault import VAULT, VAULT_LOGINS
from diagnostics.text.known_messages.not_refusals.velero import VELERO

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
    *GITHUB_PACKAGES,
    *OTHER_REGISTRIES,
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
    *ROLES_ANYWHERE_CERTIFICATES,
    *SSO_SESSIONS_AND_CREDENTIAL_PROCESSES,
    *S3_ACCESS_POINTS,
    *SESSION_LENGTHS,
    *AWS_LOGIN,
    *SESSIONS_WITH_MFA,
    *CACHED_SIGN_INS,
    *BEDROCK_CLIENTS,
    *CONFIGURE_AWS_CREDENTIALS,
    *AWS_VAULT,
    *GRANTED,
    *SAML2AWS,
    *GIMME_AWS_CREDS,
    *SCIM_USERS,
    *AWS_NUKE,
    *CDK_ACCOUNTS_AND_STATEMENTS,
    *GITHUB_WORKFLOWS,
    *TERRAFORM_ARGUMENTS_AND_ACCOUNTS,
    *SAM,
    *EKS_FARGATE,
    *TERRAFORM_REGIONS,
    *PACKER,
    *ANSIBLE,
    *JENKINS_CREDENTIALS,
    *AIRFLOW,
    *DBT,
    *KUBECONFIG_VERSIONS,
    *EKSCTL,
    *MOUNTPOINT_OPTIONS,
    *POD_IDENTITY_ASSOCIATIONS,
    *MOUNTPOINT_CREDENTIALS,
    *CERT_MANAGER,
    *EFS_CSI_DRIVER,
    *SECRETS_STORE_CSI_DRIVER,
    *EXTERNAL_SECRETS_OPERATOR,
    *LOAD_BALANCER_CONTROLLER,
    *NODE_TERMINATION_HANDLER,
    *KUBE2IAM,
    *VELERO,
    *GRAFANA_AUTHENTICATION,
    *MSK_CLIENTS,
    *HADOOP_S3A,
    *S3FS,
    *RCLONE,
    *CHAMBER,
    *DOCKER_LOGINS,
    *VAULT_LOGINS,
)
"""Also read in a text with a denial: a denial that was overcome, or that a ticket quotes, must not hide what stopped
the program."""
AWS_ANSWERS: tuple[System, ...] = (
    *CLOUDFRONT,
    *VAULT,
    *LOAD_BALANCERS,
    *OPERATING_SYSTEMS,
    *APPLICATIONS,
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
    *QUEUE_NAMES,
    *MISSING_NAMES,
    *SESSION_MANAGER_PLUGIN,
    *JENKINS,
    *PACKAGE_REGISTRIES,
    *MAIL_SERVERS,
    *SUPPORT_PLANS,
    *SUBSCRIPTIONS,
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
    *REDSHIFT,
    *DATABASE_LOGINS,
    *REDIS,
    *DATABASE_GRANTS,
    *MONGODB,
    *KEYCLOAK,
    *GITHUB,
    *SSH_AND_GIT,
    *DATABRICKS,
    *GOOGLE_CLOUD,
    *AZURE,
    *HCP_TERRAFORM,
    *GRAFANA,
    *ARGO_CD,
    *RABBITMQ,
    *GITLAB,
    *CONTAINER_REGISTRIES,
    *KAFKA_ROWS,
    *GLUE_ICEBERG_ENDPOINT,
    *OPENSEARCH,
)
"""Systems with permissions of their own: Kubernetes, databases, other clouds and programs."""

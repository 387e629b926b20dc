"""Rows for systems with permissions of their own, in order: Kubernetes, databases, other clouds and programs."""

from __future__ import annotations

from diagnostics.text.read.forms.platforms.azure import AZURE
from diagnostics.text.read.forms.platforms.bedrock_models import BEDROCK_MODELS
from diagnostics.text.read.forms.platforms.databases import DATABASES
from diagnostics.text.read.forms.platforms.databricks import DATABRICKS
from diagnostics.text.read.forms.platforms.git_hosts_and_registries import GITHUB_AND_SSH, GITLAB_AND_REGISTRIES
from diagnostics.text.read.forms.platforms.glue_iceberg_endpoint import GLUE_ICEBERG_ENDPOINT
from diagnostics.text.read.forms.platforms.google_cloud import GOOGLE_CLOUD
from diagnostics.text.read.forms.platforms.hcp_terraform_grafana_and_argo_cd import HCP_TERRAFORM_GRAFANA_AND_ARGO_CD
from diagnostics.text.read.forms.platforms.kafka import KAFKA_ROWS
from diagnostics.text.read.forms.platforms.keycloak import KEYCLOAK
from diagnostics.text.read.forms.platforms.kms_keys import KMS_KEYS
from diagnostics.text.read.forms.platforms.kubernetes import KUBERNETES
from diagnostics.text.read.forms.platforms.lake_formation import LAKE_FORMATION
from diagnostics.text.read.forms.platforms.opensearch import OPENSEARCH
from diagnostics.text.read.forms.platforms.rabbitmq import RABBITMQ
from diagnostics.text.read.forms.system_row import System

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

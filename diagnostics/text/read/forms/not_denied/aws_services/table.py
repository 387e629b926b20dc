"""Rows for answers of AWS services that are no denial, in the order in which they are tried."""

from __future__ import annotations

from diagnostics.text.read.forms.not_denied.aws_services.arns_and_account_numbers import PARTITIONS, SHORT_ACCOUNTS
from diagnostics.text.read.forms.not_denied.aws_services.changes_in_progress import CHANGES_IN_PROGRESS
from diagnostics.text.read.forms.not_denied.aws_services.codecommit import CODECOMMIT_KEYCHAIN
from diagnostics.text.read.forms.not_denied.aws_services.ecr_images import IMAGE_NAMES
from diagnostics.text.read.forms.not_denied.aws_services.eks_nodes import NODE_ACCESS_ENTRIES
from diagnostics.text.read.forms.not_denied.aws_services.kinesis import SHARD_ITERATORS
from diagnostics.text.read.forms.not_denied.aws_services.lake_formation import LAKE_COLUMNS, LAKE_LOCATIONS
from diagnostics.text.read.forms.not_denied.aws_services.lambda_functions import FUNCTION_NAMES, FUNCTION_STATEMENTS
from diagnostics.text.read.forms.not_denied.aws_services.opensearch_and_elasticache import (
    ACCESS_STRINGS,
    OPENSEARCH_ROLE,
)
from diagnostics.text.read.forms.not_denied.aws_services.organizations_and_identity_center import (
    POLICIES_OF_PERMISSION_SETS,
    TAG_POLICIES,
)
from diagnostics.text.read.forms.not_denied.aws_services.route_53_records import EXISTING_RECORDS, MANAGED_ZONES
from diagnostics.text.read.forms.not_denied.aws_services.s3 import S3_ANSWERS
from diagnostics.text.read.forms.not_denied.aws_services.s3_object_lock import OBJECT_LOCK
from diagnostics.text.read.forms.not_denied.aws_services.secrets_kms_and_smtp import SECRET_NAMES, SMTP_AND_KMS
from diagnostics.text.read.forms.system_row import System

SERVICES: tuple[System, ...] = (
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
    *SMTP_AND_KMS,
    *NODE_ACCESS_ENTRIES,
    *SHORT_ACCOUNTS,
    *LAKE_LOCATIONS,
    *CODECOMMIT_KEYCHAIN,
    *ACCESS_STRINGS,
)

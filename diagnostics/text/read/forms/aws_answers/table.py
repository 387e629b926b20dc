"""Rows for answers of AWS services and of programs around them, in the order in which they are tried."""

from __future__ import annotations

from diagnostics.text.read.forms.aws_answers.browser_uploads_and_cors import BROWSER_UPLOADS_AND_CORS
from diagnostics.text.read.forms.aws_answers.cloudformation_exports_and_stack_sets import EXPORTS, STACK_SETS
from diagnostics.text.read.forms.aws_answers.cloudfront_and_load_balancers import (
    CERTIFICATES,
    CLOUDFRONT,
    LOAD_BALANCERS,
)
from diagnostics.text.read.forms.aws_answers.codebuild_sources import CODEBUILD_SOURCES
from diagnostics.text.read.forms.aws_answers.cognito_identity_pools import IDENTITY_POOLS
from diagnostics.text.read.forms.aws_answers.identity_center_assignments import ASSIGNMENTS
from diagnostics.text.read.forms.aws_answers.jenkins_and_package_registries import JENKINS_AND_PACKAGES
from diagnostics.text.read.forms.aws_answers.mail import MAIL_SERVERS, VERIFIED_IDENTITIES
from diagnostics.text.read.forms.aws_answers.names_regions_and_accounts import QUEUES_AND_OTHER_NAMES
from diagnostics.text.read.forms.aws_answers.operating_systems_and_applications import (
    OPERATING_SYSTEMS_AND_APPLICATIONS,
)
from diagnostics.text.read.forms.aws_answers.organizations import DELEGATION
from diagnostics.text.read.forms.aws_answers.rds_proxy import RDS_PROXY_SECRETS
from diagnostics.text.read.forms.aws_answers.s3_buckets_and_objects import BUCKETS_AND_OBJECTS
from diagnostics.text.read.forms.aws_answers.secret_keys import SECRET_KEYS
from diagnostics.text.read.forms.aws_answers.session_manager_plugin import SESSION_MANAGER_PLUGIN
from diagnostics.text.read.forms.aws_answers.support_plans_and_subscriptions import SUPPORT_AND_SUBSCRIPTIONS
from diagnostics.text.read.forms.aws_answers.vault import VAULT
from diagnostics.text.read.forms.system_row import System

AWS_ANSWERS: tuple[System, ...] = (
    *CLOUDFRONT,
    *VAULT,
    *LOAD_BALANCERS,
    *OPERATING_SYSTEMS_AND_APPLICATIONS,
    *EXPORTS,
    *VERIFIED_IDENTITIES,
    *RDS_PROXY_SECRETS,
    *ASSIGNMENTS,
    *BROWSER_UPLOADS_AND_CORS,
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

"""Rows for failures of programs and servers other than AWS, in the order in which they are tried."""

from __future__ import annotations

from diagnostics.text.read.forms.not_denied.programs.cdk_and_sagemaker import CDK_AND_SAGEMAKER
from diagnostics.text.read.forms.not_denied.programs.container_and_package_registries import REGISTRIES
from diagnostics.text.read.forms.not_denied.programs.dynamodb_conditions import DYNAMODB_CONDITIONS
from diagnostics.text.read.forms.not_denied.programs.encoded_messages import ENCODED_MESSAGES
from diagnostics.text.read.forms.not_denied.programs.image_pull_limits import PULL_LIMITS
from diagnostics.text.read.forms.not_denied.programs.kubeconfig import KUBECONFIGS
from diagnostics.text.read.forms.not_denied.programs.lambda_packages import LAMBDA_PACKAGES
from diagnostics.text.read.forms.not_denied.programs.nginx import NGINX
from diagnostics.text.read.forms.not_denied.programs.other_servers import OTHER_SERVERS, UNANSWERED
from diagnostics.text.read.forms.not_denied.programs.powershell import POWERSHELL
from diagnostics.text.read.forms.not_denied.programs.terraform import STATE_LOCKS, UNCONFIRMED_PLANS
from diagnostics.text.read.forms.system_row import System

PROGRAMS: tuple[System, ...] = (
    *CDK_AND_SAGEMAKER,
    *LAMBDA_PACKAGES,
    *POWERSHELL,
    *REGISTRIES,
    *OTHER_SERVERS,
    *STATE_LOCKS,
    *DYNAMODB_CONDITIONS,
    *PULL_LIMITS,
    *NGINX,
    *ENCODED_MESSAGES,
    *UNCONFIRMED_PLANS,
    *KUBECONFIGS,
    *UNANSWERED,
)

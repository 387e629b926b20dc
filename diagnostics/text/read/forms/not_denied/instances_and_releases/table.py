"""Rows for services that run or release something, in the order in which they are tried."""

from __future__ import annotations

from diagnostics.text.read.forms.not_denied.instances_and_releases.cloudformation import (
    IAC_GENERATOR,
    TERMINATION_PROTECTION,
)
from diagnostics.text.read.forms.not_denied.instances_and_releases.codecommit_and_codebuild import (
    CODECOMMIT_AND_CODEBUILD,
)
from diagnostics.text.read.forms.not_denied.instances_and_releases.compute_optimizer_and_lightsail import (
    COMPUTE_OPTIMIZER_AND_LIGHTSAIL,
)
from diagnostics.text.read.forms.not_denied.instances_and_releases.ec2 import EC2
from diagnostics.text.read.forms.not_denied.instances_and_releases.eks_subnets import EKS_SUBNETS
from diagnostics.text.read.forms.not_denied.instances_and_releases.eventbridge_rules import MANAGED_RULES
from diagnostics.text.read.forms.not_denied.instances_and_releases.inline_policy_owners import INLINE_POLICY_OWNERS
from diagnostics.text.read.forms.not_denied.instances_and_releases.lambda_limits import LAMBDA_LIMITS
from diagnostics.text.read.forms.not_denied.instances_and_releases.systems_manager import SYSTEMS_MANAGER
from diagnostics.text.read.forms.system_row import System

OPERATED_SERVICES: tuple[System, ...] = (
    *INLINE_POLICY_OWNERS,
    *EC2,
    *TERMINATION_PROTECTION,
    *MANAGED_RULES,
    *SYSTEMS_MANAGER,
    *CODECOMMIT_AND_CODEBUILD,
    *LAMBDA_LIMITS,
    *IAC_GENERATOR,
    *EKS_SUBNETS,
    *COMPUTE_OPTIMIZER_AND_LIGHTSAIL,
)

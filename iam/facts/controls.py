"""Controls in published benchmarks that check the same thing as a review rule, perhaps with different thresholds.

- CIS Amazon Web Services Foundations Benchmark v3.0.0, https://www.cisecurity.org/benchmark/amazon_web_services
- AWS Security Hub, https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
- Prowler's checks, https://hub.prowler.com
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CIS, SECURITY_HUB, PROWLER = "CIS AWS Foundations 3.0", "AWS Security Hub", "Prowler"


@dataclass(frozen=True, slots=True)
class Control:
    framework: str
    id: str


def _controls(cis: str, security_hub: str, *prowler: str) -> tuple[Control, ...]:
    found = ((CIS, cis), (SECURITY_HUB, security_hub), *((PROWLER, each) for each in prowler))
    return tuple(Control(framework, id) for framework, id in found if id)


CONTROLS: Mapping[str, tuple[Control, ...]] = {
    "root.access-key": _controls("1.4", "IAM.4", "iam_no_root_access_key"),
    "root.no-mfa": _controls("1.5", "IAM.9", "iam_root_mfa_enabled"),
    "users.no-mfa": _controls("1.10", "IAM.5", "iam_user_mfa_enabled_console_access"),
    "users.unused-credentials": _controls("1.12", "IAM.22", "iam_user_accesskey_unused"),
    "keys.two-active": _controls("1.13", "", "iam_user_two_active_access_key"),
    "keys.old": _controls("1.14", "IAM.3", "iam_rotate_access_key_90_days"),
    "users.direct-policy": _controls("1.15", "IAM.2", "iam_policy_attached_only_to_group_or_roles"),
    "permissions.admin": _controls(
        "1.16",
        "IAM.1",
        "iam_aws_attached_policy_no_administrative_privileges",
        "iam_customer_attached_policy_no_administrative_privileges",
        "iam_inline_policy_no_administrative_privileges",
    ),
    "account.password-policy": (
        *_controls("1.8", "IAM.15", "iam_password_policy_minimum_length_14"),
        *_controls("1.9", "IAM.16", "iam_password_policy_reuse_24"),
    ),
    "account.no-analyzer": _controls("1.20", "IAM.28", "accessanalyzer_enabled"),
    "support.no-role": _controls("1.17", "IAM.18", "iam_support_role_created"),
    "trust.confused-deputy": _controls("", "", "iam_role_cross_service_confused_deputy_prevention"),
}

"""Rows for Packer."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

PACKER: tuple[System, ...] = (
    # Packer, "Amazon EBS builder" (https://developer.hashicorp.com/packer/integrations/hashicorp/amazon).
    documented(
        "the key of an image that is shared",
        "Packer refuses to share an image that is encrypted with the account's default key: no other account may use "
        "that key. Encrypt the image with a customer managed key (kms_key_id, region_kms_key_ids).",
        "The key's policy must let the other accounts use it (ami_users, ami_org_arns, ami_ou_arns). Or leave the "
        "sharing out. No call was made yet.",
        "Cannot share AMI encrypted with default KMS key",
        "Cannot share snapshot encrypted with default KMS key",
        title="Encrypt the image with a customer managed key",
    ),
    documented(
        "the instance profile of Packer's instance",
        "With session_manager, Packer's instance needs an instance profile whose role has "
        "AmazonSSMManagedInstanceCore: set iam_instance_profile.",
        "Or let Packer make one for the build: temporary_iam_instance_profile_policy_document (its caller then needs "
        "the actions of IAM for that, and iam:PassRole). No call was made yet.",
        "no iam_instance_profile defined; session_manager connectivity requires a valid instance profile",
        title="Set iam_instance_profile",
    ),
)

"""The row for Ansible's two sources of credentials."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

ANSIBLE: tuple[System, ...] = (
    # Ansible, amazon.aws, module_utils/botocore.py and "Amazon Web Services Guide"
    # (https://docs.ansible.com/ansible/latest/collections/amazon/aws/docsite/guide_aws.html).
    documented(
        "Ansible's two sources of credentials",
        "The task gets a profile and keys, and Ansible accepts only one of the two: leave the profile or the keys out. "
        "AWS was not called.",
        "Look at the task, module_defaults and the environment: AWS_PROFILE and AWS_ACCESS_KEY_ID count too.",
        "Passing both a profile and access tokens is not supported",
        title="Leave out the profile or the keys",
    ),
)

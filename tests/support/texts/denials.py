"""IAM's message of a denial that names the layer."""

from __future__ import annotations

NODE = "arn:aws:sts::111122223333:assumed-role/eks-shop-NodeInstanceRole-1AB/i-0123456789abcdef0"
"""The session of an EKS node's role."""


def denial(principal: str, action: str, resource: str) -> str:
    """Return the message for a denial because no identity-based policy allows the action."""
    return (
        f"User: {principal} is not authorized to perform: {action} on resource: {resource} because no identity-based "
        f"policy allows the {action} action\n"
    )

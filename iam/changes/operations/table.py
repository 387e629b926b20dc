"""The table of all write calls that a plan may contain.

No other write call is ever made. The names are those of the API; a test compares them with botocore's model.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from iam.changes.operations import groups, instance_profiles, instances, policies, providers, roles, users
from iam.changes.operations.operation import Operation, ParameterKind

OPERATIONS: Mapping[str, Operation] = MappingProxyType(
    {
        operation.name: operation
        for module in (roles, users, groups, instance_profiles, instances, policies, providers)
        for operation in module.OPERATIONS
    }
)


def parameters_of(operation: str) -> Mapping[str, ParameterKind]:
    """Return the parameters of an operation by name; empty for an operation that no plan may contain."""
    known = OPERATIONS.get(operation)
    return {} if known is None else known.parameters

"""Causes of a taken name, in the order in which they are tried.

Sources: Terraform, "Import"; Pulumi, "Importing resources"; CloudFormation User Guide, "Import AWS resources into a
stack"; CDK CLI, cdk import; Crossplane, "Import existing resources"; each service's guide on the roles it requires.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from diagnostics.diagnosis import FirstLook
from diagnostics.failure import Conflict
from diagnostics.text.causes.build_causes import Rule, contains, looked_up
from diagnostics.text.causes.conflicts.kinds import ONE_OF_ITS_OWN, by_kind, deleted_by_hand, instance_profile
from diagnostics.text.causes.conflicts.letter_case import same_in_other_case
from diagnostics.text.causes.conflicts.names_of_services import bootstrap, prescribed, service_owned
from diagnostics.text.causes.conflicts.other_terraform_states import of_another_state
from diagnostics.text.causes.conflicts.second_runs import second_run
from diagnostics.text.causes.conflicts.seen import seen
from diagnostics.text.causes.conflicts.stacks import (
    another_stack,
    failed_creation,
    left_over,
    moved_in_the_stack,
    named_stack,
)
from diagnostics.text.causes.conflicts.tools import same_state, tools
from diagnostics.text.causes.conflicts.two_resources import two_resources
from diagnostics.who import Who

RULES: tuple[Rule[Conflict], ...] = (
    deleted_by_hand,
    service_owned,
    named_stack,
    another_stack,
    left_over,
    prescribed,
    instance_profile,
    tools,
    failed_creation,
    by_kind,
)


def of_other_case(conflict: Conflict) -> Iterator[FirstLook]:
    """Yield the entity that a listing in the text shows under the same name in different case."""
    if (found := same_in_other_case(conflict)) is not None:
        yield FirstLook(
            f"{found.sentence} Use or import the existing resource, or choose another name. No permission is missing. "
            "The existing resource may be in use: do not delete it before you know who uses it.",
            contains(found.name),
            seen(replace(conflict, name=found.name)),
            Who.CALLER,
        )


def first_look(conflict: Conflict) -> tuple[FirstLook, ...]:
    """Return the causes, first those that decide. The text around several failures counts for each of them."""
    conflict = replace(conflict, text=conflict.pasted or conflict.text)
    if conflict.entity_type is None and conflict.owner_stack:
        return looked_up((named_stack,), conflict)  # not a known IAM entity
    if (conflict.entity_type or conflict.operation) in ONE_OF_ITS_OWN:
        return looked_up((by_kind,), conflict)
    deciding: tuple[Rule[Conflict], ...] = (
        service_owned,
        bootstrap,
        of_other_case,
        of_another_state,
        same_state,
        two_resources,
        moved_in_the_stack,
        second_run,
    )
    decided = (found for rule in deciding if (found := looked_up((rule,), conflict)))
    return next(decided, ()) or looked_up(RULES, conflict)

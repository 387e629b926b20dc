"""Determine the wanted entity from the pasted text: an AWS CLI command, Terraform, CloudFormation, or CloudTrail."""

from __future__ import annotations

from dataclasses import replace

from diagnostics.already_exists.kinds import EntityKind
from diagnostics.already_exists.wanted.cli import commands_in, deletions_in, from_commands
from diagnostics.already_exists.wanted.cloudformation import from_template
from diagnostics.already_exists.wanted.cloudtrail import from_events, from_pasted_event
from diagnostics.already_exists.wanted.eksctl import from_eksctl
from diagnostics.already_exists.wanted.entity import NOTHING_STATED, Wanted, document_of, merged, of_role
from diagnostics.already_exists.wanted.terraform import address_in, from_terraform
from diagnostics.failure import Conflict

__all__ = [
    "NOTHING_STATED",
    "Wanted",
    "commands_in",
    "deletions_in",
    "document_of",
    "find_wanted",
    "from_events",
    "merged",
]

LONGEST = 200_000
"""The maximum number of characters of a pasted text that are read."""


def find_wanted(conflict: Conflict, kind: EntityKind | None, name: str | None) -> Wanted:
    """Return the entity to be created, as the conflict or its text states it, or `NOTHING_STATED`."""
    if conflict.wanted is not None:
        return of_role(conflict.wanted, kind, name)
    text = conflict.text[:LONGEST]
    wanted = NOTHING_STATED
    for read in (from_commands, from_eksctl, from_terraform, from_template, from_pasted_event):
        try:
            wanted = merged(wanted, read(text, kind, name))
        except RecursionError:
            continue  # nested deeper than any document of AWS's
    if conflict.path and wanted.path is None:
        wanted = replace(wanted, path=conflict.path, source=wanted.source or "the pasted text")
    address = wanted.address or address_in(text)
    return replace(wanted, address=address) if address else wanted

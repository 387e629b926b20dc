"""Rows for exports of CloudFormation and for a stack set's CallAs."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

EXPORTS: tuple[System, ...] = (
    # AWS CloudFormation User Guide, "Outputs": names of exports are unique in an account and Region.
    made_system(
        "an export of another CloudFormation stack",
        "Change the export's name in one of the stacks: an export's name can exist only once in an account and Region "
        "(aws cloudformation list-exports shows which stack has it). A missing permission is not the cause.",
        r"Export\s+with\s+name\s+\S+\s+is\s+already\s+exported\s+by\s+stack",
        "is already exported by stack",
        subject=r"Export\s+with\s+name\s+(\S+)\s+is\s+already",
        verdict="Another CloudFormation stack already exports the name {name}: this stack cannot export it again.",
    ),
)

STACK_SETS: tuple[System, ...] = (
    # AWS CloudFormation API Reference, "CreateStackSet", CallAs: SELF by default, DELEGATED_ADMIN in a delegated
    # administrator's account (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html).
    made_system(
        "the stack set's CallAs",
        "From an account that is registered as a delegated administrator of StackSets: CallAs: DELEGATED_ADMIN in the "
        "template (AWS::CloudFormation::StackSet), --call-as DELEGATED_ADMIN in the AWS CLI, call_as in Terraform. "
        "From any other account: call from the management account, or first register the account from the management "
        "account.",
        r"(?:management|master)\s+account\s+or\s+(?:a\s+)?delegated\s+admin\w*\s+account[^\n]{0,80}SERVICE_MANAGED",
        "account or delegated admin",
        "account or a delegated admin",
        verdict="CloudFormation treats this call as the account's own (CallAs SELF, the default), which only the "
        "management account is allowed to make: a delegated administrator must send CallAs DELEGATED_ADMIN.",
        title="Send CallAs DELEGATED_ADMIN from a delegated administrator",
        sure=False,
    ),
)

"""Rows for permissions that a service keeps itself: no IAM policy grants them, not even AdministratorAccess."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

OWN_PERMISSIONS: tuple[System, ...] = (
    # AWS CloudFormation User Guide, "Prevent updates to stack resources"
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/protect-stack-resources.html).
    made_system(
        "the stack's own stack policy",
        "First decide whether the change is wanted (a change set shows what is replaced, which gives a new, empty "
        "resource). If it is, update the stack with a temporary policy (aws cloudformation update-stack "
        "--stack-policy-during-update-body), or change the policy (aws cloudformation get-stack-policy, "
        "set-stack-policy). If not, undo the change of the property that requires it.",
        r"\bAction\s+(?:denied|not\s+allowed)\s+by\s+stack\s+policy\b",
        "by stack policy",
        subject=r"by\s+stack\s+policy\b[^\n]{0,120}?\bLogicalResourceId/([\w-]+)",
        verdict="The stack's own stack policy forbids this update of {name}, even for administrators. IAM policies "
        "neither cause nor solve this.",
        title="Decide whether the update is wanted, then override the stack policy for it",
    ),
    # Amazon MQ Developer Guide, "Always configure an authorization map" and "Amazon MQ broker configuration lifecycle"
    # (https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/using-amazon-mq-securely.html,
    # https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/managing-broker-configurations.html); Apache
    # ActiveMQ, "Advisory Message" (https://activemq.apache.org/advisory-message): the topics that clients listen to.
    made_system(
        "the broker's authorization map",
        "Give one of this user's groups the right in an authorizationEntry of the broker's configuration "
        "(authorizationMap: read, write, or admin to create), or add the user to a group that has it; then reboot the "
        "broker, or wait for its maintenance window. For ActiveMQ.Advisory topics, write ActiveMQ.Advisory.>. Actions "
        "of mq: in IAM are for managing brokers only.",
        r"\bUser\s+\S+\s+is\s+not\s+authorized\s+to\s+(?:read\s+from|write\s+to|create|remove):?\s+"
        r"(?:temp-)?(?:topic|queue)://",
        "is not authorized to",
        subject=r"\b(User\s+\S+\s+is\s+not\s+authorized\s+to\s+[a-z ]+?:?\s+(?:temp-)?(?:topic|queue)://[\w.>*-]*\w)",
        verdict="ActiveMQ refused this, not IAM: “{name}”. The authorization map in the broker's configuration decides "
        "what its users are allowed to do.",
        title="Allow the user's group in the broker's authorization map",
    ),
)

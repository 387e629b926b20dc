"""The row for the authorization map of a broker of Amazon MQ."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

AUTHORIZATION_MAPS: tuple[System, ...] = (
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

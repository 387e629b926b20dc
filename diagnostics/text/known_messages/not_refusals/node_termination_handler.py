"""The row for the AWS Node Termination Handler."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, documented

NODE_TERMINATION_HANDLER: tuple[System, ...] = (
    # AWS Node Termination Handler, Helm chart, awsRegion (https://github.com/aws/aws-node-termination-handler).
    documented(
        "the Region of the termination handler",
        "The node termination handler does not know its queue's Region: set awsRegion in its chart (AWS_REGION). AWS "
        "was not called.",
        "Otherwise the handler gets the Region from the metadata service, which a pod cannot reach with a hop limit of "
        "1, or from the queue's URL.",
        "Unable to find the AWS region to process queue events",
        title="Set the Region of the termination handler",
    ),
)

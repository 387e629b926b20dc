"""The words that people and AWS use for the layers of a decision."""

from __future__ import annotations

from iam.lazy_pattern import regex
from iam.policy.layer import Layer
from iam.policy.principal import TRUST_ACTIONS

_WORDS = {layer: layer.value for layer in Layer} | {Layer.VPC_ENDPOINT: "vpce"}
_LAYERS = {word: layer for layer, word in _WORDS.items()} | {"trust": Layer.RESOURCE}

# The code's word for each layer of the JSON format, and AWS's name of the policy type.
POLICY_TYPES = {word: layer.policy_type for layer, word in _WORDS.items()} | {"trust": "role trust policy"}
TITLES = {word: f"{layer.policies[0].upper()}{layer.policies[1:]}" for layer, word in _WORDS.items()}
TITLES |= {"scp": "Organization: SCPs", "rcp": "Organization: RCPs", "trust": "Trust policy"}


ACTION_NAME = regex(r"(?<![\w:/-])(?!arn:|urn:|http)[a-z][a-z0-9-]{1,30}:[A-Z][A-Za-z]{2,}\b")
"""An action that a text names (``s3:GetObject``), whether IAM has it or not."""
DECODES = "sts:decodeauthorizationmessage"
"""The action that decodes a denial's message. It is a separate permission, which the denied call does not need."""
DEVICE_CODES = ("AUTHORIZATION_FAILURE", "Authorization Failure")
"""The words in AWS IoT's log about a device's request that the IoT policy does not allow."""
THING_VARIABLES = (
    "have a value only if the certificate is attached to the thing, and the client ID is the thing's name (or the "
    "attachment is exclusive)"
)
"""When variables of the thing have a value: AWS IoT Core Developer Guide, "Thing policy variables"
(https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html)."""
UNSIGNED = frozenset({"sts:assumerolewithsaml", "sts:assumerolewithwebidentity"})
"""Actions whose calls are not signed: they have no caller with policies (STS API reference)."""
TASK_START = r"ResourceInitializationError|CannotPull(?:ECR)?Container\w*|execution resource retrieval failed"
"""A pattern of ECS's errors before a task's program starts. Until then, ECS makes calls with the task's execution role.

   Amazon ECS Developer Guide, "Amazon ECS task execution IAM role"
(https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html).
"""
LAUNCHED_BY_SCALING = (
    r"\b[Aa][Ss][Gg]\b|\bAsg[A-Z]|\b[Aa]uto[ -]?[Ss]caling|\b[Nn]ode[ _-]?[Gg]roups?\b|\bnodegroup/|_node_group\b"
)
"""A pattern of words for instances that an Auto Scaling group launches.

Amazon EKS User Guide, "Managed node groups": every node belongs to an Auto Scaling group
(https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html).
"""
REFUSED_CALLS = (
    "aws cloudtrail lookup-events --max-items 1000 --query \"Events[?contains(CloudTrailEvent, 'errorCode')]."
    '[EventTime,EventSource,EventName,Username]" --output text'
)
"""The command that lists the failed calls among the last 1,000 events of an account in a Region.

   CloudTrail User Guide, "Working with CloudTrail event history": events of 90 days, without data events; those of
global services such as IAM are in us-east-1
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html).
"""
BOTH_SIDES = ("kms", "iam", "sts", "execute-api")
"""Services whose resource policy must allow a call, or delegate the decision to the account, even within one account.
"""


def is_trust_action(action: str | None) -> bool:
    return action is not None and action.lower() in TRUST_ACTIONS


def word_of(layer: Layer, *, trust: bool = False) -> str:
    """Return the layer's word in cause codes; the resource layer of ``sts:AssumeRole*`` is the trust policy."""
    return "trust" if trust and layer is Layer.RESOURCE else _WORDS[layer]


def layer_of(word: str) -> Layer:
    """Return the layer for a word of a cause code. Raises KeyError if there is no such word."""
    return _LAYERS[word]

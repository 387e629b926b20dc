"""Rows for Amazon Bedrock: access to models, clients."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, documented, made_system

OWN_MODEL, MODEL_ACCESS = "the model's Region and the account of the call", "Bedrock's model access"
_NO_MODEL = r"(?:don't\s+have\s+access\s+to\s+the\s+model\s+with|model\s+access\s+is\s+denied)"
# "Grant IAM permissions to request access to models with a product ID", on the same page, lists these providers.
_NOT_SOLD = r"\b(?:amazon\.(?:nova|titan|rerank)|meta\.llama|mistral\.|deepseek\.|qwen\.|openai\.gpt)"
_MARKETPLACE = r"\b(?:anthropic|cohere|ai21|stability|writer|luma|twelvelabs)\."

BEDROCK_MODELS: tuple[System, ...] = (
    # Amazon Bedrock User Guide, "Request access to models": access is on by default, and only third-party models are
    # subscribed in AWS Marketplace (https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html); API
    # Reference, "GetFoundationModelAvailability"
    # (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_GetFoundationModelAvailability.html).
    made_system(
        OWN_MODEL,
        "Run aws bedrock get-foundation-model-availability --model-id MODEL --region REGION with the program's own "
        "credentials, MODEL without us., eu. or global.: its answer tells regionAvailability, authorizationStatus, "
        "entitlementAvailability and agreementAvailability. Compare the account of the credentials or API key with the "
        "intended account. If everything is available, policies of the caller or the organization may restrict the "
        "model. Some Regions offer a model only through an inference profile.",
        rf"{_NO_MODEL}(?=[\s\S]{{0,2000}}{_NOT_SOLD})|{_NOT_SOLD}[\s\S]{{0,2000}}?{_NO_MODEL}",
        "access to the model with",
        "model access is denied",
        flags=re.MULTILINE | re.IGNORECASE,
        unless=_MARKETPLACE,
        verdict="Bedrock says that the account of the call has no access to this model in the Region of the call. "
        "Access is on by default and this model needs no subscription: ask Bedrock what is missing.",
        title="Ask Bedrock what the account lacks for this model: its Region, its agreement or its authorization",
        sure=False,
        regional=True,
    ),
    made_system(
        MODEL_ACCESS,
        "First compare the Region and the model ID that the program really sends (region_name, AWS_REGION, its logs) "
        "with those for which access is granted: both may differ from the console's. A program may also test its key "
        "with a different model. Then check what the first call needs. Models of AWS Marketplace: "
        "aws-marketplace:Subscribe, aws-marketplace:ViewSubscriptions and a payment method. Anthropic's models: the "
        "use-case form. Then wait up to 15 minutes.",
        r"don't\s+have\s+access\s+to\s+the\s+model\s+with|model\s+access\s+is\s+denied"
        r"|do\s+not\s+have\s+access\s+to\s+the\s+model",
        "access to the model with",
        "model access is denied",
        "access to the model",
        verdict="Start with Bedrock's model access, not with IAM's policies: it is decided for the model ID and the "
        "Region of the call.",
    ),
)

BEDROCK_CLIENTS: tuple[System, ...] = (
    # "Configure AWS Credentials" Action for GitHub Actions, its README and messages
    # (https://github.com/aws-actions/configure-aws-credentials).
    # Claude Code, "Claude Code on Amazon Bedrock": CLAUDE_CODE_USE_BEDROCK and AWS credentials in its environment
    # (https://code.claude.com/docs/en/amazon-bedrock); the message is the Anthropic SDK's, whose client for Bedrock is
    # AnthropicBedrock (https://github.com/anthropics/anthropic-sdk-python#aws-bedrock).
    documented(
        "the client for Bedrock",
        "The program's client looks for an Anthropic API key, not for AWS credentials: in this process it is not set "
        "to Bedrock. AWS was not called.",
        "Set the program's Bedrock setting where it really runs (CLAUDE_CODE_USE_BEDROCK=1 and AWS_REGION, also in the "
        "editor's settings: an editor that was started from the desktop does not read the shell's profile), or use the "
        "client AnthropicBedrock in code.",
        "Could not resolve authentication method. Expected either apiKey or authToken to be set",
        "Could not resolve authentication method. Expected either api_key or auth_token to be set",
        unless=r"\A(?![\s\S]*(?i:bedrock|\baws\b))",
        title="Set the program to Bedrock where it runs",
    ),
)

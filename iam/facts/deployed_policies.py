"""Resource policies that take effect only after another step."""

from __future__ import annotations

DEPLOYED = "A changed policy takes effect only after the API is deployed again (aws apigateway create-deployment)."
"""The step that is needed after a change of an API's resource policy.

   API Gateway Developer Guide, "Create and attach an API Gateway resource policy to an API"
(https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-create-attach.html).
"""

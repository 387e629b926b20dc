"""Words that say that data is encrypted with a customer managed key."""

from __future__ import annotations

CUSTOMER_KEY_SAID = (
    r"\b(?:(?:since|after|once) (?:it|the secret|the parameter|the data|we)|is|are|was|were|has|have|uses?)\b"
    r"(?: (?:now|since|encrypted|switched|moved|changed|uses?|using|has|have|with|to|by|under)){0,4}"
    r" (?:a|an|the|our|my|its|their) (?:(?:KMS )?key of (?:our|my|its|their) own\b"
    r"|own (?:KMS |customer[- ]managed )?key\b|customer[- ]managed (?:KMS )?key\b|CMK\b)"
)
"""Words of the author that the data is encrypted with a customer managed key (spaces match any white space)."""

"""Rows for records and hosted zones of Amazon Route 53."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, made_system

MANAGED_ZONES: tuple[System, ...] = (
    # AWS Cloud Map API Reference, "CreatePrivateDnsNamespace": it creates the hosted zone
    # (https://docs.aws.amazon.com/cloud-map/latest/api/API_CreatePrivateDnsNamespace.html); Route 53 API Reference,
    # "LinkedService": Route 53 cannot change what another service created
    # (https://docs.aws.amazon.com/Route53/latest/APIReference/API_LinkedService.html).
    made_system(
        "the service that manages the hosted zone",
        "Change the records through AWS Cloud Map (external-dns: --provider=aws-sd), or exclude this zone "
        "(--domain-filter, --zone-id-filter) and use a hosted zone of your own. No IAM action makes it editable.",
        r"resource\s+hostedzone/\w+\s+can\s+only\s+be\s+managed\s+through",
        "can only be managed through",
        subject=r"can\s+only\s+be\s+managed\s+through\s+((?:AWS\s+)?[A-Z][\w ]{2,30}?)\s*(?:\(|[.\"\n])",
        verdict="The hosted zone belongs to {name}: Route 53 refuses direct changes to it, regardless of what policies "
        "allow.",
        title="Change the records through the service that manages the zone",
    ),
)

EXISTING_RECORDS: tuple[System, ...] = (
    # Route 53 API Reference, "ChangeResourceRecordSets": CREATE, UPSERT, InvalidChangeBatch
    # (https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html).
    made_system(
        "the record that already exists",
        "Look at the record (aws route53 list-resource-record-sets). If it is the intended one, import it into the "
        f"tool, or let the tool overwrite it (UPSERT; Terraform: allow_overwrite = true). {NONE_MISSING}",
        r"Tried\s+to\s+create\s+resource\s+record\s+set\s+\[[^\]]{1,300}\]\s+but\s+it\s+already\s+exists",
        "tried to create resource record set",
        subject=r"Tried\s+to\s+create\s+resource\s+record\s+set\s+\[name='([^'\n]{1,255}?)\.?'",
        verdict="The hosted zone already has the record {name}: import it or overwrite it, after comparing its values. "
        "No permission is missing.",
        title="Import the record, or overwrite it",
    ),
)

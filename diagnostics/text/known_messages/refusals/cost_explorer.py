"""Messages of AWS Cost Explorer."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"

COST_EXPLORER: tuple[ServiceSentence, ...] = (
    row(
        "not enabled for cost explorer",
        r"\bnot enabled for cost explorer\b",
        "the account, for everybody",
        "Cost Explorer is not enabled for this account",
        "Cost Explorer is not enabled for this account, or the management account does not let this member use it. "
        "No policy of the caller is missing.",
        UsualCause(
            "Open Cost Explorer once in the Billing and Cost Management console of this account (as its root "
            "user, if users and roles have no access to billing): the API cannot enable it, and the first data "
            "takes about 24 hours. For a member account, the management account must allow members access to "
            "Cost Explorer in the cost management preferences."
        ),
        page=f"{_API}/cost-management/latest/userguide/ce-enable.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)

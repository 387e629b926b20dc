from __future__ import annotations

import pytest

from diagnostics.diagnose import read_text, usual_causes

WHO = "arn:aws:sts::264091857733:assumed-role/Billing/mika"
DENIED = (
    f"AccessDeniedException: User: {WHO} is not authorized to perform: secretsmanager:GetSecretValue on resource: "
    "arn:aws:secretsmanager:eu-north-1:264091857733:secret:billing/stripe-Qw7LxT "
)
RCP = "with an explicit deny in a resource control policy"
NO_ALLOW = "because no identity-based policy allows the secretsmanager:GetSecretValue action"
INSIDE = "# 17:40 office\n$ node print.js billing/stripe\nok\n"
REST = "$ node print.js billing/stripe\n"


@pytest.mark.parametrize(
    ("text", "network"),
    [
        (f"{INSIDE}# 21:15 at home, VPN is down\n{REST}{DENIED}{RCP}", True),
        (f"[17:40] on the VPN\n{REST}ok\n[21:15] from the hotel\n{REST}{DENIED}{RCP}", True),
        (f"{INSIDE}# 21:15 at home, VPN is down\n{REST}{DENIED}{NO_ALLOW}", False),
        (f"{INSIDE}# 18:15 still here\n{REST}{DENIED}{RCP}", False),
        (f"# 21:15 at home\n{REST}{DENIED}{RCP}", False),
    ],
)
def test_a_deny_that_depends_on_where_the_call_was_made(text: str, network: bool) -> None:
    looks = usual_causes(read_text(text)[0], ())
    assert ("condition on the network" in looks[0].cause if looks else False) is network

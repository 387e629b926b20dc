"""The address that a text shows a call came from."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.own_address import own_address


@pytest.mark.parametrize(
    "text",
    [
        "$ curl -s https://checkip.amazonaws.com\n198.51.100.73\n$ aws s3 ls",
        "my IP is 198.51.100.73 and the call is denied",
        "called from 198.51.100.73, AccessDenied",
        "198.51.100.73 is our NAT gateway",
        "X-Forwarded-For: 198.51.100.73",
        "egress ip = 198.51.100.73",
        "office egress changed to 198.51.100.73 yesterday",
        "our NAT has moved to 198.51.100.73",
        "the VPN IP is now 198.51.100.73",
        '198.51.100.73 - - [30/Nov/2026:10:00:00 +0000] "PUT /x" 403',
    ],
)
def test_an_address_that_is_said_to_be_the_callers_is_read(text: str) -> None:
    assert own_address(text) == "198.51.100.73"


@pytest.mark.parametrize(
    "text",
    [
        "driver v2.1.0.33: AccessDenied",
        "Redshift ODBC driver version 2.1.0.33",
        "the server changed to 198.51.100.73",
        "the client moved to release 198.51.100.73",
        "athena-jdbc==3.2.1.0",
        "from version 11.0.20.8 to 17.0.9.8",
        "client version: 11.0.20.8",
        "$ java -version\n11.0.20.8",
        "OpenJDK 11.0.20.8 AccessDenied",
        "Corretto 8.02.08.1",
        "AccessDenied: Access Denied with address : 52.218.1.1",
        "dial tcp 52.94.5.6:443: i/o timeout",
        "server IP: 52.94.5.6",
        "from 10.1.2.3",
        "from 999.1.2.3",
        "from 52.94.5.6 and then from 52.94.5.7",
    ],
)
def test_a_version_a_server_and_a_private_address_are_none(text: str) -> None:
    assert own_address(text) is None


@pytest.mark.parametrize("way", ["via CloudFront", "through our corporate proxy", "behind an ALB"])
def test_the_clients_address_is_not_the_callers_behind_another_machine(way: str) -> None:
    assert own_address(f"called {way} from 198.51.100.73, AccessDenied") is None

"""Find an MFA device that a call names and that the list of the user's devices in the text does not contain.

AWS CLI Command Reference, "list-mfa-devices" (https://docs.aws.amazon.com/cli/latest/reference/iam/list-mfa-devices.html).
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.text.near_pairs.difference_and_advice import Basis, NearPair
from diagnostics.text.near_pairs.named_values import Paste
from iam.arn import account_of
from iam.lazy_pattern import regex
from iam.words import listing

_DEVICE = r"(?P<arn>arn:[\w-]+:iam::\d{12}:(?:mfa|u2f)/[\w+=,.@/-]+)"
_SENT = regex(rf"(?:--serial-number[ =]|\bmfa_serial\s*=\s*|-SerialNumber\s+|\bSerialNumber=)[\"']?{_DEVICE}")
_LISTED = regex(rf"\"SerialNumber\"\s*:\s*\"{_DEVICE}")
_LIST = regex(r"\blist-mfa-devices\b(?P<options>[^\n]*)\n(?P<rows>(?:(?![^\n]{0,60}[$#%>] +\w)[^\n]*\n?){1,20})")
_ARN = regex(_DEVICE)


def of_mfa_devices(paste: Paste) -> Iterator[NearPair]:
    """Yield the device that a call names, if MFA failed and the list in the text has only other devices."""
    if "MultiFactorAuthentication failed" not in paste.text:
        return
    sent = {found["arn"] for found in _SENT.finditer(paste.text)}
    had = [found["arn"] for found in _LISTED.finditer(paste.text)]
    had += [found["arn"] for each in _LIST.finditer(paste.text) for found in _ARN.finditer(each["rows"])]
    if len(sent) != 1 or not had or sent & set(had) or {account_of(each) for each in had} != {account_of(*sent)}:
        return
    listed = listing(list(dict.fromkeys(had)), "or")
    differ, fresh = "they are two devices", " Send a new code: AWS accepts each code once."
    basis, code = Basis.LISTED, "credentials.invalid"
    place = "the list of devices"
    (device,) = sent
    yield NearPair("MFA device", device.split(":", 5)[5], "the call", listed, place, differ, basis, code, also=fresh)

"""Signs that STS gives no reason for its refusal."""

from __future__ import annotations

from diagnostics.claims.kinds import TextPart
from diagnostics.text.causes.build_causes import lacks

NO_REASON = lacks("the usual cause where STS gives no reason", TextPart.REASON)

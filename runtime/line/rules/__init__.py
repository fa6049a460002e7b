"""LINE's message rules: what it would refuse, in its own words, before it is sent.

One table (`runtime/line/rules.json`) drives the screen, the explainer, the repairs, the JSON Schema for editors
and the reference page.
"""

from __future__ import annotations

from runtime.line.rules.judge import GOOD, Judgement, check, judge, judge_object, judge_request, respond
from runtime.line.rules.repair import repair

__all__ = ["GOOD", "Judgement", "check", "judge", "judge_object", "judge_request", "repair", "respond"]

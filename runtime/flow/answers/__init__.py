"""What people mean by their words, in Japanese, Thai, Chinese, Indonesian and English.

Each reader takes the text and the user's language and gives a value, or None when the text does not clearly say
one. The user's language is tried first, then the others: somebody may well answer a Thai question with "yes".
Nothing here guesses: a text must be understood to its last word. No clock: `today` is passed in.
"""

from __future__ import annotations

from runtime.flow.answers.choices import Option, read_choice
from runtime.flow.answers.dates import read_date
from runtime.flow.answers.free import read_regex, read_text
from runtime.flow.answers.numbers import read_number
from runtime.flow.answers.yes_no import read_yes_no

__all__ = ["Option", "read_choice", "read_date", "read_number", "read_regex", "read_text", "read_yes_no"]

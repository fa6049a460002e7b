"""What people mean by their words, in Japanese, Thai, Chinese, Indonesian and English.

Each reader takes the text and the user's language and gives a value, or None when the text does not clearly say
one. The user's language is tried first, then the others: somebody may well answer a Thai question with "yes".
Nothing here guesses: a text must be understood to its last word. No clock: `today` is passed in.
"""

from __future__ import annotations

from runtime.flow.answers.choices import Option, read_choice
from runtime.flow.answers.contacts import read_email, read_phone, read_url
from runtime.flow.answers.dates import read_date
from runtime.flow.answers.free import read_regex, read_text
from runtime.flow.answers.numbers import read_number
from runtime.flow.answers.quantities import read_age, read_duration, read_money, read_percentage, read_temperature
from runtime.flow.answers.times import read_datetime, read_time
from runtime.flow.answers.yes_no import read_yes_no

__all__ = [
    "Option",
    "read_age",
    "read_choice",
    "read_date",
    "read_datetime",
    "read_duration",
    "read_email",
    "read_money",
    "read_number",
    "read_percentage",
    "read_phone",
    "read_regex",
    "read_temperature",
    "read_text",
    "read_time",
    "read_url",
    "read_yes_no",
]

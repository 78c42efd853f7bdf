"""The value rules in order, each with an example that reads differently without it.

At each atom that may begin a value, the first rule that finds one decides; what `skip` rules find is no value.
Any rule can be left out: `find_values(parse, mentions, rules=...)`.
"""

from typing import NamedTuple

from samestory.annotate.values.calendar_dates import find_calendar_date, find_month, find_numeric_date
from samestory.annotate.values.name_numbers import (
    skip_address,
    skip_list_number,
    skip_name_number,
    skip_phone,
)
from samestory.annotate.values.person_numbers import find_age, find_score, find_share
from samestory.annotate.values.plain_numbers import find_number, find_ordinal
from samestory.annotate.values.relative_dates import (
    find_days_ago,
    find_named_day,
    find_shifted_period,
    find_single_duration,
    find_weekday,
)
from samestory.annotate.values.value_context import ValueRule
from samestory.annotate.values.years import find_century, find_decade, find_elapsed_time, find_time_of_day, find_year


class NamedValueRule(NamedTuple):
    """A rule, and a text that it reads."""

    find: ValueRule
    example: str


VALUE_RULES: dict[str, NamedValueRule] = {name: NamedValueRule(rule, example) for name, rule, example in (
    # no values
    ("addresses", skip_address, "It has #5 ."),
    ("list numbers", skip_list_number, "1. Read the news."),
    # dates
    ("dates in digits", find_numeric_date, "It was 2019-01-04 ."),
    ("telephones", skip_phone, "Call 800-273-8255 ."),
    ("calendar dates", find_calendar_date, "It was on January 4 , 2019 ."),
    ("elapsed times", find_elapsed_time, "She ran it in 2:20:51 ."),
    ("times of day", find_time_of_day, "It was 6 a.m. ."),
    ("decades", find_decade, "in the 1990s ."),
    ("centuries", find_century, "in the 19th century ."),
    ("results", find_score, "They voted 52-48 ."),
    ("names", skip_name_number, "It was Article 50 ."),
    # people and shares
    ("ages", find_age, "A 23-year-old man left ."),
    ("shares", find_share, "two-thirds of voters ."),
    ("years", find_year, "in 2016 ."),
    ("days ago", find_days_ago, "two days ago ."),
    ("single durations", find_single_duration, "for a year ."),
    # numbers
    ("ordinals", find_ordinal, "the third woman ."),
    ("numbers", find_number, "30 people ."),
    # days and periods by name
    ("weekdays", find_weekday, "on Monday ."),
    ("named days", find_named_day, "It was yesterday ."),
    ("periods", find_shifted_period, "last month ."),
    ("months", find_month, "in October ."),
)}

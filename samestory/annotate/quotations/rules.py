"""The quotation rules by name, each with an example that reads differently without it.

Any of them can be switched off: `find_quotations(parse, mentions, rules=...)`. The place where a rule is carried out
asks `parsed.applies(name)`; `make rules` measures what each one gains and loses. The order is that of the steps:
claims, their content, their speaker, the speaker's name.
"""

QUOTATION_RULES: dict[str, str] = {
    # marks
    "questions before names": "The hall was full. “Who pays?” Ann Lee asked the clerk.",
    "brackets and dashes": "The ferry turned back (the swell was too high, Ann Lee said).",
    "signatures below": "“A town without a market is a car park.”\n\n— Edith Carrow, baker\n\nIt will close.",
    "introductions": "Both sides spoke.\n\nAnd from Chairwoman Lorna Beck:\n\n“We will listen to all of you.”",
    # claims
    "transcript turns": "WALLACE: Will you go?\n\nLEE: I will.\n\nWALLACE: When?\n\nLEE: Soon, I hope.",
    "reopened marks": "Ann Lee said: “We came early.\n\n“We stayed late.”",
    "according to": "The bridge will close in May, according to Ann Lee.",
    "nouns": "Ann Lee’s claim that the bridge was safe surprised the town.",
    "continuations": "Ann Lee said the systems differ. The key is to respect each other.",
    # speakers
    "inverted speakers": "“Nobody asked the tenants,” grumbled Grace Parkin.",
}

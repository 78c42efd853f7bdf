"""Articles full of characters that programs read in different ways; offsets into their texts must survive an export."""

import json

BIDI, COMBINING, ASTRAL = "\u202eevil\u202c \u2067שלום\u2069", "Zoe\u0308 Cafe\u0301", "🧑\u200d🚀 𝔘𝔫𝔦 𠮷"
SPEECH = "“We will rebuild {0} by May,” Mayor Ann Lee said on Monday in Berlin."

HOSTILE_TEXTS = {
    "bidi/1": f"{SPEECH.format(BIDI)}\n\nMinister Tom Berg {BIDI} denied that the {BIDI} talks had failed.",
    "combining": SPEECH.format(COMBINING) + f"\n\nJosé Álvarez told Reuters that {COMBINING} would reopen.",
    "astral": f"{ASTRAL} {SPEECH.format(ASTRAL)}\nThe mayor, {ASTRAL}, said “all {ASTRAL} is lost”.",
    "controls": SPEECH.format("a\x00b\x07c\x1bd\ufffee") + "\n\nAnn\x0b Lee said\x85that \x1fit\u2028was\u2029over.",
    "returns": f"{SPEECH.format('it')}\r\n\r\nTom Berg said he would leave.\rAnn Lee said: “No.”\r\n",
    "mark": f"\ufeff{SPEECH.format('the bridge')} \ufeff Tom Berg said it was safe.",
    "markup": SPEECH.format("]]> <said who='x'>&amp; &#0; <!-- --> {{=}}")
              + "\n\n<script>alert(1)</script> Ann Lee said so.",
    "cells": "=HYPERLINK(1) said Ann Lee on Monday.\n\n" + SPEECH.format("| a\\p \\n\t\tb\tc  d")
             + "\n\n@SUM(1) +1 -1 _ # text = x",
    "=1+1 | a  b": SPEECH.format("tabs\tand | bars") + "\n# sent_id = 1\n1\tx\t_\t_\t_\t_\t0\t_\t_\t_",
    "long": SPEECH.format("x" * 1_500) + "\n\n" + "Tom Berg said yes. " * 40,
    "interrupted": "“The first part,” said Tom Berg, “and the second part of it, are ready.”\n\nHe said the United"
                   " Nations, led by António Guterres, was “ready to help”.",
}


def write_hostile_records() -> str:
    """The articles as JSON lines; two have a headline that is in the metadata only."""
    records = [{"id": name, "outlet": f"Outlet {place % 2}", "text": text, "published_at": "2026-03-02"}
               for place, (name, text) in enumerate(HOSTILE_TEXTS.items())]
    records[0]["headline"] = f"Ann Lee says {BIDI} will rise in Berlin"
    records[3]["headline"] = "Tom Berg\x07 and\r\nAnn Lee <b>meet</b> in Paris"
    return "\n".join(json.dumps(record) for record in records)

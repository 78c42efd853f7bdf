"""`make patterns`: articles that repeat one pattern are cleaned and annotated at 30,000 and 120,000 characters.

Four times the characters may take some four times as long; a pattern that takes more than six times as long is marked.
Times are CPU seconds. Names of patterns as arguments measure these alone.
"""

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from samestory.annotate.annotate import annotate_articles
from samestory.clean.articles import Article, clean_articles
from samestory.read.corpus import find_corpus

SIZES, MAX_RATIO, LEAST_SECONDS = (30_000, 120_000), 6.0, 0.1
START = "The talks with Japan ended on Thursday, he said. It was the first of the meetings.\n"
PATTERNS = {
    "opening marks": "“", "straight marks": '"', "speech": "“x” ", "speech and verb": "“a,” he said. ", "nested": "“‘",
    "apostrophes": "'", "brackets": "(", "square brackets": "[", "names": "Ann Lee ", "capitals": "ABC ",
    "he said": "he said ", "said": "said ", "joiners": "\u200d", "right to left": "\u202e", "accents": "a\u0301",
    "accents alone": "\u0301", "emoji": "\U0001f600", "misread": "Ã¢â‚¬â„¢", "NUL": "\0", "newlines": "\n",
    "short lines": "a\n", "letters": " x", "fixed spaces": "\u00a0", "digits": "9", "digits and commas": "1,",
    "numbers": "12.5 million ", "dates": "May 4, 2021 ", "amounts": "$5bn ", "shares": "5% ", "hyphens": "--",
    "dashes": "— ", "full stops": ". ", "ellipses": "...", "abbreviations": "U.S. ", "initials": "A. B. ", "less": "<",
    "open tags": "<p>", "tags": "<b>x</b>", "entities": "&amp;", "ampersands": "&", "addresses": "http://a.b/",
    "at signs": "@a ", "hashes": "#a ", "semicolons": "; ", "colons": "a: ", "slashes": "/", "backslashes": "\\",
    "bars": "|", "underscores": "_", "stars": "*", "that": "that ", "and": "Ann and Bob and ", "of the": "of the ",
    "relative": "who said that ", "according": "according to ", "titles": "Mr. Lee ", "offices": "minister ",
    "long titles": "President Ann Lee of the United States ", "statements": "Ann Lee said. ", "open lines": "“x\n",
    "never closed": "“Hello there said Ann Lee on May 4 ", "closing marks": "x” ", "guillemets": "«x» ",
    "low marks": "„x“ ", "Chinese": "新华社", "Arabic": "صحيفة ", "mixed case": "aB", "hyphened": "a-", "one word": "a",
    "don't": "don't ", "possessives": "Lee's ", "tabs": "\t", "returns": "\r", "form feeds": "\f",
    "line separators": "\u2028", "answers": "Q: x\nA: y\n", "items": "- x\n", "quoted lines": "> x\n", "years": "2021 ",
    "times": "10:30 ", "ordinals": "1st ", "Roman numbers": "IV ", "they said": "They said they said "}


def main() -> None:
    """Measure patterns, and print a line for each."""
    measure_seconds("x")  # loads the model
    for name in sys.argv[1:] or PATTERNS:
        small, large = (measure_seconds((PATTERNS[name] * size)[:size]) for size in SIZES)
        ratio = large / max(small, LEAST_SECONDS)
        mark = "  more than linear" if ratio > MAX_RATIO else ""
        print(f"{name:<18} {small:6.2f} s {large:6.2f} s  x{ratio:.1f}{mark}", flush=True)


def measure_seconds(text: str) -> float:
    """The CPU seconds to clean and annotate a text."""
    with TemporaryDirectory(prefix="pattern-") as folder:
        Path(folder, "a.txt").write_text(START + text, encoding="utf-8", newline="")
        began = time.process_time()
        articles = [found for found in clean_articles(find_corpus(folder)) if isinstance(found, Article)]
        for article in articles:
            article.row["counted"] = True  # in whatever language it seems to be
        annotate_articles(articles)
        return time.process_time() - began


if __name__ == "__main__":
    main()

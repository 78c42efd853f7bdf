"""How accurate samestory is on annotated articles: `make accuracy`, and `make rules` for what each rule adds.

`gold` reads the annotation; `tables` annotates the same articles; `quotation_score` and `name_score` compare them
article by article; `figures` makes percentages with intervals of the counts; `floors` compares these with what they
must reach; `pages` writes them into README.md and docs/accuracy.md.
"""

"""Count: terms by article and outlet, spellings folded; additive, in bounded memory."""

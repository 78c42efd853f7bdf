"""Count: counts terms by article and outlet, with spellings folded; counts are additive, memory is bounded."""

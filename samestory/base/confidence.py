"""The confidence from which quotations are shown and counted; apart from schema.py, which imports Arrow."""

# Leaves out sentences that may continue a quotation but are not marked as such.
MIN_QUOTATION_CONFIDENCE = 0.35

"""Eligible workers by village, the denominator: counted by an office, or estimated."""

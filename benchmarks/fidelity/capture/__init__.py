"""Captures finished pages with ground truth, in the corpus's layout."""

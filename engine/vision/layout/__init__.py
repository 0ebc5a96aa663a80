"""Percepts to node tree: what is where becomes how it flows."""

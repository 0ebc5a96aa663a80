"""Scores a rendered page against the design it was generated from.

Pure functions over measured pages: what a browser saw of generated code
(`workers.render`) or what is known of the original. Needs the `verify` extra.
"""

"""The release: engine, schema format, prompts and programs ship together under one version."""

VERSION = "0.1.0"

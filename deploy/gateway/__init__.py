"""Envoy's configuration: filled from `envoy/envoy.yaml` and checked with the real binary."""

"""What `make bench` and `make bench-fidelity` run."""

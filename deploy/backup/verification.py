"""Verifies a backup the only way that counts: by restoring it, beside what is in use."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from deploy.backup import database
from deploy.backup.catalog import Verification, find, record
from deploy.backup.errors import ContentsDifferError, DamagedBackupError, ProgramFailedError
from deploy.backup.images import ImageReport, check_images
from deploy.backup.manifest import Manifest
from deploy.backup.progress import Progress
from deploy.backup.restoring import check, compare, load
from deploy.backup.site import Site
from stores.objects.s3 import ImageObjects


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found. `images` is None when they were not asked for."""

    manifest: Manifest
    seconds: float
    images: ImageReport | None


async def verify(
    site: Site, backup_id: str, progress: Progress, *, images: ImageObjects | None = None
) -> Verified:
    """Restores a backup into a scratch database, compares it, drops it, and notes the outcome.

    Args:
        site: Where backups are; the scratch database is made on its database's server.
        backup_id: Which one; "latest" for the newest good one.
        progress: Told how far it is.
        images: Where images are, to look at every one that the backup names.

    Raises:
        NoSuchBackupError, WrongKeyError: When there is nothing that could be verified.
        DamagedBackupError, ContentsDifferError, ProgramFailedError: When it is not good; noted.
        NotPermittedError: When the role may not create the scratch database.
    """
    begun = time.monotonic()
    manifest = await find(site, backup_id)
    report: ImageReport | None = None
    try:
        await check(site, manifest, progress)
        await database.require_version(site.database_url, manifest.server_version)
        suffix = re.sub(r"\W", "_", manifest.id).lower()
        async with database.scratch(site.database_url, suffix) as url:
            await load(site, manifest, url, progress)
            await compare(manifest, url, progress)
            if images is not None:
                report = await check_images(url, images, progress)
    except (DamagedBackupError, ContentsDifferError, ProgramFailedError) as error:
        await record(site, manifest, Verification(datetime.now(UTC), False, str(error)))
        raise
    await record(site, manifest, Verification(datetime.now(UTC), True))
    return Verified(manifest, round(time.monotonic() - begun, 3), report)

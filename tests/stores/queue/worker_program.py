"""A worker for tests: sleeps a little over each computation, then completes it.

Arguments: the database's URL, the time for a job in seconds, the heartbeat timeout in seconds.
"""

import asyncio
import os
import signal
import sys

from stores.postgres.computations import Computations
from stores.postgres.database import Database, DatabaseOptions
from stores.queue.consumer import Consumer, ConsumerOptions, Job


async def main() -> None:
    url, seconds, heartbeat = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    database = Database(DatabaseOptions(url, pool_size=4))
    await database.open()
    computations = Computations(database)

    async def work(job: Job) -> None:
        started = await computations.start(job.key, worker=str(os.getpid()), max_attempts=50)
        if started is None:
            return
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            await computations.release(started.id, attempt=started.attempt)
            raise
        completed = await computations.complete(started.id, started.spec)
        await database.execute(
            "INSERT INTO finishes (id, counted) VALUES ($1, $2)", started.id, completed
        )

    async def dead(job: Job, error: Exception) -> None:
        await computations.fail(job.key, reason="ANALYSIS_FAILED", message=str(error))

    consumer = Consumer(
        database,
        work,
        on_dead=dead,
        options=ConsumerOptions(
            concurrency=4,
            heartbeat_timeout=heartbeat,
            poll_interval=0.3,
            drain_timeout=5.0,
        ),
    )
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, consumer.stop)
    await consumer.run()
    await database.close()


asyncio.run(main())

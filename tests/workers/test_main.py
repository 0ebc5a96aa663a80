import subprocess
import sys

# In place of the worker's program: it starts processes, as the browser's driver is started,
# while gRPC's threads are at work.
PROGRAM = """
import asyncio, sys, types

def run():
    import grpc.aio, uvloop

    async def answer(request, context):
        return request

    async def work():
        server = grpc.aio.server()
        method = grpc.unary_unary_rpc_method_handler(answer)
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler("a.Service", {"Answer": method}),)
        )
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            call = channel.unary_unary("/a.Service/Answer")

            async def keep_calling():
                while True:
                    await call(b"again")

            async with asyncio.TaskGroup() as group:
                calling = [group.create_task(keep_calling()) for _ in range(4)]
                for _ in range(20):
                    await (await asyncio.create_subprocess_exec("true")).wait()
                for task in calling:
                    task.cancel()
        await server.stop(None)

    uvloop.run(work())
    return 0

sys.modules["workers.program"] = types.SimpleNamespace(run=run)
import workers.main
workers.main.main()
"""


def test_grpc_minds_no_processes_that_are_started():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "fork" not in done.stderr

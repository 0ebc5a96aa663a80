"""The gRPC server: its limits, and the services that need no credentials."""

from __future__ import annotations

from collections.abc import Iterable

import grpc
from google.protobuf.descriptor import ServiceDescriptor
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection

from server.health import Health
from server.pipeline import Pipeline
from server.registration import handler_for

# Five images of 10 MiB, and room for everything else in a request.
_LONGEST_MESSAGE = 56 * 1024 * 1024
_OPTIONS = (
    ("grpc.max_receive_message_length", _LONGEST_MESSAGE),
    ("grpc.max_send_message_length", _LONGEST_MESSAGE),
    # Two processes on one port are a mistake in the configuration: fail rather than share.
    ("grpc.so_reuseport", 0),
    # Proxies and idle clients may ping every few seconds without being thrown out.
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.min_ping_interval_without_data_ms", 5_000),
    ("grpc.http2.max_ping_strikes", 0),
    # Notices peers that vanished without closing their connection.
    ("grpc.keepalive_time_ms", 60_000),
    ("grpc.keepalive_timeout_ms", 20_000),
    ("grpc.max_concurrent_streams", 1_000),
)


def make_server(
    services: Iterable[tuple[ServiceDescriptor, object]], pipeline: Pipeline, health: Health
) -> grpc.aio.Server:
    """Returns a server of these services, of health and of reflection; it is not started.

    Raises AttributeError when a service object lacks one of its methods.
    """
    server = grpc.aio.server(options=_OPTIONS)
    names = [health_pb2.DESCRIPTOR.services_by_name["Health"].full_name, reflection.SERVICE_NAME]
    handlers = []
    for descriptor, service in services:
        handlers.append(handler_for(descriptor, service, pipeline))
        names.append(descriptor.full_name)
    server.add_generic_rpc_handlers(tuple(handlers))
    health_pb2_grpc.add_HealthServicer_to_server(health.servicer, server)
    reflection.enable_server_reflection(names, server)
    return server

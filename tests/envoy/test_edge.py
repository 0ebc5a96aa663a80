"""Envoy as it stands on the internet: TLS, redirects, headers, limits, and what is closed."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from dataclasses import replace

import grpc
import httpx
import pytest
import pytest_asyncio
from cryptography import x509
from structra.v1 import analysis_service_pb2 as service
from structra.v1.analysis_service_pb2_grpc import AnalysisServiceStub

from deploy.embedded.errors import NotReadyError
from deploy.embedded.parts.envoy import Envoy
from deploy.gateway.config import Address, RateLimit, Tls
from tests.envoy.certificates import Authority
from tests.envoy.gateway import running_gateway

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("envoy")]

HOST = "127.0.0.1"
# Above what the tests of this file send together, except the one that exceeds it.
CLIENT_RATE = 30
BURSTS = 5


class Edge(Envoy):
    """Envoy with everything that the edge adds."""

    def listeners(self):
        return {**super().listeners(), "plain": 0, "operators": 0}

    @property
    def certificates(self):
        return self.site.folder / "certificates"

    def config(self):
        def port(role):
            return self.site.port(self.name, role)

        return replace(
            super().config(),
            tls=Tls(
                certificate=self.certificates / "tls.crt",
                key=self.certificates / "tls.key",
                redirect=Address(HOST, port("plain")),
                public_port=port("main"),
            ),
            hsts=True,
            rate_limit=RateLimit(CLIENT_RATE, 1000),
            operators=Address(HOST, port("operators")),
            trusted_hops=self.trusted_hops,
        )

    trusted_hops = 0

    async def probe(self):
        trusting = ssl.create_default_context(cafile=str(self.site.folder / "ca.pem"))
        async with httpx.AsyncClient(verify=trusting) as client:
            try:
                answer = await client.get(f"https://{self.site.address(self.name)}/v1/analyses/a")
            except httpx.HTTPError as error:
                raise NotReadyError(str(error)) from error
        if not answer.is_success:
            raise NotReadyError(answer.text)


class BehindProxy(Edge):
    """The same behind one proxy, as a load balancer is."""

    trusted_hops = 1


class EdgeGateway:
    def __init__(self, gateway, authority, serial):
        self.authority, self.serial, self.access_log = authority, serial, gateway.access_log
        site = gateway.site
        self.port = site.port("envoy")
        self.url = f"https://{HOST}:{self.port}"
        self.plain = f"http://{site.address('envoy', 'plain')}"
        self.operators = f"http://{site.address('envoy', 'operators')}"

    def trusting(self):
        return ssl.create_default_context(cafile=str(self.authority.ca_path))

    def client(self, **options):
        return httpx.AsyncClient(base_url=self.url, verify=self.trusting(), timeout=30, **options)

    def handshake(self, **versions):
        """Returns the protocol, the ALPN choice, and the certificate's serial number."""
        context = self.trusting()
        context.set_alpn_protocols(["h2", "http/1.1"])
        for name, version in versions.items():
            setattr(context, name, version)
        with (
            socket.create_connection((HOST, self.port), timeout=10) as raw,
            context.wrap_socket(raw, server_hostname=HOST) as tls,
        ):
            certificate = x509.load_der_x509_certificate(tls.getpeercert(binary_form=True))
            return tls.version(), tls.selected_alpn_protocol(), certificate.serial_number


async def start(folder, envoy):
    authority = Authority(folder / "certificates")
    return authority, authority.issue("first"), running_gateway(folder, envoy)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def edge(tmp_path_factory):
    authority, serial, running = await start(tmp_path_factory.mktemp("edge"), Edge)
    async with running as gateway:
        yield EdgeGateway(gateway, authority, serial)


@pytest_asyncio.fixture(loop_scope="module")
async def https(edge):
    async with edge.client() as client:
        yield client


async def enough_allowance(seconds=1.5):
    """Lets the bucket of this address fill up after a test that emptied it."""
    await asyncio.sleep(seconds)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_current_tls_is_spoken_with_http2(edge, version):
    spoken, alpn, serial = await asyncio.to_thread(
        edge.handshake, minimum_version=version, maximum_version=version
    )
    assert spoken == version.name.replace("_", ".")
    assert alpn == "h2"
    assert serial == edge.serial


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
async def test_tls_1_1_is_refused(edge):
    def old():
        context = edge.trusting()
        # Without this, this side would refuse to speak it.
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        with (
            socket.create_connection((HOST, edge.port), timeout=10) as raw,
            context.wrap_socket(raw, server_hostname=HOST),
        ):
            pass

    with pytest.raises(ssl.SSLError, match=r"(?i)protocol.version"):
        await asyncio.to_thread(old)


async def test_calls_are_answered_over_tls(edge, https):
    answer = await https.get("/v1/analyses/a")
    assert answer.json()["id"] == "a"
    credentials = grpc.ssl_channel_credentials(edge.authority.ca_path.read_bytes())
    async with grpc.aio.secure_channel(f"{HOST}:{edge.port}", credentials) as channel:
        called = await AnalysisServiceStub(channel).GetAnalysis(service.GetAnalysisRequest(id="b"))
    assert called.id == "b"


async def test_plain_http_is_sent_to_https_and_never_answered(edge):
    async with httpx.AsyncClient(base_url=edge.plain) as client:
        answer = await client.post("/v1/analyze?x=1", content=b"{}")
        health = await client.get("/health")
    assert answer.status_code == 308
    assert answer.headers["location"] == f"{edge.url}/v1/analyze?x=1"
    assert "strict-transport-security" not in answer.headers
    assert health.json()["checks"]["database"] is True


@pytest.mark.parametrize("path", ["/v1/analyses/a", "/v1/analyses/missing", "/no/such/path"])
async def test_every_answer_has_the_security_headers(https, path):
    headers = (await https.get(path)).headers
    assert headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cache-control"] == "no-store"
    assert headers["server"] == "structra"


async def test_a_renewed_certificate_is_served_and_open_connections_stay(edge, https):
    first = await https.get("/v1/analyses/a")
    old = first.extensions["network_stream"]
    renewed = edge.authority.issue("second")
    async with asyncio.timeout(20):
        while (await asyncio.to_thread(edge.handshake))[2] != renewed:  # noqa: ASYNC110 - a server
            await asyncio.sleep(0.1)
    again = await https.get("/v1/analyses/a")
    assert again.is_success
    assert again.extensions["network_stream"] is old
    peer = old.get_extra_info("ssl_object").getpeercert(binary_form=True)
    assert x509.load_der_x509_certificate(peer).serial_number != renewed
    edge.serial = renewed


async def test_a_pair_that_does_not_match_leaves_the_old_one(edge):
    certificate = edge.authority.folder / "tls.crt"
    good = certificate.read_bytes()
    beside = edge.authority.folder.parent / "broken"
    for content in (b"no certificate", good):
        beside.write_bytes(content)
        beside.rename(certificate)
        await asyncio.sleep(0.5)
        assert (await asyncio.to_thread(edge.handshake))[2] == edge.serial


async def test_the_admin_interface_cannot_be_reached_from_outside(edge, https):
    for path in ("/quitquitquit", "/config_dump", "/stats", "/clusters"):
        assert (await https.post(path)).status_code in (400, 404)
        async with httpx.AsyncClient(base_url=edge.operators) as client:
            for method in ("GET", "POST"):
                assert (await client.request(method, path)).status_code == 404
    assert (await https.get("/v1/analyses/a")).is_success


async def test_operators_read_metrics_and_readiness(edge):
    async with httpx.AsyncClient(base_url=edge.operators) as client:
        metrics = await client.get("/stats/prometheus")
        assert 'envoy_cluster_upstream_rq_total{envoy_cluster_name="servers"}' in metrics.text
        for path in ("/ready", "/livez"):
            assert (await client.get(path)).text.strip() == "LIVE"
        assert (await client.post("/stats/prometheus")).status_code == 404


async def burst(client, **headers):
    # On a slow machine one burst, with its new connections, may be no faster than the allowance.
    for _ in range(BURSTS):
        answers = await asyncio.gather(
            *(client.get("/v1/analyses/a", headers=headers) for _ in range(CLIENT_RATE * 6))
        )
        refused = [answer for answer in answers if answer.status_code == 429]
        if refused:
            break
    return refused


async def test_a_client_that_asks_too_often_is_told_when_to_come_back(edge, https):
    refused = await burst(https)
    assert refused
    answer = refused[0]
    assert answer.headers["retry-after"] == "1"
    assert answer.headers["strict-transport-security"]
    error = answer.json()
    assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert error["code"] == grpc.StatusCode.RESOURCE_EXHAUSTED.value[0]

    credentials = grpc.ssl_channel_credentials(edge.authority.ca_path.read_bytes())
    async with grpc.aio.secure_channel(f"{HOST}:{edge.port}", credentials) as channel:
        stub = AnalysisServiceStub(channel)
        calls = [stub.GetAnalysis(service.GetAnalysisRequest(id="a")) for _ in range(200)]
        codes = await asyncio.gather(*(call.code() for call in calls))
    assert grpc.StatusCode.RESOURCE_EXHAUSTED in codes
    assert set(codes) <= {grpc.StatusCode.OK, grpc.StatusCode.RESOURCE_EXHAUSTED}
    await enough_allowance()


async def test_a_made_up_client_address_is_not_believed(edge, https):
    answers = await asyncio.gather(
        *(
            https.get(
                "/v1/analyses/x-forwarded-for",
                headers={"x-forwarded-for": f"203.0.113.{i % 200}", "x-request-id": f"spoof-{i}"},
            )
            for i in range(CLIENT_RATE * 6)
        )
    )
    # Everybody is still one client.
    assert any(answer.status_code == 429 for answer in answers)
    entry = await logged(edge.access_log, "spoof-0")
    assert entry["client"] == HOST
    await enough_allowance()


async def test_headers_that_steer_envoy_are_taken_off(https):
    answer = await https.get(
        "/v1/analyses/x-envoy-retry-on",
        headers={"x-envoy-retry-on": "5xx", "x-envoy-max-retries": "9"},
    )
    assert answer.json()["id"] == "x-envoy-retry-on"


async def test_behind_a_proxy_the_address_that_it_names_counts(tmp_path):
    authority, serial, running = await start(tmp_path, BehindProxy)
    async with running as gateway:
        edge = EdgeGateway(gateway, authority, serial)
        async with edge.client() as client:
            # The proxy appends the address it sees; what the client claimed stands before it.
            chain = "198.51.100.1, 203.0.113.9"
            await client.get(
                "/v1/analyses/a", headers={"x-forwarded-for": chain, "x-request-id": "proxied"}
            )
            assert await burst(client, **{"x-forwarded-for": chain})
            other = await client.get("/v1/analyses/a", headers={"x-forwarded-for": "203.0.113.10"})
        assert other.is_success
        assert (await logged(edge.access_log, "proxied"))["client"] == "203.0.113.9"


async def logged(path, request_id):
    async with asyncio.timeout(15):  # Envoy writes its access log every ten seconds.
        while f'"{request_id}"' not in path.read_text():  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.1)
    entries = map(json.loads, path.read_text().splitlines())
    return next(entry for entry in entries if entry["request_id"] == request_id)

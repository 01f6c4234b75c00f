"""Where a call may go, how long it may take, and how much may come back."""

import gzip
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from connectors.base import BadResponse, Network, Unavailable
from connectors.base import network as network_module
from connectors.base.addresses import is_public, parsed
from tests.connectors.base.vendor import Bench, Says, says


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What names stand for in this test."""
    names: dict[str, list[str]] = {}
    monkeypatch.setattr(network_module, "resolve", lambda host, port, timeout: names.get(host, [host]))
    return names


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "169.254.169.254", "100.64.0.1", "0.0.0.1", "224.0.0.1",
     "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
     "64:ff9b::a00:1", "2002:a00:1::1", "2001::1", "192.0.2.1", "198.18.0.1", "240.0.0.1", "fe80::1%eth0",
     "168.63.129.16",
     "fec0::1", "feff::1", "fd00:ec2::254", "64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b:1::808:808",
     "64:ff9b:1:a00:0:100::", "2002:808:808::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "::10.0.0.1", "::8.8.8.8",
     "::ffff:0:10.0.0.1", "::ffff:100.64.0.1", "::ffff:192.88.99.1", "192.88.99.1", "192.0.0.8", "192.0.0.9",
     "192.0.0.170", "100.127.255.255", "2001:db8::1", "3fff::1", "5f00::1", "100::1", "4000::1", "ff0e::1"],
)  # fmt: skip
def test_address_inside_a_network_is_not_public(address: str) -> None:
    assert not is_public(parsed(address))


@pytest.mark.parametrize(
    "address",
    ["140.82.112.6", "8.8.8.8", "2606:50c0:8000::153", "::ffff:8.8.8.8", "64:ff9b::8c52:7006",
     "2a04:4e42::81", "192.0.1.1", "192.88.98.1", "100.63.255.255", "100.128.0.1"],
)  # fmt: skip
def test_address_on_the_internet_is_public(address: str) -> None:
    assert is_public(parsed(address))


@pytest.mark.parametrize("address", ["10.0.0.5", "169.254.169.254", "::1"])
def test_call_to_a_host_with_a_private_address_is_refused(resolved: dict[str, list[str]], address: str) -> None:
    resolved["api.example.com"] = [address]
    with pytest.raises(Unavailable, match="private network") as caught:
        Network().send("GET", "https://api.example.com/x")
    assert caught.value.is_sent is False


def test_one_private_address_among_public_ones_refuses_the_host(resolved: dict[str, list[str]]) -> None:
    resolved["api.example.com"] = ["140.82.112.6", "10.0.0.5"]
    with pytest.raises(Unavailable, match="private network"):
        Network().send("GET", "https://api.example.com/x")


def test_unknown_host_is_unavailable_with_nothing_sent() -> None:
    with pytest.raises(Unavailable, match="no address for nowhere") as caught:
        Network().send("GET", "https://nowhere.invalid/")
    assert caught.value.is_sent is False


def test_call_without_encryption_is_refused() -> None:
    with pytest.raises(BadResponse, match="without encryption"):
        Network().send("GET", "http://api.example.com/")


@pytest.mark.parametrize(
    "url",
    ["https://api.example.com@evil.example/", "https://evil.example\\@api.example.com/", "https:///x", "ftp://a.example/",
     "https://api.example.com/a\r\nX: y", "https://api.example.com/a b", "nonsense"],
)  # fmt: skip
def test_tricky_address_is_refused(url: str) -> None:
    with pytest.raises(BadResponse, match="not one"):
        Network().send("GET", url)


@pytest.mark.parametrize(
    "target",
    ["http://10.0.0.5:8000", "https://api.example.com", "http://127.0.0.1.example.com", "http://localhost@evil.example",
     "http://{host}:8000", "nonsense"],
)  # fmt: skip
def test_override_that_leaves_this_machine_is_a_value_error(target: str) -> None:
    with pytest.raises(ValueError, match="loopback"):
        Network({"api.example.com": target})


def test_override_that_resolves_elsewhere_is_refused(resolved: dict[str, list[str]]) -> None:
    resolved["localhost"] = ["10.0.0.5"]
    with pytest.raises(Unavailable, match="not on this machine"):
        Network({"api.example.com": "http://localhost:9"}).send("GET", "https://api.example.com/")


def test_override_keeps_the_vendors_host_path_and_query(bench: Bench) -> None:
    network = Network({"*.example.com": f"{bench.vendor.base_url}/~/{{host}}"})
    network.send("GET", "https://api.example.com/v1/users?page=2")
    seen = bench.vendor.seen[0]
    assert (seen.host, seen.path, seen.query) == ("api.example.com", "/~/api.example.com/v1/users", {"page": "2"})


def test_browser_is_sent_to_the_stand_in() -> None:
    network = Network({"sign-in.example.com": "http://127.0.0.1:9000/~/sign-in.example.com"})
    assert network.browser_url("https://sign-in.example.com/authorize?a=b") == (
        "http://127.0.0.1:9000/~/sign-in.example.com/authorize?a=b"
    )
    assert network.browser_url("https://other.example.com/authorize") == "https://other.example.com/authorize"


def test_proxies_of_the_environment_are_not_used(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert bench.network().send("GET", "https://api.example.com/").status == 200


def test_refused_connection_is_unavailable_with_nothing_sent() -> None:
    with pytest.raises(Unavailable, match="No connection") as caught:
        Network({"api.example.com": "http://127.0.0.1:9"}).send("GET", "https://api.example.com/")
    assert caught.value.is_sent is False


def test_connection_cut_before_an_answer_may_have_been_sent(bench: Bench) -> None:
    bench.vendor.script(Says(raw=(b"",)))
    with pytest.raises(Unavailable, match="closed the connection") as caught:
        bench.network().send("POST", "https://api.example.com/", body=b"x")
    assert caught.value.is_sent is True


def test_answer_cut_off_is_unavailable(bench: Bench) -> None:
    bench.vendor.script(Says(raw=(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b"half")))
    with pytest.raises(Unavailable, match="broke off") as caught:
        bench.network().send("GET", "https://api.example.com/")
    assert caught.value.is_sent is True


SLOW = {
    "nothing": (b"HTTP/1.1", *[b""] * 9),
    "headers byte by byte": tuple(bytes([byte]) for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" * 2),
    "body byte by byte": (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", *[b"x"] * 99),
}


@pytest.mark.parametrize("pieces", SLOW.values(), ids=SLOW.keys())
def test_slow_answer_ends_at_the_deadline_of_the_whole_call(bench: Bench, pieces: tuple[bytes, ...]) -> None:
    bench.vendor.script(Says(raw=pieces, pause=0.1))
    started = time.monotonic()
    with pytest.raises(Unavailable, match="in time") as caught:
        bench.network(call_s=0.25).send("GET", "https://api.example.com/")
    assert time.monotonic() - started < 0.6
    assert caught.value.is_sent is True


def test_vendor_that_does_not_read_ends_at_the_deadline_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        network = Network({"api.example.com": f"http://127.0.0.1:{deaf.getsockname()[1]}"}, call_s=0.25)
        started = time.monotonic()
        with pytest.raises(Unavailable, match="in time") as caught:
            network.send("POST", "https://api.example.com/", body=b"x" * 20_000_000)
    assert time.monotonic() - started < 0.8
    assert caught.value.is_sent is True


def test_body_above_the_cap_is_a_bad_response(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_module.Reply.read, "__defaults__", (1024 * 1024,))
    bench.vendor.script(Says(body=b"x" * (1024 * 1024 + 1)))
    with pytest.raises(BadResponse, match="larger than 1 MB"):
        bench.network().send("GET", "https://api.example.com/")


def test_decompression_bomb_is_stopped_at_the_cap(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_module.Reply.read, "__defaults__", (1024 * 1024,))
    bench.vendor.script(Says(body=gzip.compress(b"\0" * 50_000_000), headers={"Content-Encoding": "gzip"}))
    with pytest.raises(BadResponse, match="larger than 1 MB"):
        bench.network().send("GET", "https://api.example.com/")


def test_body_that_is_not_what_it_says_is_a_bad_response(bench: Bench) -> None:
    bench.vendor.script(Says(body=b"not gzip at all", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(BadResponse, match="decompressed"):
        bench.network().send("GET", "https://api.example.com/")


def test_redirect_is_an_answer_and_its_body_is_capped_too(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_module.Reply.read, "__defaults__", (10,))
    bench.vendor.script(Says(302, b"x" * 11, {"Location": "https://evil.example/"}))
    with pytest.raises(BadResponse, match="larger"):
        bench.network().send("GET", "https://api.example.com/")
    assert len(bench.vendor.seen) == 1


def test_cookies_of_the_vendor_are_not_sent_back(bench: Bench) -> None:
    network = bench.network()
    bench.vendor.script(says({}, Set_Cookie="session=1; Path=/"))
    network.send("GET", "https://api.example.com/")
    network.send("GET", "https://api.example.com/")
    assert "cookie" not in bench.vendor.seen[1].headers


def test_connection_is_used_again(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    connects: list[str] = []
    connect = network_module._connect

    def counted(host: str, *rest: Any) -> Any:
        connects.append(host)
        return connect(host, *rest)

    monkeypatch.setattr(network_module, "_connect", counted)
    network = bench.network()
    for _ in range(3):
        network.send("GET", "https://api.example.com/")
    assert len(connects) == 1


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate for `name` with its key, in one PEM file."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


class Greeter(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["Host"].encode())

    def log_message(self, *args: object) -> None:
        """Nobody reads it."""


@pytest.mark.parametrize(("certified", "is_trusted"), [("api.example.com", True), ("evil.example.com", False)])
def test_tls_verifies_the_vendors_name_at_the_pinned_address(
    tmp_path: Path, resolved: dict[str, list[str]], certified: str, is_trusted: bool
) -> None:
    pem = certificate(tmp_path, certified)
    server = HTTPServer(("127.0.0.1", 0), Greeter)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.handle_request, daemon=True).start()
    resolved["api.example.com"] = ["127.0.0.1"]
    network = Network(allowed_private_hosts=frozenset({"api.example.com"}), ca_bundle=str(pem), call_s=3.0)
    url = f"https://api.example.com:{server.server_port}/"
    try:
        if is_trusted:
            assert network.send("GET", url).body == f"api.example.com:{server.server_port}".encode()
        else:
            with pytest.raises(Unavailable, match="identity") as caught:
                network.send("GET", url)
            assert caught.value.is_sent is False
    finally:
        server.server_close()

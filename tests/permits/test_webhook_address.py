import pytest

from permits.webhook_address import (
    LONGEST,
    PrivateAddress,
    WebhookAddressWrong,
    is_private,
    refuse_private,
    webhook_address,
)

pytestmark = pytest.mark.anywhere


@pytest.mark.parametrize(
    ("text", "host", "port", "path", "authority"),
    [
        ("https://example.org/a?b=c", "example.org", 443, "/a?b=c", "example.org"),
        (" http://example.org ", "example.org", 80, "/", "example.org"),
        ("https://EXAMPLE.org:8443/x", "example.org", 8443, "/x", "example.org:8443"),
        ("http://[2001:db8::1]:8080/", "2001:db8::1", 8080, "/", "[2001:db8::1]:8080"),
    ],
)
def test_an_address_is_taken_apart(text, host, port, path, authority):
    address = webhook_address(text)
    assert (address.host, address.port, address.path) == (host, port, path)
    assert address.authority == authority


@pytest.mark.parametrize(
    "text",
    [
        "",
        "example.org/parking",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https:///path",
        "https://name:secret@example.org/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "https://[::1/",
        "https://example.org/#part",
        "https://example.org/a b",
        "https://example.org/\r\nX-Header: 1",
        "https://ex\x00ample.org/",
        f"https://example.org/{'a' * LONGEST}",
        f"https://{'a' * 64}.example.org/",
    ],
)
def test_what_cannot_be_called_is_refused(text):
    with pytest.raises(WebhookAddressWrong):
        webhook_address(text)


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.64",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::10.0.0.1",
        "2002:c0a8:0101::1",
    ],
)
def test_an_address_inside_a_network_is_private_however_it_is_written(ip):
    assert is_private(ip)


@pytest.mark.parametrize("ip", ["1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_an_address_of_the_internet_is_not_private(ip):
    assert not is_private(ip)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "a.LOCALHOST", "localhost."])
def test_a_host_that_is_plainly_private_is_refused(host):
    with pytest.raises(PrivateAddress):
        refuse_private(host)


@pytest.mark.parametrize("host", ["example.org", "1.1.1.1", "localhost.example.org"])
def test_other_hosts_are_looked_up_when_they_are_called(host):
    refuse_private(host)

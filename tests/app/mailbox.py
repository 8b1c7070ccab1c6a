"""A real SMTP server on this machine that keeps what it takes, and refuses what a test wants."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
USER, SECRET = "parking", "a long: secret/"


@dataclass
class Mailbox:
    """What came in, and what is answered.

    Attributes:
        answers: replies to recipients in order, and then 250 for ever.
        mails: each mail taken, and whether it came encrypted.
        asked: every recipient who was named, taken or not.
    """

    port: int = 0
    answers: list[str] = field(default_factory=list)
    mails: list[tuple[EmailMessage, bool]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.asked.append(address)
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        mail = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)
        self.mails.append((mail, session.ssl is not None))
        return "250 OK"


@contextlib.contextmanager
def mailbox(
    *answers: str, port: int = 0, tls: ssl.SSLContext | None = None, login: bool = False
) -> Iterator[Mailbox]:
    """Serve until the block ends.

    Args:
        tls: what STARTTLS is offered with, and then needed.
        login: whether `USER` has to log in with `SECRET`.
    """
    box = Mailbox(port or free_port(), list(answers))
    more: dict[str, Any] = {}
    if login:
        more = {"authenticator": _is_known, "auth_required": True, "auth_require_tls": False}
    controller = Controller(
        box,
        hostname=HOST,
        port=box.port,
        tls_context=tls,
        require_starttls=tls is not None,
        **more,
    )
    controller.start()
    try:
        yield box
    finally:
        controller.stop()


def _is_known(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: Any) -> Any:
    known = LoginPassword(USER.encode(), SECRET.encode())
    return AuthResult(success=given == known, handled=False)


def free_port() -> int:
    """Return a port on which nothing listens."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


def tls_of_this_machine(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Return a server's TLS with a certificate of its own, and a client's that trusts only it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.UTC)
    address = x509.IPAddress(ipaddress.ip_address(HOST))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "mail-server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))

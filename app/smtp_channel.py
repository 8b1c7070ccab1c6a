"""E-mail by SMTP (RFC 5321), encrypted unless the server is on this machine."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from app.config import Smtp, SmtpSafety
from app.letter import Letter, NotSent

TIMEOUT_S = 15
"""Seconds for connecting, and for each answer of the server."""


REFUSED = 500
"""From this status on a reply is permanent (RFC 5321, 4.2.1)."""


class SmtpChannel:
    """Sends each letter over a connection of its own to one server."""

    def __init__(self, smtp: Smtp, tls: ssl.SSLContext | None = None) -> None:
        self._smtp = smtp
        self._tls = tls or ssl.create_default_context()

    def send(self, letter: Letter) -> None:
        """Send a letter; its Message-ID is the same at every try, so that mailboxes keep one.

        Raises:
            NotSent: the server did not take it.
        """
        try:
            self._hand_over(letter)
        except smtplib.SMTPRecipientsRefused as error:
            status, _words = error.recipients[letter.to]
            raise NotSent(str(status), is_final=status >= REFUSED) from None
        except smtplib.SMTPDataError as error:
            raise NotSent(str(error.smtp_code), is_final=error.smtp_code >= REFUSED) from None
        except smtplib.SMTPNotSupportedError:
            raise NotSent("no_tls", is_general=True) from None
        except smtplib.SMTPAuthenticationError:
            raise NotSent("login", is_general=True) from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(str(error.smtp_code), is_general=True) from None
        except TimeoutError:
            raise NotSent("timeout", is_general=True) from None
        except ssl.SSLError:
            raise NotSent("certificate", is_general=True) from None
        except (smtplib.SMTPException, OSError):
            raise NotSent("unreachable", is_general=True) from None

    def _hand_over(self, letter: Letter) -> None:
        server = self._connected()
        try:
            self._log_in(server)
            server.send_message(self._mail(letter), self._smtp.sender, [letter.to])
        finally:
            # How the server says good-bye changes nothing of what it took.
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _connected(self) -> smtplib.SMTP:
        where = self._smtp
        if where.safety is SmtpSafety.TLS:
            return smtplib.SMTP_SSL(where.host, where.port, timeout=TIMEOUT_S, context=self._tls)
        server = smtplib.SMTP(where.host, where.port, timeout=TIMEOUT_S)
        if where.safety is SmtpSafety.STARTTLS:
            try:
                server.starttls(context=self._tls)
            except BaseException:
                server.close()
                raise
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        if self._smtp.user:
            server.login(self._smtp.user, self._smtp.password)

    def _mail(self, letter: Letter) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["Subject"] = letter.subject
        mail["From"] = Address(letter.sender, addr_spec=self._smtp.sender)
        mail["To"] = Address(addr_spec=letter.to)
        mail["Date"] = letter.at
        domain = self._smtp.sender.rpartition("@")[2]
        mail["Message-ID"] = f"<delivery-{letter.number}.{letter.at:%Y%m%d%H%M%S}@{domain}>"
        # RFC 3834: answering machines leave it alone.
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.text, cte="base64")
        return mail

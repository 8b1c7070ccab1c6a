import dataclasses
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import channels, mailing
from app.config import Smtp, SmtpSafety
from app.mailing import NEWS_FOR, send_due
from app.smtp_channel import SmtpChannel
from permits.approving import return_list
from records.contact import confirm_email, contact_of, link_of, set_email
from records.delivery import WAITS, Delivery
from records.managing_users import close_account
from records.message import MessageKind
from records.people import Role
from tests.app.mailbox import HOST, SECRET, USER, free_port, mailbox, tls_of_this_machine
from tests.app.pages import words_of
from tests.factories import (
    AT,
    OFFICE,
    SEALER,
    list_csv,
    representative_of,
    submit_list,
)

ADDRESS = "daibiao@example.cn"
PLATE = "粤E11111"


@pytest.fixture
def post_to(app, monkeypatch):
    """Let the application hand its mail to a server on this machine."""

    def post_to(port, safety=SmtpSafety.NONE, **more):
        smtp = Smtp(HOST, port, safety, "parking@example.cn", **more)
        settings = dataclasses.replace(
            app.extensions["settings"], smtp=smtp, public_url="https://p.example.cn"
        )
        monkeypatch.setitem(app.extensions, "settings", settings)

    return post_to


@pytest.fixture
def reader(session, town):
    """Compound A's representative, with a confirmed address."""
    user = representative_of(session, town.compound("A"))
    kinds = [MessageKind.LIST_RETURNED]
    set_email(session, user, ADDRESS, kinds=kinds, language="en", sealer=SEALER, at=AT)
    link = link_of(contact_of(session, user.id), SEALER)
    confirm_email(session, user, link, SEALER, at=AT)
    session.commit()
    return user


@pytest.fixture
def returned(session, town):
    """Return a list of compound A to its representative."""

    def returned():
        content = list_csv((PLATE, "3-501", "陈伟", "13800138000"))
        one = submit_list(session, town.compound("A"), content, files=town.files)
        return_list(session, one, "陈伟的电话?", actor=OFFICE, at=AT)
        session.commit()
        return one

    return returned


@pytest.fixture
def after(app):
    """Send what is due some time after `AT`, and return how many letters were taken."""

    def after(wait=timedelta()):
        app.extensions["clock"] = lambda: AT + wait
        with app.app_context():
            return send_due()

    return after


@pytest.fixture
def deliveries(kept):
    return lambda: kept(select(Delivery).order_by(Delivery.id))


def test_who_enters_and_confirms_an_address_gets_letters_there(post_to, town, session, sign_in):
    representative, staff = sign_in(Role.REPRESENTATIVE), sign_in(Role.STAFF)
    with mailbox() as box:
        post_to(box.port)
        form = {"email": ADDRESS, "kinds": ["list_returned"], "language": "zh"}
        page = representative.post("/messages/mail", data=form, follow_redirects=True)
        assert "not confirmed yet" in words_of(page)
        [(mail, _)] = box.mails
        link = re.search(
            r"https://p\.example\.cn(/messages/mail/confirm\?link=(\S+))", mail.get_content()
        )
        assert "Confirm this address" in words_of(representative.get(link[1]))
        confirmed = representative.post(
            "/messages/mail/confirm", data={"link": link[2]}, follow_redirects=True
        )
        assert "The address is confirmed" in words_of(confirmed)
        one = submit_list(session, town.compound("A"), list_csv(PLATE), files=town.files)
        session.commit()
        staff.post(f"/office/lists/{one.id}/return", data={"reason": "谁的车？"})
        assert len(box.mails) == 2
    mail, _ = box.mails[-1]
    assert (mail["Subject"], mail["To"]) == (f"清单 {one.id} 被退回", ADDRESS)
    assert mail["From"].addresses[0].display_name == town.community.name
    assert f"https://p.example.cn/compound/lists/{one.id}" in mail.get_content().split()


def test_a_letter_holds_nothing_personal_and_is_sent_once(post_to, reader, returned, after):
    one = returned()
    with mailbox() as box:
        post_to(box.port)
        assert [after(), after(WAITS[0]), after(timedelta(days=2))] == [1, 0, 0]
    [(mail, _)] = box.mails
    assert mail["Subject"] == f"List {one.id} was returned"
    for personal in ("陈伟", "13800138000", PLATE, "3-501", ADDRESS):
        assert personal not in mail.get_content()


def test_a_recipient_refused_for_good_is_given_up_and_the_administrator_sees_it(
    post_to, reader, returned, after, deliveries, sign_in
):
    returned()
    with mailbox("550 no such user") as box:
        post_to(box.port)
        assert [after(), after(WAITS[0])] == [0, 0]
    assert (box.asked, box.mails) == ([ADDRESS], [])
    [one] = deliveries()
    assert (one.fault, one.given_up_at) == ("550", AT)
    page = words_of(sign_in(Role.ADMINISTRATOR).get("/set-up/messages"))
    assert "given up answered 550" in page
    assert ADDRESS not in page


def test_what_a_server_takes_later_is_sent_again_and_is_the_same_letter(
    post_to, reader, returned, after, deliveries
):
    returned()
    port = free_port()
    post_to(port)
    assert after() == 0
    assert [one.fault for one in deliveries()] == ["unreachable"]
    with mailbox("451 later", port=port) as box:
        assert after(WAITS[0] / 2) == 0
        assert box.asked == []
        assert after(WAITS[0]) == 0
        assert after(WAITS[0] + WAITS[1]) == 1
    [one] = deliveries()
    assert (one.tries, one.fault, one.given_up_at) == (3, "", None)
    assert len(box.mails) == 1


def test_a_letter_has_one_message_id_however_often_it_is_sent(app, reader, returned, deliveries):
    returned()
    with mailbox() as box, app.app_context():
        channel = SmtpChannel(Smtp(HOST, box.port, SmtpSafety.NONE, "parking@example.cn"))
        [one] = deliveries()
        contact = contact_of(mailing.db.session, reader.id)
        letter = mailing.letter_of(one, contact, reader)
        for _ in range(2):
            channel.send(letter)
    first, second = (mail["Message-ID"] for mail, _ in box.mails)
    assert first == second == f"<delivery-{one.id}.20261201083000@example.cn>"


def test_starttls_is_insisted_on_and_the_certificate_is_checked(
    post_to, reader, returned, after, deliveries, tmp_path, monkeypatch
):
    returned()
    server, client = tls_of_this_machine(tmp_path)
    with mailbox() as box:
        post_to(box.port, SmtpSafety.STARTTLS)
        after()
        assert [one.fault for one in deliveries()] == ["no_tls"]
        assert box.asked == []
    with mailbox(tls=server) as box:
        post_to(box.port, SmtpSafety.STARTTLS)
        after(WAITS[0])
        assert [one.fault for one in deliveries()] == ["certificate"]
        monkeypatch.setattr(channels, "SmtpChannel", lambda smtp: SmtpChannel(smtp, client))
        assert after(WAITS[0] + WAITS[1]) == 1
    assert [is_encrypted for _, is_encrypted in box.mails] == [True]


def test_a_server_that_wants_a_name_and_password_gets_those_of_the_setting(
    post_to, reader, returned, after, deliveries
):
    returned()
    with mailbox(login=True) as box:
        post_to(box.port, user=USER, password="wrong")
        after()
        assert [one.fault for one in deliveries()] == ["login"]
        post_to(box.port, user=USER, password=SECRET)
        assert after(WAITS[0]) == 1


def test_who_has_left_is_sent_nothing(post_to, session, reader, returned, after, deliveries):
    returned()
    close_account(session, reader, actor=OFFICE, at=AT)
    session.commit()
    with mailbox() as box:
        post_to(box.port)
        assert after() == 0
        assert [one.fault for one in deliveries()] == ["no_address"]
    assert box.asked == []


def test_what_waited_too_long_for_a_mail_server_is_no_news_any_more(
    post_to, reader, returned, after, deliveries
):
    returned()
    with mailbox() as box:
        post_to(box.port)
        assert after(NEWS_FOR + timedelta(minutes=1)) == 0
    assert [one.fault for one in deliveries()] == ["too_old"]
    assert box.asked == []


def test_without_a_mail_server_the_page_says_so_and_nothing_is_lost(
    reader, returned, after, sign_in
):
    returned()
    assert after() == 0
    page = words_of(sign_in(reader).get("/messages/mail"))
    assert "sends no e-mail" in page
    assert "was returned" in words_of(sign_in(reader).get("/messages/"))


def test_a_wrong_address_is_said_beside_its_field_and_an_erased_one_is_gone(reader, sign_in):
    client = sign_in(reader)
    wrong = client.post("/messages/mail", data={"email": "daibiao", "language": "zh"})
    assert wrong.status_code == 422
    assert "This is no e-mail address." in words_of(wrong)
    page = client.post("/messages/mail/forget", follow_redirects=True)
    assert "The address is erased" in words_of(page)
    assert ADDRESS not in client.get("/messages/mail").text

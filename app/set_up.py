"""The administrator's pages: which there are, and where."""

from __future__ import annotations

from flask import Blueprint

from app import (
    set_up_community,
    set_up_devices,
    set_up_handover,
    set_up_invitations,
    set_up_keys,
    set_up_limits,
    set_up_messages,
    set_up_places,
    set_up_printing,
    set_up_responsible,
    set_up_terms,
    set_up_users,
    set_up_watch,
    set_up_webhooks,
)

blueprint = Blueprint("set_up", __name__, url_prefix="/set-up")

_BOTH = ("GET", "POST")

blueprint.get("/")(set_up_community.home)
blueprint.route("/community", methods=_BOTH)(set_up_community.community)
blueprint.route("/compounds/new", methods=_BOTH)(set_up_community.new_compound)
blueprint.route("/compounds/<int:compound_id>", methods=_BOTH)(set_up_community.compound)
blueprint.route("/compounds/<int:compound_id>/limits", methods=_BOTH)(set_up_limits.limits)

blueprint.route("/watch", methods=_BOTH)(set_up_watch.watch)

blueprint.route("/printing", methods=_BOTH)(set_up_printing.printing)

blueprint.route("/zones/new", methods=_BOTH)(set_up_places.new_zone)
blueprint.route("/zones/<int:zone_id>", methods=_BOTH)(set_up_places.zone)
blueprint.route("/gates/new", methods=_BOTH)(set_up_places.new_gate)
blueprint.route("/gates/<int:gate_id>", methods=_BOTH)(set_up_places.gate)
blueprint.post("/gates/<int:gate_id>/guards")(set_up_places.guards)

blueprint.route("/responsible", methods=_BOTH)(set_up_responsible.responsible)

blueprint.get("/users")(set_up_users.users)
blueprint.route("/users/new", methods=_BOTH)(set_up_invitations.new_user)
blueprint.get("/users/<int:user_id>")(set_up_terms.user)
blueprint.post("/users/<int:user_id>/term")(set_up_terms.term)
blueprint.post("/users/<int:user_id>/password-link")(set_up_invitations.password_link)
blueprint.post("/invitations/<int:invitation_id>/link", endpoint="renew_invitation")(
    set_up_invitations.renew
)
blueprint.post("/invitations/<int:invitation_id>/withdraw", endpoint="withdraw_invitation")(
    set_up_invitations.withdraw
)
blueprint.post("/users/<int:user_id>/sign-out")(set_up_users.sign_out)
blueprint.post("/users/<int:user_id>/reset-second-step")(set_up_users.reset_factor)
blueprint.post("/users/<int:user_id>/close")(set_up_users.close)
blueprint.post("/users/<int:user_id>/reopen")(set_up_users.reopen)

blueprint.get("/machines")(set_up_devices.machines)
blueprint.route("/devices/new", methods=_BOTH)(set_up_devices.new_device)
blueprint.post("/devices/<int:device_id>/close", endpoint="close_device")(set_up_devices.close)
blueprint.route("/webhooks/new", methods=_BOTH)(set_up_webhooks.new_webhook)
blueprint.get("/webhooks/<int:webhook_id>")(set_up_webhooks.webhook)
blueprint.post("/webhooks/<int:webhook_id>/close", endpoint="close_webhook")(set_up_webhooks.close)

blueprint.get("/messages")(set_up_messages.messages)
blueprint.route("/messages/text", methods=_BOTH)(set_up_messages.message_text)
blueprint.post("/messages/text/reset")(set_up_messages.reset_message_text)

blueprint.get("/keys")(set_up_keys.keys)
blueprint.post("/keys/rotate")(set_up_keys.rotate)

blueprint.route("/handover", methods=_BOTH)(set_up_handover.handover)
blueprint.get("/handover/<file_name>")(set_up_handover.handed_over)
blueprint.post("/handover/remove")(set_up_handover.remove_handover)

"""For each operation on admins its API request and its form, after the same preparation."""

from tests.examples import LOCATION
from tests.unit.operations.charging import a_location
from tests.unit.operations.people import SECRET, a_deactivated_admin, an_admin, an_invitation
from tests.unit.operations.request_case import Ways

NEW_ADMIN = {
    "firstName": "Nina",
    "lastName": "Holm",
    "email": "nina@cpo.example",
    "permissions": [{"page": "users", "actions": ["view"]}],
    "rights": ["refund"],
}
NEW_ADMIN_FORM = {
    "firstName": "Nina",
    "lastName": "Holm",
    "email": "nina@cpo.example",
    "permission": "users:view",
    "right": "refund",
}


WAYS_OF_PEOPLE: dict[str, list[Ways]] = {
    "admin_invitations.invite": [
        Ways(
            ("POST", "/admins", NEW_ADMIN | {"locations": [LOCATION]}),
            ("/users/new", NEW_ADMIN_FORM | {"where": "some", "locations": LOCATION}),
            a_location,
        ),
        Ways(("POST", "/admins", NEW_ADMIN), ("/users/new", NEW_ADMIN_FORM | {"where": "all"})),
    ],
    "admin_invitations.resend": [
        Ways(("POST", "/admins/nina/resend", None), ("/users/nina/resend", {}), an_invitation)
    ],
    "admin_invitations.revoke": [
        Ways(
            ("POST", "/admins/nina/revoke", None),
            ("/users/nina/revoke", {"name": "Nina Holm"}),
            an_invitation,
        )
    ],
    "admin_invitations.join": [
        Ways(
            None,
            (
                f"/join/nina/{SECRET}",
                {"firstName": "Nina", "lastName": "Berg", "password": "twelve letters"},
            ),
            an_invitation,
        )
    ],
    "admins.change": [
        Ways(
            (
                "PATCH",
                "/admins/nina",
                {
                    "permissions": [{"page": "sessions", "actions": ["view", "export"]}],
                    "rights": ["refund"],
                    "lastName": "Berg",
                },
            ),
            (
                "/users/nina/edit",
                {
                    "firstName": "Nina",
                    "lastName": "Berg",
                    "permission": ["sessions:view", "sessions:export"],
                    "right": "refund",
                    "where": "some",
                    "locations": LOCATION,
                    "version": "2",
                },
            ),
            an_admin,
        )
    ],
    "admins.deactivate": [
        Ways(
            ("POST", "/admins/nina/deactivate", None),
            ("/users/nina/deactivate", {"name": "Nina Holm"}),
            an_admin,
        )
    ],
    "admins.reactivate": [
        Ways(("POST", "/admins/nina/activate", None), ("/users/nina/activate", {}), a_deactivated_admin)
    ],
    "admins.transfer_ownership": [Ways(None, ("/users/nina/make-owner", {"name": "Nina Holm"}), an_admin)],
}

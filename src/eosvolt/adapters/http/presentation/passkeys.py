"""The ceremonies of passkeys (WebAuthn Level 3 §7): what browsers are asked, and what they answer."""

import ipaddress
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from eosvolt.adapters.http.ports.passkeys import Passkeys
from eosvolt.application.access import Account
from eosvolt.application.passkeys import NewPasskey, not_right

NAME = "eosvolt"
# What the parsers raise for answers that no browser sends; deeply nested JSON is among them.
_UNREADABLE = (WebAuthnException, ValueError, RecursionError)


def relying_party(public_url: str) -> str:
    """The id under which browsers keep passkeys: the host of the public address.

    Empty where browsers allow none: for an IP address, and without https but for ``localhost``.
    """
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return host if parts.scheme == "https" or host == "localhost" else ""
    return ""


def origin(public_url: str) -> str:
    """The origin of the pages as browsers write it: the standard port is left out (RFC 6454 §6.2)."""
    parts = urlsplit(public_url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    standard = {"https": 443, "http": 80}.get(parts.scheme)
    return f"{parts.scheme}://{host}" + (f":{parts.port}" if parts.port not in {None, standard} else "")


class Ceremonies:
    """Registers passkeys and verifies their answers. A challenge is answered once."""

    def __init__(self, passkeys: Passkeys, public_url: str) -> None:
        """Answers must come from a page of ``public_url``."""
        self._passkeys = passkeys
        self._origin = origin(public_url)
        self.party = relying_party(public_url)

    async def registration(self, account: Account, browser: str) -> str:
        """The options for a new passkey of the account, as JSON. ``browser`` is a secret of the browser."""
        options = generate_registration_options(
            rp_id=self.party,
            rp_name=NAME,
            user_id=account.account.encode(),
            user_name=account.email,
            user_display_name=account.name or account.email,
            exclude_credentials=[
                PublicKeyCredentialDescriptor(each.credential)
                for each in await self._passkeys.of(account.account)
            ],
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
        )
        await self._passkeys.challenge(options.challenge, account.account, browser)
        return options_to_json(options)

    async def registered(self, account: Account, name: str, answer: str, browser: str) -> NewPasskey:
        """The new passkey of an answer. Raises ``Rejected`` for one that is not right."""
        try:
            credential = parse_registration_credential_json(answer)
            challenge = parse_client_data_json(credential.response.client_data_json).challenge
            if not await self._passkeys.answer(challenge, account.account, browser):
                raise not_right()
            verified = verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.party,
                expected_origin=self._origin,
                require_user_verification=True,
            )
        except _UNREADABLE:
            raise not_right() from None
        transports = tuple(each.value for each in credential.response.transports or ())
        return NewPasskey(
            verified.credential_id, name, verified.credential_public_key, verified.sign_count, transports
        )

    async def authentication(self, account: str | None, browser: str) -> str:
        """The options to sign in, as JSON: with any passkey, or with one of ``account``."""
        known = [] if account is None else await self._passkeys.of(account)
        options = generate_authentication_options(
            rp_id=self.party,
            allow_credentials=[PublicKeyCredentialDescriptor(each.credential) for each in known],
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        await self._passkeys.challenge(options.challenge, account, browser)
        return options_to_json(options)

    async def authenticated(self, account: str | None, answer: str, browser: str) -> str:
        """The account of the passkey that answered; with ``account`` it must be that one's.

        Raises ``Rejected`` for an answer that is not right, e.g. of a passkey that was copied: its sign count
        does not rise.
        """
        try:
            credential = parse_authentication_credential_json(answer)
            challenge = parse_client_data_json(credential.response.client_data_json).challenge
            answered = await self._passkeys.answer(challenge, account, browser)
            passkey = await self._passkeys.by_credential(credential.raw_id)
            if not answered or passkey is None or account not in {None, passkey.account}:
                raise not_right()
            # WebAuthn Level 3 §7.2 step 6: a passkey that was not asked for says whose it is.
            handle = credential.response.user_handle
            if (handle is None and account is None) or handle not in {None, passkey.account.encode()}:
                raise not_right()
            verified = verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=self.party,
                expected_origin=self._origin,
                credential_public_key=passkey.public_key,
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except _UNREADABLE:
            raise not_right() from None
        if not await self._passkeys.used(passkey, verified.new_sign_count):
            raise not_right()
        return passkey.account

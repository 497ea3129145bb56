"""The tables of the two kinds of accounts: people of companies and platform staff.

Both are protected in the same way, and neither is looked for in the other's tables (ADR 0247).
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import LiteralString, NamedTuple


class AccountTables(NamedTuple):
    """The names in the statements of one kind of account, and what else differs.

    ``key``: the column with the account's id, in all of its tables. ``prefix``: of tables of second factors.
    ``active``: the condition on an account ``a`` that may be used. ``company``: the company of its mails.
    ``passkeys``: their number, of ``%(account)s``. ``session_lasts``: how long a web session lasts.
    ``ended``: the queries that end what another password ends, beside web sessions and second steps.
    ``factors``: the queries that remove factors beside the app. ``mailed``: values of all mails to it.
    """

    accounts: LiteralString
    key: LiteralString
    sessions: LiteralString
    prefix: LiteralString
    active: LiteralString
    company: LiteralString
    passkeys: LiteralString
    session_lasts: timedelta
    ended: tuple[LiteralString, ...] = ()
    factors: tuple[LiteralString, ...] = ()
    mailed: Mapping[str, str] = {}

    def query(self, template: LiteralString) -> LiteralString:
        """A query with the names of these tables in place of ``{accounts}``, ``{key}`` and so on."""
        return template.format(
            accounts=self.accounts,
            key=self.key,
            sessions=self.sessions,
            apps=f"{self.prefix}authenticator_apps",
            codes=f"{self.prefix}recovery_codes",
            steps=f"{self.prefix}second_steps",
            active=self.active,
            company=self.company,
            passkeys=self.passkeys,
        )


PEOPLE = AccountTables(
    accounts="accounts",
    key="account",
    sessions="web_sessions",
    prefix="",
    active="a.deactivated_at IS NULL",
    company="company",
    passkeys="(SELECT count(*) FROM passkeys p WHERE p.account = %(account)s)",
    session_lasts=timedelta(days=14),
    # Links to set another password are worthless from then on.
    ended=("UPDATE password_resets SET used_at = now() WHERE account = %s AND used_at IS NULL",),
    factors=("DELETE FROM passkeys WHERE account = %s",),
)
STAFF = AccountTables(
    accounts="staff",
    key="staff",
    sessions="staff_sessions",
    prefix="staff_",
    active="true",
    company="0",
    passkeys="0",
    session_lasts=timedelta(days=1),
    mailed={"of": "staff"},
)

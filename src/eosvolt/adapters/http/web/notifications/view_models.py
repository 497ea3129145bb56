"""What the templates of notification rules are given."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from eosvolt.adapters.http.framework.texts import Text
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.view_model import ViewModel
from eosvolt.application.notification_messages import Target
from eosvolt.projections.notification_rules import NotificationRuleRow
from eosvolt.projections.notifications import NotificationRow


class NotificationFormPage(ViewModel, frozen=True, kw_only=True):
    """The form of a rule; ``values`` are its fields as they were typed."""

    templates: ClassVar = ("notifications/form.html",)

    lost: LostUpdate | None
    version: int | str
    values: Mapping[str, Any]
    problems: Mapping[str, str]
    row: NotificationRuleRow | None
    channels: Mapping[str, Text]
    triggers: Mapping[str, Text]
    head_every: Mapping[str, Text]
    mail: bool
    page: str = "settings"


class NotificationsPage(ViewModel, frozen=True, kw_only=True):
    """All rules; ``targets`` by their ids. ``mail``: there is a server that takes e-mail."""

    templates: ClassVar = ("notifications/list.html",)

    rows: Sequence[NotificationRuleRow]
    targets: Mapping[str, Target | None]
    mail: bool
    page: str = "settings"


class NotificationMessages(ViewModel, frozen=True, kw_only=True):
    """The messages of a rule, the newest first."""

    templates: ClassVar = ("notifications/one/messages.html",)

    messages: Sequence[NotificationRow]
    cursor: str | None
    row: NotificationRuleRow


class NotificationPage(ViewModel, frozen=True, kw_only=True):
    """One rule."""

    templates: ClassVar = ("notifications/one/page.html",)
    parts: ClassVar = (NotificationMessages,)

    row: NotificationRuleRow
    target: Target
    mail: bool
    page: str = "settings"


class NotificationSecretPage(ViewModel, frozen=True, kw_only=True):
    """The new signing secret of a rule, which no other page shows."""

    templates: ClassVar = ("notifications/secret.html",)

    row: NotificationRuleRow
    secret: str
    page: str = "settings"

"""The customers on a location's list: by e-mail address in the form, by id everywhere else."""

from collections.abc import Collection, Sequence

from eosvolt.adapters.http.framework.texts import gettext
from eosvolt.adapters.http.web.shell.customer_names import customer_names
from eosvolt.adapters.http.web.shell.lost_update import LostUpdate
from eosvolt.adapters.http.web.shell.page_request import PageRequest


async def customer_lines(request: PageRequest, lines: str) -> str:
    """Lines with ids as the form shows them: the e-mail address of who has one."""
    ids = lines.split("\n")
    people = await request.dependencies.customers.people(request.number, [each for each in ids if each])
    return "\n".join((people[each].email if each in people else "") or each for each in ids)


async def customer_ids(request: PageRequest, lines: str, before: Collection[str]) -> tuple[str, str]:
    """Typed lines with the ids of customers, and what is wrong; empty if all is well.

    ``before`` are the ids that were on the list: they stay, even if they were erased meanwhile.
    """
    directory, found, wrong = request.dependencies.customers, list[str](), ""
    for line in filter(None, lines.split("\n")):
        if "@" in line:
            person = await directory.with_email(request.number, line)
        else:
            person = await directory.person(request.number, line)
        if person is None and line not in before:
            wrong = wrong or gettext("There is no customer {text}.", text=line[:60])
        found.append(line if person is None else person.customer)
    return "\n".join(dict.fromkeys(found)), wrong


async def with_addresses(request: PageRequest, lost: LostUpdate) -> LostUpdate:
    """What others changed, with the customers as the form shows them."""
    differences = [
        each._replace(
            before=await customer_lines(request, each.before), now=await customer_lines(request, each.now)
        )
        if each.field == "customers"
        else each
        for each in lost.differences
    ]
    return lost._replace(differences=tuple(differences))


async def listed_customers(request: PageRequest, ids: Sequence[str]) -> list[tuple[str, str]]:
    """Ids and names of the listed customers; none for whoever may not view customers."""
    names = await customer_names(request, ids)
    return [(each, names[each]) for each in ids if each in names]

"""Partners, and the headers that bear their keys."""

from content import granting, keys, partners
from content.partners import Reach
from content.placement import LICENSED
from tests.builders import ED

EVERYTHING = Reach(audiences=(LICENSED,))


def a_partner(session, name="A magazine", reach=EVERYTHING):
    """A partner's id, with a grant."""
    made = partners.create(session, name)
    session.commit()
    if reach:
        granting.grant(session, made.id, reach, by=ED)
    return made.id


def bearing(session, partner_id, **told):
    """The headers that bear a new key of a partner."""
    _, text = keys.make(session, partner_id, purpose="its site", by=ED, **told)
    session.commit()
    return {"Authorization": f"Bearer {text}"}

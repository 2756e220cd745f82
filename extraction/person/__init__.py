"""Who a CV is of: name, the person's own contacts, nationality and residence."""

from extraction.person.identity import Identity, identify
from extraction.person.rules import PersonRules, load_person_rules

__all__ = ["Identity", "PersonRules", "identify", "load_person_rules"]

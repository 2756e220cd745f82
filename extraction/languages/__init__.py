"""Languages a person claims, each with its level and the words that say so."""

from extraction.languages.rules import LanguageRules, load_language_rules
from extraction.languages.skills import eligible, language_skills

__all__ = ["LanguageRules", "eligible", "language_skills", "load_language_rules"]

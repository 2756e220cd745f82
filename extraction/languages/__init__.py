"""Languages a person claims, each with its level and the words that say so."""

from extraction.languages.rules import LanguageRules, load_language_rules
from extraction.languages.skills import language_skills

__all__ = ["LanguageRules", "language_skills", "load_language_rules"]

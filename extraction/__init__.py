"""From bytes to text to profile: readers by format, OCR, the analyser, rules, themes, languages, person."""

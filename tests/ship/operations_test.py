# SPDX-License-Identifier: Apache-2.0
"""docs/operations.md has every exit code and every refusal: what is thrown is read from the sources."""

import re
import unittest
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = PROJECT / "tool" / "src"
PAGE = PROJECT / "docs" / "operations.md"
REFUSAL = re.compile(r"\b(?:configuration_error|state_refused|lock_unavailable|commit_in_doubt|backup_failed)\s*(?:\w+\s*)?[({]")
SHORTEST = 10  # of what is looked for: shorter pieces of a message say nothing


def exit_codes():
    text = (SOURCES / "errors.hpp").read_text(encoding="utf-8")
    listed = re.search(r"enum class exit_code : int \{(.*?)\};", text, re.DOTALL).group(1)
    return [int(code) for code in re.findall(r"\w+ = (\d+),", listed)]


def first_argument(text):
    """Up to the comma or the bracket that ends it; strings may hold either."""
    depth = 0
    for token in re.finditer(r'"(?:[^"\\]|\\.)*"|[(){}\[\],]', text):
        if token.group() in "([{":
            depth += 1
        elif token.group() in ")]}" or token.group() == ",":
            if depth == 0:
                return text[:token.start()]
            depth -= token.group() != ","
    return text


def longest_text(code):
    """The longest phrase in an expression; strings that only have blanks between them are one."""
    joined = re.sub(r'(?<!\\)"\s+"', "", code)
    phrases = (phrase for text in re.findall(r'"((?:[^"\\]|\\.)*)"', joined) for phrase in re.split(r"[:;,()]", text))
    return max((phrase.strip(" '") for phrase in phrases), key=len, default="")


def refusals():
    found = {}
    for path in sorted(SOURCES.rglob("*.cpp")):
        text = path.read_text(encoding="utf-8")
        for match in REFUSAL.finditer(text):
            said = longest_text(first_argument(text[match.end():]))
            if len(said) >= SHORTEST:
                found[said] = path.relative_to(SOURCES)
    return found


class Operations(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.text = PAGE.read_text(encoding="utf-8")

    def test_every_exit_code(self):
        headings = re.findall(r"^## ([\d, ]+): ", self.text, re.MULTILINE)
        self.assertEqual([int(code) for heading in headings for code in heading.split(", ")], exit_codes())
        rows = re.findall(r"^\| \[([\d, ]+)\]\(#([^)]*)\) ", self.text, re.MULTILINE)
        self.assertEqual([numbers for numbers, _ in rows], headings)
        for numbers, anchor in rows:
            heading = re.search(rf"^## ({numbers}: .*)$", self.text, re.MULTILINE).group(1)
            self.assertEqual(anchor, re.sub(r"[^a-z0-9 ]", "", heading.lower()).replace(" ", "-"))

    def test_every_refusal(self):
        thrown = refusals()
        self.assertGreater(len(thrown), 80)
        plain = re.sub(r"\s+", " ", self.text)
        missing = {said: str(path) for said, path in thrown.items() if said not in plain}
        self.assertEqual(missing, {}, "docs/operations.md does not say what to do about them")

    def test_it_is_found(self):
        self.assertIn("(docs/operations.md)", (PROJECT / "README.md").read_text(encoding="utf-8"))
        for target in re.findall(r"\]\(([\w/-]+\.md)(?:#[\w-]+)?\)", self.text):
            self.assertTrue((PAGE.parent / target).is_file(), target)


if __name__ == "__main__":
    unittest.main()

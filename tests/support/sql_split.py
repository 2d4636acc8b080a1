# SPDX-License-Identifier: Apache-2.0
"""Cuts SQL text at its semicolons: enough for the schema files of the real histories, no parser."""

import re

_TOKEN = re.compile(r"""
    --[^\n]* | /\*.*?\*/
  | [eE]'(?:[^'\\]|\\.|'')*' | '(?:[^']|'')*' | "(?:[^"]|"")*"
  | (?P<tag>\$(?:[A-Za-z_\u0080-\uffff][\w]*)?\$).*?(?P=tag)
  | (?P<end>;)
""", re.VERBOSE | re.DOTALL)


def statements(sql):
    """Each statement with the comments before it, without its semicolon. Nested comments are not known."""
    found, begin = [], 0
    for token in _TOKEN.finditer(sql):
        if token.group("end"):
            found.append(sql[begin:token.start()].strip())
            begin = token.end()
    found.append(sql[begin:].strip())
    return [s for s in found if bare(s)]


def bare(statement):
    """The statement without comments."""
    def kept(token):
        return "" if token.group().startswith(("--", "/*")) else token.group()
    return _TOKEN.sub(kept, statement).strip()

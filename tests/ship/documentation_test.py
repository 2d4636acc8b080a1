# SPDX-License-Identifier: Apache-2.0
"""Manual pages and completions say what --help says, and real shells and formatters take them."""

import re
import shutil
import subprocess
import unittest

from ship_support import Ship


# Types lines into an interactive zsh, with a tab at the end of each, and prints what is offered: <word>.
ZSH_SESSION = r"""
zmodload zsh/zpty && zpty shell zsh -f -i
tell() { zpty -w shell "$1"; }
tell "PS1=; fpath=($1 \$fpath); autoload -Uz compinit && compinit -u -D"
tell 'compadd() {
  [[ ${@[1,(i)(-|--)]} == *-(O|A|D)\ * ]] && { builtin compadd "$@"; return; }
  local -a hits; local hit
  builtin compadd -A hits "$@"
  for hit in $hits; do print -r -- "<$hit>"; done
}'
tell 'bindkey "^I" complete-word; finish() { zle -I; print -r "[end]"; zle kill-whole-line; }; zle -N finish; bindkey "^X" finish'
tell 'echo "[rea""dy]"'
zpty -r shell said "*\[ready\]*"
shift
for line in "$@"; do
  zpty -w -n shell "$line"$'\t\x18'
  zpty -r shell said "*\[end\]*"
  print -r -- "$said"
done
zpty -d shell
"""


class Documentation(Ship):
    def setUp(self):
        super().setUp()
        self.folder = self.work / "documentation"
        self.executor.run("--documentation", self.folder).require()
        self.commands = re.findall(r"^  ([a-z-]+) +\S", self.executor.run("--help").stdout, re.MULTILINE)
        self.commands.remove("pgratchet") if "pgratchet" in self.commands else None

    def options_of(self, command):
        said = self.executor.run(command, "--help").require().stdout
        return re.findall(r"^ +(?:-\w, )?--([a-z-]+)", said, re.MULTILINE)

    def lines_and_words(self):
        """Beginnings of command lines, and all that a shell may offer there. Files lie about to be offered by mistake."""
        for name in ("stray", "json", "a_file"):
            (self.work / name).touch()
        warnings = {line.split()[0] for line in self.executor.run("compile", "--list-warnings").stdout.splitlines()}
        self.assertGreater(len(warnings), 40)
        return {
            "server s": {"start", "stop", "status"},
            "server stop ": set(),
            "server --d": {"--data-dir", "--database"},
            "bundle ": {"verify", "diff", "make"},
            "help ": set(self.commands),
            "status ": set(),
            "status --format ": {"text", "json"},
            "status --format=": {"text", "json"},
            "diff --format j": {"json"},
            "compile --format ": {"gcc", "json", "sarif", "github"},
            "compile --warn ": warnings,
            "compile --no-warn ": warnings,
            "compile --werror=": warnings,
            "compile --werror ": set(),
            "apply --tls ": {"warn", "require", "off"},
            "apply --backup ": {"required", "never"},
            "apply --backup-format ": {"custom", "directory"},
            "backup --format ": {"custom", "directory"},
        }

    def need(self, program):
        if not shutil.which(program):
            self.skipTest(f"{program} is not installed: ./bootstrap")

    def test_a_page_for_each_command(self):
        self.assertGreater(len(self.commands), 5)
        pages = {page.name for page in (self.folder / "man1").iterdir()}
        self.assertEqual(pages, {"pgratchet.1"} | {f"pgratchet-{command}.1" for command in self.commands})
        for command in self.commands:
            text = (self.folder / "man1" / f"pgratchet-{command}.1").read_text(encoding="utf-8").replace("\\-", "-")
            for option in self.options_of(command):
                self.assertIn(f"\\fB--{option}\\fR", text)

    def test_mandoc(self):
        self.need("mandoc")
        for page in (self.folder / "man1").iterdir():
            done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", str(page)], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_man(self):
        self.need("man")
        for page in (self.folder / "man1").iterdir():
            done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", str(page)], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertIn("SEE ALSO", done.stdout)

    def bash(self, *words):
        """What bash offers for the last of these words."""
        script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _pgratchet; printf "%s\\n" "${COMPREPLY[@]}"')
        return self.run_it("bash", "--norc", "-c", script, "bash", self.folder / "bash" / "pgratchet", "pgratchet", *words,
                           cwd=self.work).split()

    def test_bash(self):
        self.assertLessEqual(set(self.commands), set(self.bash("")))
        self.assertEqual(self.bash("ver"), ["verify"])
        for command in self.commands:
            self.assertEqual(sorted(self.bash(command, "--")), sorted(f"--{one}" for one in self.options_of(command)))
        self.assertEqual(self.bash("status", "--plan", "docu"), ["documentation"])
        self.assertEqual(self.bash("init", "docu"), ["documentation"])
        for line, words in self.lines_and_words().items():
            with self.subTest(line):
                self.assertEqual(set(self.bash(*line.replace("=", " = ").split(" "))), words)
        self.assertIn("a_file", self.bash("bundle", "verify", ""))

    def test_zsh(self):
        self.need("zsh")
        self.run_it("zsh", "-n", self.folder / "zsh" / "_pgratchet")
        # compinit finds it by its first line, and the function loads and defines itself.
        self.run_it("zsh", "-f", "-c", "fpath=($1 $fpath); autoload -Uz compinit && compinit -u -D && "
                    "[[ $_comps[pgratchet] == _pgratchet ]] && autoload -Uz +X _pgratchet", "zsh", self.folder / "zsh")
        expected = self.lines_and_words()
        said = self.run_it("zsh", "-f", "-c", ZSH_SESSION, "zsh", self.folder / "zsh",
                           *(f"pgratchet {line}" for line in expected), cwd=self.work).split("[end]")
        for (line, words), offered in zip(expected.items(), said):
            with self.subTest(line):
                # Where nothing else fits, zsh offers the options.
                found = re.findall(r"<(\S+)>", offered)
                self.assertEqual({one for one in found if words or not one.startswith("--")}, words)

    def test_fish(self):
        self.need("fish")
        file = self.folder / "fish" / "pgratchet.fish"
        self.run_it("fish", "--no-execute", file)

        def offered(line):
            said = self.run_it("fish", "--no-config", "-c", f"source {file}; complete -C '{line}'; true", cwd=self.work,
                               HOME=str(self.work))
            return {one.split("\t")[0] for one in said.splitlines()}
        self.assertEqual(offered("pgratchet veri"), {"verify"})
        for command in self.commands:
            self.assertLessEqual({f"--{one}" for one in self.options_of(command) if one != "help"},
                                 offered(f"pgratchet {command} --"))
        for line, words in self.lines_and_words().items():
            with self.subTest(line):
                self.assertEqual({word.rpartition("=")[2] for word in offered(f"pgratchet {line}")}, words)
        self.assertIn("a_file", offered("pgratchet bundle verify "))


if __name__ == "__main__":
    unittest.main()

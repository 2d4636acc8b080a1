# SPDX-License-Identifier: Apache-2.0
# The command line, one file per command, and what the commands are made of.
target_sources(pgratchet PRIVATE
  src/main.cpp
  src/cli/command_line.cpp
  src/cli/commands.cpp
  src/commands/apply.cpp
  src/commands/checks.cpp
  src/commands/compile.cpp
  src/commands/environment.cpp
  src/commands/located.cpp
  src/commands/plan_source.cpp
  src/commands/server.cpp
  src/commands/status.cpp
  src/commands/verify.cpp
  src/compile/moment.cpp
  src/compile/probes.cpp
  src/compile/replay.cpp
  src/compile/rules.cpp
  src/compile/shadow.cpp
  src/compile/trace.cpp
  src/compile/trace_sql.cpp
  src/apply/commit.cpp
  src/apply/deployer_lock.cpp
  src/apply/invalid_index.cpp
  src/apply/proof.cpp
  src/apply/redefine.cpp
  src/apply/run.cpp
  src/apply/statements.cpp
  src/apply/transaction.cpp
  src/execute/catalog_reader.cpp
  src/execute/clean_session.cpp
  src/execute/diagnose.cpp
  src/files/files.cpp
  src/report/progress.cpp
  src/report/receipt.cpp)

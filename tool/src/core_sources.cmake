# SPDX-License-Identifier: Apache-2.0
# Pure: no database, no clock, no network.
target_sources(pgratchet_core PRIVATE
  src/report/diagnostic.cpp
  src/script/checksum.cpp
  src/script/command_name.cpp
  src/script/cutter.cpp
  src/script/directive.cpp
  src/script/grammar.cpp
  src/script/lexer.cpp
  src/script/migration_set.cpp
  src/script/parse.cpp
  src/script/parse_tree.cpp
  src/script/script.cpp
  src/script/source_text.cpp
  src/script/transaction.cpp
  src/script/wanted_part.cpp
  src/catalog/canonical.cpp
  src/catalog/canonical_names.cpp
  src/catalog/canonical_tree.cpp
  src/catalog/compare.cpp
  src/catalog/decode.cpp
  src/catalog/object.cpp
  src/catalog/query.cpp
  src/catalog/query_others.cpp
  src/catalog/query_parts.cpp
  src/catalog/query_relations.cpp
  src/catalog/query_routines_and_types.cpp
  src/plan/agreement.cpp
  src/plan/choose.cpp
  src/plan/effect.cpp
  src/plan/effect_only.cpp
  src/plan/locate.cpp
  src/plan/look_alike.cpp
  src/plan/plan.cpp
  src/plan/plan_file.cpp
  src/plan/timeline.cpp
  src/plan/unfinished.cpp)

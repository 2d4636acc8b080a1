# SPDX-License-Identifier: Apache-2.0
# What the targets that help to write ask of the executor, and the list of migrations in a page.
write_sql(migrations/001_customers.sql)
file(WRITE "${source}/page.md" "before\n<!-- migrations: written by the target migration_list -->\n<!-- migrations: end -->\nafter\n")
write_project("pgratchet_add_migrations(shop DIRECTORY migrations LIST page.md)")
configure()

set(ENV{PGRATCHET_DESCRIPTION} "add notes")
expect_build("new_migration" "new --migrations [^\n]*/migrations --description-variable PGRATCHET_DESCRIPTION\n" new_migration)
expect_build("freeze_migrations" "compile [^\n]*\nfreeze --migrations [^\n]*/migrations\n" freeze_migrations)

function(expect_page pattern)
  file(READ "${source}/page.md" page)
  if(NOT page MATCHES "${pattern}")
    complain("the page does not match ${pattern}:\n${page}")
  endif()
endfunction()
expect_page("^before\n[^\n]*\n\\| version [^\n]*\n[^\n]*\n\\| 001 \\| `001_customers.sql` \\| yes \\|  \\|\n[^\n]*\nafter\n$")
expect_build("the list is current" "" migration_list_check)

write_sql(migrations/002_orders.sql)
run("${CMAKE_COMMAND}" --build "${build}" --target migration_list_check)
if(result EQUAL 0 OR NOT output MATCHES "is not that of the files" OR NOT output MATCHES "build the target migration_list")
  complain("an old list passes the check")
endif()
expect_build("migration_list" "" migration_list)
expect_page("`002_orders.sql`")
expect_build("the list is current again" "" migration_list_check)

# Freezing is a reason to compile again.
set(compiled "compile --end-with-build --plan [^\n]*\n")
expect_build("with two files" "${compiled}")
file(WRITE "${source}/migrations/SHA256SUMS" "")
expect_build("the list of frozen files came" "${compiled}")
execute_process(COMMAND "${CMAKE_COMMAND}" -E sleep 0.05)
file(WRITE "${source}/migrations/SHA256SUMS" "# changed\n")
expect_build("the list of frozen files changed" "${compiled}")
expect_build("nothing changed" "")

file(WRITE "${source}/page.md" "no place\n")
run("${CMAKE_COMMAND}" --build "${build}" --target migration_list)
if(result EQUAL 0 OR NOT output MATCHES "has no place for the list of migrations")
  complain("a page without a place for the list is written")
endif()

# SPDX-License-Identifier: Apache-2.0
# Brackets are a pattern to file(GLOB), and a text to nobody else.
set(source "${WORK_DIR}/so[u]rce[1]")
set(compiled "compile --end-with-build --plan [^\n]*\n")
write_sql("mi[g]rations/001_customers.sql")
write_project("pgratchet_add_migrations(shop DIRECTORY [==[mi[g]rations]==])")
configure()

expect_build("first build" "${compiled}")
write_sql("mi[g]rations/002_orders.sql")
expect_build("a migration was added" "${compiled}")
expect_build("the new target" "apply [^\n]* --to 002\n" migrate_002)

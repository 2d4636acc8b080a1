# SPDX-License-Identifier: Apache-2.0
# The local server that was taken because nothing was said does not become another environment's.
write_sql(migrations/001_customers.sql)
write_project("pgratchet_add_migrations(shop DIRECTORY migrations)")
configure()
expect_build("by default" "compile [^\n]*\nstatus [^\n]* --environment dev --local [^\n]*\n" migrate_status)

run("${CMAKE_COMMAND}" -S "${source}" -B "${build}" -DPGRATCHET_ENVIRONMENT=prod)
if(result EQUAL 0 OR NOT output MATCHES "environment prod has neither")
  complain("prod was given the local server of dev")
endif()
run("${CMAKE_COMMAND}" -S "${source}" -B "${build}" -DPGRATCHET_ENVIRONMENT=prod -DPGRATCHET_URL_VARIABLE=SHOP_URL)
if(NOT result EQUAL 0)
  complain("the local server of dev is in the way of prod")
endif()
expect_build("prod" "status [^\n]* --environment prod --url-variable SHOP_URL\n" migrate_status)

# One that was chosen stays.
run("${CMAKE_COMMAND}" -S "${source}" -B "${build}" -DPGRATCHET_SERVER=local -DPGRATCHET_URL_VARIABLE=)
run("${CMAKE_COMMAND}" -S "${source}" -B "${build}" -DPGRATCHET_ENVIRONMENT=test)
if(NOT result EQUAL 0)
  complain("the local server that was asked for is not kept")
endif()

# SPDX-License-Identifier: Apache-2.0
# arguments: -DPGRATCHET_LOCK_TIMEOUT=500ms -DPGRATCHET_SHADOW_URL_VARIABLE=SHADOW_URL
write_files(migrations 001_customers.sql 002_orders.sql 003_notes.sql)
write_files(schema dump.sql)
pgratchet_add_migrations(shop
  DIRECTORY             migrations
  RUNTIME_ROLE          Shop
  RUNTIME_PRIVILEGES    SELECT,DELETE
  ROLES                 reporting "Big Boss"
  BASELINE              002
  BASELINE_SCHEMA       schema/dump.sql
  IGNORE                "index|public.tmp_*|*|made by the reporting job" "column|public.a.b|default|set by hand"
  JOB_MANAGED_PARTITIONS public.events audit.lines
  WARNINGS_AS_ERRORS    ALL grant-to-public
  DISABLED_WARNINGS     frozen-moment early-probe
  ENABLED_WARNINGS      truncate-cascade)
file(READ "${CMAKE_BINARY_DIR}/CMakeFiles/shop.plan.inputs" inputs)
foreach(line IN ITEMS 003_notes.sql dump.sql Shop SELECT,DELETE --runtime-role reporting "Big Boss" --baseline SHADOW_URL
    "column|public.a.b|default|set by hand" audit.lines --werror --werror=grant-to-public --no-warn=frozen-moment --no-warn=early-probe
    --warn=truncate-cascade)
  string(FIND "${inputs}" "${line}" position)
  if(position EQUAL -1)
    message(SEND_ERROR "${line} is not in\n${inputs}")
  endif()
endforeach()

# SPDX-License-Identifier: Apache-2.0
# The order and the rules of migrations' names.
cmake_minimum_required(VERSION 3.25)
include("${CMAKE_CURRENT_LIST_DIR}/../../../cmake/PgRatchetMigrationNames.cmake")

function(expect_equal what actual expected)
  if(NOT actual STREQUAL expected)
    message(SEND_ERROR "${what}: \"${actual}\" and not \"${expected}\"")
  endif()
endfunction()

# expect_order(<versions> <files> <baseline> <name>...): nothing is wrong with the set.
function(expect_order versions files baseline)
  _pgratchet_order_migrations(history "${baseline}" ${ARGN})
  expect_equal("problem of ${ARGN}" "${history_PROBLEM}" "")
  expect_equal("versions of ${ARGN}" "${history_VERSIONS}" "${versions}")
  expect_equal("files of ${ARGN}" "${history_FILES}" "${files}")
endfunction()

function(expect_problem problem baseline)
  _pgratchet_order_migrations(history "${baseline}" ${ARGN})
  expect_equal("problem of ${ARGN}" "${history_PROBLEM}" "${problem}")
endfunction()

function(expect_version version name)
  _pgratchet_version_of("${name}" actual)
  expect_equal("version of ${name}" "${actual}" "${version}")
endfunction()

# ---- Versions as numbers and back
foreach(pair IN ITEMS 001=1 000=0 0100=100 1000=1000 01001=1001 0010200=10200 999=999)
  string(REGEX MATCH "^([0-9]+)=([0-9]+)$" pair "${pair}")
  set(version "${CMAKE_MATCH_1}")
  set(number "${CMAKE_MATCH_2}")
  string(LENGTH "${version}" width)
  _pgratchet_version_to_number("${version}" actual)
  expect_equal("number of ${version}" "${actual}" "${number}")
  _pgratchet_number_to_version("${number}" ${width} actual)
  expect_equal("version of ${number}" "${actual}" "${version}")
endforeach()

# ---- One name
expect_version(001 001_initial.sql)
expect_version(0001 0001_a-b.c.sql)
expect_version(20240101120000 20240101120000_x.sql)
expect_version(008 "008_Größe ändern.sql")
foreach(name IN ITEMS 4_x.sql 04_x.sql 004-x.sql 004x.sql 004_.sql 004.sql 004_x.SQL 004_x.sql.bak x004_x.sql x.sql
    "004_a[1.sql")
  expect_version("" "${name}")
endforeach()

# ---- Sets that are right
expect_order("001;002;003" "001_b.sql;002_a.sql;003_c.sql" "" 003_c.sql 001_b.sql 002_a.sql)
expect_order("008;009;010;011" "008_a.sql;009_b.sql;010_c.sql;011_d.sql" "007" 010_c.sql 009_b.sql 011_d.sql 008_a.sql)
expect_order("0099;0100;0101" "0099_a.sql;0100_b.sql;0101_c.sql" "0098" 0101_c.sql 0099_a.sql 0100_b.sql)
expect_order("005;006" "005_a.sql;006_b.sql" "008" 006_b.sql 005_a.sql)
expect_order("20231231;20240101" "20231231_b.sql;20240101_a.sql" "" 20240101_a.sql 20231231_b.sql)

expect_order("001;002" "001_a.sql;002_b.sql" "" notes.sql 002_b.sql 001_a.sql)
expect_order("" "" "" notes.sql)

# ---- Sets that are not
expect_problem("version 002 is taken twice, by 002_a.sql and 002_b.sql; the next free number is 003" ""
  001_x.sql 002_b.sql 002_a.sql)
expect_problem("version 20240101 is taken twice, by 20240101_a.sql and 20240101_b.sql; take the present time as the number" ""
  20240101_a.sql 20240101_b.sql)
expect_problem("009 is missing between 008_a.sql and 010_b.sql: the free number is 009" "007" 008_a.sql 010_b.sql)
expect_problem("001_a.sql has 3 digits and 0002_b.sql has 4; one folder has one width; the next free number is 0003" ""
  001_a.sql 0002_b.sql)
expect_problem("\"1-x.sql\" is not the name of a migration, which is NNN_description.sql with three digits or more and no bracket or semicolon; the next free number is 002" ""
  1-x.sql 001_a.sql)
expect_problem("\"1-x.sql\" is not the name of a migration, which is NNN_description.sql with three digits or more and no bracket or semicolon; the next free number is 001" ""
  1-x.sql)
expect_problem("\"notes[.sql;001_a.sql\" is not the name of a migration, which is NNN_description.sql with three digits or more and no bracket or semicolon; the next free number is 001" ""
  "notes[.sql" 001_a.sql)
expect_problem("the history starts with 003_a.sql: the free number is 001, or BASELINE and BASELINE_SCHEMA stand for what is left out" ""
  003_a.sql 004_b.sql)
expect_problem("the history starts with 000_a.sql: the free number is 001, or BASELINE and BASELINE_SCHEMA stand for what is left out" ""
  000_a.sql 001_b.sql)
expect_problem("the history goes on with 012_a.sql after BASELINE 010: the free number is 011" "010" 012_a.sql)

# ---- Baselines
function(expect_baseline problem baseline)
  _pgratchet_problem_of_baseline("${baseline}" actual ${ARGN})
  expect_equal("BASELINE ${baseline} over ${ARGN}" "${actual}" "${problem}")
endfunction()
expect_baseline("" 002 001 002 003)
expect_baseline("" 003 001 002 003)
expect_baseline("" 012 013 014)
expect_baseline("BASELINE 004 is newer than the newest file, 003" 004 001 002 003)
expect_baseline("BASELINE 0002 has 4 digits and the files have 3" 0002 001 002 003)
expect_baseline("BASELINE \"two\" is not a version; it is written as the files write it, with 3 digits" two 001 002)

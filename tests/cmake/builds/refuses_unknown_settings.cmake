# SPDX-License-Identifier: Apache-2.0
# A misspelt setting of a preset, a string and a boolean, ends the configuration until it is corrected there.
write_sql(migrations/001_customers.sql)
write_project("pgratchet_add_migrations(shop DIRECTORY migrations)")

function(write_preset variables)
  file(WRITE "${source}/CMakePresets.json" "{ \"version\": 6, \"configurePresets\": [ { \"name\": \"prod\",
  \"generator\": \"${GENERATOR}\", \"binaryDir\": \"${build}\", \"cacheVariables\": {
    \"PGRATCHET_ENVIRONMENT\": \"prod\", \"PGRATCHET_URL_VARIABLE\": \"SECRET_URL\", ${variables} } } ] }\n")
endfunction()

write_preset("\"PGRATCHET_EXPECT_DATABSE\": \"shop\", \"PGRATCHET_PROTECTD\": true")
foreach(time IN ITEMS first second)
  run("${CMAKE_COMMAND}" --preset prod -S "${source}")
  if(result EQUAL 0 OR NOT output MATCHES "PGRATCHET_EXPECT_DATABSE is no" OR NOT output MATCHES "PGRATCHET_PROTECTD is no")
    complain("the ${time} time: the misspelt settings were not refused")
  endif()
endforeach()
file(STRINGS "${build}/CMakeCache.txt" left REGEX "DATABSE|PROTECTD")
if(left)
  complain("the cache has ${left}")
endif()

# They are not in the way when the preset is right.
write_preset("\"PGRATCHET_EXPECT_DATABASE\": \"shop\", \"PGRATCHET_PROTECTED\": true")
run("${CMAKE_COMMAND}" --preset prod -S "${source}")
if(NOT result EQUAL 0)
  complain("the corrected preset was refused")
endif()
expect_build("the plan" "compile [^\n]*\n")
expect_build("guarded" "status [^\n]* --protected --expect-database shop\n" migrate_status)

# SPDX-License-Identifier: Apache-2.0
# How the executor is linked. Portable means that it needs libpq, the C library and zlib, which every Debian has, and
# nothing else, so that it runs wherever those are: in a bundle on a machine without anything of what it was built
# from. All other libraries are then linked as archives. These three stay shared: their security updates come from the
# system.
#
# Makes the targets pgratchet_pqxx, pgratchet_log and pgratchet_sodium.

set(missing "")
if(NOT PGRATCHET_SANITIZE)
  foreach(archive IN ITEMS pqxx sodium)
    find_library(PGRATCHET_ARCHIVE_${archive} NAMES lib${archive}.a)
    mark_as_advanced(PGRATCHET_ARCHIVE_${archive})
    if(NOT PGRATCHET_ARCHIVE_${archive})
      list(APPEND missing lib${archive}.a)
    endif()
  endforeach()
  if(NOT PgQuery_LIBRARY MATCHES "\\.a$")
    list(APPEND missing libpg_query.a)
  endif()
  if(NOT PgQuery_PROTOBUF_C_LIBRARY MATCHES "\\.a$")
    list(APPEND missing libprotobuf-c.a)
  endif()
endif()

set(portable_is_possible TRUE)
if(missing OR PGRATCHET_SANITIZE OR NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
  set(portable_is_possible FALSE)
endif()
option(PGRATCHET_PORTABLE "Link the executor so that it needs no library but libpq, libc and zlib" ${portable_is_possible})
if(PGRATCHET_PORTABLE AND missing)
  message(FATAL_ERROR "PGRATCHET_PORTABLE needs ${missing}")
endif()

foreach(part IN ITEMS pqxx log sodium)
  add_library(pgratchet_${part} INTERFACE)
endforeach()
if(PGRATCHET_PORTABLE)
  target_link_libraries(pgratchet_pqxx INTERFACE "${PGRATCHET_ARCHIVE_pqxx}" PkgConfig::PC_PQ)
  target_include_directories(pgratchet_pqxx SYSTEM INTERFACE ${PC_PQXX_INCLUDE_DIRS})
  # The imported targets of spdlog and fmt would pull in their shared libraries.
  target_compile_definitions(pgratchet_log INTERFACE SPDLOG_FMT_EXTERNAL FMT_HEADER_ONLY)
  get_target_property(spdlog_folder spdlog::spdlog INTERFACE_INCLUDE_DIRECTORIES)
  target_include_directories(pgratchet_log SYSTEM INTERFACE ${spdlog_folder})
  target_link_libraries(pgratchet_sodium INTERFACE "${PGRATCHET_ARCHIVE_sodium}")
  target_include_directories(pgratchet_sodium SYSTEM INTERFACE ${sodium_INCLUDE_DIRS})
else()
  target_link_libraries(pgratchet_pqxx INTERFACE PQXX::PQXX)
  target_link_libraries(pgratchet_log INTERFACE spdlog::spdlog)
  target_link_libraries(pgratchet_sodium INTERFACE PkgConfig::sodium)
endif()

function(_pgratchet_link_portably target)
  # pgratchet_add_bundle() asks for it: a bundle with another executor would not run where it is unpacked.
  set_target_properties(${target} PROPERTIES
    PGRATCHET_PORTABLE "${PGRATCHET_PORTABLE}"
    EXPORT_PROPERTIES PGRATCHET_PORTABLE)
  if(PGRATCHET_PORTABLE)
    # No build id: it is a hash over the debug information too, which names the build's folder.
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc LINKER:--as-needed LINKER:--build-id=none)
  endif()
endfunction()

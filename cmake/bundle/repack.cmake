# SPDX-License-Identifier: Apache-2.0
# CPack's last step: packs what it packed once more, so that the bytes depend on the files alone. CPack 3.25 leaves in
# the packages the umask, the modes of the files, the order in which the file system lists them, and the moment.
cmake_policy(VERSION 3.25)

function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endfunction()

set(epoch "$ENV{SOURCE_DATE_EPOCH}")
if(epoch STREQUAL "" AND CPACK_PGRATCHET_SOURCE_DIR)
  find_program(git git)
  if(git)
    execute_process(COMMAND "${git}" -C "${CPACK_PGRATCHET_SOURCE_DIR}" log -1 --format=%ct
      OUTPUT_VARIABLE epoch OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
endif()
if(NOT epoch MATCHES "^[0-9]+$")
  set(epoch 315532800) # 1980, the first year that every archive format knows
endif()

set(work "${CPACK_TEMPORARY_DIRECTORY}.repack")
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  file(REMOVE_RECURSE "${work}")
  file(MAKE_DIRECTORY "${work}/root")
  if(package MATCHES "\\.tar\\.gz$")
    run(tar --extract --gzip --file "${package}" --directory "${work}/root")
    file(GLOB top RELATIVE "${work}/root" "${work}/root/*")
    # ustar: the one form that `pgratchet bundle verify` reads without unpacking.
    run(tar --create --file "${work}/packed.tar" --format=ustar --sort=name --owner=0 --group=0 --numeric-owner
      --mtime=@${epoch} --mode=u+rwX,go=rX,go-w --directory "${work}/root" ${top})
    run(gzip --no-name -9 "${work}/packed.tar")
    run("${CMAKE_COMMAND}" -E rename "${work}/packed.tar.gz" "${package}")
  elseif(package MATCHES "\\.deb$")
    run(dpkg-deb --raw-extract "${package}" "${work}/root")
    include("${CMAKE_CURRENT_LIST_DIR}/repack_deb.cmake")
    run("${CMAKE_COMMAND}" -E env SOURCE_DATE_EPOCH=${epoch}
      dpkg-deb --root-owner-group -Zxz -z9 --threads-max=1 --build "${work}/root" "${work}/packed.deb")
    run("${CMAKE_COMMAND}" -E rename "${work}/packed.deb" "${package}")
  endif()
endforeach()
file(REMOVE_RECURSE "${work}")

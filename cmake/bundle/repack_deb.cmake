# SPDX-License-Identifier: Apache-2.0
# Included by repack.cmake: what Debian's policy asks of a package's tree and CPack does not do. ${work}/root is the
# tree, with its control files in DEBIAN.
set(root "${work}/root")
execute_process(COMMAND date --utc --date=@${epoch} "+%a, %d %b %Y %H:%M:%S +0000"
  OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)

# ---- Documentation (Debian policy, 12.7 and 12.5) ---------------------------------------------------------------------
set(documentation "${root}/usr/share/doc/${CPACK_PACKAGE_NAME}")
file(MAKE_DIRECTORY "${documentation}")
file(WRITE "${documentation}/changelog"
"${CPACK_PACKAGE_NAME} (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium

  * Version ${CPACK_PACKAGE_VERSION}.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
run(gzip --no-name -9 --force "${documentation}/changelog")
if(NOT EXISTS "${documentation}/copyright")
  configure_file("${CMAKE_CURRENT_LIST_DIR}/copyright" "${documentation}/copyright" COPYONLY)
endif()

# ---- Places (the Debian package of zsh looks elsewhere for what packages bring; policy 12.1) --------------------------
if(EXISTS "${root}/usr/share/zsh/site-functions")
  file(RENAME "${root}/usr/share/zsh/site-functions" "${root}/usr/share/zsh/vendor-completions")
endif()
file(GLOB pages "${root}/usr/share/man/man*/*.[0-9]")
foreach(page IN LISTS pages)
  run(gzip --no-name -9 "${page}")
endforeach()

# ---- Modes ------------------------------------------------------------------------------------------------------------
run(chmod --recursive u+rwX,go=rX,go-w "${root}")

# ---- Control ----------------------------------------------------------------------------------------------------------
# Installed-Size in KiB, each file rounded up to whole KiB and each folder counted as one (policy 5.6.20), instead of
# what the file system at hand takes for them.
file(GLOB_RECURSE entries LIST_DIRECTORIES TRUE RELATIVE "${root}" "${root}/*")
list(FILTER entries EXCLUDE REGEX "^DEBIAN(/|$)")
set(size 0)
set(sums "")
foreach(entry IN LISTS entries)
  if(IS_DIRECTORY "${root}/${entry}")
    math(EXPR size "${size} + 1")
  else()
    file(SIZE "${root}/${entry}" bytes)
    math(EXPR size "${size} + (${bytes} + 1023) / 1024")
    file(MD5 "${root}/${entry}" sum)
    list(APPEND sums "${sum}  ${entry}")
  endif()
endforeach()
list(SORT sums)
list(JOIN sums "\n" sums)
file(WRITE "${root}/DEBIAN/md5sums" "${sums}\n")
file(READ "${root}/DEBIAN/control" control)
string(REGEX REPLACE "\nInstalled-Size:[^\n]*" "\nInstalled-Size: ${size}" control "${control}")
file(WRITE "${root}/DEBIAN/control" "${control}")
run(chmod u=rw,go=r "${root}/DEBIAN/control" "${root}/DEBIAN/md5sums")

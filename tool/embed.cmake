# SPDX-License-Identifier: Apache-2.0
# cmake -D FOLDER=... -D OUTPUT=... -P embed.cmake
#
# Writes a C++ source with the files of a folder, so that the executor needs no files beside it. A name that starts
# with "dot." stands for one that starts with a dot.
cmake_minimum_required(VERSION 3.25)

file(GLOB_RECURSE names RELATIVE "${FOLDER}" "${FOLDER}/*")
list(SORT names)
set(entries "")
foreach(name IN LISTS names)
  file(READ "${FOLDER}/${name}" text)
  string(REGEX REPLACE "(^|/)dot\\." "\\1." name "${name}")
  string(APPEND entries "    {\"${name}\", R\"embedded(${text})embedded\"},\n")
endforeach()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT [[
// Written by embed.cmake.
#include "init/project_templates.hpp"

namespace pgratchet::init {

std::vector<template_file> const& project_templates()
{
    static std::vector<template_file> const all{
@entries@    };
    return all;
}

} // namespace pgratchet::init
]] @ONLY)

// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace pgratchet::init {

/// A file of a new project. In its text, @NAME@ stands for the project's name.
struct template_file {
    std::string path;
    std::string text;
};

/// The files of the folder templates/ beside this header, put into the executor when it is built.
[[nodiscard]] std::vector<template_file> const& project_templates();

} // namespace pgratchet::init

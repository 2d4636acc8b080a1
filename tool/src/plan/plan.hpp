// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "catalog/object.hpp"
#include "observe/observation.hpp"
#include "script/script.hpp"

#include <optional>
#include <string>
#include <vector>

namespace pgratchet::plan {

/// One object that a migration adds, changes or drops.
struct change {
    catalog::object_id id;
    std::optional<catalog::object> after; ///< nothing: dropped
    /// Made by a statement with IF NOT EXISTS: an equal object that exists already is anticipated, not drift.
    bool if_not_exists = false;

    friend bool operator==(change const&, change const&) = default;
};

/// What a migration, or one statement of it, does to the catalog; ordered by identity.
using effect = std::vector<change>;

/// An object that has another name since, and is the same.
struct renaming {
    catalog::object_id from;
    catalog::object_id to;

    friend bool operator==(renaming const&, renaming const&) = default;
};

/// A compiled migration.
struct migration {
    std::string version;
    std::string file;   ///< name within the plan's folder of migrations
    std::string sha256; ///< of the file's bytes
    script::transaction_mode mode = script::transaction_mode::wrapped;
    bool schema_only = false;          ///< by its parse tree and its replay it does no work on data
    std::vector<std::string> untraced; ///< to what it does something that no comparison shows: see script::statement
    /// It drops tables or columns, or changes a column's type: data that was there before goes with them, and does not
    /// come back when a later file takes the schema back.
    bool may_destroy = false;
    /// The numbers, counted from 1, of the statements that took away what held data, where the file leaves something of
    /// the same name all the same.
    std::vector<std::size_t> moved_data;
    /// The numbers, counted from 1, of the statements that change rows of foreign tables, another server's: compile and
    /// rehearsals only plan them.
    std::vector<std::size_t> foreign_rows;
    /// What was there before it and is there under another name after it: by ALTER ... RENAME and SET SCHEMA.
    std::vector<renaming> renamed;
    effect changes;
    /// For a file without a transaction: the effect of each statement, so that a cut-off run can go on.
    std::vector<effect> statements;
    /// What its statements did on the shadow to relations that were there before; only those that did something.
    std::vector<observe::observed_statement> observed;

    friend bool operator==(migration const&, migration const&) = default;
};

/// True if a migration does more than its effect shows: that its effect is there does not prove that it has run.
[[nodiscard]] inline bool does_more_than_it_shows(migration const& one)
{
    return !one.schema_only || !one.untraced.empty();
}

/// A hand-written check: one SELECT that gives one boolean, true once its migration is applied.
struct probe {
    std::string name;    ///< the file's stem, "003_imphash"
    std::string version; ///< the migration it speaks for
    std::string file;    ///< name within the plan's folder of probes
    std::string sha256;
    std::string sql;
    /// That it is true shows that its file has run: the file works on rows, and on the shadow the probe was false at
    /// every version before, with the rows of then and, right before it, without any.
    bool denies = false;

    friend bool operator==(probe const&, probe const&) = default;
};

/// A difference that is no drift, and why: IGNORE in CMake.
struct ignore_rule {
    std::string kind;      ///< an object kind, or "*"
    std::string identity;  ///< a pattern in which * stands for any characters
    std::string attribute; ///< an attribute's name, or "*" for the whole object
    std::string reason;

    friend bool operator==(ignore_rule const&, ignore_rule const&) = default;
};

/// The compiled migrations. Version k, counted from 1, is migrations[k - 1]; version 0 is the empty database.
struct plan {
    int server_version = 0;                      ///< of the shadow, as PQserverVersion
    std::string migrations_directory;            ///< relative to the plan file's folder
    std::optional<std::string> probes_directory; ///< likewise
    /// The version below which a history is taken as given.
    std::optional<std::string> baseline;
    /// A schema dump of the baseline, relative to the plan file's folder. It stands for the files up to the baseline,
    /// and is migrations.front().
    std::optional<std::string> baseline_schema;
    std::string search_path;        ///< that every migration starts with
    std::vector<std::string> roles; ///< that the migrations name; a local environment has them made
    /// One of `roles`: under which the application works.
    std::optional<std::string> runtime_role;
    std::vector<std::string> runtime_privileges; ///< that it needs on every table: "SELECT"; empty without the role
    std::vector<ignore_rule> ignored;
    /// Partitioned tables whose partitions come and go by a job.
    std::vector<std::string> job_managed_partitions;
    /// Those objects of an empty database that some migration changes or drops.
    catalog::snapshot initial;
    std::vector<migration> migrations;
    std::vector<probe> probes;

    friend bool operator==(plan const&, plan const&) = default;
};

/// The place of a version in the history, counted from 1; nothing if there is none such.
[[nodiscard]] std::optional<std::size_t> index_of(plan const&, std::string_view version);

/// The name of version k: "003", or "empty" for 0.
[[nodiscard]] std::string version_name(plan const&, std::size_t k);

/// That an environment was left where it was: "prod stays at 003", "prod stays empty".
[[nodiscard]] std::string stays(std::string const& environment, plan const&, std::size_t k);

} // namespace pgratchet::plan

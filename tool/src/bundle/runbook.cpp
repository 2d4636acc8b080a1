// SPDX-License-Identifier: Apache-2.0
#include "bundle/runbook.hpp"

#include "bundle/executor_options.hpp"
#include "bundle/in_words.hpp"
#include "bundle/manifest.hpp"

#include <gnu/libc-version.h>

namespace pgratchet::bundle {

namespace {

class page {
public:
    page(runbook_facts const& facts, plan::plan const& compiled) : m_facts{facts}, m_plan{compiled} {}

    std::string text()
    {
        head();
        migrations();
        requirements();
        check();
        connection();
        backup();
        rehearse();
        apply();
        verify();
        restore();
        return m_text;
    }

private:
    void line(std::string const& text = "") { m_text += text + "\n"; }
    void title(std::string const& text)
    {
        line();
        line("## " + text);
        line();
    }

    void shell(std::string const& text) { line("    " + text); }

    /// A block of commands for each environment. Which one is said where there are several.
    template <typename Commands>
    void for_each_environment(Commands const& commands)
    {
        for (auto const& one : m_facts.environments) {
            if (m_facts.environments.size() > 1) {
                shell("# " + environment_name(one));
            }
            commands(one);
        }
    }

    /// With what the environment's preset says, as the targets have it: no guard is lost without CMake.
    [[nodiscard]] std::string executor(environment_preset const& of, std::string const& command) const
    {
        return "bin/pgratchet " + command + " --plan " + m_facts.plan_path + executor_options(of, command);
    }

    [[nodiscard]] std::string target(environment_preset const& of, std::string const& name) const
    {
        return "cmake --build --preset " + of.name + " --target " + m_facts.target_prefix + name;
    }

    void head()
    {
        line("# " + m_facts.name + " " + m_facts.version + ": runbook");
        line();
        line("This folder brings a PostgreSQL database to the schema of " + m_facts.name + ", version " +
             plan::version_name(m_plan, m_plan.migrations.size()) + ", and proves it. It was generated from the plan.");
        line();
        line("| | |");
        line("| --- | --- |");
        line("| source revision | " + m_facts.source_revision.value_or("unknown") + " |");
        line("| plan | `" + m_facts.plan_path + "`, SHA-256 `" + m_facts.plan_sha256 + "` |");
        line("| compiled on | PostgreSQL " + std::to_string(m_plan.server_version / 10000) + "." +
             std::to_string(m_plan.server_version % 10000) + " |");
        line("| pgratchet | " + m_facts.pgratchet + " |");
        line("| roles that must exist | " + in_code(m_plan.roles) + " |");
        title("What is in it");
        line("| file | is |");
        line("| --- | --- |");
        line("| `bin/pgratchet` | the executor; it needs libpq, the C library and zlib, nothing else |");
        line("| `" + m_facts.plan_path + "` | the compiled plan: what each migration does to the catalog |");
        line("| `" + m_plan.migrations_directory + "/` | the migrations, " + std::to_string(m_plan.migrations.size()) +
             " |");
        if (m_plan.probes_directory) {
            line("| `" + *m_plan.probes_directory + "/` | the probes, " + std::to_string(m_plan.probes.size()) + " |");
        }
        if (m_plan.baseline_schema) {
            line("| `" + *m_plan.baseline_schema + "` | the schema of the baseline " + m_plan.baseline.value_or("") +
                 " |");
        }
        line("| `CMakeLists.txt`, `CMakePresets.json`, `PreLoad.cmake`, `cmake/` | targets and tests; they need no "
             "compiler and no network |");
        line("| `" + std::string{manifest_name} + "`, `" + std::string{signature_name} +
             "` | the SHA-256 of every file, and who vouches for it (the second only if the bundle is signed) |");
    }

    void migrations()
    {
        title("What each migration does");
        auto const words = what_migrations_do(m_plan);
        for (std::size_t i = 0; i < m_plan.migrations.size(); ++i) {
            auto const& one = m_plan.migrations[i];
            line("### " + one.version + ": `" + one.file + "`");
            line();
            for (auto const& each : migration_in_words(one, words[i])) {
                line(each);
            }
            line();
        }
        m_text.pop_back(); // titles bring their own empty line
    }

    void requirements()
    {
        title("What it needs");
        line("- libpq (Debian: `libpq5`), Linux with glibc " + std::string{gnu_get_libc_version()} +
             " or newer. For the targets and tests also CMake "
             "3.25, and ninja or make.");
        line(std::string{"- PostgreSQL 13 to 18, "} +
             (m_plan.roles.empty() ? "and a role that may change the schema."
                                   : "a role that may change the schema, and the roles named above."));
        if (m_facts.has_backup) {
            line("- `pg_dump` and `pg_restore` of the server's major version or a newer one (Debian: "
                 "`postgresql-client`), for backups, rehearsals and restores. Where the preset asks for a backup, "
                 "nothing is applied without them.");
        }
        if (m_facts.has_restore) {
            line("- To restore: the role owns the database, has CREATEDB and may end sessions (`pg_signal_backend`), "
                 "or is a superuser; and there is room for a second database.");
        }
        line("- A connection to the server itself or to a pool in session mode.");
    }

    void check()
    {
        title("Check the bundle");
        line("With a pgratchet that you have from elsewhere, before unpacking: an altered bundle could bring an "
             "altered executor. `ops.pub` holds the public keys that you trust.");
        line();
        shell("pgratchet bundle verify --trusted-key ops.pub ARCHIVE.tar.gz");
        line();
        line("In the unpacked folder every command does it again before it connects. With the variable "
             "`PGRATCHET_TRUSTED_KEY=/etc/pgratchet/ops.pub` set, nothing that is unsigned, altered or signed by "
             "another key is used; without it only the SHA-256 of each file is compared. Nothing may be added to the "
             "folder but `build/`.");
    }

    void connection()
    {
        title("Say which database");
        line("The variable holds the connection string; it is never given as an argument. Copy the folder first if "
             "you cannot write to it and want to use CMake.");
        line();
        line("| environment | variable |");
        line("| --- | --- |");
        for (auto const& one : m_facts.environments) {
            line("| " + environment_name(one) + " | `" + setting(one, "URL_VARIABLE") + "` |");
        }
        line();
        for_each_environment([&](environment_preset const& one) {
            shell("export " + setting(one, "URL_VARIABLE") + "='postgresql://USER@HOST/DATABASE?sslmode=verify-full'");
            shell(executor(one, "status"));
        });
        line();
        line("The options of the commands on this page are what the environment's preset in `CMakePresets.json` says, "
             "and CMake's targets give the same. Without them the executor does not know what it is to make sure of: "
             "take over whole lines.");
        line();
        line("Where there is CMake, configure first; it contacts no database. All targets below need it:");
        line();
        for_each_environment([&](environment_preset const& one) {
            shell("cmake --preset " + one.name);
            shell(target(one, "migrate_status"));
        });
    }

    void backup()
    {
        title("Back up");
        if (m_facts.has_backup) {
            line("It is verified before it counts, and its path is printed.");
            line();
            for_each_environment([&](environment_preset const& one) {
                shell(executor(one, "backup"));
                shell(target(one, "backup_" + environment_name(one)));
            });
            line();
            line("Where the preset asks for one (`PGRATCHET_BACKUP`), `migrate_all` makes it itself; so does "
                 "`bin/pgratchet apply` with `--backup required`, as it is written below.");
            return;
        }
        line("With the tool that you use for it, or:");
        line();
        shell("pg_dump --format=custom --file=before-" + m_facts.name + ".dump --host=HOST --username=USER DATABASE");
        shell("pg_restore --list before-" + m_facts.name + ".dump > /dev/null && echo readable");
    }

    void rehearse()
    {
        if (!m_facts.has_backup) {
            return;
        }
        title("Rehearse");
        line("The newest backup is restored into a throwaway database, and what is pending is applied there. It needs "
             "PostgreSQL's server programs and room for a second copy of the data on this machine; the database itself "
             "is not touched.");
        line();
        for_each_environment([&](environment_preset const& one) {
            shell(target(one, "rehearse_" + environment_name(one)));
            shell(executor(one, "rehearse") + " --data-dir ../rehearsal");
        });
    }

    void apply()
    {
        title("Apply");
        line("Where there is CMake, everything in one go:");
        line();
        for_each_environment([&](environment_preset const& one) {
            shell("cmake --preset " + one.name + " && " + target(one, "migrate_all") + " && ctest --preset " +
                  one.name + " -L schema");
        });
        line();
        line("Step by step:");
        line();
        for_each_environment([&](environment_preset const& one) {
            shell(target(one, "migrate_status"));
            shell(target(one, "migrate_dry_run"));
            shell(target(one, "migrate_all"));
        });
        line();
        line("Without CMake:");
        line();
        for_each_environment([&](environment_preset const& one) {
            shell(executor(one, "apply") + " --dry-run");
            shell(executor(one, "apply"));
        });
        line();
        line(
            "A migration that fails is rolled back, and those after it are not started; run it again when the cause is "
            "gone. A database that is newer than this bundle is refused: a bundle does not go back. Exit codes: 0 "
            "done, 3 the state refuses, 4 SQL failed, 5 locked, 6 commit in doubt (run `status`).");
    }

    void verify()
    {
        title("Verify");
        for_each_environment(
            [&](environment_preset const& one) { shell("ctest --preset " + one.name + " -L schema"); });
        line();
        line("or, without CMake:");
        line();
        for_each_environment([&](environment_preset const& one) { shell(executor(one, "verify")); });
        line();
        line("Who did what, and when, is in the receipts of this machine:");
        line();
        for_each_environment([&](environment_preset const& one) {
            shell(target(one, "migrate_history"));
            shell("bin/pgratchet status --history --plan " + m_facts.plan_path + executor_options(one, "history"));
        });
    }

    void restore()
    {
        title("Restore");
        line("There is no way back but the backup. Stop the application first.");
        line();
        if (m_facts.has_restore) {
            line("BACKUP is the full path of an archive; its receipt must stand beside it.");
            line();
            for_each_environment([&](environment_preset const& one) {
                auto const name = environment_name(one);
                shell("PGRATCHET_RESTORE_FROM=BACKUP PGRATCHET_RESTORE_CONFIRM=" + name + " " +
                      target(one, "restore_" + name));
                shell(executor(one, "restore") + " --from BACKUP --confirm " + name);
            });
            return;
        }
        shell("createdb restored");
        shell("pg_restore --exit-on-error --dbname=restored BACKUP");
        line();
        line(
            "Look at it with `status`, then exchange the names of the two databases (`ALTER DATABASE ... RENAME TO`).");
    }

    runbook_facts const& m_facts;
    plan::plan const& m_plan;
    std::string m_text;
};

} // namespace

std::string runbook(runbook_facts const& facts, plan::plan const& compiled)
{
    return page{facts, compiled}.text();
}

} // namespace pgratchet::bundle

// SPDX-License-Identifier: Apache-2.0
#include "backup/receipt.hpp"

#include "errors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

namespace pgratchet::backup {

namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr auto format_name = "pgratchet backup";
constexpr int format_version = 2;
constexpr std::size_t most_bytes = 1U << 16; // one of our own has about 1,000

/// Why a receipt cannot be used; parse_receipt() adds which one it is.
struct unfit {
    std::string why;
};

bool is_in(std::string_view text, std::string_view allowed)
{
    return text.find_first_not_of(allowed) == std::string_view::npos;
}

constexpr std::string_view digits = "0123456789";

bool is_moment(std::string_view text)
{
    constexpr std::string_view form = "0000-00-00T00:00:00Z";
    return text.size() == form.size() && std::ranges::equal(text, form, [](char given, char wanted) {
               return wanted == '0' ? given >= '0' && given <= '9' : given == wanted;
           });
}

/// One that stands beside its receipt: no way leads from it to another folder.
bool is_file_name(std::string_view text)
{
    return !text.empty() && text.size() <= 250 && text.front() != '.' &&
           std::ranges::all_of(text, [](unsigned char c) { return c > ' ' && c != '/' && c != 127; });
}

bool has_no_control_characters(std::string_view text)
{
    return std::ranges::all_of(text, [](unsigned char c) { return c >= ' ' && c != 127; });
}

/// The members of an object, each taken once.
class fields {
public:
    explicit fields(json const& in) : m_in{in} {}

    [[nodiscard]] json const& take(char const* name)
    {
        auto const place = m_in.find(name);
        if (place == m_in.end()) {
            throw unfit{"it has no field \"" + std::string{name} + "\""};
        }
        ++m_taken;
        return *place;
    }

    [[nodiscard]] std::string text(char const* name, bool (*is_good)(std::string_view) = nullptr)
    {
        auto const& value = take(name);
        if (!value.is_string()) {
            throw unfit{"its field \"" + std::string{name} + "\" is no text"};
        }
        auto const& found = value.get_ref<std::string const&>();
        if (found.size() > 1000 || !has_no_control_characters(found) || (is_good != nullptr && !is_good(found))) {
            throw unfit{"its field \"" + std::string{name} + "\" is not of the right form"};
        }
        return found;
    }

    [[nodiscard]] std::optional<std::string> text_or_null(char const* name, bool (*is_good)(std::string_view))
    {
        auto const place = m_in.find(name);
        if (place != m_in.end() && place->is_null()) {
            ++m_taken;
            return std::nullopt;
        }
        return text(name, is_good);
    }

    [[nodiscard]] std::vector<std::string> texts(char const* name)
    {
        auto const& value = take(name);
        auto const is_text = [](json const& one) {
            return one.is_string();
        };
        if (!value.is_array() || !std::ranges::all_of(value, is_text)) {
            throw unfit{"its field \"" + std::string{name} + "\" is no list of texts"};
        }
        return value.get<std::vector<std::string>>();
    }

    template <typename Number>
    [[nodiscard]] Number whole(char const* name)
    {
        auto const& value = take(name);
        // A number that the file has as negative or with a fraction is of another type here.
        if (!value.is_number_unsigned() ||
            value.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<Number>::max())) {
            throw unfit{"its field \"" + std::string{name} + "\" is no whole number in its bounds"};
        }
        return value.get<Number>();
    }

    [[nodiscard]] double seconds(char const* name)
    {
        auto const& value = take(name);
        if (!value.is_number() || !std::isfinite(value.get<double>()) || value.get<double>() < 0) {
            throw unfit{"its field \"" + std::string{name} + "\" is no number of seconds"};
        }
        return value.get<double>();
    }

    void demand_all_taken() const
    {
        if (m_taken != m_in.size()) {
            throw unfit{"it has " + std::to_string(m_in.size() - m_taken) + " fields that are not known here"};
        }
    }

private:
    json const& m_in;
    std::size_t m_taken = 0;
};

void read_archive(fields& from, receipt& out)
{
    out.archive = from.text("archive", is_file_name);
    auto const format = from.text("archive_format");
    if (format != name_of(archive_format::custom) && format != name_of(archive_format::directory)) {
        throw unfit{"its archive format \"" + format + "\" is not known here"};
    }
    out.format = format == name_of(archive_format::custom) ? archive_format::custom : archive_format::directory;
    out.compression = from.text("compression", [](std::string_view text) {
        return !text.empty() && is_in(text, "abcdefghijklmnopqrstuvwxyz0123456789:");
    });
    out.bytes = from.whole<std::uint64_t>("bytes");
    out.sha256 =
        from.text("sha256", [](std::string_view text) { return text.size() == 64 && is_in(text, "0123456789abcdef"); });
}

void read_origin(fields& from, receipt& out, int version)
{
    if (version > 1) {
        out.project = from.text("project");
        out.database_bytes = from.whole<std::uint64_t>("database_bytes");
    }
    out.environment = from.text("environment", is_file_name);
    out.database = from.text("database", [](std::string_view text) { return !text.empty(); });
    out.database_oid = from.whole<std::uint32_t>("database_oid");
    out.system_identifier =
        from.text("system_identifier", [](std::string_view text) { return text.size() <= 20 && is_in(text, digits); });
    out.server_version = from.whole<int>("server_version");
}

void read_state(fields& from, receipt& out)
{
    static constexpr std::array<std::string_view, 5> known{"empty", "applied", "partial", "drift", "ambiguous"};
    out.condition =
        from.text("condition", [](std::string_view text) { return std::ranges::find(known, text) != known.end(); });
    out.version =
        from.text_or_null("version", [](std::string_view text) { return !text.empty() && is_in(text, digits); });
    if (out.condition == "applied" && !out.version) {
        throw unfit{"it says \"applied\" and no version"};
    }
    out.accepted_drift = from.texts("accepted_drift");
    out.plan_sha256 = from.text(
        "plan_sha256", [](std::string_view text) { return text.size() == 64 && is_in(text, "0123456789abcdef"); });
}

void read_run(fields& from, receipt& out)
{
    out.pg_dump_major = from.whole<int>("pg_dump_major");
    out.pg_dump_version = from.text("pg_dump_version");
    out.seconds = from.seconds("seconds");
    out.started = from.text("started", is_moment);
    out.finished = from.text("finished", is_moment);
}

} // namespace

std::string_view name_of(archive_format format)
{
    return format == archive_format::custom ? "custom" : "directory";
}

std::string to_json(receipt const& of)
{
    ordered_json const out{{"format", format_name},
                           {"format_version", format_version},
                           {"archive", of.archive},
                           {"archive_format", name_of(of.format)},
                           {"compression", of.compression},
                           {"bytes", of.bytes},
                           {"sha256", of.sha256},
                           {"project", of.project},
                           {"environment", of.environment},
                           {"database", of.database},
                           {"database_oid", of.database_oid},
                           {"database_bytes", of.database_bytes},
                           {"system_identifier", of.system_identifier},
                           {"server_version", of.server_version},
                           {"condition", of.condition},
                           {"version", of.version ? ordered_json(*of.version) : ordered_json(nullptr)},
                           {"accepted_drift", of.accepted_drift},
                           {"plan_sha256", of.plan_sha256},
                           {"pg_dump_major", of.pg_dump_major},
                           {"pg_dump_version", of.pg_dump_version},
                           {"seconds", of.seconds},
                           {"started", of.started},
                           {"finished", of.finished}};
    // A database with the encoding SQL_ASCII may have any bytes in its name.
    return out.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

receipt parse_receipt(std::string_view text, std::string const& name)
{
    std::string hint = "an archive counts only with the receipt that was written beside it: take another backup";
    try {
        if (text.size() > most_bytes) {
            throw unfit{"it is " + std::to_string(text.size()) + " bytes long"};
        }
        auto const in = json::parse(text);
        if (!in.is_object()) {
            throw unfit{"it is no JSON object"};
        }
        fields from{in};
        if (from.text("format") != format_name) {
            throw unfit{"it does not say \"format\": \"" + std::string{format_name} + "\""};
        }
        auto const version = from.whole<int>("format_version");
        if (version < 1 || version > format_version) {
            hint = version > format_version ? "a newer pgratchet wrote it: use that one" : hint;
            throw unfit{"its format version is " + std::to_string(version) + ", this executor reads " +
                        std::to_string(format_version)};
        }
        receipt out;
        read_archive(from, out);
        read_origin(from, out, version);
        read_state(from, out);
        read_run(from, out);
        from.demand_all_taken();
        return out;
    } catch (unfit const& problem) {
        throw configuration_error{name + " is not the receipt of a backup: " + problem.why, hint};
    } catch (json::exception const&) {
        throw configuration_error{name + " is not the receipt of a backup: it is no JSON", hint};
    }
}

std::filesystem::path receipt_of(std::filesystem::path const& archive)
{
    auto path = archive.has_filename() ? archive : archive.parent_path();
    return path += ".json";
}

} // namespace pgratchet::backup

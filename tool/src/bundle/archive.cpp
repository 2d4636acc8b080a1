// SPDX-License-Identifier: Apache-2.0
#include "bundle/archive.hpp"

#include "errors.hpp"
#include "script/checksum.hpp"

#include <algorithm>
#include <memory>
#include <zlib.h>

namespace pgratchet::bundle {

namespace {

constexpr std::size_t block = 512;

state_refused unfit(std::string const& why)
{
    return state_refused{"the archive is not that of a bundle: " + why, "get it again from where it was made"};
}

/// A field of a tar header: text up to its first NUL.
std::string_view field(std::string_view header, std::size_t from, std::size_t length)
{
    auto const all = header.substr(from, length);
    return all.substr(0, std::min(all.find('\0'), all.size()));
}

std::size_t octal(std::string_view digits)
{
    std::size_t value = 0;
    while (!digits.empty() && digits.back() == ' ') {
        digits.remove_suffix(1);
    }
    if (digits.empty() || digits.find_first_not_of("01234567") != std::string_view::npos || digits.size() > 12) {
        throw unfit("a number in it is damaged");
    }
    for (auto const digit : digits) {
        value = value * 8 + static_cast<std::size_t>(digit - '0');
    }
    return value;
}

void check_header(std::string_view header)
{
    constexpr std::size_t sum_at = 148;
    constexpr std::size_t sum_length = 8;
    std::size_t sum = sum_length * ' ';
    for (std::size_t i = 0; i < block; ++i) {
        if (i < sum_at || i >= sum_at + sum_length) {
            sum += static_cast<unsigned char>(header[i]);
        }
    }
    if (!header.substr(257).starts_with("ustar") || octal(field(header, sum_at, sum_length)) != sum) {
        throw unfit("a header in it is damaged, or of another form than ustar");
    }
}

std::string path_of(std::string_view header)
{
    auto const prefix = field(header, 345, 155);
    auto const name = field(header, 0, 100);
    return (prefix.empty() ? std::string{} : std::string{prefix} + "/") + std::string{name};
}

std::string oddity_of(char type)
{
    switch (type) {
    case '0':
    case '\0':
        return "";
    case '1':
        return "a hard link";
    case '2':
        return "a symbolic link";
    default:
        return "no regular file";
    }
}

/// Unpacked by root a member keeps its mode, whatever the umask says.
void demand_usual_mode(std::string const& path, std::size_t mode, bool is_folder)
{
    constexpr std::size_t runs_as_its_owner = 06000;
    constexpr std::size_t anybody_writes = 0002;
    if (!is_folder && (mode & runs_as_its_owner) != 0) {
        throw unfit(path + " would run with the rights of its owner (setuid or setgid)");
    }
    if ((mode & anybody_writes) != 0) {
        throw unfit("anybody could write to " + path + " where it is unpacked");
    }
}

bool is_all_zero(std::string_view bytes)
{
    return bytes.find_first_not_of('\0') == std::string_view::npos;
}

/// Takes the members of a tar one after the other, below one top folder.
class members {
public:
    explicit members(std::string_view tar) : m_rest{tar} {}

    contents read()
    {
        for (;;) {
            if (m_rest.size() < block) {
                throw unfit("it is cut off");
            }
            auto const header = m_rest.substr(0, block);
            if (is_all_zero(header)) {
                break;
            }
            m_rest.remove_prefix(block);
            take(header);
        }
        if (m_rest.size() < 2 * block || !is_all_zero(m_rest)) {
            throw unfit("something stands behind its end, or the end is cut off");
        }
        if (!m_all.manifest_text) {
            throw unfit("it has no " + std::string{manifest_name});
        }
        return std::move(m_all);
    }

private:
    void take(std::string_view header)
    {
        check_header(header);
        auto path = path_of(header);
        auto const type = header[156];
        bool const is_folder = type == '5';
        if (is_folder && path.ends_with('/')) {
            path.pop_back();
        }
        auto const size = is_folder ? 0 : octal(field(header, 124, 12));
        if (!is_inner_path(path)) {
            throw unfit("'" + printable(path) + "' is a path that leads out of it");
        }
        if (is_folder || oddity_of(type).empty()) {
            demand_usual_mode(path, octal(field(header, 100, 8)), is_folder);
        }
        auto const padded = (size + block - 1) / block * block;
        if (padded > m_rest.size()) {
            throw unfit("it is cut off in " + path);
        }
        auto const bytes = m_rest.substr(0, size);
        m_rest.remove_prefix(padded);
        if (!is_folder) {
            keep_file(below_top(path), type, bytes);
        } else if (auto const top = path.substr(0, path.find('/')); m_top.empty() || top == m_top) {
            m_top = top;
        } else {
            throw unfit("it has more than one top folder");
        }
    }

    std::string below_top(std::string const& path)
    {
        auto const slash = path.find('/');
        auto const top = path.substr(0, slash);
        if (slash == std::string::npos || (!m_top.empty() && top != m_top)) {
            throw unfit("'" + path + "' does not lie in its top folder");
        }
        m_top = top;
        return path.substr(slash + 1);
    }

    void keep_file(std::string const& path, char type, std::string_view bytes)
    {
        if (auto const odd = oddity_of(type); !odd.empty()) {
            throw unfit(path + " is " + odd);
        }
        if (path == manifest_name || path == signature_name) {
            auto& text = path == manifest_name ? m_all.manifest_text : m_all.signature_text;
            if (text) {
                throw unfit(path + " is in it twice");
            }
            text = std::string{bytes};
            return;
        }
        if (!m_all.entries.emplace(path, entry{script::sha256(bytes), bytes.size(), {}}).second) {
            throw unfit(path + " is in it twice");
        }
        m_all.bytes.emplace(path, std::string{bytes});
    }

    std::string_view m_rest;
    std::string m_top;
    contents m_all;
};

} // namespace

std::string gunzip(std::string_view bytes)
{
    z_stream stream{};
    constexpr int gzip_only = 16 + MAX_WBITS;
    if (inflateInit2(&stream, gzip_only) != Z_OK) {
        throw std::bad_alloc{};
    }
    std::unique_ptr<z_stream, int (*)(z_stream*)> const owner{&stream, inflateEnd};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data())); // zlib only reads there
    stream.avail_in = static_cast<uInt>(bytes.size());
    std::string out;
    std::string part(std::size_t{1} << 16U, '\0');
    int result = Z_OK;
    while (result == Z_OK) {
        stream.next_out = reinterpret_cast<Bytef*>(part.data());
        stream.avail_out = static_cast<uInt>(part.size());
        result = inflate(&stream, Z_NO_FLUSH);
        out.append(part, 0, part.size() - stream.avail_out);
        if (out.size() > most_unpacked_bytes) {
            throw unfit("it unpacks to more than 1 GiB");
        }
    }
    if (result != Z_STREAM_END) {
        throw unfit(result == Z_BUF_ERROR ? "it is cut off" : "it is no gzip file, or damaged");
    }
    if (stream.avail_in != 0) {
        throw unfit("something stands behind its end");
    }
    return out;
}

contents read_archive(std::string_view bytes)
{
    auto const tar = gunzip(bytes);
    return members{tar}.read();
}

} // namespace pgratchet::bundle

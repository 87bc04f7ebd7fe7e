#include "daemon/store/packed_reports.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "daemon/store/packing.h"

namespace wirewatch::daemon {
namespace {

// Up to the next blank, which goes too.
std::string_view next_word(std::string_view& rest) {
  const std::size_t blank = rest.find(' ');
  const std::string_view word = rest.substr(0, blank);
  rest.remove_prefix(blank == std::string_view::npos ? rest.size() : blank + 1);
  return word;
}

std::optional<Instant> instant_of(std::string_view word) {
  std::int64_t micros = 0;
  const auto read = std::from_chars(word.data(), word.data() + word.size(), micros);
  if (read.ec != std::errc{} || read.ptr != word.data() + word.size()) return std::nullopt;
  return from_unix_micros(micros);
}

}  // namespace

std::string pack(const std::vector<rules::Report>& reports) {
  std::vector<std::string> list;
  for (const rules::Report& one : reports) {
    if (one.copy_group.empty()) {
      list.push_back(one.item);
      continue;
    }
    const char* const flags = one.told && one.counts ? "tc"
                              : one.told             ? "t"
                              : one.counts           ? "c"
                                                     : "-";
    list.push_back(fmt::format("{} {} {} {} {}", one.item, to_unix_micros(one.first_seen), flags,
                               one.copy_group, one.source));
  }
  return pack(list);
}

std::string pack(const std::vector<rules::Heard>& heard) {
  std::vector<std::string> list;
  for (const rules::Heard& one : heard)
    list.push_back(fmt::format("{} {}", to_unix_micros(one.time), one.copy_group));
  return pack(list);
}

std::vector<rules::Report> unpack_reports(std::string_view bytes) {
  std::vector<rules::Report> reports;
  for (const std::string& entry : unpack_list(bytes)) {
    std::string_view rest = entry;
    rules::Report& report = reports.emplace_back();
    report.item = next_word(rest);
    const std::optional<Instant> first_seen = instant_of(next_word(rest));
    if (!first_seen) continue;
    report.first_seen = *first_seen;
    const std::string_view flags = next_word(rest);
    report.told = flags.find('t') != std::string_view::npos;
    report.counts = flags.find('c') != std::string_view::npos;
    report.copy_group = next_word(rest);
    report.source = rest;
  }
  return reports;
}

std::vector<rules::Heard> unpack_heard(std::string_view bytes) {
  std::vector<rules::Heard> heard;
  for (const std::string& entry : unpack_list(bytes)) {
    std::string_view rest = entry;
    const std::optional<Instant> time = instant_of(next_word(rest));
    if (time) heard.push_back({*time, std::string(rest)});
  }
  return heard;
}

}  // namespace wirewatch::daemon

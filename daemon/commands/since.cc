#include "daemon/commands/since.h"

#include <fmt/format.h>

#include <chrono>

#include "daemon/commands/command.h"
#include "daemon/commands/print.h"

namespace wirewatch::daemon {

Result<Since> read_since(const std::string& text) {
  if (const auto instant = from_iso8601(text)) return Since{*instant, "the time since " + text};
  const auto span = read_duration(text);
  if (!span || *span <= Span::zero()) {
    return Error{
        ErrorKind::invalid,
        fmt::format("--since takes a span such as 24h or 7d, or a date, not \"{}\"", text)};
  }
  const auto now = std::chrono::time_point_cast<Span>(std::chrono::system_clock::now());
  static constexpr std::pair<char, const char*> units[] = {
      {'s', "second"}, {'m', "minute"}, {'h', "hour"}, {'d', "day"}};
  Since since{now - *span, text};
  for (const auto& [letter, word] : units) {
    if (text.back() == letter) since.words = counted(text.substr(0, text.size() - 1), word);
  }
  return since;
}

}  // namespace wirewatch::daemon

// Logging through spdlog: one escaped line an event, limited for each cause.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace spdlog {
class logger;
}

namespace wirewatch::daemon {

// To standard error; with `journal`, without time and level words but with systemd's priority
// prefixes (sd-daemon(3)). `level`: trace, debug, info, warn, error. Control, bidi and ANSI
// characters in any message are escaped. Of one cause (its first words outside of quotes)
// at most 60 lines a minute are written, then one line tells how many were left out.
void set_up_logging(const std::string& level, bool journal);

// The logger of set_up_logging() with another end: `writer` is given each finished line, under a
// lock of the logger.
using LogWriter = std::function<void(const std::string& line)>;
std::shared_ptr<spdlog::logger> make_logger(const std::string& level, bool journal,
                                            LogWriter writer);

// `text` with every control, bidi and invisible formatting character as \u{…}, and bytes that are
// no UTF-8 as \x….
std::string escape_for_log(std::string_view text);

}  // namespace wirewatch::daemon

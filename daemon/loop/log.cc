#include "daemon/loop/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <map>
#include <memory>
#include <mutex>

#include "feeds/text/utf8.h"

namespace wirewatch::daemon {
namespace {

constexpr int lines_a_minute = 60;
constexpr std::size_t most_causes = 1000;
constexpr const char* other_causes = "(other messages)";

bool hides(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x61C || c == 0x180E ||
         (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF9 && c <= 0xFFFB) ||
         (c >= 0xE0000 && c <= 0xE007F);
}

// The first four words outside of quotes, up to a digit: `feed "x": first fetch, 3 items` and
// `feed "y": the name z cannot be resolved` have causes of their own, whatever the feeds are
// called.
std::string cause_of(std::string_view message) {
  constexpr int most_words = 4;
  std::string cause;
  bool quoted = false;
  int words = 0;
  for (const char c : message) {
    if (c == '"') {
      quoted = !quoted;
      continue;
    }
    if (quoted) continue;
    if ((c >= '0' && c <= '9') || (c == ' ' && ++words == most_words)) break;
    cause += c;
  }
  return cause;
}

class LineSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  LineSink(bool journal, LogWriter writer) : journal_(journal), writer_(std::move(writer)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view payload(message.payload.data(), message.payload.size());
    const auto minute = std::chrono::floor<std::chrono::minutes>(message.time);
    if (minute != minute_) start_minute(minute);
    std::string cause = cause_of(payload);
    // Causes beyond the bound share one count: whoever varies them gains nothing.
    if (causes_.size() >= most_causes && !causes_.contains(cause)) cause = other_causes;
    int& count = causes_[cause];
    if (++count > lines_a_minute) return;
    write(message.level, message.time, escape_for_log(payload));
  }
  void flush_() override {}

 private:
  using Minute = std::chrono::time_point<std::chrono::system_clock, std::chrono::minutes>;

  void start_minute(Minute minute) {
    minute_ = minute;
    for (const auto& [cause, count] : causes_) {
      if (count <= lines_a_minute) continue;
      write(spdlog::level::warn, minute,
            fmt::format("{} more lines like \"{}\" were left out", count - lines_a_minute,
                        escape_for_log(cause)));
    }
    causes_.clear();
  }

  void write(spdlog::level::level_enum level, std::chrono::system_clock::time_point time,
             const std::string& text) {
    if (journal_) {
      const int priority = level >= spdlog::level::err    ? 3
                           : level == spdlog::level::warn ? 4
                           : level == spdlog::level::info ? 6
                                                          : 7;
      writer_(fmt::format("<{}>{}\n", priority, text));
      return;
    }
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const std::time_t clock = std::chrono::system_clock::to_time_t(seconds);
    std::tm local{};
    localtime_r(&clock, &local);
    const auto name = spdlog::level::to_string_view(level);
    writer_(fmt::format("{:02}:{:02}:{:02} {} {}\n", local.tm_hour, local.tm_min, local.tm_sec,
                        std::string_view(name.data(), name.size()), text));
  }

  bool journal_;
  LogWriter writer_;
  Minute minute_{};
  std::map<std::string, int> causes_;
};

void write_to_standard_error(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
}

}  // namespace

std::string escape_for_log(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const feeds::unicode::Decoded one = feeds::unicode::decode(text, i);
    const std::string_view bytes = text.substr(i, one.length);
    i += one.length;
    const bool real_replacement = bytes == "\xEF\xBF\xBD";
    if (one.code == 0xFFFD && !real_replacement) {
      for (const char byte : bytes) {
        escaped += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
      }
    } else if (hides(one.code)) {
      escaped += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(one.code));
    } else {
      escaped += bytes;
    }
  }
  return escaped;
}

std::shared_ptr<spdlog::logger> make_logger(const std::string& level, bool journal,
                                            LogWriter writer) {
  auto sink = std::make_shared<LineSink>(journal, std::move(writer));
  auto logger = std::make_shared<spdlog::logger>("wirewatch", std::move(sink));
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::trace);
  return logger;
}

void set_up_logging(const std::string& level, bool journal) {
  spdlog::set_default_logger(make_logger(level, journal, write_to_standard_error));
}

}  // namespace wirewatch::daemon

#include "daemon/loop/log.h"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <map>
#include <memory>
#include <mutex>

namespace wirewatch::daemon {
namespace {

constexpr int lines_a_minute = 60;
constexpr std::size_t most_causes = 1000;

// Decodes one UTF-8 character at `i`; advances past it. Invalid bytes come back as themselves.
char32_t next_character(std::string_view text, std::size_t& i) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned lead = byte(i);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  char32_t character = length == 1 ? lead : lead & (0x7FU >> length);
  if (i + length > text.size()) {
    ++i;
    return lead;
  }
  for (std::size_t k = 1; k < length; ++k) character = (character << 6U) | (byte(i + k) & 0x3FU);
  i += length;
  return character;
}

bool hides(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0x200B && c <= 0x200F) ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

std::string cause_of(std::string_view message) {
  return std::string(message.substr(0, message.find_first_of("\"0123456789")));
}

class LineSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit LineSink(bool journal) : journal_(journal) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    const std::string_view payload(message.payload.data(), message.payload.size());
    const auto minute = std::chrono::floor<std::chrono::minutes>(message.time);
    if (minute != minute_) start_minute(minute);
    if (causes_.size() < most_causes || causes_.contains(cause_of(payload))) {
      int& count = causes_[cause_of(payload)];
      if (++count > lines_a_minute) return;
    }
    write(message.level, message.time, escape_for_log(payload));
  }
  void flush_() override { std::fflush(stderr); }

 private:
  using Minute = std::chrono::time_point<std::chrono::system_clock, std::chrono::minutes>;

  void start_minute(Minute minute) {
    minute_ = minute;
    for (const auto& [cause, count] : causes_) {
      if (count <= lines_a_minute) continue;
      write(spdlog::level::warn, minute,
            fmt::format("{} more lines like \"{}\" were left out", count - lines_a_minute, cause));
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
      fmt::print(stderr, "<{}>{}\n", priority, text);
      return;
    }
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const std::time_t clock = std::chrono::system_clock::to_time_t(seconds);
    std::tm local{};
    localtime_r(&clock, &local);
    const auto name = spdlog::level::to_string_view(level);
    fmt::print(stderr, "{:02}:{:02}:{:02} {} {}\n", local.tm_hour, local.tm_min, local.tm_sec,
               std::string_view(name.data(), name.size()), text);
  }

  bool journal_;
  Minute minute_{};
  std::map<std::string, int> causes_;
};

}  // namespace

std::string escape_for_log(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t start = i;
    const char32_t character = next_character(text, i);
    if (hides(character)) {
      escaped += fmt::format("\\u{{{:x}}}", static_cast<std::uint32_t>(character));
    } else {
      escaped += text.substr(start, i - start);
    }
  }
  return escaped;
}

void set_up_logging(const std::string& level, bool journal) {
  auto logger = std::make_shared<spdlog::logger>("wirewatch", std::make_shared<LineSink>(journal));
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::trace);
  spdlog::set_default_logger(std::move(logger));
}

}  // namespace wirewatch::daemon

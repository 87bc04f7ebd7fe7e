#include "daemon/loop/notify.h"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <string>

namespace wirewatch::daemon {
namespace {

bool send(const std::string& message) {
  return ::sd_notify(0, message.c_str()) > 0;
}

std::string status_line(std::string_view status) {
  std::string line = "STATUS=";
  std::transform(status.begin(), status.end(), std::back_inserter(line), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  });
  return line;
}

std::uint64_t monotonic_us() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000U +
         static_cast<std::uint64_t>(now.tv_nsec) / 1000U;
}

}  // namespace

bool notify_ready(std::string_view status) {
  return send("READY=1\n" + status_line(status));
}

bool notify_reloading() {
  return send(fmt::format("RELOADING=1\nMONOTONIC_USEC={}", monotonic_us()));
}

bool notify_stopping(std::string_view status, Span within) {
  return send(
      fmt::format("STOPPING=1\nEXTEND_TIMEOUT_USEC={}\n{}", within.count(), status_line(status)));
}

bool notify_status(std::string_view status) {
  return send(status_line(status));
}

bool notify_watchdog() {
  return send("WATCHDOG=1");
}

std::optional<Span> watchdog_interval() {
  std::uint64_t interval_us = 0;
  if (::sd_watchdog_enabled(0, &interval_us) <= 0) return std::nullopt;
  return Span(static_cast<std::int64_t>(interval_us));
}

}  // namespace wirewatch::daemon

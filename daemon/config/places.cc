// Names that others define: addresses (the kernel's notation) and time zones (ICU's list).
#include <arpa/inet.h>
#include <unicode/strenum.h>
#include <unicode/timezone.h>
#include <unicode/unistr.h>

#include <memory>
#include <vector>

#include "daemon/config/units.h"
#include "rules/diagnostic.h"

namespace wirewatch::daemon {
namespace {

bool ipv4(const std::string& text) {
  in_addr address{};
  return ::inet_pton(AF_INET, text.c_str(), &address) == 1;
}
bool ipv6(const std::string& text) {
  in6_addr address{};
  return ::inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

}  // namespace

bool valid_network(const std::string& cidr) {
  const std::size_t slash = cidr.find('/');
  if (slash == std::string::npos || cidr.find('\0') != std::string::npos) return false;
  const std::string address = cidr.substr(0, slash);
  const auto length = parse_count(std::string_view(cidr).substr(slash + 1));
  if (!length) return false;
  return (ipv4(address) && *length <= 32) || (ipv6(address) && *length <= 128);
}

bool valid_listen(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string::npos || text.find('\0') != std::string::npos) return false;
  const auto port = parse_count(std::string_view(text).substr(colon + 1));
  if (!port || *port > 65535) return false;
  const std::string host = text.substr(0, colon);
  if (ipv4(host)) return true;
  return host.size() > 2 && host.front() == '[' && host.back() == ']' &&
         ipv6(host.substr(1, host.size() - 2));
}

bool valid_time_zone(const std::string& name) {
  const auto id = icu::UnicodeString::fromUTF8(name);
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(id));
  UBool system = 0;
  icu::UnicodeString canonical;
  UErrorCode code = U_ZERO_ERROR;
  icu::TimeZone::getCanonicalID(id, canonical, system, code);
  return U_SUCCESS(code) != 0 && system != 0 && *zone != icu::TimeZone::getUnknown();
}

std::string nearest_time_zone(const std::string& name) {
  if (name.size() > 60) return {};
  UErrorCode code = U_ZERO_ERROR;
  const std::unique_ptr<icu::StringEnumeration> ids(
      icu::TimeZone::createTimeZoneIDEnumeration(UCAL_ZONE_TYPE_CANONICAL, nullptr, nullptr, code));
  std::vector<std::string> names;
  while (U_SUCCESS(code) && ids) {
    const char* id = ids->next(nullptr, code);
    if (id == nullptr) break;
    names.emplace_back(id);
  }
  return rules::nearest_name(name, names);
}

}  // namespace wirewatch::daemon

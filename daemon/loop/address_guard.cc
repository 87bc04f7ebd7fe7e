#include "daemon/loop/address_guard.h"

#include <algorithm>
#include <array>

#include "feeds/url_parts.h"

namespace wirewatch::daemon {
namespace {

namespace ip = asio::ip;
using boost::system::error_code;

struct Block {
  const char* cidr;
  const char* kind;
};

// The first block that holds an address names it: narrow blocks stand before wide ones.
constexpr std::array blocks_v4 = {
    Block{"169.254.169.254/32", "a cloud metadata address"},
    Block{"100.100.100.200/32", "a cloud metadata address"},
    Block{"168.63.129.16/32", "a cloud metadata address"},
    Block{"192.0.0.192/32", "a cloud metadata address"},
    Block{"255.255.255.255/32", "the broadcast address"},
    Block{"0.0.0.0/8", "an unspecified address"},
    Block{"10.0.0.0/8", "a private address"},
    Block{"100.64.0.0/10", "a carrier-grade NAT address"},
    Block{"127.0.0.0/8", "a loopback address"},
    Block{"169.254.0.0/16", "a link-local address"},
    Block{"172.16.0.0/12", "a private address"},
    Block{"192.0.0.0/24", "a reserved address"},
    Block{"192.0.2.0/24", "a documentation address"},
    Block{"192.88.99.0/24", "a reserved address"},
    Block{"192.168.0.0/16", "a private address"},
    Block{"198.18.0.0/15", "a benchmarking address"},
    Block{"198.51.100.0/24", "a documentation address"},
    Block{"203.0.113.0/24", "a documentation address"},
    Block{"224.0.0.0/4", "a multicast address"},
    Block{"240.0.0.0/4", "a reserved address"},
};
constexpr std::array blocks_v6 = {
    Block{"::/128", "an unspecified address"},
    Block{"::1/128", "a loopback address"},
    Block{"fd00:ec2::254/128", "a cloud metadata address"},
    Block{"fd20:ce::254/128", "a cloud metadata address"},
    Block{"::ffff:0:0/96", "an IPv4 address inside an IPv6 address"},
    Block{"::/96", "an IPv4 address inside an IPv6 address"},
    Block{"64:ff9b::/96", "a NAT64 address"},
    Block{"64:ff9b:1::/48", "a NAT64 address"},
    Block{"2001::/32", "a Teredo address"},
    Block{"2001:db8::/32", "a documentation address"},
    Block{"2001::/23", "a reserved address"},
    Block{"2002::/16", "a 6to4 address"},
    Block{"3fff::/20", "a documentation address"},
    Block{"fc00::/7", "a private address"},
    Block{"fe80::/10", "a link-local address"},
    Block{"fec0::/10", "a private address"},
    Block{"ff00::/8", "a multicast address"},
};

bool holds(const ip::network_v4& network, const ip::address_v4& address) {
  return ip::network_v4(address, network.prefix_length()).canonical() == network;
}

bool holds(const ip::network_v6& network, const ip::address_v6& address) {
  return ip::network_v6(address, network.prefix_length()).canonical() == network;
}

std::optional<ip::network_v4> cidr_v4(const std::string& text) {
  error_code error;
  const auto network = ip::make_network_v4(text, error);
  if (error) return std::nullopt;
  return network.canonical();
}

std::optional<ip::network_v6> cidr_v6(const std::string& text) {
  if (text.find('%') != std::string::npos) return std::nullopt;  // a zone is no part of a CIDR
  error_code error;
  const auto network = ip::make_network_v6(text, error);
  if (error) return std::nullopt;
  return network.canonical();
}

template <class Network>
struct Kind {
  Network network;
  const char* name;
};

const std::vector<Kind<ip::network_v4>>& kinds_v4() {
  static const auto kinds = [] {
    std::vector<Kind<ip::network_v4>> all;
    for (const Block& block : blocks_v4) all.push_back({cidr_v4(block.cidr).value(), block.kind});
    return all;
  }();
  return kinds;
}

const std::vector<Kind<ip::network_v6>>& kinds_v6() {
  static const auto kinds = [] {
    std::vector<Kind<ip::network_v6>> all;
    for (const Block& block : blocks_v6) all.push_back({cidr_v6(block.cidr).value(), block.kind});
    return all;
  }();
  return kinds;
}

// The IPv4 address in the last 32 bits.
ip::address_v4 embedded(const ip::address_v6& address) {
  const auto bytes = address.to_bytes();
  return ip::address_v4({bytes[12], bytes[13], bytes[14], bytes[15]});
}

}  // namespace

AddressGuard::AddressGuard(const NetworkRules& rules) {
  for (const std::string& text : rules.allow) {
    if (const auto v4 = cidr_v4(text)) allow_v4_.push_back(*v4);
    if (const auto v6 = cidr_v6(text)) allow_v6_.push_back(*v6);
  }
}

bool AddressGuard::allowed(const ip::address_v4& address) const {
  return std::any_of(allow_v4_.begin(), allow_v4_.end(),
                     [&](const auto& network) { return holds(network, address); });
}

bool AddressGuard::allowed(const ip::address_v6& address) const {
  return std::any_of(allow_v6_.begin(), allow_v6_.end(),
                     [&](const auto& network) { return holds(network, address); });
}

std::optional<std::string> AddressGuard::refusal(const ip::address& address) const {
  return address.is_v4() ? refusal_v4(address.to_v4()) : refusal_v6(address.to_v6());
}

std::optional<std::string> AddressGuard::refusal_v4(const ip::address_v4& address) const {
  if (allowed(address)) return std::nullopt;
  for (const auto& kind : kinds_v4()) {
    if (holds(kind.network, address)) return kind.name;
  }
  return std::nullopt;
}

std::optional<std::string> AddressGuard::refusal_v6(const ip::address_v6& address) const {
  static const auto nat64 = cidr_v6("64:ff9b::/96").value();
  static const auto global = cidr_v6("2000::/3").value();
  if (allowed(address)) {
    return holds(nat64, address) ? refusal_v4(embedded(address)) : std::nullopt;
  }
  // The kernel connects to the IPv4 address itself, so what allows that allows this.
  if (address.is_v4_mapped() && allowed(embedded(address))) return std::nullopt;
  for (const auto& kind : kinds_v6()) {
    if (holds(kind.network, address)) return kind.name;
  }
  if (!holds(global, address)) return "a reserved address";
  return std::nullopt;
}

std::optional<std::string> AddressGuard::written_refusal(const std::string& url) const {
  const auto parsed = feeds::parse_url(url, nullptr);
  if (!parsed) return "an address that cannot be read";
  std::string host = parsed->host;
  while (host.ends_with('.')) host.pop_back();
  if (host == "localhost" || host.ends_with(".localhost")) host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  error_code error;
  const auto address = ip::make_address(host, error);
  return error ? std::nullopt : refusal(address);
}

bool within(const ip::address& address, const std::string& cidr) {
  if (address.is_v4()) {
    const auto network = cidr_v4(cidr);
    return network && holds(*network, address.to_v4());
  }
  const auto network = cidr_v6(cidr);
  return network && holds(*network, address.to_v6());
}

bool address_allowed(const NetworkRules& rules, const std::string& address) {
  error_code error;
  const auto parsed = ip::make_address(address, error);
  return !error && !AddressGuard(rules).refusal(parsed);
}

bool valid_cidr(const std::string& cidr) {
  return cidr_v4(cidr).has_value() || cidr_v6(cidr).has_value();
}

}  // namespace wirewatch::daemon

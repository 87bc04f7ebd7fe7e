// Which network addresses the daemon may connect to.
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>
#include <string>
#include <vector>

#include "daemon/loop/network.h"

namespace wirewatch::daemon {

namespace asio = boost::asio;

// Is the address in the network "10.0.0.0/8"? False for what is no CIDR.
bool within(const asio::ip::address& address, const std::string& cidr);

// Immutable. Judges addresses as a socket is about to use them, never names or texts of URLs:
// "0x7f000001", "127.1" and a name that resolves to loopback are all the same address then.
class AddressGuard {
 public:
  // CIDRs that cannot be read are left out: they allow nothing (valid_cidr() tells them earlier).
  explicit AddressGuard(const NetworkRules& rules);

  // What kind of address this is, when it may not be reached ("a private address"); nullopt when
  // it may. Kinds follow the IANA special-purpose address registries (RFC 6890); of IPv6 only
  // global unicast (2000::/3) is public. An allowed NAT64 address must also hold an IPv4 address
  // that may be reached.
  std::optional<std::string> refusal(const asio::ip::address& address) const;

  // For requests through a proxy, which connects by itself: the same for an address that stands in
  // the URL in any spelling ("0x7f000001", "127.1"), and for "localhost" and all below it.
  std::optional<std::string> written_refusal(const std::string& url) const;

 private:
  bool allowed(const asio::ip::address_v4& address) const;
  bool allowed(const asio::ip::address_v6& address) const;
  std::optional<std::string> refusal_v4(const asio::ip::address_v4& address) const;
  std::optional<std::string> refusal_v6(const asio::ip::address_v6& address) const;

  std::vector<asio::ip::network_v4> allow_v4_;
  std::vector<asio::ip::network_v6> allow_v6_;
};

}  // namespace wirewatch::daemon

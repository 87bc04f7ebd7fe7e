#include "daemon/loop/address_guard.h"

#include <gtest/gtest.h>

namespace wirewatch::daemon {
namespace {

struct Case {
  const char* address;
  const char* kind;  // empty: public
};

std::string kind_of(const NetworkRules& rules, const std::string& address) {
  return AddressGuard(rules).refusal(asio::ip::make_address(address)).value_or("");
}

TEST(AddressGuard, NamesTheKindOfEveryAddressThatIsNotPublic) {
  const Case cases[] = {
      {"0.0.0.0", "an unspecified address"},
      {"0.1.2.3", "an unspecified address"},
      {"9.255.255.255", ""},
      {"10.0.0.5", "a private address"},
      {"11.0.0.0", ""},
      {"100.63.255.255", ""},
      {"100.64.0.1", "a carrier-grade NAT address"},
      {"100.100.100.200", "a cloud metadata address"},
      {"100.127.255.255", "a carrier-grade NAT address"},
      {"100.128.0.0", ""},
      {"127.0.0.1", "a loopback address"},
      {"127.255.0.1", "a loopback address"},
      {"169.254.0.9", "a link-local address"},
      {"169.254.169.254", "a cloud metadata address"},
      {"172.15.255.255", ""},
      {"172.16.0.1", "a private address"},
      {"172.31.255.255", "a private address"},
      {"172.32.0.0", ""},
      {"192.0.0.192", "a cloud metadata address"},
      {"192.168.1.1", "a private address"},
      {"198.19.0.1", "a benchmarking address"},
      {"203.0.113.7", "a documentation address"},
      {"224.0.0.1", "a multicast address"},
      {"240.0.0.1", "a reserved address"},
      {"255.255.255.255", "the broadcast address"},
      {"8.8.8.8", ""},
      {"::", "an unspecified address"},
      {"::1", "a loopback address"},
      {"::7f00:1", "an IPv4 address inside an IPv6 address"},
      {"::ffff:127.0.0.1", "an IPv4 address inside an IPv6 address"},
      {"::ffff:8.8.8.8", "an IPv4 address inside an IPv6 address"},
      {"64:ff9b::8.8.8.8", "a NAT64 address"},
      {"64:ff9b:1::1", "a NAT64 address"},
      {"100::1", "a reserved address"},
      {"2001::1", "a Teredo address"},
      {"2001:db8::1", "a documentation address"},
      {"2002:7f00:1::", "a 6to4 address"},
      {"2606:4700::1111", ""},
      {"fd00:ec2::254", "a cloud metadata address"},
      {"fd12::1", "a private address"},
      {"fe80::1", "a link-local address"},
      {"ff02::1", "a multicast address"},
  };
  for (const auto& [address, kind] : cases) EXPECT_EQ(kind_of({}, address), kind) << address;
}

TEST(AddressGuard, ACidrOpensItsBlockAndNothingElse) {
  const NetworkRules rules{{"10.1.0.0/16", "::1/128", "192.168.7.9/24"}};
  EXPECT_EQ(kind_of(rules, "10.1.255.1"), "");
  EXPECT_EQ(kind_of(rules, "10.2.0.1"), "a private address");
  EXPECT_EQ(kind_of(rules, "::1"), "");
  EXPECT_EQ(kind_of(rules, "192.168.7.1"), "");  // the block that holds the address named
  EXPECT_EQ(kind_of(rules, "::ffff:10.1.0.1"), "");
  EXPECT_EQ(kind_of(rules, "::ffff:10.2.0.1"), "an IPv4 address inside an IPv6 address");
}

TEST(AddressGuard, AnAllowedNat64PrefixDoesNotOpenThePrivateAddressesBehindIt) {
  const NetworkRules rules{{"64:ff9b::/96"}};
  EXPECT_EQ(kind_of(rules, "64:ff9b::8.8.8.8"), "");
  EXPECT_EQ(kind_of(rules, "64:ff9b::10.0.0.1"), "a private address");
  EXPECT_EQ(kind_of(rules, "64:ff9b::169.254.169.254"), "a cloud metadata address");
}

TEST(AddressGuard, OnlyTextThatIsAnAddressCanBeAllowed) {
  EXPECT_TRUE(address_allowed({}, "8.8.8.8"));
  EXPECT_TRUE(address_allowed({{"127.0.0.0/8"}}, "127.0.0.1"));
  for (const char* text : {"127.0.0.1", "localhost", "", "8.8.8", "8.8.8.8/32", "2130706433"}) {
    EXPECT_FALSE(address_allowed({}, text)) << text;
  }
}

TEST(AddressGuard, KnowsACidrWhenItSeesOne) {
  for (const char* text :
       {"10.0.0.0/8", "0.0.0.0/0", "1.2.3.4/32", "::1/128", "fc00::/7", "::/0"}) {
    EXPECT_TRUE(valid_cidr(text)) << text;
  }
  for (const char* text : {"", "10.0.0.0", "10.0.0/8", "10.0.0.0/33", "::1/129", "::1", "a/8",
                           "10.0.0.0/", "10.0.0.0/8 ", "10.0.0.0/-1", "fe80::1%lo/64"}) {
    EXPECT_FALSE(valid_cidr(text)) << text;
  }
}

}  // namespace
}  // namespace wirewatch::daemon

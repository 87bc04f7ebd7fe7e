// Values that are wrong, and exactly what people are told.
#include <gtest/gtest.h>

#include "tests/daemon/config/config_files.h"

namespace wirewatch::daemon {
namespace {

struct Case {
  const char* name;
  std::string config;
  std::string messages;  // exactly
  bool loads = false;    // warnings only
};

void PrintTo(const Case& c, std::ostream* out) {
  *out << c.name;
}

class BadValue : public testing::TestWithParam<Case> {};

TEST_P(BadValue, IsRefusedWithWhatWouldBeRight) {
  const ConfigFiles files;
  const LoadOutcome outcome = files.load(GetParam().config);
  EXPECT_EQ(files.shown(outcome), GetParam().messages);
  EXPECT_EQ(outcome.snapshot != nullptr, GetParam().loads);
}

// clang-format off
const Case kCases[] = {
    {"ATimeZone", R"(time_zone: Asia/Bagdad
)",
     R"(config.yaml:1:12: error: "Asia/Bagdad" is no time zone
  time_zone: Asia/Bagdad
             ^
  hint: did you mean "Asia/Baghdad"?
)"},
    {"ATimeZoneFarFromAny", R"(time_zone: Nowhere/AtAll/Really
)",
     R"(config.yaml:1:12: error: "Nowhere/AtAll/Really" is no time zone
  time_zone: Nowhere/AtAll/Really
             ^
  hint: an IANA name, as Asia/Baghdad or UTC
)"},
    {"ListenOnAName", R"(listen: localhost:8420
)",
     R"(config.yaml:1:9: error: "localhost:8420" is no address to listen on
  listen: localhost:8420
          ^
  hint: an IP address and a port, as 127.0.0.1:8420 or [::1]:8420, or off
)"},
    {"ListenWithoutAPort", R"(listen: 127.0.0.1
)",
     R"(config.yaml:1:9: error: "127.0.0.1" is no address to listen on
  listen: 127.0.0.1
          ^
  hint: an IP address and a port, as 127.0.0.1:8420 or [::1]:8420, or off
)"},
    {"PublicUrl", R"(public_url: news.example.org
)",
     R"(config.yaml:1:13: error: this is no URL for "public_url"
  public_url: news.example.org
              ^
  hint: a URL begins with https:// or http://
)"},
    {"ProxyOfAnotherKind", R"(http: {proxy: "ftp://proxy.example"}
)",
     R"(config.yaml:1:15: error: this is no URL of a proxy
  http: {proxy: "ftp://proxy.example"}
                ^
  hint: a URL such as http://proxy.example:3128, https://… or socks5://…
)"},
    {"ProxyWithItsPassword", R"(http: {proxy: "http://a:b@proxy.example"}
)",
     R"(config.yaml:1:15: error: this is no URL of a proxy
  http: {proxy: "http://***@proxy.example"}
                ^
  hint: write the user and the password apart: `proxy: {url: …, user: …, password_file: …}`
)"},
    {"ProxyWithoutUrl", R"(http: {proxy: {except: [10.0.0.0/40]}}
)",
     R"(config.yaml:1:15: error: this proxy has no URL
  http: {proxy: {except: [10.0.0.0/40]}}
                ^
  hint: write `url: …`, or `off`
config.yaml:1:25: error: "10.0.0.0/40" is no host and no network
  http: {proxy: {except: [10.0.0.0/40]}}
                          ^
  hint: a name as intranet.example, or a network as 10.0.0.0/8
)"},
    {"WebSubNowhere", R"(websub: on
)",
     R"(config.yaml:1:9: error: hubs need an address to which they can send
  websub: on
          ^
  hint: write `public_url: https://…` as well, or `websub: {callback_url: https://…}`
)"},
    {"WebSubCallback", R"(websub: {callback_url: "https://ww.example/?a"}
)",
     R"(config.yaml:1:24: error: this is no URL for "callback_url"
  websub: {callback_url: "https://ww.example/**"}
                         ^
  hint: without user, password, '?' and '#'
)"},
    {"BasicTwice", R"(feeds:
  - url: https://a.example/
    headers: {Authorization: {file: a}}
    basic: {user: a, password_file: b}
)",
     R"(config.yaml:4:12: error: "basic" and the header "Authorization" say the same thing
      basic: {user: a, password_file: b}
             ^
  hint: keep one of them
)"},
    {"LogLevel", R"(log: verbose
)",
     R"(config.yaml:1:6: error: "verbose" is no value for "log"
  log: verbose
       ^
  hint: known here: debug, info, warn, error
)"},
    {"ANetwork", R"(network: {allow: [10.0.0.0/33, 10.0.0.1, fd00::/8, "::1/129", localhost/8]}
)",
     R"(config.yaml:1:19: error: "10.0.0.0/33" is no network
  network: {allow: [10.0.0.0/33, 10.0.0.1, fd00::/8, "::1/129", localhost/8]}
                    ^
  hint: an address and a prefix length: 10.0.0.0/8, 127.0.0.1/32, fd00::/8
config.yaml:1:32: error: "10.0.0.1" is no network
  network: {allow: [10.0.0.0/33, 10.0.0.1, fd00::/8, "::1/129", localhost/8]}
                                 ^
  hint: an address and a prefix length: 10.0.0.0/8, 127.0.0.1/32, fd00::/8
config.yaml:1:52: error: "::1/129" is no network
  network: {allow: [10.0.0.0/33, 10.0.0.1, fd00::/8, "::1/129", localhost/8]}
                                                     ^
  hint: an address and a prefix length: 10.0.0.0/8, 127.0.0.1/32, fd00::/8
config.yaml:1:63: error: "localhost/8" is no network
  network: {allow: [10.0.0.0/33, 10.0.0.1, fd00::/8, "::1/129", localhost/8]}
                                                                ^
  hint: an address and a prefix length: 10.0.0.0/8, 127.0.0.1/32, fd00::/8
)"},
    {"TwoBudgets", R"(polling: {per_hour: 10, per_day: 100}
)",
     R"(config.yaml:1:34: error: "polling" has both "per_hour" and "per_day"
  polling: {per_hour: 10, per_day: 100}
                                   ^
  hint: write one of them
)"},
    {"BoundsOfAnIntervalThatCross", R"(feeds:
  - url: https://example.org/
    every: {least: 2h, most: 1h}
)",
     R"(config.yaml:3:20: error: "least" is longer than "most"
      every: {least: 2h, most: 1h}
                     ^
  hint: as {least: 2m, most: 1h}
)"},
    {"ATimeWithoutAUnit", R"(stop_within: 10
)",
     R"(config.yaml:1:14: error: "10" is no time for "stop_within"
  stop_within: 10
               ^
  hint: the unit is missing: write 10s, 10m or 10h
)"},
    {"ATimeWithAnotherUnit", R"(stop_within: 10sec
)",
     R"(config.yaml:1:14: error: "10sec" is no time for "stop_within"
  stop_within: 10sec
               ^
  hint: a time is a number with a unit: 90s, 5m, 1h30m, 3d
)"},
    {"ATimeThatIsNothing", R"(stop_within:
)",
     R"(config.yaml:1:1: error: "stop_within" has no value
  stop_within:
  ^
  hint: write one, or remove the line; the word null needs quotes
)"},
    {"ATimeOutOfBounds", R"(stop_within: 1h
http: {timeout: 0s}
)",
     R"(config.yaml:1:14: error: "1h" for "stop_within" is out of bounds
  stop_within: 1h
               ^
  hint: from 100ms to 5m
config.yaml:2:17: error: "0s" for "timeout" is out of bounds
  http: {timeout: 0s}
                  ^
  hint: from 1s to 10m
)"},
    {"ATimeOfNothing", R"(feeds: [{url: https://a.example.org/rss, every: 0}]
)",
     R"(config.yaml:1:49: error: "0" for "every" is out of bounds
  feeds: [{url: https://a.example.org/rss, every: 0}]
                                                  ^
  hint: from 1s to 30d
)"},
    {"UnitsInTheWrongOrder", R"(http: {timeout: 30s1m}
)",
     R"(config.yaml:1:17: error: "30s1m" is no time for "timeout"
  http: {timeout: 30s1m}
                  ^
  hint: bigger units come first, each once: 1h30m
)"},
    {"ASizeWithoutAUnit", R"(limits: {body: 15}
)",
     R"(config.yaml:1:16: error: "15" is no size for "body"
  limits: {body: 15}
                 ^
  hint: the unit is missing: write 15B, 15KiB or 15MiB
)"},
    {"ASizeOutOfBounds", R"(limits: {body: 2GB}
)",
     R"(config.yaml:1:16: error: "2GB" for "body" is out of bounds
  limits: {body: 2GB}
                 ^
  hint: from 1KiB to 256MiB
)"},
    {"ASizeThatIsNone", R"(archive: {max_size: big}
)",
     R"(config.yaml:1:21: error: "big" is no size for "max_size"
  archive: {max_size: big}
                      ^
  hint: a size is a whole number with a unit: 15MiB, 2GB, 512KB
)"},
    {"AnOctalNumber", R"(pool: 010
)",
     R"(config.yaml:1:7: error: "010" is no number for "pool"
  pool: 010
        ^
  hint: a number does not begin with 0: write 10
)"},
    {"ANumberThatIsNone", R"(pool: two
)",
     R"(config.yaml:1:7: error: "two" is no number for "pool"
  pool: two
        ^
  hint: a whole number is expected
)"},
    {"ANumberOutOfBounds", R"(pool: 100
)",
     R"(config.yaml:1:7: error: "100" for "pool" is out of bounds
  pool: 100
        ^
  hint: from 1 to 64
)"},
    {"AnUnknownKeyInASection", R"(http: {timeot: 5s}
stories: {windw: 7d}
)",
     R"(config.yaml:1:8: error: unknown key "timeot" in "http"
  http: {timeot: 5s}
         ^
  hint: did you mean "timeout"?
config.yaml:2:11: error: unknown key "windw" in "stories"
  stories: {windw: 7d}
            ^
  hint: did you mean "window"?
)"},
    {"ASectionThatIsAList", R"(http: [1]
network: off
)",
     R"(config.yaml:1:7: error: "http" must be a map of `key: value` lines, not a list
  http: [1]
        ^
config.yaml:2:10: error: "network" must be a map of `key: value` lines, not a text
  network: off
           ^
)"},
    {"ANullWhereATextIsWanted", R"(state: null
listen: ~
)",
     R"(config.yaml:1:8: error: "state" has no value
  state: null
         ^
  hint: write one, or remove the line; the word null needs quotes
config.yaml:2:9: error: "listen" has no value
  listen: ~
          ^
  hint: write one, or remove the line; the word null needs quotes
)"},
    {"AUserAgentWithALineBreak", R"(http: {user_agent: "a\nb"}
)",
     R"(config.yaml:1:20: error: "user_agent" holds characters that no header may
  http: {user_agent: "a\nb"}
                     ^
  hint: printable ASCII on one line
)"},
    {"AFeedPolledTooOften", R"(feeds:
  - {url: https://example.org/a, every: 10ms}
  - {url: https://example.org/b, every: 60d}
)",
     R"(config.yaml:2:41: error: "10ms" for "every" is out of bounds
    - {url: https://example.org/a, every: 10ms}
                                          ^
  hint: from 1s to 30d
config.yaml:3:41: error: "60d" for "every" is out of bounds
    - {url: https://example.org/b, every: 60d}
                                          ^
  hint: from 1s to 30d
)"},
    {"AMapWhereATextIsWanted", R"(state: {x: y}
log: [info]
)",
     R"(config.yaml:1:8: error: "state" must be a text, not a map
  state: {x: y}
         ^
config.yaml:2:6: error: "log" must be a text, not a list
  log: [info]
       ^
)"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Config, BadValue, testing::ValuesIn(kCases),
                         [](const testing::TestParamInfo<Case>& tested) {
                           return std::string(tested.param.name);
                         });

}  // namespace
}  // namespace wirewatch::daemon

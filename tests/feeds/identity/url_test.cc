// feeds/url.h: resolving against the standard's own cases, and the keys that links compare by.
#include "feeds/url.h"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "tests/source_dir.h"

namespace wirewatch::feeds {
namespace {

struct ResolveCase {
  const char* base;
  const char* reference;
  const char* expected;  // nullptr: a failure
};

const ResolveCase kResolutions[] = {
    {"", "http://example.org", "http://example.org/"},
    {"", " \tHTTP://EXAMPLE.org:80/a b\n", "http://example.org/a%20b"},
    {"", "https://example.org:443/", "https://example.org/"},
    {"", "https://example.org:8443/", "https://example.org:8443/"},
    {"", "https://example.org:65536/", nullptr},
    {"", "https://user:p%40ss@example.org/", "https://user:p%40ss@example.org/"},
    {"", "https://a@b@example.org/", "https://a%40b@example.org/"},
    {"", "http:\\\\example.org\\a\\..\\b", "http://example.org/b"},
    {"", "http://example.org/a/%2e%2E/./b/.", "http://example.org/b/"},
    {"", "http://example.org/../../x", "http://example.org/x"},
    {"", "http://ex%41mple.org", "http://example.org/"},
    {"", "http://faß.example/", "http://xn--fa-hia.example/"},
    {"", "http://مثال.إختبار/", "http://xn--mgbh0fb.xn--kgbechtv/"},
    {"", "http://XN--/", "http://xn--/"},
    {"", "http://ä.xn--/", nullptr},
    {"", "http://a b/", nullptr},
    {"", "http://a%00b/", nullptr},
    {"", "http://ex%C3%28mple.org/", nullptr},
    {"", "http://0x7f.1/", "http://127.0.0.1/"},
    {"", "http://2130706433/", "http://127.0.0.1/"},
    {"", "http://0177.0.0.1./", "http://127.0.0.1/"},
    {"", "http://1.2.3.256/", nullptr},
    {"", "http://1.2.3.4.5/", nullptr},
    {"", "http://example.0/", nullptr},
    {"", "http://[::ffff:192.0.2.1]/", "http://[::ffff:c000:201]/"},
    {"", "http://[1:0:0:2:0:0:0:3]/", "http://[1:0:0:2::3]/"},
    {"", "http://[0:0:0:0:0:0:0:0]/", "http://[::]/"},
    {"", "http://[::1", nullptr},
    {"", "http://[]/", nullptr},
    {"", "http://[:]/", nullptr},
    {"", "http://[1::2::3]/", nullptr},
    {"", "http:///", nullptr},
    {"", "", nullptr},
    {"", "/path", nullptr},
    {"", "javascript:alert(1)", nullptr},
    {"", "ftp://example.org/", nullptr},
    {"", "http://e/\xff\xc3\xa4", "http://e/%EF%BF%BD%C3%A4"},
    {"http://example.org/a/b?q#f", "", "http://example.org/a/b?q"},
    {"http://example.org/a/b?q#f", "#g", "http://example.org/a/b?q#g"},
    {"http://example.org/a/b?q#f", "?r", "http://example.org/a/b?r"},
    {"http://example.org/a/b?q#f", "c", "http://example.org/a/c"},
    {"http://example.org/a/b?q#f", "../c", "http://example.org/c"},
    {"http://example.org/a/b?q#f", "/c", "http://example.org/c"},
    {"https://example.org/a/b", "//other.example/x", "https://other.example/x"},
    {"http://example.org/a/b", "http:c", "http://example.org/a/c"},
    {"http://example.org/a/b", "https:c", "https://c/"},
    {"no url at all", "http://example.org/", "http://example.org/"},
    {"no url at all", "x", nullptr},
};

TEST(Url, ResolvesAsBrowsersDo) {
  for (const ResolveCase& c : kResolutions) {
    const auto actual = resolve_url(c.base, c.reference);
    EXPECT_EQ(actual.value_or("failure"), c.expected == nullptr ? "failure" : c.expected)
        << "base \"" << c.base << "\" reference \"" << c.reference << "\"";
  }
}

TEST(Url, TakesLongHostileInputInLinearTime) {
  const std::string many(2'000'000, '/');
  EXPECT_EQ(resolve_url("", "http:" + many + "a"), "http://a/");
  std::string dots = "http://example.org/";
  for (int i = 0; i < 300'000; ++i) dots += "a/../";
  EXPECT_EQ(resolve_url("", dots), "http://example.org/");
  EXPECT_EQ(resolve_url("", "http://" + std::string(1'000'000, '.') + "/").has_value(), true);
  EXPECT_EQ(resolve_url("", "http://" + std::string(1'000'000, '[') + "/"), std::nullopt);
  std::string umlauts;
  for (int i = 0; i < 100'000; ++i) umlauts += "ä";
  EXPECT_EQ(resolve_url("", "http://" + umlauts + "/"), std::nullopt);
  EXPECT_EQ(canonical_url("http://example.org/?" + std::string(1'000'000, '&')), "example.org");
}

// Row 44 of the faults: none of these differences makes another page.
TEST(CanonicalUrl, IsTheSameForTheSamePage) {
  const char* const same[] = {
      "https://example.org/news/1?id=7&page=2",
      "http://example.org/news/1?id=7&page=2",
      "HTTPS://WWW.Example.ORG/news/1?id=7&page=2",
      "https://example.org:443/news/1?id=7&page=2",
      "http://example.org:80/news/1/?id=7&page=2",
      "https://example.org/news/1?page=2&id=7",
      "https://example.org/news/1?id=7&page=2#comments",
      "https://example.org/x/../news/%31?id=%37&page=2",
      "https://example.org/news/1?utm_source=rss&utm_medium=feed&id=7&page=2",
      "https://example.org/news/1?id=7&&page=2&",
      " https://user:pw@example.org/news/1?id=7&page=2\n",
  };
  for (const char* url : same) {
    EXPECT_EQ(canonical_url(url), "example.org/news/1?id=7&page=2") << url;
  }
}

TEST(CanonicalUrl, KeepsParametersThatOnlyLookLikeTracking) {
  EXPECT_EQ(canonical_url("https://example.org/a?at_id=7&ns_page=2&at_=1"),
            "example.org/a?at_=1&at_id=7&ns_page=2");
  EXPECT_EQ(canonical_url("https://example.org/a?pk_id=5&pk_campaign=b&pk=1"),
            "example.org/a?pk=1&pk_id=5");
}

TEST(CanonicalUrl, DropsTrackingParameters) {
  const char* const tracking[] = {
      "utm_source=a",
      "UTM_Campaign=x",
      "fbclid=IwAR0",
      "gclid=1",
      "dclid=1",
      "msclkid=1",
      "yclid=1",
      "mc_cid=1&mc_eid=2",
      "_hsenc=a&_hsmi=2&__hstc=3",
      "mkt_tok=1",
      "igshid=1",
      "twclid=1",
      "ttclid=1",
      "li_fat_id=1",
      "pk_campaign=a",
      "pk_cpn=a&pk_kwd=b&pk_keyword=c&pk_source=d&PK_Medium=e&pk_content=f&pk_cid=1&pk_vid=2",
      "mtm_source=a",
      "ns_mchannel=rss",
      "at_medium=RSS&at_campaign=KARANGA&at_bbc_team=editorial&at_custom1=a&at_ptr_name=b",
      "ns_source=a&ns_campaign=b&ns_linkname=c",
      "utm%5Fsource=a&at%5fmedium=RSS&%66bclid=1",
      "xtor=RSS-3208",
      "CMP=share_btn_tw",
      "smid=tw-share",
      "partner=rss&emc=rss",
      "ref=rss",
      "source=feed",
      "traffic_source=rss",
      "guccounter=1&guce_referrer=aHR0cHM",
      "feedType=RSS&feedName=worldNews",
      "ref_src=twsrc%5Etfw",
      "mod=rss_markets_main",
      "ocid=social",
      "__twitter_impression=true",
  };
  for (const char* parameters : tracking) {
    EXPECT_EQ(canonical_url(std::string("https://example.org/a?") + parameters), "example.org/a")
        << parameters;
    EXPECT_EQ(canonical_url(std::string("https://example.org/a?id=1&") + parameters),
              "example.org/a?id=1")
        << parameters;
  }
}

TEST(CanonicalUrl, KeepsWhatNamesAnotherPage) {
  const char* const urls[] = {
      "https://example.org/a",
      "https://example.org/A",
      "https://example.org/a?id=1",
      "https://example.org/a?id=2",
      "https://example.org/a?id=1&id=2",
      "https://example.org:8443/a",
      "https://m.example.org/a",
      "https://example.org/a?ref=chapter-2",
      "https://example.org/a?source=reuters",
      "https://example.org/a?mod=news",
      "https://example.org/a%2Fb",
      "https://example.org/a/b",
      "https://example.org/?a",
      "https://example.org/",
  };
  std::set<std::string> keys;
  for (const char* url : urls) keys.insert(canonical_url(url));
  EXPECT_EQ(keys.size(), std::size(urls));
}

TEST(CanonicalUrl, LeavesAloneWhatIsNoWebAddress) {
  EXPECT_EQ(canonical_url(""), "");
  EXPECT_EQ(canonical_url("  tag:example.org,2026:1 \n"), "tag:example.org,2026:1");
  EXPECT_EQ(canonical_url("mailto:a@example.org"), "mailto:a@example.org");
  EXPECT_EQ(canonical_url("/relative"), "/relative");
  EXPECT_EQ(canonical_url("http://"), "http://");
}

TEST(HostOf, IsTheHostWithoutWwwAndPort) {
  EXPECT_EQ(host_of("https://www.example.org:8443/x"), "example.org");
  EXPECT_EQ(host_of("https://news.example.org"), "news.example.org");
  EXPECT_EQ(host_of("http://www.com/"), "www.com");
  EXPECT_EQ(host_of("http://[::1]:80/"), "[::1]");
  EXPECT_EQ(host_of("tag:example.org"), "");
  EXPECT_EQ(host_of(""), "");
}

// A lone surrogate escape is no JSON text for simdjson; the standard reads it as U+FFFD.
void replace_lone_surrogates(std::string& json) {
  const auto unit_at = [&](std::size_t i) -> unsigned long {
    if (i + 6 > json.size() || json[i] != '\\' || json[i + 1] != 'u') return 0;
    return std::strtoul(json.substr(i + 2, 4).c_str(), nullptr, 16);
  };
  for (std::size_t i = 0; i < json.size(); ++i) {
    if (json[i] != '\\') continue;
    const unsigned long unit = unit_at(i);
    const unsigned long next = unit_at(i + 6);
    if (unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000) {
      i += 11;
    } else if (unit >= 0xd800 && unit < 0xe000) {
      json.replace(i, 6, "\\ufffd");
      i += 5;
    } else {
      ++i;
    }
  }
}

std::filesystem::path shared_folder() {
  if (const char* folder = std::getenv("WIREWATCH_SHARED")) return folder;
  return tests::source_path("../shared");
}

TEST(Url, AgreesWithTheStandardsOwnCases) {
  std::ifstream file(shared_folder() / "data/urls/urltestdata.json", std::ios::binary);
  if (!file) GTEST_SKIP() << "no urltestdata.json beside the source tree";
  std::string json((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  replace_lone_surrogates(json);
  simdjson::dom::parser parser;
  simdjson::dom::array cases;
  ASSERT_EQ(parser.parse(json).get(cases), simdjson::SUCCESS);
  std::size_t total = 0;
  std::size_t right = 0;
  for (const simdjson::dom::element entry : cases) {
    std::string_view input;
    std::string_view base;
    std::string_view protocol;
    std::string_view href;
    if (!entry.is_object() || entry["input"].get(input) != simdjson::SUCCESS) continue;
    if (entry["base"].get(base) != simdjson::SUCCESS) base = "";
    const bool failure = entry["failure"].error() == simdjson::SUCCESS;
    if (!failure && (entry["protocol"].get(protocol) != simdjson::SUCCESS ||
                     entry["href"].get(href) != simdjson::SUCCESS)) {
      continue;
    }
    // Failures count when the case is about http or https.
    const bool web = failure ? input.substr(0, 4) == "http" || base.substr(0, 4) == "http"
                             : protocol == "http:" || protocol == "https:";
    if (!web) continue;
    ++total;
    const std::string actual = resolve_url(base, input).value_or("failure");
    const std::string expected = failure ? "failure" : std::string(href);
    if (actual == expected) {
      ++right;
    } else {
      std::printf("differs: \"%s\" against \"%s\": %s, should be %s\n", std::string(input).c_str(),
                  std::string(base).c_str(), actual.c_str(), expected.c_str());
    }
  }
  std::printf("%zu of %zu http and https cases of urltestdata.json\n", right, total);
  EXPECT_GE(total, 300u);
  EXPECT_EQ(right, total);
}

}  // namespace
}  // namespace wirewatch::feeds

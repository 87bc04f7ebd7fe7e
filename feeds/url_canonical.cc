// Keys for comparing links. What counts as tracking comes from the documentation of the tools that
// add it (Google Analytics, Matomo, HubSpot, Mailchimp, AT Internet, …) and from news feeds.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "feeds/ascii.h"
#include "feeds/url.h"
#include "feeds/url_parts.h"

namespace wirewatch::feeds {
namespace {

constexpr std::array<std::string_view, 7> kTrackingPrefixes = {"utm_", "mtm_", "piwik_", "hsa_",
                                                               "_hs",  "__hs", "guce_"};
// Of Matomo not "pk_" as such: ?pk_id=5 is a row of a database.
constexpr std::array<std::string_view, 49> kTrackingNames = {
    "fbclid",      "gclid",       "dclid",         "gclsrc",
    "gbraid",      "wbraid",      "msclkid",       "yclid",
    "ysclid",      "twclid",      "ttclid",        "li_fat_id",
    "igshid",      "igsh",        "mc_cid",        "mc_eid",
    "mkt_tok",     "oly_anon_id", "oly_enc_id",    "vero_id",
    "vero_conv",   "wickedid",    "_openstat",     "rb_clickid",
    "s_cid",       "cmpid",       "guccounter",    "ref_src",
    "ref_url",     "smid",        "xtor",          "traffic_source",
    "feedtype",    "feedname",    "hsctatracking", "__twitter_impression",
    "cmp",         "ocid",        "ito",           "wt.mc_id",
    "pk_campaign", "pk_cpn",      "pk_kwd",        "pk_keyword",
    "pk_source",   "pk_medium",   "pk_content",    "pk_cid",
    "pk_vid"};
// Of Piano Analytics (AT Internet) and comScore. Not "at_" and "ns_" as such: ?at_id=7 is a page.
constexpr std::array<std::string_view, 38> kTrackingNamesOfTwo = {
    "at_term",        "at_medium",    "at_campaign",  "at_campaign_type",     "at_campaign_group",
    "at_creation",    "at_variant",   "at_format",    "at_general_placement", "at_detail_placement",
    "at_network",     "at_platform",  "at_keyword",   "at_custom1",           "at_custom2",
    "at_custom3",     "at_custom4",   "at_emailtype", "at_recipient_id",      "at_recipient_list",
    "at_send_date",   "at_send_time", "at_link",      "at_link_id",           "at_link_type",
    "at_link_origin", "at_ptr_name",  "at_bbc_team",  "at_affiliate",         "at_source",
    "at_channel",     "ns_mchannel",  "ns_source",    "ns_campaign",          "ns_linkname",
    "ns_fee",         "ns_mail_uid",  "ns_mail_job"};
// These name a page on some sites and say "came by the feed" on others; the value decides.
constexpr std::array<std::string_view, 9> kFeedMarkers = {"ref", "source",  "src", "from", "via",
                                                          "mod", "partner", "emc", "rss"};

// `parameter` with its escapes normalised.
bool is_tracking(std::string_view parameter) {
  const std::size_t equals = std::min(parameter.find('='), parameter.size());
  const std::string name = lower(parameter.substr(0, equals));
  const std::string value =
      equals < parameter.size() ? lower(parameter.substr(equals + 1)) : std::string();
  const auto is_name = [&](std::string_view known) { return name == known; };
  const auto starts = [&](std::string_view prefix) { return name.rfind(prefix, 0) == 0; };
  if (std::any_of(kTrackingPrefixes.begin(), kTrackingPrefixes.end(), starts)) return true;
  if (std::any_of(kTrackingNames.begin(), kTrackingNames.end(), is_name)) return true;
  const bool of_two = name.size() > 3 && name[2] == '_';
  if (of_two && std::any_of(kTrackingNamesOfTwo.begin(), kTrackingNamesOfTwo.end(), is_name)) {
    return true;
  }
  const bool says_feed = value.rfind("rss", 0) == 0 || value.rfind("feed", 0) == 0 ||
                         value == "atom" || (name == "rss" && value == "1");
  return says_feed && std::any_of(kFeedMarkers.begin(), kFeedMarkers.end(), is_name);
}

// "%7e" and "~" are the same (RFC 3986, 6.2.2): unreserved characters are decoded, the hexadecimal
// digits of all others are upper-case.
std::string normalise_escapes(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 2 >= text.size() || hex_digit(text[i + 1]) < 0 ||
        hex_digit(text[i + 2]) < 0) {
      out += text[i];
      continue;
    }
    const int byte = hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]);
    const bool alnum = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
                       (byte >= 'a' && byte <= 'z');
    if (alnum || byte == '-' || byte == '.' || byte == '_' || byte == '~') {
      out += static_cast<char>(byte);
    } else {
      out += fmt::format("%{:02X}", byte);
    }
    i += 2;
  }
  return out;
}

std::string sorted_parameters(std::string_view query) {
  std::vector<std::string> kept;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view parameter = query.substr(0, end);
    std::string normal = normalise_escapes(parameter);
    if (!normal.empty() && !is_tracking(normal)) kept.push_back(std::move(normal));
    query.remove_prefix(std::min(end + 1, query.size()));
  }
  std::sort(kept.begin(), kept.end());
  std::string out;
  for (const std::string& parameter : kept) {
    out += out.empty() ? '?' : '&';
    out += parameter;
  }
  return out;
}

// "www.example.org" is "example.org"; "www.com" stays itself.
std::string without_www(const std::string& host) {
  if (host.rfind("www.", 0) == 0 && host.find('.', 4) != std::string::npos) return host.substr(4);
  return host;
}

}  // namespace

std::string canonical_url(std::string_view url) {
  const auto parts = parse_url(url, nullptr);
  if (!parts) {
    const auto outer = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
    while (!url.empty() && outer(url.front())) url.remove_prefix(1);
    while (!url.empty() && outer(url.back())) url.remove_suffix(1);
    return std::string(url);
  }
  std::string out = without_www(parts->host);
  if (parts->port) out += fmt::format(":{}", *parts->port);
  for (const std::string& segment : parts->path) out += '/' + normalise_escapes(segment);
  while (out.back() == '/') out.pop_back();
  if (parts->query) out += sorted_parameters(*parts->query);
  return out;
}

std::string host_of(std::string_view url) {
  const auto parts = parse_url(url, nullptr);
  return parts ? without_www(parts->host) : std::string();
}

}  // namespace wirewatch::feeds

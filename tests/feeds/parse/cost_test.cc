// What hostile documents may cost: rows 32 to 41 of the fault list, in processor time and memory.
// Each is parsed in a process of its own, so that its peak is its own.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "feeds/parse/parse.h"

namespace wirewatch::feeds {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif
#else
constexpr bool kSanitized = false;
#endif

// A debug build is some ten times slower than the real one, which processor times allow for.
constexpr double kSlow = 10;

struct Cost {
  double seconds = 1e9;    // of the processor
  double megabytes = 1e9;  // at the highest, above what the document itself takes
  std::size_t items = 0;
  bool refused = false;
};

// A line of /proc/self/status in megabytes.
double status_megabytes(std::string_view name) {
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with(name)) return std::stod(line.substr(name.size() + 1)) / 1024;
  }
  return 0;
}

double processor_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

Cost measure(std::string_view bytes) {
  std::ofstream("/proc/self/clear_refs") << "5";  // the peak starts anew
  const double memory = status_megabytes("VmRSS:");
  const double before = processor_seconds();
  Cost cost;
  const auto parsed = parse_feed(bytes, {});
  cost.seconds = processor_seconds() - before;
  cost.megabytes = status_megabytes("VmHWM:") - memory;
  cost.refused = parsed.has_error();
  cost.items = parsed.has_value() ? parsed->items.size() : 0;
  return cost;
}

Cost cost_of(std::string_view bytes) {
  int ends[2] = {};
  Cost cost;
  if (::pipe(ends) != 0) return cost;
  const pid_t child = ::fork();
  if (child == 0) {
    const Cost measured = measure(bytes);
    const ssize_t written = ::write(ends[1], &measured, sizeof measured);
    ::_exit(written == sizeof measured ? 0 : 1);
  }
  ::close(ends[1]);
  const ssize_t got = ::read(ends[0], &cost, sizeof cost);
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(got, static_cast<ssize_t>(sizeof cost)) << "the parser did not end";
  return cost;
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string rss(std::string_view items, std::string_view before = "") {
  return fmt::format("{}<rss version=\"2.0\"><channel><title>T</title>{}</channel></rss>", before,
                     items);
}

std::string laughs() {
  std::string doctype = "<!DOCTYPE rss [<!ENTITY a0 \"lol\">";
  for (int i = 1; i < 10; ++i) {
    doctype += fmt::format("<!ENTITY a{} \"{}\">", i, repeat(fmt::format("&a{};", i - 1), 10));
  }
  return rss("<item><title>&a9;</title></item>", doctype + "]>");
}

std::string quadratic() {
  return rss("<item><title>" + repeat("&a;", 50'000) + "</title></item>",
             fmt::format("<!DOCTYPE rss [<!ENTITY a \"{}\">]>", std::string(50'000, 'x')));
}

std::string attributes() {
  std::string many = "<rss><channel><item ";
  for (int i = 0; i < 40'000; ++i) many += fmt::format("a{}='v' ", i);
  return many + "></item></channel></rss>";
}

// Ten megabytes that stand once and could go into each of 5,000 items.
std::string inherited(std::string_view before, std::string_view behind, std::string_view item) {
  return fmt::format("<feed xmlns='http://www.w3.org/2005/Atom'{}{}{}<title>T</title>{}</feed>",
                     before, std::string(10'000'000, 'x'), behind, repeat(item, 5'000));
}

// Each of many short links could grow to the eight kilobytes of the address above it.
std::string short_links() {
  std::string items;
  for (int i = 0; i < 200; ++i) {
    items += "<item><title>t</title>";
    for (int j = 0; j < 500; ++j) {
      items += fmt::format("<enclosure url=\"{}{}\"/>", static_cast<char>('a' + j % 26), j / 26);
    }
    items += "</item>";
  }
  return fmt::format("<rss version='2.0' xml:base='http://a/{}/'><channel>{}</channel></rss>",
                     std::string(8'000, 'x'), items);
}

std::string based() {
  return fmt::format("<CHANNEL HREF='a' BASE='http://a/{}/'>{}</CHANNEL>",
                     std::string(10'000'000, 'x'),
                     repeat("<ITEM HREF='a'><TITLE>t</TITLE></ITEM>", 5'000));
}

TEST(ParseCost, HostileDocumentsStayWithinTheirShare) {
  // The limits are those of the fault list.
  const struct {
    const char* what;
    std::string bytes;
    double seconds;
    double megabytes;
    bool refused;
  } cases[] = {
      {"32 billion laughs", laughs(), 0.3, 32, true},
      {"32 quadratic blow-up", quadratic(), 0.3, 32, false},
      {"34 40,000 attributes", attributes(), 0.1, 32, true},
      {"35 a million levels", "<rss><channel><item>" + repeat("<a>", 1'000'000), 0.3, 32, true},
      {"7,000,000 attributes", rss(repeat("<a " + repeat("b ", 1'000) + "/>", 7'000)), 1, 160,
       true},
      {"36 a text of 32 MB",
       rss("<item><title>t</title><description>" + repeat("word ", 6'400'000) +
           "</description></item>"),
       1, 160, false},
      {"36 in small pieces",
       rss("<item><title>t</title><description>" + repeat("w<!---->", 4'000'000) +
           "</description></item>"),
       1, 160, false},
      {"37 500,000 items", rss(repeat("<item><title>t</title><guid>1</guid></item>", 500'000)), 1,
       160, false},
      {"a million declarations without an end",
       rss("<item><title>" + repeat("<!DOCTYPE [>", 1'000'000) + "</title></item>"), 1, 160, false},
      {"an address beneath all items",
       inherited(" xml:base='http://a/", "/'>", "<entry><link href='a'/><title>t</title></entry>"),
       1, 160, false},
      {"an address beneath many short links", short_links(), 1, 160, false},
      {"a base of all items", based(), 1, 160, false},
      {"a language of all items", inherited(" xml:lang='", "'>", "<entry><title>t</title></entry>"),
       1, 160, false},
      {"an author of all items",
       inherited("><author><name>", "</name></author>", "<entry><title>t</title></entry>"), 1, 160,
       false},
      {"40 JSON a million deep", "{\"items\":" + repeat("[", 1'000'000), 0.3, 32, true},
      {"41 a title of 100,000 characters",
       rss("<item><title>" + std::string(100'000, 'a') + "!</title></item>"), 0.1, 32, false},
      {"41 a title of 100,000 ampersands",
       rss("<item><title>" + std::string(100'000, '&') + "</title></item>"), 0.1, 32, false},
  };
  for (const auto& c : cases) {
    const Cost cost = cost_of(c.bytes);
    EXPECT_EQ(cost.refused, c.refused) << c.what;
    if (kSanitized) continue;
    EXPECT_LT(cost.seconds, kSlow * c.seconds) << c.what;
    EXPECT_LT(cost.megabytes, c.megabytes) << c.what;
    RecordProperty(fmt::format("{} MB", c.what), fmt::format("{:.0f}", cost.megabytes));
    if (::getenv("WIREWATCH_SHOW_COST") != nullptr) {
      fmt::print("{:40} {:7.3f} s {:7.1f} MB {} items\n", c.what, cost.seconds, cost.megabytes,
                 cost.items);
    }
  }
}

// Row 41: work grows with the length, whatever stands there.
TEST(ParseCost, RepeatedBeginningsOfMarkupTakeLinearTime) {
  for (const char* piece : {"<", "<!", "<?", "</", "<![CDATA[", "<!--", "&", "&#", "&a", "<a b=\"",
                            "<a b='", "<!DOCTYPE ", "<x", "</channel", "<b></c>"}) {
    const std::string text = rss("<item><title>" + repeat(piece, 200'000) + "</title></item>");
    const Cost cost = cost_of(text);
    if (kSanitized) continue;
    EXPECT_LT(cost.seconds, kSlow) << piece;
    EXPECT_LT(cost.megabytes, 64) << piece;
  }
}

}  // namespace
}  // namespace wirewatch::feeds

#include "feeds/text/clutter.h"

#include <algorithm>
#include <boost/unordered/unordered_flat_map.hpp>
#include <string>
#include <vector>

namespace wirewatch::feeds {
namespace {

// Lines that are nothing but this.
constexpr std::string_view whole_lines[] = {"Click to start listening",
                                            "Click to listen",
                                            "Press play to listen",
                                            "Listen to this article",
                                            "Listen to article",
                                            "Listen to the story",
                                            "Listen",
                                            "Play audio",
                                            "Share",
                                            "Share this",
                                            "Share this article",
                                            "Share this story",
                                            "Share on Facebook",
                                            "Share on Twitter",
                                            "Share via email",
                                            "Facebook",
                                            "Twitter",
                                            "WhatsApp",
                                            "Telegram",
                                            "LinkedIn",
                                            "Pinterest",
                                            "Reddit",
                                            "Email",
                                            "E-mail",
                                            "Print",
                                            "Print this page",
                                            "Copy link",
                                            "Copy URL",
                                            "Link copied",
                                            "Save",
                                            "Save article",
                                            "Bookmark",
                                            "Tweet",
                                            "Like",
                                            "Follow",
                                            "Follow us",
                                            "Advertisement",
                                            "Advertising",
                                            "Ad",
                                            "Ads by Google",
                                            "Sponsored",
                                            "Sponsored content",
                                            "Promoted",
                                            "Promoted content",
                                            "Partner content",
                                            "Story continues below advertisement",
                                            "Article continues below advertisement",
                                            "Continue reading",
                                            "Continue reading below",
                                            "Continue reading the main story",
                                            "Skip advertisement",
                                            "Scroll to continue",
                                            "Subscribe",
                                            "Subscribe now",
                                            "Sign in",
                                            "Sign up",
                                            "Log in",
                                            "Register",
                                            "Newsletter",
                                            "Loading",
                                            "Home",
                                            "Menu",
                                            "Search",
                                            "Skip to content",
                                            "Skip to main content",
                                            "Back to top",
                                            "Next article",
                                            "Previous article",
                                            "Next",
                                            "Previous",
                                            "Photo",
                                            "Photos",
                                            "Video",
                                            "Videos",
                                            "Gallery",
                                            "Image",
                                            "File photo",
                                            "File image",
                                            "Getty Images",
                                            "Play video",
                                            "Watch video",
                                            "Watch live",
                                            "Read full story",
                                            "Read more",
                                            "Show more",
                                            "See more",
                                            "View more",
                                            "View comments",
                                            "No comment",
                                            "No comments",
                                            "Be the first to comment",
                                            "Report an error",
                                            "Report this ad",
                                            "Font size",
                                            "Tags",
                                            "All rights reserved",
                                            "Cookie settings",
                                            "Accept cookies",
                                            "Privacy policy",
                                            "Terms of use",
                                            "Compartir",
                                            "Publicidad",
                                            "Publicité",
                                            "Partager",
                                            "Anzeige",
                                            "Teilen",
                                            "Paylaş",
                                            "Reklam",
                                            "شارك",
                                            "شارك الخبر",
                                            "شارك المقال",
                                            "شارك هذا المقال",
                                            "مشاركة",
                                            "طباعة",
                                            "إعلان",
                                            "اعلانات",
                                            "استمع إلى المقال",
                                            "استمع للمقال",
                                            "استمع للخبر",
                                            "انقر للاستماع",
                                            "اضغط للاستماع",
                                            "اقرأ المزيد",
                                            "المزيد",
                                            "تابعنا",
                                            "تابعونا",
                                            "نسخ الرابط",
                                            "حفظ",
                                            "الرئيسية",
                                            "لا تعليق",
                                            "لا توجد تعليقات",
                                            "لا يوجد تعليقات",
                                            "جميع الحقوق محفوظة",
                                            "حجم الخط",
                                            "فيديو",
                                            "صور",
                                            "صورة أرشيفية",
                                            "اشترك الآن"};

// Lines that begin like this and are no longer than `most_words`.
struct Opening {
  std::string_view phrase;
  std::size_t most_words;
};
constexpr Opening openings[] = {{"Photo by", 16},
                                {"Photo credit", 16},
                                {"Photo courtesy", 16},
                                {"Image credit", 16},
                                {"Image source", 16},
                                {"Image caption", 30},
                                {"Media caption", 30},
                                {"Photograph by", 16},
                                {"Read more about", 14},
                                {"Read more on", 14},
                                {"Read more from", 14},
                                {"Read also", 25},
                                {"Also read", 25},
                                {"See also", 25},
                                {"Watch also", 25},
                                {"Also watch", 25},
                                {"Read next", 25},
                                {"Follow us on", 20},
                                {"Follow our", 16},
                                {"Like us on", 16},
                                {"Join us on", 16},
                                {"Join our WhatsApp", 20},
                                {"Join our Telegram", 20},
                                {"Subscribe to our", 25},
                                {"Sign up for our", 25},
                                {"Sign up to our", 25},
                                {"Get our newsletter", 25},
                                {"Click here to", 16},
                                {"Click here for", 16},
                                {"Click to", 8},
                                {"Tap here to", 16},
                                {"Download our app", 16},
                                {"Download the app", 16},
                                {"Share on", 6},
                                {"Share this", 6},
                                {"Copyright", 12},
                                {"This article was originally published", 20},
                                {"This story was originally published", 20},
                                {"Estimated reading time", 8},
                                {"Reading time", 6},
                                {"This site uses cookies", 60},
                                {"We use cookies", 60},
                                {"Your email address will not be published", 20},
                                {"Please enable JavaScript", 20},
                                {"اقرأ أيضا", 25},
                                {"إقرأ المزيد", 25},
                                {"اقرأ المزيد", 25},
                                {"شاهد أيضا", 25},
                                {"تابعونا على", 16},
                                {"تابعنا على", 16},
                                {"حمل تطبيق", 16},
                                {"اشترك في", 16},
                                {"مصدر الصورة", 16},
                                {"التعليق على الصورة", 30},
                                {"حقوق الصورة", 16},
                                {"للاشتراك في", 16},
                                {"انضم إلى قناتنا", 16}};

// Short lines that hold this anywhere.
constexpr Opening anywhere[] = {{"صورة من منصة", 12},       {"all rights reserved", 30},
                                {"continues below", 8},     {"may be reproduced", 60},
                                {"جميع الحقوق محفوظة", 30}, {"click to start listening", 12}};

// A list of other stories' headlines follows.
constexpr std::string_view headings[] = {"Related",
                                         "Related articles",
                                         "Related stories",
                                         "Related news",
                                         "Related posts",
                                         "Related topics",
                                         "Related content",
                                         "Related coverage",
                                         "Related links",
                                         "Read also",
                                         "Most popular",
                                         "Most popular stories",
                                         "Most read",
                                         "Most read stories",
                                         "Most viewed",
                                         "Most shared",
                                         "Most commented",
                                         "Popular stories",
                                         "Popular now",
                                         "Top stories",
                                         "Trending",
                                         "Trending now",
                                         "Trending stories",
                                         "Latest news",
                                         "Latest stories",
                                         "Latest headlines",
                                         "Market headlines",
                                         "Market research",
                                         "Editor's picks",
                                         "Editors' picks",
                                         "Recommended",
                                         "Recommended for you",
                                         "You may also like",
                                         "You might also like",
                                         "You may like",
                                         "More on this story",
                                         "More on this topic",
                                         "More stories",
                                         "More news",
                                         "More from the web",
                                         "Around the web",
                                         "From around the web",
                                         "What to read next",
                                         "Up next",
                                         "Don't miss",
                                         "In case you missed it",
                                         "الأكثر قراءة",
                                         "الأكثر مشاهدة",
                                         "الأكثر تداولا",
                                         "أخبار ذات صلة",
                                         "مواضيع ذات صلة",
                                         "مقالات ذات صلة",
                                         "اقرأ أيضا",
                                         "قد يعجبك أيضا",
                                         "آخر الأخبار",
                                         "أهم الأخبار",
                                         "المزيد من الأخبار",
                                         "İlgili haberler",
                                         "Lire aussi",
                                         "Das könnte Sie auch"};

constexpr std::string_view tails[] = {"Legal disclaimer",
                                      "Disclaimer",
                                      "Legal notice",
                                      "Comments",
                                      "Leave a comment",
                                      "Leave a reply",
                                      "Post a comment",
                                      "Add a comment",
                                      "Write a comment",
                                      "Join the discussion",
                                      "Join the conversation",
                                      "Comments are closed",
                                      "التعليقات",
                                      "تعليقات",
                                      "أضف تعليق",
                                      "أضف تعليقا",
                                      "اترك تعليقا",
                                      "إخلاء المسؤولية",
                                      "إخلاء مسؤولية"};

// A phrase of the lists above in folded words.
struct Phrase {
  Words words;
  std::size_t most_words = 0;
};

struct Lists {
  Lists() {
    // What is in several lists is the first of these.
    add(tails, Clutter::tail);
    add(headings, Clutter::heading);
    add(whole_lines, Clutter::line);
    for (const Opening& one : openings) {
      Words words = tokenise(one.phrase);
      const std::uint64_t first = words.hashes[0];
      opened[first].push_back({std::move(words), one.most_words});
    }
    for (const Opening& one : anywhere) held.push_back({tokenise(one.phrase), one.most_words});
  }

  boost::unordered_flat_map<std::uint64_t, Clutter> whole;               // by line_key
  boost::unordered_flat_map<std::uint64_t, std::vector<Phrase>> opened;  // by the first word
  std::vector<Phrase> held;

 private:
  template <std::size_t n>
  void add(const std::string_view (&phrases)[n], Clutter kind) {
    for (const auto phrase : phrases) whole.try_emplace(line_key(tokenise(phrase).hashes), kind);
  }
};

bool opens(std::span<const std::uint64_t> line, const Phrase& phrase) {
  const auto& wanted = phrase.words.hashes;
  return line.size() <= phrase.most_words && line.size() >= wanted.size() &&
         std::equal(wanted.begin(), wanted.end(), line.begin());
}

// The phrase may begin and end inside of words, as Arabic writes small words in front of others.
bool holds(const WordRange& line, const Phrase& phrase) {
  const std::vector<std::uint64_t>& wanted = phrase.words.hashes;
  const std::size_t last = wanted.size() - 1;
  if (line.size() > phrase.most_words || line.size() <= last) return false;
  const auto hashes = line.hashes();
  for (std::size_t at = 0; at + last < hashes.size(); ++at) {
    std::size_t inner = 1;
    while (inner < last && hashes[at + inner] == wanted[inner]) ++inner;
    if (inner >= last && line.folded(at).ends_with(phrase.words.folded_form(0)) &&
        line.folded(at + last).starts_with(phrase.words.folded_form(last))) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::uint64_t line_key(std::span<const std::uint64_t> hashes) {
  std::uint64_t key = hashes.size();
  for (const std::uint64_t hash : hashes) {
    key = (key ^ hash) * 0x9e3779b97f4a7c15ULL;
    key ^= key >> 32U;
  }
  return key;
}

Clutter clutter_of(const WordRange& line, std::uint64_t key) {
  static const Lists lists;
  constexpr std::size_t longest = 60;
  if (line.size() == 0 || line.size() > longest) return Clutter::none;
  const auto whole = lists.whole.find(key);
  if (whole != lists.whole.end()) return whole->second;
  const auto opened = lists.opened.find(line.hashes()[0]);
  if (opened != lists.opened.end()) {
    for (const Phrase& phrase : opened->second)
      if (opens(line.hashes(), phrase)) return Clutter::line;
  }
  for (const Phrase& phrase : lists.held)
    if (holds(line, phrase)) return Clutter::line;
  return Clutter::none;
}

}  // namespace wirewatch::feeds

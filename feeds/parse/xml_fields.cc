#include "feeds/parse/xml_fields.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "feeds/parse/dates.h"
#include "feeds/parse/html_text.h"
#include "feeds/parse/xml_text.h"

namespace wirewatch::feeds {
namespace {

constexpr std::size_t kMaxList = 500;  // authors, categories, enclosures of one item
constexpr int kUnset = 100;

// A value that several elements may give: the lowest rank wins, of equals the first.
struct Ranked {
  std::string value;
  int rank = kUnset;

  void offer(int offered, std::string text) {
    if (text.empty() || offered >= rank) return;
    value = std::move(text);
    rank = offered;
  }
};

// The same for dates, but of equals the last: a repeated date is a later edit.
struct RankedDate {
  std::optional<Instant> value;
  int rank = kUnset;

  void offer(int offered, const std::optional<Instant>& date) {
    if (!date || offered > rank) return;
    value = date;
    rank = offered;
  }
};

class FieldReader {
 public:
  FieldReader(const XmlSource& source, std::uint32_t node)
      : source_(source), tree_(source.tree), node_(node) {}
  XmlFields read();

 private:
  void take(std::uint32_t child);
  void take_foreign_words(std::uint32_t child, Vocabulary vocabulary, std::string_view name);
  void take_core(std::uint32_t child, std::string_view name);
  bool take_text(std::uint32_t child, std::string_view name);
  void take_date(std::uint32_t child, std::string_view name, int rank);
  void take_link(std::uint32_t child);
  void offer_plain_link(std::string link);
  void take_guid(std::uint32_t child);
  void take_category(std::uint32_t child);
  void take_media(std::uint32_t child, std::string_view name);
  // What cannot win is not read: feeds tell the same text several times over.
  using Reading = std::string (XmlSource::*)(std::uint32_t) const;
  void offer(Ranked& field, int rank, Reading reading, std::uint32_t child) const {
    if (rank < field.rank) field.offer(rank, (source_.*reading)(child));
  }
  void add_author(int rank, std::uint32_t child);
  void add_category(std::string text);
  void add_keywords(std::string_view list);
  void add_enclosure(Enclosure enclosure);
  void take_update_period(std::uint32_t child, std::string_view name);
  void take_skipped(std::uint32_t child);
  void finish();

  const XmlSource& source_;
  XmlTree& tree_;
  std::uint32_t node_;
  XmlFields out_;
  Ranked title_, link_, id_, language_, summary_, content_;
  RankedDate published_, updated_;
  bool has_summary_ = false;
  std::string permalink_;
  std::string original_enclosure_;
  std::string second_text_;  // of description and summary, the one that came second
  int author_rank_ = kUnset;
  std::int64_t period_seconds_ = 0;
  std::int64_t frequency_ = 1;
};

std::int64_t number_of(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void FieldReader::add_author(int rank, std::uint32_t child) {
  auto& authors = out_.item.authors;
  if (rank > author_rank_ || authors.size() >= kMaxList) return;
  Author author = source_.person(child);
  if (author.name.empty() && author.email.empty() && author.uri.empty()) return;
  if (rank < author_rank_) authors.clear();
  author_rank_ = rank;
  const bool known = std::any_of(authors.begin(), authors.end(), [&](const Author& other) {
    return other.name == author.name && other.email == author.email && other.uri == author.uri;
  });
  if (!known) authors.push_back(std::move(author));
}

void FieldReader::add_category(std::string text) {
  auto& all = out_.item.categories;
  if (text.empty() || all.size() >= kMaxList) return;
  if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(std::move(text));
}

void FieldReader::add_keywords(std::string_view list) {
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    add_category(std::string(trim(list.substr(0, comma))));
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

void FieldReader::add_enclosure(Enclosure enclosure) {
  auto& all = out_.item.enclosures;
  if (enclosure.url.empty() || all.size() >= kMaxList) return;
  const bool known = std::any_of(all.begin(), all.end(),
                                 [&](const Enclosure& e) { return e.url == enclosure.url; });
  if (!known) all.push_back(std::move(enclosure));
}

// RSS's own link. Of several the last: the earlier ones are a generator's or a tracker's.
void FieldReader::offer_plain_link(std::string link) {
  if (!link.empty() && link_.rank == 1) link_.rank = kUnset;
  link_.offer(1, std::move(link));
}

void FieldReader::take_link(std::uint32_t child) {
  const bool has_href = tree_.has_attribute(child, "href");
  if (!has_href) {
    const std::string text = tree_.text(child);
    if (tree_.nodes[child].vocabulary == Vocabulary::core || !trim(text).empty()) {
      offer_plain_link(source_.resolve(child, text));
    }
    return;
  }
  std::string href = source_.resolve(child, tree_.attribute(child, "href"));
  std::string rel = lower(tree_.attribute(child, "rel"));
  constexpr std::string_view kIana = "http://www.iana.org/assignments/relation/";
  if (rel.starts_with(kIana)) rel.erase(0, kIana.size());
  const std::string type = lower(tree_.attribute(child, "type"));
  if (rel.empty() || rel == "alternate") {
    const bool page = type.empty() || type.find("html") != std::string::npos;
    if (tree_.nodes[child].vocabulary == Vocabulary::core) return offer_plain_link(std::move(href));
    const bool own = tree_.nodes[child].vocabulary == tree_.nodes[node_].vocabulary;
    link_.offer((own ? 1 : 3) + (page ? 0 : 1), href);
  } else if (rel == "enclosure") {
    add_enclosure({href, tree_.attribute(child, "type"), tree_.attribute(child, "length")});
  } else if (rel == "self") {
    if (out_.self.empty()) out_.self = href;
    link_.offer(8, href);
  } else if (rel == "hub" && out_.hub.empty()) {
    out_.hub = href;
  }
}

void FieldReader::take_guid(std::uint32_t child) {
  std::string id = std::string(trim(tree_.text(child)));
  if (tree_.nodes[child].name == "guid") {
    const bool permalink = !equal_ignoring_case(tree_.attribute(child, "ispermalink"), "false");
    const std::string_view start = std::string_view(id).substr(0, 8);
    const bool is_url = equal_ignoring_case(start.substr(0, 7), "http://") ||
                        equal_ignoring_case(start, "https://");
    if (permalink && (is_url || tree_.has_attribute(child, "ispermalink"))) {
      permalink_ = source_.resolve(child, id);
    }
  }
  // Atom ids are absolute; one that begins with '/' or stands under xml:base means an address.
  const bool is_reference =
      tree_.nodes[child].name == "id" && (id.starts_with('/') || source_.has_base(child));
  id_.offer(1, is_reference ? source_.resolve(child, id) : std::move(id));
}

// Atom gives a term for machines and a label for people: both are names of it.
void FieldReader::take_category(std::uint32_t child) {
  bool named = false;
  for (const char* name : {"term", "text", "label"}) {
    const std::string value = tree_.attribute(child, name);
    named = named || !value.empty();
    add_category(value);
  }
  if (!named) return add_category(source_.line(child));
  // iTunes nests a second level.
  tree_.each_child(child,
                   [&](std::uint32_t inner) { add_category(tree_.attribute(inner, "text")); });
}

void FieldReader::take_date(std::uint32_t child, std::string_view name, int rank) {
  const auto date = parse_date(tree_.text(child));
  if (name == "pubdate" || name == "published") {
    published_.offer(rank, date);
  } else if (name == "issued") {
    published_.offer(rank + 1, date);
  } else if (name == "created") {
    published_.offer(rank + 3, date);
  } else if (name == "date") {
    published_.offer(rank + 2, date);
    updated_.offer(rank + 3, date);
  } else {
    updated_.offer(rank + (name == "updated" ? 0 : 1), date);
  }
}

bool is_date_name(std::string_view name) {
  return name == "pubdate" || name == "published" || name == "issued" || name == "created" ||
         name == "date" || name == "updated" || name == "modified" || name == "lastmod" ||
         name == "lastbuilddate";
}

// Description and its synonyms. An item with both a description and a summary has a text and a
// lead: the later one is the fuller text.
bool FieldReader::take_text(std::uint32_t child, std::string_view name) {
  if (name == "description" || name == "summary" || name == "abstract" || name == "subtitle" ||
      name == "tagline") {
    has_summary_ = true;
    const bool line = name == "tagline" || name == "subtitle";
    if (summary_.rank > 1 || line) {
      offer(summary_, line ? 0 : 1, &XmlSource::html, child);
    } else if (second_text_.empty()) {
      second_text_ = source_.html(child);
    }
    return true;
  }
  if (name == "content" || name == "encoded") {
    if (name == "content" && tree_.has_attribute(child, "src") && source_.line(child).empty()) {
      return true;
    }
    offer(content_, 1, &XmlSource::html, child);
    return true;
  }
  if (name == "body" || name == "fullitem") {
    offer(content_, 2, &XmlSource::html, child);
    return true;
  }
  return false;
}

void FieldReader::take_core(std::uint32_t child, std::string_view name) {
  if (take_text(child, name)) return;
  if (is_date_name(name)) return take_date(child, name, 1);
  if (name == "title") return offer(title_, 1, &XmlSource::title, child);
  if (name == "link") return take_link(child);
  if (name == "guid" || name == "id") return take_guid(child);
  if (name == "language") return offer(language_, 1, &XmlSource::line, child);
  if (name == "author" || name == "creator") {
    // RSS's author is an address; where Dublin Core names a person as well, that is who wrote.
    const bool atom = tree_.nodes[child].vocabulary == Vocabulary::atom;
    return add_author(atom ? 0 : 2, child);
  }
  if (name == "managingeditor") return add_author(3, child);
  if (name == "webmaster") return add_author(8, child);
  if (name == "category") return take_category(child);
  if (name == "keywords" || name == "tags") return add_keywords(source_.line(child));
  if (name == "enclosure") {
    if (out_.item.enclosures.size() >= kMaxList) return;
    const char* key = tree_.has_attribute(child, "url") ? "url" : "href";
    add_enclosure({source_.resolve(child, tree_.attribute(child, key)),
                   tree_.attribute(child, "type"), tree_.attribute(child, "length")});
    return;
  }
  if (name == "ttl") {
    const std::int64_t minutes = number_of(source_.line(child));
    if (minutes > 0 && minutes < 1'000'000) out_.ttl = std::chrono::minutes(minutes);
  }
  if (name == "skiphours" || name == "skipdays") take_skipped(child);
}

// RSS 2.0: hours from 0 to 23 (older versions count to 24), days by their English names, in GMT.
void FieldReader::take_skipped(std::uint32_t child) {
  constexpr std::array<std::string_view, 7> kDays = {"sun", "mon", "tue", "wed",
                                                     "thu", "fri", "sat"};
  tree_.each_child(child, [&](std::uint32_t inner) {
    const std::string text = lower(source_.line(inner));
    if (tree_.nodes[inner].name == "hour" && !text.empty() && text[0] >= '0' && text[0] <= '9') {
      const std::int64_t hour = number_of(text);
      if (hour >= 0 && hour <= 24) out_.skip_hours |= 1U << (hour % 24);
    }
    if (tree_.nodes[inner].name != "day") return;
    for (std::size_t day = 0; day < kDays.size(); ++day) {
      if (text.starts_with(kDays[day])) out_.skip_days |= static_cast<std::uint8_t>(1U << day);
    }
  });
}

void FieldReader::take_media(std::uint32_t child, std::string_view name) {
  if (name == "group") {
    tree_.each_child(child, [&](std::uint32_t inner) {
      if (tree_.nodes[inner].vocabulary == Vocabulary::media) {
        take_media(inner, tree_.nodes[inner].name);
      }
    });
  } else if (name == "title") {
    offer(title_, 5, &XmlSource::title, child);
  } else if (name == "description" || name == "text") {
    offer(summary_, 6, &XmlSource::html, child);
  } else if (name == "category") {
    add_category(source_.line(child));
  } else if (name == "content" || name == "peerlink") {
    const char* key = tree_.has_attribute(child, "url") ? "url" : "href";
    if (out_.item.enclosures.size() < kMaxList) {
      add_enclosure({source_.resolve(child, tree_.attribute(child, key)),
                     tree_.attribute(child, "type"), tree_.attribute(child, "filesize")});
    }
    tree_.each_child(child, [&](std::uint32_t inner) {
      if (tree_.nodes[inner].vocabulary == Vocabulary::media &&
          tree_.nodes[inner].name != "content") {
        take_media(inner, tree_.nodes[inner].name);
      }
    });
  }
}

void FieldReader::take_update_period(std::uint32_t child, std::string_view name) {
  const std::string text = lower(source_.line(child));
  if (name == "updatefrequency") frequency_ = std::clamp<std::int64_t>(number_of(text), 1, 10'000);
  if (name != "updateperiod") return;
  constexpr std::int64_t kHour = 3600;
  if (text == "hourly") period_seconds_ = kHour;
  if (text == "daily") period_seconds_ = 24 * kHour;
  if (text == "weekly") period_seconds_ = 7 * 24 * kHour;
  if (text == "monthly") period_seconds_ = 30 * 24 * kHour;
  if (text == "yearly") period_seconds_ = 365 * 24 * kHour;
}

void FieldReader::take_foreign_words(std::uint32_t child, Vocabulary vocabulary,
                                     std::string_view name) {
  switch (vocabulary) {
    case Vocabulary::dublin_core:
      if (is_date_name(name)) take_date(child, name, 2);
      if (name == "title") offer(title_, 4, &XmlSource::title, child);
      if (name == "description" || name == "abstract") offer(summary_, 4, &XmlSource::html, child);
      if (name == "creator" || name == "author") add_author(1, child);
      if (name == "publisher") add_author(9, child);
      if (name == "subject") add_category(source_.line(child));
      if (name == "language") offer(language_, 2, &XmlSource::line, child);
      if (name == "identifier") offer(id_, 5, &XmlSource::line, child);
      return;
    case Vocabulary::itunes:
      if (name == "title") offer(title_, 6, &XmlSource::title, child);
      if (name == "author") add_author(4, child);
      if (name == "owner") add_author(7, child);
      if (name == "summary") offer(summary_, 5, &XmlSource::html, child);
      if (name == "subtitle") offer(summary_, 6, &XmlSource::html, child);
      if (name == "category") take_category(child);
      if (name == "keywords") add_keywords(source_.line(child));
      return;
    case Vocabulary::content:
      if (name == "encoded") offer(content_, 0, &XmlSource::html, child);
      return;
    case Vocabulary::media:
      return take_media(child, name);
    case Vocabulary::feedburner:
      if (name == "origlink") link_.offer(0, source_.resolve(child, tree_.text(child)));
      if (name == "origenclosurelink") {
        original_enclosure_ = source_.resolve(child, tree_.text(child));
      }
      return;
    case Vocabulary::syndication:
      return take_update_period(child, name);
    case Vocabulary::xhtml:
      if (name == "body" || name == "div") offer(content_, 2, &XmlSource::html, child);
      return;
    default:
      return;
  }
}

void FieldReader::take(std::uint32_t child) {
  const XmlNode node = tree_.nodes[child];
  if (node.name.empty()) return;
  if (node.vocabulary == Vocabulary::core || node.vocabulary == Vocabulary::atom) {
    take_core(child, node.name);
  } else {
    take_foreign_words(child, node.vocabulary, node.name);
  }
}

void FieldReader::finish() {
  Item& item = out_.item;
  link_.offer(7, permalink_);
  if (tree_.nodes[node_].name == "item" || tree_.nodes[node_].name == "channel") {
    const std::string about = tree_.attribute(node_, Vocabulary::rdf, "about");
    id_.offer(4, about);
    link_.offer(9, source_.resolve(node_, about));
  }
  content_.offer(4, second_text_);
  language_.offer(3, source_.language(node_));
  std::replace(language_.value.begin(), language_.value.end(), '_', '-');
  item.title = std::move(title_.value);
  item.link = std::move(link_.value);
  item.guid = std::move(id_.value);
  item.language = std::move(language_.value);
  item.summary = std::move(summary_.value);
  item.content = std::move(content_.value);
  out_.empty_summary = has_summary_ && item.summary.empty();
  if (!original_enclosure_.empty() && item.enclosures.size() == 1) {
    item.enclosures[0].url = original_enclosure_;  // the other one counts who asks for it
  }
  item.published = published_.value;
  item.updated = updated_.value;
  for (Author& author : item.authors) {
    if (author.name.empty()) author.name = author.email;
  }
  if (!out_.ttl && period_seconds_ > 0) {
    out_.ttl = std::chrono::seconds(period_seconds_ / frequency_);
  }
}

XmlFields FieldReader::read() {
  tree_.each_child(node_, [&](std::uint32_t child) { take(child); });
  finish();
  return std::move(out_);
}

}  // namespace

XmlFields read_fields(const XmlSource& source, std::uint32_t node) {
  return FieldReader(source, node).read();
}

}  // namespace wirewatch::feeds

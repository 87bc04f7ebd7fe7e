#include "feeds/identity/publisher.h"

#include <algorithm>
#include <unordered_map>

#include "feeds/hash.h"
#include "feeds/poll/schedule.h"

namespace wirewatch::feeds {
namespace {

using Index = std::unordered_map<std::string_view, const KnownItem*>;

enum class Saying : std::uint8_t { nothing, sound, faulty };

void apply(Fault& fault, Saying saying) {
  if (saying == Saying::faulty) fault.faulty();
  if (saying == Saying::sound) fault.sound();
}

Saying judged(std::size_t faulty, std::size_t all) {
  if (all == 0) return Saying::nothing;
  return 2 * faulty >= all && faulty > 0 ? Saying::faulty : Saying::sound;
}

// Of one field: `key` gives it, or 0.
struct FieldSayings {
  Saying shared = Saying::nothing;
  Saying unsteady = Saying::nothing;
};

template <class Key>
FieldSayings sayings_of(Key key, const std::vector<Identified>& identified, const Index& by_id,
                        const std::vector<KnownItem>& known) {
  std::unordered_map<std::uint64_t, std::pair<std::uint64_t, bool>> texts;  // key → content, shared
  std::unordered_map<std::uint64_t, bool> earlier;                          // keys of known items
  for (const KnownItem& item : known) earlier[key(item.keys)] = true;
  std::size_t having = 0, fresh = 0, reused = 0, met = 0, moved = 0;
  for (const Identified& one : identified) {
    const std::uint64_t own = key(one.keys);
    if (own == 0) continue;
    ++having;
    const auto [entry, is_new] = texts.try_emplace(own, one.keys.content, false);
    if (!is_new && entry->second.first != one.keys.content) entry->second.second = true;
    if (one.change == ItemChange::fresh) {
      ++fresh;
      reused += earlier.contains(own) ? 1 : 0;
      continue;
    }
    const auto before = by_id.find(one.id);
    if (before == by_id.end() || key(before->second->keys) == 0) continue;
    ++met;
    moved += key(before->second->keys) != own ? 1 : 0;
  }
  std::size_t shared = 0;
  for (const Identified& one : identified) {
    const auto entry = texts.find(key(one.keys));
    shared += entry != texts.end() && entry->second.second ? 1 : 0;
  }
  FieldSayings sayings;
  sayings.shared = having < 2 ? Saying::nothing : judged(shared, having);
  if (judged(reused, fresh) == Saying::faulty) sayings.shared = Saying::faulty;
  // A shared key comes and goes with the others of the document: it says nothing about moving.
  if (sayings.shared != Saying::faulty) sayings.unsteady = judged(moved, met);
  return sayings;
}

bool any_ahead(const std::vector<Item>& items, const std::vector<Identified>& identified,
               Instant now) {
  constexpr Span ahead = std::chrono::minutes(15);
  return std::any_of(identified.begin(), identified.end(), [&](const Identified& one) {
    const auto& date = items[one.index].published;
    return one.change == ItemChange::fresh && date && *date > now + ahead;
  });
}

// Three at least, all of one instant.
bool all_equal(const std::vector<Item>& items) {
  constexpr std::size_t telling = 3;
  if (items.size() < telling || !items.front().published) return false;
  return std::all_of(items.begin(), items.end(),
                     [&](const Item& item) { return item.published == items.front().published; });
}

Saying dates_saying(const Publisher& publisher, const std::vector<Item>& items,
                    const std::vector<Identified>& identified, Instant now) {
  const bool dated = std::any_of(items.begin(), items.end(),
                                 [](const Item& item) { return item.published.has_value(); });
  if (!dated) return Saying::nothing;
  if (all_equal(items) || any_ahead(items, identified, now)) return Saying::faulty;
  std::size_t met = 0, moved = 0;
  for (const Identified& one : identified) {
    const auto& date = items[one.index].published;
    if (one.change != ItemChange::seen || !date) continue;
    const std::uint64_t id = hash64(one.id);
    for (const auto& [earlier, instant] : publisher.dates) {
      if (earlier != id) continue;
      ++met;
      moved += *date > instant ? 1 : 0;
    }
  }
  return judged(moved, met);
}

std::vector<DatedItem> sample(const std::vector<Item>& items,
                              const std::vector<Identified>& identified) {
  std::vector<DatedItem> dates;
  for (auto one = identified.rbegin(); one != identified.rend(); ++one) {  // newest first
    const auto& date = items[one->index].published;
    if (date && dates.size() < Publisher::most_dates) dates.emplace_back(hash64(one->id), *date);
  }
  return dates;
}

double hours(Span span) {
  return std::chrono::duration<double, std::ratio<3600>>(span).count();
}

// A baseline's pace is that of its dates.
double pace_of(const std::vector<Item>& items, Instant now) {
  constexpr Span month = std::chrono::hours(24 * 30);
  std::vector<Instant> dates;
  for (const Item& item : items) {
    const auto& date = item.published;
    if (date && *date <= now && *date > now - month) dates.push_back(*date);
  }
  if (dates.size() < 3) return 0;
  const auto [first, last] = std::minmax_element(dates.begin(), dates.end());
  if (*first == *last) return 0;
  return static_cast<double>(dates.size() - 1) / hours(*last - *first);
}

void learn_pace(Publisher& publisher, const std::vector<Item>& items, bool baseline,
                std::size_t counted, Instant now) {
  constexpr double fades = 0.98;  // of the maxima, each document
  constexpr double weight = 0.1;  // of one document
  const auto size = static_cast<double>(items.size());
  publisher.shown = static_cast<std::uint32_t>(std::max(publisher.shown * fades, size));
  if (baseline) {
    publisher.per_hour = pace_of(items, now);
    return;
  }
  const auto brought = static_cast<double>(counted);
  publisher.largest = std::max(publisher.largest * fades, brought);
  if (publisher.last_document == Instant{} || publisher.last_document >= now) return;
  constexpr double least = 1.0 / 60;
  const double pace = brought / std::max(hours(now - publisher.last_document), least);
  publisher.per_hour =
      publisher.per_hour == 0 ? pace : publisher.per_hour * (1 - weight) + pace * weight;
}

void note_newest(Publisher& publisher, const std::vector<Item>& items, Instant now) {
  publisher.newest = std::min(publisher.newest, now);
  for (const Item& item : items) {
    if (item.published && sane_date(*item.published, now)) {
      publisher.newest = std::max(publisher.newest, *item.published);
    }
  }
}

}  // namespace

void Fault::faulty() {
  blame = static_cast<std::uint8_t>(std::min<int>(blame + per_document, most));
  if (blame >= sets_at) {
    set = true;
    blame = most;
  }
}

void Fault::sound() {
  if (blame > 0) --blame;
  if (blame == 0) set = false;
}

Publisher learn(Publisher publisher, const std::vector<Item>& items,
                const std::vector<KnownItem>& known, const std::vector<Identified>& identified,
                bool baseline, std::size_t counted, Instant now) {
  Index by_id;
  for (const KnownItem& item : known) by_id.emplace(item.id, &item);
  const FieldSayings guid =
      sayings_of([](const ItemKeys& keys) { return keys.guid; }, identified, by_id, known);
  const FieldSayings link =
      sayings_of([](const ItemKeys& keys) { return keys.link; }, identified, by_id, known);
  apply(publisher.guid_shared, guid.shared);
  apply(publisher.guid_unsteady, guid.unsteady);
  apply(publisher.link_shared, link.shared);
  apply(publisher.link_unsteady, link.unsteady);
  apply(publisher.dates_lie, dates_saying(publisher, items, identified, now));
  publisher.dates = sample(items, identified);
  learn_pace(publisher, items, baseline, counted, now);
  if (publisher.documents < 1'000'000) ++publisher.documents;
  publisher.last_document = now;  // also after the clock was set back
  note_newest(publisher, items, now);
  return publisher;
}

Publisher allow(Publisher publisher, std::size_t count) {
  publisher.largest = std::max(publisher.largest, static_cast<double>(count));
  return publisher;
}

double usual_new(const Publisher& publisher, Instant now) {
  double by_pace = 0;
  if (publisher.last_document != Instant{} && publisher.last_document < now) {
    by_pace = publisher.per_hour * hours(now - publisher.last_document);
  }
  return std::max(publisher.largest, by_pace);
}

std::string identified_by(const Publisher& publisher) {
  const bool guid = !publisher.guid_shared.set && !publisher.guid_unsteady.set;
  const bool link = !publisher.link_shared.set && !publisher.link_unsteady.set;
  const auto fault = [](const char* what, const Fault& shared) {
    return std::string(what) + (shared.set ? " are shared by several items" : " change");
  };
  std::string faults;
  if (!guid) faults = fault("guids", publisher.guid_shared);
  if (!link) faults += (faults.empty() ? "" : ", ") + fault("links", publisher.link_shared);
  std::string fields = guid && link ? "guid, link and text" : "text alone";
  if (guid != link) fields = guid ? "guid and text" : "link and text";
  return faults.empty() ? fields : fields + ": " + faults;
}

}  // namespace wirewatch::feeds

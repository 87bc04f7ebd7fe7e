// Items made of any bytes: what was decided once is seen the second time, and ids are unique.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/identity/identity.h"
#include "feeds/identity/republication.h"

// Fields are parted by 0x01, items by 0x02.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wirewatch::feeds;
  std::vector<Item> items(1);
  std::size_t field = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (data[i] == 2) {
      items.emplace_back();
      field = 0;
    } else if (data[i] == 1) {
      ++field;
    } else {
      Item& item = items.back();
      std::string* const fields[] = {&item.guid, &item.link, &item.title, &item.summary};
      fields[field % 4]->push_back(static_cast<char>(data[i]));
    }
  }
  std::vector<KnownItem> known;
  std::set<std::string> ids;
  std::set<std::size_t> decided;  // what repeats another item of the document is not among them
  for (const Identified& d : identify("feed", items, {})) {
    if (d.change != ItemChange::fresh || !ids.insert(d.id).second) std::abort();
    known.push_back({d.id, d.keys, d.sketch, d.revision});
    decided.insert(d.index);
  }
  for (const Identified& d : identify("feed", items, known)) {
    if (d.change == ItemChange::fresh || ids.count(d.id) == 0) std::abort();
  }
  // Whatever is learned of the publisher, what was decided stays known.
  Publisher publisher;
  wirewatch::Instant now = wirewatch::from_unix_micros(1'756'000'000'000'000);
  for (int round = 0; round < 4; ++round) {
    const std::vector<Identified> again = identify("feed", items, known, publisher);
    for (const Identified& d : again) {
      if (decided.count(d.index) == 0) continue;
      if (d.change == ItemChange::fresh || ids.count(d.id) == 0) std::abort();
    }
    if (republished(publisher, items, again, {}, now).size() != again.size()) std::abort();
    publisher = learn(publisher, items, known, again, round == 0, 0, now);
    now += std::chrono::minutes(15);
  }
  return 0;
}

#include "daemon/pipeline/prepare.h"

#include "feeds/text/document.h"

namespace wirewatch::daemon {
namespace {

feeds::DocumentInput input_for(const PrepareInput& input, const feeds::Identified& identified) {
  feeds::DocumentInput made =
      feeds::document_input(input.parsed->items[identified.index], input.now);
  made.id = identified.id;
  made.feed = input.feed.key;
  made.feed_tags = input.feed.tags;
  made.source = input.feed.name;
  if (identified.index < input.sources.size() && !input.sources[identified.index].empty()) {
    made.source = input.sources[identified.index];
  }
  if (made.language.empty()) made.language = input.parsed->feed.language;
  return made;
}

}  // namespace

std::vector<Prepared> prepare(const PrepareInput& input) {
  std::vector<Prepared> all;
  for (feeds::Identified& identified :
       feeds::identify(input.feed.key, input.parsed->items, input.known)) {
    Prepared one;
    if (identified.change != feeds::ItemChange::seen) {
      one.document =
          std::make_unique<feeds::Document>(feeds::make_document(input_for(input, identified)));
      one.age = input.now - one.document->time;
      one.mentions = input.snapshot->gazetteer.find(*one.document);
      one.matches = input.snapshot->rules.match(*one.document, one.mentions, one.age);
    }
    one.identified = std::move(identified);
    all.push_back(std::move(one));
  }
  return all;
}

void match_again(const Snapshot& snapshot, std::vector<Prepared>& prepared) {
  for (Prepared& one : prepared) {
    if (!one.document) continue;
    one.mentions = snapshot.gazetteer.find(*one.document);
    one.matches = snapshot.rules.match(*one.document, one.mentions, one.age);
  }
}

}  // namespace wirewatch::daemon

#include "daemon/pipeline/prepare.h"

#include <algorithm>

#include "feeds/article/choose.h"
#include "feeds/identity/republication.h"
#include "feeds/text/document.h"

namespace wirewatch::daemon {
namespace {

constexpr std::size_t renamed_items = 5;  // fewer known texts under new names are no news

void make(const Snapshot& snapshot, feeds::DocumentInput input, Instant seen, Prepared& one) {
  one.document = std::make_unique<feeds::Document>(feeds::make_document(std::move(input)));
  one.mentions = snapshot.gazetteer.find(*one.document);
  one.age = seen - one.document->time;
  one.matches = snapshot.rules.match(*one.document, one.mentions, one.age);
}

// What is done with the items of one document, one after the other.
class Preparation {
 public:
  explicit Preparation(const PrepareInput& input) : input_(input), room_(input.room) {}
  PreparedDocument run();

 private:
  feeds::DocumentInput input_for(const feeds::Identified& identified) const;
  void settle(Prepared& one, const std::string& held);
  void wait(Prepared& one, feeds::DocumentInput made, WaitingFor what, const std::string& reason);

  const PrepareInput& input_;
  std::size_t room_;
};

feeds::DocumentInput Preparation::input_for(const feeds::Identified& identified) const {
  const feeds::Item& item = input_.parsed->items[identified.index];
  feeds::DocumentInput made = feeds::document_input(item, input_.now);
  made.id = identified.id;
  made.feed = input_.feed.key;
  made.feed_tags = input_.feed.tags;
  made.source = input_.feed.name;
  if (identified.index < input_.sources.size() && !input_.sources[identified.index].empty()) {
    made.source = input_.sources[identified.index];
  }
  if (made.language.empty()) made.language = input_.parsed->feed.language;
  return made;
}

void Preparation::wait(Prepared& one, feeds::DocumentInput made, WaitingFor what,
                       const std::string& reason) {
  WaitingRow row;
  row.input = std::move(made);
  row.revision = one.identified.revision;
  row.edited = one.identified.change == feeds::ItemChange::edited;
  row.what = what;
  row.reason = reason;
  row.since = input_.now;
  one.waits = std::move(row);
}

// Held, waiting for its page, or made ready for its decision.
void Preparation::settle(Prepared& one, const std::string& held) {
  feeds::DocumentInput made = input_for(one.identified);
  const auto& published = input_.parsed->items[one.identified.index].published;
  if (published && input_.publisher.dates_lie.set && made.time != input_.now) {
    made.time = input_.now;
    one.notes.emplace_back("its date is not believed: this feed's dates lie");
  }
  if (!held.empty()) return wait(one, std::move(made), WaitingFor::operator_, held);
  const std::size_t shorter_than = input_.snapshot->settings.article.short_words;
  if (feeds::wants_article(input_.feed.fetch_article, made, shorter_than)) {
    if (input_.baseline) {
      one.notes.push_back(feeds::article_not_used("the feed's first fetch"));
    } else if (room_ == 0) {
      one.notes.push_back(feeds::article_not_used("too many pages are waited for already"));
    } else {
      --room_;
      return wait(one, std::move(made), WaitingFor::article, std::string());
    }
  }
  make(*input_.snapshot, std::move(made), input_.now, one);
}

PreparedDocument Preparation::run() {
  PreparedDocument done;
  const std::vector<feeds::Item>& items = input_.parsed->items;
  std::vector<feeds::Identified> identified =
      feeds::identify(input_.feed.key, items, input_.known, input_.publisher, input_.keys);
  const auto fresh = static_cast<std::size_t>(std::count_if(
      identified.begin(), identified.end(),
      [](const feeds::Identified& one) { return one.change == feeds::ItemChange::fresh; }));
  const bool suspect =
      !input_.baseline && feeds::brings_too_many(input_.publisher, fresh, input_.now);
  if (suspect && !input_.recent) {
    done.needs_recent = true;
    return done;
  }
  std::vector<std::string> held(identified.size());
  if (suspect) {
    held = feeds::republished(input_.publisher, items, identified, *input_.recent, input_.now);
  }
  const auto holds = static_cast<std::size_t>(std::count_if(
      held.begin(), held.end(), [](const std::string& reason) { return !reason.empty(); }));
  done.publisher = feeds::learn(input_.publisher, items, input_.known, identified, input_.baseline,
                                fresh - holds, input_.now);
  const std::size_t renamed = feeds::renamed(identified);
  if (renamed >= renamed_items && 2 * renamed >= identified.size()) done.renamed = renamed;
  for (std::size_t i = 0; i < identified.size(); ++i) {
    Prepared& one = done.items.emplace_back();
    one.identified = std::move(identified[i]);
    if (one.identified.change != feeds::ItemChange::seen) settle(one, held[i]);
  }
  return done;
}

}  // namespace

PreparedDocument prepare(const PrepareInput& input) {
  return Preparation(input).run();
}

Prepared prepare_settled(const Snapshot& snapshot, const WaitingRow& row) {
  Prepared one;
  one.identified.id = row.input.id;
  one.identified.revision = row.revision;
  one.identified.change = row.edited ? feeds::ItemChange::edited : feeds::ItemChange::fresh;
  make(snapshot, row.input, row.since, one);
  return one;
}

feeds::DocumentInput input_of(const feeds::Document& document) {
  feeds::DocumentInput input;
  input.id = document.id;
  input.feed = document.feed;
  input.source = document.source;
  input.url = document.url;
  input.language = document.language;
  input.title = document.title;
  input.text = document.text;
  input.authors = document.authors;
  input.categories = document.categories;
  input.feed_tags = document.feed_tags;
  input.time = document.time;
  return input;
}

void match_again(const Snapshot& snapshot, std::vector<Prepared>& prepared) {
  for (Prepared& one : prepared) {
    if (!one.document) continue;
    one.mentions = snapshot.gazetteer.find(*one.document);
    one.matches = snapshot.rules.match(*one.document, one.mentions, one.age);
  }
}

}  // namespace wirewatch::daemon

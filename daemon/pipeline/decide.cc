#include "daemon/pipeline/decide.h"

#include <algorithm>

#include "daemon/pipeline/trace.h"
#include "daemon/receivers/message.h"
#include "feeds/text/document.h"
#include "rules/match/passage.h"
#include "rules/policy/policy.h"

namespace wirewatch::daemon {
namespace {

// What a feed brings after a long absence is gathered for as long before it is told as one.
constexpr Span catch_up_gathers = std::chrono::minutes(2);

feeds::DocumentInput archived(const feeds::Document& document) {
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

// The title, or for items without one the first words of the text.
std::string headline_of(const feeds::Document& document) {
  if (!document.title.empty()) return document.title;
  constexpr std::size_t most = 120;
  std::string first = document.text.substr(0, document.text.find('\n'));
  if (first.size() <= most) return first;
  const std::size_t blank = first.rfind(' ', most);
  std::size_t cut = blank == std::string::npos ? most : blank;
  while (cut > 0 && (static_cast<unsigned char>(first[cut]) & 0xC0U) == 0x80U) --cut;
  return first.substr(0, cut) + "…";
}

// The first of its names, without the mark that asks for the exact spelling; else the id.
std::string display_name(const rules::Gazetteer& gazetteer, const std::string& id) {
  const rules::EntityDef* const entity = gazetteer.definition(id);
  if (entity == nullptr || entity->names.empty()) return id;
  const std::string& name = entity->names.front();
  return name.starts_with('=') ? name.substr(1) : name;
}

AlertSource source_of(const feeds::Document& document) {
  return {document.source, headline_of(document), document.url, document.time};
}

void set_passage(AlertView& view, const feeds::Document& document, const rules::RuleMatch& match) {
  const rules::Passage passage = rules::passage_for(document, match);
  view.passage = passage.text;
  view.marks.clear();
  for (const auto& mark : passage.marks) view.marks.push_back({mark.start, mark.end});
}

AlertView view_of(const DecideContext& context, const Prepared& prepared,
                  const rules::RuleMatch& match, const rules::Decision& decision,
                  const BookedAlert* current) {
  const feeds::Document& document = *prepared.document;
  const rules::RuleDef& rule = context.snapshot.rules.rules()[match.rule];
  AlertView view;
  if (current != nullptr) view = current->view;
  view.alert = decision.state.id;
  view.story = decision.state.story;
  view.rule = rule.name;
  view.revision = decision.state.revision;
  view.reason = decision.reason;
  view.severity = std::string(rules::to_string(rule.severity));
  view.time = context.now;
  if (decision.action == rules::Action::alert) {
    view.kind = "new";
    view.headline = headline_of(document);
    view.url = document.url;
    view.language = document.language;
    set_passage(view, document, match);
    const std::string& page = context.snapshot.settings.public_url;
    if (!page.empty()) view.story_url = page + "/stories/" + view.story;
  } else if (decision.state.revision == 0 && view.headline.empty()) {  // waits: for lists
    view.headline = headline_of(document);
    view.url = document.url;
  } else if (decision.action == rules::Action::update) {
    view.kind = decision.correction ? "corrected" : "updated";
  }
  if (decision.correction) {
    view.headline = headline_of(document);
    set_passage(view, document, match);
  }
  for (const std::string& entity : match.entities) {
    std::string name = display_name(context.snapshot.gazetteer, entity);
    if (std::find(view.entities.begin(), view.entities.end(), name) == view.entities.end()) {
      view.entities.push_back(std::move(name));
    }
  }
  constexpr std::size_t most_sources = 50;
  const auto& items = current == nullptr ? std::vector<std::string>{} : current->state.items;
  const bool joined = std::find(items.begin(), items.end(), document.id) != items.end();
  if (!joined && view.sources.size() < most_sources) view.sources.push_back(source_of(document));
  return view;
}

const ReceiverConfig* receiver_named(const Snapshot& snapshot, const std::string& name) {
  const auto found = std::find_if(snapshot.receivers.begin(), snapshot.receivers.end(),
                                  [&](const ReceiverConfig& one) { return one.name == name; });
  return found == snapshot.receivers.end() ? nullptr : &*found;
}

// At once, when quiet hours end, in a digest, or not at all: each with its named reason.
void route(const DecideContext& context, const rules::RuleDef& rule, const AlertView& view,
           DeliveryRow& delivery) {
  const rules::SilenceFacts facts{rule.name, view.story, context.feed, rule.severity};
  delivery.answer =
      rules::silenced_for(context.policy.silences, facts, delivery.receiver, context.now);
  if (!delivery.answer.empty()) {
    delivery.state = DeliveryState::absorbed;
    delivery.finished = context.now;
    return;
  }
  const ReceiverConfig* receiver = receiver_named(context.snapshot, delivery.receiver);
  const rules::SendPolicy none;
  const rules::SendRequest request{rule.name, delivery.receiver, rule.severity, rule.policy.send,
                                   receiver == nullptr ? none : receiver->send};
  rules::Route route =
      context.policy.sends.route(request, context.snapshot.settings.time_zone, context.now);
  if (route.kind == rules::SendKind::now && context.absent >= catch_up_after) {
    route.kind = rules::SendKind::digest;
    route.until = context.now + catch_up_gathers;
    route.reason = "caught up: the feed was not heard of for " + readable_span(context.absent);
  }
  if (route.kind == rules::SendKind::now) return;
  delivery.state =
      route.kind == rules::SendKind::held ? DeliveryState::held : DeliveryState::collected;
  delivery.next_attempt = route.until;
  delivery.answer = route.reason;
}

void add_deliveries(const DecideContext& context, const rules::RuleDef& rule, const AlertView& view,
                    Commit& commit, std::set<std::string>& wake, DecideCounts& counts) {
  for (const std::string& receiver : rule.receivers) {
    DeliveryRow delivery;
    delivery.id = rules::delivery_id(view.alert, view.revision, receiver);
    delivery.alert = view.alert;
    delivery.revision = view.revision;
    delivery.receiver = receiver;
    delivery.payload = to_json(view);
    delivery.created = context.now;
    delivery.next_attempt = context.now;
    route(context, rule, view, delivery);
    counts.holds = counts.holds || delivery.state == DeliveryState::held ||
                   delivery.state == DeliveryState::collected;
    if (delivery.state == DeliveryState::pending) wake.insert(receiver);
    commit.deliveries.push_back(std::move(delivery));
  }
}

void write_alert(const rules::RuleDef& rule, BookedAlert alert, AlertBook& book, Commit& commit) {
  AlertRow row;
  row.state = alert.state;
  row.severity = alert.view.severity;
  row.headline = alert.view.headline;
  row.url = alert.view.url;
  row.reason = alert.view.reason;
  row.view = to_json(alert.view);
  row.created = alert.created;
  row.updated = alert.updated;
  commit.alerts.push_back(std::move(row));
  const std::string scope = alert.state.scope;
  book.put(rule, scope, std::move(alert));
}

// What an edit of the report that an alert was made from changed in what people were told.
std::string correction_in(const feeds::Document& document, const rules::RuleMatch& match,
                          const BookedAlert& told) {
  const bool first = !told.state.items.empty() && told.state.items.front() == document.id;
  if (!first || told.state.revision == 0) return {};
  const std::string headline = headline_of(document);
  if (headline != told.view.headline) return "the headline was: " + told.view.headline;
  const std::string passage = rules::passage_for(document, match).text;
  return passage == told.view.passage ? std::string() : "the text changed where it matched";
}

void add_policy_facts(const DecideContext& context, const Prepared& prepared,
                      const rules::RuleMatch& match, const feeds::Placement& placement,
                      const BookedAlert* current, rules::ItemFacts& facts) {
  const rules::RuleDef& rule = context.snapshot.rules.rules()[match.rule];
  std::set<std::string> clauses;
  for (const rules::MatchSpan& span : match.spans) clauses.insert(span.clause);
  facts.clauses.assign(clauses.begin(), clauses.end());
  if (facts.edited && current != nullptr) {
    facts.corrected = correction_in(*prepared.document, match, *current);
  }
  const rules::SilenceFacts silence{rule.name, placement.story, context.feed, rule.severity};
  facts.silenced = rules::silenced(context.policy.silences, silence, context.now);
  facts.followed = context.policy.followed.count(placement.story) > 0;
  if (rule.policy.rise) facts.rise = context.policy.volumes.rise(rule.name, context.now);
}

rules::Decision decide_rule(const DecideContext& context, const Prepared& prepared,
                            const rules::RuleMatch& match, const feeds::Placement& placement,
                            AlertBook& book, Commit& commit, std::set<std::string>& wake,
                            DecideCounts& counts) {
  const rules::RuleDef& rule = context.snapshot.rules.rules()[match.rule];
  const std::string scope = rules::scope_of(rule, placement, prepared.document->id);
  const BookedAlert* current = book.find(rule, scope);
  std::optional<rules::AlertState> state;
  if (current != nullptr) state = current->state;
  rules::ItemFacts facts;
  facts.item = prepared.document->id;
  facts.source = prepared.document->source;
  facts.baseline = context.baseline;
  facts.edited = prepared.identified.change == feeds::ItemChange::edited;
  facts.time = prepared.document->time;
  facts.first_seen = context.now;
  add_policy_facts(context, prepared, match, placement, current, facts);
  const rules::Decision decision = rules::decide(rule, placement, facts, state, context.now);
  if (context.baseline) {
    facts.baseline = false;
    const rules::Decision otherwise = rules::decide(rule, placement, facts, state, context.now);
    if (otherwise.action == rules::Action::alert) {
      counts.would_alert.emplace(rule.name, placement.story);
    }
  }
  if (decision.action == rules::Action::none) return decision;

  BookedAlert alert;
  alert.state = decision.state;
  alert.state.rule = rule.name;  // a renamed rule's alert goes on under the new name
  alert.view = view_of(context, prepared, match, decision, current);
  const bool first_told = current == nullptr || decision.action == rules::Action::alert;
  alert.created = first_told ? context.now : current->created;
  alert.updated = alert.touched = context.now;
  if (decision.action != rules::Action::join) {
    add_deliveries(context, rule, alert.view, commit, wake, counts);
    if (decision.action == rules::Action::alert) ++counts.alerts;
  }
  write_alert(rule, std::move(alert), book, commit);
  return decision;
}

void count_match(const DecideContext& context, const std::string& rule, Commit& commit) {
  if (context.baseline) return;
  const std::int64_t hour = rules::hour_of(context.now);
  context.policy.volumes.add(rule, hour, 1);
  commit.hours.push_back({rule, hour, 1});
}

}  // namespace

ItemRow item_row(const DecideContext& context, const feeds::Identified& identified) {
  ItemRow item;
  item.id = identified.id;
  item.feed = context.feed;
  item.change = identified.change;
  item.revision = identified.revision;
  item.keys = identified.keys;
  item.sketch = identified.sketch;
  item.reason = identified.reason;
  item.first_seen = context.now;
  item.last_seen = context.now;
  return item;
}

void decide_item(const DecideContext& context, Prepared prepared, feeds::StoryIndex& stories,
                 AlertBook& book, Commit& commit, std::set<std::string>& wake,
                 DecideCounts& counts) {
  commit.items.push_back(item_row(context, prepared.identified));
  if (prepared.identified.change == feeds::ItemChange::seen) return;
  decide_document(context, std::move(prepared), stories, book, commit, wake, counts);
}

void decide_document(const DecideContext& context, Prepared prepared, feeds::StoryIndex& stories,
                     AlertBook& book, Commit& commit, std::set<std::string>& wake,
                     DecideCounts& counts) {
  const feeds::Identified& identified = prepared.identified;
  ++(identified.change == feeds::ItemChange::fresh ? counts.fresh : counts.edited);

  DocumentRow row;
  row.placement = stories.place(*prepared.document, prepared.mentions);
  book.touch(row.placement.story, context.now);
  std::vector<TracedRule> traced;
  for (const rules::RuleMatch& match : prepared.matches) {
    count_match(context, context.snapshot.rules.rules()[match.rule].name, commit);
    const rules::Decision decision =
        decide_rule(context, prepared, match, row.placement, book, commit, wake, counts);
    traced.push_back({context.snapshot.rules.rules()[match.rule].name, match, decision});
  }
  row.input = archived(*prepared.document);
  row.revision = identified.revision;
  row.first_seen = context.now;
  row.baseline = context.baseline;
  row.mentions = std::move(prepared.mentions);
  row.trace = trace_json(traced);
  if (!prepared.notes.empty()) {
    commit.notes.push_back({identified.id, identified.revision, std::move(prepared.notes)});
  }
  commit.documents.push_back(std::move(row));
}

}  // namespace wirewatch::daemon

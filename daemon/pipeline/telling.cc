#include "daemon/pipeline/telling.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "daemon/receivers/message.h"
#include "feeds/text/document.h"
#include "rules/match/passage.h"

namespace wirewatch::daemon {
namespace {

// What a feed brings after a long absence is gathered for as long before it is told as one.
constexpr Span catch_up_gathers = std::chrono::minutes(2);

AlertSource source_of(const feeds::Document& document) {
  return {document.source, headline_of(document), document.url, document.time, document.id};
}

void set_passage(AlertView& view, const feeds::Document& document, const rules::RuleMatch& match) {
  const rules::Passage passage = rules::passage_for(document, match);
  view.passage = passage.text;
  view.marks.clear();
  for (const auto& mark : passage.marks) view.marks.push_back({mark.start, mark.end});
}

const ReceiverConfig* receiver_named(const Snapshot& snapshot, const std::string& name) {
  const auto found = std::find_if(snapshot.receivers.begin(), snapshot.receivers.end(),
                                  [&](const ReceiverConfig& one) { return one.name == name; });
  return found == snapshot.receivers.end() ? nullptr : &*found;
}

rules::Route route_of(const DecideContext& context, const rules::SendRequest& request) {
  const std::string& zone = context.snapshot.settings.time_zone;
  if (context.past) {
    return rules::SendBook::digest_at(
        request, zone, context.now,
        fmt::format("the last {} of the new rule \"{}\"", readable_span(context.past->caught_up),
                    request.rule));
  }
  const bool gathers = request.of_rule.digest || request.of_receiver.digest;
  if (context.absent >= catch_up_after && !gathers) {
    return rules::SendBook::digest_at(
        request, zone, context.now + catch_up_gathers,
        "caught up: the feed was not heard of for " + readable_span(context.absent));
  }
  return context.policy.sends.route(request, zone, context.now);
}

// At once, when quiet hours end, in a digest, or not at all: each with its named reason.
void route(const DecideContext& context, const rules::RuleDef& rule, const AlertView& view,
           DeliveryRow& delivery) {
  const rules::SilenceFacts facts{rule.name, view.story, context.feed, rule.severity, rule.was};
  const std::vector<rules::Silence>& silences = context.policy.silences;
  // A decision asked before; that two stories are one is told without any.
  delivery.answer = rules::silenced(silences, facts, context.now);
  if (delivery.answer.empty()) {
    delivery.answer = rules::silenced_for(silences, facts, delivery.receiver, context.now);
  }
  if (!delivery.answer.empty()) {
    delivery.state = DeliveryState::absorbed;
    delivery.finished = context.now;
    return;
  }
  const ReceiverConfig* receiver = receiver_named(context.snapshot, delivery.receiver);
  const rules::SendPolicy none;
  const rules::SendRequest request{rule.name, delivery.receiver, rule.severity, rule.policy.send,
                                   receiver == nullptr ? none : receiver->send};
  const rules::Route route = route_of(context, request);
  if (route.kind == rules::SendKind::now) return;
  delivery.state =
      route.kind == rules::SendKind::held ? DeliveryState::held : DeliveryState::collected;
  delivery.next_attempt = route.until;
  delivery.answer = route.reason;
}

}  // namespace

std::string story_page(const DecideContext& context, const std::string& story) {
  const std::string& page = context.snapshot.settings.public_url;
  return page.empty() ? std::string() : page + "/stories/" + story;
}

std::string display_name(const rules::Gazetteer& gazetteer, const std::string& id) {
  const rules::EntityDef* const entity = gazetteer.definition(id);
  if (entity == nullptr || entity->names.empty()) return id;
  const std::string& name = entity->names.front();
  return name.starts_with('=') ? name.substr(1) : name;
}

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
  const bool told = decision.state.revision > 0;  // then as it was told last
  view.severity = std::string(rules::to_string(told ? decision.state.severity : rule.severity));
  view.time = context.then();
  if (decision.action == rules::Action::alert) {
    view.kind = "new";
    view.headline = headline_of(document);
    view.url = document.url;
    view.language = document.language;
    set_passage(view, document, match);
    view.story_url = story_page(context, view.story);
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
  const bool joined =
      current != nullptr && rules::report_of(current->state, document.id) != nullptr;
  if (joined && decision.correction) {
    for (AlertSource& source : view.sources)
      if (source.item == document.id) source = source_of(document);
  }
  if (joined) return view;
  const bool full = view.sources.size() >= AlertView::most_sources;
  if (!full) {
    view.sources.push_back(source_of(document));
  } else if (decision.action == rules::Action::update) {
    // The one that the message is about takes the place of the last that no message told of: what
    // was told may be a story's headline again, if the stories are parted later.
    const auto untold = [&](const AlertSource& source) {
      const rules::Report* report = rules::report_of(current->state, source.item);
      return report == nullptr || !report->told;
    };
    const auto last = std::find_if(view.sources.rbegin(), view.sources.rend(), untold);
    const auto place =
        last == view.sources.rend() ? std::prev(view.sources.end()) : std::prev(last.base());
    *place = source_of(document);
    std::rotate(place, std::next(place), view.sources.end());  // the message names the last
  }
  return view;
}

void add_deliveries(const DecideContext& context, const rules::RuleDef& rule, const AlertView& view,
                    Commit& commit, std::set<std::string>& wake, DecideCounts& counts) {
  for (const std::string& receiver : rule.receivers) {
    DeliveryRow delivery;
    delivery.id = rules::delivery_id(view.alert, view.revision, receiver);
    delivery.alert = view.alert;
    delivery.revision = view.revision;
    delivery.receiver = receiver;
    delivery.feed = context.feed;
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

}  // namespace wirewatch::daemon

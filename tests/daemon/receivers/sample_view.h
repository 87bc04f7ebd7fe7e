// An alert as the pipeline would store it, for the tests of receivers and deliverer.
#pragma once

#include "daemon/receivers/receiver.h"

namespace wirewatch::daemon {

inline Instant at(const char* iso) {
  return *from_iso8601(iso);
}

inline AlertView sample_view() {
  AlertView view;
  view.alert = "a1";
  view.story = "s1";
  view.rule = "border-security";
  view.kind = "new";
  view.severity = "high";
  view.revision = 1;
  view.headline = "Border posts reopen after talks";
  view.url = "https://news.example/border";
  view.language = "en";
  view.passage = "Patrols against smuggling will start on Monday.";
  view.marks = {{16, 25}};
  view.entities = {"Iraq", "Syria"};
  view.sources = {{"BBC", "Border posts reopen after talks", "https://news.example/border",
                   at("2026-03-01T14:02:00Z")}};
  view.reason = "first report";
  view.time = at("2026-03-01T14:02:05Z");
  return view;
}

inline DeliveryFacts sample_facts() {
  DeliveryFacts facts;
  facts.id = "d1";
  facts.now = at("2026-03-01T14:02:06Z");
  facts.time_zone = "UTC";
  return facts;
}

inline SecretRef literal(std::string value) {
  return {SecretRef::From::literal, std::move(value)};
}

inline ReceiverConfig sample_receiver(std::string kind) {
  ReceiverConfig config;
  config.name = "desk";
  config.kind = std::move(kind);
  config.url = literal("https://hooks.example/T0/secret-path");
  return config;
}

}  // namespace wirewatch::daemon

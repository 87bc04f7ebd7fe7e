#include <fmt/format.h>

#include <chrono>

#include "daemon/commands/client.h"
#include "daemon/commands/config_for.h"
#include "daemon/commands/fetch.h"
#include "daemon/commands/print.h"
#include "daemon/commands/print_request.h"
#include "daemon/receivers/receiver.h"
#include "daemon/web/known_names.h"
#include "feeds/hash.h"
#include "rules/policy/policy.h"

namespace wirewatch::daemon {
namespace {

constexpr int most_again = 3;  // answers that change the request, as when a chat has moved

AlertView test_view(Instant now) {
  AlertView view;
  view.alert = id_of({"test", to_iso8601(now)});
  view.story = view.alert;
  view.rule = "test-message";
  view.kind = "test";
  view.severity = "low";
  view.headline = "This is a test message of wirewatch";
  view.passage = "Alerts for this receiver will arrive here.";
  view.sources.push_back({"wirewatch", "Test", "", now});
  view.reason = "sent by wirewatch test-receiver";
  view.time = now;
  return view;
}

int run(const CommandLine& line) {
  if (line.words().empty()) {
    return complain("test-receiver", "which? wirewatch test-receiver NAME", exit_misuse);
  }
  const bool daemons = line.has("state") && !line.has("config");
  if (daemons && !config_of_daemon(line)) return complain_about("test-receiver", std::nullopt);
  const auto snapshot = config_for("test-receiver", line);
  if (!snapshot) return exit_wrong;
  const ReceiverConfig* found = nullptr;
  for (const ReceiverConfig& config : snapshot->receivers) {
    if (config.name == line.words()[0]) found = &config;
  }
  if (found == nullptr) {
    return complain("test-receiver",
                    no_such("receiver", line.words()[0], receiver_names(snapshot.get())));
  }
  const Instant now = std::chrono::time_point_cast<Span>(std::chrono::system_clock::now());
  const AlertView view = test_view(now);
  const auto receiver = make_receiver(*found);
  if (!receiver) {
    fmt::print("{}", render_console(view, false));
    return exit_ok;
  }
  DeliveryFacts facts;
  facts.id = rules::delivery_id(view.alert, 1, found->name);
  facts.now = now;
  facts.time_zone = snapshot->settings.time_zone;
  Answer answer;
  for (int tries = 0; tries < most_again; ++tries) {
    auto request = receiver->render(view, facts);
    if (!request) return complain("test-receiver", request.error().text);
    request->allow.insert(request->allow.end(), found->allow.begin(), found->allow.end());
    if (line.has("show")) print_request(*request, found->url.from == SecretRef::From::literal);
    const feeds::Reply reply = fetch_now(std::move(*request), snapshot->settings);
    answer = receiver->judge(reply);
    if (answer.kind != AnswerKind::again) break;
    facts.note = answer.note;
  }
  const bool delivered = answer.kind == AnswerKind::delivered;
  fmt::print("{}: {} ({})\n", found->name, delivered ? "delivered" : "not delivered", answer.text);
  return delivered ? exit_ok : exit_wrong;
}

}  // namespace

Command test_receiver_command() {
  return {
      "test-receiver",
      "test-receiver NAME [--show] [--config FILE | --state FOLDER]",
      "send one marked test message and print the answer",
      "Sends a message that says it is a test to one receiver of the config and prints what the\n"
      "service answered. Exits 1 when it was not taken. --show prints the exact request before.\n"
      "With --state, the config is that of the daemon which runs there.",
      {{"config", "FILE", "the config with the receiver"},
       {"state", "FOLDER", "the state folder of the daemon whose config is meant"},
       {"show", "", "print the request, credentials left out"}},
      1,
      run};
}

}  // namespace wirewatch::daemon

// What the store tells, as JSON: the same answers for the control socket and for verbs that read
// the database themselves because no daemon runs. Shapes are documented in docs/operations.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/polling/feed_health.h"
#include "daemon/store/reader.h"

namespace wirewatch::daemon {

// {"alerts":[{"id","rule","story","severity","headline","url","revision","reason","created",
//   "updated","sources":[…],"items":[…]}]}, newest first.
std::string alerts_json(Reader& reader, const AlertFilter& filter);

// One alert with its deliveries; nullopt when no alert's id begins with `id` alone.
std::optional<std::string> alert_json(Reader& reader, const std::string& id);

// {"deliveries":[{"id","alert","revision","receiver","state","attempts","created","next_attempt",
//   "due","finished","answer"}]}, oldest first.
std::string deliveries_json(Reader& reader, const DeliveryFilter& filter);

// {"items":[{"id","title","source","link","story","relation","first_seen"}]}, newest first.
std::string items_json(Reader& reader, const std::string& text, std::size_t limit);

// {"story","documents":[{"id","title","source","link","time","relation","of","similarity",
//   "copy_group","why","added"?,"origins"?,"country"?}],"independence":{"texts","sources",
//   "countries","origins","first"},"alerts":[…]} in order of arrival; the other story's where this
//   one was merged into another. `text`: its id or the beginning of it, or an item of it, as below.
//   nullopt: no such.
std::optional<std::string> story_json(Reader& reader, const std::string& text);

// Everything about one item: how it was identified, each revision's story and rules, what was sent
// with which answer. `text`: an id, its beginning, a link or words of the title. nullopt: no such.
std::optional<std::string> why_json(Reader& reader, const std::string& text);

// What to say where the two above find nothing: the text that was asked for, and what would do.
std::string no_story(std::string_view text);
std::string no_item(std::string_view text);

// {"feeds":[{"name","url","title","next_poll","last_poll","last_success","last_change","failures",
//   "failure","paused","rhythm","rhythm_seconds","interval_seconds","gaps","last_gap",
//   "stale_since","polls","items","would_alert","held","held_since","warnings"}]}
// `only`: "failing" (or paused), "stale"; empty for all.
std::string feeds_json(const std::vector<FeedHealth>& feeds, std::string_view only = {});
// The same from the store alone, when no daemon runs.
std::string stored_feeds_json(Reader& reader, std::string_view only = {});

}  // namespace wirewatch::daemon

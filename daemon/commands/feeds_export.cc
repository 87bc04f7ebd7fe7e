// `feeds export`: the config's feeds as OPML 2.0 (opml.org/spec2.opml), or as JSON.
#include <fmt/format.h>

#include <map>
#include <pugixml.hpp>
#include <sstream>

#include "daemon/commands/config_for.h"
#include "daemon/commands/feeds_verbs.h"
#include "daemon/loop/log.h"
#include "feeds/json_writer.h"

namespace wirewatch::daemon {
namespace {

void add_outline(pugi::xml_node parent, const FeedConfig& feed) {
  pugi::xml_node outline = parent.append_child("outline");
  outline.append_attribute("type") = "rss";  // of any format, says the specification's practice
  outline.append_attribute("text") = feed.name.c_str();
  outline.append_attribute("title") = feed.name.c_str();
  outline.append_attribute("xmlUrl") = feed.url.c_str();
  std::string categories;  // the folder shows the first tag only
  for (const std::string& tag : feed.tags) categories += (categories.empty() ? "/" : ",/") + tag;
  if (!categories.empty()) outline.append_attribute("category") = categories.c_str();
}

// Replays are left out here too: they are files of this machine.
void print_json(const Snapshot& snapshot) {
  JsonWriter json;
  json.begin_object().key("feeds").begin_array();
  for (const FeedConfig& feed : snapshot.feeds) {
    if (feed.url.empty()) continue;
    json.begin_object().member("name", feed.name).member("url", feed.url);
    if (feed.key != feed.url) json.member("id", feed.key);
    json.member("tags", feed.tags).end_object();
  }
  fmt::print("{}\n", json.end_array().end_object().take());
}

void print_opml(const Snapshot& snapshot) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node opml = document.append_child("opml");
  opml.append_attribute("version") = "2.0";
  opml.append_child("head").append_child("title").text() = "Feeds of wirewatch";
  pugi::xml_node body = opml.append_child("body");
  std::map<std::string, pugi::xml_node> folders;
  for (const FeedConfig& feed : snapshot.feeds) {
    if (feed.url.empty()) continue;  // a replay is a file of this machine
    if (feed.json) {
      fmt::print(stderr, "warning: \"{}\" is left out: OPML has no place for its `json` map\n",
                 escape_for_log(feed.name));
      continue;
    }
    if (feed.tags.empty()) {
      add_outline(body, feed);
      continue;
    }
    pugi::xml_node& folder = folders[feed.tags.front()];
    if (!folder) {
      folder = body.append_child("outline");
      folder.append_attribute("text") = feed.tags.front().c_str();
      folder.append_attribute("title") = feed.tags.front().c_str();
    }
    add_outline(folder, feed);
  }
  std::ostringstream out;
  document.save(out, "  ", pugi::format_indent, pugi::encoding_utf8);
  fmt::print("{}", out.str());
}

}  // namespace

int feeds_export(const CommandLine& line) {
  if (line.has("json") && line.has("opml")) {
    return complain("feeds", "export writes either --opml or --json, not both", exit_misuse);
  }
  const auto snapshot = config_for("feeds", line);
  if (!snapshot) return exit_wrong;
  if (line.has("json")) {
    print_json(*snapshot);
  } else {
    print_opml(*snapshot);
  }
  return exit_ok;
}

}  // namespace wirewatch::daemon

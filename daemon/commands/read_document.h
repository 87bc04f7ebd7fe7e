// The document a verb is given: a file, an address or standard input.
#pragma once

#include "daemon/commands/command.h"
#include "daemon/config/snapshot.h"

namespace wirewatch::daemon {

struct ReadDocument {
  std::string bytes;         // inflated
  std::string url;           // where it was found in the end; empty for a file
  std::string content_type;  // the header, where one came with it
};

// --config's settings, which hold for addresses; the built-in ones without --config. Error: the
// config is refused (its messages are printed).
Result<Settings> settings_for(std::string_view verb, const CommandLine& line);

// One GET through the guarded client, with the headers of `feed` where one is meant. Error: no
// answer, a status but 200, broken compression, a secret that cannot be read.
Result<ReadDocument> fetch_document(const std::string& url, const Settings& settings,
                                    const FeedConfig* feed = nullptr);

// A file or standard input ("-"), inflated. Errors name `from`.
Result<ReadDocument> read_file_document(const std::string& from);

// `from` is FILE, http(s)://… or "-". The options --url and --content-type, where the verb has
// them, override what is known. Errors name `from`.
Result<ReadDocument> read_document(std::string_view verb, const CommandLine& line,
                                   const std::string& from);

bool is_address(std::string_view from);

}  // namespace wirewatch::daemon

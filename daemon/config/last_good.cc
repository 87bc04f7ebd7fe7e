// The last good generation of a config, kept as copies of its files with a list of what is what.
#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "daemon/config/load.h"
#include "daemon/config/policy_text.h"
#include "daemon/config/units.h"

namespace wirewatch::daemon {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "last-good";
constexpr const char* kManifest = "manifest.yaml";
constexpr const char* kHeld = "held.yaml";

Error cannot_write(const std::string& path) {
  return Error{ErrorKind::temporary,
               fmt::format("cannot write \"{}\": {}", path, std::strerror(errno))};
}

Result<void> sync_path(const std::string& path, int flags) {
  const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
  if (fd < 0) return cannot_write(path);
  const int synced = ::fsync(fd);
  ::close(fd);
  if (synced != 0) return cannot_write(path);
  return {};
}

Result<void> write_file(const std::string& path, const std::string& content) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return cannot_write(path);
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t n = ::write(fd, content.data() + done, content.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) break;
    done += static_cast<std::size_t>(n);
  }
  const bool good = done == content.size() && ::fsync(fd) == 0;
  const Error error = cannot_write(path);
  ::close(fd);
  if (!good) return error;
  return {};
}

std::string manifest_of(const Snapshot& snapshot) {
  YAML::Emitter out;
  out.SetStringFormat(YAML::DoubleQuoted);
  out << YAML::BeginMap << YAML::Key << "config" << YAML::Value << snapshot.config_file;
  out << YAML::Key << "files" << YAML::Value << YAML::BeginSeq;
  for (const auto& file : snapshot.sources->files) out << file.first;
  out << YAML::EndSeq << YAML::Key << "folders" << YAML::Value << YAML::BeginMap;
  for (const auto& folder : snapshot.sources->folders) {
    out << YAML::Key << folder.first << YAML::Value << YAML::BeginSeq;
    for (const std::string& name : folder.second) out << name;
    out << YAML::EndSeq;
  }
  out << YAML::EndMap << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

void emit_list(YAML::Emitter& out, const char* key, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  out << YAML::Key << key << YAML::Value << YAML::BeginSeq;
  for (const std::string& text : texts) out << text;
  out << YAML::EndSeq;
}

void emit_examples(YAML::Emitter& out, const rules::RuleDef& rule) {
  out << YAML::Key << "examples" << YAML::Value << YAML::BeginMap;
  for (const bool must_match : {true, false}) {
    out << YAML::Key << (must_match ? "match" : "no_match") << YAML::Value << YAML::BeginSeq;
    for (const rules::Example& example : rule.examples) {
      if (example.must_match != must_match) continue;
      out << YAML::BeginMap;
      const std::pair<const char*, const std::string*> parts[] = {{"title", &example.title},
                                                                  {"text", &example.text},
                                                                  {"lang", &example.language},
                                                                  {"source", &example.source},
                                                                  {"url", &example.url}};
      for (const auto& part : parts) {
        if (!part.second->empty()) out << YAML::Key << part.first << YAML::Value << *part.second;
      }
      emit_list(out, "tags", example.tags);
      out << YAML::EndMap;
    }
    out << YAML::EndSeq;
  }
  out << YAML::EndMap;
}

// The held back rules in the version that runs: their files no longer hold it.
std::string held_rules_of(const Snapshot& snapshot) {
  static constexpr const char* kSeverities[] = {"low", "normal", "high", "critical"};
  YAML::Emitter out;
  out.SetStringFormat(YAML::DoubleQuoted);
  out << YAML::BeginMap;
  for (const rules::RuleDef& rule : snapshot.rules.rules()) {
    const auto& held = snapshot.held_back;
    if (std::find(held.begin(), held.end(), rule.name) == held.end()) continue;
    out << YAML::Key << rule.name << YAML::Value << YAML::BeginMap;
    out << YAML::Key << "match" << YAML::Value << rule.query;
    out << YAML::Key << "severity" << YAML::Value
        << kSeverities[static_cast<std::size_t>(rule.severity)];
    out << YAML::Key << "max_age" << YAML::Value
        << (rule.max_age ? span_text(*rule.max_age) : std::string("none"));
    for (const auto& [key, value] : policy_text(rule)) {
      out << YAML::Key << key << YAML::Value << YAML::Load(value);
    }
    if (rule.only_named) {
      out << YAML::Key << "alert" << YAML::Value << "none";  // left out, it would be all receivers
    } else {
      emit_list(out, "alert", rule.receivers);
    }
    emit_list(out, "was", rule.was);
    if (!rule.examples.empty()) emit_examples(out, rule);
    out << YAML::EndMap;
  }
  out << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

Result<void> write_all(const Snapshot& snapshot, const std::string& folder) {
  std::size_t number = 0;
  for (const auto& file : snapshot.sources->files) {
    auto written = write_file(fmt::format("{}/{}", folder, number++), file.second);
    if (!written) return written;
  }
  if (!snapshot.held_back.empty()) {
    auto held = write_file(folder + "/" + kHeld, held_rules_of(snapshot));
    if (!held) return held;
  }
  auto manifest = write_file(folder + "/" + kManifest, manifest_of(snapshot));
  if (!manifest) return manifest;
  return sync_path(folder, O_RDONLY | O_DIRECTORY);
}

bool holds(const std::string& path, const std::string& content) {
  const auto there = read_regular_file(path, kMaxConfigFile);
  return there && *there == content;
}

// Is that very generation kept there? Then nothing needs to be written, nor waited for.
bool is_kept(const Snapshot& snapshot, const std::string& folder) {
  std::error_code code;
  if (!snapshot.held_back.empty() || fs::exists(folder + "/" + kHeld, code)) return false;
  std::size_t number = 0;
  const auto& files = snapshot.sources->files;
  return holds(folder + "/" + kManifest, manifest_of(snapshot)) &&
         std::all_of(files.begin(), files.end(), [&](const auto& file) {
           return holds(fmt::format("{}/{}", folder, number++), file.second);
         });
}

struct Kept {
  std::string config_file;
  SourceSet set;
};

std::optional<Kept> read_kept(const std::string& folder, Problems& problems) {
  const std::string path = folder + "/" + kManifest;
  const auto text = read_regular_file(path, kMaxConfigFile);
  if (!text) {
    problems.file_error(path, "there is no last good config: " + text.error().text);
    return std::nullopt;
  }
  const SourceFile file(path, *text);
  const Context context{file, problems, folder};
  const std::size_t before = problems.errors();
  const ValuePtr root = parse_yaml(file, problems);
  if (!root) return std::nullopt;
  MapReader map(context, *root, "the list of kept files");
  Kept kept;
  kept.config_file = map.text("config").value_or("");
  std::size_t number = 0;
  for (const Located& name : map.texts("files")) {
    auto content = read_regular_file(fmt::format("{}/{}", folder, number++), kMaxConfigFile);
    if (!content) {
      problems.file_error(path, content.error().text);
      return std::nullopt;
    }
    kept.set.files.emplace(name.text, std::move(*content));
  }
  const ValuePtr folders = map.find("folders");
  if (folders) {
    for (const KeyValue& pair : folders->pairs) {
      std::vector<std::string>& names = kept.set.folders[pair.key];
      for (const ValuePtr& name : pair.value->items) names.push_back(name->text);
    }
  }
  map.finish();
  if (problems.errors() > before) return std::nullopt;
  return kept;
}

std::vector<rules::RuleDef> read_held(const std::string& folder, Problems& problems) {
  std::vector<rules::RuleDef> held;
  const std::string path = folder + "/" + kHeld;
  auto text = read_regular_file(path, kMaxConfigFile);
  if (!text) {
    // Usually nothing is held back, and there is no such file.
    const bool usual = text.error().kind == ErrorKind::not_found;
    if (!usual) problems.file_error(path, "which rules are held back? " + text.error().text);
    return held;
  }
  const SourceFile file(path, std::move(*text));
  const Context context{file, problems, folder};
  const ValuePtr root = parse_yaml(file, problems);
  Sources none(std::make_shared<SourceSet>());
  Draft draft;
  if (root) read_rules(context, none, *root, draft);
  for (RuleDraft& rule : draft.rules) held.push_back(std::move(rule.def));
  return held;
}

std::string kept_folder(const std::string& state_folder) {
  const std::string folder = state_folder + "/" + kFolder;
  std::error_code code;
  // Only where the disk cannot exchange folders, and the machine stopped between the two steps.
  const bool halfway = !fs::exists(folder, code) && fs::exists(folder + ".new/" + kManifest, code);
  return halfway ? folder + ".new" : folder;
}

// What another user (root, by hand) left there cannot be removed, but be put aside.
void clear_away(const std::string& folder) {
  constexpr int most_left = 100;
  std::error_code code;
  fs::remove_all(folder, code);
  for (int i = 0; i < most_left && fs::exists(folder, code); ++i) {
    const std::string aside = fmt::format("{}.left{}", folder, i);
    fs::remove_all(aside, code);
    fs::rename(folder, aside, code);
  }
}

}  // namespace

Result<void> keep_last_good(const Snapshot& snapshot, const std::string& state_folder) {
  const std::string folder = state_folder + "/" + kFolder;
  const std::string fresh = folder + ".new";
  std::error_code code;
  if (is_kept(snapshot, folder)) return {};
  clear_away(fresh);
  if (::mkdir(fresh.c_str(), 0700) != 0) return cannot_write(fresh);
  auto written = write_all(snapshot, fresh);
  if (!written) {
    fs::remove_all(fresh, code);
    return written;
  }
  // Exchanged in one step, so that there is always a whole one; then the old one goes.
  const bool exchanged =
      ::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, folder.c_str(), RENAME_EXCHANGE) == 0;
  if (!exchanged) {
    clear_away(folder);
    if (::rename(fresh.c_str(), folder.c_str()) != 0) return cannot_write(folder);
  }
  auto synced = sync_path(state_folder, O_RDONLY | O_DIRECTORY);
  if (exchanged) fs::remove_all(fresh, code);
  return synced;
}

bool last_good_had_files(const std::string& state_folder, const std::string& folder) {
  Problems unsaid;
  const auto kept = read_kept(kept_folder(state_folder), unsaid);
  if (!kept) return false;
  const auto had = kept->set.folders.find(folder);
  return had != kept->set.folders.end() && !had->second.empty();
}

LoadOutcome load_last_good(const std::string& state_folder) {
  Problems problems;
  LoadOutcome outcome;
  const std::string folder = kept_folder(state_folder);
  auto kept = read_kept(folder, problems);
  if (kept) {
    auto held = read_held(folder, problems);
    Sources sources(std::make_shared<SourceSet>(std::move(kept->set)));
    Loader loader(sources, nullptr, std::move(held));
    outcome = loader.load(kept->config_file);
  }
  const auto own = problems.take({});
  outcome.messages.insert(outcome.messages.begin(), own.begin(), own.end());
  return outcome;
}

}  // namespace wirewatch::daemon

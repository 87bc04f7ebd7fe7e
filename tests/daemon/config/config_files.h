// A folder of config files for one test, and its messages with the folder's name left out.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "daemon/config/snapshot.h"

namespace wirewatch::daemon {

class ConfigFiles {
 public:
  ConfigFiles() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wirewatch-XXXXXX").string();
    folder_ = std::filesystem::canonical(::mkdtemp(pattern.data())).string();
  }
  ~ConfigFiles() {
    std::error_code code;
    std::filesystem::remove_all(folder_, code);
  }
  ConfigFiles(const ConfigFiles&) = delete;
  ConfigFiles& operator=(const ConfigFiles&) = delete;

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  const std::string& folder() const { return folder_; }

  void write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories(std::filesystem::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
  }

  LoadOutcome load(const Snapshot* previous = nullptr) const {
    return load_config(path("config.yaml"), previous);
  }
  LoadOutcome load(const std::string& text, const Snapshot* previous = nullptr) const {
    write("config.yaml", text);
    return load(previous);
  }

  // All messages as people see them, without the name of the folder.
  std::string shown(const LoadOutcome& outcome) const {
    std::string text;
    for (const ConfigMessage& message : outcome.messages) text += to_text(message);
    for (std::size_t at = text.find(folder_ + "/"); at != std::string::npos;
         at = text.find(folder_ + "/", at)) {
      text.replace(at, folder_.size() + 1, "");
    }
    return text;
  }

 private:
  std::string folder_;
};

}  // namespace wirewatch::daemon

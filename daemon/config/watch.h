// Tells when files of the config change, whatever way editors, `git pull` or `ln -sfn` change them.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "daemon/loop/clock.h"
#include "feeds/result.h"

namespace wirewatch::daemon {

// Loop thread only. Watches the folders of files rather than the files (an editor replaces a file
// by renaming another onto it), every symbolic link on the way to them, and the folders of their
// targets. What does not exist yet is watched for in the nearest folder that does.
class FileWatch {
 public:
  // `changed` is called from the loop once things have been quiet for 100 ms, at the latest two
  // seconds after the first change; also when changes may have been missed.
  FileWatch(asio::any_io_executor loop, Clock& clock, std::function<void()> changed);
  ~FileWatch();
  FileWatch(const FileWatch&) = delete;
  FileWatch& operator=(const FileWatch&) = delete;

  // From now on these and no others; absolute paths. In `folders` every "*.yaml" counts. Errors:
  // the kernel gives no inotify instance or no more watches (and how to raise the limit).
  Result<void> set_files(const std::vector<std::string>& files,
                         const std::vector<std::string>& folders = {});

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace wirewatch::daemon

#include "daemon/store/commit_queue.h"

#include <algorithm>
#include <chrono>

namespace wirewatch::daemon {
namespace {

// Marks alone say what was sent: nothing in memory rests on them, so nobody has to recover.
bool decides(const Commit& commit) {
  return !commit.feeds.empty() || !commit.items.empty() || !commit.documents.empty() ||
         !commit.alerts.empty() || !commit.deliveries.empty();
}

}  // namespace

CommitQueue::CommitQueue(std::size_t group, Apply apply, After after)
    : group_(std::max<std::size_t>(group, 1)),
      apply_(std::move(apply)),
      after_(std::move(after)),
      thread_([this] { run(); }) {}

CommitQueue::~CommitQueue() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

std::uint64_t CommitQueue::epoch() const {
  const std::lock_guard lock(mutex_);
  return epoch_;
}

Error CommitQueue::refusal() const {
  return {failure_.kind, "not stored, because a commit before it failed: " + failure_.text};
}

void CommitQueue::push(Commit commit, std::uint64_t epoch, Done done) {
  std::unique_lock lock(mutex_);
  if (failed_ || epoch != epoch_) {
    const Error error = refusal();
    lock.unlock();
    done(error);
    return;
  }
  jobs_.push_back(Job{std::move(commit), {}, std::move(done)});
  lock.unlock();
  wake_.notify_one();
}

void CommitQueue::push(Task task, Done done) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(Job{{}, std::move(task), std::move(done)});
  }
  wake_.notify_one();
}

void CommitQueue::recovered() {
  const std::lock_guard lock(mutex_);
  failed_ = false;
}

StoreStats CommitQueue::stats() const {
  const std::lock_guard lock(mutex_);
  StoreStats stats = stats_;
  stats.queue_depth = jobs_.size();
  stats.failed = failed_;
  return stats;
}

std::vector<CommitQueue::Job> CommitQueue::take() {
  std::unique_lock lock(mutex_);
  wake_.wait(lock, [this] { return closing_ || !jobs_.empty(); });
  std::vector<Job> group;
  while (!jobs_.empty() && group.size() < group_) {
    const bool task = static_cast<bool>(jobs_.front().task);
    if (task && !group.empty()) break;
    group.push_back(std::move(jobs_.front()));
    jobs_.pop_front();
    if (task) break;
  }
  return group;
}

void CommitQueue::run() {
  for (;;) {
    std::vector<Job> group = take();
    if (group.empty()) return;
    if (group.front().task) {
      run_task(std::move(group.front()));
    } else {
      run_group(std::move(group));
    }
  }
}

void CommitQueue::run_task(Job job) {
  job.done(job.task());
}

void CommitQueue::run_group(std::vector<Job> group) {
  std::vector<Commit> commits;
  commits.reserve(group.size());
  for (Job& job : group) commits.push_back(std::move(job.commit));
  const auto start = std::chrono::steady_clock::now();
  const Result<void> result = apply_(commits);
  const auto took = std::chrono::steady_clock::now() - start;

  std::vector<Job> behind;
  bool idle = false;
  {
    const std::lock_guard lock(mutex_);
    idle = jobs_.empty();
    stats_.last_commit = std::chrono::duration_cast<Span>(took);
    if (result) {
      stats_.commits += group.size();
      ++stats_.transactions;
    } else if (std::none_of(commits.begin(), commits.end(), decides)) {
      ++stats_.failures;
    } else {
      ++stats_.failures;
      ++epoch_;
      failed_ = true;
      failure_ = result.error();
      std::deque<Job> tasks;
      for (Job& job : jobs_) {
        if (job.task) {
          tasks.push_back(std::move(job));
        } else {
          behind.push_back(std::move(job));
        }
      }
      jobs_ = std::move(tasks);
    }
  }
  for (const Job& job : group) job.done(result);
  if (result && after_) after_(idle);
  if (behind.empty()) return;
  const Error error{result.error().kind,
                    "not stored, because a commit before it failed: " + result.error().text};
  for (const Job& job : behind) job.done(error);
}

}  // namespace wirewatch::daemon

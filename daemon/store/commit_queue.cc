#include "daemon/store/commit_queue.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

namespace wirewatch::daemon {
namespace {

// Marks alone say what was sent: nothing in memory rests on them, so nobody has to recover.
bool decides(const Commit& commit) {
  return kind_of(commit).decides;
}

// A message is out, and its receiver's next ones are not held up yet: such marks gather for a
// moment, so that a sync, and the way to the writer and back, is for many.
constexpr auto gather_for = std::chrono::milliseconds(2);
constexpr std::size_t gathered = 256;

bool may_gather(const DeliveryMark& mark) {
  return mark.state == DeliveryState::delivered;
}

bool may_gather(const Commit& commit) {
  return commit.marks.size() == 1 && may_gather(commit.marks.front()) &&
         kind_of(commit).marks_alone;
}

}  // namespace

CommitQueue::CommitQueue(std::size_t group, Span later, Apply apply, Answer answer, After after)
    : group_(std::max<std::size_t>(group, 1)),
      later_(later),
      apply_(std::move(apply)),
      answer_(std::move(answer)),
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

void CommitQueue::refuse(Done done) {
  Error error;
  {
    const std::lock_guard lock(mutex_);
    error = refusal();
  }
  std::vector<Done> waiting;
  waiting.push_back(std::move(done));
  answer_(std::move(waiting), std::move(error));
}

Error CommitQueue::refusal() const {
  return {failure_.kind, "not stored, because a commit before it failed: " + failure_.text};
}

void CommitQueue::push(Commit commit, std::uint64_t epoch, Done done) {
  std::unique_lock lock(mutex_);
  if (failed_ || epoch != epoch_) {
    lock.unlock();
    return refuse(std::move(done));
  }
  if (may_gather(commit)) return gather(std::move(commit.marks.front()), std::move(done));
  for (const FeedRow& row : commit.feeds) rows_.erase(row.key);  // which is older
  hurried_ = true;
  Job& job = jobs_.emplace_back();
  job.commit = std::move(commit);
  job.done.push_back(std::move(done));
  lock.unlock();
  wake_.notify_one();
}

void CommitQueue::push(DeliveryMark mark, Done done) {
  std::unique_lock lock(mutex_);
  if (failed_) {
    lock.unlock();
    return refuse(std::move(done));
  }
  gather(std::move(mark), std::move(done));
}

// The writer is woken for the first, and when there are many: it finds the others waiting.
void CommitQueue::gather(DeliveryMark mark, Done done) {
  const bool first = jobs_.empty();
  if (first) jobs_due_ = std::chrono::steady_clock::now() + gather_for;
  const bool joins = !first && jobs_.back().gathers && jobs_.back().done.size() < gathered;
  Job& job = joins ? jobs_.back() : jobs_.emplace_back();
  job.gathers = may_gather(mark);
  hurried_ = hurried_ || !job.gathers;
  job.commit.marks.push_back(std::move(mark));
  job.done.push_back(std::move(done));
  if (first || !job.gathers || job.done.size() == gathered) wake_.notify_one();
}

void CommitQueue::push(Task task, Done done) {
  {
    const std::lock_guard lock(mutex_);
    hurried_ = true;
    Job& job = jobs_.emplace_back();
    job.task = std::move(task);
    job.done.push_back(std::move(done));
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
  for (const Job& job : jobs_) stats.queue_depth += job.done.size();
  stats.failed = failed_;
  return stats;
}

// The writer is woken for the first alone: the others find it waiting for the moment.
void CommitQueue::push_later(FeedRow row) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = rows_.empty();
    if (first) rows_due_ = std::chrono::steady_clock::now() + later_;
    std::string key = row.key;
    rows_.insert_or_assign(std::move(key), std::move(row));
  }
  if (first) wake_.notify_one();
}

bool CommitQueue::jobs_are_due() const {
  if (jobs_.empty()) return false;
  return closing_ || hurried_ || jobs_.front().done.size() >= gathered ||
         std::chrono::steady_clock::now() >= jobs_due_;
}

std::chrono::steady_clock::time_point CommitQueue::wakes_at() const {
  if (rows_.empty()) return jobs_due_;
  return jobs_.empty() ? rows_due_ : std::min(jobs_due_, rows_due_);
}

bool CommitQueue::rows_are_due() const {
  return !rows_.empty() && (closing_ || std::chrono::steady_clock::now() >= rows_due_);
}

CommitQueue::Group CommitQueue::take() {
  std::unique_lock lock(mutex_);
  while (!closing_ && !jobs_are_due() && !rows_are_due()) {
    if (rows_.empty() && jobs_.empty()) {
      wake_.wait(lock);
    } else {
      const auto until = wakes_at();  // a copy: rows and jobs come while the lock is open
      wake_.wait_until(lock, until);
    }
  }
  Group group;
  take_jobs(group.jobs);
  hurried_ = !jobs_.empty();  // what is left has waited
  const bool task = !group.jobs.empty() && group.jobs.front().task;
  if (!task) group.rows = std::exchange(rows_, {});
  return group;
}

void CommitQueue::take_jobs(std::vector<Job>& jobs) {
  while (!jobs_.empty() && jobs.size() < group_) {
    const bool task = static_cast<bool>(jobs_.front().task);
    if (task && !jobs.empty()) break;
    jobs.push_back(std::move(jobs_.front()));
    jobs_.pop_front();
    if (task) break;
  }
}

void CommitQueue::run() {
  for (;;) {
    Group group = take();
    if (group.jobs.empty() && group.rows.empty()) return;
    if (!group.jobs.empty() && group.jobs.front().task) {
      run_task(std::move(group.jobs.front()));
    } else {
      run_group(std::move(group));
    }
  }
}

void CommitQueue::run_task(Job job) {
  Result<void> result;
  try {
    result = job.task();
  } catch (const std::exception& failure) {  // else it would end the process
    result = Error{ErrorKind::internal, std::string("the store: ") + failure.what()};
  }
  answer_(std::move(job.done), result);
  if (result && after_) after_();
}

void CommitQueue::run_group(Group taken) {
  std::vector<Job>& group = taken.jobs;
  std::vector<Commit> commits;
  commits.reserve(group.size() + 1);
  // First, so that what a commit says of the same feed stands.
  if (!taken.rows.empty()) {
    Commit learned;
    for (const auto& [key, row] : taken.rows) learned.feeds.push_back(row);
    commits.push_back(std::move(learned));
  }
  const std::size_t first = commits.size();
  std::vector<Done> waiting;
  waiting.reserve(group.size());
  for (Job& job : group) {
    commits.push_back(std::move(job.commit));
    std::move(job.done.begin(), job.done.end(), std::back_inserter(waiting));
  }
  const auto start = std::chrono::steady_clock::now();
  const Result<void> result = apply_(commits);
  const auto took = std::chrono::steady_clock::now() - start;

  std::vector<Done> behind;
  std::optional<Error> refused;
  {
    const std::lock_guard lock(mutex_);
    stats_.last_commit = std::chrono::duration_cast<Span>(took);
    if (result) {
      stats_.commits += waiting.size();
      ++stats_.transactions;
      rows_failed_ = false;
    } else {
      ++stats_.failures;
      put_back(std::move(taken.rows), result.error());
      const auto begin = commits.begin() + static_cast<std::ptrdiff_t>(first);
      if (std::any_of(begin, commits.end(), decides)) {
        behind = fail(result.error());
        refused = refusal();
      }
    }
  }
  answer_(std::move(waiting), result);
  if (result && after_) after_();
  if (!behind.empty()) answer_(std::move(behind), *refused);
}

// Who waits for what was queued behind a failed decision; tasks stay.
std::vector<CommitQueue::Done> CommitQueue::fail(const Error& error) {
  ++epoch_;
  failed_ = true;
  failure_ = error;
  std::vector<Done> behind;
  std::deque<Job> tasks;
  for (Job& job : jobs_) {
    if (job.task) {
      tasks.push_back(std::move(job));
    } else {
      std::move(job.done.begin(), job.done.end(), std::back_inserter(behind));
    }
  }
  jobs_ = std::move(tasks);
  return behind;
}

// They wait for the next group, or half a minute. What came meanwhile is newer.
void CommitQueue::put_back(FeedRows rows, const Error& error) {
  if (rows.empty() || closing_) return;
  constexpr auto again_after = std::chrono::seconds(30);
  rows.merge(rows_);
  for (auto& [key, row] : rows_) rows[key] = std::move(row);
  rows_ = std::move(rows);
  rows_due_ = std::chrono::steady_clock::now() + again_after;
  if (!std::exchange(rows_failed_, true)) {
    spdlog::error("what {} polls learned is not stored yet: {}", rows_.size(), error.text);
  }
}

}  // namespace wirewatch::daemon

// stream: queues of work
#include "stream.h"

uint64_t Queue::push(Work work) {
  std::lock_guard<std::mutex> lock(mutex_);
  work_.push_back(std::move(work));
  if (!isStarted_) {
    isStarted_ = true;
    std::thread([self = shared_from_this()] { self->run(); }).detach();
  }
  ready_.notify_one();
  return ++pushed_;
}

void Queue::run() {
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    ready_.wait(lock, [&] { return isClosed_ || !work_.empty(); });
    if (work_.empty()) return;
    {
      Work work = std::move(work_.front());
      work_.pop_front();
      lock.unlock();
      work();
    }
    lock.lock();
    finished_++;
    done_.notify_all();
  }
}

void Queue::wait(uint64_t number) {
  std::unique_lock<std::mutex> lock(mutex_);
  done_.wait(lock, [&] { return finished_ >= number; });
}
bool Queue::isDone(uint64_t number) {
  std::lock_guard<std::mutex> lock(mutex_);
  return finished_ >= number;
}
uint64_t Queue::last() {
  std::lock_guard<std::mutex> lock(mutex_);
  return pushed_;
}
void Queue::waitAll() { wait(last()); }
void Queue::close() {
  std::lock_guard<std::mutex> lock(mutex_);
  isClosed_ = true;
  ready_.notify_one();
}

void openDefaultStreams(Context& context) {
  const auto open = [&](bool isLegacy) {
    auto* stream = new Stream();
    stream->context = &context;
    stream->isLegacy = isLegacy;
    return handles<Stream>().add(stream);
  };
  context.legacy = open(true);
  context.perThread = open(false);
}

Stream* streamOf(Context& context, void* handle) {
  if (handle == nullptr || handle == (void*)1) return context.legacy;
  if (handle == (void*)2) return context.perThread;
  return handles<Stream>().has(handle) ? (Stream*)handle : nullptr;
}

uint64_t enqueueAlways(Stream& stream, Work work) {
  // What must be done before: (queue, number) of the streams that this one waits for.
  std::vector<std::pair<std::shared_ptr<Queue>, uint64_t>> before;
  const auto follow = [&](Stream* other) {
    const uint64_t last = other->queue->last();
    if (!other->queue->isDone(last)) before.emplace_back(other->queue, last);
  };
  if (stream.isLegacy) {
    handles<Stream>().forEach([&](Stream* other) {
      if (other->context == stream.context && other->isBlocking && other != &stream) follow(other);
    });
  } else if (stream.isBlocking) follow(stream.context->legacy);
  if (before.empty()) return stream.queue->push(std::move(work));
  return stream.queue->push([before = std::move(before), work = std::move(work)] {
    for (const auto& [queue, number] : before) queue->wait(number);
    work();
  });
}

uint64_t enqueue(Stream& stream, Work work) {
  Context* context = stream.context;
  return enqueueAlways(stream, [context, work = std::move(work)] { if (!context->sticky) work(); });
}

void synchronize(Context& context) {
  std::vector<std::shared_ptr<Queue>> queues;
  handles<Stream>().forEach([&](Stream* stream) { if (stream->context == &context) queues.push_back(stream->queue); });
  for (const auto& queue : queues) queue->waitAll();
}

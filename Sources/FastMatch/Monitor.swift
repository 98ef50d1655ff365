import Glibc

/// A lock with a signal, as POSIX has them.
package final class Monitor: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let signal = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  package init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(signal, nil)
  }

  deinit {
    pthread_cond_destroy(signal)
    pthread_mutex_destroy(mutex)
    signal.deallocate()
    mutex.deallocate()
  }

  package func locked<Result>(_ work: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return work()
  }

  /// Gives the lock away until another thread signals; called with the lock held.
  func wait() { pthread_cond_wait(signal, mutex) }

  func wakeAll() { pthread_cond_broadcast(signal) }
}

/// A thread that runs one piece of work.
package final class Worker {
  private var thread = pthread_t()
  private let isStarted: Bool

  /// Starts; where the system has no more threads, nothing is run.
  package init(_ work: @escaping @Sendable () -> Void) {
    let box = Unmanaged.passRetained(Box(work))
    let code = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work()
        return nil
      }, box.toOpaque())
    isStarted = code == 0
    if !isStarted { box.release() }
  }

  package func join() { if isStarted { pthread_join(thread, nil) } }

  private final class Box: Sendable {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }
}

import CaseTesting
import Foundation

/// A wall clock of a machine's own, which a test sets: the kernel has one for all machines, in namespaces, too. A library that is loaded before
/// others stands between a program and the kernel.
struct OffsetClock {
    private static let compiler = "/usr/bin/env"
    static let isThere = (try? Program(compiler, ["clang", "--version"]).status) == 0

    private static let source = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdint.h>
        #include <stdlib.h>
        #include <sys/mman.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <sys/timerfd.h>
        #include <time.h>
        #include <unistd.h>

        static const volatile int64_t *seconds;
        static char shows_wall_time[1024];

        __attribute__((constructor)) static void begin(void) {
            int file = open(getenv("OFFSET_CLOCK"), O_RDONLY | O_CLOEXEC);
            seconds = mmap(NULL, sizeof *seconds, PROT_READ, MAP_SHARED, file, 0);
            if (seconds == MAP_FAILED) abort();
            close(file);
        }
        static int is_wall(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE; }
        int clock_gettime(clockid_t clock, struct timespec *time) {
            int result = syscall(SYS_clock_gettime, clock, time);
            if (result == 0 && is_wall(clock)) time->tv_sec += *seconds;
            return result;
        }
        int gettimeofday(struct timeval *restrict time, void *restrict zone) {
            int result = syscall(SYS_gettimeofday, time, zone);
            if (result == 0) time->tv_sec += *seconds;
            return result;
        }
        time_t time(time_t *place) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (place) *place = now.tv_sec;
            return now.tv_sec;
        }
        int timerfd_create(clockid_t clock, int flags) {
            int timer = syscall(SYS_timerfd_create, clock, flags);
            if (timer >= 0 && timer < 1024) shows_wall_time[timer] = is_wall(clock);
            return timer;
        }
        int timerfd_settime(int timer, int flags, const struct itimerspec *wanted, struct itimerspec *former) {
            struct itimerspec shifted = *wanted;
            int is_shifted = timer < 1024 && shows_wall_time[timer] && flags & TFD_TIMER_ABSTIME;
            if (is_shifted && shifted.it_value.tv_sec > *seconds) shifted.it_value.tv_sec -= *seconds;
            return syscall(SYS_timerfd_settime, timer, flags, &shifted, former);
        }
        """

    private let library: String
    private let folder: String

    /// Makes what programs load.
    init(in folder: String) throws {
        (library, self.folder) = ("\(folder)/clock.so", folder)
        let words = ["clang", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-x", "c", "-o", library, "-"]
        let made = try Program(OffsetClock.compiler, words, input: OffsetClock.source)
        guard made.status == 0 else { throw Namespaces.Failed(description: "the clock cannot be made: \(made.errors)") }
    }

    /// What a program on a machine is to find among its variables.
    func environment(on machine: String) -> [String: String] {
        ["LD_PRELOAD": library, "OFFSET_CLOCK": path(machine)]
    }

    /// How many seconds the clock of a machine is ahead.
    func set(_ machine: String, aheadBy seconds: Int64) throws {
        if !FileManager.default.fileExists(atPath: path(machine)) { try Data(count: 8).write(to: URL(fileURLWithPath: path(machine))) }
        // In its place: programs look there all the while.
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path(machine)))
        try file.write(contentsOf: withUnsafeBytes(of: seconds) { Data($0) })
        try file.close()
    }

    private func path(_ machine: String) -> String {
        "\(folder)/\(machine)/clock"
    }
}

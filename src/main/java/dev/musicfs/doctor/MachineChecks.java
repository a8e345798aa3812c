package dev.musicfs.doctor;

import dev.musicfs.config.MusicFsConfig;
import dev.musicfs.runtime.Deadline;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the machine has to have, whatever is mounted. Reads below {@code root} only, which is {@code /} but in tests. */
final class MachineChecks {
    private static final int LEAST_JAVA = 17;
    private static final long WANTED_DESCRIPTORS = 4_096;
    private static final long LEAST_DESCRIPTORS = 512;
    private static final long WANTED_THREADS = 256;
    private static final long WANTED_MEMORY_BYTES = 512L << 20;
    private static final int SETUID = 04000;
    /** What is not counted by then is not counted: a hint is not worth more. */
    private static final Duration COUNTING = Duration.ofSeconds(3);

    private static final List<String> LIBRARY_DIRECTORIES = List.of(
            "lib",
            "lib64",
            "usr/lib",
            "usr/lib64",
            "usr/local/lib",
            "lib/x86_64-linux-gnu",
            "usr/lib/x86_64-linux-gnu",
            "lib/aarch64-linux-gnu",
            "usr/lib/aarch64-linux-gnu",
            "usr/lib/arm-linux-gnueabihf",
            "lib/arm-linux-gnueabihf");

    private final Path root;
    private final MusicFsConfig config;
    private final boolean superuser;
    private final String searchPath;

    MachineChecks(Path root, MusicFsConfig config, boolean superuser, String searchPath) {
        this.root = root;
        this.config = config;
        this.superuser = superuser;
        this.searchPath = searchPath;
    }

    List<Check> all() {
        return List.of(
                Check.of("java", this::java),
                Check.of("/dev/fuse", this::device),
                Check.of("libfuse", this::library),
                Check.of("fusermount", this::fusermount),
                Check.of("fuse.conf", this::othersLetIn),
                Check.of("apparmor", this::apparmor),
                Check.of("descriptors", this::descriptors),
                Check.of("threads", this::threads),
                Check.of("inotify", this::watches),
                Check.of("memory", this::memory));
    }

    private Finding java() {
        int version = Runtime.version().feature();
        return version >= LEAST_JAVA
                ? Finding.ok("java", "Java " + Runtime.version() + ".")
                : Finding.broken("java", "Java " + Runtime.version() + " is too old.", "Install Java 17 or newer.");
    }

    private Finding device() {
        Path device = root.resolve("dev/fuse");
        if (Files.notExists(device)) {
            return Finding.broken(
                    "/dev/fuse",
                    "/dev/fuse does not exist.",
                    "Load the kernel module (modprobe fuse), or pass the device into the container (--device /dev/fuse).");
        }
        return Files.isReadable(device) && Files.isWritable(device)
                ? Finding.ok("/dev/fuse", "/dev/fuse can be opened.")
                : Finding.broken(
                        "/dev/fuse",
                        "/dev/fuse cannot be opened by this user.",
                        "Make it readable and writable for everybody (chmod 666 /dev/fuse), or add the user to its group.");
    }

    private Finding library() throws IOException {
        for (String directory : LIBRARY_DIRECTORIES) {
            Path place = root.resolve(directory);
            if (Files.isDirectory(place)) {
                try (Stream<Path> files = Files.list(place)) {
                    Optional<Path> found = files.filter(
                                    file -> file.getFileName().toString().startsWith("libfuse.so.2"))
                            .findFirst();
                    if (found.isPresent()) {
                        return Finding.ok("libfuse", "libfuse 2 is there: /" + root.relativize(found.get()) + ".");
                    }
                }
            }
        }
        return Finding.broken(
                "libfuse", "libfuse.so.2 was not found.", "Install it: apt-get install libfuse2 (or libfuse2t64).");
    }

    private Finding fusermount() throws IOException {
        for (String directory : searchPath.split(":", -1)) {
            // libfuse 2 calls it by this name, whichever version it is.
            Path program = root.resolve(directory.replaceFirst("^/+", "")).resolve("fusermount");
            if (!directory.isEmpty() && Files.isExecutable(program)) {
                return mayMount(program);
            }
        }
        return superuser
                ? Finding.note("fusermount", "There is no fusermount, which root can do without.")
                : Finding.broken("fusermount", "There is no fusermount.", "Install it: apt-get install fuse3.");
    }

    private Finding mayMount(Path program) throws IOException {
        String name = "/" + root.relativize(program);
        boolean setuid = ((Integer) Files.getAttribute(program, "unix:mode") & SETUID) != 0
                && "root"
                        .equals(Files.readAttributes(program, PosixFileAttributes.class)
                                .owner()
                                .getName());
        return setuid || superuser
                ? Finding.ok("fusermount", name + " is there.")
                : Finding.broken(
                        "fusermount",
                        name + " is not setuid root.",
                        "Run: chown root " + name + " && chmod u+s " + name);
    }

    private Finding othersLetIn() throws IOException {
        boolean allowed = lines("etc/fuse.conf").anyMatch(line -> line.strip().equals("user_allow_other"));
        if (superuser || !config.fuse().allowOther()) {
            return Finding.ok(
                    "fuse.conf",
                    superuser
                            ? "A mount of root's lets everybody in."
                            : "fuse.allow_other is off: only this user sees the mount.");
        }
        return allowed
                ? Finding.ok("fuse.conf", "/etc/fuse.conf has user_allow_other.")
                : Finding.broken(
                        "fuse.conf",
                        "fuse.allow_other is set and /etc/fuse.conf does not allow it.",
                        "Add a line user_allow_other to /etc/fuse.conf.");
    }

    /** Ubuntu 24.04 and later confine fusermount3 to mountpoints below a few directories. */
    private Finding apparmor() {
        Path profile = root.resolve("etc/apparmor.d/fusermount3");
        if (Files.notExists(profile) || superuser) {
            return Finding.ok("apparmor", "No profile limits where fusermount may mount.");
        }
        String mountPoint = config.mountPoint().map(Path::toString).orElse("");
        boolean usual = Stream.of("/home/", "/mnt/", "/media/", "/tmp/", "/run/user/", "/cvmfs/")
                .anyMatch(mountPoint::startsWith);
        return usual || mountPoint.isEmpty()
                ? Finding.note(
                        "apparmor",
                        "A profile of AppArmor limits fusermount3 to mountpoints below /home, /mnt, /media and the like.")
                : Finding.warning(
                        "apparmor",
                        "A profile of AppArmor may keep fusermount3 from mounting on " + mountPoint + ".",
                        "Mount below /mnt, or allow the place in /etc/apparmor.d/local/fusermount3 and reload AppArmor.");
    }

    private Finding descriptors() throws IOException {
        long soft = limit("Max open files", 1).orElse(Long.MAX_VALUE);
        // The JVM raises its soft limit to the hard one.
        long most = Math.max(soft, limit("Max open files", 2).orElse(Long.MAX_VALUE));
        String found = most == Long.MAX_VALUE ? "Any number of files" : most + " files";
        if (most >= WANTED_DESCRIPTORS) {
            return Finding.ok("descriptors", found + " may be open at a time.");
        }
        String remedy = "Raise it: LimitNOFILE=65536 in the unit, or ulimit -n 65536.";
        return most < LEAST_DESCRIPTORS
                ? Finding.broken("descriptors", found + " may be open at a time, which is too few.", remedy)
                : Finding.warning("descriptors", found + " may be open at a time.", remedy);
    }

    private Finding threads() throws IOException {
        long processes = superuser ? Long.MAX_VALUE : limit("Max processes", 1).orElse(Long.MAX_VALUE);
        long tasks = number(lines("sys/fs/cgroup/pids.max").findFirst()).orElse(Long.MAX_VALUE);
        long most = Math.min(processes, tasks);
        return most >= WANTED_THREADS
                ? Finding.ok("threads", "There may be threads enough.")
                : Finding.broken(
                        "threads",
                        "There may be " + most + " threads and processes at a time, which is too few.",
                        "Raise it: TasksMax=1024 in the unit, or ulimit -u.");
    }

    private Finding watches() throws IOException {
        OptionalLong instances =
                number(lines("proc/sys/fs/inotify/max_user_instances").findFirst());
        OptionalLong watches =
                number(lines("proc/sys/fs/inotify/max_user_watches").findFirst());
        if (watches.isEmpty() || instances.isEmpty()) {
            return Finding.warning(
                    "inotify", "The kernel has no inotify.", "Nothing has to be done: local origins are polled.");
        }
        long directories = 0;
        for (Path origin : localOrigins()) {
            directories += directoriesBelow(origin, watches.getAsLong() + 1 - directories);
        }
        String remedy = "Raise it: sysctl fs.inotify.max_user_watches=" + Math.max(524_288, 2 * directories)
                + "; without, origins are polled.";
        if (directories > watches.getAsLong()) {
            return Finding.warning(
                    "inotify",
                    "The local origins have more directories than the " + watches.getAsLong()
                            + " that a user may watch.",
                    remedy);
        }
        return Finding.ok(
                "inotify",
                watches.getAsLong() + " directories may be watched, and the local origins have " + directories
                        + " or more.");
    }

    private List<Path> localOrigins() {
        return config.enabledOrigins().stream()
                .filter(origin -> origin.type().name().equals("local"))
                .flatMap(origin -> origin.directory().stream())
                .filter(Files::isDirectory)
                .toList();
    }

    private static long directoriesBelow(Path origin, long most) throws IOException {
        Deadline end = Deadline.in(COUNTING);
        try (Stream<Path> all = Files.walk(origin)) {
            return all.takeWhile(each -> !end.expired())
                    .filter(Files::isDirectory)
                    .limit(Math.max(0, most))
                    .count();
        } catch (java.io.UncheckedIOException e) {
            return 0; // A part of it cannot be read; the check of the origins says so.
        }
    }

    private Finding memory() throws IOException {
        long limit = number(lines("sys/fs/cgroup/memory.max").findFirst()).orElse(Long.MAX_VALUE);
        return limit >= WANTED_MEMORY_BYTES
                ? Finding.ok("memory", "There is no limit of memory below " + (WANTED_MEMORY_BYTES >> 20) + " MiB.")
                : Finding.warning(
                        "memory",
                        "The control group allows " + (limit >> 20) + " MiB.",
                        "Allow 512 MiB (MemoryMax= in the unit, --memory of the container), or start Java with a smaller -Xmx.");
    }

    /** Field 1 is the soft limit, 2 the hard one; empty when it is unlimited or not told. */
    private OptionalLong limit(String name, int field) throws IOException {
        Pattern line = Pattern.compile(Pattern.quote(name) + "\\s+(\\S+)\\s+(\\S+).*");
        return number(lines("proc/self/limits")
                .map(line::matcher)
                .filter(Matcher::matches)
                .map(matcher -> matcher.group(field))
                .findFirst());
    }

    private static OptionalLong number(Optional<String> text) {
        return text.map(String::strip)
                        .filter(each -> each.matches("[0-9]{1,18}"))
                        .isPresent()
                ? OptionalLong.of(Long.parseLong(text.get().strip()))
                : OptionalLong.empty();
    }

    private Stream<String> lines(String file) throws IOException {
        Path path = root.resolve(file);
        if (!Files.isReadable(path)) {
            return Stream.empty();
        }
        // Not Files.readString: it begins with one byte, and the kernel gives a number of sysctl's in one read or not.
        try (BufferedReader reader = Files.newBufferedReader(path, StandardCharsets.ISO_8859_1)) {
            return reader.lines().toList().stream();
        }
    }
}

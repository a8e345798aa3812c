package dev.musicfs.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The pages the kernel keeps of a mount's files, which it gives to readers without asking the daemon: to see what the
 * daemon gives, a test drops them first or reads past them.
 */
public final class KernelPages {
    private static final int ALIGNMENT = 4096;
    private static final int PIECE_BYTES = 128 * 1024;

    /** Drops the pages of the files that follow, as often as it takes: those that are being filled stay. */
    private static final String DROP =
            """
            import os, subprocess, sys, time
            files = [os.path.join(d, f) for root in sys.argv[1:] for d, _, fs in os.walk(root) for f in fs] \
                or sys.argv[1:]
            for attempt in range(200):
                for name in files:
                    fd = os.open(name, os.O_RDONLY)
                    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
                    os.close(fd)
                left = subprocess.run(['fincore', '-b', '-n', '-r', '-o', 'PAGES'] + files,
                                      capture_output=True, text=True).stdout.split()
                if len(left) == len(files) and not any(int(pages) for pages in left): sys.exit(0)
                time.sleep(0.02)
            sys.exit('pages are left: %s' % left)
            """;

    /** Compares ranges of two files, the first of them read as exactly these ranges, and prints those that differ. */
    private static final String COMPARE =
            """
            import os, sys
            shown = os.open(sys.argv[1], os.O_RDONLY | os.O_DIRECT)
            with open(sys.argv[2], 'rb') as file: original = file.read()
            for each in sys.argv[3:]:
                at, length = map(int, each.split('+'))
                got = os.pread(shown, length, at)
                if got != original[at:at + length]: print('%s: %d bytes' % (each, len(got)))
            print('compared %d' % len(sys.argv[3:]))
            """;

    private KernelPages() {}

    /**
     * Drops those of a file, or of all files below a directory.
     *
     * @throws UncheckedIOException when a file cannot be opened, or when pages are left all the same
     */
    public static void drop(Path root) {
        drop(List.of(root));
    }

    /** The same of several files. */
    public static void drop(List<Path> files) {
        python(DROP, files.stream().map(Path::toString).toList());
    }

    /**
     * Which of these ranges, each {@code OFFSET+LENGTH}, are read otherwise from {@code shown} than from the original, be
     * it in their length or their bytes. The daemon is asked for these ranges and no others.
     *
     * @throws UncheckedIOException when a read fails
     */
    public static List<String> differences(Path shown, Path original, List<String> ranges) {
        List<String> arguments = new ArrayList<>(List.of(shown.toString(), original.toString()));
        arguments.addAll(ranges);
        List<String> lines = new ArrayList<>(python(COMPARE, arguments).lines().toList());
        String last = lines.remove(lines.size() - 1);
        if (ranges.isEmpty() || !last.equals("compared " + ranges.size())) {
            throw new IllegalStateException("not all were compared: " + last);
        }
        return lines;
    }

    /** The SHA-256 of a file in hexadecimal digits, read from its start to its end past the kernel's pages. */
    public static String sha256PastThem(Path file) {
        try (FileChannel in =
                FileChannel.open(file, StandardOpenOption.READ, com.sun.nio.file.ExtendedOpenOption.DIRECT)) {
            return Trees.sha256(into -> {
                ByteBuffer piece =
                        ByteBuffer.allocateDirect(PIECE_BYTES + ALIGNMENT).alignedSlice(ALIGNMENT);
                // Where a short read ends no further one may begin.
                for (int n = PIECE_BYTES; n == PIECE_BYTES; ) {
                    n = in.read(piece.clear().limit(PIECE_BYTES));
                    into.update(piece.flip());
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String python(String script, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("python3", "-c", script));
        command.addAll(arguments);
        try {
            Shell done = Shell.run(command);
            if (done.exitCode() != 0) {
                throw new UncheckedIOException(new IOException(done.output()));
            }
            return done.output();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("python was interrupted", e);
        }
    }
}
